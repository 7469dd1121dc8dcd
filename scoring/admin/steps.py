"""The steps of a score card in the admin: each a button with its own confirmation page, calling the service."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError, Refused
from cluster_app.lib.points import format_points, format_signed
from members.enums import PendingKind
from members.models import User
from members.services import pending
from scoring import permissions, sheets
from scoring.admin import lines
from scoring.enums import CardStatus
from scoring.forms import ReasonForm, ReturnForm, SeenForm, SubmitForm
from scoring.models import Scorecard
from scoring.services import approvals, feeding, scorecards
from scoring.services import lines as lines_service
from scoring.services.approvals import Seen
from scoring.sheets import Sheet
from scoring.workflow import CARD


def _seen_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return SeenForm(*args, **kwargs)


class ApproveForm(SeenForm):
    """Approval is of what the approver saw: the form carries its digest."""

    digest = forms.CharField(widget=forms.HiddenInput)


class AssignmentForm(SeenForm):
    """Which criterion is, or is not, assigned to the unit."""

    line = forms.ChoiceField(label=gettext_lazy("Criterion"))
    is_assigned = forms.TypedChoiceField(
        label=gettext_lazy("Assigned to the unit"),
        choices=[("", gettext_lazy("No, with the reason")), ("1", gettext_lazy("Yes"))],
        coerce=bool,
        required=False,
        empty_value=False,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, *args, sheet: Sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(line.pk, str(line.criterion)) for line in sheet.lines]


@dataclass(frozen=True)
class Step:
    """`check` raises why the person cannot take the step now; `act` calls the service with the clean form."""

    slug: str
    label: str
    explanation: str
    check: Callable[[User, Scorecard], object]
    act: Callable[[User, Scorecard, dict], object]
    done: str
    form_of: Callable[..., forms.Form] = _seen_form
    css: str = ""

    @property
    def url_name(self) -> str:
        return f"scoring_scorecard_{self.slug.replace('-', '_')}"

    def view(self, model_admin, request, card: Scorecard):
        """GET shows what the step will do, POST does it."""
        self.check(request.user, card)
        sheet = sheets.load(card)
        initial = {"version": card.version, "digest": approvals.digest_of(sheet)}
        form = self.form_of(request.user, sheet, request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                self.act(request.user, card, form.cleaned_data)
            except Refused as refused:
                refused.add_to(form)
                for sentence in refused.missing:
                    form.add_error(None, sentence)
            else:
                messages.success(request, self.done % {"unit": card.membership.name})
                return HttpResponseRedirect(_after(model_admin, request, card))
        context = model_admin.admin_site.each_context(request) | {
            "title": f"{self.label}: {card.membership.name}",
            "intro": self.explanation,
            "columns": summary_columns(),
            "rows": [summary_row(card)],
            "form": form,
            "submit_label": self.label,
            "submit_css": "danger" if self.css == "danger" else "primary",
            "cancel_url": reverse("admin:scoring_scorecard_change", args=[card.pk]),
            "opts": model_admin.opts,
        }
        return TemplateResponse(request, "admin/confirm_step.html", context)


def _after(model_admin, request, card: Scorecard) -> str:
    """Back to the card, or to the list where the step took the card out of the person's sight."""
    if model_admin.visible(request).filter(pk=card.pk).exists():
        return reverse("admin:scoring_scorecard_change", args=[card.pk])
    return reverse("admin:scoring_scorecard_changelist")


# --- what each step checks and does ---
def _check_submit(user: User, card: Scorecard) -> None:
    permissions.check_can_submit(user, card)
    permissions.check_open("submit", card.membership.year)
    CARD.check("submit", card.status)


def _submit(user: User, card: Scorecard, data: dict) -> None:
    scorecards.submit(
        card=card,
        version=data["version"],
        paper_number=data.get("paper_number", ""),
        paper_on=data.get("paper_on"),
        by=user,
        at=clock.now(),
    )


def _submit_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return SubmitForm(*args, needs_paper=permissions.needs_paper(user, sheet.card), **kwargs)


def check_fill(user: User, card: Scorecard) -> None:
    permissions.check_can_fill(user, card)
    permissions.check_open("fill", card.membership.year)
    CARD.check("fill", card.status)


