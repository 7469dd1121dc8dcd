"""What must hold before a criteria set can be applied or imported: sentences that name every criterion at fault, and
the parameter where there is one (domain.md rule 15; features.md E1, E4, E5, E12)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.points import format_points, format_value
from scoring.criteria_nodes import Node
from scoring.enums import CriterionKind, Direction, RecordSource, Section
from scoring.kinds import KINDS, Band, Rule
from scoring.models import Criterion
from scoring.models.criteria import LARGEST_DEPTH
from scoring.sheets import PERCENT
from scoring.sources import SOURCES

# The parameters that some kinds have and others have not; "levels" stands for the table.
PARAMETERS = ("default_target", "points_per_item", "min_points", "step", "full_at_excess")


@dataclass(frozen=True)
class Problem:
    """What is wrong. `code` is empty where it is the set as a whole; `field` names a field of `Node`, or is empty."""

    sentence: str
    code: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}" if self.code else self.sentence


def problems_of(declared_total: Decimal, nodes: Sequence[Node]) -> list[Problem]:
    """Everything that stands against putting the set into force; empty if it can be applied."""
    found = problems_of_tree(nodes)
    children = _children(nodes)
    if not any(node.kind != CriterionKind.GROUP for node in nodes):
        found.append(Problem(_("The set has no criteria yet.")))
    base = [node for node in children.get("", ()) if node.section == Section.BASE]
    found += _sum_problem("", _("The set"), declared_total, base)
    for node in nodes:
        found += _problems_of(node, children.get(node.code, ()))
    for section in (Section.BONUS, Section.PENALTY):
        codes = [node.code for node in children.get("", ()) if node.section == section]
        if len(codes) > 1:
            text = _("%(codes)s are several groups of %(section)s; there can be one.")
            values = {"codes": ", ".join(codes), "section": section.label.lower()}
            found.append(Problem(text % values, codes[1], "section"))
    return found


def problems_of_tree(nodes: Sequence[Node]) -> list[Problem]:
    """What makes the nodes no tree: a code twice, a parent that is not there or no group, a circle, too much depth."""
    counts, by_code = Counter(node.code for node in nodes), {node.code: node for node in nodes}
    found = [
        Problem(_("The code stands in the set more than once."), code, "code")
        for code, count in counts.items()
        if count > 1
    ]
    for node in nodes:
        if node.parent and node.parent not in by_code:
            text = _("Its parent %(parent)s is not in the set.") % {"parent": node.parent}
            found.append(Problem(text, node.code, "parent"))
            continue
        above = _above(node, by_code)
        if any(one.code == node.code for one in above):
            found.append(Problem(_("It lies inside itself. Choose another parent."), node.code, "parent"))
        elif len(above) >= LARGEST_DEPTH:
            text = _("It lies deeper than %(depth)d levels.") % {"depth": LARGEST_DEPTH}
            found.append(Problem(text, node.code, "parent"))
    return found


def _above(node: Node, by_code: Mapping[str, Node]) -> list[Node]:
    """The groups above a node, the nearest first; the node itself among them if it lies inside itself."""
    above: dict[str, Node] = {}
    parent = by_code.get(node.parent)
    while parent is not None and parent.code not in above:
        above[parent.code] = parent
        parent = by_code.get(parent.parent)
    return list(above.values())


def _children(nodes: Sequence[Node]) -> dict[str, list[Node]]:
    children: dict[str, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    return children


def _problems_of(node: Node, children: Sequence[Node]) -> list[Problem]:
    found = [
        Problem(_("It is in another section than the group it belongs to."), child.code, "section")
        for child in children
        if child.section != node.section
    ]
    if node.kind == CriterionKind.GROUP:
        return found + _group_problems(node, children)
    if children:
        found.append(Problem(_("It has parts, so it must be a group."), node.code, "kind"))
    return found + problems_of_leaf(node)


def problems_of_leaf(leaf: Node) -> list[Problem]:
    """What is wrong with the parameters of a scored criterion."""
    kind = KINDS[leaf.kind]
    found = []
    if leaf.section not in kind.sections and not _is_counted_bonus(leaf):
        text = _("This kind is not possible in the section “%(section)s”.") % {"section": Section(leaf.section).label}
        found.append(Problem(text, leaf.code, "kind"))
    for name in ("how_computed", "evidence_required"):
        if not getattr(leaf, name).strip():
            found.append(Problem(_("Write “%(field)s”.") % {"field": label_of(name)}, leaf.code, name))
    found += _bounds(leaf)
    missing = _missing(leaf)
    found += [Problem(_("Fill in “%(field)s”.") % {"field": label_of(name)}, leaf.code, name) for name in missing]
    text = _("“%(field)s” means nothing for this kind. Leave it empty.")
    found += [Problem(text % {"field": label_of(name)}, leaf.code, name) for name in _surplus(leaf)]
    if not missing and not found:
        found += [Problem(_sentence(one), leaf.code, _place(leaf)) for one in kind.problems(rule_of_node(leaf))]
    return found + _source_problems(leaf)


def _is_counted_bonus(leaf: Node) -> bool:
    """A bonus may be counted per item too: the two kinds compute alike."""
    return leaf.section == Section.BONUS and leaf.kind == CriterionKind.PER_ITEM


def _bounds(leaf: Node) -> list[Problem]:
    """What the constraints of the database would refuse, said before they are asked."""
    found = []
    if leaf.max_points is None and leaf.kind != CriterionKind.PENALTY:
        found.append(Problem(_("Only a penalty may be without a maximum."), leaf.code, "max_points"))
    if leaf.max_points is not None and leaf.max_points <= 0:
        found.append(Problem(_("The maximum must be more than 0."), leaf.code, "max_points"))
    if leaf.min_points is not None and not 0 <= leaf.min_points < (leaf.max_points or 0):
        text = _("The least points must lie between 0 and the maximum.")
        found.append(Problem(text, leaf.code, "min_points"))
    for name in ("points_per_item", "step", "full_at_excess", "overclaim_percent"):
        value = getattr(leaf, name)
        if value is not None and value <= 0:
            text = _("“%(field)s” must be more than 0.") % {"field": label_of(name)}
            found.append(Problem(text, leaf.code, name))
    if leaf.default_target is not None and leaf.default_target < 0:
        found.append(Problem(_("A target cannot be negative."), leaf.code, "default_target"))
    largest = KINDS[leaf.kind].largest_value(rule_of_node(leaf)) if leaf.kind == CriterionKind.RATIO else None
    if largest is not None and leaf.default_target is not None and leaf.default_target > largest:
        text = _("A target of more than %(largest)s cannot be reached.") % {"largest": format_value(largest)}
        found.append(Problem(text, leaf.code, "default_target"))
    return found


def _missing(leaf: Node) -> list[str]:
    needed = KINDS[leaf.kind].columns
    return [name for name in PARAMETERS if name in needed and getattr(leaf, name) is None]


def _surplus(leaf: Node) -> list[str]:
    """The parameters that are filled in, but mean nothing for the kind of the leaf."""
    kind = KINDS[leaf.kind]
    possible = kind.columns | kind.may_have
    found = [name for name in PARAMETERS if name not in possible and getattr(leaf, name) is not None]
    if "direction" not in possible and leaf.direction != Direction.HIGHER:
        found.append("direction")
    if "levels" not in possible and leaf.levels:
        found.append("levels")
    if leaf.source != RecordSource.OVERCLAIM and leaf.overclaim_percent is not None:
        found.append("overclaim_percent")
    if leaf.source_rules and not (leaf.source and SOURCES[leaf.source].rules):
        found.append("source_rules")
    return found


def rule_of_node(leaf: Node) -> Rule:
    """What the leaf is scored by for a unit without a target of its own."""
    is_banded = leaf.kind == CriterionKind.BANDS
    return Rule(
        kind=leaf.kind,
        max_points=leaf.max_points,
        points_per_item=leaf.points_per_item,
        direction=leaf.direction,
        target=leaf.default_target,
        levels={} if is_banded else {place: level.points for place, level in enumerate(leaf.levels, start=1)},
        bands=tuple(Band(one.from_value, one.to_value, one.points) for one in leaf.levels) if is_banded else (),
        min_points=leaf.min_points,
        step=leaf.step,
        full_at_excess=leaf.full_at_excess,
        is_fed=bool(leaf.source),
        is_percentage=leaf.unit_of_measure == PERCENT,
    )


def _source_problems(leaf: Node) -> list[Problem]:
    if not leaf.source:
        return []
    source = SOURCES[leaf.source]
    if leaf.kind not in source.kinds:
        text = _("A value taken from “%(source)s” does not fit this kind.")
        return [Problem(text % {"source": RecordSource(leaf.source).label}, leaf.code, "source")]
    return [Problem(_sentence(one), leaf.code, "source") for one in source.problems(leaf)]


def _group_problems(group: Node, children: Sequence[Node]) -> list[Problem]:
    if not children:
        return [Problem(_("It is a group without criteria."), group.code, "code")]
    if group.section == Section.BASE:
        return _sum_problem(group.code, _("It"), group.max_points, children)
    if group.parent:
        return [Problem(_("It lies deeper than bonus and penalty groups may."), group.code, "parent")]
    return []


def sum_of(nodes: Sequence[Node]) -> Decimal:
    """The points that the parts of a group, or of the set, bring together."""
    return sum((node.max_points or Decimal(0) for node in nodes), Decimal(0))


def _sum_problem(code: str, name: str, declared: Decimal | None, children: Sequence[Node]) -> list[Problem]:
    total = sum_of(children)
    if declared is None or total == declared:
        return []
    values = {
        "name": name,
        "declared": format_points(declared),
        "total": format_points(total),
        "difference": format_points(declared - total),
    }
    text = _("%(name)s declares %(declared)s, but its parts sum to %(total)s (difference %(difference)s).")
    return [Problem(text % values, code, "max_points")]


def _place(leaf: Node) -> str:
    return "levels" if "levels" in KINDS[leaf.kind].columns else "kind"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def label_of(name: str) -> str:
    """What people call a field of `Node`."""
    if name == "levels":
        return _("levels")
    if name == "source_rules":
        return _("rules of a source")
    return str(Criterion._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
