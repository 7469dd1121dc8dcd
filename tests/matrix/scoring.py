"""Permission matrix: score cards, criteria, ranking, publication. Typed by hand from security.md 3.

A card has one state at a time, so that each state has a year of its own, with the same units in the same offices.
"""

from members.enums import Phase
from scoring.enums import CardStatus
from scoring.models import ScoreLine
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, SignedPaperFactory, applied_set
from tests.matrix.shared import Row, act, form, page

YEARS = {CardStatus.DRAFT: 2051, CardStatus.SUBMITTED: 2052, CardStatus.APPROVED: 2053}
# A year whose criteria are a draft, and one in which no card was opened under those in force.
DRAFTED, NEW = 2056, 2057


def prepare(world):
    """For every state a year in which the unit `member` has its card so; leader and deputy have submitted theirs."""
    applied_set(world.year)
    world.lines = {}
    for status, number in YEARS.items():
        year = EmulationYearFactory(cluster=world.cluster, year=number, phase=Phase.REVIEWING)
        members = _enter(world, year)
        for member in members:
            is_at_hand = member.unit_id == world.member.unit_id
            card = ScorecardFactory(membership=member, **{_trait(status) if is_at_hand else "submitted": True})
            if is_at_hand:
                world.lines[status] = card.lines.order_by("pk").first()
    estimated = world.lines[CardStatus.SUBMITTED]
    ScoreLine.objects.filter(pk=estimated.pk).update(is_estimate=True)
    world.paper = SignedPaperFactory(scorecard=estimated.scorecard)
    foreign_card = ScorecardFactory(membership=world.foreign.member, submitted=True)
    world.foreign_paper = SignedPaperFactory(scorecard=foreign_card)
    drafted_year, new_year = (EmulationYearFactory(cluster=world.cluster, year=number) for number in (DRAFTED, NEW))
    _enter(world, drafted_year)
    _enter(world, new_year)
    world.drafted_leaf = CriteriaSetFactory(year=drafted_year, small=True).criteria.get(code="A1")
    CriteriaSetFactory(year=new_year, small=True, applied=True)
    foreign_year = EmulationYearFactory(cluster=world.foreign.cluster, year=DRAFTED)
    world.foreign_leaf = CriteriaSetFactory(year=foreign_year, small=True).criteria.get(code="A1")


def _enter(world, year):
    """The same units in the same offices."""
    return [
        MembershipFactory(year=year, unit=member.unit, role=member.role, protocol_order=member.protocol_order)
        for member in world.members
    ]


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


def paper(world):
    """The signed paper of the submitted card."""
    return card(CardStatus.SUBMITTED)(world) | {"pk": world.paper.pk}


def estimate(world):
    """A line of the submitted card that is an estimate."""
    return card(CardStatus.SUBMITTED)(world) | {"pk": world.lines[CardStatus.SUBMITTED].pk}


def criterion(world):
    return world.url_kwargs() | {"code": "A1"}


def asked(world):
    """The cell of the unit `member`."""
    return world.url_kwargs() | {"unit": world.member.unit.code, "criterion": "A1"}


def version(number):
    return lambda world: world.url_kwargs() | {"version": number}


def drafted(world):
    return world.url_kwargs() | {"year": DRAFTED}


def set_in_force(world):
    return world.url_kwargs() | {"year": NEW}


def drafted_node(world):
    return drafted(world) | {"pk": world.drafted_leaf.pk}


def to_the_top(world):
    return {"to": "top:0"}


def copy_of_the_set(world):
    return {"source": applied_set(world.year).pk}


