"""Carrying the open cards of a year over to the next version of its criteria set, line by line, by code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from cluster_app.lib.errors import Refused
from cluster_app.lib.locking import for_update
from scoring import sheets
from scoring.enums import CriterionKind, Stage
from scoring.models import CriteriaSet, Criterion, Evidence, LineRecord, Scorecard, ScoreLine, Target
from scoring.services import feeding, lines
from scoring.services.locking import lock_card
from scoring.services.target_checks import MEASURED_KINDS
from scoring.sheets import Sheet, may_be_estimated, tree_of
from scoring.sources import Facts

_MOVED = (
    "criterion",
    "section",
    "max_points",
    "is_assigned",
    "not_assigned_reason",
    "self_value",
    "self_points",
    "is_estimate",
    "version",
)

# What is asked of single units by the new set itself, by member unit and criterion (primary keys).
_Plans = Mapping[tuple[int, int], Target]


@dataclass
class Carried:
    """How many cards followed, and what people had typed that could not be kept, by unit and code: values, and the
    notes of criteria that are gone. `evidence` is what lost its line, and stays with its card."""

    card_count: int = 0
    values: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes under which anything was lost in some card."""
        return tuple(sorted({code for lost in (self.values, self.notes) for codes in lost.values() for code in codes}))

    def lose_value(self, card: Scorecard, criterion: Criterion, value: Decimal | None) -> None:
        """What is taken from records was typed by nobody, so it is no loss."""
        if value is not None and not criterion.source:
            self.values.setdefault(card.membership.unit.code, {})[criterion.code] = value

    def lose_note(self, card: Scorecard, criterion: Criterion, note: str) -> None:
        if note.strip():
            self.notes.setdefault(card.membership.unit.code, {})[criterion.code] = note

    def keep_evidence(self, line: ScoreLine) -> None:
        """What stands on a line that goes away stays with the card; the caller logs its rows."""
        for piece in for_update(Evidence.objects).filter(line=line).order_by("pk"):
            piece.line = None
            piece.save(update_fields=["line"])
            self.evidence.append(piece)


def carry(old: CriteriaSet, new: CriteriaSet, *, at: datetime) -> Carried:
    """Moves targets and cards from `old` to `new`; nothing of the cards was ever submitted, and the caller holds the
    locks of them all. A note stays wherever its code is still a criterion, a value if kind and source are the same too;
    points follow from the new rules."""
    criteria = tree_of(old.pk).by_pk
    leaves = {leaf.code: leaf for leaf in tree_of(new.pk).leaves()}
    own = Target.objects.filter(criterion__criteria_set=new)
    plans = {(target.membership_id, target.criterion_id): target for target in own}
    _carry_targets(criteria, leaves, plans)
    facts, carried = Facts(new.year, at), Carried()
    for pk in Scorecard.objects.filter(criteria_set=old).order_by("pk").values_list("pk", flat=True):
        card = lock_card(pk)
        _move_lines(card, criteria, leaves, plans, carried)
        _store(card, new, carried, facts)
        carried.card_count += 1
    return carried


def _carry_targets(criteria: Mapping[int, Criterion], leaves: Mapping[str, Criterion], plans: _Plans) -> None:
    """The old targets stay with the old set, so that both can be read; equal ones are made for the new one, where it
    has none of its own."""
    for target in Target.objects.filter(criterion__in=criteria).order_by("pk"):
        leaf = leaves.get(criteria[target.criterion_id].code)
        if leaf is None or (target.membership_id, leaf.pk) in plans:
            continue
        if leaf.kind not in MEASURED_KINDS:
            target.value = target.pledge_item = None
        if not target.is_assigned or leaf.kind in MEASURED_KINDS:
            target.pk, target.criterion = None, leaf
            target.save(force_insert=True)


