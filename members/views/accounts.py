"""Accounts as secretariat and administrator see them. A one-time password is shown once, on its slip."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.documents import marks
from cluster_app.lib import clock
from cluster_app.lib.errors import Refused
from members import queries
from members.addresses import year_url
from members.enums import AssignmentRole
from members.forms import AccountForm, SecretaryForm
from members.loading import year_view
from members.models import Assignment, User
from members.permissions import (
    check_can_manage_account,
    check_can_write_unit_accounts,
    check_is_administrator,
    check_manages_accounts,
    check_not_archived,
    is_administrator,
)
from members.services import accounts
from members.step_pages import accepted, setup_page, way_back

SECRETARY = "thuky"


@require_safe
@year_view
def account_list(request, year):
    check_can_write_unit_accounts(request.user, year)
    administers = is_administrator(request.user)
    held = queries.accounts_of_units(year)
    if administers:
        held += queries.accounts_of_cluster(year.cluster)
    locked = queries.locked_usernames(found.user.username for found in held)
    own_units = set() if administers else {part.unit_id for part in request.user.assignments_held()}
    rows = [_row(found, locked, request.path, is_open=found.unit_id not in own_units) for found in held]
    make_url = "" if year.is_archived else year_url("members:accounts_make", year)
    return setup_page(request, year, "account_list", rows=rows, make_url=make_url)


@never_cache
@require_http_methods(["GET", "POST"])
@year_view
def accounts_make(request, year):
    """One action that makes all missing accounts of the year and prints their slips."""
    check_can_write_unit_accounts(request.user, year)
    check_not_archived(year)
    asks = is_administrator(request.user) and not queries.has_secretariat(year.cluster)
    form = None
    if asks:
        form = SecretaryForm(request.POST or None, initial={"username": accounts.free_username(SECRETARY)})
    if request.method == "POST" and not asks:
        return _slips(request, accounts.make_unit_accounts(year=year, by=request.user, at=clock.now()), year)
    if request.method == "POST":
        slips = []
        if accepted(form, lambda: slips.extend(_make_with_secretary(request, year, form))):
            return _slips(request, slips, year)
    present = {(found.unit_id, found.role) for found in queries.accounts_of_units(year) if found.user.is_active}
    wanted = 2 * len(year.roster())
    lines = [
        _("The year has %(units)d units; each gets a signatory and an officer.") % {"units": len(year.roster())},
        _("%(made)d of %(wanted)d accounts exist already.") % {"made": len(present), "wanted": wanted},
        _("Print the slips at once: the one-time passwords are shown this once and kept nowhere."),
    ]
    return setup_page(request, year, "accounts_make", lines=lines, form=form)


@never_cache
@require_http_methods(["GET", "POST"])
def account_create(request):
    check_is_administrator(request.user)
    form = AccountForm(request.POST or None)
    if request.method == "POST":
        slips = []
        if accepted(form, lambda: slips.append(_create(request, form))):
            return _slips(request, slips)
    return render(request, "members/account_create.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def account_reset(request, user):
    account = _account(request, user)
    if request.method == "POST":
        return _slips(request, [accounts.reset_password(user=account, by=request.user, at=clock.now())])
    lines = [
        _("%(user)s gets a new one-time password; the old one ends at once.") % {"user": account.username},
        _("Print the slip at once: the password is shown this once and kept nowhere."),
    ]
    return _confirm(request, _("New one-time password"), lines, "primary")


@require_http_methods(["GET", "POST"])
def account_disable(request, user):
    account = _account(request, user)
    lines = [_("%(user)s can no longer sign in.") % {"user": account.username}]
    return _act(request, account, accounts.disable, _("Close the account"), lines, "danger")


@require_http_methods(["GET", "POST"])
def account_enable(request, user):
    account = _account(request, user)
    lines = [_("%(user)s can sign in again with the last password.") % {"user": account.username}]
    return _act(request, account, accounts.enable, _("Open the account again"), lines, "primary")


@require_http_methods(["GET", "POST"])
def account_unlock(request, user):
    account = _account(request, user)
    lines = [_("The wrong passwords typed for %(user)s are forgotten.") % {"user": account.username}]
    return _act(request, account, accounts.unlock, _("Unlock the account"), lines, "primary")


@require_http_methods(["GET", "POST"])
def assignment_end(request, assignment):
    check_is_administrator(request.user)
    found = get_object_or_404(Assignment.objects.select_related("user", "unit", "cluster"), pk=assignment)
    lines = [f"{found.user.username} · {found}"]

    def end(*, user, by, at):
        return accounts.end_assignment(assignment=found, by=by, at=at)

    return _act(request, found.user, end, _("End the assignment"), lines, "danger")


def _account(request, pk):
    """The account, after the guard: whoever manages none is refused before anything is looked up."""
    check_manages_accounts(request.user)
    account = get_object_or_404(User, pk=pk)
    check_can_manage_account(request.user, account)
    return account


def _act(request, account, service, title, lines, submit_css):
    if request.method != "POST":
        return _confirm(request, title, lines, submit_css)
    try:
        service(user=account, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{title}: {account.username}.")
    return redirect(way_back(request))


def _confirm(request, title, lines, submit_css):
    context = {"title": title, "lines": lines, "submit_css": submit_css, "cancel_url": way_back(request)}
    return render(request, "members/account_confirm.html", context)


def _slips(request, slips, year=None):
    """The printed page follows the POST without a redirect: what it shows exists nowhere else."""
    back = year_url("members:account_list", year) if year else way_back(request)
    shown = [marks.ILLUSTRATIVE] if year and year.cluster.is_illustrative else []
    return render(request, "members/account_slips.html", {"slips": slips, "back": back, "watermarks": shown})


def _make_with_secretary(request, year, form):
    secretary = form.cleaned_data["username"]
    return accounts.make_first_accounts(year=year, secretary=secretary, by=request.user, at=clock.now())


def _create(request, form):
    cleaned = form.cleaned_data | {"role": AssignmentRole(form.cleaned_data["role"])}
    return accounts.make_account(**cleaned, by=request.user, at=clock.now())


def _row(found, locked, back, *, is_open):
    """An account in the list, with the acts that are open for it now; none for accounts of the own unit."""
    user = found.user

    def link(name, label):
        return {"url": f"{reverse(name, args=[user.pk])}?{urlencode({'next': back})}", "label": label}

    acts = [link("members:account_enable", _("Open the account again"))]
    if user.is_active:
        acts = [
            link("members:account_reset", _("New one-time password")),
            link("members:account_disable", _("Close the account")),
        ]
    if user.username in locked:
        acts.insert(0, link("members:account_unlock", _("Unlock the account")))
    return {
        "username": user.username,
        "person": user.full_name,
        "part": str(found),
        "last_sign_in": f"{timezone.localtime(user.last_login):%d/%m/%Y %H:%M}" if user.last_login else "–",
        "status": _status(user, is_locked=user.username in locked),
        "acts": acts if is_open else [],
    }


def _status(user, *, is_locked):
    if not user.is_active:
        return {"css": "neutral", "label": _("Closed")}
    if is_locked:
        return {"css": "bad", "label": _("Locked after wrong passwords")}
    if user.must_change_password:
        return {"css": "warn", "label": _("One-time password")}
    return {"css": "ok", "label": _("In use")}
