"""Reads over cards, ranking and the steps of the year, for people: each gets what this person may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.errors import NotKnown
from cluster_app.lib.points import format_points
from members.calculations import late_days
from members.enums import DeadlineStep
from members.models import EmulationYear, Membership, User
from members.queries import due_for
from members.relations import Relation, relations
from scoring import permissions
from scoring.enums import CardStatus, SetStatus, SubmissionWay
from scoring.models import Approval, CriteriaSet, Scorecard, Submission
from scoring.sheets import KNOWN_BEFORE_REVIEW
from scoring.workflow import CARD, OPEN_PHASES

_OWN = {Relation.OFFICER, Relation.SIGNATORY}
_ACTION_OF_STEP = {
    "fill": "card.fill",
    "submit": "card.submit",
    "review": "card.review",
    "return": "card.return",
    "reopen": "card.reopen",
    "object": "objection.raise",
    "replace_estimate": "estimate.replace",
}


@dataclass(frozen=True)
class CardRow:
    """One unit in the list of cards. What the person may not see is empty."""

    membership: Membership
    code: str
    status: dict[str, str]
    late: str
    due: str
    is_own: bool = False
    is_linked: bool = False
    progress: str = ""
    self_total: str = ""
    reviewed_total: str = ""
    total: str = ""
    way: str = ""
    paper_pk: int | None = None


@dataclass(frozen=True)
class Due:
    """The deadline of a card's submission in words, how late it is, and why it was extended."""

    text: str = ""
    late: str = ""
    reason: str = ""


@dataclass(frozen=True)
class HandedIn:
    """In which way a card was handed in last, where its signatory did not do it: a short word and a sentence, and the
    primary key of the scan for those who may read it, else None."""

    word: str
    text: str
    paper_pk: int | None


def cards_of(year: EmulationYear) -> list[Scorecard]:
    """The cards of the year in protocol order, with membership and unit."""
    cards = list(
        Scorecard.objects.filter(membership__year=year)
        .select_related("membership__unit")
        .order_by("membership__protocol_order", "membership__pk")
    )
    for card in cards:
        card.membership.year = year
    return cards


def card_of(year: EmulationYear, code: str) -> Scorecard:
    """The card of the unit with `code`. Raises NotKnown for a unit that is no member, or has no card yet."""
    card = (
        Scorecard.objects.filter(membership__year=year, membership__unit__code=code)
        .select_related("membership__unit", "criteria_set", "submitted_by")
        .first()
    )
    if card is None:
        raise NotKnown
    card.membership.year = year
    return card


def own_card_code(user: User, year: EmulationYear) -> str:
    """The code of the unit of the year to which the person belongs; empty where there is none."""
    codes = {held.unit.pk: held.unit.code for held in user.assignments_held() if held.unit is not None}
    return next((codes[member.unit_id] for member in year.roster() if member.unit_id in codes), "")


def card_list(user: User, year: EmulationYear, at: datetime) -> list[CardRow]:
    """All units of the year. Toward a plain unit the others show their status and days late only. Four queries."""
    to_fill = Q(lines__is_assigned=True) & Q(lines__criterion__source__in=KNOWN_BEFORE_REVIEW)
    counted = Count("lines", filter=to_fill & Q(lines__self_value__isnull=False))
    assigned = Count("lines", filter=to_fill)
    last = Submission.objects.filter(scorecard=OuterRef("pk")).order_by("-number")
    cards = {
        card.membership_id: card
        for card in Scorecard.objects.filter(membership__year=year)
        .select_related("membership__unit")
        .annotate(
            filled_count=counted,
            assigned_count=assigned,
            way=Subquery(last.values("way")[:1]),
            paper_pk=Subquery(last.values("paper")[:1]),
        )
    }
    sees_progress = permissions.can_see_progress(user, year)
    found = []
    for membership in year.roster():
        card = cards.get(membership.pk)
        if card is None:
            status = {"css": "neutral", "label": _("Not open yet")}
            found.append(CardRow(membership, "", status, late="", due=""))
            continue
        card.membership.year = year
        found.append(_card_row(user, card, at, sees_progress=sees_progress))
    return found


