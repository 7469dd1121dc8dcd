"""Whoever changes the database behind the application's back is found, and the row and its column are named."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation

from awards.models import Commendation, Decision, PledgeSignature
from cluster_app.audit import log
from cluster_app.audit.log import seal
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of, protected
from cluster_app.audit.verification import verify
from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib import triggers
from members.enums import Phase
from members.models import EmulationYear, Membership
from scoring.enums import CardStatus
from scoring.models import Approval, Publication, Scorecard, ScoreLine
from tests.cluster_app import sample_documents
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    DecisionFactory,
    PledgeFactory,
    PledgeSignatureFactory,
)
from tests.factories.members import ClusterFactory, EmulationYearFactory, MembershipFactory, ResolutionFactory
from tests.factories.scoring import (
    ApprovalFactory,
    CriteriaSetFactory,
    PublicationFactory,
    ScorecardFactory,
    put_into_log,
)
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db

PROTECTED = [
    EmulationYear,
    Membership,
    Commendation,
    Decision,
    PledgeSignature,
    Scorecard,
    ScoreLine,
    Approval,
    Publication,
    IssuedDocument,
]
COLUMNS = [
    (model, field.attname) for model in PROTECTED for field in model._meta.concrete_fields if not field.primary_key
]


class Records:
    """A year with one row of every protected table, two drafts beside them, and a log that says so.

    The rows carry reasons, so that no constraint on a missing reason keeps a changed cell out.
    """

    def __init__(self):
        world = two_clusters(unit_count=6, phase=Phase.REVIEWING)
        self.world = world
        world.member.standing_reason = "Đã xem xét"
        world.member.save()
        self.submitted = ScorecardFactory(membership=world.members[2], submitted=True)
        self.reviewed = ScorecardFactory(membership=world.members[3], reviewed=True)
        self.approved = ScorecardFactory(membership=world.members[4], approved=True)
        self.returned = ScorecardFactory(membership=world.members[1], returned=True)
        self.draft = ScorecardFactory(membership=world.members[0], filled=True)
        self.decision, other_decision = (DecisionFactory(cluster=world.cluster) for _place in range(2))
        self.commendation = CommendationFactory(
            membership=world.member, decision=self.decision, confirmed=True, revoked_reason="Đã xem xét"
        )
        self.signature = PledgeSignatureFactory(membership=world.member, pledge__year=world.year)
        self.approval = ApprovalFactory(
            scorecard=self.submitted, revoked_at=NOW, revoked_by=world.deputy_signatory, revoked_reason="Đã xem xét"
        )
        self.publication = PublicationFactory(year=world.year, withdrawn_at=NOW, withdrawn_reason="Đã xem xét")
        self.document = issuing.withdraw(issued=self._issue(year=2021), reason="Đã xem xét", by=world.signatory, at=NOW)
        self.line = self.submitted.lines.order_by("pk").first()
        self.line.not_assigned_reason = "Đã xem xét"
        self.line.save()
        self._make_targets_of_foreign_keys(world)
        log.append(
            by=None,
            at=NOW,
            verb="scenario.records",
            thing=world.year,
            rows=[
                world.member,
                self.decision,
                other_decision,
                self.commendation,
                self.signature,
                self.publication,
                self.document,
            ],
        )
        put_into_log(self.submitted, self.reviewed, self.approved, self.returned)

    def _issue(self, year):
        return issuing.issue(
            document=sample_documents.pledge(),
            kind=DocumentKind.PLEDGE,
            cluster_key=self.world.cluster.slug,
            year=year,
            by=self.world.signatory,
            at=NOW,
        )

    def _make_targets_of_foreign_keys(self, world):
        """Rows of tables that the log does not vouch for; every foreign key has another one to point to."""
        ClusterFactory()
        AwardFormFactory()
        CampaignFactory(year=world.year)
        PledgeFactory(year=world.foreign.year)
        ResolutionFactory(meeting__year=world.year)
        ScorecardFactory(membership=world.foreign.leader)
        empty_set = CriteriaSetFactory(year=world.foreign.year, version=2)
        Scorecard.objects.create(membership=world.foreign.deputy, criteria_set=empty_set)

    def row_of(self, model):
        return {
            EmulationYear: self.world.year,
            Membership: self.world.member,
            Commendation: self.commendation,
            Decision: self.decision,
            PledgeSignature: self.signature,
            Scorecard: self.approved,
            ScoreLine: self.line,
            Approval: self.approval,
            Publication: self.publication,
            IssuedDocument: self.document,
        }[model]

    def unlogged(self, model):
        """One more row of the table, which no event mentions."""
        world = self.world
        group = self.submitted.criteria_set.criteria.get(code="A")
        return {
            EmulationYear: lambda: EmulationYearFactory(cluster=world.cluster, year=2022),
            Membership: lambda: MembershipFactory(year=world.year),
            Commendation: lambda: CommendationFactory(membership=world.member, decision=self.decision),
            Decision: lambda: DecisionFactory(cluster=world.cluster),
            PledgeSignature: lambda: PledgeSignatureFactory(pledge=self.signature.pledge, membership=world.other),
            Scorecard: lambda: Scorecard.objects.create(
                membership=world.members[5],
                criteria_set=self.submitted.criteria_set,
                status=CardStatus.SUBMITTED,
                submitted_at=NOW,
            ),
            ScoreLine: lambda: ScoreLine.objects.create(
                scorecard=self.submitted, criterion=group, section=group.section, max_points=group.max_points
            ),
            Approval: lambda: ApprovalFactory(scorecard=self.submitted),
            Publication: lambda: PublicationFactory(year=world.foreign.year),
            IssuedDocument: lambda: self._issue(year=2022),
        }[model]()


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """Built once: each test changes one thing behind the application's back and takes it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Records()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@contextmanager
def behind_our_back():
    """The triggers are gone, as for somebody who owns the database; afterwards nothing has happened."""
    connection.check_constraints()  # PostgreSQL drops no trigger while deferred checks wait
    with transaction.atomic():
        triggers.drop_all(connection)
        yield
        transaction.set_rollback(True)


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def other_values(instance, field):
    """Values that the column does not hold, the least conspicuous first."""
    value = getattr(instance, field.attname)
    if field.is_relation:
        table = field.related_model._base_manager.exclude(pk=value).order_by("pk")
        yield from table.values_list("pk", flat=True)
    elif field.choices:
        yield from (choice for choice, _label in field.choices if choice != value)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.DecimalField):
        yield from ((value or Decimal(1)) + Decimal("0.01"), (value or Decimal(1)) - Decimal("0.01"), Decimal("-0.01"))
    elif isinstance(field, models.IntegerField):
        yield (value or 0) + 1
    elif isinstance(field, models.DateTimeField):
        yield (value or datetime(2021, 1, 1, tzinfo=UTC)) + timedelta(microseconds=1)
    elif isinstance(field, models.DateField):
        yield (value or date(2021, 1, 1)) + timedelta(days=1)
    else:
        yield f"{value[:-1]}x" if value else "x"


