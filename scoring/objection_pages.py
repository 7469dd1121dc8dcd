"""What the pages of objections show, as the templates read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import NO_FIGURE, format_points
from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import card_pages, objections, permissions, queries, sheets
from scoring.enums import ObjectionStatus, Stage
from scoring.models import Objection, ObjectionMessage, Scorecard, ScoreLine
from scoring.objection_forms import AcceptForm
from scoring.services import objections as service
from scoring.sheet_rows import value_text
from scoring.sheets import Sheet, Tree, tree_in_force
from scoring.workflow import CARD, OPEN_PHASES

_CSS = {
    ObjectionStatus.OPEN: "submitted",
    ObjectionStatus.ACCEPTED: "approved",
    ObjectionStatus.KEPT: "warn",
    ObjectionStatus.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Figure:
    """A value with its points, in one stage or as it is claimed."""

    label: str
    value: str
    points: str


@dataclass(frozen=True)
class MessageView:
    author: str
    side: str
    written_at: datetime
    text: str


@dataclass(frozen=True)
class ObjectionRow:
    """One unsettled objection, as the page and the paper for the meeting name it."""

    unit: str
    code: str
    title: str
    self_value: str
    self_points: str
    reviewed_value: str
    reviewed_points: str
    claimed_value: str
    claim: str
    answer: str
    status: dict[str, str]
    outcome: str
    is_late: bool
    url: str


def status_of(objection: Objection) -> dict[str, str]:
    """The status as the badge shows it."""
    status = ObjectionStatus(objection.status)
    return {"css": _CSS[status], "label": str(status.label)}


def figures_of(sheet: Sheet, line: ScoreLine, claimed: Decimal | None = None) -> list[Figure]:
    """Self, reviewed and final of the line, then the claim with the points it would have."""
    rule = sheet.rule(line)
    found = [
        Figure(
            str(stage.label),
            value_text(rule, line.criterion, getattr(line, f"{stage}_value")),
            format_points(getattr(line, f"{stage}_points")),
        )
        for stage in Stage
    ]
    if claimed is not None:
        text = value_text(rule, line.criterion, claimed)
        found.append(Figure(_("Claimed"), text, points_text(sheet, line, claimed)))
    return found


def points_text(sheet: Sheet, line: ScoreLine, value: Decimal) -> str:
    """The points that `value` would have by the sheet's rule, in words where they depend on other units."""
    try:
        points = sheet.points(line, value, Stage.FINAL)
    except Refused:
        return NO_FIGURE
    return format_points(points) if points is not None else _("after the comparison")


def head(user: User, sheet: Sheet, line: ScoreLine, at: datetime) -> dict[str, object]:
    """What stands at the top of every page about a line of a card."""
    criterion = line.criterion
    return card_pages.head(user, sheet.card, at) | {
        "criterion": criterion,
        "line": line,
        "card_url": line_url(sheet.card, criterion.code),
    }


def thread_page(user: User, objection: Objection, at: datetime) -> dict[str, object]:
    """The thread of an objection, with what this person may do about it now."""
    card = objection.line.scorecard
    sheet = sheets.load(card)
    line = sheet.line(objection.line_id)
    own = objections.people_of_units([card.membership.unit_id])[card.membership.unit_id]
    year = card.membership.year
    is_active = objection.is_open and CARD.can("object", card.status) and year.phase in OPEN_PHASES["object"]
    is_unit, is_reviewer = (
        is_active and permissions.is_allowed(action, user, card) for action in ("objection.raise", "objection.answer")
    )
    return head(user, sheet, line, at) | {
        "objection": objection,
        "objection_status": status_of(objection),
        "figures": figures_of(sheet, line, objection.claimed_value),
        "messages_shown": [_message(one, own) for one in objections.messages_of(objection)],
        "change": _change(sheet, line, objection),
        "can_answer": is_unit or is_reviewer,
        "can_settle": is_reviewer,
        "can_withdraw": is_unit,
        "can_list": permissions.can_list_objections(user, year),
        "is_fed": bool(line.criterion.source),
    }


def _message(message: ObjectionMessage, unit_people: set[int]) -> MessageView:
    side = _("Unit") if message.author_id in unit_people else _("Reviewer")
    return MessageView(str(message.author), side, message.written_at, message.text)


