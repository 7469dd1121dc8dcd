"""The pages of a year's papers: all of them, one draft, one issued paper, and the steps between."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, WrongState
from members.addresses import year_url
from members.loading import year_view
from members.permissions import check_can_see_papers, check_can_write_papers
from members.step_pages import accepted
from scoring import permissions
from scoring.issued.printing import kept_document
from scoring.paperwork import archive, pages, queries, statistics
from scoring.paperwork import dossier as parts
from scoring.paperwork.enums import ISSUED_HERE
from scoring.paperwork.forms import IssueForm, PaperForm, WithdrawForm
from scoring.paperwork.services import issuing, settling
from scoring.paperwork.services.settling import StalePaper

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@year_view
def papers(request, year):
    permissions.check_can_list_papers(request.user, year)
    context = pages.hub(request.user, year, clock.now()) | {"year": year}
    return render(request, "scoring/papers.html", context)


@require_safe
@year_view
def paper_draft(request, year, kind):
    check_can_see_papers(request.user, year)
    draft = _draft(year, kind, _day(request))
    if draft.missing:
        return render(request, "scoring/paper_missing.html", pages.missing(request.user, draft))
    document = draft.document(is_draft=True, signed_on=draft.records.day)
    toolbar = pages.draft_toolbar(request.user, year, kind)
    return respond(request, document, toolbar=toolbar, filename=_filename(year, kind))


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def paper_edit(request, year, kind):
    check_can_write_papers(request.user, year)
    draft = queries.settled_draft(year, kind, clock.now())
    form = PaperForm(request.POST or None, paper=draft.paper, filled=draft.filled)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            settling.settle(year=year, kind=kind, **form.settled(), by=request.user, at=clock.now())
        except StalePaper as stale:
            form.add_error(None, stale.message)
            form.show_stale(stale.present)
            status = stale.status_code
        else:
            messages.success(request, _("The paper is saved."))
            return redirect(year_url("scoring:papers", year))
    return render(request, "scoring/paper_form.html", pages.edit(draft) | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def paper_issue(request, year, kind):
    check_can_write_papers(request.user, year)
    draft = _draft(year, kind)
    if queries.valid(year, kind, queries.next_subject(year, kind)) is not None:
        raise WrongState(_("This paper has been issued already."))
    initial = {"seen": draft.fingerprint, "dated_on": clock.today()}
    form = IssueForm(request.POST or None, paper=draft.paper, initial=initial)
    if request.method == "POST" and accepted(form, lambda: _issue(request, year, kind, form)):
        messages.success(request, _("The paper is issued."))
        return redirect(year_url("scoring:papers", year))
    if form.is_bound and form.day:
        draft = _draft(year, kind, form.day)
        form.show_of_day(draft.fingerprint)
    return render(request, "scoring/paper_issue.html", pages.issue(draft) | {"form": form})


@require_safe
@year_view
def paper_print(request, year, pk):
    permissions.check_can_list_papers(request.user, year)
    issued = queries.issued_paper(year, pk)
    permissions.check_can_print_paper(request.user, year, issued)
    toolbar = pages.issued_toolbar(request.user, year, issued)
    return respond(request, kept_document(issued), toolbar=toolbar, filename=_filename(year, issued.kind))


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def paper_withdraw(request, year, pk):
    check_can_write_papers(request.user, year)
    issued = queries.issued_paper(year, pk)
    if issued.withdrawn_at is not None:
        raise WrongState(_("This document has been withdrawn already."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _withdraw(request, year, issued, form)):
        messages.success(request, _("The paper is withdrawn. A new one can be issued."))
        return redirect(year_url("scoring:papers", year))
    return render(request, "scoring/paper_withdraw.html", pages.withdrawal(year, issued) | {"form": form})


@require_safe
@year_view
def dossier(request, year):
    check_can_see_papers(request.user, year)
    found = parts.dossier(year, clock.now())
    return render(request, "scoring/dossier.html", pages.dossier(request.user, found) | {"year": year})


@require_safe
@year_view
def dossier_pdf(request, year):
    check_can_see_papers(request.user, year)
    content = archive.whole_pdf(parts.dossier(year, clock.now()))
    return _file(content, f"ho-so-{year.cluster.slug}-{year.year}.pdf", "application/pdf", is_shown=True)


@require_safe
@year_view
def dossier_zip(request, year):
    check_can_see_papers(request.user, year)
    content = archive.whole_zip(parts.dossier(year, clock.now()))
    return _file(content, f"ho-so-{year.cluster.slug}-{year.year}.zip", "application/zip")


@require_safe
@year_view
def dossier_statistics(request, year):
    check_can_see_papers(request.user, year)
    return _file(statistics.workbook(year), f"bieu-thong-ke-{year.cluster.slug}-{year.year}.xlsx", _XLSX)


def _file(content, name, content_type, *, is_shown=False):
    kind = "inline" if is_shown else "attachment"
    headers = {
        "Content-Disposition": f'{kind}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def _draft(year, kind, day=None):
    """A paper that is issued here, as of `day`, else of today; the others have pages of their own."""
    if kind not in ISSUED_HERE:
        raise NotKnown
    return queries.draft(year, kind, clock.now(), dated_on=day)


def _day(request):
    """The day of which the address asks the paper; none where it says none that can be read."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None


def _issue(request, year, kind, form):
    return issuing.issue(year=year, kind=kind, **form.cleaned_data, by=request.user, at=clock.now())


def _withdraw(request, year, issued, form):
    reason = form.cleaned_data["reason"]
    return issuing.withdraw(year=year, issued=issued, reason=reason, by=request.user, at=clock.now())


def _filename(year, kind):
    return f"{kind.replace('_', '-')}-{year.cluster.slug}-{year.year}"