def _move_lines(
    card: Scorecard,
    criteria: Mapping[int, Criterion],
    leaves: Mapping[str, Criterion],
    plans: _Plans,
    carried: Carried,
) -> None:
    """Every line goes to the criterion of its code; lines without one go away, criteria without one get theirs."""
    left = dict(leaves)
    moved: list[ScoreLine] = []
    for line in for_update(ScoreLine.objects).filter(scorecard=card).order_by("pk"):
        before = criteria[line.criterion_id]
        leaf = left.pop(before.code, None)
        if leaf is None:
            carried.lose_value(card, before, line.self_value)
            carried.lose_note(card, before, line.self_note)
            carried.keep_evidence(line)
            line.delete()
            continue
        value = line.self_value
        _move(line, before, leaf, plans.get((card.membership_id, leaf.pk)))
        if line.self_value is None:
            carried.lose_value(card, before, value)
        moved.append(line)
    ScoreLine.objects.bulk_update(moved, _MOVED)
    planned = Target.objects.filter(membership=card.membership, criterion__in=left.values(), is_assigned=False)
    reasons = {target.criterion_id: target.not_assigned_reason for target in planned}
    ScoreLine.objects.bulk_create(lines.new_line(card, leaf, reasons.get(leaf.pk, "")) for leaf in left.values())


def _move(line: ScoreLine, before: Criterion, leaf: Criterion, plan: Target | None) -> None:
    """The line says whether the criterion is assigned, unless the new set has a plan of its own for the unit."""
    line.criterion, line.section, line.max_points = leaf, leaf.section, leaf.max_points
    line.self_points = None
    line.version += 1
    if plan is not None:
        line.is_assigned, line.not_assigned_reason = plan.is_assigned, plan.not_assigned_reason
    line.self_value = _value_in(leaf, before, line.self_value) if line.is_assigned else None
    line.is_estimate = line.is_estimate and line.self_value is not None and may_be_estimated(leaf)
    if (leaf.kind, leaf.source) != (before.kind, before.source) or not line.is_assigned:
        LineRecord.objects.filter(line=line).delete()


def _value_in(leaf: Criterion, before: Criterion, value: Decimal | None) -> Decimal | None:
    """What a value under `before` is under `leaf`; None where it means nothing there."""
    if value is None or (leaf.kind, leaf.source) != (before.kind, before.source):
        return None
    return level_in(leaf, before, value) if leaf.kind == CriterionKind.LEVELS else value


def level_in(leaf: Criterion, before: Criterion, value: Decimal) -> Decimal | None:
    """The place in `leaf` of the level that has the place `value` in `before`, by its label; None where the label is
    gone, or does not name a single level. A source that feeds both means places, whatever they are called."""
    if leaf.source and leaf.source == before.source:
        return value
    old = {level.position: level.label for level in before.levels.all()}
    new = {level.position: level.label for level in leaf.levels.all()}
    if old == new:
        return value
    label = old.get(int(value))
    places = [place for place, other in new.items() if other == label]
    is_single = len(places) == 1 and list(old.values()).count(label or "") == 1
    return Decimal(places[0]) if is_single else None


def _store(card: Scorecard, new: CriteriaSet, carried: Carried, facts: Facts) -> None:
    card.criteria_set = new
    sheet = sheets.load(card, lock=True)
    _score_anew(sheet, carried)
    feeding.store(sheet, stages=(Stage.SELF,), at=facts.at, facts=facts)
    sheet.store_totals()
    card.version += 1
    card.save()


def _score_anew(sheet: Sheet, carried: Carried) -> None:
    """Points by the new rules; a value that they do not admit is cleared, its note stays."""
    for line in sheet.lines:
        if not line.is_assigned:
            line.self_points = lines.points_if_not_assigned(line, sheet.card.membership.year.rules.not_assigned)
        elif line.self_value is not None:
            try:
                line.self_points = sheet.points(line, line.self_value)
            except Refused:
                carried.lose_value(sheet.card, line.criterion, line.self_value)
                line.self_value, line.is_estimate = None, False
    ScoreLine.objects.bulk_update(sheet.lines, ["self_value", "self_points", "is_estimate"])
