"""Sources that read the unit's own part in the year: its office, its card's submission, its review."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cluster_app.lib.points import format_points
from members.calculations import late_days
from members.enums import DeadlineStep, MemberRole
from members.queries import due_for
from scoring.criteria_nodes import Node
from scoring.enums import CriterionKind
from scoring.models import Criterion
from scoring.sources.base import Fed, Situation, Source, Used

_PLACES = {MemberRole.LEADER: 1, MemberRole.DEPUTY: 2, MemberRole.MEMBER: 3}


class Office(Source):
    """The level 1 for the leader, 2 for a deputy, 3 for the other units."""

    kinds = frozenset({CriterionKind.LEVELS})

    def problems(self, node: Node) -> list[str]:
        if len(node.levels) != len(_PLACES):
            return [_("it needs three levels: for the leader, the deputy and the other members")]
        return []

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        membership = situation.membership
        text = membership.title or membership.get_role_display()
        return Fed(Decimal(_PLACES[MemberRole(membership.role)]), (Used(f"membership:{membership.pk}", text),))


class DaysLate(Source):
    """How many days of the calendar the card was, or would be now, handed in after its deadline."""

    kinds = frozenset({CriterionKind.DEDUCT, CriterionKind.PENALTY, CriterionKind.BANDS})

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        card, year = situation.card, situation.facts.year
        due = due_for(year, DeadlineStep.SELF_SCORING, card.membership)
        if due is None:
            return Fed(Decimal(0), (Used("deadline:", _("The year has no deadline for handing in cards.")),))
        handed_in = card.submitted_at or situation.facts.at
        text = _("Due %(due)s; handed in %(handed_in)s") if card.submitted_at else _("Due %(due)s; not handed in yet")
        values = {"due": _moment(due.due_at), "handed_in": _moment(handed_in)}
        return Fed(Decimal(late_days(due.due_at, handed_in)), (Used("deadline:", text % values),))


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "d/m/Y H:i")


class Overclaim(Source):
    """1 if the self-scored lines stand above the reviewed ones by more than the given share of the declared total."""

    kinds = frozenset({CriterionKind.PENALTY})

    def problems(self, node: Node) -> list[str]:
        if node.overclaim_percent is None:
            return [_("it does not say from which share of the declared total on a claim is too high")]
        return []

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        if situation.overclaimed is None or criterion.overclaim_percent is None:
            return Fed(None, (Used("scorecard:", _("Compared once every line is reviewed.")),))
        allowed = criterion.overclaim_percent * situation.card.criteria_set.declared_total / 100
        text = _("Self-scored %(excess)s points above the review; up to %(allowed)s is tolerated")
        values = {"excess": format_points(max(Decimal(0), situation.overclaimed)), "allowed": format_points(allowed)}
        is_above = situation.overclaimed > allowed
        return Fed(Decimal(int(is_above)), (Used("scorecard:", text % values),))
