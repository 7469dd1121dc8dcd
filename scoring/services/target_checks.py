"""What can be a target of a unit: which criterion, of which set, which value and which pledge item."""

from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from awards.models import PledgeItem, PledgeSignature
from cluster_app.lib.errors import Refused
from cluster_app.lib.points import format_value
from scoring import sheets
from scoring.enums import CriterionKind, SetStatus
from scoring.kinds import kind_of
from scoring.models import CriteriaSet, Criterion, Target

MEASURED_KINDS = (CriterionKind.RATIO, CriterionKind.RATIO_LEADER)
NOTHING = (None, None)


def asked(target: Target) -> tuple[Decimal | None, int | None]:
    """What a row names as the target: the typed value, or the pledge item (primary key)."""
    return target.value, target.pledge_item_id


def is_kept(target: Target | None, criterion: Criterion) -> bool:
    """Whether the row of a unit names a target, be it asked now or kept while the criterion is not assigned."""
    return target is not None and criterion.kind in MEASURED_KINDS and asked(target) != NOTHING


def open_items() -> QuerySet[PledgeItem]:
    """The pledge items that can be a target: with a number, of a pledge that a unit has signed. From then on neither
    text nor number moves under the target (domain.md rule 14)."""
    return PledgeItem.objects.filter(target_value__gte=0, pledge__in=PledgeSignature.objects.values("pledge"))


def check_content(target: Target) -> None:
    """Raises Refused for a criterion that cannot have this target. What is kept beside a reason was checked when it was
    set."""
    check_criterion(target.criterion, target.membership.year_id, needs_measure=target.is_assigned)
    if not target.is_assigned:
        return
    field, amount = "value", target.value
    if target.pledge_item is not None:
        _check_item(target.pledge_item, target.membership.year_id)
        field, amount = "pledge_item", target.pledge_item.target_value
    if sentence := out_of_reach(target.criterion, amount):
        raise Refused(errors={field: [sentence]})


def _check_item(item: PledgeItem, year: int) -> None:
    """Raises Refused for a pledge item that is not one of `open_items` of the year."""
    text = ""
    if item.pledge.year_id != year:
        text = _("Choose an item of the pledge of this year.")
    elif item.target_value is None:
        text = _("This item has no number. Choose another one, or type the target.")
    elif item.target_value < 0:
        text = _("The number of this item is negative, which no target is. Choose another one, or type the target.")
    elif not open_items().filter(pk=item.pk).exists():
        text = _(
            "No unit has signed this pledge yet, so its items may still change. Choose one after the first signature."
        )
    if text:
        raise Refused(errors={"pledge_item": [text]})


def out_of_reach(criterion: Criterion, target: Decimal | None) -> str:
    """Why a target lies beyond the values of its criterion, which end at 100 for a percentage; empty if it does not."""
    rule = sheets.rule_of(criterion, target)
    largest = kind_of(rule).largest_value(rule)
    if target is None or largest is None or target <= largest:
        return ""
    text = _("The values of %(code)s end at %(largest)s, so its target lies there at most.")
    return text % {"code": criterion.code, "largest": format_value(largest)}


def check_criterion(criterion: Criterion, year: int, *, needs_measure: bool) -> None:
    """Raises Refused for a criterion of another year, one that nothing is measured by, or one of a set beside the one
    in force: its targets are taken over from there when it is applied."""
    if criterion.criteria_set.year_id != year or not criterion.is_leaf:
        raise Refused(errors={"criterion": [_("Choose a criterion of this year that is measured by a target.")]})
    if needs_measure and criterion.kind not in MEASURED_KINDS:
        raise Refused(errors={"criterion": [_("Choose a criterion of this year that is measured by a target.")]})
    check_in_force(criterion.criteria_set)


def check_in_force(criteria_set: CriteriaSet) -> None:
    """Raises Refused unless the set is the one in force, or a draft while there is none."""
    if criteria_set.status == SetStatus.APPLIED:
        return
    if criteria_set.status == SetStatus.REPLACED:
        sentence = _(
            "A later version of the criteria is in force by now and took the targets over. Open the page again."
        )
        raise Refused(errors={"criterion": [sentence]})
    if CriteriaSet.objects.filter(year=criteria_set.year_id, status=SetStatus.APPLIED).exists():
        sentence = _("Choose a criterion of the set in force; a draft takes its targets over.")
        raise Refused(errors={"criterion": [sentence]})
