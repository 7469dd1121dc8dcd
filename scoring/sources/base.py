"""The one interface of all sources: a unit's part in a year goes in, a value and the records behind it come out."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, TypeVar

from awards import records
from awards.records import AwardRecord, CampaignRecord, DirectWorkers, Registered
from members.models import EmulationYear, Membership
from scoring.criteria_nodes import Node
from scoring.enums import CriterionKind
from scoring.models import Criterion, Scorecard

_Record = TypeVar("_Record", AwardRecord, CampaignRecord)


@dataclass(frozen=True)
class Used:
    """A record that a value was taken from. `amount` says how much it counts, None where it was only measured."""

    key: str
    text: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Fed:
    """What a source gives a line; no value where it is known only later."""

    value: Decimal | None
    records: tuple[Used, ...] = ()


@dataclass
class Facts:
    """What the sources know of a year, each kind of record read once and only when a source asks for it. The records
    are grouped by member unit (primary key)."""

    year: EmulationYear
    at: datetime

    @cached_property
    def awards(self) -> Mapping[int, Sequence[AwardRecord]]:
        return _by_unit(records.counted_records(self.year))

    @cached_property
    def campaigns(self) -> Mapping[int, Sequence[CampaignRecord]]:
        return _by_unit(records.campaign_records(self.year))

    @cached_property
    def titles(self) -> Mapping[int, Registered]:
        return records.registered_against_awarded(self.year)

    @cached_property
    def direct_workers(self) -> Mapping[int, DirectWorkers]:
        return records.direct_workers(self.year)


def _by_unit(found: Sequence[_Record]) -> dict[int, list[_Record]]:
    grouped: dict[int, list[_Record]] = defaultdict(list)
    for record in found:
        grouped[record.membership_id].append(record)
    return grouped


@dataclass
class Situation:
    """One card while its lines are fed. `taken` are the keys of records that another line counts already;
    `overclaimed` is by how many points the self-scored lines stand above the reviewed ones, None before the review."""

    facts: Facts
    card: Scorecard
    taken: set[str] = field(default_factory=set)
    overclaimed: Decimal | None = None

    @property
    def membership(self) -> Membership:
        return self.card.membership


class Source(ABC):
    """A way from records to the value of a line.

    `rules` says which of the criterion's source rules it reads: "award", "campaign" or none. A source that counts
    records takes each only once in a card, unless the set allows more; one that measures a share takes none away.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()
    rules: ClassVar[str] = ""

    def problems(self, node: Node) -> list[str]:
        """What is wrong with the parameters, in sentences without the criterion's code."""
        return []

    @abstractmethod
    def feed(self, criterion: Criterion, situation: Situation) -> Fed:
        """The value of the criterion for the unit of the card."""


MEASURED = frozenset({CriterionKind.RATIO, CriterionKind.RATIO_LEADER, CriterionKind.BANDS})
COUNTED = MEASURED | {CriterionKind.PER_ITEM, CriterionKind.BONUS}
