"""The criteria set of a year: editing the draft, and applying it for good."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import key_of
from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.points import format_points
from members.models import User
from scoring import permissions, sheets
from scoring.enums import CriterionKind, Section, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Scorecard, Target
from scoring.services import lines
from scoring.services.locking import lock_card
from scoring.sheets import Tree, tree_of

_KINDS_OF_SECTION: Mapping[str, Sequence[str]] = {
    Section.BONUS: (CriterionKind.GROUP, CriterionKind.BONUS, CriterionKind.LEVELS, CriterionKind.BOOLEAN),
    Section.PENALTY: (CriterionKind.GROUP, CriterionKind.PENALTY),
}


def missing_for_application(criteria_set: CriteriaSet) -> list[str]:
    """Why a set cannot be applied yet: base children that do not sum to their parent or to the declared total
    (domain.md rule 15), missing texts, levels without points up to the maximum, kinds in the wrong section."""
    tree = tree_of(criteria_set.pk)
    roots = [root for root in tree.roots() if root.section == Section.BASE]
    found = [] if tree.leaves() else [_("The set has no criteria yet.")]
    found += _sum_problem(_("The set"), criteria_set.declared_total, roots)
    for criterion in tree.criteria:
        found += _problems_of(tree, criterion)
    for section in (Section.BONUS, Section.PENALTY):
        codes = [root.code for root in tree.roots() if root.section == section]
        if len(codes) > 1:
            found.append(
                _("%(codes)s are several groups of %(section)s; there can be one.")
                % {"codes": ", ".join(codes), "section": section.label.lower()}
            )
    return found


def _problems_of(tree: Tree, criterion: Criterion) -> list[str]:
    children = tree.children.get(criterion.pk, [])
    found = []
    if any(child.section != criterion.section for child in children):
        found.append(_("%(code)s has parts of another section.") % {"code": criterion.code})
    return found + (_leaf_problems(criterion, children) if criterion.is_leaf else _group_problems(criterion, children))


def _group_problems(group: Criterion, children: Sequence[Criterion]) -> list[str]:
    if not children:
        return [_("%(code)s is a group without criteria.") % {"code": group.code}]
    if group.section == Section.BASE:
        return _sum_problem(group.code, group.max_points, children)
    if group.parent_id is not None:
        return [_("%(code)s lies deeper than bonus and penalty groups may.") % {"code": group.code}]
    return []


def _leaf_problems(leaf: Criterion, children: Sequence[Criterion]) -> list[str]:
    found = []
    if children:
        found.append(_("%(code)s has parts, so it must be a group.") % {"code": leaf.code})
    if leaf.kind not in _KINDS_OF_SECTION.get(leaf.section, tuple(CriterionKind)) or (
        leaf.section == Section.BASE and leaf.kind in (CriterionKind.BONUS, CriterionKind.PENALTY)
    ):
        found.append(_("%(code)s is of a kind that its section does not allow.") % {"code": leaf.code})
    if not leaf.how_computed or not leaf.evidence_required:
        found.append(
            _("%(code)s does not say how points are computed, or which evidence is required.") % {"code": leaf.code}
        )
    if leaf.kind == CriterionKind.LEVELS:
        best = max((level.points for level in leaf.levels.all()), default=None)
        if best != leaf.max_points:
            found.append(_("The best level of %(code)s does not give its maximum.") % {"code": leaf.code})
    return found


def _sum_problem(name: str, declared: Decimal | None, children: Sequence[Criterion]) -> list[str]:
    total = sum((child.max_points or Decimal(0) for child in children), Decimal(0))
    if declared is None or total == declared:
        return []
    values = {
        "name": name,
        "declared": format_points(declared),
        "total": format_points(total),
        "difference": format_points(declared - total),
    }
    return [_("%(name)s declares %(declared)s, but its parts sum to %(total)s (difference %(difference)s).") % values]


def _lock_draft(criteria_set: CriteriaSet, by: User) -> CriteriaSet:
    locked = (
        CriteriaSet.objects.select_for_update(of=("self",))
        .select_related("year__cluster", "year__rules")
        .get(pk=criteria_set.pk)
    )
    permissions.check_can_edit_criteria(by, locked.year)
    if locked.is_applied:
        raise WrongState(_("The criteria set is applied and can no longer be changed."))
    return locked


@transaction.atomic
def save_set(*, criteria_set: CriteriaSet, by: User, at: datetime) -> CriteriaSet:
    """Creates a draft set, or changes its title and declared total."""
    if criteria_set.pk:
        if _lock_draft(criteria_set, by).year_id != criteria_set.year_id:
            raise Refused(errors={"year": [_("A set stays in its year. Make a new one for the other year.")]})
    else:
        permissions.check_can_edit_criteria(by, criteria_set.year)
    save_checked(criteria_set)
    _log(criteria_set, "criteria_set.save", by, at, {"title": criteria_set.title})
    return criteria_set


@transaction.atomic
def save_criterion(*, criterion: Criterion, by: User, at: datetime) -> Criterion:
    """Adds or changes one node of a draft set. Raises Refused for a parent that is a leaf, of another set or a
    descendant of the node."""
    criteria_set = _lock_draft(criterion.criteria_set, by)
    stored = Criterion.objects.filter(pk=criterion.pk).first() if criterion.pk else None
    if stored is not None and stored.criteria_set_id != criterion.criteria_set_id:
        raise Refused(_("A criterion stays in its set. Copy it to the other one."))
    _check_parent(criterion)
    save_checked(criterion)
    _log(criteria_set, "criterion.save", by, at, {"criterion": criterion.code})
    return criterion


def _check_parent(criterion: Criterion) -> None:
    parent, seen = criterion.parent, set()
    if parent is not None and (parent.is_leaf or parent.criteria_set_id != criterion.criteria_set_id):
        raise Refused(errors={"parent": [_("Choose a group of the same set as the parent.")]})
    while parent is not None and parent.pk not in seen:
        if parent.pk == criterion.pk:
            raise Refused(errors={"parent": [_("A group cannot lie inside itself. Choose another parent.")]})
        seen.add(parent.pk)
        parent = parent.parent


@transaction.atomic
def save_levels(*, criterion: Criterion, levels: Sequence[CriterionLevel], by: User, at: datetime) -> None:
    """Replaces the levels of a criterion of a draft set."""
    criteria_set = _lock_draft(criterion.criteria_set, by)
    criterion.levels.all().delete()
    for level in levels:
        level.pk, level.criterion = None, criterion
        save_checked(level)
    _log(criteria_set, "criterion.save_levels", by, at, {"criterion": criterion.code, "count": len(levels)})


@transaction.atomic
def delete_criterion(*, criterion: Criterion, by: User, at: datetime) -> None:
    """Removes a node of a draft set with everything under it; drafts have no history to keep."""
    criteria_set = _lock_draft(criterion.criteria_set, by)
    key, code = key_of(criterion), criterion.code
    try:
        criterion.delete()
    except ProtectedError as error:
        refusal = _("%(code)s has targets of units, so it stays. Change it instead.")
        raise Refused(refusal % {"code": code}) from error
    _log(criteria_set, "criterion.delete", by, at, {"criterion": code, "key": key})


@transaction.atomic
def apply(*, criteria_set: CriteriaSet, by: User, at: datetime) -> CriteriaSet:
    """Freezes the set and makes it the one of its year. Raises Refused with every node that does not add up."""
    criteria_set = _lock_draft(criteria_set, by)
    if missing := missing_for_application(criteria_set):
        raise Refused(_("The criteria set cannot be applied yet."), missing=missing)
    criteria_set.status = SetStatus.APPLIED
    criteria_set.applied_at, criteria_set.applied_by = at, by
    save_checked(criteria_set)
    _log(criteria_set, "criteria_set.apply", by, at, {"declared_total": str(criteria_set.declared_total)})
    return criteria_set


@transaction.atomic
def set_target(*, target: Target, by: User, at: datetime) -> Target:
    """Sets the target of one unit for one criterion; the secretariat's act, never the unit's.

    The points of a line that is filled in already follow the new target. Raises WrongState once the card was submitted.
    """
    membership = target.membership
    permissions.check_can_write_target(by, membership)
    _check_target(target)
    card = Scorecard.objects.filter(membership=membership).first()
    if card is not None:
        card = lock_card(card.pk)
        if card.submitted_at is not None:
            raise WrongState(_("The card was submitted with its targets, so they stay as they are."))
    save_checked(target)
    if card is not None:
        lines.recompute_self(sheets.load(card, lock=True), target.criterion_id)
    log.append(
        by=by,
        at=at,
        verb="target.set",
        thing=target,
        cluster=membership.year.cluster.slug,
        year=membership.year.year,
        changes={"criterion": target.criterion.code, "value": str(target.value), "source": target.source},
    )
    return target


def _check_target(target: Target) -> None:
    """Raises Refused for a target that is moved to another unit or criterion, or that nothing is measured by."""
    stored = Target.objects.select_for_update().filter(pk=target.pk).first() if target.pk else None
    if stored is not None and stored.membership_id != target.membership_id:
        raise Refused(errors={"membership": [_("A target stays with its unit. Set a new one for the other unit.")]})
    if stored is not None and stored.criterion_id != target.criterion_id:
        raise Refused(errors={"criterion": [_("A target stays with its criterion. Set a new one for the other.")]})
    criterion = target.criterion
    if criterion.kind != CriterionKind.RATIO or criterion.criteria_set.year_id != target.membership.year_id:
        raise Refused(errors={"criterion": [_("Choose a criterion of this year that is measured by a target.")]})


def _log(criteria_set: CriteriaSet, verb: str, by: User, at: datetime, changes: dict) -> None:
    year = criteria_set.year
    log.append(by=by, at=at, verb=verb, thing=criteria_set, cluster=year.cluster.slug, year=year.year, changes=changes)
