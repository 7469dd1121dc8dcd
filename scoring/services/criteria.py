"""Editing the draft of a criteria set, node by node. Putting it into force, versions and copies: `criteria_sets`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import key_of
from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.models import User
from scoring import permissions
from scoring.criteria_nodes import in_natural_order, mark_of
from scoring.models import CriteriaSet, Criterion, CriterionLevel, SourceRule, Target
from scoring.models.criteria import LARGEST_DEPTH
from scoring.services.target_checks import MEASURED_KINDS
from scoring.sheets import Tree, tree_of


def lock_draft(criteria_set: CriteriaSet, by: User | None) -> CriteriaSet:
    """Returns the set with its row locked. Raises WrongState unless it is a draft, NotAllowed, NotKnown."""
    locked = for_update(CriteriaSet.objects).select_related("year__cluster", "year__rules").get(pk=criteria_set.pk)
    permissions.check_can_edit_criteria(by, locked.year)
    if locked.is_applied:
        raise WrongState(_("The criteria set is applied and can no longer be changed."))
    return locked


@transaction.atomic
def save_set(*, criteria_set: CriteriaSet, by: User | None, at: datetime) -> CriteriaSet:
    """Creates a draft set, or changes its title, its declared total and whether lines may share records."""
    if criteria_set.pk:
        if lock_draft(criteria_set, by).year_id != criteria_set.year_id:
            raise Refused(errors={"year": [_("A set stays in its year. Make a new one for the other year.")]})
    else:
        permissions.check_can_edit_criteria(by, criteria_set.year)
    save_checked(criteria_set)
    log_set(criteria_set, "criteria_set.save", by, at, {"title": criteria_set.title})
    return criteria_set


@transaction.atomic
def save_criterion(
    *,
    criterion: Criterion,
    levels: Sequence[CriterionLevel] | None = None,
    source_rules: Sequence[SourceRule] | None = None,
    after: Criterion | None = None,
    seen: str = "",
    by: User,
    at: datetime,
) -> Criterion:
    """Adds or changes one node of a draft set, with its levels and the rules of its source where they are given. A new
    one stands behind its sibling `after`, else comes last; what lies below a group follows it into its section.

    `seen` is the mark of what the person's form was made from (`criteria_nodes.mark_of`). Raises Refused if somebody
    else changed the criterion since; for a parent that is a leaf, of another set or a descendant of the node, below the
    sixth level, and for a kind that its parts or the targets of units stand against.
    """
    criteria_set = lock_draft(criterion.criteria_set, by)
    stored = Criterion.objects.filter(pk=criterion.pk).first() if criterion.pk else None
    if stored is not None and stored.criteria_set_id != criterion.criteria_set_id:
        raise Refused(_("A criterion stays in its set. Copy it to the other one."))
    _check_seen(stored, seen)
    tree = tree_of(criteria_set.pk)
    _check_parent(tree, criterion, criterion.parent)
    _check_kind(tree, criterion, stored)
    if not criterion.pk and not criterion.order:
        criterion.order = max((node.order for node in tree.criteria), default=0) + 1
    save_checked(criterion)
    below = [node.pk for node in _below(tree, criterion)] if stored is not None else []
    Criterion.objects.filter(pk__in=below).exclude(section=criterion.section).update(section=criterion.section)
    if levels is not None:
        _replace(criterion, criterion.levels.all(), levels)
    if source_rules is not None:
        _replace(criterion, criterion.source_rules.all(), source_rules)
    if after is not None:
        _put_behind(criterion, after)
    log_set(criteria_set, "criterion.save", by, at, {"criterion": criterion.code})
    return criterion


def _check_seen(stored: Criterion | None, seen: str) -> None:
    if stored is None or not seen or seen == mark_of(stored):
        return
    text = _(
        "%(code)s was changed in another place after your form was shown. Nothing was saved. Saving once more puts "
        "yours in its place."
    )
    raise Refused(text % {"code": stored.code})


def _check_kind(tree: Tree, criterion: Criterion, stored: Criterion | None) -> None:
    if criterion.is_leaf and criterion.pk and tree.children.get(criterion.pk):
        raise Refused(errors={"kind": [_("It has parts, so it must be a group.")]})
    if stored is None or stored.kind == criterion.kind or criterion.kind in MEASURED_KINDS:
        return
    targets = Target.objects.filter(criterion=stored)
    if (targets if not criterion.is_leaf else targets.filter(is_assigned=True)).exists():
        raise Refused(errors={"kind": [_("Units have targets for it. Take the targets away first.")]})


def _put_behind(criterion: Criterion, sibling: Criterion) -> None:
    """Raises Refused unless the two lie in the same group of the same set."""
    tree = tree_of(criterion.criteria_set_id)
    siblings = tree.children.get(criterion.parent_id, [])
    pks = [one.pk for one in siblings]
    if sibling.pk not in pks:
        raise Refused(errors={"parent": [_("Choose a group of the same set as the parent.")]})
    moved = siblings.pop(pks.index(criterion.pk))
    siblings.insert([one.pk for one in siblings].index(sibling.pk) + 1, moved)
    _store_order(tree)


def _check_parent(tree: Tree, criterion: Criterion, parent: Criterion | None) -> None:
    if parent is None:
        return
    by_pk = {one.pk: one for one in tree.criteria}
    if parent.is_leaf or parent.pk not in by_pk:
        raise Refused(errors={"parent": [_("Choose a group of the same set as the parent.")]})
    above = [parent.pk]
    while (upper := by_pk[above[-1]].parent_id) is not None:
        above.append(upper)
    if criterion.pk in above:
        raise Refused(errors={"parent": [_("A group cannot lie inside itself. Choose another parent.")]})
    if len(above) + _height(tree, criterion) > LARGEST_DEPTH:
        text = _("The tree would be deeper than %(depth)d levels. Choose a higher group.")
        raise Refused(errors={"parent": [text % {"depth": LARGEST_DEPTH}]})


def _height(tree: Tree, criterion: Criterion) -> int:
    """How many levels the criterion brings along, itself counted."""
    parts = tree.children.get(criterion.pk, []) if criterion.pk else []
    return 1 + max((_height(tree, part) for part in parts), default=0)


@transaction.atomic
def move(*, criterion: Criterion, parent: Criterion | None, place: int, by: User, at: datetime) -> Criterion:
    """Puts a node of a draft set, with all it holds, under `parent` (None: at the top), before the sibling that stands
    at `place` now (from 0; past the end: last). It takes on the section of its new group. Raises Refused as
    `save_criterion`."""
    criteria_set = lock_draft(criterion.criteria_set, by)
    tree = tree_of(criteria_set.pk)
    by_pk = {one.pk: one for one in tree.criteria}
    moved = by_pk[criterion.pk]
    new_parent = by_pk.get(parent.pk) if parent is not None else None
    if parent is not None and new_parent is None:
        raise Refused(errors={"parent": [_("Choose a group of the same set as the parent.")]})
    _check_parent(tree, moved, new_parent)
    siblings = [one for one in tree.children.get(new_parent.pk if new_parent else None, []) if one.pk != moved.pk]
    siblings.insert(min(max(place, 0), len(siblings)), moved)
    tree.children[moved.parent_id] = [one for one in tree.children[moved.parent_id] if one.pk != moved.pk]
    tree.children[new_parent.pk if new_parent else None] = siblings
    moved.parent = new_parent
    if new_parent is not None:
        for node in [moved, *_below(tree, moved)]:
            node.section = new_parent.section
    _store_order(tree)
    log_set(criteria_set, "criterion.move", by, at, {"criterion": moved.code, "parent": getattr(parent, "code", "")})
    return moved


def _below(tree: Tree, criterion: Criterion) -> list[Criterion]:
    return [node for _depth, node in tree.walk(criterion)]


def _store_order(tree: Tree) -> None:
    """Numbers all nodes in printed order; one statement."""
    nodes = [node for _depth, node in tree.walk()]
    for place, node in enumerate(nodes, start=1):
        node.order = place
    Criterion.objects.bulk_update(nodes, ["parent", "order", "section"])


@transaction.atomic
def sort_by_codes(*, criteria_set: CriteriaSet, by: User, at: datetime) -> CriteriaSet:
    """Puts all siblings of a draft set into the natural order of their codes (W7)."""
    criteria_set = lock_draft(criteria_set, by)
    tree = tree_of(criteria_set.pk)
    for parent, siblings in tree.children.items():
        tree.children[parent] = in_natural_order(siblings)
    _store_order(tree)
    log_set(criteria_set, "criteria_set.sort", by, at, {})
    return criteria_set


@transaction.atomic
def save_levels(*, criterion: Criterion, levels: Sequence[CriterionLevel], by: User, at: datetime) -> None:
    """Replaces the levels or bands of a criterion of a draft set."""
    criteria_set = lock_draft(criterion.criteria_set, by)
    _replace(criterion, criterion.levels.all(), levels)
    log_set(criteria_set, "criterion.save_levels", by, at, {"criterion": criterion.code, "count": len(levels)})


@transaction.atomic
def save_source_rules(*, criterion: Criterion, rules: Sequence[SourceRule], by: User, at: datetime) -> None:
    """Replaces the rules by which records count toward a criterion of a draft set."""
    criteria_set = lock_draft(criterion.criteria_set, by)
    _replace(criterion, criterion.source_rules.all(), rules)
    log_set(criteria_set, "criterion.save_rules", by, at, {"criterion": criterion.code, "count": len(rules)})


def _replace(
    criterion: Criterion,
    stored: QuerySet[CriterionLevel] | QuerySet[SourceRule],
    rows: Sequence[CriterionLevel | SourceRule],
) -> None:
    """Raises Refused with the number of the row at fault."""
    stored.delete()
    for place, row in enumerate(rows, start=1):
        row.pk, row.criterion = None, criterion
        try:
            save_checked(row)
        except Refused as refused:
            text = _("Row %(place)d: %(sentence)s") % {"place": place, "sentence": refused.message}
            raise Refused(text) from refused


@transaction.atomic
def delete_criterion(*, criterion: Criterion, by: User, at: datetime) -> None:
    """Removes a node of a draft set with everything under it; drafts have no history to keep."""
    criteria_set = lock_draft(criterion.criteria_set, by)
    key, code = key_of(criterion), criterion.code
    try:
        criterion.delete()
    except ProtectedError as error:
        refusal = _("%(code)s has targets of units, so it stays. Change it instead.")
        raise Refused(refusal % {"code": code}) from error
    log_set(criteria_set, "criterion.delete", by, at, {"criterion": code, "key": key})


def log_set(
    criteria_set: CriteriaSet,
    verb: str,
    by: User | None,
    at: datetime,
    changes: dict,
    rows: Iterable[Model] = (),
) -> None:
    year = criteria_set.year
    log.append(
        by=by,
        at=at,
        verb=verb,
        thing=criteria_set,
        cluster=year.cluster.slug,
        year=year.year,
        changes=changes,
        rows=rows,
    )
