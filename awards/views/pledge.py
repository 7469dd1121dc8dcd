"""The pledge of the year: reading, writing, signing, printing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from awards import presentation, queries
from awards.forms import PaperForm, default_preamble, item_formset, item_initial, pledge_form
from awards.papers import pledge_paper
from awards.permissions import (
    can_record_paper,
    can_write_pledge,
    check_can_open_paper,
    check_can_see_pledge,
    check_can_sign,
    check_can_write_pledge,
    signing_units,
    units_open_for,
)
from awards.services import pledges
from awards.services.pledges import ItemFacts
from awards.views.steps import back_to, form_page, posted, saved, step_page
from awards.workflow import PLEDGE
from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import Refused
from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.enums import DeadlineStep
from members.loading import year_view
from members.queries import calendar
from members.step_pages import accepted


@require_safe
@year_view
def pledge_detail(request, year):
    check_can_see_pledge(request.user, year)
    pledge = queries.pledge_of(year)
    context = {"year": year, "can_write": can_write_pledge(request.user, year), "write_url": _url(year, "write")}
    if pledge is not None:
        context |= _shown(request.user, pledge)
    return render(request, "awards/pledge_detail.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def pledge_write(request, year):
    check_can_write_pledge(request.user, year)
    pledge = queries.pledge_of(year)
    signature_count = pledge.signatures.count() if pledge else 0
    initial = {} if pledge else {"preamble": default_preamble(year), "place": year.cluster.province}
    form = pledge_form(posted(request), pledge, is_frozen=bool(signature_count), initial=initial)
    items = None if signature_count else item_formset(posted(request), pledge)
    outcome = False
    if request.method == "POST" and (items is None or items.is_valid()):
        outcome = saved(form, lambda: _save(request, year, pledge, form, items), lambda: pledges.rows_of(_found(year)))
    if outcome:
        messages.success(request, _("The pledge is saved."))
        return redirect(_url(year))
    context = {"year": year, "form": form, "items": items, "frozen": _frozen_sentence(signature_count)}
    context |= {"back_url": _url(year)}
    return render(request, "awards/pledge_write.html", context, status=409 if outcome is None else 200)


@require_http_methods(["GET", "POST"])
@year_view
def pledge_open(request, year):
    check_can_write_pledge(request.user, year)
    pledge = _found(year)
    if request.method == "POST":
        try:
            pledges.open_for_signing(pledge=pledge, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The units can sign the pledge now."))
        return redirect(back_to(request, _url(year)))
    lines = [
        _("The pledge of %(year)s is opened for signing.") % {"year": year.year},
        _("Its text and items are frozen by the first signature."),
    ]
    return _step(request, year, _("Open the pledge for signing"), lines, _("Open the pledge for signing"))


@require_http_methods(["GET", "POST"])
@year_view
def pledge_sign(request, year, membership):
    pledge = _found(year)
    member = next((member for member in year.roster() if member.pk == membership), None)
    if member is None:
        raise Http404
    check_can_sign(request.user, pledge, member)
    if request.method == "POST":
        try:
            pledges.sign(pledge=pledge, membership=member, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The pledge is signed for %(unit)s.") % {"unit": member.name})
        return redirect(_url(year))
    count = len(pledge.items.all())
    items = ngettext("It has %(count)d item.", "It has %(count)d items.", count) % {"count": count}
    lines = [
        _("You sign the pledge of %(year)s for %(unit)s.") % {"year": year.year, "unit": member.name},
        items,
        _("A signature cannot be taken back."),
    ]
    return _step(request, year, _("Sign the pledge"), lines, _("Sign"), "pen")


@require_http_methods(["GET", "POST"])
@year_view
def pledge_paper_record(request, year):
    check_can_open_paper(request.user, year)
    pledge = _found(year)
    recordable = set(units_open_for("pledge.record_paper", request.user, year))
    units = [member for member in queries.unsigned(year) if member in recordable]
    initial = {"signed_on": pledge.signed_on or clock.today(), "memberships": [str(member.pk) for member in units]}
    form = PaperForm(posted(request), units=units, initial=initial)
    if request.method == "POST" and accepted(form, lambda: _record_paper(request, pledge, form)):
        messages.success(request, _("The signatures are recorded."))
        return redirect(back_to(request, _url(year)))
    context = {"title": _("Record signatures on paper"), "back_url": _url(year), "back_label": _("Pledge")}
    intro = _("Tick the units whose heads signed the paper. The own unit is recorded by somebody else.")
    return form_page(request, year, form, submit_label=_("Record"), intro=intro, **context)


@require_safe
@year_view
def pledge_print(request, year):
    check_can_see_pledge(request.user, year)
    pledge = _found(year)
    paper = pledge_paper(pledge, queries.signatories(year), made_on=clock.today())
    return respond(request, paper, toolbar=Toolbar(_url(year)))


def _url(year, step="detail", **kwargs):
    return year_url(f"awards:pledge_{step}", year, **kwargs)


def _found(year):
    pledge = queries.pledge_of(year)
    if pledge is None:
        raise Http404
    return pledge


def _shown(user, pledge):
    """What the page says of a pledge, and which steps are open to the person."""
    year, board = pledge.year, queries.pledge_board(pledge)
    signed = [row for row in board if row.signature]
    can_sign = PLEDGE.can("sign", pledge.status)
    own = [row.membership for row in board if row.signature is None and row.membership in signing_units(user, pledge)]
    deadline = calendar(year).get(DeadlineStep.PLEDGE_SIGNING)
    return {
        "pledge": pledge,
        "state": presentation.pledge_badge(pledge),
        "groups": presentation.pledge_groups(pledge.items.all()),
        "board": presentation.board_rows(board),
        "signed_count": len(signed),
        "member_count": len(board),
        "progress_label": _("%(signed)s of %(all)s units") % {"signed": len(signed), "all": len(board)},
        "due": date_short(timezone.localdate(deadline.due_at)) if deadline and len(signed) < len(board) else "",
        "signed_on": date_short(pledge.signed_on) if pledge.signed_on else "",
        "sign_links": [(member.name, _url(year, "sign", membership=member.pk)) for member in own if can_sign],
        "open_url": _url(year, "open") if PLEDGE.can("open", pledge.status) and can_write_pledge(user, year) else "",
        "paper_url": _url(year, "paper")
        if can_sign and len(signed) < len(board) and can_record_paper(user, year)
        else "",
        "print_url": _url(year, "print"),
    }


def _step(request, year, title, lines, submit_label, submit_icon="check-lg"):
    return step_page(
        request,
        year,
        title=title,
        lines=lines,
        submit_label=submit_label,
        submit_icon=submit_icon,
        back_url=_url(year),
        back_label=_("Pledge"),
    )


def _save(request, year, pledge, form, items):
    """Writes what was typed; after the first signature text and items stay as they are."""
    kept = items.items() if items is not None else [ItemFacts(**item_initial(item)) for item in pledge.items.all()]
    preamble = form.cleaned_data["preamble"] if items is not None else pledge.preamble
    facts, who = form.facts(preamble, kept), {"by": request.user, "at": clock.now()}
    if pledge is None:
        return pledges.create(year=year, facts=facts, **who)
    return pledges.edit(pledge=pledge, facts=facts, seen=form.cleaned_data["seen"], **who)


def _record_paper(request, pledge, form):
    return pledges.record_paper_signatures(
        pledge=pledge,
        memberships=form.signed_by(),
        signed_on=form.cleaned_data["signed_on"],
        by=request.user,
        at=clock.now(),
    )


def _frozen_sentence(signature_count):
    if not signature_count:
        return ""
    text = ngettext(
        "%(count)d unit has signed: text and items are frozen. Number, date and place can be corrected.",
        "%(count)d units have signed: text and items are frozen. Number, date and place can be corrected.",
        signature_count,
    )
    return text % {"count": signature_count}
