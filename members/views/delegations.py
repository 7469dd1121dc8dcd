"""Written delegations of the leader's office: the list, recording one, ending one early."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, WrongState
from cluster_app.lib.wording import date_short
from members import queries
from members.addresses import year_url
from members.delegation_forms import DelegationForm
from members.forms import ProposalForm
from members.loading import year_view
from members.models import Delegation
from members.permissions import can_write_delegation, check_can_see_delegations, check_can_write_delegation
from members.services import delegations
from members.step_pages import accepted


@require_safe
@year_view
def delegation_list(request, year):
    check_can_see_delegations(request.user, year)
    leader = queries.leader_of(year)
    writes = leader is not None and can_write_delegation(request.user, leader)
    today = timezone.localdate(clock.now())
    found = _delegations(year).select_related("delegate", "delegate_unit", "principal", "recorded_by", "ended_by")
    context = {
        "year": year,
        "rows": [_row(one, year, today, writes=writes) for one in found],
        "add_url": year_url("members:delegation_add", year) if writes else "",
    }
    return render(request, "members/delegation_list.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def delegation_add(request, year):
    leader = queries.leader_of(year)
    if leader is None:
        check_can_see_delegations(request.user, year)
        raise WrongState(_("Name the unit that is %(title)s.") % {"title": year.leader_title})
    check_can_write_delegation(request.user, leader)
    candidates = delegations.candidates(year)
    if not candidates:
        raise WrongState(_("No unit that is %(title)s has a signatory yet.") % {"title": year.deputy_title})
    form = DelegationForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and accepted(form, lambda: _record(request, year, leader, form)):
        messages.success(request, _("The delegation is recorded."))
        return redirect(year_url("members:delegation_list", year))
    intro = _("Record the paper as it was signed: the leader lets a signatory of the deputy sign for the own office.")
    context = {"year": year, "form": form, "intro": intro, "list_url": year_url("members:delegation_list", year)}
    return render(request, "members/delegation_form.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def delegation_end(request, year, delegation):
    found = _delegations(year).filter(pk=delegation).select_related("principal", "delegate_unit", "delegate").first()
    if found is None:
        raise NotKnown
    principal = next(member for member in year.roster() if member.pk == found.principal_id)
    check_can_write_delegation(request.user, principal)
    form = ProposalForm(request.POST or None, needs_reason=True)
    if request.method == "POST" and accepted(form, lambda: _end(request, found, form)):
        messages.success(request, _("The delegation has ended."))
        return redirect(year_url("members:delegation_list", year))
    context = {
        "form": form,
        "lines": [_summary(found, year), _("Approvals that were given under it stay valid.")],
        "list_url": year_url("members:delegation_list", year),
    }
    return render(request, "members/delegation_end.html", context)


def _delegations(year):
    return Delegation.objects.filter(principal__year=year)


def _record(request, year, leader, form):
    chosen = form.chosen()
    unit = next(member for member in year.roster() if member.unit_id == chosen.unit_id)
    delegations.record(
        principal=leader,
        delegate_unit=unit,
        delegate=chosen.user,
        paper=form.paper(),
        by=request.user,
        at=clock.now(),
    )


def _end(request, found, form):
    delegations.end(delegation=found, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())


def _summary(found, year):
    words = {"person": found.delegate, "unit": found.delegate_unit.name, "title": year.leader_title}
    return _("%(person)s (%(unit)s) signs for the %(title)s.") % words


def _row(found, year, today, *, writes):
    is_over = found.ended_at is not None or found.ends_on < today
    return {
        "person": str(found.delegate),
        "unit": found.delegate_unit.name,
        "form": found.get_form_display(),
        "paper": f"{found.number}, {date_short(found.decided_on)}",
        "starts": date_short(found.starts_on),
        "ends": date_short(found.ends_on),
        "status": _status(found, today),
        "recorded": _("recorded by %(person)s, %(day)s") % _by(found.recorded_by, found.recorded_at),
        "ended": _("ended by %(person)s, %(day)s") % _by(found.ended_by, found.ended_at) if found.ended_at else "",
        "reason": found.ended_reason,
        "end_url": year_url("members:delegation_end", year, delegation=found.pk) if writes and not is_over else "",
    }


def _by(person, moment):
    return {"person": person, "day": f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"}


def _status(found, today):
    if found.ended_at is not None:
        return {"css": "bad", "label": _("Ended early")}
    if found.ends_on < today:
        return {"css": "neutral", "label": _("Over")}
    if found.starts_on > today:
        return {"css": "warn", "label": _("Not begun yet")}
    return {"css": "ok", "label": _("In force")}
