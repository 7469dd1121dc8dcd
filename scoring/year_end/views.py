"""The pages of the annual summary: the paper, its paragraphs, issuing and withdrawing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.documents.html import page_context
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed, WrongState
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted
from scoring import permissions
from scoring.year_end import figures as year_figures
from scoring.year_end import pages, preflight, printing
from scoring.year_end.enums import Edition
from scoring.year_end.forms import IssueForm, ParagraphsForm, WithdrawForm
from scoring.year_end.queries import issued_of, paragraphs_of, texts_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import StaleParagraphs
from scoring.year_end.summary import symbol


@require_safe
@year_view
def summary(request, year):
    permissions.check_can_print_summary(request.user, year)
    issued = issued_of(year)
    edition = _edition(request, year, issued)
    if edition == Edition.OFFICIAL:
        document, findings = printing.official_document(issued), []
    else:
        document, findings = pages.draft(year, clock.now())
    if number := request.GET.get("annex"):
        document, findings = printing.annex_alone(document, number), []
    toolbar = pages.toolbar(request.user, year, edition, issued)
    context = page_context(document, toolbar=toolbar) | pages.notes(request.user, year, edition, issued, findings)
    return render(request, "scoring/summary.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def summary_paragraphs(request, year):
    permissions.check_can_write_summary(request.user, year)
    figures = year_figures.of(year)
    form = ParagraphsForm(request.POST or None, figures=figures, present=paragraphs_of(year))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            saved = paragraphs.write(year=year, entries=form.entries(), by=request.user, at=clock.now())
        except StaleParagraphs as stale:
            form, status = _after_stale(request, year, figures, stale), stale.status_code
        else:
            messages.success(request, _saved(len(saved)))
            return redirect(year_url("scoring:summary_paragraphs", year))
    context = {"form": form, "is_issued": issued_of(year) is not None, "summary_url": year_url("scoring:summary", year)}
    return render(request, "scoring/summary_paragraphs.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def summary_issue(request, year):
    permissions.check_can_write_summary(request.user, year)
    if issued_of(year) is not None:
        raise WrongState(_("The official edition has been issued already."))
    figures, texts = year_figures.of(year), texts_of(year)
    initial = {"seen": editions.fingerprint(figures, texts), "dated_on": clock.today()}
    form = IssueForm(request.POST or None, symbol=symbol(year, "03"), initial=initial)
    if request.method == "POST" and accepted(form, lambda: _issue(request, year, form)):
        messages.success(request, _("The official edition is issued."))
        return redirect(year_url("scoring:summary", year))
    context = pages.issue(request.user, year, preflight.findings(figures, texts))
    return render(request, "scoring/summary_issue.html", context | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def summary_withdraw(request, year):
    permissions.check_can_write_summary(request.user, year)
    issued = issued_of(year)
    if issued is None:
        raise WrongState(_("There is no official edition in force."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _withdraw(request, year, form)):
        messages.success(request, _("The official edition is withdrawn. A new one can be issued."))
        return redirect(year_url("scoring:summary", year))
    return render(request, "scoring/summary_withdraw.html", pages.withdrawal(year, issued) | {"form": form})


def _edition(request, year, issued):
    """The edition asked for, else the official one where it is issued, else the draft; raises NotAllowed where the
    person may see neither."""
    if issued is not None and request.GET.get("edition") != Edition.DRAFT:
        return Edition.OFFICIAL
    if issued is None and not permissions.can_print_draft(request.user, year):
        raise NotAllowed(
            _("The annual summary has not been issued yet."),
            next_step=_("It can be read and printed here once the official edition is issued."),
        )
    permissions.check_can_print_draft(request.user, year)
    return Edition.DRAFT


def _saved(count):
    if not count:
        return _("Nothing was changed.")
    return ngettext("%(count)d paragraph is saved.", "%(count)d paragraphs are saved.", count) % {"count": count}


def _after_stale(request, year, figures, stale):
    form = ParagraphsForm(request.POST, figures=figures, present=paragraphs_of(year))
    form.is_valid()
    form.add_error(None, stale.message)
    form.show_stale(stale.keys)
    return form


def _issue(request, year, form):
    return editions.issue(year=year, **form.cleaned_data, by=request.user, at=clock.now())


def _withdraw(request, year, form):
    return editions.withdraw(year=year, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
