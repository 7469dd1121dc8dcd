"""Criteria sets as wholes: putting one into force, making the next version, copying, taking over a whole list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from awards.models import AwardForm
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, User
from members.services import years
from scoring import criteria_checks, permissions
from scoring.criteria_nodes import PLAIN_FIELDS, Diff, Node, diff, nodes_of
from scoring.enums import CriterionKind, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Scorecard, SourceRule, Target
from scoring.services import carrying
from scoring.services.carrying import Carried
from scoring.services.criteria import lock_draft, log_set, save_set
from scoring.services.locking import lock_cards_of
from scoring.services.target_checks import MEASURED_KINDS
from scoring.sheets import tree_of


@dataclass(frozen=True)
class Applied:
    """A set that was put into force; where it replaced another version, what differs and what became of the cards."""

    criteria_set: CriteriaSet
    diff: Diff | None = None
    carried: Carried = field(default_factory=Carried)

    @property
    def card_count(self) -> int:
        return self.carried.card_count

    @property
    def cleared(self) -> tuple[str, ...]:
        """The codes under which something that was filled in could not be kept."""
        return self.carried.codes


def missing_for_application(criteria_set: CriteriaSet) -> list[str]:
    """Why a set cannot be applied yet, as sentences with the code of the criterion (domain.md rule 15)."""
    nodes = nodes_of(tree_of(criteria_set.pk))
    return [str(problem) for problem in criteria_checks.problems_of(criteria_set.declared_total, nodes)]


@transaction.atomic
def apply(*, criteria_set: CriteriaSet, by: User, at: datetime) -> Applied:
    """Freezes the set and makes it the one of its year. A later version replaces the one in force, and the lines of the
    open cards are carried over by code, in the same transaction.

    Raises Refused with every node that does not add up; WrongState once a card was submitted (domain.md rule 17).
    """
    # Locks in the order that holds for all: the year, its sets, its cards.
    years.lock(criteria_set.year)
    criteria_set = lock_draft(criteria_set, by)
    if missing := missing_for_application(criteria_set):
        raise Refused(_("The criteria set cannot be applied yet."), missing=missing)
    replaced = for_update(CriteriaSet.objects).filter(year=criteria_set.year, status=SetStatus.APPLIED).first()
    if replaced is not None:
        _lock_replaceable(criteria_set.year)
        replaced.status = SetStatus.REPLACED
        replaced.save(update_fields=["status"])
    criteria_set.status = SetStatus.APPLIED
    criteria_set.applied_at, criteria_set.applied_by = at, by
    save_checked(criteria_set)
    result = Applied(criteria_set)
    if replaced is not None:
        before, after = nodes_of(tree_of(replaced.pk)), nodes_of(tree_of(criteria_set.pk))
        result = Applied(criteria_set, diff(before, after), carrying.carry(replaced, criteria_set, at=at))
    log_set(criteria_set, "criteria_set.apply", by, at, _changes_of(result), rows=result.carried.evidence)
    return result


def _changes_of(applied: Applied) -> dict[str, object]:
    """What the audit log says of a set that was put into force, with what was typed and could not be kept by unit."""
    criteria_set, carried = applied.criteria_set, applied.carried
    changes = {
        "declared_total": str(criteria_set.declared_total),
        "version": criteria_set.version,
        "cards": carried.card_count,
    }
    if applied.diff is None:
        return changes
    lost = {unit: {code: plain(value) for code, value in values.items()} for unit, values in carried.values.items()}
    return changes | _codes_of(applied.diff) | {"cleared": lost, "lost_notes": carried.notes}


def _codes_of(found: Diff) -> dict[str, list[str]]:
    return {
        "added": [node.code for node in found.added],
        "changed": [one.after.code for one in found.changed],
        "removed": [node.code for node in found.removed],
    }


def _lock_replaceable(year: EmulationYear) -> None:
    """Locks the cards of the year, and raises as `check_replaceable`. It asks before, so that no step on a submitted
    card, which may go on to the year, is waited for; and after, since one may have been submitted meanwhile."""
    check_replaceable(year)
    lock_cards_of(year)
    check_replaceable(year)


def check_replaceable(year: EmulationYear) -> None:
    """Raises WrongState once a card of the year was submitted: the rules of the game then stand (domain.md rule 17)."""
    if Scorecard.objects.filter(membership__year=year, submitted_at__isnull=False).exists():
        raise WrongState(
            _("A score card was submitted under the criteria in force. They can be changed for the next year only.")
        )


@transaction.atomic
def new_version(*, criteria_set: CriteriaSet, by: User | None, at: datetime) -> CriteriaSet:
    """A draft of the next version with the same criteria. Raises WrongState once a card was submitted, or while the
    year has a draft already."""
    year = years.lock(criteria_set.year)
    permissions.check_can_edit_criteria(by, year)
    check_replaceable(year)
    draft = draft_of(year)
    if draft is not None:
        text = _("The year has a draft already, version %(version)d. Go on with that one.")
        raise WrongState(text % {"version": draft.version})
    draft = _new_draft(year, criteria_set, by, at)
    replace_nodes(criteria_set=draft, nodes=nodes_of(tree_of(criteria_set.pk)), by=by, at=at)
    return draft


def draft_of(year: EmulationYear) -> CriteriaSet | None:
    """The draft of the year that is worked on; the newest, should there be several."""
    return CriteriaSet.objects.filter(year=year, status=SetStatus.DRAFT).order_by("-version").first()


def empty_draft(year: EmulationYear) -> CriteriaSet:
    """A draft without criteria, not stored yet: the next version of the year."""
    title = _("Scoring criteria %(year)s") % {"year": year.year}
    return CriteriaSet(year=year, version=_next_version(year), title=title, declared_total=Decimal(100))


def _next_version(year: EmulationYear) -> int:
    return (CriteriaSet.objects.filter(year=year).aggregate(newest=Max("version"))["newest"] or 0) + 1


def _new_draft(year: EmulationYear, like: CriteriaSet, by: User | None, at: datetime) -> CriteriaSet:
    draft = CriteriaSet(
        year=year,
        version=_next_version(year),
        title=like.title.replace(str(like.year.year), str(year.year)),
        declared_total=like.declared_total,
        allows_shared_records=like.allows_shared_records,
    )
    save_checked(draft)
    log_set(draft, "criteria_set.save", by, at, {"title": draft.title, "version": draft.version})
    return draft


@transaction.atomic
def copy(*, source: CriteriaSet, year: EmulationYear, by: User, at: datetime) -> tuple[CriteriaSet, Diff]:
    """Makes the draft of `year` equal to `source`, of whatever year or cluster the person may see; codes are kept.
    Returns the draft and what changed in it. Done again, it changes nothing."""
    year = years.lock(year)
    permissions.check_can_see_criteria(by, source.year)
    permissions.check_can_edit_criteria(by, year)
    draft = draft_of(year)
    if draft is None:
        check_replaceable(year)
        draft = _new_draft(year, source, by, at)
    elif draft.allows_shared_records != source.allows_shared_records:
        draft.allows_shared_records = source.allows_shared_records
        save_set(criteria_set=draft, by=by, at=at)
    found = replace_nodes(
        criteria_set=draft,
        nodes=nodes_of(tree_of(source.pk)),
        declared_total=source.declared_total,
        by=by,
        at=at,
    )
    return draft, found


@transaction.atomic
def replace_nodes(
    *,
    criteria_set: CriteriaSet,
    nodes: Sequence[Node],
    declared_total: Decimal | None = None,
    by: User | None,
    at: datetime,
) -> Diff:
    """Makes a draft set equal to `nodes`, by code, all or nothing, and returns what changed.

    Raises Refused with the sentence of every node at fault where they are no tree, and for a criterion with targets of
    units that would have to go, or that its new kind cannot have.
    """
    criteria_set = lock_draft(criteria_set, by)
    if problems := criteria_checks.problems_of_tree(nodes):
        raise Refused(_("The criteria form no tree."), missing=[str(problem) for problem in problems])
    tree = tree_of(criteria_set.pk)
    found = diff(nodes_of(tree), nodes)
    _check_kinds(criteria_set, found)
    if declared_total is not None and declared_total != criteria_set.declared_total:
        criteria_set.declared_total = declared_total
        save_checked(criteria_set)
    elif found.is_empty:
        return found
    _write(criteria_set, {criterion.code: criterion for criterion in tree.criteria}, nodes, found)
    log_set(criteria_set, "criteria_set.replace_nodes", by, at, _codes_of(found))
    return found


def _check_kinds(criteria_set: CriteriaSet, found: Diff) -> None:
    """Raises Refused where units have a target and the new kind is not measured by one, or have any plan and a leaf
    becomes a group."""
    kinds = {one.after.code: one.after.kind for one in found.changed if "kind" in one.fields}
    codes = set()
    targets = Target.objects.filter(criterion__criteria_set=criteria_set, criterion__code__in=kinds)
    for target in targets.select_related("criterion"):
        kind, is_plain = kinds[target.criterion.code], target.value is None and target.pledge_item_id is None
        if kind == CriterionKind.GROUP or (kind not in MEASURED_KINDS and not is_plain):
            codes.add(target.criterion.code)
    if codes:
        text = _("%(codes)s have targets of units that the new kind cannot have. Take the targets away first.")
        raise Refused(text % {"codes": ", ".join(sorted(codes))})


def _write(criteria_set: CriteriaSet, stored: dict[str, Criterion], nodes: Sequence[Node], found: Diff) -> None:
    forms = {form.code: form for form in AwardForm.objects.order_by("valid_from", "pk")}
    touched = {node.code for node in found.added} | {one.after.code for one in found.changed}
    parents_first = sorted(enumerate(nodes, start=1), key=lambda pair: _depth(pair[1], nodes))
    for place, node in parents_first:
        criterion = stored.get(node.code) or Criterion(criteria_set=criteria_set)
        parent = stored.get(node.parent)
        if node.code not in touched and (criterion.order, criterion.parent_id) == (
            place,
            parent.pk if parent else None,
        ):
            continue
        for name in PLAIN_FIELDS:
            setattr(criterion, name, getattr(node, name))
        criterion.order, criterion.parent = place, parent
        save_checked(criterion)
        stored[node.code] = criterion
        if node.code in touched:
            _write_tables(criterion, node, forms)
    _remove([stored[node.code] for node in found.removed])


def _depth(node: Node, nodes: Sequence[Node]) -> int:
    by_code = {one.code: one for one in nodes}
    depth = 0
    while node.parent:
        node, depth = by_code[node.parent], depth + 1
    return depth


def _write_tables(criterion: Criterion, node: Node, forms: dict[str, AwardForm]) -> None:
    criterion.levels.all().delete()
    for place, level in enumerate(node.levels, start=1):
        save_checked(CriterionLevel(criterion=criterion, position=place, **vars(level)))
    criterion.source_rules.all().delete()
    for rule in node.source_rules:
        if rule.award_form and rule.award_form not in forms:
            raise Refused(_("There is no title or form with the code %(code)s.") % {"code": rule.award_form})
        fields = vars(rule) | {"award_form": forms.get(rule.award_form)}
        save_checked(SourceRule(criterion=criterion, **fields))


def _remove(criteria: Sequence[Criterion]) -> None:
    """Criteria that stay were moved away from under those that go, so that nothing is taken along."""
    used = Target.objects.filter(criterion__in=criteria).values_list("criterion__code", flat=True)
    if codes := sorted(set(used)):
        text = _("%(codes)s have targets of units, so they stay. Take the targets away first.")
        raise Refused(text % {"codes": ", ".join(codes)})
    try:
        Criterion.objects.filter(pk__in=[criterion.pk for criterion in criteria]).delete()
    except ProtectedError as error:
        raise Refused(_("A criterion is in use, so it stays.")) from error