def check_review(user: User, card: Scorecard) -> None:
    permissions.check_can_review(user, card)
    permissions.check_open("review", card.membership.year)
    CARD.check("review", card.status)


def _check_return(user: User, card: Scorecard) -> None:
    permissions.check_can_return(user, card)
    permissions.check_open("return", card.membership.year)
    if not CARD.can("return", card.status):
        CARD.check("return", card.status)


def _return_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return ReturnForm(*args, sheet=sheet, **kwargs)


def _return(user: User, card: Scorecard, data: dict) -> None:
    scorecards.return_card(
        card=card, version=data["version"], reason=data["reason"], codes=data["codes"], by=user, at=clock.now()
    )


def _approve_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return ApproveForm(*args, **kwargs)


def _check_approve(user: User, card: Scorecard) -> None:
    permissions.check_can_approve(user, card)
    approvals.check_ready(card)


def _approve(user: User, card: Scorecard, data: dict) -> None:
    approvals.approve(seen=Seen(card.pk, data["version"], data["digest"]), by=user, at=clock.now())


def _check_reopen(user: User, card: Scorecard) -> None:
    permissions.check_can_reopen(user, card)
    permissions.check_open("reopen", card.membership.year)
    if not CARD.can("reopen", card.status):
        CARD.check("reopen", card.status)


def _reopen_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    if pending.open_step(PendingKind.REOPEN_CARD, sheet.card) is not None:
        return SeenForm(*args, **kwargs)
    return ReasonForm(*args, **kwargs)


def _reopen(user: User, card: Scorecard, data: dict) -> None:
    step = pending.open_step(PendingKind.REOPEN_CARD, card)
    if step is None:
        approvals.propose_reopening(card=card, reason=data["reason"], by=user, at=clock.now())
    else:
        approvals.confirm_reopening(card=card, step=step, by=user, at=clock.now())


def _check_assign(user: User, card: Scorecard) -> None:
    permissions.check_can_write_target(user, card.membership)
    if card.status not in (CardStatus.DRAFT, CardStatus.RETURNED, CardStatus.SUBMITTED):
        CARD.check("fill", card.status)


def _assign_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return AssignmentForm(*args, sheet=sheet, **kwargs)


def _assign(user: User, card: Scorecard, data: dict) -> None:
    lines_service.set_assigned(
        card=card,
        line_pk=int(data["line"]),
        is_assigned=data["is_assigned"],
        reason=data["reason"],
        by=user,
        at=clock.now(),
    )


def _check_refresh(user: User, card: Scorecard) -> None:
    feeding.check_ready(user, card)


def _refresh(user: User, card: Scorecard, data: dict) -> None:
    feeding.refresh(card_pk=card.pk, by=user, at=clock.now())


def _conclude(user: User, card: Scorecard, data: dict) -> None:
    scorecards.conclude_review(card=card, version=data["version"], by=user, at=clock.now())


