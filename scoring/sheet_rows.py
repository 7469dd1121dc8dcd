"""The sheet of a card as rows of ready strings: whatever the page shows is worked out and formatted here, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import NO_FIGURE, format_points, format_signed, format_value
from scoring import calculations, evidence
from scoring.enums import CardStatus, CriterionKind, Direction, Section, Stage
from scoring.forms import CHOSEN_KINDS, Typed
from scoring.kinds import Rule
from scoring.models import Criterion, ScoreLine
from scoring.services import scorecards
from scoring.sheets import Sheet, may_be_estimated

STAGES = tuple(Stage)
_TEXTS = {Stage.SELF: "self_note", Stage.REVIEWED: "reviewed_reason"}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class RecordView:
    """A record behind a value; `amount` is empty where it was only measured, `url` where it has no page."""

    text: str
    amount: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A group with its subtotals, or a line with its stages and its input; `shown` is what there is of evidence."""

    key: str
    code: str
    title: str
    css: str
    maximum: str
    self_points: str
    reviewed_points: str
    final_points: str
    is_group: bool = False
    is_top: bool = False
    is_open: bool = False
    how: str = ""
    evidence: str = ""
    target: str = ""
    pledge: tuple[str, str] | None = None
    measure: str = ""
    self_value: str = ""
    self_note: str = ""
    reviewed_value: str = ""
    reviewed_reason: str = ""
    final_value: str = ""
    final_reason: str = ""
    difference: str = ""
    is_cut: bool = False
    closed_because: str = ""
    value: str = ""
    text: str = ""
    options: tuple[Option, ...] = ()
    version: str = ""
    error: str = ""
    source: str = ""
    records: tuple[RecordView, ...] = ()
    computed: str = ""
    shown: tuple[str, str] | None = None
    is_penalty: bool = False
    last_year: str = ""
    marks: tuple[tuple[str, str, str], ...] = ()
    is_far: bool = False
    is_estimate: bool = False
    may_estimate: bool = False

    @property
    def anchor(self) -> str:
        return f"line-{self.code}"

    def __getitem__(self, name: str) -> Any:
        """A template asks for an item before it asks for an attribute, two thousand times a sheet."""
        return getattr(self, name)


