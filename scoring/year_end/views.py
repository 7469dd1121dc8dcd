"""The pages of the annual summary: the paper, its paragraphs, issuing and withdrawing."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.documents.html import page_context
from cluster_app.documents.responses import file_response, with_files
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted
from scoring import permissions
from scoring.issued.printing import kept_document
from scoring.year_end import downloads, pages, paragraph_pages, printing
from scoring.year_end import figures as year_figures
from scoring.year_end.enums import Edition
from scoring.year_end.forms import IssueForm, ParagraphsForm, WithdrawForm
from scoring.year_end.queries import issued_of, paragraphs_of, texts_in
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import StaleParagraphs


@require_safe
@year_view
def summary(request, year):
    permissions.check_can_print_summary(request.user, year)
    issued = issued_of(year)
    edition = _edition(request, year, issued)
    if edition == Edition.OFFICIAL:
        drawn = pages.Drawn(kept_document(issued))
    else:
        drawn = pages.draft(year, issued, clock.now())
    if found := downloads.workbook_response(request, drawn.document, _printed_at(edition, issued)):
        return found
    if number := request.GET.get("annex"):
        drawn = pages.Drawn(printing.annex_alone(drawn.document, number))
    if found := file_response(request, drawn.document):
        return found
    toolbar = with_files(request, downloads.with_workbook(request, pages.toolbar(request.user, year, edition, issued)))
    notes = pages.notes(request.user, year, edition, issued, drawn)
    context = page_context(drawn.document, toolbar=toolbar) | notes
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
        except Refused as refusal:
            form.show_refused(refusal)
        else:
            messages.success(request, _saved(len(saved)))
            return redirect(year_url("scoring:summary_paragraphs", year))
    context = paragraph_pages.context(form, figures, is_issued=issued_of(year) is not None)
    return render(request, "scoring/summary_paragraphs.html", context, status=status)


@require_POST
@year_view
def summary_accept(request, year, key):
    permissions.check_can_write_summary(request.user, year)
    seen = request.POST.get("seen", "")
    paragraphs.accept(year=year, key=key, seen=seen, by=request.user, at=clock.now())
    messages.success(request, _("The new figures of %(key)s are accepted.") % {"key": key})
    return redirect(f"{year_url('scoring:summary_paragraphs', year)}#{paragraph_pages.anchor(key)}")


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def summary_issue(request, year):
    permissions.check_can_write_summary(request.user, year)
    if issued_of(year) is not None:
        raise WrongState(_("The official edition has been issued already."))
    figures, written = year_figures.of(year), paragraphs_of(year)
    texts = texts_in(written)
    initial = {"seen": editions.fingerprint(figures, texts), "dated_on": clock.today()}
    form = IssueForm(request.POST or None, paper=figures.paper, initial=initial)
    if request.method == "POST" and accepted(form, lambda: _issue(request, year, form)):
        messages.success(request, _("The official edition is issued."))
        return redirect(year_url("scoring:summary", year))
    context = pages.issue(request.user, figures, written, clock.today())
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


def _printed_at(edition, issued):
    return issued.issued_at if edition == Edition.OFFICIAL else clock.now()


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
