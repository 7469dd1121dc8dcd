"""An approved card is frozen on every path: no service, no import, no plain SQL changes a row of it."""

import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from cluster_app.lib.errors import DomainError, NotAllowed
from members.enums import PendingKind, Phase
from members.services import pending
from scoring.enums import CardStatus, Stage
from scoring.excel.criteria_writing import file_of_set
from scoring.models import (
    Approval,
    Evidence,
    LineRecord,
    Objection,
    ObjectionMessage,
    Scorecard,
    ScoreLine,
    SignedPaper,
    Submission,
    Target,
)
from scoring.services import approvals, comparison, criteria_sets, feeding, lines, targets
from scoring.services.carrying import carry
from scoring.services.imports import import_criteria
from scoring.services.targets import Change
from scoring.sheets import load
from tests.factories.members import AssignmentFactory
from tests.factories.scoring import ApprovalFactory, CriteriaSetFactory
from tests.scenarios import NOW, fresh, two_clusters, with_part
from tests.scoring.acts import ACTS, OF_OBJECTION, REASON, ready_card
from tests.scoring.cards import reread

pytestmark = pytest.mark.django_db

# Of one card, however they hang on it.
OF_CARD = {
    Scorecard: "pk",
    ScoreLine: "scorecard",
    LineRecord: "line__scorecard",
    Approval: "scorecard",
    Evidence: "scorecard",
    Objection: "line__scorecard",
    ObjectionMessage: "objection__line__scorecard",
    SignedPaper: "scorecard",
    Submission: "scorecard",
    Target: "membership__scorecard",
}


def build_world():
    built = two_clusters(phase=Phase.REVIEWING)
    built.card = frozen_card(built)
    return built


def frozen_card(world) -> Scorecard:
    """An approved card with a row in every table that belongs to one."""
    card = ready_card(CardStatus.REVIEWED, world.member, objected=True)
    line = card.lines.get(criterion__code="A1")
    Target.objects.create(membership=world.member, criterion=line.criterion, value=Decimal(100))
    LineRecord.objects.create(line=line, key="awards.commendation:1", text="Bằng khen", amount=Decimal(1))
    objection = Objection.objects.get(line=line)
    ObjectionMessage.objects.create(objection=objection, author=world.signatory, written_at=NOW, text=REASON)
    Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.APPROVED)
    ApprovalFactory(scorecard=reread(card))
    return reread(card)


def rows_of(card) -> dict[str, str]:
    """A hash of all rows of the card in every table."""
    return {
        model.__name__: hashlib.sha256(
            repr(list(model.objects.filter(**{path: card.pk}).order_by("pk").values_list())).encode()
        ).hexdigest()
        for model, path in OF_CARD.items()
    }


def test_the_card_has_a_row_in_every_table(world):
    assert [model for model, path in OF_CARD.items() if not model.objects.filter(**{path: world.card.pk})] == []


# --- what would be written beside it ---


def test_nothing_is_added_to_the_history_of_an_approved_card(world):
    """Nor before the card is reopened: the same rows are taken then."""
    copies = [
        Submission(**_fields(Submission.objects.first()) | {"number": 9}),
        SignedPaper(**_fields(SignedPaper.objects.first())),
        ObjectionMessage(**_fields(ObjectionMessage.objects.first())),
    ]
    before = rows_of(world.card)

    for copy in copies:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            copy.save()

    assert rows_of(world.card) == before
    Approval.objects.update(revoked_at=NOW, revoked_by=world.secretariat, revoked_reason=REASON)
    for copy in copies:
        copy.save()
    assert all(copy.pk for copy in copies)


def _fields(row) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name != "id"}


# --- services ---
@pytest.mark.parametrize("act", [act for act in ACTS if act not in ("see", "propose reopening")])
def test_no_service_changes_an_approved_card_whoever_asks(world, act):
    before = rows_of(world.card)

    for person in (world.signatory, world.officer, world.secretariat, world.leader_signatory, world.deputy_signatory):
        with pytest.raises(DomainError):
            ACTS[act](reread(world.card), fresh(person))

    assert rows_of(world.card) == before


