"""Counting commendations and reckoning their money, without the database."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Model
from django.utils.functional import Promise

from awards.enums import AwardKind, AwardLevel, AwardSystem, CommendationType, RecipientKind
from cluster_app.audit.rows import canonical, row_of
from cluster_app.lib.points import percent

ROUNDING_STEP = 10_000  # đồng


def reward_money(coefficient: Decimal, base_salary: int) -> int:
    """Returns the reward for one occasion in đồng: coefficient × base salary, rounded up to the next 10.000 đồng.

    domain.md rule 29; Nghị định 98/2023/NĐ-CP: the base salary is the one in force on the day of the decision.
    """
    return math.ceil(Fraction(coefficient) * base_salary / ROUNDING_STEP) * ROUNDING_STEP


def fingerprint(*rows: Model) -> str:
    """Returns a short digest of the rows' columns: a form carries it, so that a later save notices a change between."""
    return hashlib.sha256(canonical([row_of(row) for row in rows]).encode()).hexdigest()[:16]


class Counted(NamedTuple):
    """Occasions of one unit, one form, one kind of recipient and one type, as the database sums them."""

    membership_id: int
    code: str
    name: str
    kind: str
    system: str
    level: str
    recipient_kind: str
    type: str
    occasions: int
    direct: int = 0  # of these, occasions of people in direct work
    late: int = 0  # of these, occasions recorded after the results were published


@dataclass(frozen=True)
class Count:
    """Occasions (số lượt) by kind of recipient; one recipient may be counted several times (domain.md 0.2)."""

    collective: int = 0
    individual: int = 0
    household: int = 0

    @property
    def total(self) -> int:
        return self.collective + self.individual + self.household


@dataclass(frozen=True)
class Breakdown:
    """A count, and how much of it was annual merit, thematic campaigns and unplanned; other types are in none."""

    count: Count
    merit: int
    thematic: int
    adhoc: int

    @property
    def total(self) -> int:
        return self.count.total


@dataclass(frozen=True)
class FormRow:
    code: str
    name: str
    breakdown: Breakdown


@dataclass(frozen=True)
class LevelPart:
    level: str
    label: str | Promise
    rows: tuple[FormRow, ...]
    subtotal: Breakdown


@dataclass(frozen=True)
class SystemPart:
    """Commendations of the Party or of a mass organisation: printed beside the tally, never counted in it."""

    system: str
    label: str | Promise
    rows: tuple[FormRow, ...]
    subtotal: Breakdown


def count_of(counted: Iterable[Counted]) -> Count:
    occasions = _occasions(counted, "recipient_kind")
    return Count(
        collective=occasions[RecipientKind.COLLECTIVE],
        individual=occasions[RecipientKind.INDIVIDUAL],
        household=occasions[RecipientKind.HOUSEHOLD],
    )


def breakdown_of(counted: Sequence[Counted]) -> Breakdown:
    occasions = _occasions(counted, "type")
    return Breakdown(
        count=count_of(counted),
        merit=occasions[CommendationType.MERIT],
        thematic=occasions[CommendationType.THEMATIC],
        adhoc=occasions[CommendationType.ADHOC],
    )


def level_parts(counted: Sequence[Counted]) -> tuple[LevelPart, ...]:
    """The three levels of the State's system, highest first, each with its forms; an empty level shows zeros."""
    state = [one for one in counted if one.system == AwardSystem.STATE]
    parts = []
    for level in AwardLevel:
        of_level = [one for one in state if one.level == level]
        parts.append(LevelPart(level.value, level.label, form_rows(of_level), breakdown_of(of_level)))
    return tuple(parts)


def system_parts(counted: Sequence[Counted]) -> tuple[SystemPart, ...]:
    """The systems beside the State's that have any row."""
    parts = []
    for system in (AwardSystem.PARTY, AwardSystem.ORGANISATION):
        of_system = [one for one in counted if one.system == system]
        if of_system:
            parts.append(SystemPart(system.value, system.label, form_rows(of_system), breakdown_of(of_system)))
    return tuple(parts)


def form_rows(counted: Iterable[Counted]) -> tuple[FormRow, ...]:
    """One row per form, titles before orders before certificates.

    Two dated rows of the catalogue that differ in the law behind them only are one form to the reader.
    """
    order = {kind: place for place, kind in enumerate(AwardKind.values)}
    by_form: dict[tuple[int, str, str], list[Counted]] = defaultdict(list)
    for one in counted:
        by_form[(order[one.kind], one.code, one.name)].append(one)
    return tuple(
        FormRow(code, name, breakdown_of(by_form[(place, code, name)])) for place, code, name in sorted(by_form)
    )


def change_percent(now: int, before: int) -> Decimal | None:
    """The change from last year in percent of last year; None where last year has nothing to compare with."""
    return percent(now - before, before)


def _occasions(counted: Iterable[Counted], key: str) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for one in counted:
        sums[getattr(one, key)] += one.occasions
    return sums
