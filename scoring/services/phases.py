"""What score cards ask of the year before it moves on, and what its moves do to them."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.errors import WrongState
from members.enums import PendingKind, Phase
from members.models import EmulationYear, PendingStep, User
from members.services import years
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR
from scoring.enums import CardStatus, SetStatus
from scoring.models import CriteriaSet, Scorecard
from scoring.services import publications, scorecards

missing_for = years.missing_for


def next_phase(year: EmulationYear) -> Phase:
    """The phase that follows; from an archived year that is the concluded one again."""
    return Phase(YEAR.transitions[NEXT_STEP[Phase(year.phase)]].target)


def closing_kind(year: EmulationYear) -> PendingKind | None:
    """The kind of proposal by which two persons take the year's next step; None if one person takes it."""
    return BY_TWO_PERSONS.get(NEXT_STEP[Phase(year.phase)])


def _needs_applied_set(year: EmulationYear) -> list[str]:
    has_set = CriteriaSet.objects.filter(year=year, status=SetStatus.APPLIED).exists()
    return [] if has_set else [_("The criteria set of the year is not applied yet.")]


def _needs_cards_in(*statuses: CardStatus) -> Callable[[EmulationYear], list[str]]:
    def check(year: EmulationYear) -> list[str]:
        status_of = dict(Scorecard.objects.filter(membership__year=year).values_list("membership_id", "status"))
        late = [member for member in year.roster() if member.is_ranked and status_of.get(member.pk) not in statuses]
        if not late:
            return []
        text = ngettext(
            "%(count)d score card is not far enough: %(units)s.",
            "%(count)d score cards are not far enough: %(units)s.",
            len(late),
        )
        return [text % {"count": len(late), "units": ", ".join(member.short_name for member in late)}]

    return check


def _needs_publication(year: EmulationYear) -> list[str]:
    return [] if year.is_published else [_("The results of the year are not published yet.")]


# What must be there before a year enters a phase; `members` asks for it on page, button and refusal.
CHECKS: Mapping[Phase, Callable[[EmulationYear], list[str]]] = {
    Phase.SELF_SCORING: _needs_applied_set,
    Phase.APPROVING: _needs_cards_in(CardStatus.REVIEWED, CardStatus.APPROVED),
    Phase.CONFERENCE: _needs_cards_in(CardStatus.APPROVED),
    Phase.CONCLUDED: _needs_publication,
}
# What happens by itself when a year enters a phase, on whichever page that is done.
FOLLOW_UPS: Mapping[Phase, Callable[..., object]] = {Phase.SELF_SCORING: scorecards.open_for_year}


def ranking_rules_frozen(year: EmulationYear) -> list[str]:
    """Why the rules of ranking stay as they are: nobody changes them once a score is known."""
    if not Scorecard.objects.filter(membership__year=year, submitted_at__isnull=False).exists():
        return []
    return [_("A score card was submitted under these rules of ranking, so they stay as they are.")]


@transaction.atomic
def advance(*, year: EmulationYear, by: User, at: datetime) -> EmulationYear:
    """Moves the year to its next phase. Raises Refused with what is missing, WrongState for the phases that two
    persons decide."""
    if closing_kind(year) is not None:
        raise WrongState(_("This step needs two persons: one proposes it, another one confirms it."))
    return years.move(year=year, to=next_phase(year), by=by, at=at)


@transaction.atomic
def propose_closing(*, year: EmulationYear, reason: str = "", by: User, at: datetime) -> PendingStep:
    """The first of two persons proposes to conclude, archive or reopen the year."""
    return years.propose(year=year, to=next_phase(year), reason=reason, by=by, at=at)


@transaction.atomic
def confirm_closing(*, year: EmulationYear, step: PendingStep, by: User, at: datetime) -> EmulationYear:
    """The second person, of another unit, confirms, and the year moves on."""
    publications.check_other_unit(step, by)
    return years.move(year=year, to=next_phase(year), reason=step.reason, by=by, at=at)
