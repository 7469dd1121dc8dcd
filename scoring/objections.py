"""Reads over objections to points: how many are open, the threads of a card, and what is not settled in a year."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet

from cluster_app.lib.errors import NotKnown
from members.calculations import is_late
from members.enums import AssignmentRole, DeadlineStep
from members.models import Assignment, EmulationYear, User
from members.queries import due_for
from scoring import permissions, queries
from scoring.enums import ObjectionStatus
from scoring.models import Objection, ObjectionMessage, Scorecard, ScoreLine
from scoring.sheets import Sheet

_OF_A_UNIT = (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)
_THIS_ROUND = Q(raised_at__gte=F("line__scorecard__reviewed_at"))


@dataclass(frozen=True)
class LineState:
    """What the unit may still do about a line of its reviewed card, and what it did."""

    objections: tuple[Objection, ...]
    is_open_to_objection: bool


def open_counts(card_pks: Collection[int]) -> dict[int, int]:
    """How many objections of each card are open, by card (primary key); cards without one are left out. One query."""
    found = Objection.objects.filter(line__scorecard__in=card_pks, status=ObjectionStatus.OPEN).order_by()
    counted = found.values_list("line__scorecard_id").annotate(count=Count("pk"))
    return dict(counted)


def open_codes(card: Scorecard) -> list[str]:
    """The codes of the criteria whose points the unit objects to, unsettled; in printed order."""
    found = Objection.objects.filter(line__scorecard=card, status=ObjectionStatus.OPEN)
    return list(found.order_by("line__criterion__order", "pk").values_list("line__criterion__code", flat=True))


def may_see(user: User, card: Scorecard) -> bool:
    """Whether the threads of the card are open to the person: to its unit, those who review it, and the observers."""
    actions = ("objection.raise", "objection.answer")
    is_party = any(permissions.is_allowed(action, user, card) for action in actions)
    is_party = is_party or permissions.can_list_objections(user, card.membership.year)
    return is_party and permissions.can_see(user, card)


def find(user: User, year: EmulationYear, pk: int) -> Objection:
    """One objection with its line, card and unit. Raises NotKnown for one of another year, and toward people who have
    no part in it, so that nobody learns which there are; NotAllowed toward who has a part in it later."""
    found = Objection.objects.filter(line__scorecard__membership__year=year, pk=pk)
    objection = found.select_related(
        "line__criterion", "line__scorecard__membership__unit", "line__scorecard__criteria_set", "settled_by"
    ).first()
    if objection is None:
        raise NotKnown
    card = objection.line.scorecard
    card.membership.year = year
    if may_see(user, card):
        return objection
    if permissions.can_list_objections(user, year):
        permissions.check_can_see(user, card)
    raise NotKnown


def messages_of(objection: Objection) -> list[ObjectionMessage]:
    """The thread, the oldest message first, with those who wrote."""
    return list(objection.messages.select_related("author").order_by("pk"))


def of_lines(sheet: Sheet, user: User, at: datetime) -> dict[int, LineState]:
    """The objections to the lines of a card by line (primary key), and to which lines the person may object now; empty
    for people without a part in them. One query at most."""
    card = sheet.card
    was_reviewed = card.reviewed_at is not None or card.return_count > 0
    if not was_reviewed or not may_see(user, card):
        return {}
    by_line: dict[int, list[Objection]] = {}
    for objection in Objection.objects.filter(line__scorecard=card).order_by("pk"):
        by_line.setdefault(objection.line_id, []).append(objection)
    may_object = "object" in queries.open_steps(user, card) and not is_closed(card, at)
    return {
        line.pk: LineState(
            tuple(by_line.get(line.pk, ())), may_object and _takes_objection(line, by_line.get(line.pk, []))
        )
        for line in sheet.lines
    }


def _takes_objection(line: ScoreLine, earlier: list[Objection]) -> bool:
    reviewed_at = line.scorecard.reviewed_at
    if not line.is_assigned or line.reviewed_value is None or reviewed_at is None:
        return False
    return not any(
        one.is_open or (one.status == ObjectionStatus.KEPT and one.raised_at >= reviewed_at) for one in earlier
    )


def is_closed(card: Scorecard, at: datetime) -> bool:
    """Whether a hard deadline for objections has passed for the unit."""
    due = due_for(card.membership.year, DeadlineStep.OBJECTING, card.membership)
    return due is not None and due.is_hard and is_late(due.due_at, at)


def unresolved(user: User, year: EmulationYear) -> list[Objection]:
    """What the meeting of the cluster has before it: open objections first, then those of the present round whose
    points were kept; by protocol order, of the cards that the person may see. A fixed number of queries."""
    found = (
        Objection.objects.filter(line__scorecard__membership__year=year)
        .filter(Q(status=ObjectionStatus.OPEN) | Q(_THIS_ROUND, status=ObjectionStatus.KEPT))
        .select_related("line__criterion", "line__scorecard__membership__unit", "settled_by")
        .prefetch_related(Prefetch("messages", queryset=_ordered_messages(), to_attr="thread"))
        .order_by("line__scorecard__membership__protocol_order", "line__criterion__order", "pk")
    )
    for objection in found:
        objection.line.scorecard.membership.year = year
    known = [objection for objection in found if permissions.can_see(user, objection.line.scorecard)]
    return sorted(known, key=lambda objection: not objection.is_open)


def _ordered_messages() -> QuerySet[ObjectionMessage]:
    return ObjectionMessage.objects.select_related("author").order_by("pk")


def people_of_units(unit_pks: Collection[int]) -> dict[int, set[int]]:
    """The people who belong to each unit, past ones too, so that a thread shows who wrote for it; primary keys."""
    found: dict[int, set[int]] = {pk: set() for pk in unit_pks}
    held = Assignment.objects.filter(unit__in=unit_pks, role__in=_OF_A_UNIT).order_by()
    for unit, user in held.values_list("unit_id", "user_id"):
        if unit is not None:
            found[unit].add(user)
    return found