# Cards that the secretariat of the first cluster cannot know: of another cluster's unit, in its year and in this one,
# of no unit at all, and of a unit whose card is not open yet.
UNKNOWN_CARDS = [
    lambda world: world.foreign.url_kwargs() | {"code": world.foreign.member.unit.code},
    lambda world: card(CardStatus.DRAFT)(world) | {"code": world.foreign.member.unit.code},
    lambda world: card(CardStatus.DRAFT)(world) | {"code": "9" * 40},
    lambda world: card(CardStatus.DRAFT)(world) | {"year": 2099},
    lambda world: world.url_kwargs() | {"code": world.member.unit.code},
]
UNKNOWN_PAPERS = [
    lambda world: paper(world) | {"pk": 999_999_999},
    lambda world: paper(world) | {"pk": world.foreign_paper.pk},
    lambda world: paper(world) | {"code": world.leader.unit.code},
]
UNKNOWN_ESTIMATES = [
    lambda world: world.foreign.url_kwargs() | {"code": world.foreign.member.unit.code, "pk": 1},
    lambda world: card(CardStatus.DRAFT)(world) | {"code": "9" * 40, "pk": 1},
]
UNKNOWN_YEARS = [
    lambda world: world.foreign.url_kwargs(),
    lambda world: world.url_kwargs() | {"year": 2099},
]
UNKNOWN_VERSIONS = [
    lambda world: world.foreign.url_kwargs() | {"version": 1},
    lambda world: world.url_kwargs() | {"version": 99},
]
UNKNOWN_NODES = [
    lambda world: drafted(world) | {"pk": 999_999_999},
    lambda world: drafted(world) | {"pk": world.foreign_leaf.pk},
    lambda world: world.foreign.url_kwargs() | {"pk": world.foreign_leaf.pk},
]
UNKNOWN_CRITERIA = [
    lambda world: world.url_kwargs() | {"code": "A"},
    lambda world: world.url_kwargs() | {"code": "Z9"},
    lambda world: world.foreign.url_kwargs() | {"code": "A1"},
]
UNKNOWN_CELLS = [
    lambda world: asked(world) | {"criterion": "A"},
    lambda world: asked(world) | {"criterion": "Z9"},
    lambda world: asked(world) | {"unit": world.foreign.member.unit.code},
    lambda world: asked(world) | {"year": 2099},
    lambda world: asked(world.foreign),
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
    "scoring:scorecard_versions": page(       "L Y Y 3 4 Y Y Y Y 4", **submitted, **NO_PAGE),
    "scoring:scorecard_versions_print": page( "L Y Y 3 4 Y Y Y Y 4", **submitted, **NO_PAGE),
    "scoring:scorecard_save": act(            "L Y Y 3 4 3 3 W 3 4", **draft, **NO_PAGE),
    "scoring:line_save": act(                 "L Y Y 3 4 3 3 W 3 4", data=one_line(CardStatus.DRAFT), **draft,
                                              **NO_PAGE),
    "scoring:scorecard_export": page(         "L Y Y 3 4 Y Y Y Y 4", **submitted, **NO_PAGE),
    "scoring:scorecard_import": form(         "L Y Y 3 4 3 3 Y 3 4", **draft),
    "scoring:scorecard_refresh": act(         "L 3 3 3 4 W W W 3 4", **submitted, **NO_PAGE),  # nothing is fed here
    "scoring:scorecard_submit": form(         "L Y Y 3 4 3 3 Y 3 4", **draft),
    "scoring:scorecard_paste": form(          "L Y Y 3 4 3 3 W 3 4", **draft),  # no signed paper is recorded here
    "scoring:paste_undo": act(                "L W W 3 4 3 3 W 3 4", **draft, **NO_PAGE),  # nobody pasted
    "scoring:scorecard_paper": form(          "L Y 3 3 4 3 3 Y 3 4", **draft),
    "scoring:paper_download": page(           "L Y Y 3 4 Y Y Y Y 4", kwargs=paper, unknown=UNKNOWN_PAPERS, **NO_PAGE),
    "scoring:estimate_list": page(            "L Y Y 3 4 3 3 W 3 4", **submitted, **NO_PAGE),
    "scoring:estimate_replace": form(         "L Y Y 3 4 3 3 W 3 4", kwargs=estimate, unknown=UNKNOWN_ESTIMATES),
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
    "scoring:criteria_version": page(         "L Y Y Y 4 Y Y Y Y 4", kwargs=version(1), unknown=UNKNOWN_VERSIONS,
                                              **NO_PAGE),
    "scoring:criteria_edit": page(            "L 3 3 3 4 3 3 Y 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_head": form(            "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, unknown=UNKNOWN_YEARS),
    "scoring:criterion_add": form(            "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, unknown=UNKNOWN_YEARS),
    "scoring:criterion_edit": form(           "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted_node, unknown=UNKNOWN_NODES),
    "scoring:criterion_move": act(            "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted_node, data=to_the_top,
                                              unknown=UNKNOWN_NODES, **NO_PAGE),
    "scoring:criterion_delete": form(         "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted_node, unknown=UNKNOWN_NODES),
    "scoring:criteria_sort": act(             "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_apply": form(           "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, unknown=UNKNOWN_YEARS),
    "scoring:criteria_new_version": act(      "L 3 3 3 4 3 3 Y 3 4", kwargs=set_in_force, unknown=UNKNOWN_YEARS,
                                              **NO_PAGE),
    "scoring:criteria_copy": form(            "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, data=copy_of_the_set,
                                              unknown=UNKNOWN_YEARS),
    "scoring:criteria_export": page(          "L Y Y Y 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_template": page(        "L 3 3 3 4 3 3 Y 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_import": form(          "L 3 3 3 4 3 3 Y 3 4", kwargs=drafted, unknown=UNKNOWN_YEARS),
    # --- what is asked of the units, and what the criteria distinguish ---
    "scoring:targets": Row(                   "L Y Y Y 4 Y Y Y Y 4", "L 3 3 3 4 3 3 Y 3 4", unknown=UNKNOWN_YEARS),
    "scoring:targets_history": page(          "L Y Y Y 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:target_edit": form(              "L 3 3 3 4 3 3 Y 3 4", kwargs=asked, unknown=UNKNOWN_CELLS),
    "scoring:criteria_trial": page(           "L 3 3 3 4 3 3 Y 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_analysis": page(        "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criteria_analysis_print": page(  "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:ranking": page(                  "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:ranking_print": page(            "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:matrix": page(                   "L 3 3 3 4 Y Y Y Y 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:criterion_review": page(         "L 3 3 3 4 Y Y Y Y 4", kwargs=criterion, unknown=UNKNOWN_CRITERIA,
                                              **NO_PAGE),
    "scoring:publication": Row(               "L 3 3 3 4 Y Y Y Y 4", "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS),
    "scoring:publication_confirm": act(       "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
    "scoring:publication_withdraw": act(      "L 3 3 3 4 W W 3 3 4", unknown=UNKNOWN_YEARS, **NO_PAGE),
}  # fmt: skip