def change_one_cell(instance, column):
    """Writes the first other value that no constraint of the database refuses."""
    field = instance._meta.get_field(column)
    statement = f"UPDATE {instance._meta.db_table} SET {field.column} = %s WHERE id = %s"
    for value in other_values(instance, field):
        try:
            with transaction.atomic():
                assert execute(statement, field.get_db_prep_value(value, connection), instance.pk) == 1
        except IntegrityError:
            continue
        return
    pytest.fail(f"{column} takes no other value")


def test_untouched_records_verify(records):
    assert verify().problem == ""


def test_these_tables_are_protected():
    assert sorted(protected()) == sorted(model._meta.label_lower for model in PROTECTED)


@pytest.mark.parametrize(("model", "column"), COLUMNS, ids=lambda value: getattr(value, "__name__", value))
def test_single_changed_cell_is_found_and_named(records, model, column):
    instance = records.row_of(model)

    with behind_our_back():
        change_one_cell(instance, column)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} differs from the log: {column}."


@pytest.mark.parametrize("claimed", [CardStatus.DRAFT, CardStatus.RETURNED])
@pytest.mark.parametrize("card", ["submitted", "reviewed", "approved"])
def test_card_that_was_handed_in_does_not_escape_by_calling_itself_a_draft(records, card, claimed):
    instance = getattr(records, card)

    with behind_our_back():
        execute("UPDATE scoring_scorecard SET status = %s WHERE id = %s", claimed, instance.pk)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} differs from the log: status."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_with_another_primary_key_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        execute(f"UPDATE {model._meta.db_table} SET id = 900001 WHERE id = %s", instance.pk)
        problem = verify().problem

    assert problem == f"Row {instance._meta.label_lower}:900001 is not in the log."


