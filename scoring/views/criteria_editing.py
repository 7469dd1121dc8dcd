"""Editing the draft of a criteria set, node by node. With htmx a form opens in its place and the tree follows; without
it the same addresses are pages."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted
from scoring import criteria_pages, criterion_entry, permissions
from scoring.criteria_forms import HeadForm
from scoring.criteria_nodes import mark_of
from scoring.criteria_tree import TOP
from scoring.enums import CriterionKind
from scoring.models import CriteriaSet, Criterion
from scoring.services import criteria, criteria_sets

_READ_OR_WRITE = ["GET", "HEAD", "POST"]


def editing_view(view):
    """A page of the secretariat in a year that is not archived. Where htmx asks and the set was put into force in the
    meantime, the page is loaded again with the reason, so that no page stands inside the page."""

    @year_view
    @wraps(view)
    def loaded(request, year, **kwargs):
        permissions.check_can_edit_criteria(request.user, year)
        try:
            return view(request, year, **kwargs)
        except WrongState as error:
            if not request.htmx:
                raise
            messages.error(request, error.message)
            response = render(request, "scoring/_criteria_stale.html")
            response["HX-Refresh"] = "true"
            return response

    return loaded


def draft_view(view):
    """Hands the draft of the year to the view; 409 where the year has none."""

    @editing_view
    @wraps(view)
    def loaded(request, year, **kwargs):
        draft = criteria_sets.draft_of(year)
        if draft is None:
            raise WrongState(_("The year has no draft of its criteria. Make a new version or copy a set first."))
        draft.year = year
        return view(request, draft, **kwargs)

    return loaded


def criterion_view(view):
    """Hands a criterion of the year to the view, if it belongs to the draft; 409 if its set is applied."""

    @editing_view
    @wraps(view)
    def loaded(request, year, pk, **kwargs):
        found = Criterion.objects.select_related("criteria_set", "parent").filter(pk=pk, criteria_set__year=year)
        criterion = found.first()
        if criterion is None:
            raise NotKnown
        if criterion.criteria_set.is_applied:
            raise WrongState(_("The criteria set is applied and can no longer be changed."))
        criterion.criteria_set.year = year
        return view(request, criterion, **kwargs)

    return loaded


def tree_answer(request, draft: CriteriaSet, focus: int | None = None, refusal: str = ""):
    """The tree after a change: swapped in where htmx asked, else the page, at the node that was changed."""
    if not request.htmx:
        if refusal:
            messages.error(request, refusal)
        anchor = f"#node-{focus}" if focus else ""
        return redirect(year_url("scoring:criteria_edit", draft.year) + anchor)
    context = criteria_pages.edit_page(request.user, draft.year, draft) | {"focus": focus, "refusal": refusal}
    response = render(request, "scoring/_criteria_tree.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#criteria-tree", "outerHTML"
    return response


@require_safe
@editing_view
def criteria_edit(request, year):
    """The whole draft; where the year has none, the ways to one."""
    draft = criteria_sets.draft_of(year)
    template = "scoring/_criteria_tree.html" if request.htmx and draft else "scoring/criteria_edit.html"
    return render(request, template, criteria_pages.edit_page(request.user, year, draft))


@require_http_methods(_READ_OR_WRITE)
@editing_view
def criteria_head(request, year):
    """Title, declared total and sharing of records; makes an empty draft where the year has none."""
    draft = criteria_sets.draft_of(year) or criteria_sets.empty_draft(year)
    form = HeadForm(request.POST or None, initial=criteria_pages.head_values(draft))
    if request.method == "POST" and accepted(form, lambda: _save_head(form, draft, request.user)):
        messages.success(request, _("Saved."))
        return redirect(year_url("scoring:criteria_edit", year))
    return render(request, "scoring/criteria_head.html", criteria_pages.form_page(year, form=form, draft=draft))


def _save_head(form, draft, user):
    form.put_into(draft)
    criteria.save_set(criteria_set=draft, by=user, at=clock.now())


@require_http_methods(_READ_OR_WRITE)
@draft_view
def criterion_add(request, draft):
    """A new part of a group (`parent`), a new node behind another one (`after`), or one at the top."""
    after = _named(draft, request, "after")
    parent = after.parent if after else _named(draft, request, "parent")
    kind = CriterionKind.PER_ITEM if parent else CriterionKind.GROUP
    criterion = Criterion(criteria_set=draft, parent=parent, kind=kind)
    if parent is not None:
        criterion.section = parent.section
    return _criterion_form(request, criterion, after)


def _named(draft, request, name):
    pk = request.GET.get(name, "")
    if not pk:
        return None
    found = draft.criteria.select_related("parent").filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if found is None:
        raise NotKnown
    return found


@require_http_methods(_READ_OR_WRITE)
@criterion_view
def criterion_edit(request, criterion):
    return _criterion_form(request, criterion)


def _criterion_form(request, criterion, after=None):
    """The form, drawn anew for another kind or more rows, or saved."""
    page = criteria_pages.entry_page(criterion, request.get_full_path())
    stored = mark_of(criterion) if criterion.pk else ""
    page["seen"] = request.POST.get("seen", "") if request.method == "POST" else stored
    if request.method != "POST":
        entry = criterion_entry.stored_entry(criterion) if criterion.pk else criterion_entry.new_entry(criterion)
    elif any(name in request.POST for name in criterion_entry.REDRAWING):
        entry = criterion_entry.redrawn_entry(criterion, request.POST.dict())
    else:
        entry = criterion_entry.typed_entry(criterion, request.POST)
        if entry.is_valid():
            if accepted(entry.form, lambda: _save(entry, criterion, after, page["seen"], request.user)):
                return tree_answer(request, criterion.criteria_set, criterion.pk)
            page["seen"] = stored  # what somebody else stored meanwhile was named; saving once more replaces it
    template = "scoring/_criterion_form.html" if request.htmx else "scoring/criterion_form.html"
    return render(request, template, page | {"entry": entry})


def _save(entry, criterion, after, seen, user):
    entry.form.put_into(criterion)
    criteria.save_criterion(
        criterion=criterion,
        levels=entry.levels(),
        source_rules=entry.source_rules(),
        after=after,
        seen=seen,
        by=user,
        at=clock.now(),
    )


@require_POST
@criterion_view
def criterion_move(request, criterion):
    """Takes `to`: the key of the parent, or "top", a colon, and the place among the parent's parts from 0."""
    parent, _colon, place = request.POST.get("to", "").partition(":")
    refusal = ""
    try:
        criteria.move(
            criterion=criterion,
            parent=None if parent == TOP else _group(criterion, parent),
            place=int(place) if place.isdecimal() and len(place) < 5 else 0,
            by=request.user,
            at=clock.now(),
        )
    except Refused as refused:
        refusal = refused.message
    return tree_answer(request, criterion.criteria_set, criterion.pk, refusal)


def _group(criterion, pk):
    found = criterion.criteria_set.criteria.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
    if found is None:
        raise Refused(_("This place is gone: somebody else changed the tree. Look at it again."))
    return found


@require_http_methods(_READ_OR_WRITE)
@criterion_view
def criterion_delete(request, criterion):
    """Says what goes along; POST removes it."""
    refused = None
    if request.method == "POST":
        try:
            criteria.delete_criterion(criterion=criterion, by=request.user, at=clock.now())
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("%(code)s is removed.") % {"code": criterion.code})
            return redirect(year_url("scoring:criteria_edit", criterion.criteria_set.year))
    context = criteria_pages.delete_page(criterion) | {"refused": refused}
    return render(request, "scoring/criteria_confirm.html", context)


@require_POST
@draft_view
def criteria_sort(request, draft):
    criteria.sort_by_codes(criteria_set=draft, by=request.user, at=clock.now())
    return tree_answer(request, draft)
