import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from cluster_app.lib import triggers
from cluster_app.lib.triggers import Trigger
from members.models import Cluster
from tests.factories.members import ClusterFactory

pytestmark = pytest.mark.django_db

EVERY = [
    "approval_no_delete",
    "approval_only_revoked",
    "audit_event_no_delete",
    "audit_event_no_update",
    "criteria_set_frozen",
    "criteria_set_no_delete",
    "criterion_frozen_delete",
    "criterion_frozen_insert",
    "criterion_frozen_update",
    "criterion_level_frozen_delete",
    "criterion_level_frozen_insert",
    "criterion_level_frozen_update",
    "delegation_no_delete",
    "delegation_only_ended",
    "document_number_follows",
    "document_number_kept",
    "document_number_settled",
    "evidence_frozen_delete",
    "evidence_frozen_insert",
    "evidence_frozen_update",
    "evidence_kept_delete",
    "evidence_kept_update",
    "issued_document_frozen",
    "issued_document_kept",
    "line_record_frozen_delete",
    "line_record_frozen_insert",
    "line_record_frozen_update",
    "number_register_grows",
    "number_register_kept",
    "objection_frozen_delete",
    "objection_frozen_insert",
    "objection_frozen_update",
    "objection_kept_delete",
    "objection_kept_update",
    "objection_message_frozen_insert",
    "objection_message_kept_delete",
    "objection_message_kept_update",
    "scorecard_frozen_delete",
    "scorecard_frozen_update",
    "scoreline_frozen_delete",
    "scoreline_frozen_insert",
    "scoreline_frozen_update",
    "signed_paper_frozen_insert",
    "signed_paper_kept_delete",
    "signed_paper_kept_update",
    "source_rule_frozen_delete",
    "source_rule_frozen_insert",
    "source_rule_frozen_update",
    "stored_file_no_delete",
    "stored_file_no_update",
    "submission_frozen_insert",
    "submission_kept_delete",
    "submission_kept_update",
]
STATEMENTS = {
    "INSERT": lambda: ClusterFactory(slug="moi", province="Cấm"),
    "UPDATE": lambda: Cluster.objects.update(province="Cấm"),
    "DELETE": lambda: Cluster.objects.all().delete(),
}


@pytest.fixture
def register():
    """Registers triggers for one test; the transaction takes back what it installs."""
    before = dict(triggers._registered)
    yield triggers.register
    triggers._registered.clear()
    triggers._registered.update(before)


def test_these_triggers_are_registered_and_installed():
    assert [trigger.name for trigger in triggers.registered()] == EVERY
    assert triggers.missing(connection) == []


def test_dropped_triggers_are_named_as_missing():
    triggers.drop_all(connection)

    assert triggers.missing(connection) == EVERY


def test_install_puts_back_what_was_dropped():
    triggers.drop_all(connection)

    triggers.install_all(connection)

    assert triggers.missing(connection) == []


def test_install_and_drop_may_be_repeated():
    for _time in range(2):
        triggers.install_all(connection)
    for _time in range(2):
        triggers.drop_all(connection)

    assert triggers.missing(connection) == EVERY


def test_migrate_installs_what_is_missing():
    triggers.drop_all(connection)

    call_command("migrate", verbosity=0, interactive=False)

    assert triggers.missing(connection) == []


def test_trigger_of_a_table_that_does_not_exist_yet_waits_for_it(register):
    register(Trigger("of_no_table", "members_nothing", "DELETE", "(1 = 1)", "kept"))

    triggers.install_all(connection)
    triggers.drop_all(connection)
    triggers.install_all(connection)

    assert triggers.missing(connection) == ["of_no_table"]


@pytest.mark.parametrize("event", STATEMENTS)
def test_trigger_refuses_its_event_as_an_integrity_error_until_it_is_dropped(register, event):
    ClusterFactory(slug="cu")
    register(Trigger("cluster_test", "members_cluster", event, "(1 = 1)", "clusters are frozen"))
    triggers.install_all(connection)

    with pytest.raises(IntegrityError, match="clusters are frozen"), transaction.atomic():
        STATEMENTS[event]()
    assert [(cluster.slug, cluster.province) for cluster in Cluster.objects.all()] == [("cu", "Lạng Sơn")]

    triggers.drop_all(connection)
    STATEMENTS[event]()


@pytest.mark.parametrize("event", STATEMENTS)
def test_trigger_lets_other_events_and_other_rows_pass(register, event):
    ClusterFactory(slug="cu")
    row = "OLD" if event == "DELETE" else "NEW"
    register(Trigger("cluster_test", "members_cluster", event, f"{row}.slug = 'khac'", "clusters are frozen"))
    triggers.install_all(connection)

    for act in STATEMENTS.values():
        act()

    assert not Cluster.objects.exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no INSERT OR REPLACE")
def test_replacing_a_row_asks_the_trigger_on_its_deletion(register):
    ClusterFactory(slug="cu")
    register(Trigger("cluster_test", "members_cluster", "DELETE", "(1 = 1)", "clusters are kept"))
    triggers.install_all(connection)

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="clusters are kept"):
        cursor.execute("INSERT OR REPLACE INTO members_cluster SELECT * FROM members_cluster")
