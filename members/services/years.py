"""The year of a cluster: opening it, leading it from phase to phase, its rules and its deadlines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.workflow import Transition, check_reason
from members import registers
from members.addresses import year_url
from members.enums import ClusterKind, DeadlineStep, MemberRole, Phase
from members.models import (
    Assignment,
    Cluster,
    Deadline,
    EmulationYear,
    Extension,
    Membership,
    PendingStep,
    Unit,
    User,
    YearRules,
)
from members.permissions import (
    UNIT_ROLES,
    check_can_advance_year,
    check_can_conclude_year,
    check_can_create_year,
    check_can_edit_year,
    check_can_extend,
    check_can_send_back_to_approving,
)
from members.services import journal, notifications, pending, records
from members.workflow import BY_TWO_PERSONS, YEAR

Check = Callable[[EmulationYear], list[str]]
FollowUp = Callable[..., object]

# What the titles are called unless the cluster says otherwise (domain.md 1.1).
TITLES = {ClusterKind.CLUSTER: ("Cụm trưởng", "Cụm phó"), ClusterKind.BLOC: ("Khối trưởng", "Khối phó")}

_checks: dict[Phase, list[Check]] = {}
_freezing_checks: list[Check] = []

# What makes the order of the units: the same for everybody from the first submitted card on.
RANKING_RULES = frozenset({"ranking_basis", "not_assigned", "tie_breaks", "bands"})
# What made no result, and may change after the publication: papers go out until the year is archived.
PAPER_RULES = frozenset({"own_register", "register_period"})
_follow_ups: dict[Phase, list[FollowUp]] = {}


class YearFacts(TypedDict, total=False):
    """What else may be said of a year when it is opened; the rest has defaults."""

    leader_title: str
    deputy_title: str
    regulation_number: str
    regulation_on: date | None
    plan_number: str
    plan_on: date | None
    letterhead: str
    recipients: str


def lock(year: EmulationYear) -> EmulationYear:
    """Reads the year anew and locks it, with its cluster, until the transaction ends."""
    return for_update(EmulationYear.objects).select_related("cluster", "rules").get(pk=year.pk)


def require(phase: Phase, check: Check) -> None:
    """Names a check whose sentences must be empty before a year enters `phase`. Called by an app when it is ready."""
    _checks.setdefault(phase, []).append(check)


def follow(phase: Phase, act: FollowUp) -> None:
    """Names what happens by itself when a year enters `phase`, in the same transaction: `act(year=, by=, at=)`."""
    _follow_ups.setdefault(phase, []).append(act)


def freeze_ranking_rules(check: Check) -> None:
    """Names a check whose sentences say why the rules of ranking can no longer be changed. Called by an app when it is
    ready."""
    _freezing_checks.append(check)


def missing_for(year: EmulationYear, to: Phase) -> list[str]:
    """What still keeps the year from entering `to`, as sentences: the same on page, button and refusal."""
    sentences = _missing_for_activation(year) if to == Phase.RUNNING else []
    for check in _checks.get(to, []):
        sentences += check(year)
    return sentences


def step_to(year: EmulationYear, to: Phase) -> Transition:
    """The step that leads from the year's phase to `to`. Raises WrongState if there is none."""
    for name, transition in YEAR.transitions.items():
        if transition.target == to and name != "reopen_card" and YEAR.can(name, year.phase):
            return transition
    raise WrongState(str(YEAR.refusal).format(state=Phase(year.phase).label))


@transaction.atomic
def create(
    *,
    cluster: Cluster,
    year: int,
    members: Iterable[tuple[Unit, MemberRole]] = (),
    tally_from: date | None = None,
    tally_to: date | None = None,
    by: User,
    at: datetime,
    **facts: Unpack[YearFacts],
) -> EmulationYear:
    """Opens a year in the phase of preparation, its rules with their defaults, its members in the order given.

    Commendations count from the first to the last day of the year, unless said otherwise. Raises Refused if the
    cluster has the year already, or if a unit does not exist in it.
    """
    locked = for_update(Cluster.objects).get(pk=cluster.pk)
    check_can_create_year(by, locked)
    leader_title, deputy_title = TITLES[ClusterKind(locked.kind)]
    titles: YearFacts = {"leader_title": leader_title, "deputy_title": deputy_title}
    created = EmulationYear(cluster=locked, year=year, **(titles | facts))
    save_checked(created)
    save_checked(
        YearRules(year=created, tally_from=tally_from or date(year, 1, 1), tally_to=tally_to or date(year, 12, 31))
    )
    rows = [enter(created, unit, role, protocol_order=place) for place, (unit, role) in enumerate(members, start=1)]
    journal.append(created, by=by, at=at, verb="year.create", thing=created, rows=[created, *rows])
    return created