@pytest.mark.parametrize("act", [act for act in ACTS if act not in OF_OBJECTION | {"see", "propose reopening"}])
def test_a_control_that_is_not_approved_is_changed_by_somebody_somewhere(act):
    """Every act works in the status it is made for, so that the refusals above are the approval's."""
    world = two_clusters(phase=Phase.REVIEWING)
    worked = []
    for status in (CardStatus.DRAFT, CardStatus.SUBMITTED, CardStatus.REVIEWED):
        with transaction.atomic():
            card = ready_card(status, world.member)
            for person in (world.signatory, world.secretariat, world.leader_signatory):
                worked += [status] if works(act, card, person) else []
            transaction.set_rollback(True)

    assert worked or act == "refresh"  # nothing is fed from records here: tests/scoring/test_feeding.py


def works(act, card, person) -> bool:
    try:
        with transaction.atomic():
            ACTS[act](reread(card), fresh(person))
    except DomainError:
        return False
    return True


def _criterion(world, code="A1"):
    return world.card.criteria_set.criteria.get(code=code)


def _save_target(world):
    target = Target.objects.get(membership=world.member, criterion=_criterion(world))
    target.value = Decimal(50)
    targets.save(target=target, by=world.secretariat, at=NOW)


def _new_target(world):
    target = Target(membership=world.member, criterion=_criterion(world, "A2"), is_assigned=False)
    target.not_assigned_reason = REASON
    targets.save(target=target, by=world.secretariat, at=NOW)


def _clear_target(world):
    targets.clear(membership=world.member, criterion=_criterion(world), by=world.secretariat, at=NOW)


def _target_grid(world):
    change = Change(world.member.pk, _criterion(world).pk, value=Decimal(50), shown=Decimal(100))
    targets.save_all(year=world.year, changes=[change], by=world.secretariat, at=NOW)


def _new_version(world):
    draft = criteria_sets.new_version(criteria_set=world.card.criteria_set, by=world.secretariat, at=NOW)
    criteria_sets.apply(criteria_set=draft, by=world.secretariat, at=NOW)


def _import(world):
    file = replace(file_of_set(world.card.criteria_set), title="Bảng tiêu chí khác")
    import_criteria(year=world.year, file=file, by=world.secretariat, at=NOW)


PATHS = [_save_target, _new_target, _clear_target, _target_grid, _new_version, _import]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__.strip("_"))
def test_neither_targets_nor_the_next_criteria_set_reach_an_approved_card(world, path):
    before = rows_of(world.card)

    with pytest.raises(DomainError):
        path(world)

    assert rows_of(world.card) == before


def test_carrying_to_another_set_stops_at_an_approved_card(world):
    before = rows_of(world.card)
    draft = CriteriaSetFactory(year=world.year, small=True, version=2)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        carry(world.card.criteria_set, draft, at=NOW)

    assert rows_of(world.card) == before


def test_feeding_and_comparing_the_year_leave_an_approved_card_alone(world):
    other = ready_card(CardStatus.REVIEWED, world.other)
    before = rows_of(world.card)

    comparison.recompute(year=world.year, by=world.secretariat, at=NOW)
    feeding.store(load(other), stages=(Stage.REVIEWED,), at=NOW)

    assert rows_of(world.card) == before


def test_a_line_is_not_saved_through_the_model_either(world):
    before = rows_of(world.card)
    line = world.card.lines.get(criterion__code="A1")
    line.final_points = Decimal(0)

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        line.save()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        ScoreLine.objects.bulk_create([lines.new_line(world.card, _criterion(world, "A1"), "")])

    assert rows_of(world.card) == before


