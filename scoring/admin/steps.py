"""The steps of a score card in the admin: each a button with its own confirmation page, calling the service."""

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
from cluster_app.lib.errors import DomainError, Refused, Stale, WrongState
from members.enums import PendingKind
from members.models import User
from members.services import pending
from scoring import permissions, sheet_rows, sheets, snapshots
from scoring.admin import lines, restating, stale
from scoring.enums import CardStatus, Stage
from scoring.forms import PaperForm, ReasonForm, ReturnForm, SeenForm, SubmitForm, paper_of
from scoring.models import Scorecard
from scoring.services import approvals, feeding, scorecards, signed_papers
from scoring.services import lines as lines_service
from scoring.services.approvals import Seen
from scoring.sheets import Sheet
from scoring.workflow import CARD


def _seen_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return SeenForm(*args, **kwargs)


class ApproveForm(SeenForm):
    """Approval is of what the approver saw: the form carries its digest, and the text itself, so that the answer can
    say what is another by now."""

    digest = forms.CharField(widget=forms.HiddenInput)
    snapshot = forms.CharField(widget=forms.HiddenInput, required=False)


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
    """`check` raises why the person cannot take the step now; `act` calls the service with the valid form's data. A
    step that `shows_sheet` is of every line of the card, as its page shows them."""

    slug: str
    label: str
    explanation: str
    check: Callable[[User, Scorecard], object]
    act: Callable[[User, Scorecard, dict], object]
    done: str
    form_of: Callable[..., forms.Form] = _seen_form
    css: str = ""
    shows_sheet: bool = False

    @property
    def url_name(self) -> str:
        return f"scoring_scorecard_{self.slug.replace('-', '_')}"

    def view(self, model_admin, request, card: Scorecard):
        """GET shows what the step will do, POST does it, or answers 409 with what changed meanwhile."""
        try:
            self.check(request.user, card)
        except WrongState as error:
            if request.method != "POST":
                raise
            return stale.page(model_admin, request, card, error)
        sheet = sheets.load(card)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = self.form_of(request.user, sheet, *sent, initial=self._initial(sheet))
        if request.method == "POST" and form.is_valid():
            try:
                self.act(request.user, card, form.cleaned_data)
            except (Stale, WrongState) as error:
                return stale.page(model_admin, request, card, error)
            except Refused as refused:
                refused.add_to(form)
                for sentence in refused.missing:
                    form.add_error(None, sentence)
            else:
                messages.success(request, self.done % {"unit": card.membership.name})
                return HttpResponseRedirect(_after(model_admin, request, card))
        return TemplateResponse(
            request, "admin/scoring/scorecard/step.html", self._context(model_admin, request, sheet, form)
        )

    def _initial(self, sheet: Sheet) -> dict[str, object]:
        version = {"version": sheet.card.version}
        if not self.shows_sheet:
            return version
        shown = snapshots.of_card(sheet)
        return version | {"digest": snapshots.digest(shown), "snapshot": snapshots.seal(shown)}

    def _context(self, model_admin, request, sheet: Sheet, form: forms.Form) -> dict[str, object]:
        card = sheet.card
        return model_admin.admin_site.each_context(request) | {
            "title": f"{self.label}: {card.membership.name}",
            "intro": self.explanation,
            "columns": restating.summary_columns(),
            "rows": [restating.summary_row(card)],
            "lines": restating.remarks(sheet, clock.now()) if self.shows_sheet else [],
            "sheet_rows": sheet_rows.rows(sheet, stage=Stage.FINAL) if self.shows_sheet else [],
            "form": form,
            "submit_label": self.label,
            "submit_css": "danger" if self.css == "danger" else "primary",
            "cancel_url": reverse("admin:scoring_scorecard_change", args=[card.pk]),
            "opts": model_admin.opts,
        }


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
    scorecards.submit(card=card, version=data["version"], paper=paper_of(data), by=user, at=clock.now())


def _submit_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return SubmitForm(*args, needs_paper=signed_papers.is_missing(user, sheet.card), **kwargs)


def _check_paper(user: User, card: Scorecard) -> None:
    signed_papers.check_open(user, card)
    if not signed_papers.is_missing(user, card):
        raise WrongState(_("The signed paper of this card is recorded already."))


def _paper_form(user: User, sheet: Sheet, *args, **kwargs) -> forms.Form:
    return PaperForm(*args, **kwargs)


def _record_paper(user: User, card: Scorecard, data: dict) -> None:
    signed_papers.record(card=card, paper=paper_of(data), by=user, at=clock.now())


def check_fill(user: User, card: Scorecard) -> None:
    permissions.check_can_fill(user, card)
    permissions.check_open("fill", card.membership.year)
    CARD.check("fill", card.status)
    signed_papers.check_entered_from_paper(user, card)


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
    permissions.check_can_approve(user, card, clock.now())
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
    Step(
        "paper",
        gettext_lazy("Record the signed paper"),
        gettext_lazy("A card is entered on behalf of its unit from the paper that the head of the unit signed."),
        _check_paper,
        _record_paper,
        gettext_lazy("The signed paper of %(unit)s is recorded."),
        _paper_form,
    ),
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
        shows_sheet=True,
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
