"""What is asked of every unit by every criterion of the year: units beside each other, criteria below each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from awards.models import PledgeItem
from cluster_app.lib.errors import NotKnown
from cluster_app.lib.points import format_value
from members.addresses import year_url
from members.models import EmulationYear, Membership, User
from members.relations import Relation, relations
from scoring import permissions, queries
from scoring.enums import CardStatus
from scoring.models import CriteriaSet, Criterion, Scorecard, ScoreLine, Target
from scoring.services.criteria_sets import draft_of
from scoring.services.target_checks import MEASURED_KINDS, is_kept
from scoring.sheets import tree_of

_OWN_UNIT = {Relation.OFFICER, Relation.SIGNATORY}
DEFAULT, OWN, PLEDGE, NOT_ASSIGNED, MISSING = "default", "own", "pledge", "not-assigned", "missing"


@dataclass(frozen=True)
class Column:
    """One unit. `why_closed` says why its targets cannot be written by this person now; its assignment may still be
    changed where `may_settle` holds."""

    membership: Membership
    card: Scorecard | None
    is_own_unit: bool
    why_closed: str
    may_settle: bool

    @property
    def is_open(self) -> bool:
        return not self.why_closed


@dataclass(frozen=True)
class Asked:
    """What is asked of one unit by one criterion: the effective target, where it comes from, and, if nothing is asked,
    the reason."""

    column: Column
    criterion: Criterion
    target: Target | None
    reason: str

    @property
    def is_measured(self) -> bool:
        return self.criterion.kind in MEASURED_KINDS

    @property
    def own(self) -> Decimal | None:
        """The own target, typed or that of its pledge item; None where the target of all units holds."""
        return self._stored if self.target is not None and self.target.is_assigned else None

    @property
    def kept(self) -> Decimal | None:
        """The own target that holds again once the criterion is assigned again."""
        return self._stored if self.state == NOT_ASSIGNED and is_kept(self.target, self.criterion) else None

    @property
    def _stored(self) -> Decimal | None:
        if self.target is None:
            return None
        item = self.target.pledge_item
        return item.target_value if item else self.target.value

    @property
    def amount(self) -> Decimal | None:
        return self.criterion.default_target if self.own is None else self.own

    @property
    def state(self) -> str:
        if self.reason:
            return NOT_ASSIGNED
        if self.target is not None and self.target.is_assigned:
            return PLEDGE if self.target.pledge_item_id else OWN
        return MISSING if self.is_measured and self.amount is None else DEFAULT

    @property
    def key(self) -> str:
        return f"{self.column.membership.pk}-{self.criterion.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the cell can be typed into. A plan that the card has overruled is settled in detail."""
        is_plain = self.target is None or (self.target.is_assigned and self.target.value is not None)
        return self.column.is_open and self.is_measured and is_plain and not self.reason


@dataclass(frozen=True)
class Cell:
    """One cell as ready strings. `value` stands in the input, `shown` is the own target when the page was made, `kept`
    says which target a criterion that is not assigned had."""

    key: str
    unit: str
    label: str
    css: str
    text: str
    note: str
    kept: str
    value: str
    shown: str
    placeholder: str
    url: str
    pledge_url: str
    is_open: bool
    error: str


@dataclass(frozen=True)
class Row:
    code: str
    title: str
    measure: str
    default: str
    cells: list[Cell]


@dataclass(frozen=True)
class PledgeLink:
    text: str
    url: str


@dataclass(frozen=True)
class Typed:
    """What a posted grid said, as it stands, and what is wrong with it; both by the key of the cell."""

    values: Mapping[str, str]
    errors: Mapping[str, str]


class Grid:
    """The targets of a year, loaded in a fixed number of queries: `columns`, `leaves`, and each cell by `asked`."""

    def __init__(self, year: EmulationYear, criteria_set: CriteriaSet, columns: list[Column]) -> None:
        self.year = year
        self.criteria_set = criteria_set
        self.columns = columns
        self.leaves = tree_of(criteria_set.pk).leaves()
        found = Target.objects.filter(criterion__criteria_set=criteria_set).select_related("pledge_item")
        self._targets = {(target.membership_id, target.criterion_id): target for target in found}
        lines = ScoreLine.objects.filter(scorecard__membership__year=year, is_assigned=False)
        reasons = lines.values_list("scorecard__membership_id", "criterion_id", "not_assigned_reason")
        self._reasons = {(membership, criterion): reason for membership, criterion, reason in reasons}

    def asked(self, column: Column, criterion: Criterion) -> Asked:
        place = column.membership.pk, criterion.pk
        target = self._targets.get(place)
        reason = self._reasons.get(place, "")
        if column.card is None and target is not None:
            reason = target.not_assigned_reason
        return Asked(column, criterion, target, reason)

    def measured(self) -> list[Criterion]:
        return [leaf for leaf in self.leaves if leaf.kind in MEASURED_KINDS]

    def cells(self) -> list[Asked]:
        """Every cell of the criteria with a target."""
        return [self.asked(column, leaf) for leaf in self.measured() for column in self.columns]

    def missing_count(self) -> int:
        """How many targets have still to be set before every unit can submit its card."""
        return sum(asked.state == MISSING for asked in self.cells())


