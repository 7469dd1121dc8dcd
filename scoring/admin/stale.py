"""The answer to a step on a card that is no longer what was shown: nothing was done, and what is another by now."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from cluster_app.lib.errors import DomainError
from scoring import differences, sheets, snapshots
from scoring.models import Scorecard


def page(model_admin, request, card: Scorecard, error: DomainError) -> TemplateResponse:
    """409. What differs is shown only if the form brought back, unchanged, the text that was shown."""
    card = Scorecard.objects.select_related("membership__year__cluster", "membership__unit").get(pk=card.pk)
    shown = snapshots.unseal(request.POST.get("snapshot", ""), request.POST.get("digest", ""))
    sheet = sheets.load(card)
    changes = []
    if shown:
        words = differences.value_words(sheet.tree)
        changes = snapshots.differences(shown, snapshots.of_card(sheet), words)
    context = model_admin.admin_site.each_context(request) | {
        "title": _("Nothing was done: %(unit)s") % {"unit": card.membership.name},
        "error": error,
        "is_compared": bool(shown),
        "columns": differences.columns(_("Shown to you"), _("Now")),
        "rows": differences.page_rows(changes, sheet.tree),
        "status": card.get_status_display(),
        "again_url": _again_url(model_admin, request, card),
        "opts": model_admin.opts,
    }
    return TemplateResponse(request, "admin/scoring/scorecard/stale.html", context, status=409)


def _again_url(model_admin, request, card: Scorecard) -> str:
    """The card as it is now; the list where it is no longer in the person's sight."""
    if model_admin.visible(request).filter(pk=card.pk).exists():
        return reverse("admin:scoring_scorecard_change", args=[card.pk])
    return reverse("admin:scoring_scorecard_changelist")
