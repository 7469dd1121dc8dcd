"""The first step of every service on a card: lock its row, and know whether it is still what the person saw."""

from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotKnown, Stale
from scoring.models import Scorecard


def lock_card(pk: int) -> Scorecard:
    """Returns the card with year, rules and unit, its row locked. Raises NotKnown."""
    cards = Scorecard.objects.select_for_update(of=("self",)).select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit", "criteria_set"
    )
    card = cards.filter(pk=pk).first()
    if card is None:
        raise NotKnown
    return card


def check_version(card: Scorecard, version: int) -> None:
    """Raises Stale if the card was changed after the person's page was shown."""
    if card.version != version:
        raise Stale(
            _("The card of %(unit)s was changed after your page was shown. Nothing was done.")
            % {"unit": card.membership.name},
            next_step=_("Open the card again, look at what changed, then repeat the step."),
        )
