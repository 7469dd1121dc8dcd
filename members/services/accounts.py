"""Accounts: making them, one-time passwords, closing and opening them, and what people choose for themselves.

A one-time password is returned once, to be printed, and is kept nowhere but as its hash.
"""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from axes.utils import reset as reset_failures
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.vietnamese import fold
from members.enums import AssignmentRole
from members.models import Assignment, Cluster, EmulationYear, Unit, User
from members.permissions import (
    UNIT_ROLES,
    can_write_accounts_of,
    check_can_manage_account,
    check_can_write_unit_accounts,
    check_is_administrator,
    check_not_archived,
)
from members.services import journal, years

# Without letters and digits that look alike on paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_SUFFIXES = {AssignmentRole.SIGNATORY: "", AssignmentRole.OFFICER: ".cb"}


@dataclass(frozen=True)
class Slip:
    """What is printed and handed to a person in an envelope."""

    username: str
    unit: str
    role_label: str
    one_time_password: str


Password = tuple[str, str]  # as it is printed, and its hash


def one_time_password() -> str:
    """Returns a random password of twelve signs in three groups, such as "k7mw-p2xh-9tqd": 59 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(4)) for _group in range(3))


def free_username(wanted: str) -> str:
    """Returns `wanted`, or where an account has that name, the first of it with a number that is free."""
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def make_unit_accounts(*, year: EmulationYear, by: User, at: datetime) -> list[Slip]:
    """Makes the missing accounts of the year's units: a signatory and an officer each. Returns their slips.

    The user name is the unit's code, with ".cb" for the officer. Whoever belongs to a unit gets no slips of that unit;
    another person of the secretariat makes them.
    """
    check_can_write_unit_accounts(by, year)
    passwords = _passwords(len(_missing(year, by)))
    with transaction.atomic():
        return _make_missing(year, passwords, by, at)


def make_first_accounts(*, year: EmulationYear, secretary: str, by: User, at: datetime) -> list[Slip]:
    """Makes the account of the secretariat, named `secretary`, and those of all units: all of them or none."""
    check_is_administrator(by)
    passwords = _passwords(1 + len(_missing(year, by)))
    with transaction.atomic():
        first = _make(
            secretary, year.cluster, passwords.pop(), role=AssignmentRole.SECRETARIAT, unit=None, by=by, at=at
        )
        return [first, *_make_missing(year, passwords, by, at)]


@transaction.atomic
def make_account(
    *,
    username: str,
    role: AssignmentRole,
    cluster: Cluster | None = None,
    home_unit: Unit | None = None,
    full_name: str = "",
    by: User,
    at: datetime,
) -> Slip:
    """Makes an account for the secretariat, an observer or an administrator; the administrator's act alone.

    `home_unit` is the unit a person of the secretariat comes from: toward it they review and approve nothing.
    """
    check_is_administrator(by)
    if role in UNIT_ROLES:
        raise Refused(errors={"role": [_("Accounts of units are made all at once, from the year's set-up.")]})
    (password,) = _passwords(1)
    return _make(username, cluster, password, role=role, unit=home_unit, full_name=full_name, by=by, at=at)


@transaction.atomic
def reset_password(*, user: User, by: User, at: datetime) -> Slip:
    """Gives the account a new one-time password, ends its sessions and lifts a lock."""
    locked = _lock(user, by)
    if not locked.is_active:
        raise WrongState(_("This account is closed. Open it before you give it a new password."))
    password = one_time_password()
    locked.set_password(password)
    locked.must_change_password = True
    save_checked(locked)
    reset_failures(username=locked.username)
    _journal(locked, "user.reset_password", by, at)
    return _slip(locked, password)


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime) -> User:
    """Stores the password that the person chose; it counts as their own from now on."""
    locked = for_update(User.objects).get(pk=user.pk)
    locked.set_password(password)
    locked.must_change_password = False
    save_checked(locked)
    _journal(locked, "user.change_password", locked, at)
    return locked


@transaction.atomic
def disable(*, user: User, by: User, at: datetime) -> User:
    """Closes the account; its sessions end with the next click. Raises Refused for the last administrator."""
    _lock_administrators()
    locked = _lock(user, by)
    if not locked.is_active:
        raise WrongState(_("This is already done: the account is closed."))
    if locked.pk == by.pk:
        raise Refused(_("Nobody closes the own account. Ask another person who may do it."))
    _check_administrator_remains(without=locked)
    locked.is_active = False
    save_checked(locked)
    _journal(locked, "user.disable", by, at)
    return locked


@transaction.atomic
def enable(*, user: User, by: User, at: datetime) -> User:
    """Opens a closed account again."""
    locked = _lock(user, by)
    if locked.is_active:
        raise WrongState(_("This is already done: the account is open."))
    locked.is_active = True
    save_checked(locked)
    _journal(locked, "user.enable", by, at)
    return locked


@transaction.atomic
def unlock(*, user: User, by: User, at: datetime) -> int:
    """Forgets the wrong passwords typed for the account; returns how many there were."""
    locked = _lock(user, by)
    count = reset_failures(username=locked.username)
    _journal(locked, "user.unlock", by, at, failures=count)
    return count


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: User, at: datetime) -> Assignment:
    """Ends the part that a person plays, from today on. Raises Refused for the last administrator."""
    _lock_administrators()
    _lock(assignment.user, by)
    held = for_update(Assignment.objects).select_related("cluster", "unit", "user")
    locked = held.get(pk=assignment.pk)
    if locked.ended_on is not None:
        raise WrongState(_("This is already done: the assignment has ended."))
    if locked.role == AssignmentRole.ADMINISTRATOR:
        _check_administrator_remains(without=locked.user)
    locked.ended_on = timezone.localdate(at)
    save_checked(locked)
    journal.append_for_cluster(
        locked.cluster, by=by, at=at, verb="assignment.end", thing=locked, changes={"user": locked.user.username}
    )
    return locked


def set_language(*, user: User, language: str) -> None:
    """Stores the person's own choice. What people choose for their screen is not audited."""
    User.objects.filter(pk=user.pk).update(language=language)


