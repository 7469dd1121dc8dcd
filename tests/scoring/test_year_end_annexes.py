"""The annexes of pledge, votes, proposals and criteria, each by an example worked by hand; cut-off dates, charts."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from awards.enums import RecipientKind, TargetDirection
from cluster_app.documents.blocks import Chart, Orientation, PaperSize, RowKind
from cluster_app.lib.errors import NotKnown
from members.enums import Standing
from scoring.models import Criterion, ScoreLine
from scoring.ranking import ranking
from scoring.year_end import figures as year_figures
from scoring.year_end.annexes.parting import parted, size_for
from scoring.year_end.enums import Edition
from scoring.year_end.printing import annex_alone, annexes_of
from scoring.year_end.skeleton import ANNEX_NUMBERS
from scoring.year_end.summary import compose
from tests.factories.awards import PledgeFactory, PledgeItemFactory
from tests.factories.members import ResolutionFactory
from tests.factories.scoring import ScorecardFactory, amend, unfrozen
from tests.scenarios import CANARY, two_clusters
from tests.scoring.annex_scenes import cells_of, commend, draft, official, promise, tables_of, wide_year
from tests.scoring.year_end_scenes import ended_world, reread

pytestmark = pytest.mark.django_db

APPROVED = "Điểm cuối đã được phê duyệt của 3/3 đơn vị, ngày 24/11/2021 (Cụm phó, Đơn vị A2: 1 đơn vị; Cụm trưởng, "
MINUTES = "Phiếu và kết luận ghi theo biên bản"


def decimal(text):
    return Decimal(text.replace(",", "."))


# --- 4: the pledge ---


def test_promises_show_what_the_criteria_say_that_are_measured_by_them():
    world = ended_world(unit_count=3)
    promise(world, 1, "A1", target="85")
    promise(world, 3, "B2", target="0", direction=TargetDirection.AT_MOST, measure="báo cáo", members=world.members[:2])

    rows = cells_of(official(world), "4")

    text = "Hoàn thành nhiệm vụ trong chương trình công tác năm"
    assert rows == [
        ("1", text, "từ 85% trở lên", "90 (đạt)", "80 (không đạt)", "80 (không đạt)"),
        ("2", text, "–", "–", "–", "–"),
        ("3", text, "không có", "1 (không đạt)", "1 (không đạt)", "–"),
        ("Số nội dung đạt trên số nội dung có kết quả", "–", "1/2", "0/2", "0/1"),
    ]


def test_note_names_the_promises_that_no_criterion_measures():
    world = ended_world(unit_count=3)
    promise(world, 2, "A1", target="85", members=world.members[:1])

    [table] = tables_of(official(world), "4")

    assert "Không tiêu chí chấm điểm nào lấy làm chỉ tiêu các nội dung số 1, 3;" in " ".join(table.notes)


def test_promise_that_is_kept_or_not_shows_no_number():
    world = ended_world(unit_count=2)
    promise(world, 1, "B1", target="1", direction=TargetDirection.YES)

    assert cells_of(official(world), "4")[0][2:] == ("–", "Đạt", "Đạt")


def test_promise_that_two_criteria_measure_is_kept_by_both():
    world = ended_world(unit_count=2)
    promise(world, 1, "A1", target="85")
    promise(world, 1, "A2", target="85", members=world.members[:1])

    rows = cells_of(official(world), "4")

    assert rows[0][3:] == ("90 (đạt); 2 (không đạt)", "80 (không đạt)")
    assert rows[-1][2:] == ("0/1", "0/1")


def test_criterion_that_is_not_assigned_to_a_unit_gives_no_result():
    world = ended_world(unit_count=2)
    promise(world, 1, "A1", target="85")
    with unfrozen():
        ScoreLine.objects.filter(scorecard__membership=world.leader, criterion__code="A1").update(
            is_assigned=False, not_assigned_reason="Không có nhiệm vụ"
        )

    assert cells_of(official(world), "4")[0][3:] == ("–", "80 (không đạt)")


def test_results_of_cards_that_are_not_reviewed_are_not_shown():
    world = two_clusters(unit_count=2)
    pledge = PledgeFactory(year=world.year)
    PledgeItemFactory(pledge=pledge, order=1)
    ScorecardFactory(membership=world.leader, reviewed=True)
    ScorecardFactory(membership=world.deputy, submitted=True)
    promise(world, 1, "A1", target="85")

    rows = cells_of(draft(world), "4")

    assert rows[0][3:] == ("87 (đạt)", "–")
    assert rows[-1][2:] == ("1/1", "0/0")


def test_year_without_a_pledge_says_so():
    [row] = cells_of(draft(two_clusters()), "4")

    assert row == ("Năm 2021, Cụm không ký giao ước thi đua.",)


# --- 5 and 6: votes and proposals ---


def test_votes_stand_as_recorded_with_points_and_rank():
    world = ended_world(unit_count=3)

    rows = cells_of(official(world), "5")

    assert rows == [
        (
            "1",
            "Đơn vị A1",
            "Đề nghị tặng Cờ thi đua của UBND tỉnh.",
            "78,00",
            "1",
            "4/4 đơn vị tán thành",
            "Hội nghị suy tôn ngày 23/11/2021",
        )
    ]


@pytest.mark.parametrize("number", ["5", "6"])
def test_draft_before_the_conference_leaves_votes_and_proposals_open(number):
    assert cells_of(draft(two_clusters()), number) == [("Theo kết quả hội nghị.",)]


@pytest.mark.parametrize("number", ["5", "6"])
def test_conference_that_named_nobody_is_said_to(number):
    world = ended_world()
    world.year.meetings.get().resolutions.filter(kind="exemplary_unit").delete()

    assert cells_of(official(world), number) == [("Hội nghị không có nghị quyết suy tôn đơn vị tiêu biểu năm 2021.",)]


def test_proposal_tells_what_the_unit_reached_and_was_given_before():
    world = ended_world(unit_count=3)
    leader = world.leader
    commend(leader, "Đơn vị A1", "12/QĐ-UBND", date(2021, 3, 1))
    commend(leader, "Cơ quan Đơn vị A1", "7/QĐ-UBND", date(2019, 3, 1), name="Cờ thi đua")
    # None of these was given to the unit itself, checked, awarded and in the last five years.
    commend(leader, "Phòng Tổng hợp", "13/QĐ-UBND", date(2021, 3, 2))
    commend(leader, "Đơn vị A1", "14/QĐ-UBND", date(2021, 3, 3), confirmed=False)
    commend(leader, "Đơn vị A1", "15/QĐ-UBND", date(2021, 3, 4), revoked=True)
    commend(leader, "Đơn vị A1", "16/QĐ-UBND", date(2016, 12, 31))
    commend(leader, "Đơn vị A1", "17/QĐ-UBND", date(2021, 3, 5), recipient_kind=RecipientKind.INDIVIDUAL)
    commend(world.deputy, "Đơn vị A1", "18/QĐ-UBND", date(2021, 3, 6))
    commend(world.foreign.leader, "Đơn vị A1", "19/QĐ-UBND", date(2021, 3, 7))

    rows = cells_of(official(world), "6")

    assert rows == [
        (
            "1",
            "Đơn vị A1",
            "Đề nghị tặng Cờ thi đua của UBND tỉnh.",
            "78,00 điểm; xếp hạng 1/3; xếp loại Trung bình",
            "Bằng khen (Quyết định số 12/QĐ-UBND, ngày 01/03/2021); "
            "Cờ thi đua (Quyết định số 7/QĐ-UBND, ngày 01/03/2019)",
            "Cụm trưởng",
        )
    ]


def test_unit_that_may_not_be_proposed_is_remarked():
    world = ended_world(unit_count=3)
    world.leader.standing, world.leader.standing_reason = Standing.DISQUALIFIED, "Vi phạm"
    world.leader.save()

    [row] = cells_of(official(world), "6")

    assert row[3] == "78,00 điểm"
    assert row[-1] == "Không xét"


def test_every_unit_that_was_voted_on_has_a_row():
    world = ended_world(unit_count=3)
    meeting = world.year.meetings.get()
    ResolutionFactory(meeting=meeting, order=9, kind="exemplary_unit", named=world.deputy, text="Bằng khen", vote="")

    assert [row[1:2] + row[5:6] for row in cells_of(official(world), "5")] == [
        ("Đơn vị A1", "4/4 đơn vị tán thành"),
        ("Đơn vị A2", "–"),
    ]
    assert [row[0] for row in cells_of(official(world), "6")] == ["1", "2"]


# --- 7: the matrix ---


def test_matrix_is_every_criterion_with_subtotals_and_the_total():
    world = ended_world(unit_count=3)

    rows = cells_of(official(world), "7")

    assert rows == [
        ("A. Nhiệm vụ chính trị", "70,00", "53,00", "50,00", "50,00"),
        ("A1", "Tỷ lệ nhiệm vụ hoàn thành", "30,00", "27,00", "24,00", "24,00"),
        ("A2", "Đề án được ban hành", "20,00", "10,00", "10,00", "10,00"),
        ("A3", "Chất lượng tham mưu", "20,00", "16,00", "16,00", "16,00"),
        ("B. Xây dựng cơ quan", "30,00", "25,00", "25,00", "25,00"),
        ("B1", "Cơ quan đạt chuẩn văn hóa", "10,00", "10,00", "10,00", "10,00"),
        ("B2", "Báo cáo đúng hạn", "20,00", "15,00", "15,00", "15,00"),
        ("E. Điểm thưởng", "15,00", "10,00", "10,00", "10,00"),
        ("E1", "Bằng khen", "15,00", "10,00", "10,00", "10,00"),
        ("F. Điểm trừ", "-40,00", "-10,00", "-10,00", "-10,00"),
        ("F1", "Bị phê bình", "–", "-10,00", "-10,00", "-10,00"),
        ("TỔNG ĐIỂM", "–", "78,00", "75,00", "75,00"),
        ("XẾP HẠNG", "–", "1", "2", "2"),
    ]


def test_matrix_adds_up_to_ranking_and_lines_for_every_unit():
    world = ended_world(unit_count=9)
    rows = cells_of(official(world), "7")
    totals = rows[-2][2:]

    for place, unit in enumerate(ranking(reread(world)).rows):
        lines = ScoreLine.objects.filter(scorecard=unit.card).order_by("criterion__order")
        leaves = [row for row in rows[:-2] if len(row) == 12]
        sections = [row for row in rows[:-2] if len(row) == 11]
        assert [decimal(row[3 + place]) for row in leaves] == [line.final_points for line in lines]
        assert sum(decimal(row[2 + place]) for row in sections) == decimal(totals[place]) == unit.total
        assert {row[0][0]: decimal(row[2 + place]) for row in sections} == dict(unit.sections)


def test_section_of_bonus_counts_up_to_its_cap_as_in_the_ranking():
    world = ended_world(unit_count=2)
    bonus = Criterion.objects.get(criteria_set__year=world.year, code="E")
    amend(bonus, max_points=Decimal(8))

    rows = {row[0]: row for row in cells_of(official(world), "7")}

    assert rows["E. Điểm thưởng"][1:] == ("8,00", "8,00", "8,00")
    assert rows["E1"][3:] == ("10,00", "10,00")
    assert ranking(reread(world)).rows[0].sections["E"] == Decimal(8)


def test_points_that_are_not_approved_yet_are_marked():
    world = two_clusters(unit_count=3)
    ScorecardFactory(membership=world.members[0], approved=True)
    ScorecardFactory(membership=world.members[1], reviewed=True)
    ScorecardFactory(membership=world.members[2], submitted=True)

    document = draft(world)
    [table] = tables_of(document, "7")
    points = [row.cells for row in table.rows if row.cells[0] == "A1"]

    assert [column.title for column in table.columns[3:]] == ["ĐV A1", "ĐV A2 (*)", "ĐV A3"]
    assert points == [("A1", "Tỷ lệ nhiệm vụ hoàn thành", "30,00", "26,10", "26,10", "–")]
    assert "(*): điểm tạm tính, chưa được phê duyệt." in table.notes
    assert annexes_of(document)["7"].annex.title.endswith("(TẠM TÍNH)")


def test_matrix_without_any_reviewed_card_says_so():
    world = two_clusters(unit_count=2)
    ScorecardFactory(membership=world.member, submitted=True)

    assert cells_of(draft(world), "7") == [("Chưa có điểm thẩm định của đơn vị nào.",)]


@pytest.mark.parametrize(
    ("unit_count", "size", "widths"),
    [
        (3, PaperSize.A4, [3]),
        (12, PaperSize.A4, [12]),
        (13, PaperSize.A3, [13]),
        (18, PaperSize.A3, [18]),
        (19, PaperSize.A3, [10, 9]),
        (30, PaperSize.A3, [15, 15]),
    ],
)
def test_units_stand_beside_each_other_as_far_as_the_paper_reaches(unit_count, size, widths):
    assert size_for(unit_count) == size
    assert [len(part) for part in parted(range(unit_count))] == widths


def test_matrix_of_many_units_is_a_large_sheet_with_a_repeated_head_and_all_units():
    year = wide_year(unit_count=30, leaf_count=20)

    document = compose(year_figures.of(year), {}, Edition.DRAFT)
    section = annexes_of(document)["7"]

    assert (section.size, section.orientation) == (PaperSize.A3, Orientation.LANDSCAPE)
    assert [len(table.columns) for table in section.blocks] == [18, 18]
    heads = [column.title for table in section.blocks for column in table.columns[3:]]
    assert len(set(heads)) == 30
    totals = [row.cells[2:] for table in section.blocks for row in table.rows if row.cells[0] == "TỔNG ĐIỂM"]
    assert [decimal(cell) for cells in totals for cell in cells] == [
        20 * (Decimal(5) + Decimal(place) / 100) for place in reversed(range(30))
    ]
    assert [bool(table.notes) for table in section.blocks] == [False, True]


@pytest.mark.parametrize(("unit_count", "leaf_count"), [(2, 10), (30, 80)])
def test_matrix_asks_the_database_as_often_for_thirty_units_and_eighty_criteria(
    django_assert_num_queries, unit_count, leaf_count
):
    year = wide_year(unit_count, leaf_count)

    with django_assert_num_queries(19):
        compose(year_figures.of(year), {}, Edition.DRAFT)


# --- Cut-off dates ---


def test_every_annex_says_first_until_when_its_figures_count():
    world = ended_world(unit_count=3)
    document = official(world)
    counted = "Số liệu tính theo ngày quyết định từ 01/01/2021 đến 31/12/2021."

    first = {number: tables_of(document, number)[-1].notes[0] for number in ANNEX_NUMBERS}

    scores = APPROVED + "Đơn vị A1: 2 đơn vị); kết quả công bố ngày 23/11/2021."
    assert {number: text for number, text in first.items() if number in ("1", "4", "7")} == dict.fromkeys("147", scores)
    assert {first[number] for number in ("2", "2b", "3")} == {counted}
    assert [first[number].startswith(MINUTES) for number in ("5", "6")] == [True, True]


def test_provisional_scores_say_whose_are_missing():
    world = two_clusters(unit_count=3)
    for membership in world.members[:2]:
        ScorecardFactory(membership=membership, approved=True)
    ScorecardFactory(membership=world.members[2], reviewed=True)

    [table] = tables_of(draft(world), "1")

    assert table.notes[0] == "Số liệu tạm tính: đã phê duyệt 2/3 đơn vị; chưa phê duyệt: Đơn vị A3."
    assert sum("tạm tính" in note for note in table.notes) == 1


# --- Annexes alone, charts, language ---


@pytest.mark.parametrize("number", ANNEX_NUMBERS)
def test_each_annex_can_be_printed_alone(number):
    document = official(ended_world())

    alone = annex_alone(document, number)

    [section] = alone.sections
    assert alone.title.startswith(f"PHỤ LỤC {number}: ")
    assert section.blocks[1:] == annexes_of(document)[number].blocks


def test_annex_that_an_older_edition_did_not_have_is_not_known():
    document = official(ended_world())
    older = type(document)(document.kind, document.title, document.letterhead, document.sections[:5])

    assert list(annexes_of(older)) == ["1", "2", "2b", "3"]
    with pytest.raises(NotKnown):
        annex_alone(older, "4")


def charts_of(document):
    return [block for block in document.sections[0].blocks if isinstance(block, Chart)]


def test_charts_show_the_figures_of_the_annexes():
    world = ended_world(unit_count=3)
    commendations, points = charts_of(official(world))

    assert points.categories == ("Đơn vị A1", "Đơn vị A2", "Đơn vị A3")
    assert [(series.name, series.values) for series in points.series] == [("Tổng điểm", ("78.00", "75.00", "75.00"))]
    assert [row.cells for row in points.table.rows] == [
        ("1", "Đơn vị A1", "78,00", "10,00", "-10,00", "78,00"),
        ("2", "Đơn vị A2", "75,00", "10,00", "-10,00", "75,00"),
        ("2", "Đơn vị A3", "75,00", "10,00", "-10,00", "75,00"),
    ]
    assert commendations.categories == ("Cấp Nhà nước", "Cấp tỉnh", "Cấp cơ quan")
    assert [(series.name, series.displays) for series in commendations.series] == [
        ("Tập thể", ("1", "2", "0")),
        ("Cá nhân", ("0", "4", "16")),
    ]
    assert commendations.table.rows[-1].cells == ("Tổng cộng", "3", "20", "23")


def test_year_without_figures_has_no_chart():
    assert charts_of(draft(two_clusters())) == []


def test_annexes_hold_nothing_of_another_cluster_and_are_vietnamese_for_every_reader():
    world = ended_world()
    with translation.override("en"):
        english = official(world)

    assert english == official(world)
    cells = [cell for number in ANNEX_NUMBERS for row in cells_of(english, number) for cell in row]
    assert [cell for cell in cells if CANARY in cell] == []


def test_subtotals_of_groups_are_shaded_rows():
    [table] = tables_of(official(ended_world()), "7")

    assert [row.cells[0][:2] for row in table.rows if row.kind == RowKind.GROUP] == ["A.", "B.", "E.", "F."]
