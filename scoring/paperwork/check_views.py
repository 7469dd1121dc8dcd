"""Checking a file of one's own against the official form. Nothing of it is stored."""

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.linting import checking
from cluster_app.documents.linting.deviations import Level
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.upload_fields import UploadField
from members.loading import year_view
from members.step_pages import accepted
from scoring import permissions

_LEVELS = {
    Level.FAULT: {"css": "returned", "label": gettext_lazy("deviates")},
    Level.ADVICE: {"css": "warn", "label": gettext_lazy("to be looked at")},
}


class CheckForm(PageFormMixin, forms.Form):
    """The file to check, and by which form."""

    file = UploadField(
        label=gettext_lazy("PDF or Word file"),
        help_text=gettext_lazy("PDF or Word (docx), up to 20 MB. The file is not stored."),
        widget=forms.FileInput(attrs={"accept": checking.ACCEPT}),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Form"),
        choices=[
            ("", gettext_lazy("as the head of the paper tells")),
            (LetterheadKind.PARTY.value, gettext_lazy("of the Party (HD 05-HD/VPTW)")),
            (LetterheadKind.STATE.value, gettext_lazy("of the State (NĐ 30/2020/NĐ-CP)")),
        ],
        required=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def paper_check(request, year):
    permissions.check_can_list_papers(request.user, year)
    is_sent = request.method == "POST"
    form = CheckForm(request.POST, request.FILES) if is_sent else CheckForm()
    found = []
    is_checked = is_sent and accepted(form, lambda: found.extend(_check(form)))
    context = {"year": year, "form": form, "is_checked": is_checked, "rows": [_row(one) for one in found]}
    context["name"] = form.cleaned_data["file"].name if is_checked else ""
    return render(request, "scoring/paper_check.html", context)


def _check(form):
    upload, kind = form.cleaned_data["file"], form.cleaned_data["form"]
    return checking.check(upload.name, upload.content, LetterheadKind(kind) if kind else None)


def _row(deviation):
    """A deviation as the table shows it."""
    return {
        "status": _LEVELS[deviation.level],
        "where": _("page %(number)d") % {"number": deviation.page} if deviation.page else "–",
        "found": deviation.found,
        "asked": deviation.asked,
    }