@pytest.mark.parametrize("model", PROTECTED)
def test_deleted_row_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        assert execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", instance.pk) == 1
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is in the log, but no longer in its table."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_without_event_is_found(records, model):
    with behind_our_back():
        instance = records.unlogged(model)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is not in the log."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_that_the_log_calls_deleted_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        log.append(by=None, at=NOW, verb="test.delete", thing=instance, deleted=[key_of(instance)])
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is not in the log."


@pytest.mark.parametrize("card", ["draft", "returned"])
def test_card_in_the_hands_of_its_unit_may_change_without_an_event(records, card):
    instance = getattr(records, card)

    with behind_our_back():
        Scorecard.objects.filter(pk=instance.pk).update(self_total=Decimal("1.25"), version=9)
        instance.lines.update(self_value=Decimal("0.25"), self_note="Nháp", version=9)

        assert verify().problem == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"rows": {}}'),
        ("digest", "0" * 64),
        ("at", datetime(2021, 11, 24, 2, 0, 0, 1, tzinfo=UTC)),
        ("actor", "khac"),
        ("verb", "scorecard.approve"),
        ("object_key", "members.cluster:1"),
        ("cluster", "cum-c"),
        ("year", 2020),
        ("previous", "0" * 64),
    ],
)
def test_edited_event_is_found_and_named_by_its_number(records, column, value):
    expected = {
        "payload": "was changed after it was written",
        "digest": "was changed after it was written",
        "previous": "does not follow the one before it",
    }.get(column, "has columns that differ from its sealed content")

    with behind_our_back():
        AuditEvent.objects.filter(sequence=2).update(**{column: value})
        problem = verify().problem

    assert problem == f"Audit event 2 {expected}."


def test_event_sealed_anew_without_the_key_is_found(records, settings):
    own_key = settings.AUDIT_KEY

    with behind_our_back():
        event = AuditEvent.objects.get(sequence=2)
        payload = event.payload.replace("2021", "2020")
        settings.AUDIT_KEY = "a key of the forger's own"
        AuditEvent.objects.filter(sequence=2).update(payload=payload, digest=seal(event.previous, payload))
        settings.AUDIT_KEY = own_key
        problem = verify().problem

    assert problem == "Audit event 2 was changed after it was written."


def test_deleted_event_is_found_by_the_one_that_stands_in_its_place(records):
    with behind_our_back():
        AuditEvent.objects.filter(sequence=2).delete()
        problem = verify().problem

    assert problem == "Audit event 3 stands where event 2 should be."


def test_first_event_cannot_be_cut_off(records):
    with behind_our_back():
        AuditEvent.objects.filter(sequence=1).delete()
        problem = verify().problem

    assert problem == "Audit event 2 stands where event 1 should be."


def test_events_in_another_order_are_found(records):
    with behind_our_back():
        for before, after in ((2, 0), (3, 2), (0, 3)):
            AuditEvent.objects.filter(sequence=before).update(sequence=after)
        problem = verify().problem

    assert problem == "Audit event 2 does not follow the one before it."


def test_cut_tail_is_found_with_the_known_head_and_only_with_it(records):
    with behind_our_back():
        before = log.head()
        log.append(by=None, at=NOW, verb="test.act", thing=records.world.cluster)
        printed = log.head()
        AuditEvent.objects.order_by("-sequence").first().delete()

        assert verify().problem == ""
        assert verify(before).problem == ""
        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_log_rewritten_up_to_the_same_length_does_not_contain_the_known_head(records):
    with behind_our_back():
        log.append(by=None, at=NOW, verb="test.act", thing=records.world.cluster)
        printed = log.head()
        AuditEvent.objects.order_by("-sequence").first().delete()
        log.append(by=None, at=NOW, verb="test.other_act", thing=records.world.cluster)

        assert verify().problem == ""
        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_emptied_log_does_not_contain_the_known_head(records):
    with behind_our_back():
        printed = log.head()
        AuditEvent.objects.all().delete()

        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_verification_tells_the_number_of_events_and_the_head(records):
    result = verify()

    assert (f"{result.events}", result.head) == (log.head().split(":")[0], log.head())