def _card_row(user: User, card: Any, at: datetime, *, sees_progress: bool) -> CardRow:
    can_see = permissions.can_see(user, card)
    is_own = is_own_card(user, card)
    due = due_of(card, at)
    row = CardRow(
        membership=card.membership,
        code=card.membership.unit.code,
        status=status_of(card, is_own=is_own),
        late=due.late,
        due=due.text,
        is_own=is_own,
        is_linked=can_see,
        progress=_progress_of(card) if can_see or sees_progress else "",
    )
    if not can_see:
        return row
    more = {"self_total": format_points(card.self_total), "way": word_of_way(card.way)}
    if sees_review(user, card):
        more |= {"reviewed_total": format_points(card.reviewed_total), "total": format_points(card.total_points)}
    if card.paper_pk and permissions.is_allowed("evidence.download", user, card):
        more["paper_pk"] = card.paper_pk
    return CardRow(**vars(row) | more)


def _progress_of(card: Any) -> str:
    """How many of the assigned lines have a value; the counts are annotations of `card_list`."""
    return f"{card.filled_count}/{card.assigned_count}"


def is_own_card(user: User, card: Scorecard) -> bool:
    return bool(relations(user, card.membership.year, card.membership) & _OWN)


def sees_review(user: User, card: Scorecard) -> bool:
    """A review is not for the unit's eyes while it goes on: it reads the result."""
    return card.status != CardStatus.SUBMITTED or not is_own_card(user, card)


def status_of(card: Scorecard, *, is_own: bool = False) -> dict[str, str]:
    """The status as the badge shows it: in the unit's own words, or in the reviewer's."""
    status = CardStatus(card.status)
    return {"css": status.value, "label": str(status.for_unit if is_own else status.label)}


def due_of(card: Scorecard, at: datetime) -> Due:
    """Until when the card is or was to be submitted, and by how many days it is or was late."""
    due = due_for(card.membership.year, DeadlineStep.SELF_SCORING, card.membership)
    if due is None:
        return Due()
    moment = date_format(timezone.localtime(due.due_at), "l d/m/Y, H:i")
    text = _("due %(moment)s") if not due.is_extended else _("extended to %(moment)s")
    days = late_days(due.due_at, card.submitted_at or at)
    late = ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days} if days else ""
    return Due(text % {"moment": moment}, late, due.reason)


def handed_in(user: User, card: Scorecard) -> HandedIn | None:
    """Who handed the card in last, from which paper; None for a signatory, and before the first time. One query, none
    for a card that was never handed in."""
    if card.submitted_at is None:
        return None
    last = card.submissions.select_related("paper", "submitted_by").order_by("-number").first()
    if last is None or last.paper is None:
        return None
    paper = last.paper
    names = {"person": last.submitted_by, "number": paper.number, "day": date_format(paper.signed_on, "d/m/Y")}
    if last.way == SubmissionWay.ON_BEHALF:
        text = _("%(person)s entered the card on behalf of the unit, from its signed paper %(number)s of %(day)s.")
    else:
        text = _("%(person)s submitted the card with the signed paper %(number)s of %(day)s.")
    sees_scan = permissions.can_download_evidence(user, card)
    return HandedIn(word_of_way(last.way), text % names, paper.pk if sees_scan else None)


def word_of_way(way: str | None) -> str:
    """The short word for a card that its signatory did not hand in; empty for one that he did."""
    return (
        {
            SubmissionWay.ON_BEHALF: _("entered on behalf"),
            SubmissionWay.OFFICER: _("with signed paper"),
        }.get(SubmissionWay(way), "")
        if way
        else ""
    )


def open_steps(user: User, card: Scorecard) -> frozenset[str]:
    """The steps that this person may take with the card now: right, status and phase taken together."""
    year = card.membership.year
    if year.is_archived:
        return frozenset()
    return frozenset(
        step
        for step, action in _ACTION_OF_STEP.items()
        if CARD.can(step, card.status)
        and year.phase in OPEN_PHASES[step]
        and permissions.is_allowed(action, user, card)
    )


def check_step(step: str, card: Scorecard) -> None:
    """Raises WrongState, with the sentence for the person, if phase or status do not admit the step now."""
    permissions.check_open(step, card.membership.year)
    if not CARD.can(step, card.status):
        CARD.check(step, card.status)


def approvals_of(card: Scorecard) -> list[Approval]:
    """The approvals of the card, the newest first, with the persons and the unit; revoked ones among them."""
    return list(card.approvals.select_related("approver", "approver_unit", "revoked_by", "delegation"))


def approval_of(card: Scorecard) -> Approval | None:
    """The valid approval, with the person and the unit that gave it."""
    return next((approval for approval in approvals_of(card) if approval.revoked_at is None), None)


def applied_set(year: EmulationYear) -> CriteriaSet | None:
    """The criteria set that holds for the year; None before one is applied."""
    return CriteriaSet.objects.filter(year=year, status=SetStatus.APPLIED).select_related("applied_by").first()
