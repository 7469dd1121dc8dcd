"""What a card must be by the rules, typed by hand from security.md 3 and architecture.md 4: the second account that the
state machine holds the services against."""

from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import strategies as st

from members.enums import Phase
from scoring.enums import CardStatus

# By code: the values that a person types, and the points of each, worked out by hand.
POINTS = {
    "A1": {"95": "28.50", "80": "24", "100": "30"},
    "A2": {"3": "15", "2": "10", "0": "0"},
    "A3": {"1": "20", "2": "16", "4": "0"},
    "B1": {"1": "10", "0": "0"},
    "B2": {"0": "20", "1": "15"},
    "E1": {"2": "10", "3": "15", "0": "0"},
    "F1": {"0": "0", "1": "-10"},
}
CODES = list(POINTS)
ESTIMATED = ["A1", "A2"]
OWN = {"of", "sg", "home"}
REVIEWERS = {"L", "D", "S", "A"}
PEOPLE = ["of", "sg", "home", "ot", "fo", "A", "L", "D", "S", "R", "O"]
OPEN = {Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}
STILL_APPROVING = {Phase.REVIEWING, Phase.APPROVING}
REOPENING = {Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED}
# Approving more often than the others: there most can happen.
HAS_CARDS = [
    Phase.SELF_SCORING,
    Phase.APPROVING,
    Phase.APPROVING,
    Phase.APPROVING,
    Phase.CONFERENCE,
    Phase.CONCLUDED,
    Phase.ARCHIVED,
]


def anybody_but_often(*likely: str):
    """Everybody tries everything; those who may, as often as all others together."""
    return st.sampled_from(likely) | st.sampled_from(PEOPLE)


OWNERS, JUDGES, CHAIRS = (
    anybody_but_often("of", "sg"),
    anybody_but_often("L", "S", "A"),
    anybody_but_often("L", "D", "S"),
)


@dataclass
class LineNow:
    """One line: what was typed in each stage, empty for nothing, and by whom it was judged."""

    claimed: str = ""
    reviewed: str = ""
    final: str = ""
    is_estimate: bool = False
    is_named: bool = False
    reviewer: str = ""
    settler: str = ""
    is_disputed: bool = False
    was_kept: bool = False

    def values(self) -> list[Decimal | None]:
        """Those of the three stages, as the database has them."""
        return [Decimal(text) if text else None for text in (self.claimed, self.reviewed, self.final)]


@dataclass
class CardNow:
    """What the card must be by the rules."""

    status: str = CardStatus.DRAFT
    phase: str = Phase.REVIEWING
    concluded_by: str = ""
    settled_by: set[str] = field(default_factory=set)
    proposed_by: str = ""
    returns: int = 0
    lines: dict[str, LineNow] = field(default_factory=lambda: {code: LineNow() for code in CODES})

    def is_open(self) -> bool:
        return self.phase in OPEN

    def reviewers(self) -> set[str]:
        return {line.reviewer for line in self.lines.values()} | {self.concluded_by} | self.settled_by

    def total(self, stage: str) -> Decimal | None:
        values = {code: getattr(line, stage) for code, line in self.lines.items()}
        if any(not value for value in values.values()):
            return None
        return sum((Decimal(POINTS[code][value]) for code, value in values.items()), Decimal(0))

    def forget_review(self, codes) -> None:
        """The review of `codes` is taken back; what was accepted against the review of other lines stays."""
        for code, line in self.lines.items():
            if line.settler and code not in codes:
                line.reviewed, line.reviewer = line.final, line.settler
            line.final = line.settler = ""
            if code in codes:
                line.reviewed = line.reviewer = ""
        self.concluded_by = ""
        self.settled_by = set()