STEPS: list = [
    lines.LinesStep("fill", gettext_lazy("Enter on behalf of the unit"), check_fill, lines.FILL),
    Step(
        "submit",
        gettext_lazy("Submit on behalf of the unit"),
        gettext_lazy("Number and date of the paper that the head of the unit signed stand for the signature."),
        _check_submit,
        _submit,
        gettext_lazy("The card of %(unit)s is submitted."),
        _submit_form,
    ),
    lines.LinesStep("review-lines", gettext_lazy("Review the lines"), check_review, lines.REVIEW),
    Step(
        "conclude-review",
        gettext_lazy("Conclude the review"),
        gettext_lazy("Every line has its reviewed value; they become the final ones and wait for approval."),
        check_review,
        _conclude,
        gettext_lazy("The card of %(unit)s is reviewed."),
    ),
    Step(
        "refresh",
        gettext_lazy("Take the values from the records"),
        gettext_lazy("Lines that are fed from records, and those compared with other units, are computed anew."),
        _check_refresh,
        _refresh,
        gettext_lazy("The card of %(unit)s says what the records say."),
    ),
    Step(
        "approve",
        gettext_lazy("Approve"),
        gettext_lazy("The card is approved as it stands here and then is frozen."),
        _check_approve,
        _approve,
        gettext_lazy("The card of %(unit)s is approved."),
        _approve_form,
        css="primary",
    ),
    Step(
        "return",
        gettext_lazy("Return"),
        gettext_lazy("The card goes back to its unit with your reason. Named lines unlock, the others stay."),
        _check_return,
        _return,
        gettext_lazy("The card of %(unit)s is returned."),
        _return_form,
    ),
    Step(
        "assign",
        gettext_lazy("Assign or not"),
        gettext_lazy("A criterion that is not assigned to the unit follows the rule of the year; say why."),
        _check_assign,
        _assign,
        gettext_lazy("The criteria assigned to %(unit)s are recorded."),
        _assign_form,
    ),
    Step(
        "reopen",
        gettext_lazy("Reopen"),
        gettext_lazy(
            "Two persons reopen an approved card: one proposes with a reason, another confirms. A published "
            "ranking is withdrawn."
        ),
        _check_reopen,
        _reopen,
        gettext_lazy("The reopening of the card of %(unit)s is recorded."),
        _reopen_form,
        css="danger",
    ),
]


def _problem(step, user: User, card: Scorecard) -> str | None:
    try:
        step.check(user, card)
    except DomainError as error:
        return error.message
    return None


def links(user: User, card: Scorecard) -> list[dict[str, str]]:
    """The steps that this person can take now."""
    return [
        {"label": step.label, "url": reverse(f"admin:{step.url_name}", args=[card.pk]), "css": step.css}
        for step in STEPS
        if _problem(step, user, card) is None
    ]


def refusals(user: User, card: Scorecard) -> list[str]:
    """Why a reviewed card cannot be approved by this person, so that the missing button explains itself."""
    approve = next(step for step in STEPS if step.slug == "approve")
    problem = _problem(approve, user, card) if CARD.can("approve", card.status) else None
    return [problem] if problem else []


# --- how a card is restated ---
def summary_columns() -> list[dict[str, str]]:
    return [
        {"key": "unit", "label": _("Unit")},
        {"key": "self", "label": _("Self-scored"), "css": "num"},
        {"key": "reviewed", "label": _("Reviewed"), "css": "num"},
        {"key": "difference", "label": _("Difference"), "css": "num"},
        {"key": "bonus", "label": _("Bonus"), "css": "num"},
        {"key": "penalty", "label": _("Penalty"), "css": "num"},
        {"key": "total", "label": _("Total"), "css": "num"},
        {"key": "status", "label": _("Status")},
    ]


def summary_row(card: Scorecard) -> dict[str, object]:
    both = card.reviewed_total is not None and card.self_total is not None
    return {
        "unit": card.membership.name,
        "self": format_points(card.self_total),
        "reviewed": format_points(card.reviewed_total),
        "difference": format_signed(card.reviewed_total - card.self_total) if both else format_points(None),
        "bonus": format_points(card.bonus_points),
        "penalty": format_points(card.penalty_points),
        "total": format_points(card.total_points),
        "status": {"css": card.status, "label": card.get_status_display()},
    }


def facts(card: Scorecard) -> list[dict[str, str]]:
    """Who did what with the card, and when."""
    found = [{"label": _("Status"), "value": card.get_status_display()}]
    for label, at, by in (
        (_("Submitted"), card.submitted_at, card.submitted_by),
        (_("Reviewed"), card.reviewed_at, card.reviewed_by),
    ):
        if at is not None:
            found.append({"label": label, "value": f"{date_format(localtime(at), 'DATETIME_FORMAT')} · {by}"})
    if card.paper_number:
        found.append({"label": _("Signed paper"), "value": f"{card.paper_number} · {date_format(card.paper_on)}"})
    for approval in card.approvals.select_related("approver").order_by("approved_at", "pk"):
        text = f"{date_format(localtime(approval.approved_at), 'DATETIME_FORMAT')} · {approval.approver}"
        label = _("Approved") if approval.revoked_at is None else _("Approval, revoked")
        found.append({"label": label, "value": f"{text} · {approval.digest[:8]}"})
    return found