def enter(year: EmulationYear, unit: Unit, role: MemberRole, *, protocol_order: int) -> Membership:
    """Saves a membership with the unit's name as it is now; permission and audit are the calling service's.

    Raises Refused if the unit does not exist in that year (domain.md rule 5), or is a member already.
    """
    if not unit.exists_in(year.year):
        refusal = _("%(unit)s does not exist in %(year)s. Check the dates of the unit.")
        raise Refused(refusal % {"unit": unit.name, "year": year.year})
    membership = Membership(
        year=year, unit=unit, name=unit.name, short_name=unit.short_name, role=role, protocol_order=protocol_order
    )
    save_checked(membership)
    return membership


@transaction.atomic
def edit(*, year: EmulationYear, changed: Iterable[str], by: User, at: datetime) -> EmulationYear:
    """Saves the named columns of `year`, such as the titles of its leader and deputy."""
    check_can_edit_year(by, lock(year))
    return records.save(instance=year, changed=changed, by=by, at=at, year=year)


@transaction.atomic
def edit_rules(*, rules: YearRules, changed: Iterable[str], by: User, at: datetime) -> YearRules:
    """Saves the named columns of the year's rules. Raises WrongState once the results are published, and for the rules
    of ranking as soon as a check of `freeze_ranking_rules` has a reason; Refused where numbers of papers are reserved
    in the period that would be left."""
    year = lock(rules.year)
    changed = list(changed)
    check_can_edit_year(by, year)
    if "register_period" in changed:
        registers.check_period(year, rules.register_period)
    if year.is_published and not (changed and PAPER_RULES.issuperset(changed)):
        raise WrongState(_("The results are published; the rules that made them can no longer be changed."))
    for check in _freezing_checks if RANKING_RULES.intersection(changed) else ():
        for sentence in check(year):
            raise WrongState(sentence)
    return records.save(instance=rules, changed=changed, by=by, at=at, year=year)


@transaction.atomic
def move(
    *, year: EmulationYear, to: Phase, missing: Sequence[str] = (), by: User, at: datetime, reason: str = ""
) -> EmulationYear:
    """Leads the year into the phase `to`. `missing` are sentences the caller found beside those of `require`.

    Concluding, archiving and reopening an archived year need a proposal of another person first (`propose`). Raises
    WrongState if no step leads there, Refused with every sentence of what is missing.
    """
    locked = lock(year)
    step = _check_step(locked, to, by, reason)
    found = [*missing, *missing_for(locked, to)]
    if found:
        raise Refused(_("Some things are missing before this step."), missing=found)
    if kind := BY_TWO_PERSONS.get(step.name):
        proposal = pending.open_step(kind, locked)
        if proposal is None:
            raise WrongState(_("This step needs two persons: one proposes it, another one confirms it."))
        pending.confirm(step=proposal, by=by, at=at)
        reason = reason or proposal.reason
    return _enter_phase(locked, step, reason, by, at)


