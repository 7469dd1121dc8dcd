"""What the pages of criteria sets show, in ready strings: versions, what differs between two sets, what a step does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cluster_app.lib.errors import WrongState
from cluster_app.lib.points import format_points
from cluster_app.lib.vietnamese import sort_codes
from members.addresses import year_url
from members.models import EmulationYear, User
from members.queries import known_years
from scoring import criteria_tree, permissions
from scoring import criteria_words as words
from scoring.criteria_nodes import Changed, Diff, Node, diff, nodes_of
from scoring.criteria_tabs import tabs
from scoring.enums import SetStatus
from scoring.models import CriteriaSet, Criterion, Scorecard
from scoring.services import criteria_sets
from scoring.sheets import tree_of


@dataclass(frozen=True)
class FieldChange:
    """One field of a criterion, before and after; `moved` where only its place is another, and there is nothing to
    print on the two sides."""

    label: str
    before: str = ""
    after: str = ""
    moved: bool = False


@dataclass(frozen=True)
class DiffRow:
    """One criterion that differs: added or removed with what it is in one line, or changed field by field."""

    code: str
    title: str
    status: Mapping[str, str]
    summary: str = ""
    changes: tuple[FieldChange, ...] = ()


def diff_rows(diff: Diff) -> list[DiffRow]:
    """What differs, in the natural order of codes; nothing where nothing changed."""
    rows = [_whole_row(node, {"css": "ok", "label": _("Added")}) for node in diff.added]
    rows += [_changed_row(changed) for changed in diff.changed]
    rows += [_whole_row(node, {"css": "bad", "label": _("Removed")}) for node in diff.removed]
    return sort_codes(rows, key=lambda row: row.code)


def _whole_row(node: Node, status: Mapping[str, str]) -> DiffRow:
    return DiffRow(node.code, node.title, status, words.summary(node))


def _changed_row(changed: Changed) -> DiffRow:
    status = {"css": "info", "label": _("Changed")}
    changes = tuple(_field_change(name, changed) for name in changed.fields)
    return DiffRow(changed.after.code, changed.after.title, status, changes=changes)


def _field_change(name: str, changed: Changed) -> FieldChange:
    label = words.field_label(name)
    if name == "place":
        return FieldChange(label, after=_("another one"), moved=True)
    return FieldChange(label, words.field_text(name, changed.before), words.field_text(name, changed.after))


def diff_summary(diff: Diff) -> str:
    """ "2 added, 1 changed, 0 removed, 40 unchanged"; says plainly that nothing changed."""
    if diff.is_empty:
        return _("Nothing changed: both sides have the same criteria.")
    values = {
        "added": len(diff.added),
        "changed": len(diff.changed),
        "removed": len(diff.removed),
        "same": diff.same,
    }
    return _("%(added)d added, %(changed)d changed, %(removed)d removed, %(same)d unchanged.") % values


DIFF_COLUMNS = (
    {"key": "criterion", "label": gettext_lazy("Criterion")},
    {"key": "status", "label": pgettext_lazy("of a criterion", "Change")},
    {"key": "what", "label": gettext_lazy("Before → after")},
)


def flat_rows(rows: Sequence[DiffRow]) -> list[dict[str, str]]:
    """The same for a plain table, as the admin draws it."""
    return [
        {"criterion": f"{row.code} {row.title}", "status": row.status["label"], "what": row.summary or _changes(row)}
        for row in rows
    ]


def _changes(row: DiffRow) -> str:
    return " · ".join(
        f"{one.label}: {one.after}" if one.moved else f"{one.label}: {one.before} → {one.after}" for one in row.changes
    )


@dataclass(frozen=True)
class Version:
    """A criteria set of the year: draft, in force, or replaced."""

    label: str
    title: str
    status: Mapping[str, str]
    url: str
    is_current: bool
    is_draft: bool


_STATUS_CSS = {SetStatus.DRAFT: "draft", SetStatus.APPLIED: "ok", SetStatus.REPLACED: "neutral"}


def _status(criteria_set: CriteriaSet) -> dict[str, str]:
    status = SetStatus(criteria_set.status)
    return {"css": _STATUS_CSS[status], "label": str(status.label)}


def versions(year: EmulationYear, shown: CriteriaSet | None) -> list[Version]:
    """The sets of the year, the newest first; one query."""
    found = CriteriaSet.objects.filter(year=year).order_by("-version")
    return [
        Version(
            label=_("Version %(version)d") % {"version": one.version},
            title=one.title,
            status=_status(one),
            url=year_url("scoring:criteria_version", year, version=one.version),
            is_current=shown is not None and one.pk == shown.pk,
            is_draft=not one.is_applied,
        )
        for one in found
    ]


def read_page(user: User, year: EmulationYear, criteria_set: CriteriaSet | None) -> dict[str, Any]:
    """The page of one set; `criteria_set` is None where none is in force. Drafts are for those who write them."""
    can_edit = permissions.can_edit_criteria(user, year)
    return {
        "year": year,
        "criteria_set": criteria_set,
        "subheading": _subheading(criteria_set) if criteria_set else "",
        "status": _status(criteria_set) if criteria_set else None,
        "rows": criteria_tree.read_rows(criteria_set) if criteria_set else [],
        "versions": [one for one in versions(year, criteria_set) if can_edit or not one.is_draft],
        "can_edit": can_edit,
        "tabs": tabs(user, year, "scoring:criteria"),
    }


def _subheading(criteria_set: CriteriaSet) -> str:
    values = {"version": criteria_set.version, "total": format_points(criteria_set.declared_total)}
    if criteria_set.applied_at is None:
        return _("Version %(version)d · %(total)s base points") % values
    values["day"] = date_format(timezone.localtime(criteria_set.applied_at), "SHORT_DATE_FORMAT")
    return _("Version %(version)d, applied on %(day)s · %(total)s base points") % values


def edit_page(user: User, year: EmulationYear, draft: CriteriaSet | None) -> dict[str, Any]:
    """The draft to be edited; where there is none, whether the criteria in force can still be replaced."""
    found = versions(year, draft)
    context = {
        "year": year,
        "draft": draft,
        "versions": found,
        "can_edit": True,
        "tabs": tabs(user, year, "scoring:criteria_edit"),
    }
    if draft is None:
        is_in_force = any(one.status["css"] == _STATUS_CSS[SetStatus.APPLIED] for one in found)
        return context | {"is_in_force": is_in_force, "locked": _locked(year) if is_in_force else ""}
    tree = criteria_tree.edited(draft, year)
    counts = len(tree.problems)
    return context | {
        "subheading": _subheading(draft),
        "tree": tree,
        "problem_count": ngettext("%(count)d thing to mend", "%(count)d things to mend", counts) % {"count": counts},
        "shares": _("One record may feed several lines.") if draft.allows_shared_records else "",
    }


def _locked(year: EmulationYear) -> str:
    """Why the criteria in force can no longer be replaced; empty if they can."""
    try:
        criteria_sets.check_replaceable(year)
    except WrongState as error:
        return error.message
    return ""


def head_values(draft: CriteriaSet) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in ("title", "declared_total", "allows_shared_records")}


def form_page(year: EmulationYear, **content: Any) -> dict[str, Any]:
    return {"year": year, "back_url": year_url("scoring:criteria_edit", year), **content}


def entry_page(criterion: Criterion, action: str) -> dict[str, Any]:
    """What stands around the form of one criterion, in its row or on a page of its own."""
    if criterion.pk:
        title = _("Change %(code)s") % {"code": criterion.code}
    elif criterion.parent:
        title = _("New criterion in %(group)s") % {"group": criterion.parent}
    else:
        title = _("New criterion at the top")
    return form_page(criterion.criteria_set.year, title=title, action=action, key=criterion.pk or "new")


def delete_page(criterion: Criterion) -> dict[str, Any]:
    """What goes along when a node is removed. Two queries."""
    tree = tree_of(criterion.criteria_set_id)
    below = [f"{node.code} {node.title}" for _depth, node in tree.walk(criterion)]
    intro = _("%(criterion)s is removed from the draft.") % {"criterion": criterion}
    if below:
        intro = _("%(criterion)s is removed from the draft with everything in it:") % {"criterion": criterion}
    title = _("Remove %(code)s") % {"code": criterion.code}
    year = criterion.criteria_set.year
    return form_page(year, title=title, intro=intro, lines=below, submit_label=title, submit_css="danger")


def apply_page(draft: CriteriaSet) -> dict[str, Any]:
    """What is missing; else what putting the draft into force means, and what it replaces."""
    year = draft.year
    title = _("Apply version %(version)d") % {"version": draft.version}
    missing = criteria_sets.missing_for_application(draft)
    context = form_page(year, title=title, missing=missing, submit_label="" if missing else title)
    context["intro"] = _("An applied set can no longer be changed; the score cards of the year follow it.")
    in_force = CriteriaSet.objects.filter(year=year, status=SetStatus.APPLIED).first()
    if in_force is None:
        return context
    locked = _locked(year)
    if locked:
        return context | {"locked": locked, "submit_label": ""}
    found = diff(nodes_of(tree_of(in_force.pk)), nodes_of(tree_of(draft.pk)))
    return context | {"replaces": _replaces(in_force), "diff": diff_summary(found), "rows": diff_rows(found)}


def _replaces(in_force: CriteriaSet) -> str:
    """Which version gives way, and the units whose open cards follow."""
    cards = Scorecard.objects.filter(criteria_set=in_force).order_by("membership__protocol_order", "pk")
    units = list(cards.values_list("membership__short_name", flat=True))
    if not units:
        return _("Version %(version)d is replaced; no score card is open yet.") % {"version": in_force.version}
    text = ngettext(
        "Version %(version)d is replaced; %(count)d open score card is carried over by code: %(units)s.",
        "Version %(version)d is replaced; %(count)d open score cards are carried over by code: %(units)s.",
        len(units),
    )
    return text % {"version": in_force.version, "count": len(units), "units": ", ".join(units)}


def copyable(user: User, year: EmulationYear) -> list[CriteriaSet]:
    """The applied and drafted sets that the person may see, but for the draft of `year` itself; own cluster and newest
    year first."""
    sets = CriteriaSet.objects.filter(year__in=known_years(user)).select_related("year__cluster", "year__rules")
    draft = criteria_sets.draft_of(year)
    found = [one for one in sets if draft is None or one.pk != draft.pk]
    seen = [one for one in found if permissions.can_copy_criteria(user, one)]
    return sorted(seen, key=lambda one: _nearness(one, year))


def _nearness(criteria_set: CriteriaSet, year: EmulationYear) -> tuple:
    source = criteria_set.year
    is_foreign = source.cluster_id != year.cluster_id
    return is_foreign, source.cluster.name if is_foreign else "", -source.year, -criteria_set.version, criteria_set.pk


def copy_page(year: EmulationYear, sources: Sequence[CriteriaSet], source: CriteriaSet | None) -> dict[str, Any]:
    """The sets to choose from, and what copying `source` would change in the draft of the year."""
    choices = [
        {"pk": one.pk, "label": _source_label(one), "status": _status(one), "is_chosen": one == source}
        for one in sources
    ]
    context = form_page(year, choices=choices, source=source)
    if source is None:
        return context
    draft = criteria_sets.draft_of(year)
    found = diff(nodes_of(tree_of(draft.pk)) if draft else (), nodes_of(tree_of(source.pk)))
    heads, locked = _heads(draft, source), "" if draft else _locked(year)
    return context | {
        "source_label": _source_label(source),
        "diff": diff_summary(found),
        "rows": diff_rows(found),
        "heads": heads,
        "locked": locked,
        "can_copy": not locked and not (found.is_empty and draft and not heads),
    }


def _source_label(criteria_set: CriteriaSet) -> str:
    values = {"cluster": criteria_set.year.cluster.name, "year": criteria_set.year.year, "set": criteria_set}
    return _("%(cluster)s, %(year)s: %(set)s") % values


def _heads(draft: CriteriaSet | None, source: CriteriaSet) -> list[str]:
    """What copying changes besides the criteria."""
    found = []
    if draft is not None and draft.declared_total != source.declared_total:
        values = {"before": format_points(draft.declared_total), "after": format_points(source.declared_total)}
        found.append(_("The declared total changes from %(before)s to %(after)s.") % values)
    if draft is not None and draft.allows_shared_records != source.allows_shared_records:
        text = _("One record may then feed several lines.")
        found.append(text if source.allows_shared_records else _("One record may then feed one line only."))
    return found
