"""What is asked of single units: targets, and criteria that are not assigned; the secretariat's acts, never the
unit's."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, Stale, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, Membership, User
from scoring import permissions, sheets
from scoring.models import CriteriaSet, Criterion, Scorecard, ScoreLine, Target
from scoring.services import lines
from scoring.services.locking import lock_card
from scoring.services.target_checks import (
    MEASURED_KINDS,
    NOTHING,
    asked,
    check_content,
    check_criterion,
    check_in_force,
    is_kept,
    out_of_reach,
)

SET, REMOVE = "target.set", "target.remove"


@dataclass(frozen=True)
class Change:
    """One cell of the grid: the own target that a unit shall have for a criterion, both by primary key. No value means
    the target of all units. `shown` is the own target that stood there when the person's page was made."""

    membership: int
    criterion: int
    value: Decimal | None
    shown: Decimal | None

    @property
    def key(self) -> str:
        """By this key the errors of `save_all` name their cell."""
        return f"{self.membership}-{self.criterion}"

    @property
    def place(self) -> tuple[int, int]:
        return self.membership, self.criterion


@transaction.atomic
def save(*, target: Target, by: User, at: datetime) -> Target:
    """Sets what is asked of one unit by one criterion: a value, an item of the signed pledge of the year, or nothing
    with the reason; then the target that is stored is kept.

    The points of a line that is filled in already follow. Once the card was submitted only the assignment changes,
    until the card is reviewed, and the criterion is assigned again with the very target that was kept: WrongState for
    all else. Raises Refused too where another version of the criteria came into force meanwhile.
    """
    membership = target.membership
    _lock_sets([target.criterion])
    card = _locked_card(membership)
    permissions.check_can_write_target(by, membership)
    stored = for_update(Target.objects).filter(pk=target.pk).first() if target.pk else None
    _check_identity(stored, target)
    _keep(stored, target)
    check_content(target)
    if card is not None and card.submitted_at is not None and target.is_assigned:
        is_same = stored is not None and (*asked(stored), stored.source) == (*asked(target), target.source)
        if not is_same or _is_assigned(card, target.criterion, stored):
            raise WrongState(_locked_sentence())
    save_checked(target)
    if card is not None:
        _follow(card, target.criterion, target, by, at)
    _log(SET, target, stored, by, at)
    return target


@transaction.atomic
def remove(*, target: Target, by: User, at: datetime) -> None:
    """Takes the unit's own target away: what is asked of all units holds for it again. Raises WrongState once the card
    was submitted."""
    clear(membership=target.membership, criterion=target.criterion, by=by, at=at)


@transaction.atomic
def clear(*, membership: Membership, criterion: Criterion, by: User, at: datetime) -> None:
    """Asks of the unit what is asked of all: its own target goes, and a line that was not assigned is assigned again.
    Nothing happens where that holds already. Once the card was submitted this is possible only where no target of the
    unit is kept: WrongState else. Raises Refused where another version of the criteria came into force meanwhile."""
    _lock_sets([criterion])
    card = _locked_card(membership)
    permissions.check_can_write_target(by, membership)
    check_in_force(criterion.criteria_set)
    stored = for_update(Target.objects).filter(membership=membership, criterion=criterion).first()
    is_submitted = card is not None and card.submitted_at is not None
    if is_submitted and (is_kept(stored, criterion) or _is_assigned(card, criterion, stored)):
        raise WrongState(_locked_sentence())
    if stored is not None:
        stored.membership, stored.criterion = membership, criterion
        _log(REMOVE, stored, stored, by, at)
        stored.delete()
    if card is not None:
        _follow(card, criterion, None, by, at)


@transaction.atomic
def save_all(*, year: EmulationYear, changes: Sequence[Change], by: User, at: datetime) -> int:
    """Writes the typed targets of a grid, all or none, and returns how many cells changed. One audit event a change.

    Raises NotAllowed for a cell of the own unit, NotKnown for a unit or criterion of another year, Stale if a cell is
    no longer what the page showed, and Refused with the sentences by `Change.key`.
    """
    permissions.check_can_write_targets(by, year)
    changes = [change for change in changes if change.value != change.shown]
    criteria = _criteria(year, changes)
    _lock_sets(criteria.values())
    members = _members(year, changes)
    cards = _locked_cards(members.values())
    for member in members.values():
        permissions.check_can_write_target(by, member)
    found = for_update(Target.objects).filter(membership__in=members, criterion__in=criteria).order_by("pk")
    stored = {(target.membership_id, target.criterion_id): target for target in found}
    for change in changes:
        _check_shown(change, stored.get(change.place), criteria[change.criterion])
    _check_changes(changes, criteria, cards)
    for change in changes:
        _write(change, members[change.membership], criteria[change.criterion], stored.get(change.place), by, at)
    for membership, card in cards.items():
        _recompute(card, [change.criterion for change in changes if change.membership == membership])
    return len(changes)