def _change(sheet: Sheet, line: ScoreLine, objection: Objection) -> list[Figure]:
    """What an accepted objection made of the final value; empty for others."""
    if objection.status != ObjectionStatus.ACCEPTED:
        return []
    rule, criterion = sheet.rule(line), line.criterion
    before = value_text(rule, criterion, objection.value_before), format_points(objection.points_before)
    after = value_text(rule, criterion, objection.value_after), format_points(objection.points_after)
    return [Figure(_("Final before"), *before), Figure(_("Final after"), *after)]


def preview(sheet: Sheet, line: ScoreLine, value: Decimal | None) -> list[Figure]:
    """The final value and points as they are, and as they would be; a line from records stays as it is."""
    rule, criterion = sheet.rule(line), line.criterion
    before = value_text(rule, criterion, line.final_value), format_points(line.final_points)
    after = before if value is None else (value_text(rule, criterion, value), points_text(sheet, line, value))
    return [Figure(_("Final before"), *before), Figure(_("Final after"), *after)]


def unresolved_rows(user: User, year: EmulationYear) -> list[ObjectionRow]:
    """The objections of the year that are open, or whose points were kept. A fixed number of queries."""
    found = objections.unresolved(user, year)
    people = objections.people_of_units({one.line.scorecard.membership.unit_id for one in found})
    trees = {pk: tree_in_force(pk) for pk in {one.line.scorecard.criteria_set_id for one in found}}
    return [
        _row(one, trees[one.line.scorecard.criteria_set_id], people[one.line.scorecard.membership.unit_id])
        for one in found
    ]


def _row(objection: Objection, tree: Tree, unit_people: set[int]) -> ObjectionRow:
    line, card = objection.line, objection.line.scorecard
    criterion, rule = tree.by_pk[line.criterion_id], tree.rules[line.criterion_id]
    thread = list(vars(objection)["thread"])
    answers = [message.text for message in thread if message.author_id not in unit_people]
    return ObjectionRow(
        unit=card.membership.name,
        code=criterion.code,
        title=criterion.title,
        self_value=value_text(rule, criterion, line.self_value),
        self_points=format_points(line.self_points),
        reviewed_value=value_text(rule, criterion, line.reviewed_value),
        reviewed_points=format_points(line.reviewed_points),
        claimed_value=value_text(rule, criterion, objection.claimed_value),
        claim=_joined(message.text for message in thread if message.author_id in unit_people),
        answer=_joined(answers),
        status=status_of(objection),
        outcome=objection.settled_reason,
        is_late=objection.is_late,
        url=url_of("objection_detail", objection),
    )


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(texts)


def url_of(name: str, objection: Objection) -> str:
    """The address of a page of the objection."""
    return year_url(f"scoring:{name}", objection.line.scorecard.membership.year, pk=objection.pk)


def line_url(card: Scorecard, code: str) -> str:
    """The address of the line on the page of its card."""
    return f"{card_pages.card_url('scoring:scorecard_detail', card)}#line-{code}"


def check_open(objection: Objection) -> None:
    """Raises WrongState unless the objection can be settled or withdrawn now."""
    queries.check_step("object", objection.line.scorecard)
    service.check_unsettled(objection)


def check_to_settle(user: User, objection: Objection) -> Sheet:
    """The sheet to settle the objection on. Raises NotAllowed for people who do not review the card, and WrongState
    for an objection that is settled."""
    permissions.check_can_answer_objection(user, objection.line.scorecard)
    check_open(objection)
    return sheets.load(objection.line.scorecard)


def ending_page(user: User, objection: Objection, sheet: Sheet, at: datetime) -> dict[str, object]:
    """What every page shows on which an objection is ended."""
    line = sheet.line(objection.line_id)
    return head(user, sheet, line, at) | {
        "objection": objection,
        "figures": figures_of(sheet, line, objection.claimed_value),
        "thread_url": url_of("objection_detail", objection),
    }


def accept_page(user: User, objection: Objection, sheet: Sheet, form: AcceptForm, at: datetime) -> dict[str, object]:
    """The form to accept; once it is filled in, with the final value and points before and after."""
    change: list[Figure] = []
    if form.is_bound and form.is_valid():
        form.note_shown()
        change = preview(sheet, sheet.line(objection.line_id), form.cleaned_data.get("value"))
    return ending_page(user, objection, sheet, at) | {"form": form, "change": change}
