"""One criterion, all units beside each other (F11): what each claims, and the input of those whose review is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.errors import DomainError, NotAllowed, NotKnown, Refused, Stale
from members.models import EmulationYear, User
from scoring import card_pages, permissions, queries, reviewers, sheet_rows
from scoring.enums import Stage
from scoring.forms import Typed, read_lines
from scoring.models import Criterion, LineRecord, Scorecard, ScoreLine
from scoring.services import lines
from scoring.services.lines import Entry
from scoring.sheet_rows import Conflict, Row
from scoring.sheets import Sheet, Tree, targets_of, tree_in_force


@dataclass(frozen=True)
class Place:
    """A criterion among the leaves of the set in force; the codes beside it are empty at either end."""

    criterion: Criterion
    tree: Tree
    previous_code: str
    next_code: str


@dataclass(frozen=True)
class GridRow:
    """One unit's line; `why` says to people who review why they cannot write into it now."""

    card: Scorecard
    row: Row
    url: str
    line_url: str
    sees_review: bool
    is_open: bool
    why: str
    conflict: Conflict | None = None


@dataclass
class Outcome:
    """What became of the rows that were sent: how many were stored, and what was wrong with the others, by line."""

    saved_count: int = 0
    typed: dict[int, Typed] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)

    @property
    def is_complete(self) -> bool:
        return not self.typed


def check_can_see(user: User, year: EmulationYear) -> None:
    """The page is open to those who see the ranking, and to those who are asked to review; each card says the rest."""
    if not reviewers.cards_of(user, year):
        permissions.check_can_see_ranking(user, year)


def place_of(year: EmulationYear, code: str) -> Place:
    """Raises NotKnown unless `code` names a leaf of the set in force."""
    criteria_set = queries.applied_set(year)
    tree = tree_in_force(criteria_set.pk) if criteria_set else None
    leaves = tree.leaves() if tree else []
    codes = [leaf.code for leaf in leaves]
    if tree is None or code not in codes:
        raise NotKnown
    at = codes.index(code)
    return Place(
        criterion=leaves[at],
        tree=tree,
        previous_code=codes[at - 1] if at else "",
        next_code=codes[at + 1] if at + 1 < len(codes) else "",
    )


def sheets_of(user: User, year: EmulationYear, place: Place) -> list[Sheet]:
    """The submitted cards that the person may see, each as a sheet of this one line. Five queries."""
    every_card = queries.cards_of(year)
    permissions.note_submitted(year, {card.membership_id for card in every_card if card.submitted_at is not None})
    cards = [card for card in every_card if card.submitted_at and permissions.can_see(user, card)]
    targets, criterion = targets_of(place.criterion), place.criterion
    found = {line.scorecard_id: line for line in ScoreLine.objects.filter(criterion=criterion, scorecard__in=cards)}
    records = _records(criterion, [line.pk for line in found.values()])
    return [
        _sheet(card, found[card.pk], place, targets.get(card.membership_id), records)
        for card in cards
        if card.pk in found
    ]


def _sheet(
    card: Scorecard, line: ScoreLine, place: Place, target: Decimal | None, records: dict[int, list[LineRecord]]
) -> Sheet:
    line.criterion, line.scorecard = place.criterion, card
    rules = {place.criterion.pk: place.tree.rule(place.criterion.pk, target)}
    return Sheet(card, place.tree, [line], rules, records)


def _records(criterion: Criterion, line_pks: list[int]) -> dict[int, list[LineRecord]]:
    if not criterion.source:
        return {}
    found: dict[int, list[LineRecord]] = {}
    for record in LineRecord.objects.filter(line__in=line_pks).order_by("pk"):
        found.setdefault(record.line_id, []).append(record)
    return found


def rows_of(user: User, sheets: list[Sheet], outcome: Outcome | None = None) -> list[GridRow]:
    """The rows of the page; what could not be stored stands in its row again, as it was typed."""
    return [_row(user, sheet, outcome or Outcome()) for sheet in sheets]


def _row(user: User, sheet: Sheet, outcome: Outcome) -> GridRow:
    card, line = sheet.card, sheet.lines[0]
    typed = outcome.typed.get(line.pk)
    is_open, why = _openness(user, card, line)
    conflicts = sheet_rows.conflicts(sheet, typed, Stage.REVIEWED) if typed and line.pk in outcome.stale else []
    return GridRow(
        card=card,
        row=sheet_rows.line_row(sheet, line, stage=Stage.REVIEWED, typed=typed, is_open=is_open),
        url=f"{card_pages.card_url('scoring:scorecard_detail', card)}#line-{line.criterion.code}",
        line_url=f"{card_pages.card_url('scoring:review_line_save', card)}?alone=1",
        sees_review=queries.sees_review(user, card),
        is_open=is_open,
        why=why,
        conflict=conflicts[0] if conflicts else None,
    )


def _openness(user: User, card: Scorecard, line: ScoreLine) -> tuple[bool, str]:
    """Whether the person can write a reviewed value here now, and if not, why; who never reviews reads no reason."""
    if not line.is_assigned:
        return False, _("Not assigned: %(reason)s") % {"reason": line.not_assigned_reason}
    if line.criterion.source:
        return False, _("Taken from records, not typed.")
    try:
        permissions.check_can_review(user, card)
        queries.check_step("review", card)
    except NotAllowed as error:
        return False, error.message if queries.is_own_card(user, card) else ""
    except DomainError:
        return False, _("Not open for review: %(status)s") % {"status": queries.status_of(card)["label"]}
    return True, ""


def store(*, sheets: list[Sheet], data: Mapping[str, str], by: User, at: datetime) -> Outcome:
    """Stores the reviewed values of the rows that `data` names and that changed, each by itself: what is wrong with one
    does not hold back the others."""
    outcome = Outcome()
    for sheet in sheets:
        line = sheet.lines[0]
        typed = read_lines(data, sheet)
        if typed.errors:
            outcome.typed[line.pk] = typed
            continue
        changed = [entry for entry in typed.entries if _is_changed(line, entry)]
        if changed:
            _store_row(sheet.card, line, changed, typed, outcome, by, at)
    return outcome


def _is_changed(line: ScoreLine, entry: Entry) -> bool:
    return entry.value != line.reviewed_value or entry.text.strip() != line.reviewed_reason


def _store_row(
    card: Scorecard, line: ScoreLine, entries: list[Entry], typed: Typed, outcome: Outcome, by: User, at: datetime
) -> None:
    try:
        lines.review(card=card, entries=entries, by=by, at=at)
        outcome.saved_count += 1
        return
    except Refused as refused:
        typed.errors[line.pk] = refused.message
    except DomainError as error:
        typed.errors[line.pk] = error.message
        if isinstance(error, Stale):
            outcome.stale.add(line.pk)
    outcome.typed[line.pk] = typed