def _lock_sets(criteria: Iterable[Criterion]) -> None:
    """Locks the sets of the criteria and lets these know them as they are now. It comes before the lock of any card, as
    where a set is put into force: that waits for the targets, or they for it."""
    criteria = list(criteria)
    pks = {criterion.criteria_set_id for criterion in criteria}
    locked = {one.pk: one for one in for_update(CriteriaSet.objects).filter(pk__in=pks).order_by("pk")}
    for criterion in criteria:
        if criterion.criteria_set_id not in locked:
            raise NotKnown
        criterion.criteria_set = locked[criterion.criteria_set_id]


def _members(year: EmulationYear, changes: Iterable[Change]) -> dict[int, Membership]:
    roster = {member.pk: member for member in year.roster()}
    wanted = {change.membership for change in changes}
    if not wanted <= roster.keys():
        raise NotKnown
    prefetch_related_objects(list(roster.values()), "unit")
    return {pk: roster[pk] for pk in sorted(wanted)}


def _locked_cards(members: Iterable[Membership]) -> dict[int, Scorecard]:
    """The cards of the units by membership, locked in the order of their keys, as every step on several cards does."""
    pks = Scorecard.objects.filter(membership__in=list(members)).order_by("pk").values_list("pk", flat=True)
    cards = [lock_card(pk) for pk in pks]
    return {card.membership_id: card for card in cards}


def _criteria(year: EmulationYear, changes: Iterable[Change]) -> dict[int, Criterion]:
    wanted = {change.criterion for change in changes}
    found = Criterion.objects.filter(criteria_set__year=year).select_related("criteria_set").in_bulk(wanted)
    if wanted != found.keys():
        raise NotKnown
    return found


def _check_shown(change: Change, stored: Target | None, criterion: Criterion) -> None:
    """Raises Stale if the cell is not the plain value that the page showed."""
    is_plain = stored is None or (stored.is_assigned and stored.value is not None)
    if not is_plain or change.shown != (stored.value if stored else None):
        raise Stale(
            _("The target of %(code)s was changed in another place after your page was shown. Nothing was saved.")
            % {"code": criterion.code},
            next_step=_("Compare what is stored now with what you typed, then save once more."),
        )


def _check_changes(
    changes: Iterable[Change],
    criteria: Mapping[int, Criterion],
    cards: Mapping[int, Scorecard],
) -> None:
    unfit = _unfit(criteria.values())
    errors: dict[str, list[str]] = {}
    for change in changes:
        card, criterion = cards.get(change.membership), criteria[change.criterion]
        if change.criterion in unfit:
            errors[change.key] = [unfit[change.criterion]]
        elif card is not None and card.submitted_at is not None:
            errors[change.key] = [_locked_sentence()]
        elif sentence := out_of_reach(criterion, change.value):
            errors[change.key] = [sentence]
        elif change.value is None and card is not None and _leaves_value_unmeasured(card, criterion):
            errors[change.key] = [_unmeasured_sentence()]
    if errors:
        raise Refused(errors=errors)


def _unfit(criteria: Iterable[Criterion]) -> dict[int, str]:
    """Why a criterion can have no typed target, by its primary key; asked once for all units."""
    found: dict[int, str] = {}
    for criterion in criteria:
        try:
            check_criterion(criterion, criterion.criteria_set.year_id, needs_measure=True)
        except Refused as refused:
            found[criterion.pk] = refused.message
    return found


def _write(
    change: Change, member: Membership, criterion: Criterion, stored: Target | None, by: User, at: datetime
) -> None:
    target = stored or Target()
    target.membership, target.criterion = member, criterion
    before = copy(target) if stored else None
    if change.value is None:
        _log(REMOVE, target, before, by, at)
        target.delete()
        return
    target.value = change.value
    try:
        save_checked(target)
    except Refused as refused:
        raise Refused(errors={change.key: [refused.message]}) from refused
    _log(SET, target, before, by, at)


