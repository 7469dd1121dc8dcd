"""What is done with rows of the register: correcting, confirming, revoking."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from awards import presentation, queries
from awards.calculations import fingerprint
from awards.entry_forms import commendation_form
from awards.filters import register_filter
from awards.forms import ReasonForm
from awards.models import Commendation
from awards.permissions import (
    can_confirm,
    check_can_confirm_any,
    check_can_edit_commendation,
    check_can_revoke,
)
from awards.services import commendations
from awards.views.register_rows import key_or_none, known_row, register_url
from awards.views.steps import back_to, form_page, posted, saved, step_page
from awards.workflow import COMMENDATION
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from cluster_app.lib.wording import whole_number
from members.loading import year_view
from members.step_pages import accepted


@require_http_methods(["GET", "POST"])
@year_view
def commendation_edit(request, year, pk):
    commendation = known_row(request, year, pk)
    check_can_edit_commendation(request.user, commendation)
    COMMENDATION.check("edit", commendation.status)
    form = commendation_form(posted(request), commendation, request.user)
    outcome = False
    if request.method == "POST":
        outcome = saved(form, lambda: _edit(request, commendation, form), lambda: [known_row(request, year, pk)])
    if outcome:
        messages.success(request, _("The commendation is corrected."))
        return redirect(register_url(year, "detail", pk=pk))
    context = {"title": _("Correct the commendation"), "submit_label": _("Save")}
    context |= {"back_url": register_url(year, "detail", pk=pk), "back_label": commendation.recipient, "is_wide": True}
    return form_page(request, year, form, outcome, **context)


@require_http_methods(["GET", "POST"])
@year_view
def commendation_revoke(request, year, pk):
    commendation = known_row(request, year, pk)
    check_can_revoke(request.user, commendation)
    form, at = ReasonForm(posted(request)), clock.now()
    if request.method == "POST" and accepted(
        form, lambda: commendations.revoke(commendation=commendation, by=request.user, at=at, **form.cleaned_data)
    ):
        messages.success(request, _("The commendation is revoked and counts no more."))
        return redirect(back_to(request, register_url(year, "detail", pk=pk)))
    lines = [
        f"{commendation.recipient} · {commendation.award_form.name}",
        presentation.decision_text(commendation),
        _("The row stays in the register with the reason and counts no more. This cannot be taken back."),
    ]
    context = {"title": _("Revoke the commendation"), "lines": lines, "submit_label": _("Revoke")}
    context |= {
        "back_url": register_url(year, "detail", pk=pk),
        "back_label": commendation.recipient,
        "submit_css": "danger",
    }
    return step_page(request, year, form=form, **context)


@require_http_methods(["GET", "POST"])
@year_view
def commendation_confirm(request, year):
    """GET restates the rows that were ticked, or all that the filter shows; POST confirms them as they were shown."""
    check_can_confirm_any(request.user, year)
    if request.method == "POST":
        return _confirm(request, year)
    context = _confirm_context(request, year, _rows_to_confirm(request, year))
    if not context["rows"]:
        messages.warning(request, _("There is nothing to confirm in this choice."))
        return redirect(register_url(year, "list"))
    return step_page(request, year, **context)


def _confirm(request, year):
    seen = dict(_pair(text) for text in request.POST.getlist("row"))
    if not seen:
        messages.warning(request, _("Tick the rows to confirm first."))
        return redirect(register_url(year, "list"))
    rows = Commendation.objects.filter(pk__in=seen, membership__year=year)
    if len(rows) != len(seen):
        raise NotKnown
    confirmed = commendations.confirm(year=year, commendations=rows, seen=seen, by=request.user, at=clock.now())
    text = ngettext("%(count)d row is confirmed.", "%(count)d rows are confirmed.", len(confirmed))
    messages.success(request, text % {"count": len(confirmed)})
    return redirect(register_url(year, "list"))


def _pair(text):
    """Reads "12:3f9a…": the row, and its fingerprint as the page showed it."""
    key, _colon, seen = text.partition(":")
    pk = key_or_none(key)
    if pk is None:
        raise NotKnown
    return pk, seen


def _rows_to_confirm(request, year):
    """The ticked rows that wait for confirmation, or with `all` every waiting row that the filter lets through."""
    rows = queries.visible_commendations(request.user, year).filter(**queries.WAITING)
    if request.GET.get("all"):
        rows = register_filter(request.GET, rows, request.user, year).qs
    else:
        ticked = map(key_or_none, request.GET.getlist("row"))
        rows = rows.filter(pk__in=[pk for pk in ticked if pk is not None])
    return list(rows.select_related("decision", "award_form", "membership").order_by("membership", "pk"))


def _confirm_context(request, year, rows):
    mine = [row for row in rows if can_confirm(request.user, year, row.membership)]
    left_out = {row.membership.name for row in rows if row not in mine}
    text = _("%(unit)s: rows of your own unit are confirmed by another member of the secretariat.")
    occasions = sum(row.occasions for row in mine)
    lines = [
        ngettext("%(count)d row will be confirmed.", "%(count)d rows will be confirmed.", len(mine))
        % {"count": len(mine)},
        ngettext("%(count)s occasion will count.", "%(count)s occasions will count.", occasions)
        % {"count": whole_number(occasions)},
        _("Compare each row with its signed decision before you confirm."),
    ]
    return {
        "title": _("Confirm commendations"),
        "lines": lines,
        "columns": _columns(),
        "rows": [presentation.register_row(row, year) for row in mine],
        "skipped": [text % {"unit": name} for name in sorted(left_out)],
        "hidden": [{"name": "row", "value": f"{row.pk}:{fingerprint(row)}"} for row in mine],
        "submit_label": _("Confirm"),
        "submit_icon": "check-lg",
        "back_url": register_url(year, "list"),
        "back_label": _("Commendations"),
    }


def _columns():
    return [
        {"key": "recipient", "label": _("Recipient")},
        {"key": "unit", "label": _("Member unit")},
        {"key": "form", "label": _("Title or form")},
        {"key": "decision", "label": _("Decision")},
        {"key": "occasions", "label": _("Occasions"), "css": "num"},
    ]


def _edit(request, commendation, form):
    decision = form.decision_facts()
    return commendations.edit(
        commendation=commendation,
        decision=decision,
        row=form.row_facts(decision.decided_on),
        seen=form.cleaned_data["seen"],
        by=request.user,
        at=clock.now(),
    )
