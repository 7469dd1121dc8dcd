import pytest

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import Refused, WrongState
from members.enums import Phase
from members.models import Cluster, Membership
from members.services import records
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def test_save_of_a_new_row_is_in_the_log():
    world = two_clusters()
    cluster = Cluster(slug="cum-moi", name="Cụm mới", province="Lạng Sơn")

    saved = records.save(instance=cluster, changed=["slug", "name"], by=world.administrator, at=NOW)

    event = AuditEvent.objects.first()
    assert (event.verb, event.object_key) == ("cluster.create", f"members.cluster:{saved.pk}")


def test_save_takes_the_changed_columns_and_leaves_the_rest_as_it_is_by_now():
    world = two_clusters()
    stale = Membership.objects.select_related("year__cluster").get(pk=world.member.pk)
    Membership.objects.filter(pk=stale.pk).update(short_name="Tên mới hơn")
    stale.name = "Tên trong năm"

    records.save(instance=stale, changed=["name"], by=world.secretariat, at=NOW, year=stale.year)

    current = Membership.objects.get(pk=stale.pk)
    assert (current.name, current.short_name) == ("Tên trong năm", "Tên mới hơn")
    assert verification.verify().problem == ""


def test_save_in_an_archived_year_is_a_wrong_state():
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        records.save(instance=world.member, changed=["name"], by=world.secretariat, at=NOW, year=world.year)


def test_save_that_is_refused_leaves_no_event():
    world = two_clusters()
    events = AuditEvent.objects.count()

    with pytest.raises(Refused):
        records.save(instance=Cluster(slug="cum-a", name="X", province="X"), changed=[], by=world.administrator, at=NOW)

    assert AuditEvent.objects.count() == events
