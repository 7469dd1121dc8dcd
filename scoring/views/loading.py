"""How a page of a card begins: the card is found for this person, or it does not exist for them."""

from functools import wraps

from members.loading import year_view
from scoring import objections, permissions, queries


def card_view(view):
    """Hands the card of the unit named by the URL's `code` to the view, if the person may see it."""

    @year_view
    @wraps(view)
    def loaded(request, year, code, **kwargs):
        card = queries.card_of(year, code)
        permissions.check_can_see(request.user, card)
        return view(request, card, **kwargs)

    return loaded


def objection_view(view):
    """Hands the objection with this key to the view, if the person has a part in it."""

    @year_view
    @wraps(view)
    def loaded(request, year, pk, **kwargs):
        return view(request, objections.find(request.user, year, pk), **kwargs)

    return loaded