@transaction.atomic
def propose(*, year: EmulationYear, to: Phase, by: User, at: datetime, reason: str = "") -> PendingStep:
    """Proposes a step that needs two persons. Raises like `move`, and Refused if it is proposed already."""
    locked = lock(year)
    step = _check_step(locked, to, by, reason)
    if step.name not in BY_TWO_PERSONS:
        raise WrongState(_("This step needs no second person."))
    if found := missing_for(locked, to):
        raise Refused(_("Some things are missing before this step."), missing=found)
    return pending.propose(kind=BY_TWO_PERSONS[step.name], thing=locked, year=locked, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw_proposal(*, year: EmulationYear, step: PendingStep, by: User, at: datetime) -> PendingStep:
    """Takes back the proposal to conclude, archive or reopen the year."""
    check_can_conclude_year(by, lock(year))
    return pending.withdraw(step=step, by=by, at=at)


@transaction.atomic
def send_back_to_approving(*, year: EmulationYear, reason: str, by: User, at: datetime) -> EmulationYear:
    """Leads the year back when the service of the score cards reopens one after the conference."""
    locked = lock(year)
    check_can_send_back_to_approving(by, locked)
    return _enter_phase(locked, YEAR.check("reopen_card", locked.phase, reason=reason), reason, by, at)


@transaction.atomic
def set_deadline(
    *,
    year: EmulationYear,
    step: DeadlineStep,
    due_at: datetime,
    is_hard: bool = False,
    by: User,
    at: datetime,
) -> Deadline:
    """Sets the last moment of a step, in place of the former one. Saying the same again changes nothing."""
    locked = lock(year)
    check_can_edit_year(by, locked)
    deadline = for_update(Deadline.objects).filter(year=locked, step=step).first()
    if deadline is not None and (deadline.due_at, deadline.is_hard) == (due_at, is_hard):
        return deadline
    deadline = deadline or Deadline(year=locked, step=step)
    changes = {"due_at": [plain(deadline.due_at), plain(due_at)], "is_hard": [deadline.is_hard, is_hard]}
    deadline.due_at, deadline.is_hard = due_at, is_hard
    save_checked(deadline)
    journal.append(locked, by=by, at=at, verb="deadline.set", thing=deadline, changes=changes)
    return deadline


@transaction.atomic
def set_deadlines(
    *, year: EmulationYear, deadlines: Mapping[DeadlineStep, tuple[datetime, bool]], by: User, at: datetime
) -> list[Deadline]:
    """Sets the last moments of several steps, each with whether it is hard: all of them or none."""
    return [
        set_deadline(year=year, step=step, due_at=due_at, is_hard=is_hard, by=by, at=at)
        for step, (due_at, is_hard) in deadlines.items()
    ]


@transaction.atomic
def extend(
    *, deadline: Deadline, membership: Membership, until: datetime, reason: str, by: User, at: datetime
) -> Extension:
    """Gives one unit more time, in place of an earlier extension, whose moment the log keeps; the unit is told.

    Raises Refused without a reason, or if the unit would have no more time than the others.
    """
    locked = lock(deadline.year)
    check_can_edit_year(by, locked)
    if membership.year_id != locked.pk:
        raise NotKnown
    membership.year = locked
    check_can_extend(by, membership)
    check_reason(reason)
    deadline = for_update(Deadline.objects).get(pk=deadline.pk)
    if until <= deadline.due_at:
        raise Refused(errors={"until": [_("An extension ends later than the deadline itself.")]})
    found = for_update(Extension.objects).filter(deadline=deadline, membership=membership).first()
    extension = found or Extension(deadline=deadline, membership=membership)
    before, extension.until, extension.reason = extension.until, until, reason.strip()
    save_checked(extension)
    _tell_of_extension(extension, locked, by, at)
    journal.append(
        locked,
        by=by,
        at=at,
        verb="deadline.extend",
        thing=membership,
        reason=extension.reason,
        changes={"step": deadline.step, "until": [plain(before), plain(until)]},
    )
    return extension


def _tell_of_extension(extension: Extension, year: EmulationYear, by: User, at: datetime) -> None:
    unit, until = extension.membership, timezone.localtime(extension.until)
    people = Assignment.objects.filter(unit=unit.unit_id, role__in=UNIT_ROLES, ended_on__isnull=True)
    notifications.send(
        users=set(people.order_by().values_list("user_id", flat=True)),
        year=year,
        key=f"extension:{extension.pk}:{at.isoformat()}",
        text=gettext_noop("%(unit)s has time until %(until)s: %(reason)s"),
        params={"unit": unit.short_name or unit.name, "until": f"{until:%d/%m/%Y %H:%M}", "reason": extension.reason},
        url=year_url("scoring:home", year),
        at=at,
        by=by,
    )


def _check_step(year: EmulationYear, to: Phase, by: User, reason: str) -> Transition:
    if to in (Phase.CONCLUDED, Phase.ARCHIVED):
        check_can_conclude_year(by, year)
    else:
        check_can_advance_year(by, year)
    step = step_to(year, to)
    if step.needs_reason and not pending.open_step(BY_TWO_PERSONS[step.name], year):
        check_reason(reason)
    return step


def _enter_phase(year: EmulationYear, step: Transition, reason: str, by: User, at: datetime) -> EmulationYear:
    year.phase = step.target
    save_checked(year)
    for act in _follow_ups.get(Phase(step.target), []):
        act(year=year, by=by, at=at)
    journal.append(year, by=by, at=at, verb=f"year.{step.name}", thing=year, reason=reason.strip(), rows=[year])
    return year


def _missing_for_activation(year: EmulationYear) -> list[str]:
    """domain.md rule 1: exactly one leader and at least one deputy; one leader at most is a constraint."""
    sentences = []
    roles = [member.role for member in year.roster()]
    if MemberRole.LEADER not in roles:
        sentences.append(_("Name the unit that is %(title)s.") % {"title": year.leader_title})
    if MemberRole.DEPUTY not in roles:
        sentences.append(_("Name at least one unit that is %(title)s.") % {"title": year.deputy_title})
    if not hasattr(year, "rules"):
        sentences.append(_("Set the rules of the year."))
    return sentences