# --- plain SQL ---
_LINES = "SELECT id FROM scoring_scoreline WHERE scorecard_id = %s"
_OBJECTIONS = f"SELECT id FROM scoring_objection WHERE line_id IN ({_LINES})"
WHERE = {
    "scoring_scorecard": ("id = %s", "version = version + 1"),
    "scoring_scoreline": ("scorecard_id = %s", "final_points = 0"),
    "scoring_linerecord": (f"line_id IN ({_LINES})", "text = 'x'"),
    "scoring_evidence": ("scorecard_id = %s", "title = 'x'"),
    "scoring_objection": (f"line_id IN ({_LINES})", "claimed_value = 1"),
    "scoring_objectionmessage": (f"objection_id IN ({_OBJECTIONS})", "text = 'x'"),
    "scoring_approval": ("scorecard_id = %s", "digest = 'x'"),
    "scoring_submission": ("scorecard_id = %s", "digest = 'x'"),
    "scoring_signedpaper": ("scorecard_id = %s", "number = 'x'"),
}
STATEMENTS = [f"UPDATE {table} SET {change} WHERE {where}" for table, (where, change) in WHERE.items()] + [
    f"DELETE FROM {table} WHERE {where}" for table, (where, _change) in WHERE.items()
]
# A second row like one that is there, added to the frozen card.
COPIED = {ScoreLine: "scorecard", Evidence: "scorecard", Objection: "line__scorecard", LineRecord: "line__scorecard"}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_no_plain_update_or_delete_touches_it(world, statement):
    before = rows_of(world.card)

    with pytest.raises(IntegrityError, match=r"frozen|kept|revoked"), transaction.atomic():
        run(statement, world.card)

    assert rows_of(world.card) == before


@pytest.mark.parametrize("model", list(COPIED))
def test_no_plain_insert_adds_to_it(world, model):
    before = rows_of(world.card)
    row = model.objects.filter(**{COPIED[model]: world.card.pk}).first()
    columns = ", ".join(field.column for field in model._meta.concrete_fields if not field.primary_key)
    table = model._meta.db_table

    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = %s", [row.pk])

    assert rows_of(world.card) == before


def run(statement, card) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [card.pk])
        return cursor.rowcount


@pytest.mark.parametrize(
    "statement", [one for one in STATEMENTS if "scoring_scoreline SET" in one or "evidence SET" in one]
)
def test_the_card_of_another_unit_is_not_frozen_with_it(world, statement):
    other = ready_card(CardStatus.REVIEWED, world.other)
    change = statement.replace("title = 'x'", "hidden_reason = ''")

    assert run(change, other) > 0


# --- reopening ---
def propose(world, user, reason=REASON):
    return approvals.propose_reopening(card=world.card, reason=reason, by=user, at=NOW)


def confirm(world, user):
    step = pending.open_step(PendingKind.REOPEN_CARD, world.card)
    return approvals.confirm_reopening(card=world.card, step=step, by=fresh(user), at=NOW)


def test_after_reopening_the_card_can_be_worked_on_and_the_old_approval_stays(world):
    propose(world, world.secretariat)
    confirm(world, world.leader_signatory)

    assert run("UPDATE scoring_scoreline SET final_points = 0 WHERE scorecard_id = %s", world.card) > 0
    assert Approval.objects.get().revoked_reason == REASON


def test_two_people_who_sign_for_one_unit_do_not_reopen(world):
    colleague = AssignmentFactory(unit=world.leader.unit).user
    propose(world, world.leader_signatory)

    with pytest.raises(NotAllowed):
        confirm(world, colleague)

    assert reread(world.card).status == CardStatus.APPROVED


def test_a_secretary_and_the_signatory_of_the_secretary_s_home_unit_do_not_reopen(world):
    at_home = with_part(world.secretariat, unit=world.leader.unit, role="officer")
    propose(world, at_home)

    with pytest.raises(NotAllowed):
        confirm(world, world.leader_signatory)

    assert reread(world.card).status == CardStatus.APPROVED
