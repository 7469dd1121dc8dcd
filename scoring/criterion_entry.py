"""One criterion as it is typed: the form, its table and the rules of its source together, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.models import model_to_dict

from awards.models import AwardForm
from scoring.criteria_forms import AwardRuleForm, BandForm, CampaignRuleForm, CriterionForm, LevelForm, Rows, rows_of
from scoring.enums import CriterionKind, Section
from scoring.models import Criterion, CriterionLevel, SourceRule
from scoring.sources import SOURCES

_TABLES: Mapping[str, type[forms.Form]] = {CriterionKind.LEVELS: LevelForm, CriterionKind.BANDS: BandForm}
_RULES: Mapping[str, type[forms.Form]] = {"award": AwardRuleForm, "campaign": CampaignRuleForm}
# The buttons that change the form instead of saving it; the number is how many empty rows they add.
REDRAWING = {"choose": 0, "more": 3}


@dataclass(frozen=True)
class CriterionEntry:
    """The three parts of the form; `table` and `rules` are None where kind or source has none."""

    form: CriterionForm
    table: Rows | None
    rules: Rows | None

    def is_valid(self) -> bool:
        """Asks every part, so that all that is wrong is said at once."""
        answers = [part.is_valid() for part in (self.form, self.table, self.rules) if part is not None]
        return all(answers)

    def levels(self) -> list[CriterionLevel]:
        rows = self.table.filled() if self.table is not None else []
        levels = [row.level() for row in rows]
        for place, level in enumerate(levels, start=1):
            level.position = place
        return levels

    def source_rules(self) -> list[SourceRule]:
        return [row.rule() for row in self.rules.filled()] if self.rules is not None else []


def stored_entry(criterion: Criterion) -> CriterionEntry:
    """The form of a criterion as it is stored. At most three queries."""
    levels = [model_to_dict(level) for level in criterion.levels.all()] if criterion.kind in _TABLES else []
    rules = criterion.source_rules.select_related("award_form").order_by("pk") if criterion.source else []
    rows = [model_to_dict(rule) | {"award_form": rule.award_form.code if rule.award_form else ""} for rule in rules]
    return _entry(criterion, criterion.kind, criterion.source, model_to_dict(criterion), levels, rows)


def new_entry(criterion: Criterion) -> CriterionEntry:
    """The empty form of a criterion that is not stored yet."""
    return _entry(criterion, criterion.kind, "", {"kind": criterion.kind, "section": criterion.section}, [], [])


def typed_entry(criterion: Criterion, data: Mapping[str, Any]) -> CriterionEntry:
    """The form as it was sent, to be checked."""
    kind, source, section = _chosen(criterion, data)
    is_top = criterion.parent_id is None
    ids = _ids(criterion)
    form = CriterionForm(data, auto_id=ids, kind=kind, source=source, section=section, is_top=is_top)
    return CriterionEntry(form, _table(kind, data=data, ids=ids), _rules(source, data=data, ids=ids))


def _ids(criterion: Criterion) -> str:
    """The names of the fields within the page, on which several forms can be open at once."""
    return f"id_{criterion.pk or 'new'}_%s"


def redrawn_entry(criterion: Criterion, data: Mapping[str, Any]) -> CriterionEntry:
    """The form as it was sent, drawn anew for another kind, another source or more rows; nothing is checked."""
    kind, source, section = _chosen(criterion, data)
    values = {name: data[name] for name in data} | {"kind": kind, "source": source}
    more = sum(count for name, count in REDRAWING.items() if name in data)
    levels, rules = _typed_rows(data, "levels"), _typed_rows(data, "rules")
    return _entry(criterion, kind, source, values | {"section": section}, levels, rules, more)


def _chosen(criterion: Criterion, data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Kind, source and section as they are chosen; a source that does not fit the kind is none."""
    kind, source = data.get("kind", ""), data.get("source", "")
    kind = kind if kind in CriterionKind.values else criterion.kind
    source = source if source in SOURCES and kind in SOURCES[source].kinds else ""
    section = data.get("section", "") if criterion.parent_id is None else criterion.section
    return kind, source, section if section in Section.values else criterion.section


def _typed_rows(data: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    """The rows of a table as they were typed, without those that are empty."""
    rows: dict[int, dict[str, Any]] = {}
    for name in data:
        head, _dash, rest = name.partition("-")
        place, _dash, column = rest.partition("-")
        if head == prefix and place.isdecimal() and len(place) < 3 and column:
            rows.setdefault(int(place), {})[column] = data[name]
    return [row for _place, row in sorted(rows.items()) if any(row.values())]


def _entry(
    criterion: Criterion, kind: str, source: str, values: Mapping[str, Any], levels: Any, rules: Any, more: int = 0
) -> CriterionEntry:
    section = values.get("section", criterion.section)
    ids, is_top = _ids(criterion), criterion.parent_id is None
    form = CriterionForm(initial=values, auto_id=ids, kind=kind, source=source, section=section, is_top=is_top)
    table = _table(kind, initial=levels, more=more, ids=ids)
    return CriterionEntry(form, table, _rules(source, initial=rules, more=more, ids=ids))


def _table(kind: str, **content: Any) -> Rows | None:
    return rows_of(_TABLES[kind], "levels", **content) if kind in _TABLES else None


def _rules(source: str, **content: Any) -> Rows | None:
    form = _RULES.get(SOURCES[source].rules) if source else None
    if form is None:
        return None
    if form is CampaignRuleForm:
        return rows_of(form, "rules", **content)
    known = {one.code: one for one in AwardForm.objects.order_by("valid_from", "pk")}
    names = dict(sorted(known.items(), key=lambda pair: pair[1].name))
    return rows_of(form, "rules", award_forms=names, **content)
