"""Points that depend on the other units are stored here: for the whole cluster at once, whenever a value changes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.lib.errors import WrongState
from members.models import EmulationYear, User
from scoring import relative, sheets
from scoring.enums import CardStatus
from scoring.models import Approval, Scorecard, ScoreLine
from scoring.services.locking import lock_cards_of
from scoring.sheets import Tree

_LINE_FIELDS = ("reviewed_points", "final_points", "version")
_CARD_FIELDS = (
    "reviewed_total",
    "base_points",
    "bonus_points",
    "penalty_points",
    "total_points",
    "version",
)


@transaction.atomic
def recompute(*, year: EmulationYear, by: User, at: datetime) -> list[int]:
    """Computes the compared lines of every reviewed card of the year anew and stores what changed, with the totals.
    Returns the primary keys of the cards that changed. The number of queries does not grow with the cluster. Raises
    WrongState where an approved card would have to change."""
    lock_cards_of(year)
    changed: dict[int, ScoreLine] = {}
    compared = relative.compared_lines(year)
    for difference in relative.differences(compared):
        line = changed.setdefault(difference.line.pk, difference.line)
        setattr(line, f"{difference.stage}_points", difference.points)
    if not changed:
        return []
    touched = {line.scorecard_id for line in changed.values()}
    if Scorecard.objects.filter(pk__in=touched, status=CardStatus.APPROVED).exists():
        raise WrongState(_("Approved cards are compared with this one. Reopen one of them first; that reopens all."))
    for line in changed.values():
        line.version += 1
    ScoreLine.objects.bulk_update(changed.values(), _LINE_FIELDS)
    cards = _store_totals(touched, compared[0].tree)
    log.append(
        by=by,
        at=at,
        verb="scorecard.compare",
        thing=year,
        cluster=year.cluster.slug,
        year=year.year,
        changes={card.membership.unit.code: str(card.total_points) for card in cards},
        rows=[*cards, *changed.values()],
    )
    return [card.pk for card in cards]


def _store_totals(pks: set[int], tree: Tree) -> list[Scorecard]:
    cards = list(Scorecard.objects.filter(pk__in=pks).select_related("membership__unit").order_by("pk"))
    caps = tree.caps()
    lines: dict[int, list[ScoreLine]] = {}
    for line in ScoreLine.objects.filter(scorecard__in=pks).order_by("pk"):
        lines.setdefault(line.scorecard_id, []).append(line)
    for card in cards:
        sheets.store_totals(card, lines[card.pk], caps)
        card.version += 1
    Scorecard.objects.bulk_update(cards, _CARD_FIELDS)
    return cards


def check_all_reviewed(card: Scorecard) -> None:
    """Raises WrongState if units are compared in the year, but not all of them are reviewed, or the points are no
    longer those of the comparison: then no card can be approved yet (domain.md 5.2)."""
    year = card.membership.year
    codes = relative.open_codes(year)
    if not codes:
        return
    cards = Scorecard.objects.filter(membership__year=year, status__in=(CardStatus.REVIEWED, CardStatus.APPROVED))
    reviewed = set(cards.values_list("membership_id", flat=True))
    late = [member.short_name for member in year.roster() if member.is_ranked and member.pk not in reviewed]
    if late:
        text = _("%(codes)s compares the units, so no card is approved before all are reviewed. Missing: %(units)s.")
        raise WrongState(text % {"codes": ", ".join(codes), "units": ", ".join(late)})
    if relative.differences(relative.compared_lines(year)):
        raise WrongState(
            _("The units compared with each other are no longer the same. Compute the points of %(codes)s anew first.")
            % {"codes": ", ".join(codes)},
        )


def check_none_approved(card: Scorecard) -> None:
    """Raises WrongState if the card takes part in a comparison on which other cards are approved already."""
    year = card.membership.year
    if not relative.open_codes(year):
        return
    if Approval.objects.filter(scorecard__membership__year=year, revoked_at__isnull=True).exists():
        raise WrongState(
            _("Other cards are approved in comparison with this one. Reopen one of them first; that reopens all.")
        )
