"""Sources that read the records of `awards`: commendations, campaigns, registered titles (D10, C5, B3, W8)."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from awards.records import AwardRecord
from scoring.criteria_nodes import Node
from scoring.models import Criterion, SourceRule
from scoring.sources.base import COUNTED, MEASURED, Fed, Situation, Source, Used

ZERO = Decimal(0)


class Commendations(Source):
    """The commendations that count in the year's tally, each by the rule of its form or of its level."""

    kinds = COUNTED
    rules = "award"

    def problems(self, node: Node) -> list[str]:
        if any(rule.campaign_kind for rule in node.source_rules):
            return [_("its rules name campaigns, but it is fed from commendations")]
        return [] if node.source_rules else [_("no rule says which commendations count")]

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        found = []
        for record in situation.facts.awards.get(situation.membership.pk, ()):
            key = f"commendation:{record.pk}"
            rule = _rule_for(record, criterion.source_rules.all())
            if rule is not None and key not in situation.taken:
                found.append(Used(key, record.text, rule.amount * record.occasions))
        return _sum(found)


def _rule_for(record: AwardRecord, rules: Iterable[SourceRule]) -> SourceRule | None:
    """The most special rule that the commendation meets: a form before a level, a named recipient before any."""
    met = [
        rule
        for rule in rules
        if rule.recipient_kind in ("", record.recipient_kind)
        and (rule.award_form.code == record.form_code if rule.award_form else rule.level == record.level)
    ]
    return min(met, key=lambda rule: (rule.award_form_id is None, not rule.recipient_kind), default=None)


class Campaigns(Source):
    """The concluded campaigns to which the unit reported its part."""

    kinds = COUNTED
    rules = "campaign"

    def problems(self, node: Node) -> list[str]:
        if any(not rule.campaign_kind for rule in node.source_rules):
            return [_("its rules name commendations, but it is fed from campaigns")]
        return [] if node.source_rules else [_("no rule says which kinds of campaigns count")]

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        amounts = {rule.campaign_kind: rule.amount for rule in criterion.source_rules.all()}
        found = []
        for record in situation.facts.campaigns.get(situation.membership.pk, ()):
            key = f"campaign:{record.campaign_pk}"
            if record.is_concluded and record.kind in amounts and key not in situation.taken:
                found.append(Used(key, record.text, amounts[record.kind]))
        return _sum(found)


class Titles(Source):
    """What share of the registered titles was awarded, in percent; nothing registered is 0."""

    kinds = MEASURED

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        found = situation.facts.titles.get(situation.membership.pk)
        if found is None or not found.registered:
            return Fed(ZERO, (Used("registrations:", _("The unit registered no title for the year.")),))
        text = _("%(awarded)d awarded of %(registered)d registered titles")
        values = {"awarded": found.awarded, "registered": found.registered}
        return Fed(found.percent, (Used("registrations:", text % values),))


class DirectWorkers(Source):
    """What share of the commended individuals works without a leading office, in percent, as in the tally."""

    kinds = MEASURED

    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        found = situation.facts.direct_workers.get(situation.membership.pk)
        if found is None or not found.individuals:
            return Fed(ZERO, (Used("register:", _("No individual of the unit was commended in the year.")),))
        text = _("%(direct)d direct workers of %(individuals)d commended individuals")
        values = {"direct": found.direct, "individuals": found.individuals}
        return Fed(found.percent, (Used("register:", text % values),))


def _sum(found: list[Used]) -> Fed:
    return Fed(sum((one.amount for one in found if one.amount is not None), ZERO), tuple(found))
