"""A year at its end, in a world of two clusters: every card approved, results published, the conference held."""

from datetime import UTC, date, datetime

from awards.enums import CampaignKind, CampaignOrigin, CommendationType, PledgeStatus, RecipientKind
from cluster_app.documents.blocks import Paragraph, RowKind, Table
from cluster_app.documents.text import text_of
from members.enums import Phase, ResolutionKind
from members.models import EmulationYear
from scoring.models import SummaryParagraph
from scoring.year_end.skeleton import ANNEX_NUMBERS, places
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    PledgeFactory,
    PledgeItemFactory,
    PledgeSignatureFactory,
)
from tests.factories.members import MeetingFactory, ResolutionFactory
from tests.factories.scoring import PublicationFactory, ScorecardFactory
from tests.scenarios import CANARY, TwoClusters, World, two_clusters

PUBLISHED_AT = datetime(2021, 11, 23, 8, tzinfo=UTC)
HELD_ON = date(2021, 11, 23)
DATED_ON = date(2021, 11, 24)
# Reviewed points of A1 by place in the roster: the second and the third unit end with the same total.
A1 = [("90", "27"), ("80", "24"), ("80", "24"), ("70", "21"), ("60", "18"), ("50", "15"), ("40", "12"), ("30", "9"),
      ("20", "6")]  # fmt: skip


def ended_world(unit_count: int = 4, *, published: bool = True) -> TwoClusters:
    """Both clusters have come to the end of 2021; every text of the foreign one holds the canary."""
    world = two_clusters(unit_count, phase=Phase.CONFERENCE)
    for place, mark in ((world, ""), (world.foreign, f"{CANARY} ")):
        _found(place)
        _score(place)
        _promise(place, mark)
        _award(place, mark)
        _confer(place, mark)
        write_required(place, mark)
        if published:
            publish(place)
    return world


def publish(world: World) -> None:
    PublicationFactory(year=world.year, published_at=PUBLISHED_AT)
    world.year.published_at = PUBLISHED_AT
    world.year.save()


def reread(world: World) -> EmulationYear:
    """The year as the next request would load it."""
    return EmulationYear.objects.select_related("cluster", "rules").get(pk=world.year.pk)


def write_required(world: World, mark: str = "") -> None:
    for place in places():
        if place.is_required:
            SummaryParagraph.objects.create(
                year=world.year,
                key=place.key,
                text=f"{mark}Nội dung mục {place.key}.",
                updated_by=world.secretariat,
                updated_at=PUBLISHED_AT,
            )


def _found(world: World) -> None:
    world.cluster.founding_number, world.cluster.founded_on = "168/QĐ-UBND", date(2018, 1, 26)
    world.cluster.save()


def _score(world: World) -> None:
    for membership, values in zip(world.members, A1, strict=False):
        ScorecardFactory(membership=membership, approved=True, reviewed_values={"A1": values})


def _promise(world: World, mark: str) -> None:
    pledge = PledgeFactory(year=world.year, status=PledgeStatus.SIGNED, signed_on=date(2021, 2, 20))
    for order in (1, 2, 3):
        PledgeItemFactory(pledge=pledge, order=order)
    for membership in world.members:
        PledgeSignatureFactory(pledge=pledge, membership=membership)
    CampaignFactory(year=world.year, code="TX", kind=CampaignKind.REGULAR, launched=True, title=f"{mark}Thường xuyên")
    CampaignFactory(year=world.year, code="CD1", concluded=True, title=f"{mark}Chuyên đề một")
    CampaignFactory(
        year=world.year,
        code="CD2",
        launched=True,
        origin=CampaignOrigin.UNIT,
        membership=world.leader,
        title=f"{mark}Chuyên đề hai",
    )
    CampaignFactory(year=world.year, code="CD3", title=f"{mark}Chưa phát động")


def _award(world: World, mark: str) -> None:
    state = AwardFormFactory(state=True, name=f"{mark}Huân chương")
    province = AwardFormFactory(province=True, name=f"{mark}Bằng khen tỉnh")
    agency = AwardFormFactory(name=f"{mark}Giấy khen")
    person = {"recipient_kind": RecipientKind.INDIVIDUAL, "confirmed": True}
    group = {"recipient_kind": RecipientKind.COLLECTIVE, "confirmed": True}
    CommendationFactory(membership=world.leader, award_form=state, occasions=1, **group)
    CommendationFactory(membership=world.deputy, award_form=province, occasions=4, is_direct_worker=True, **person)
    CommendationFactory(membership=world.deputy, award_form=province, occasions=2, **group)
    CommendationFactory(
        membership=world.leader,
        award_form=agency,
        occasions=11,
        type=CommendationType.THEMATIC,
        campaign=world.year.campaigns.get(code="CD1"),
        is_direct_worker=False,
        **person,
    )
    CommendationFactory(membership=world.deputy, award_form=agency, occasions=5, is_direct_worker=True, **person)
    # None of these counts: not confirmed, revoked, before the period, of the Party.
    CommendationFactory(membership=world.leader, award_form=agency, occasions=100)
    CommendationFactory(membership=world.leader, award_form=agency, occasions=200, revoked=True, confirmed=True)
    CommendationFactory(
        membership=world.leader, award_form=agency, occasions=400, decision__decided_on=date(2020, 12, 31), **person
    )
    CommendationFactory(membership=world.leader, award_form=AwardFormFactory(party=True), occasions=3, **person)


def _confer(world: World, mark: str) -> None:
    meeting = MeetingFactory(year=world.year, held_on=HELD_ON, place=f"{mark}Hội trường Tỉnh ủy")
    for order, (kind, named, text) in enumerate(
        (
            (ResolutionKind.EXEMPLARY_UNIT, world.leader, f"{mark}Đề nghị tặng Cờ thi đua của UBND tỉnh."),
            (ResolutionKind.LEADER, world.deputy, "Bầu"),
            (ResolutionKind.DEPUTY, world.member, "Bầu"),
        ),
        start=1,
    ):
        ResolutionFactory(meeting=meeting, order=order, kind=kind, named=named, text=text, vote="4/4 đơn vị tán thành")


# --- Reading the paper ---


def table_of(document, number: str) -> Table:
    """The table of an annex by its number."""
    sections = [section for section in document.sections if section.annex]
    return sections[ANNEX_NUMBERS.index(number)].blocks[0]


def body_of(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows if row.kind == RowKind.NORMAL]


def total_of(table: Table) -> tuple[str, ...]:
    """The cells of the last row."""
    return table.rows[-1].cells


def report_of(document) -> str:
    """The text of the report without head and annexes, its no-break spaces as plain ones."""
    blocks = document.sections[0].blocks
    lines = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines.append("".join(run.text for run in block.runs))
        elif hasattr(block, "items"):
            lines += block.items
        elif hasattr(block, "text"):
            lines.append(block.text)
    return "\n".join(lines).replace("\u00a0", " ")


def whole_text(document) -> str:
    return "\n".join(text_of(document)).replace("\u00a0", " ")
