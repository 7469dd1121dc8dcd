"""The units of a year: entering, office, standing, name."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused
from members import year_pages
from members.addresses import year_url
from members.enums import MemberRole, Phase, Standing
from members.forms import MemberForm, NewMemberForm, RoleForm, StandingForm
from members.loading import year_view
from members.permissions import check_can_edit_year
from members.services import memberships, records
from members.step_pages import accepted, setup_page


@require_http_methods(["GET", "POST"])
@year_view
def membership_add(request, year):
    check_can_edit_year(request.user, year)
    form = NewMemberForm(request.POST or None, year=year)
    if request.method == "POST" and accepted(form, lambda: _add(request, year, form)):
        messages.success(request, _("The unit is a member of the year now."))
        return redirect(year_url("members:year_setup", year))
    return setup_page(request, year, "setup_form", form=form, title=_("Add a unit"))


@require_http_methods(["GET", "POST"])
@year_view
def membership_edit(request, year, membership):
    """Three small forms on one page; `part` says which one was sent."""
    check_can_edit_year(request.user, year)
    found = _member(year, membership)
    part = request.POST.get("part", "")
    forms = _forms(request, year, found, part)
    if request.method == "POST" and part in forms and accepted(forms[part], lambda: _save(request, found, part, forms)):
        messages.success(request, _("Saved: %(unit)s.") % {"unit": found.name})
        return redirect(year_url("members:year_setup", year))
    remove_url = ""
    if year.phase == Phase.PREPARING:
        remove_url = year_url("members:membership_remove", year, membership=found.pk)
    parts = [{"name": name, "heading": heading, "form": forms[name]} for name, heading in _headings()]
    member = year_pages.member_row(found)
    return setup_page(request, year, "membership_edit", member=member, remove_url=remove_url, parts=parts)


@require_http_methods(["GET", "POST"])
@year_view
def membership_remove(request, year, membership):
    check_can_edit_year(request.user, year)
    found = _member(year, membership)
    if request.method == "POST":
        try:
            memberships.remove(membership=found, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("%(unit)s is no longer a member of the year.") % {"unit": found.name})
        return redirect(year_url("members:year_setup", year))
    lines = [_("%(unit)s leaves the year %(year)s.") % {"unit": found.name, "year": year.year}]
    return setup_page(request, year, "setup_confirm", title=_("Remove the unit"), lines=lines, submit_css="danger")


def _member(year, pk):
    found = next((member for member in year.roster() if member.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _forms(request, year, member, part):
    def data(name):
        return request.POST if part == name else None

    standing = {"standing": member.standing, "reason": member.standing_reason}
    return {
        "role": RoleForm(data("role"), year=year, initial={"role": member.role}, prefix="role"),
        "standing": StandingForm(data("standing"), initial=standing, prefix="standing"),
        "name": MemberForm(data("name"), instance=member, prefix="name"),
    }


def _headings():
    return [("role", _("Office")), ("standing", _("Standing")), ("name", _("Name and place in this year"))]


def _add(request, year, form):
    unit, role = form.cleaned_data["unit"], MemberRole(form.cleaned_data["role"])
    return memberships.add(year=year, unit=unit, role=role, by=request.user, at=clock.now())


def _save(request, member, part, forms):
    form, who = forms[part], {"by": request.user, "at": clock.now()}
    cleaned = form.cleaned_data
    if part == "role":
        return memberships.change_role(
            membership=member, role=MemberRole(cleaned["role"]), reason=cleaned["reason"], **who
        )
    if part == "standing":
        return memberships.change_standing(
            membership=member, standing=Standing(cleaned["standing"]), reason=cleaned["reason"], **who
        )
    return records.save(instance=form.instance, changed=form.changed_data, year=member.year, **who)