@dataclass(frozen=True, slots=True)
class TotalsView:
    base: str
    bonus: str
    penalty: str
    total: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A line whose typed entry differs from what is stored now; `is_stale` if somebody else stored that meanwhile."""

    row: Row
    is_stale: bool
    stored_value: str
    stored_text: str
    typed_value: str
    is_stored_estimate: bool = False


def rows(
    sheet: Sheet,
    *,
    stage: str = Stage.SELF,
    typed: Typed | None = None,
    is_open: bool = False,
    only_changed: bool = False,
) -> list[Row]:
    """The rows of the sheet in printed order.

    With `is_open` the lines that can be written in `stage` get their input; what was `typed` stands in it again.
    `only_changed` leaves out lines that the review did not change, and groups without others.
    """
    lines = {line.criterion_id: line for line in sheet.lines}
    named = any(line.is_returned for line in sheet.lines) and sheet.card.status == CardStatus.RETURNED
    shown = {pk for pk, line in lines.items() if not only_changed or _is_changed(line)}
    built = []
    for depth, criterion in sheet.tree.walk():
        if not criterion.is_leaf:
            if any(leaf.pk in shown for leaf in sheet.tree.leaves_under(criterion)):
                built.append(_group_row(sheet, criterion, depth))
        elif criterion.pk in shown:
            line = lines[criterion.pk]
            can_write = (
                is_open
                and line.is_assigned
                and not criterion.source
                and (stage != Stage.SELF or not named or line.is_returned)
            )
            built.append(_line_row(sheet, line, stage, typed, can_write))
    return built


def line_row(sheet: Sheet, line: ScoreLine, *, stage: str, typed: Typed | None = None, is_open: bool = True) -> Row:
    return _line_row(sheet, line, stage, typed, is_open)


def groups_above(sheet: Sheet, line: ScoreLine) -> list[Row]:
    """The groups whose subtotals follow a change of `line`."""
    parents = {criterion.pk: criterion for criterion in sheet.tree.criteria}
    found, parent = [], line.criterion.parent_id
    while parent is not None:
        found.append(_group_row(sheet, parents[parent], 0))
        parent = parents[parent].parent_id
    return found


def totals_of(sheet: Sheet, stage: str) -> TotalsView:
    """The totals of a stage so far; dashes before its first line."""
    if all(getattr(line, f"{stage}_points") is None for line in sheet.lines):
        return TotalsView(*(NO_FIGURE,) * 4)
    totals = sheet.totals(stage)
    return TotalsView(*map(format_points, (totals.base, totals.bonus, totals.penalty, totals.total)))


def missing_for_submission(sheet: Sheet) -> list[dict[str, str]]:
    """The checklist before submitting: each sentence with the address of its line on the sheet."""
    return [
        {"text": sentence, "anchor": f"line-{line.criterion.code}", "level": "block"}
        for line, sentence in scorecards.missing_for_submission(sheet)
    ]


def missing_in_short(sheet: Sheet) -> list[dict[str, object]]:
    """The same for the side of the sheet: the codes without a value, a target, evidence or note."""
    lines = [line for line, _sentence in scorecards.missing_for_submission(sheet)]
    without_value = [line.criterion.code for line in lines if line.self_value is None]
    without_target = [line.criterion.code for line in lines if line.self_value is not None and sheet.lacks_target(line)]
    without_note = [
        line.criterion.code for line in lines if line.self_value is not None and not sheet.lacks_target(line)
    ]
    return [
        *_codes(_("No value yet"), without_value),
        *_codes(_("No target yet"), without_target),
        *_codes(_("No evidence or note yet"), without_note),
    ]


def missing_for_review(sheet: Sheet) -> list[dict[str, object]]:
    """What the reviewer still has to look at."""
    codes = [line.criterion.code for line in sheet.lines if sheet.is_due(line, Stage.REVIEWED)]
    return _codes(_("Not reviewed yet"), codes)


def _codes(label: str, codes: list[str]) -> list[dict[str, object]]:
    return [{"label": label, "count": len(codes), "codes": codes}] if codes else []


def conflicts(sheet: Sheet, typed: Typed, stage: str) -> list[Conflict]:
    """The lines that storing `typed` would change, those that somebody else changed meanwhile among them."""
    entries = {entry.line_pk: entry for entry in typed.entries}
    found = []
    for line in sheet.lines:
        entry = entries.get(line.pk)
        stored_value, stored_text = getattr(line, f"{stage}_value"), getattr(line, _TEXTS[Stage(stage)])
        is_stored_estimate = line.is_estimate and stage == Stage.SELF
        is_same_mark = stage != Stage.SELF or bool(entry and entry.is_estimate) == line.is_estimate
        if entry is None or (entry.value == stored_value and entry.text.strip() == stored_text and is_same_mark):
            continue
        rule = sheet.rule(line)
        found.append(
            Conflict(
                row=_line_row(sheet, line, stage, typed, True),
                is_stale=line.version != entry.version,
                stored_value=value_text(rule, line.criterion, stored_value),
                stored_text=stored_text,
                typed_value=value_text(rule, line.criterion, entry.value),
                is_stored_estimate=is_stored_estimate,
            )
        )
    return found


def value_text(rule: Rule, criterion: Criterion, value: Decimal | None) -> str:
    """A value as people read it: "98,5 %", "6 văn bản", the name of the level, yes or no."""
    if value is None:
        return NO_FIGURE
    if rule.kind == CriterionKind.BOOLEAN:
        return _("Achieved") if value else _("Not achieved")
    if rule.kind == CriterionKind.LEVELS:
        return next((level.label for level in criterion.levels.all() if level.position == value), NO_FIGURE)
    return f"{format_value(value)} {criterion.unit_of_measure}".strip()


def with_mark(text: str, line: ScoreLine) -> str:
    """A self-scored value in words, said to be an estimate where the unit marked it as one."""
    is_estimate = line.is_estimate and line.self_value is not None
    return f"{text} ({_('estimate for the whole year')})" if is_estimate else text


def _is_changed(line: ScoreLine) -> bool:
    later = line.final_points if line.final_points is not None else line.reviewed_points
    return later is not None and later != line.self_points


def _group_row(sheet: Sheet, criterion: Criterion, depth: int) -> Row:
    pks = {leaf.pk for leaf in sheet.tree.leaves_under(criterion)}
    lines = [line for line in sheet.lines if line.criterion_id in pks]
    points: Mapping[str, Any] = {
        f"{stage}_points": format_points(_subtotal(criterion, lines, stage)) for stage in STAGES
    }
    return Row(
        key=str(criterion.pk),
        code=criterion.code,
        title=criterion.title,
        css=f"group depth-{depth}",
        maximum=_maximum(criterion),
        is_group=True,
        is_top=depth == 0,
        is_penalty=criterion.section == Section.PENALTY,
        **points,
    )


def _subtotal(criterion: Criterion, lines: Iterable[ScoreLine], stage: str) -> Decimal | None:
    """The sum of a group, capped where the group is a bonus or penalty section; None while nothing is filled in."""
    points = [value for line in lines if (value := getattr(line, f"{stage}_points")) is not None]
    if not points:
        return None
    total = sum(points, Decimal("0.00"))
    if criterion.section == Section.BASE or criterion.parent_id is not None or criterion.max_points is None:
        return total
    return max(-criterion.max_points, min(criterion.max_points, total))


def _maximum(criterion: Criterion) -> str:
    if criterion.max_points is None:
        return NO_FIGURE
    return format_points(-criterion.max_points if criterion.section == Section.PENALTY else criterion.max_points)


def _line_row(sheet: Sheet, line: ScoreLine, stage: str, typed: Typed | None, is_open: bool) -> Row:
    criterion, rule = line.criterion, sheet.rule(line)
    error = typed.errors.get(line.pk, "") if typed else ""
    later = line.final_points if line.final_points is not None else line.reviewed_points
    difference = None if later is None or line.self_points is None else later - line.self_points
    return Row(
        key=str(line.pk),
        code=criterion.code,
        title=criterion.title,
        css="is-returned" if line.is_returned else "",
        maximum=_maximum(criterion),
        how=criterion.how_computed,
        evidence=criterion.evidence_required,
        target=_target(criterion, rule),
        pledge=sheet.pledges.get(criterion.pk),
        measure=criterion.unit_of_measure,
        self_note=line.self_note,
        reviewed_reason=line.reviewed_reason,
        final_reason=line.final_reason,
        difference=format_signed(difference) if difference else "",
        is_cut=bool(difference and difference < 0),
        closed_because=line.not_assigned_reason,
        source=criterion.get_source_display() if criterion.source else "",
        records=_records(sheet, line) if criterion.source else (),
        computed=_computed(sheet, line, stage),
        shown=evidence.mark_of(sheet, line, may_add=is_open and stage == Stage.SELF),
        last_year=sheet.last_year.get(criterion.pk, ""),
        marks=sheet.marks.get(line.pk, ()),
        is_far=calculations.is_far(line.self_points, line.reviewed_points, line.max_points),
        is_open=is_open,
        is_estimate=_is_estimate(line, stage, typed),
        may_estimate=is_open and stage == Stage.SELF and may_be_estimated(criterion),
        version=str(line.version),
        error=error,
        **_figures(line, rule),
        **(_input(line, rule, stage, typed) if is_open else {}),
    )


def _is_estimate(line: ScoreLine, stage: str, typed: Typed | None) -> bool:
    """Whether the mark of an estimate stands at the line; in a sheet to fill in, as it was typed."""
    if typed is not None and stage == Stage.SELF:
        return typed.estimates.get(line.pk, line.is_estimate)
    return line.is_estimate and line.self_value is not None


def _figures(line: ScoreLine, rule: Rule) -> Mapping[str, Any]:
    """Value and points in every stage. A line that is not assigned has points by rule, and no value; a compared one has
    a value, and no points before the comparison."""
    texts = {}
    for stage in STAGES:
        value, points = getattr(line, f"{stage}_value"), getattr(line, f"{stage}_points")
        texts[f"{stage}_value"] = value_text(rule, line.criterion, value)
        is_waiting = value is not None and points is None
        texts[f"{stage}_points"] = _("after the review") if is_waiting else format_points(points)
    return texts


# Their points stand in a list, or are the value itself.
_PLAIN_KINDS = (*CHOSEN_KINDS, CriterionKind.JUDGED)


def _computed(sheet: Sheet, line: ScoreLine, stage: str) -> str:
    """How the points of `stage`, or of the newest stage before it, came about; empty where nothing is filled in, or
    nothing is computed."""
    if not line.is_assigned or line.criterion.kind in _PLAIN_KINDS:
        return ""
    for one in STAGES[STAGES.index(Stage(stage)) :: -1]:
        value = getattr(line, f"{one}_value")
        if value is not None:
            return _in_words(sheet, line, value, one)
    return ""


def _in_words(sheet: Sheet, line: ScoreLine, value: Decimal, stage: str) -> str:
    try:
        return " ".join(sheet.score(line, value, stage).explanation)
    except Refused as refused:  # the target was taken away since
        return refused.message


def _records(sheet: Sheet, line: ScoreLine) -> tuple[RecordView, ...]:
    found = []
    for record in sheet.records.get(line.pk, ()):
        amount = "" if record.amount is None else format_value(record.amount)
        found.append(RecordView(record.text, amount, evidence.record_url(sheet.card, record.key)))
    return tuple(found)


def _target(criterion: Criterion, rule: Rule) -> str:
    if rule.kind not in (CriterionKind.RATIO, CriterionKind.RATIO_LEADER):
        return ""
    if rule.target is None:
        return _("Target: not set yet, ask the secretariat")
    text = _("Target: %(target)s (lower is better)") if rule.direction == Direction.LOWER else _("Target: %(target)s")
    return text % {"target": value_text(rule, criterion, rule.target)}


def _input(line: ScoreLine, rule: Rule, stage: str, typed: Typed | None) -> Mapping[str, Any]:
    stored = getattr(line, f"{stage}_value")
    value = "" if stored is None else format_value(stored)
    text = getattr(line, _TEXTS[Stage(stage)])
    if typed is not None:
        value, text = typed.values.get(line.pk, value), typed.texts.get(line.pk, text)
    options = _options(line.criterion, rule, value) if rule.kind in CHOSEN_KINDS else ()
    return {"value": value, "text": text, "options": options}


def _options(criterion: Criterion, rule: Rule, value: str) -> tuple[Option, ...]:
    if rule.kind == CriterionKind.BOOLEAN:
        pairs = [("1", _("Achieved")), ("0", _("Not achieved"))]
    else:
        levels = criterion.levels.all()
        pairs = [(str(level.position), f"{level.label} ({format_points(level.points)})") for level in levels]
    return (Option("", "–", False), *(Option(key, label, key == value.strip()) for key, label in pairs))
