"""Permission matrix: score cards, criteria, ranking, publication. Typed by hand from security.md 3.

A card has one state at a time, so that each state has a year of its own, with the same units in the same offices.
"""

from members.enums import Phase
from scoring.enums import CardStatus
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import ScorecardFactory, applied_set
from tests.matrix.shared import Row, act, form, page

YEARS = {CardStatus.DRAFT: 2051, CardStatus.SUBMITTED: 2052, CardStatus.APPROVED: 2053}


def prepare(world):
    """For every state a year in which the unit `member` has its card so; leader and deputy have submitted theirs."""
    applied_set(world.year)
    world.lines = {}
    for status, number in YEARS.items():
        year = EmulationYearFactory(cluster=world.cluster, year=number, phase=Phase.REVIEWING)
        members = [
            MembershipFactory(year=year, unit=member.unit, role=member.role, protocol_order=member.protocol_order)
            for member in world.members
        ]
        for member in members:
            is_at_hand = member.unit_id == world.member.unit_id
            card = ScorecardFactory(membership=member, **{_trait(status) if is_at_hand else "submitted": True})
            if is_at_hand:
                world.lines[status] = card.lines.order_by("pk").first()
    ScorecardFactory(membership=world.foreign.member, submitted=True)


def _trait(status):
    return "filled" if status == CardStatus.DRAFT else str(status)


def card(status):
    """The address of the card of the unit `member` in this state."""
    return lambda world: {
        "cluster": world.cluster.slug,
        "year": YEARS[status],
        "code": world.member.unit.code,
    }


def one_line(status):
    """What the page sends to save one line of that card."""

    def data(world):
        line = world.lines[status]
        return {f"value-{line.pk}": "50", f"text-{line.pk}": "Theo sổ theo dõi", f"version-{line.pk}": line.version}

    return data


def all_lines_untouched(world):
    """What the page sends to accept everything as claimed: every line empty, with the version that was shown."""
    lines = world.lines[CardStatus.SUBMITTED].scorecard.lines.all()
    return {f"value-{line.pk}": "" for line in lines} | {f"version-{line.pk}": line.version for line in lines}


def criterion(world):
    return world.url_kwargs() | {"code": "A1"}


# Cards that the secretariat of the first cluster cannot know: of another cluster's unit, in its year and in this one,
# of no unit at all, and of a unit whose card is not open yet.
UNKNOWN_CARDS = [
    lambda world: world.foreign.url_kwargs() | {"code": world.foreign.member.unit.code},
    lambda world: card(CardStatus.DRAFT)(world) | {"code": world.foreign.member.unit.code},
    lambda world: card(CardStatus.DRAFT)(world) | {"code": "9" * 40},
    lambda world: card(CardStatus.DRAFT)(world) | {"year": 2099},
    lambda world: world.url_kwargs() | {"code": world.member.unit.code},
]
UNKNOWN_YEARS = [
    lambda world: world.foreign.url_kwargs(),
    lambda world: world.url_kwargs() | {"year": 2099},
]
UNKNOWN_CRITERIA = [
    lambda world: world.url_kwargs() | {"code": "A"},
    lambda world: world.url_kwargs() | {"code": "Z9"},
    lambda world: world.foreign.url_kwargs() | {"code": "A1"},
]

draft = {"kwargs": card(CardStatus.DRAFT), "unknown": UNKNOWN_CARDS}
submitted = {"kwargs": card(CardStatus.SUBMITTED), "unknown": UNKNOWN_CARDS}
approved = {"kwargs": card(CardStatus.APPROVED), "unknown": UNKNOWN_CARDS}
NO_PAGE = {"unknown_letters": "4M"}

#                                              anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    # --- cards ---
    "scoring:scorecard_list": page(           "L Y Y Y 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:scorecard_detail": page(         "L Y Y 3 4 Y Y Y Y 4", **submitted, **NO_PAGE),
    "scoring:scorecard_print": page(          "L Y Y 3 4 Y Y Y Y 4", **submitted, **NO_PAGE),
    "scoring:scorecard_save": act(            "L Y Y 3 4 3 3 Y 3 4", **draft, **NO_PAGE),
    "scoring:line_save": act(                 "L Y Y 3 4 3 3 Y 3 4", data=one_line(CardStatus.DRAFT), **draft,
                                              **NO_PAGE),
    "scoring:scorecard_submit": form(         "L Y Y 3 4 3 3 Y 3 4", **draft),
    "scoring:scorecard_review": page(         "L 3 3 3 4 Y Y Y 3 4", **submitted, **NO_PAGE),
    "scoring:review_save": act(               "L 3 3 3 4 Y Y Y 3 4", **submitted, **NO_PAGE),
    "scoring:review_line_save": act(          "L 3 3 3 4 Y Y Y 3 4", data=one_line(CardStatus.SUBMITTED), **submitted,
                                              **NO_PAGE),
    "scoring:scorecard_accept": act(          "L 3 3 3 4 Y Y Y 3 4", data=all_lines_untouched, **submitted, **NO_PAGE),
    "scoring:scorecard_conclude_review": form("L 3 3 3 4 Y Y Y 3 4", **submitted),
    "scoring:scorecard_return": form(         "L 3 3 3 4 Y Y Y 3 4", **submitted),
    "scoring:scorecard_reopen": form(         "L 3 3 3 4 Y Y Y 3 4", **approved),
    "scoring:scorecard_reopen_confirm": act(  "L 3 3 3 4 W W W 3 4", **approved, **NO_PAGE),  # nobody proposed it
    "scoring:scorecard_reopen_withdraw": act( "L 3 3 3 4 W W W 3 4", **approved, **NO_PAGE),
    # --- the year as a whole, before its results are published ---
    "scoring:criteria": page(                 "L Y Y Y 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:ranking": page(                  "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:ranking_print": page(            "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:matrix": page(                   "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criterion_review": page(         "L 3 3 3 4 Y Y Y Y 4", kwargs=criterion, unknown=UNKNOWN_CRITERIA,
                                              **NO_PAGE),
    "scoring:publication": Row(               "L 3 3 3 4 Y Y Y Y 4", "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS),
    "scoring:publication_confirm": act(       "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:publication_withdraw": act(      "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
}  # fmt: skip
