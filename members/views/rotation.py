"""Who led the cluster when, and who has waited longest."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from members import queries
from members.addresses import year_url
from members.loading import year_view
from members.permissions import can_see_delegations


@require_safe
@year_view
def rotation(request, year):
    history = queries.terms(year.cluster)
    turns = queries.turns(year, history)
    sees_delegations = can_see_delegations(request.user, year)
    context = {
        "year": year,
        "terms": [_term(term) for term in history],
        "turns": [_turn(turn) for turn in turns],
        "waiting": _waiting(turns, history),
        "delegations_url": year_url("members:delegation_list", year) if sees_delegations else "",
    }
    return render(request, "members/rotation.html", context)


def _term(term):
    return {
        "year": term.year.year,
        "leader": term.leader.name if term.leader else "–",
        "leader_title": term.year.leader_title,
        "deputies": "; ".join(deputy.name for deputy in term.deputies) or "–",
        "deputy_title": term.year.deputy_title,
    }


def _turn(turn):
    return {
        "name": turn.membership.name,
        "title": turn.membership.title,
        "last_led": turn.last_led or _("not in the recorded years"),
        "times_led": turn.times_led,
    }


def _waiting(turns, history):
    """One true sentence: it speaks of the recorded years only."""
    if not turns:
        return ""
    longest = turns[0].last_led
    names = ", ".join(turn.membership.name for turn in turns if turn.last_led == longest)
    if longest is None:
        sentence = ngettext(
            "In the one recorded year these units have not led: %(units)s.",
            "In the %(count)d recorded years these units have not led: %(units)s.",
            len(history),
        )
        return sentence % {"count": len(history), "units": names}
    return _("Longest since last led: %(units)s (%(year)s).") % {"units": names, "year": longest}
