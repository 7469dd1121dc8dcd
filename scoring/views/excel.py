"""Excel files: criteria sets out and in, score cards out and in. A file is shown before anything of it is saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, Refused, Stale
from members.addresses import year_url
from members.loading import year_view
from scoring import card_pages, criteria_pages, permissions, queries, sheets
from scoring.excel import card_reading, card_writing, criteria_reading, criteria_writing, pages
from scoring.excel.forms import UploadForm
from scoring.excel.sealing import file_of, unseal
from scoring.services import imports
from scoring.services.lines import Entry
from scoring.views.loading import card_view

_READ_OR_WRITE = ["GET", "HEAD", "POST"]
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@year_view
def criteria_export(request, year):
    permissions.check_can_see_criteria(request.user, year)
    found = pages.exported_set(year, request.GET.get("version", ""))
    if found is None:
        raise NotKnown
    if not found.is_applied:
        permissions.check_can_edit_criteria(request.user, year)
    found.year = year
    content = criteria_writing.write_set(found, at=clock.now())
    return _download(content, f"tieu-chi-{year.cluster.slug}-{year.year}-v{found.version}.xlsx")


@require_safe
@year_view
def criteria_template(request, year):
    permissions.check_can_edit_criteria(request.user, year)
    return _download(criteria_writing.write_template(at=clock.now()), "mau-tieu-chi.xlsx")


@require_http_methods(_READ_OR_WRITE)
@year_view
def criteria_import(request, year):
    """Shows what the chosen file would change; its confirmation takes the file over."""
    permissions.check_can_edit_criteria(request.user, year)
    form = _upload_form(request)
    context = pages.criteria_page(year) | {"form": form}
    try:
        if "sealed" in request.POST:
            return _take_over_criteria(request, year)
        if form.is_valid():
            context |= _previewed_criteria(request.user, year, *form.cleaned_data["file"])
    except (Refused, Stale) as error:
        context |= pages.refusal(error)
    return render(request, "scoring/excel_criteria.html", context)


def _upload_form(request):
    return UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()


def _previewed_criteria(user, year, name, content):
    file = criteria_reading.read_criteria(content, name=name, award_forms=criteria_reading.award_form_codes())
    imported = imports.try_criteria(year=year, file=file, by=user, at=clock.now())
    return pages.criteria_preview(user, year, file, imported)


def _take_over_criteria(request, year):
    shown = unseal(pages.CRITERIA, request.POST["sealed"], by=request.user, about=year.pk)
    imported = imports.import_criteria(
        year=year, file=file_of(shown["file"]), seen=shown["state"], by=request.user, at=clock.now()
    )
    messages.success(request, criteria_pages.diff_summary(imported.diff))
    return redirect(year_url("scoring:criteria_edit", year))


@require_safe
@card_view
def scorecard_export(request, card):
    content = card_writing.write_card(sheets.load(card), at=clock.now())
    year = card.membership.year
    return _download(content, f"phieu-cham-diem-{year.cluster.slug}-{year.year}-{card.membership.unit.code}.xlsx")


@require_http_methods(_READ_OR_WRITE)
@card_view
def scorecard_import(request, card):
    """Shows old and new values of every line that the chosen file changes; its confirmation saves them."""
    permissions.check_can_fill(request.user, card)
    queries.check_step("fill", card)
    form = _upload_form(request)
    context = pages.card_page(request.user, card, clock.now()) | {"form": form}
    try:
        if "sealed" in request.POST:
            return _take_over_card(request, card)
        if form.is_valid():
            context |= _previewed_card(request.user, card, *form.cleaned_data["file"])
    except (Refused, Stale) as error:
        context |= pages.refusal(error)
    return render(request, "scoring/excel_scorecard.html", context)


def _previewed_card(user, card, name, content):
    file = card_reading.open_card(content, name=name)
    card_reading.check_belongs(file, card)
    sheet = sheets.load(card)
    return pages.card_preview(user, sheet, card_reading.read_card(file, sheet))


def _take_over_card(request, card):
    shown = unseal(pages.CARD, request.POST["sealed"], by=request.user, about=card.pk)
    entries = [Entry(**entry) for entry in shown["entries"]]
    imports.import_scorecard(card=card, version=shown["version"], entries=entries, by=request.user, at=clock.now())
    messages.success(request, _("The values of the file are saved."))
    return redirect(card_pages.card_url("scoring:scorecard_detail", card))


def _download(content, name):
    response = HttpResponse(content, content_type=_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