def set_display(*, user: User, theme: str, is_large_font: bool) -> None:
    User.objects.filter(pk=user.pk).update(theme=theme, is_large_font=is_large_font)


def note_sign_in(*, user: User, at: datetime) -> None:
    """Django notes the time of the machine; on a demo database the clock shows another one."""
    User.objects.filter(pk=user.pk).update(last_login=at)


@transaction.atomic
def describe(*, user: User, full_name: str, email: str, at: datetime) -> User:
    """Stores how the person's name is written, and where reminders are sent; the log keeps no address."""
    locked = for_update(User.objects).get(pk=user.pk)
    locked.full_name, locked.email = full_name.strip(), email.strip()
    save_checked(locked)
    _journal(locked, "user.describe", locked, at, full_name=locked.full_name, has_email=bool(locked.email))
    return locked


def _missing(year: EmulationYear, by: User) -> list[tuple[Unit, AssignmentRole]]:
    """The accounts that the year's units lack and that `by` may make, in the order of the roster."""
    held = Assignment.objects.filter(
        unit__memberships__year=year, role__in=UNIT_ROLES, ended_on__isnull=True, user__is_active=True
    )
    present = set(held.values_list("unit_id", "role"))
    units = Unit.objects.in_bulk([membership.unit_id for membership in year.roster()])
    return [
        (units[membership.unit_id], role)
        for membership in year.roster()
        if can_write_accounts_of(by, year, membership)
        for role in _SUFFIXES
        if (membership.unit_id, role) not in present
    ]


def _make_missing(year: EmulationYear, passwords: list[Password], by: User, at: datetime) -> list[Slip]:
    locked = years.lock(year)
    check_can_write_unit_accounts(by, locked)
    check_not_archived(locked)
    slips = []
    for unit, role in _missing(locked, by):
        (password,) = [passwords.pop()] if passwords else _passwords(1)
        username = free_username(_username_from(unit.code) + _SUFFIXES[role])
        slips.append(_make(username, locked.cluster, password, role=role, unit=unit, by=by, at=at))
    return slips


def _passwords(count: int) -> list[Password]:
    """Random passwords with their hashes. Hashing is slow on purpose, so it is done before any row is locked, and in
    threads, which it lets run side by side."""
    texts = [one_time_password() for _number in range(count)]
    with ThreadPoolExecutor() as pool:
        return list(zip(texts, pool.map(make_password, texts), strict=True))


def _make(
    username: str,
    cluster: Cluster | None,
    password: Password,
    *,
    role: AssignmentRole,
    unit: Unit | None,
    full_name: str = "",
    by: User,
    at: datetime,
) -> Slip:
    text, encoded = password
    user = User(username=username, password=encoded, full_name=full_name, must_change_password=True)
    save_checked(user)
    place = None if role in (*UNIT_ROLES, AssignmentRole.ADMINISTRATOR) else cluster
    assignment = Assignment(user=user, role=role, unit=unit, cluster=place, started_on=timezone.localdate(at))
    save_checked(assignment)
    changes = {"username": username, "role": role, "unit": unit.code if unit else ""}
    journal.append_for_cluster(cluster, by=by, at=at, verb="user.create", thing=user, changes=changes)
    return _slip(user, text)


def _slip(user: User, password: str) -> Slip:
    held = user.assignments.filter(ended_on__isnull=True).select_related("unit", "cluster").order_by("pk").first()
    place = (held.cluster or held.unit) if held else None
    return Slip(
        username=user.username,
        unit=str(place or ""),
        role_label=str(held.get_role_display()) if held else "",
        one_time_password=password,
    )


def _username_from(code: str) -> str:
    return re.sub(r"[^a-z0-9._-]", "", fold(code).replace(" ", "-"))


def _lock(user: User, by: User) -> User:
    locked = for_update(User.objects).get(pk=user.pk)
    check_can_manage_account(by, locked)
    return locked


def _administrators() -> QuerySet[Assignment]:
    return Assignment.objects.filter(role=AssignmentRole.ADMINISTRATOR, ended_on__isnull=True).order_by("pk")


def _lock_administrators() -> None:
    """Taken first by everything that may take an administrator away, so that two such acts follow each other."""
    list(for_update(_administrators()))


def _check_administrator_remains(without: User) -> None:
    """features.md N6: an installation without an administrator could not be helped from inside."""
    if set(_administrators().filter(user__is_active=True).values_list("user_id", flat=True)) == {without.pk}:
        raise Refused(_("This is the last administrator. Make another one first."))


def _journal(user: User, verb: str, by: User, at: datetime, **changes: object) -> None:
    """Names the cluster of the account, so that its observers find the event in their log."""
    held = user.assignments_held()
    cluster = next((assignment.cluster for assignment in held if assignment.cluster_id), None)
    unit_ids = [assignment.unit_id for assignment in held if assignment.unit_id]
    if cluster is None and unit_ids:
        cluster = Cluster.objects.filter(years__memberships__unit_id__in=unit_ids).order_by("pk").first()
    journal.append_for_cluster(cluster, by=by, at=at, verb=verb, thing=user, changes=changes)