def grid(user: User, year: EmulationYear) -> Grid | None:
    """The grid over the set in force; over the draft, for those who write it, while there is none. None without a set.
    Seven queries at most, however many units and criteria there are."""
    criteria_set = queries.applied_set(year)
    if criteria_set is None and permissions.can_write_targets(user, year):
        criteria_set = draft_of(year)
    if criteria_set is None:
        return None
    prefetch_related_objects(year.roster(), "unit")
    cards = {card.membership_id: card for card in Scorecard.objects.filter(membership__year=year)}
    return Grid(year, criteria_set, [_column(user, member, cards.get(member.pk)) for member in year.roster()])


def _column(user: User, membership: Membership, card: Scorecard | None) -> Column:
    may_write = permissions.can_write_target(user, membership)
    is_own = bool(relations(user, membership.year, membership) & _OWN_UNIT)
    why = ""
    if not may_write:
        why = _("The own unit: another member of the secretariat sets it.") if is_own else _("Set by the secretariat.")
    elif card is not None and card.submitted_at is not None:
        why = _("The card was submitted with its targets, so they stay as they are.")
    is_reviewed = card is not None and card.status in (CardStatus.REVIEWED, CardStatus.APPROVED)
    return Column(membership, card, is_own, why, may_write and not is_reviewed)


def closed(columns: Iterable[Column]) -> dict[str, str]:
    """Why units cannot be written, each reason with the names of its units."""
    found: dict[str, list[str]] = {}
    for column in columns:
        if column.why_closed:
            found.setdefault(column.why_closed, []).append(column.membership.short_name)
    return {why: ", ".join(units) for why, units in found.items()}


def asked_of(user: User, year: EmulationYear, unit: str, code: str) -> Asked:
    """One cell by the codes of unit and criterion. Raises NotKnown if there is none."""
    found = grid(user, year)
    if found is not None:
        for column in found.columns:
            for leaf in found.leaves:
                if (column.membership.unit.code, leaf.code) == (unit, code):
                    return found.asked(column, leaf)
    raise NotKnown


def rows(found: Grid, *, columns: list[Column], everything: bool = False, typed: Typed | None = None) -> list[Row]:
    """The rows of the page: criteria with a target, or with `everything` all that are scored."""
    leaves = found.leaves if everything else found.measured()
    return [
        Row(
            code=leaf.code,
            title=leaf.title,
            measure=leaf.unit_of_measure,
            default="" if leaf.default_target is None else format_value(leaf.default_target),
            cells=[_cell(found.asked(column, leaf), typed) for column in columns],
        )
        for leaf in leaves
    ]


def _cell(asked: Asked, typed: Typed | None) -> Cell:
    membership, state = asked.column.membership, asked.state
    own = "" if asked.own is None else format_value(asked.own)
    item = asked.target.pledge_item if asked.target and state == PLEDGE else None
    return Cell(
        key=asked.key,
        unit=membership.short_name,
        label=f"{asked.criterion.code}, {membership.short_name}",
        css=state,
        text=_text(asked),
        note=asked.reason or (_item_label(item) if item else ""),
        kept="" if asked.kept is None else _("kept: %(target)s") % {"target": format_value(asked.kept)},
        value=typed.values.get(asked.key, own) if typed else own,
        shown=own,
        placeholder="" if asked.criterion.default_target is None else format_value(asked.criterion.default_target),
        url=_cell_url(asked) if asked.column.may_settle else "",
        pledge_url=pledge_url(membership.year, item) if item else "",
        is_open=asked.is_open,
        error=typed.errors.get(asked.key, "") if typed else "",
    )


def pledge_url(year: EmulationYear, item: PledgeItem) -> str:
    """The address of an item in the pledge of the year."""
    return f"{year_url('awards:pledge_detail', year)}#item-{item.order}"


def pledge_links(membership: Membership) -> dict[int, PledgeLink]:
    """Where the targets of a unit come from its pledge: a link for each criterion, by its primary key. One query; for
    the card, so that every score leads to its promise (B5)."""
    found = Target.objects.filter(membership=membership, is_assigned=True, pledge_item__isnull=False)
    found = found.select_related("pledge_item")
    return {
        target.criterion_id: PledgeLink(
            _item_label(target.pledge_item), pledge_url(membership.year, target.pledge_item)
        )
        for target in found
        if target.pledge_item is not None
    }


def _item_label(item: PledgeItem) -> str:
    return _("Item %(number)d of the pledge") % {"number": item.order}


def _text(asked: Asked) -> str:
    if asked.state == NOT_ASSIGNED:
        return _("Not assigned")
    if asked.state == MISSING:
        return _("Not set yet")
    return format_value(asked.amount) if asked.is_measured else _("Assigned")


def _cell_url(asked: Asked) -> str:
    membership = asked.column.membership
    codes = {"unit": membership.unit.code, "criterion": asked.criterion.code}
    return year_url("scoring:target_edit", membership.year, **codes)
