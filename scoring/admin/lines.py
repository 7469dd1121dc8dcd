"""The lines of a card in the admin: entering on behalf of a unit, and reviewing, through the services of the pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, Stale
from members.models import User
from scoring import queries, sheet_rows, sheets
from scoring.enums import Stage
from scoring.forms import Typed, read_lines
from scoring.models import Scorecard
from scoring.services import lines


@dataclass(frozen=True)
class Writing:
    """What is written into the lines: the stage, the service, and whether untouched lines can be accepted."""

    stage: str
    explanation: str
    write: Callable
    can_accept: bool = False


FILL = Writing(
    Stage.SELF,
    gettext_lazy("Enter the values from the paper that the head of the unit signed; points follow from them."),
    lines.fill,
)
REVIEW = Writing(
    Stage.REVIEWED,
    gettext_lazy("Write only what differs, with the reason; the rest is accepted as claimed."),
    lines.review,
    can_accept=True,
)
ACCEPT = "accept"


@dataclass(frozen=True)
class LinesStep:
    """A step whose page is the whole sheet with inputs."""

    slug: str
    label: str
    check: Callable[[User, Scorecard], object]
    writing: Writing
    css: str = ""

    @property
    def url_name(self) -> str:
        return f"scoring_scorecard_{self.slug.replace('-', '_')}"

    def view(self, model_admin, request, card: Scorecard):
        """GET shows the sheet with inputs, POST writes all lines or none, and keeps what was typed. What somebody else
        changed meanwhile is answered with both beside each other."""
        self.check(request.user, card)
        sheet = sheets.load(card)
        typed = None
        if request.method == "POST":
            typed = read_lines(request.POST, sheet)
            try:
                if self._write(request, card, typed):
                    return HttpResponseRedirect(request.path)
            except Stale as stale:
                return self._conflict(model_admin, request, card, typed, stale)
        context = model_admin.admin_site.each_context(request) | {
            "title": f"{self.label}: {card.membership.name}",
            "intro": self.writing.explanation,
            "rows": sheet_rows.rows(sheet, stage=self.writing.stage, typed=typed, is_open=True),
            "stage": self.writing.stage,
            "is_review": self.writing.can_accept,
            "version": card.version,
            "has_errors": bool(typed and typed.errors),
            "cancel_url": reverse("admin:scoring_scorecard_change", args=[card.pk]),
            "opts": model_admin.opts,
        }
        return TemplateResponse(request, "admin/scoring/scorecard/lines.html", context)

    def _write(self, request, card: Scorecard, typed: Typed) -> bool:
        if typed.errors:
            return False
        try:
            self._write_all(request, card, typed)
        except Refused as refused:
            typed.refuse(refused)
            return False
        messages.success(request, _("The lines are saved."))
        return True

    def _conflict(self, model_admin, request, card: Scorecard, typed: Typed, stale: Stale):
        """Mine beside theirs, 409. Nothing was stored; sending this page stores mine on top of what is shown."""
        sheet = sheets.load(queries.card_of(card.membership.year, card.membership.unit.code))
        context = model_admin.admin_site.each_context(request) | {
            "title": f"{self.label}: {card.membership.name}",
            "error": stale,
            "conflicts": sheet_rows.conflicts(sheet, typed, self.writing.stage),
            "is_review": self.writing.can_accept,
            "page_url": request.path,
            "opts": model_admin.opts,
        }
        return TemplateResponse(request, "admin/scoring/scorecard/lines_conflict.html", context, status=409)

    @transaction.atomic
    def _write_all(self, request, card: Scorecard, typed: Typed) -> None:
        self.writing.write(card=card, entries=typed.entries, by=request.user, at=clock.now())
        if self.writing.can_accept and ACCEPT in request.POST:
            lines.accept_as_claimed(card=card, code="", seen=typed.versions(), by=request.user, at=clock.now())
