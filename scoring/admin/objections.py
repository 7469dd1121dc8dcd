"""The objections to a card in the admin: its list, and answering, accepting and keeping, each confirmed on a page."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError, NotKnown, Refused, Stale, WrongState
from members.models import User
from scoring import objection_pages, objections, permissions
from scoring.admin import stale
from scoring.models import Objection, Scorecard
from scoring.objection_forms import AcceptForm, AnswerForm, KeepForm
from scoring.services import objections as service
from scoring.sheets import Sheet

Forms = Callable[..., forms.Form]


def _answer_form(sheet: Sheet, objection: Objection, *sent) -> forms.Form:
    return AnswerForm(*sent)


def _accept_form(sheet: Sheet, objection: Objection, *sent) -> forms.Form:
    initial = {"version": sheet.card.version, "value": objection.claimed_value}
    return AcceptForm(*sent, sheet=sheet, line=sheet.line(objection.line_id), initial=initial)


def _keep_form(sheet: Sheet, objection: Objection, *sent) -> forms.Form:
    return KeepForm(*sent, initial={"version": sheet.card.version})


def _answer(user: User, objection: Objection, form) -> None:
    service.answer(objection=objection, **form.cleaned_data, by=user, at=clock.now())


def _settle(user: User, objection: Objection, form) -> None:
    version = form.cleaned_data["version"]
    service.settle(objection=objection, version=version, outcome=form.outcome, by=user, at=clock.now())


@dataclass(frozen=True)
class ObjectionStep:
    """`form_of` makes the form of the page; `act` calls the service with the valid form."""

    slug: str
    label: str
    explanation: str
    form_of: Forms
    act: Callable[[User, Objection, forms.Form], object]
    done: str
    css: str = ""

    @property
    def url_name(self) -> str:
        return f"scoring_objection_{self.slug}"

    def view(self, model_admin, request, card: Scorecard, pk: int):
        """GET shows the claim, the thread and what the step will do; POST does it. What is accepted is first shown with
        the points before and after."""
        objection = _of_card(card, pk)
        try:
            sheet = objection_pages.check_to_settle(request.user, objection)
        except WrongState as error:
            if request.method != "POST":
                raise
            return stale.page(model_admin, request, card, error)
        form = self.form_of(sheet, objection, *((request.POST,) if request.method == "POST" else ()))
        is_valid = request.method == "POST" and form.is_valid()
        if is_valid and getattr(form, "is_confirmed", True):
            try:
                self.act(request.user, objection, form)
            except (Stale, WrongState) as error:
                return stale.page(model_admin, request, card, error)
            except Refused as refused:
                refused.add_to(form)
            else:
                messages.success(request, self.done % {"code": objection.line.criterion.code})
                return HttpResponseRedirect(reverse("admin:scoring_scorecard_change", args=[card.pk]))
        context = _context(model_admin, request, sheet, objection, form if is_valid else None) | {
            "title": f"{self.label}: {card.membership.name}, {objection.line.criterion.code}",
            "intro": self.explanation,
            "form": form,
            "submit_label": self.label,
        }
        return TemplateResponse(request, "admin/confirm_step.html", context)


STEPS = [
    ObjectionStep(
        "answer",
        gettext_lazy("Answer"),
        gettext_lazy("Your answer stands in the thread; the unit reads it."),
        _answer_form,
        _answer,
        gettext_lazy("Your answer to the objection to %(code)s stands in the thread."),
    ),
    ObjectionStep(
        "accept",
        gettext_lazy("Accept"),
        gettext_lazy("The new final value is first shown with its points; sent once more, it is accepted."),
        _accept_form,
        _settle,
        gettext_lazy("The objection to %(code)s is accepted."),
    ),
    ObjectionStep(
        "keep",
        gettext_lazy("Keep the points"),
        gettext_lazy("Nothing changes but the record: the objection goes to the meeting as not agreed."),
        _keep_form,
        _settle,
        gettext_lazy("The points of %(code)s are kept."),
    ),
]


def open_ones(user: User, card: Scorecard) -> list[dict[str, object]]:
    """The open objections of the card, each with its claim and the steps that the person can take now."""
    found = Objection.objects.filter(line__scorecard=card, settled_at__isnull=True)
    rows = list(found.select_related("line__criterion").prefetch_related("messages").order_by("pk"))
    may_settle = bool(rows) and _may_settle(user, card)
    return [
        {
            "text": f"{one.line.criterion.code}: {' · '.join(message.text for message in one.messages.all())}",
            "links": [
                {"label": step.label, "url": reverse(f"admin:{step.url_name}", args=[card.pk, one.pk])}
                for step in STEPS
                if may_settle
            ],
        }
        for one in rows
    ]


def _may_settle(user: User, card: Scorecard) -> bool:
    try:
        permissions.check_can_answer_objection(user, card)
        permissions.check_open("object", card.membership.year)
    except DomainError:
        return False
    return True


def _of_card(card: Scorecard, pk: int) -> Objection:
    objection = Objection.objects.select_related("line__criterion").filter(pk=pk, line__scorecard=card).first()
    if objection is None:
        raise NotKnown
    objection.line.scorecard = card
    return objection


def _context(model_admin, request, sheet: Sheet, objection: Objection, valid_form) -> dict[str, object]:
    """The figures of the line, and under them what accepting the posted value would make of it."""
    line = sheet.line(objection.line_id)
    figures = objection_pages.figures_of(sheet, line, objection.claimed_value)
    if isinstance(valid_form, AcceptForm):
        valid_form.note_shown()
        figures += objection_pages.preview(sheet, line, valid_form.cleaned_data.get("value"))
    return model_admin.admin_site.each_context(request) | {
        "lines": [f"{message.author}: {message.text}" for message in objections.messages_of(objection)],
        "columns": [
            {"key": "label", "label": _("Stage")},
            {"key": "value", "label": _("Value"), "css": "num"},
            {"key": "points", "label": _("Points"), "css": "num"},
        ],
        "rows": [{"label": one.label, "value": one.value, "points": one.points} for one in figures],
        "cancel_url": reverse("admin:scoring_scorecard_change", args=[sheet.card.pk]),
        "opts": model_admin.opts,
    }