def _recompute(card: Scorecard, criteria: Iterable[int]) -> None:
    sheet = sheets.load(card, lock=True)
    for criterion in criteria:
        lines.recompute_self(sheet, criterion)


def _locked_card(membership: Membership) -> Scorecard | None:
    pk = Scorecard.objects.filter(membership=membership).values_list("pk", flat=True).first()
    return None if pk is None else lock_card(pk)


def _is_assigned(card: Scorecard | None, criterion: Criterion, stored: Target | None) -> bool:
    """Whether the unit is asked for the criterion at present: its card says so, before there is one the plan."""
    line = ScoreLine.objects.filter(scorecard=card, criterion=criterion).first() if card else None
    if line is not None:
        return line.is_assigned
    return stored is None or stored.is_assigned


def _follow(card: Scorecard, criterion: Criterion, target: Target | None, by: User, at: datetime) -> None:
    """Lets the line of the criterion follow: first whether it is assigned, then its points."""
    line = ScoreLine.objects.filter(scorecard=card, criterion=criterion).first()
    if line is None:
        return
    is_assigned = target is None or target.is_assigned
    reason = target.not_assigned_reason if target is not None else ""
    if target is None and _leaves_value_unmeasured(card, criterion):
        raise Refused(_unmeasured_sentence())
    if line.is_assigned != is_assigned or line.not_assigned_reason != reason:
        lines.set_assigned(card=card, line_pk=line.pk, is_assigned=is_assigned, reason=reason, by=by, at=at)
    if is_assigned:
        lines.recompute_self(sheets.load(lock_card(card.pk), lock=True), criterion.pk)


def _leaves_value_unmeasured(card: Scorecard, criterion: Criterion) -> bool:
    """Whether the unit filled in a value that nothing would measure once its own target is gone."""
    if criterion.kind not in MEASURED_KINDS or criterion.default_target is not None:
        return False
    return ScoreLine.objects.filter(scorecard=card, criterion=criterion, self_value__isnull=False).exists()


def _unmeasured_sentence() -> str:
    return _(
        "The unit has filled in this line, and there is no target of all units to measure it by. "
        "Write another target instead of taking it away."
    )


def _locked_sentence() -> str:
    return _("The card was submitted with its targets, so they stay as they are.")


def _keep(stored: Target | None, target: Target) -> None:
    """Lets a target that is not assigned keep what is stored. Raises Refused where it names another one."""
    if target.is_assigned:
        return
    if asked(target) not in (NOTHING, asked(stored) if stored else NOTHING):
        text = _("What is not assigned keeps the target it has. Leave the target as it stands, or change it before.")
        raise Refused(errors={"is_assigned": [text]})
    if stored is not None:
        target.value, target.pledge_item, target.source = stored.value, stored.pledge_item, stored.source


def _check_identity(stored: Target | None, target: Target) -> None:
    """Raises Refused for a target that is moved to another unit or criterion."""
    if stored is not None and stored.membership_id != target.membership_id:
        raise Refused(errors={"membership": [_("A target stays with its unit. Set a new one for the other unit.")]})
    if stored is not None and stored.criterion_id != target.criterion_id:
        raise Refused(errors={"criterion": [_("A target stays with its criterion. Set a new one for the other.")]})


def _log(verb: str, target: Target, stored: Target | None, by: User, at: datetime) -> None:
    year = target.membership.year
    changes = {
        "criterion": target.criterion.code,
        "unit": target.membership.unit.code,
        "before": _facts(stored),
        "after": None if verb == REMOVE else _facts(target),
    }
    log.append(by=by, at=at, verb=verb, thing=target, cluster=year.cluster.slug, year=year.year, changes=changes)


def _facts(target: Target | None) -> dict[str, object] | None:
    """The target in plain values; `amount` and `pledge_text` say what a pledge item asked for at that time."""
    if target is None:
        return None
    names = ("value", "pledge_item_id", "source", "is_assigned", "not_assigned_reason")
    item = target.pledge_item
    return {name: plain(getattr(target, name)) for name in names} | {
        "amount": plain(item.target_value if item else target.value),
        "pledge_text": str(item) if item else "",
    }
