"""Permission matrix: objections, reviewers, one criterion over all units. Typed by hand from security.md 3."""

from members.enums import Phase
from scoring.models import Objection, ObjectionMessage
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import ReviewAssignmentFactory, ScorecardFactory
from tests.matrix.shared import Row, act, form, page
from tests.scenarios import NOW

YEAR = 2061


def prepare(world):
    """A year in which the card of the unit `member` is reviewed, with an objection to it, and the deputy's unit is
    asked to review that of `other`; leader and deputy have submitted theirs."""
    year = EmulationYearFactory(cluster=world.cluster, year=YEAR, phase=Phase.REVIEWING)
    cards = {}
    for member in world.members:
        entered = MembershipFactory(year=year, unit=member.unit, role=member.role, protocol_order=member.protocol_order)
        state = "reviewed" if member.unit_id == world.member.unit_id else "submitted"
        cards[member.pk] = ScorecardFactory(membership=entered, **{state: True})
    world.raised_objection = _object(cards[world.member.pk], world.officer)
    world.request_to_review = ReviewAssignmentFactory(
        scorecard=cards[world.other.pk], membership=cards[world.deputy.pk].membership
    )
    foreign_year = EmulationYearFactory(cluster=world.foreign.cluster, year=YEAR)
    foreign = ScorecardFactory(membership=MembershipFactory(year=foreign_year), reviewed=True)
    world.raised_elsewhere = _object(foreign, world.foreign.officer)


def _object(card, user):
    line = card.lines.get(criterion__code="A2")
    objection = Objection.objects.create(line=line, raised_by=user, raised_at=NOW)
    ObjectionMessage.objects.create(objection=objection, author=user, written_at=NOW, text="Đề nghị tính lại")
    return objection


def of_the_year(world):
    return world.url_kwargs() | {"year": YEAR}


def line(world):
    return of_the_year(world) | {"code": world.member.unit.code, "criterion": "A1"}


def thread(world):
    return of_the_year(world) | {"pk": world.raised_objection.pk}


def criterion(world):
    return of_the_year(world) | {"code": "A1"}


def an_answer(world):
    return {"text": "Đề nghị gửi văn bản gốc"}


def a_reviewer(world):
    return {"card": world.member.unit.code, "reviewer": f"person:{world.other_officer.pk}"}


def the_request(world):
    return {"assignment": world.request_to_review.pk}


UNKNOWN_YEARS = [lambda world: world.foreign.url_kwargs(), lambda world: world.url_kwargs() | {"year": 2099}]
UNKNOWN_LINES = [
    lambda world: line(world) | {"criterion": "Z9"},
    lambda world: line(world) | {"code": world.foreign.member.unit.code},
    lambda world: line(world) | {"year": 2099},
]
UNKNOWN_THREADS = [
    lambda world: of_the_year(world) | {"pk": 999_999_999},
    lambda world: of_the_year(world) | {"pk": world.raised_elsewhere.pk},
    lambda world: world.url_kwargs() | {"pk": world.raised_objection.pk},
]
UNKNOWN_CRITERIA = [
    lambda world: criterion(world) | {"code": "A"},
    lambda world: criterion(world) | {"code": "Z9"},
    lambda world: world.foreign.url_kwargs() | {"code": "A1"},
]
NO_PAGE = {"unknown_letters": "4M"}
year = {"kwargs": of_the_year, "unknown": UNKNOWN_YEARS}
known = {"kwargs": thread, "unknown": UNKNOWN_THREADS}

#                                              anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:objection_raise": form(          "L Y Y 3 4 3 3 3 3 4", kwargs=line, unknown=UNKNOWN_LINES,
                                              unknown_letters="43"),
    "scoring:objection_list": page(           "L 3 3 3 4 Y Y Y Y 4", **year, **NO_PAGE),
    "scoring:objection_list_print": page(     "L 3 3 3 4 Y Y Y Y 4", **year, **NO_PAGE),
    "scoring:objection_detail": page(         "L Y Y 4 4 Y Y Y Y 4", **known, **NO_PAGE),
    "scoring:objection_answer": act(          "L Y Y 4 4 Y Y Y 3 4", data=an_answer, **known, **NO_PAGE),
    "scoring:objection_accept": form(         "L 3 3 4 4 Y Y Y 3 4", **known),
    "scoring:objection_keep": form(           "L 3 3 4 4 Y Y Y 3 4", **known),
    "scoring:objection_withdraw": form(       "L Y Y 4 4 3 3 3 3 4", **known),
    "scoring:reviewer_list": page(            "L 3 3 3 4 Y Y Y Y 4", **year, **NO_PAGE),
    "scoring:reviewer_list_print": page(      "L 3 3 3 4 Y Y Y Y 4", **year, **NO_PAGE),
    "scoring:reviewer_assign": act(           "L 3 3 3 4 3 3 Y 3 4", data=a_reviewer, **year, **NO_PAGE),
    "scoring:reviewer_remove": act(           "L 3 3 3 4 3 3 Y 3 4", data=the_request, **year, **NO_PAGE),
    "scoring:reviewer_by_rule": act(          "L 3 3 3 4 3 3 Y 3 4", **year, **NO_PAGE),
    "scoring:criterion_review_save": act(     "L 3 3 3 4 Y Y Y Y 4", kwargs=criterion, unknown=UNKNOWN_CRITERIA,
                                              **NO_PAGE),
}  # fmt: skip
