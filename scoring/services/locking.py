"""The first step of every service on a card: lock its row, and know whether it is still what the person saw."""

from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotKnown, Stale
from cluster_app.lib.locking import for_update
from members.models import EmulationYear
from scoring.models import Scorecard


def lock_card(pk: int, *, roster_of: Scorecard | None = None) -> Scorecard:
    """Returns the card with year, rules and unit, its row locked. Raises NotKnown.

    `roster_of` is the card as it was loaded before: who is who in its year, its unit and its cluster need not be read
    again; the criteria set is then read when it is asked for.
    """
    constant = ("membership__year__cluster", "membership__unit", "criteria_set") if roster_of is None else ()
    cards = for_update(Scorecard.objects).select_related("membership__year__rules", *constant)
    # A card that went over to another criteria set while its lock was waited for is not found by the join: asked again.
    card = cards.filter(pk=pk).first() or cards.filter(pk=pk).first()
    if card is None:
        raise NotKnown
    if roster_of is not None:
        membership, known = card.membership, roster_of.membership
        membership.unit, membership.year.cluster = known.unit, known.year.cluster
        vars(membership.year)["_roster"] = known.year.roster()
    return card


def lock_cards_of(year: EmulationYear) -> list[int]:
    """Locks all cards of the year in the order of their keys, which it returns: for steps by which the points of other
    units may change. It comes before `lock_card`, so that two such steps wait for each other in the same order."""
    cards = for_update(Scorecard.objects).filter(membership__year=year)
    return list(cards.order_by("pk").values_list("pk", flat=True))


def lock_card_among_others(pk: int) -> Scorecard:
    """`lock_card`, after all cards of its year."""
    year = EmulationYear.objects.filter(memberships__scorecard=pk).first()
    if year is None:
        raise NotKnown
    lock_cards_of(year)
    return lock_card(pk)


def check_version(card: Scorecard, version: int) -> None:
    """Raises Stale if the card was changed after the person's page was shown."""
    if card.version != version:
        raise Stale(
            _("The card of %(unit)s was changed after your page was shown. Nothing was done.")
            % {"unit": card.membership.name},
            next_step=_("Open the card again, look at what changed, then repeat the step."),
        )
