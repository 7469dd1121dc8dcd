"""A node of a criteria set in words and figures: its parameters as sentences, its fields as people read them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from awards.enums import AwardLevel, CampaignKind, RecipientKind
from cluster_app.lib.points import NO_FIGURE, format_points, format_value
from scoring.criteria_checks import label_of
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.enums import CriterionKind, Direction, RecordSource, Section
from scoring.kinds import KINDS

NO_NAMES: Mapping[str, str] = {}
_MEASURED = (CriterionKind.RATIO, CriterionKind.RATIO_LEADER)
_CHOICES = {"kind": CriterionKind, "section": Section, "direction": Direction, "source": RecordSource}
_POINTS = ("max_points", "min_points", "points_per_item")
_VALUES = ("default_target", "step", "full_at_excess", "overclaim_percent")


def maximum_text(node: Node) -> str:
    """The maximum in points; what a penalty takes away at most stands below zero."""
    is_taken = node.section == Section.PENALTY and node.max_points
    return format_points(-node.max_points if is_taken and node.max_points else node.max_points)


def kind_text(node: Node) -> str:
    return str(CriterionKind(node.kind).label)


def parameters(node: Node, forms: Mapping[str, str] = NO_NAMES) -> list[str]:
    """What the leaf is scored by, in short sentences: "5 points for each scheme", "target 100 %"; none for a group.
    `forms` are the names of forms of commendations by their code."""
    if node.kind == CriterionKind.GROUP:
        return []
    found = [*_measure(node), *_per_item(node), *_bounds(node)]
    if node.source:
        found.append(_("Taken from: %(source)s") % {"source": RecordSource(node.source).label})
    found += [rule_text(rule, forms) for rule in node.source_rules]
    return found


def _measure(node: Node) -> list[str]:
    if node.kind == CriterionKind.BOOLEAN:
        return [_("All points or none")]
    found = []
    if node.kind in _MEASURED:
        found.append(_target(node))
    if node.direction == Direction.LOWER:
        found.append(str(Direction.LOWER.label))
    if node.kind == CriterionKind.RATIO_LEADER:
        excess = {"percent": format_value(node.full_at_excess)}
        smooth = _("%(percent)s %% above the target gives the maximum") % excess
        found.append(_("The best unit gets the maximum") if node.full_at_excess is None else smooth)
    return found


def _target(node: Node) -> str:
    if node.default_target is None:
        return _("A target for each unit")
    return _("Target %(target)s") % {"target": _measured(node.default_target, node)}


def _measured(value: Decimal, node: Node) -> str:
    return f"{format_value(value)} {node.unit_of_measure}".strip()


def _per_item(node: Node) -> list[str]:
    if node.points_per_item is None or "points_per_item" not in KINDS[node.kind].columns:
        return []
    values = {"points": format_value(node.points_per_item), "item": node.unit_of_measure or _("item")}
    if node.kind in (CriterionKind.DEDUCT, CriterionKind.PENALTY):
        return [_("%(points)s points off for each %(item)s") % values]
    return [_("%(points)s points for each %(item)s") % values]


def _bounds(node: Node) -> list[str]:
    found = []
    if node.step is not None:
        found.append(_("In steps of %(step)s") % {"step": format_value(node.step)})
    if node.min_points is not None:
        found.append(_("Never below %(points)s points") % {"points": format_value(node.min_points)})
    if node.overclaim_percent is not None:
        percent = {"percent": format_value(node.overclaim_percent)}
        found.append(_("From more than %(percent)s %% of the declared total on") % percent)
    return found


def table(node: Node) -> list[tuple[str, str]]:
    """The levels or bands of a criterion: what stands on the left, and its points."""
    return [(level_text(level, node), format_points(level.points)) for level in node.levels]


def level_text(level: LevelNode, node: Node) -> str:
    """A level by its name; a band by its name and its bounds."""
    if node.kind != CriterionKind.BANDS:
        return level.label
    values = {"from": format_value(level.from_value), "to": format_value(level.to_value)}
    bounds = _("%(from)s or more") if level.to_value is None else _("%(from)s to below %(to)s")
    text = f"{bounds % values} {node.unit_of_measure}".strip()
    return f"{level.label}: {text}" if level.label else text


def rule_text(rule: RuleNode, forms: Mapping[str, str] = NO_NAMES) -> str:
    """How much one record counts: "Emulation flag · collective: 5"."""
    if rule.campaign_kind:
        what = str(CampaignKind(rule.campaign_kind).label)
    elif rule.award_form:
        what = forms.get(rule.award_form, rule.award_form)
    else:
        what = _("Level %(level)s") % {"level": AwardLevel(rule.level).label}
    who = f" · {RecipientKind(rule.recipient_kind).label}" if rule.recipient_kind else ""
    return f"{what}{who}: {format_value(rule.amount)}"


def field_label(name: str) -> str:
    """What people call a field of `Node`, or its place among its siblings."""
    return _("Place in its group") if name == "place" else capfirst(label_of(name))


def field_text(name: str, node: Node) -> str:
    """The value of a field of `Node` as people read it; a dash where there is none."""
    if name == "levels":
        return _joined(f"{label}: {points}" for label, points in table(node))
    if name == "source_rules":
        return _joined(rule_text(rule) for rule in node.source_rules)
    value = getattr(node, name)
    if name in _POINTS:
        return format_points(value)
    if name in _VALUES:
        return format_value(value)
    if not value:
        return NO_FIGURE
    return str(_CHOICES[name](value).label) if name in _CHOICES else str(value)


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(texts) or NO_FIGURE


def summary(node: Node, forms: Mapping[str, str] = NO_NAMES) -> str:
    """Kind, maximum and parameters in one line."""
    points = _("%(points)s points") % {"points": maximum_text(node)}
    tables = [f"{label}: {worth}" for label, worth in table(node)]
    return _joined([kind_text(node), *([points] if node.max_points else []), *parameters(node, forms), *tables])
