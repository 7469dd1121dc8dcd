"""Publishing the results of a year in the admin: the page of its state, and its three steps, each confirmed first."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError, NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.lib.points import format_points
from members.enums import PendingKind
from members.models import EmulationYear, PendingStep, User
from members.permissions import check_can_publish_year
from members.services import pending
from scoring import permissions
from scoring.ranking import ranking
from scoring.services import publications


class ProposalForm(forms.Form):
    """The proposal that the person saw; none where there was none."""

    step = forms.IntegerField(widget=forms.HiddenInput, required=False)


@dataclass(frozen=True)
class YearStep:
    """`check` raises why the person cannot take the step now; `act` calls the service."""

    slug: str
    label: str
    explanation: str
    check: Callable[[User, EmulationYear, PendingStep | None], object]
    act: Callable[[User, EmulationYear, PendingStep], object]
    done: str
    css: str = ""

    @property
    def url_name(self) -> str:
        return f"scoring_publication_{self.slug}"

    def view(self, model_admin, request, pk: int):
        """GET shows the results and what the step will do, POST does it."""
        year = _year(pk)
        check_can_publish_year(request.user, year)
        step = pending.open_step(PendingKind.PUBLISH, year)
        self.check(request.user, year, step)
        seen = step.pk if step else None
        sent = (request.POST,) if request.method == "POST" else ()
        form = ProposalForm(*sent, initial={"step": seen})
        missing: list[str] = publications.missing_for_publication(year)
        if request.method == "POST" and form.is_valid():
            try:
                _check_seen(form.cleaned_data["step"], seen)
                self.act(request.user, year, step)
            except Refused as refused:
                refused.add_to(form)
                missing = refused.missing
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(_state_url(year))
        context = _context(model_admin, request, year, step) | {
            "title": f"{self.label}: {year}",
            "intro": self.explanation,
            "skipped": missing,
            "form": form,
            "submit_label": self.label,
            "cancel_url": _state_url(year),
        }
        return TemplateResponse(request, "admin/confirm_step.html", context)


def _check_seen(posted: int | None, present: int | None) -> None:
    if posted != present:
        raise Stale(
            _("Another proposal waits than the one you were shown. Nothing was done."),
            next_step=_("Open the page again and look at what is proposed now."),
        )


def _check_propose(user: User, year: EmulationYear, step: PendingStep | None) -> None:
    if year.is_published:
        raise WrongState(_("The results of the year %(year)s are published already.") % {"year": year.year})
    if step is not None:
        raise WrongState(_("The publication is proposed already; another person confirms it."))


def _check_proposed(user: User, year: EmulationYear, step: PendingStep | None) -> None:
    if step is None:
        raise WrongState(_("Nobody has proposed to publish the results, or it is done already."))


def _check_confirm(user: User, year: EmulationYear, step: PendingStep | None) -> None:
    _check_proposed(user, year, step)
    if step is not None and step.proposed_by_id == user.pk:
        raise NotAllowed(_("You proposed this yourself; it needs a second person."))


def _propose(user: User, year: EmulationYear, step: PendingStep) -> None:
    publications.propose(year=year, by=user, at=clock.now())


def _confirm(user: User, year: EmulationYear, step: PendingStep) -> None:
    publications.confirm(year=year, step=step, by=user, at=clock.now())


def _withdraw(user: User, year: EmulationYear, step: PendingStep) -> None:
    publications.withdraw_proposal(year=year, step=step, by=user, at=clock.now())


STEPS = [
    YearStep(
        "propose",
        gettext_lazy("Propose to publish"),
        gettext_lazy("What the table shows is what will be published, once a second person confirms it."),
        _check_propose,
        _propose,
        gettext_lazy("The publication is proposed. A second person now confirms it."),
        css="primary",
    ),
    YearStep(
        "confirm",
        gettext_lazy("Confirm and publish"),
        gettext_lazy("From then on every unit sees the points and the ranking of all."),
        _check_confirm,
        _confirm,
        gettext_lazy("The results are published: every unit now sees the ranking."),
        css="primary",
    ),
    YearStep(
        "withdraw",
        gettext_lazy("Withdraw the proposal"),
        gettext_lazy("The results stay as they are; they can be proposed again."),
        _check_proposed,
        _withdraw,
        gettext_lazy("The proposal is withdrawn."),
    ),
]


def state_view(model_admin, request, pk: int):
    """The results as they would be published, what is missing, who proposed, and the steps open to this person."""
    year = _year(pk)
    permissions.check_can_see_ranking(request.user, year)
    step = pending.open_step(PendingKind.PUBLISH, year)
    open_steps, refusals = _steps_for(request.user, year, step)
    context = _context(model_admin, request, year, step) | {
        "title": _("Publication of the results: %(year)s") % {"year": year},
        "skipped": publications.missing_for_publication(year),
        "step_links": open_steps,
        "refusals": refusals,
        "caption": _("Results of the year"),
    }
    return TemplateResponse(request, "admin/scoring/publication/year.html", context)


def _steps_for(user: User, year: EmulationYear, step: PendingStep | None) -> tuple[list[dict[str, str]], list[str]]:
    """The buttons, and why the one that would lead on is missing."""
    links, reasons = [], {}
    for one in STEPS:
        try:
            check_can_publish_year(user, year)
            one.check(user, year, step)
        except DomainError as error:
            reasons[one.slug] = error.message
        else:
            url = reverse(f"admin:{one.url_name}", args=[year.pk])
            links.append({"label": str(one.label), "url": url, "css": one.css})
    wanted = reasons.get("propose" if step is None else "confirm")
    return links, [wanted] if wanted else []


def _year(pk: int) -> EmulationYear:
    year = EmulationYear.objects.select_related("cluster", "rules").filter(pk=pk).first()
    if year is None:
        raise NotKnown
    return year


def _state_url(year: EmulationYear) -> str:
    return reverse("admin:scoring_publication_year", args=[year.pk])


def _context(model_admin, request, year: EmulationYear, step: PendingStep | None) -> dict[str, object]:
    found = ranking(year)
    proposed = _("Proposed by %(person)s, %(when)s")
    return model_admin.admin_site.each_context(request) | {
        "lines": []
        if step is None
        else [
            proposed
            % {
                "person": step.proposed_by,
                "when": date_format(timezone.localtime(step.proposed_at), "d/m/Y H:i"),
            }
        ],
        "columns": [
            {"key": "unit", "label": _("Unit")},
            {"key": "rank", "label": _("Rank"), "css": "num"},
            {"key": "total", "label": _("Total"), "css": "num"},
        ],
        "rows": [
            {"unit": row.membership.name, "rank": row.rank or "–", "total": format_points(row.total)}
            for row in found.rows
        ],
        "opts": model_admin.opts,
    }
