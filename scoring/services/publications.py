"""Making the results of a year known, by two persons, and withdrawing them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import canonical
from cluster_app.lib.errors import NotAllowed, Refused, Stale, WrongState
from cluster_app.lib.locking import for_update
from members.enums import PendingKind, Phase
from members.models import EmulationYear, PendingStep, User
from members.permissions import check_can_publish_year
from members.services import pending
from scoring import relative, snapshots
from scoring.enums import CardStatus
from scoring.models import Publication, Scorecard
from scoring.results import results
from scoring.services import notices

_PHASES = (Phase.APPROVING, Phase.CONFERENCE)


def missing_for_publication(year: EmulationYear) -> list[str]:
    """What still stands between the year and its publication, as sentences: every card of a ranked unit approved, with
    points that follow from the comparison of all of them."""
    statuses = dict(Scorecard.objects.filter(membership__year=year).values_list("membership_id", "status"))
    outdated = {one.line.criterion.code for one in relative.differences(relative.compared_lines(year))}
    text = _(
        "The points of %(code)s no longer follow from the values of the units. Reopen a card to compute them anew."
    )
    return [text % {"code": code} for code in sorted(outdated)] + [
        _("The card of %(unit)s is not approved yet.") % {"unit": membership.name}
        for membership in year.roster()
        if membership.is_ranked and statuses.get(membership.pk) != CardStatus.APPROVED
    ]


@transaction.atomic
def propose(*, year: EmulationYear, by: User, at: datetime) -> PendingStep:
    """The first of two persons proposes to publish what the ranking shows now."""
    year = _lock(year)
    check_can_publish_year(by, year)
    _check_ready(year)
    notices.publication_proposed(year, by, at)
    return pending.propose(
        kind=PendingKind.PUBLISH, thing=year, year=year, digest=snapshots.digest(_snapshot(year)), by=by, at=at
    )


@transaction.atomic
def confirm(*, year: EmulationYear, step: PendingStep, by: User, at: datetime) -> Publication:
    """The second person confirms, and the results are published. Raises Stale if they are no longer what was proposed;
    NotAllowed if both persons sign for the same unit."""
    year = _lock(year)
    check_can_publish_year(by, year)
    check_can_publish_year(step.proposed_by, year)
    _check_ready(year)
    check_other_unit(step, by)
    snapshot = _snapshot(year)
    digest = snapshots.digest(snapshot)
    if digest != step.digest:
        raise Stale(
            _("The results changed after the publication was proposed. Nothing was done."),
            next_step=_("Withdraw the proposal and propose the present results."),
        )
    step = pending.confirm(step=step, by=by, at=at)
    publication = Publication.objects.create(
        year=year, snapshot=snapshot, digest=digest, published_at=at, proposed_by=step.proposed_by, confirmed_by=by
    )
    year.published_at = at
    year.save()
    notices.published(year, by, at)
    log.append(
        by=by,
        at=at,
        verb="year.publish",
        thing=year,
        cluster=year.cluster.slug,
        year=year.year,
        changes={"digest": digest, "proposed_by": step.proposed_by.username},
        rows=[year, publication],
    )
    return publication


@transaction.atomic
def withdraw_proposal(*, year: EmulationYear, step: PendingStep, by: User, at: datetime) -> PendingStep:
    """Takes the proposal to publish back."""
    check_can_publish_year(by, _lock(year))
    notices.publication_withdrawn(year, at)
    return pending.withdraw(step=step, by=by, at=at)


def withdraw(*, year: EmulationYear, reason: str, by: User, at: datetime) -> Publication:
    """Withdraws the valid publication, because a card of the year is opened again. Runs inside that act's transaction,
    whose right was checked there."""
    publication = for_update(Publication.objects).get(year=year, withdrawn_at__isnull=True)
    publication.withdrawn_at, publication.withdrawn_reason = at, reason
    publication.save()
    year.published_at = None
    year.save()
    log.append(
        by=by,
        at=at,
        verb="year.withdraw_publication",
        thing=year,
        cluster=year.cluster.slug,
        year=year.year,
        reason=reason,
        rows=[year, publication],
    )
    return publication


def check_other_unit(step: PendingStep, by: User) -> None:
    """Raises NotAllowed if the two persons come from one unit: four eyes of one agency are two."""
    if units_of(by) & units_of(step.proposed_by):
        raise NotAllowed(_("The second person must come from another unit than the first."))


def units_of(user: User) -> set[int]:
    """The units a person belongs to: as signatory, as officer, or as home unit."""
    return {held.unit_id for held in user.assignments_held() if held.unit_id is not None}


def _lock(year: EmulationYear) -> EmulationYear:
    return for_update(EmulationYear.objects).select_related("cluster", "rules").get(pk=year.pk)


def _check_ready(year: EmulationYear) -> None:
    if year.is_published:
        raise WrongState(_("The results of the year %(year)s are published already.") % {"year": year.year})
    if year.phase not in _PHASES:
        text = _("Results are published in the phases of approving and of the conference; now it is “%(phase)s”.")
        raise WrongState(text % {"phase": year.get_phase_display()})
    if missing := missing_for_publication(year):
        raise Refused(_("The results cannot be published yet."), missing=missing)


def _snapshot(year: EmulationYear) -> str:
    return canonical(results(year) | {"status": "published"})
