"""What the annual summary says: skeleton, figures, titles, editions. Every number of the text stands in an annex."""

import re
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import translation

from awards.models import Commendation
from cluster_app.documents.blocks import Heading, Orientation, RowKind, SignatureBlock
from members.enums import ClusterKind, Letterhead, NotAssignedRule, RankingBasis, Standing
from scoring.results import results
from scoring.year_end import figures as year_figures
from scoring.year_end.enums import Edition
from scoring.year_end.queries import texts_of
from scoring.year_end.sentences import WRITERS
from scoring.year_end.skeleton import KEYS, PARTS
from scoring.year_end.summary import build, compose, written_text
from tests.factories.awards import AwardFormFactory, CommendationFactory
from tests.factories.members import DelegationFactory, EmulationYearFactory, ResolutionFactory
from tests.scenarios import two_clusters
from tests.scoring.year_end_scenes import (
    DATED_ON,
    body_of,
    ended_world,
    report_of,
    reread,
    table_of,
    total_of,
    whole_text,
)

pytestmark = pytest.mark.django_db

NUMBER = re.compile(r"\d[\d./,]*\d|\d")
HEADINGS = [
    "I- ĐẶC ĐIỂM TÌNH HÌNH",
    "1. Thành viên, Cụm trưởng, Cụm phó",
    "2. Thuận lợi",
    "3. Khó khăn",
    "II- KẾT QUẢ THỰC HIỆN",
    "1. Công tác lãnh đạo, chỉ đạo, tổ chức hoạt động Cụm",
    "2. Thực hiện giao ước thi đua",
    "3. Kết quả các phong trào thi đua",
    "4. Công tác xây dựng Đảng, cơ quan, đoàn thể",
    "5. Công tác khen thưởng",
    "6. Phong trào phát huy sáng kiến",
    "7. Công tác tuyên truyền, kiểm tra; quản lý, sử dụng Quỹ thi đua, khen thưởng",
    "III- ĐÁNH GIÁ CHUNG",
    "1. Ưu điểm",
    "2. Hạn chế",
    "3. Nguyên nhân",
    "4. Bài học kinh nghiệm",
    "IV- KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT",
    "1. Kết quả chấm điểm",
    "2. Kết quả bỏ phiếu, suy tôn",
    "3. Đề nghị khen thưởng",
    "4. Bầu Cụm trưởng, Cụm phó năm 2022",
    "V- PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM 2022",
    "1. Mục tiêu, chỉ tiêu",
    "2. Nhiệm vụ, giải pháp",
    "3. Tổ chức thực hiện",
    "VI- KIẾN NGHỊ, ĐỀ XUẤT",
]


def official(world):
    return build(reread(world), Edition.OFFICIAL, number="03", dated_on=DATED_ON)


def headings_of(document):
    return [block.text for block in document.sections[0].blocks if isinstance(block, Heading)]


def cells_of(document):
    """Every number that an annex shows: in cells, group names and notes."""
    numbers = set()
    for number in ("1", "2", "2b", "3"):
        table = table_of(document, number)
        for text in (*(cell for row in table.rows for cell in row.cells), *table.notes):
            numbers |= set(NUMBER.findall(text))
    return numbers


def test_headings_are_the_skeleton_word_by_word():
    world = ended_world()

    assert headings_of(official(world)) == HEADINGS


def test_every_place_with_figures_has_its_writer():
    assert set(WRITERS) == {place.key for part in PARTS for place in part.places if place.has_figures}
    assert len(KEYS) == len(set(KEYS)) == 22


@pytest.mark.parametrize("key", ["II.3", "II.5", "IV.1"])
def test_every_number_of_the_sentences_stands_in_an_annex(key):
    world = ended_world(unit_count=5)
    figures = year_figures.of(reread(world))
    document = compose(figures, {}, Edition.OFFICIAL)
    place = next(place for part in PARTS for place in part.places if place.key == key)
    text = written_text(place, figures).replace("\u00a0", " ")
    text = re.sub(r"Phụ lục \w+|hạng \d+", "", text)

    numbers = set(NUMBER.findall(text))
    counts = {"5/5", "1/2"}  # units and campaigns: counted below from the rows themselves

    assert numbers - counts - cells_of(document) == set()
    assert len(numbers) >= 3


def test_counts_of_the_text_are_the_rows_of_the_annexes():
    world = ended_world(unit_count=5)
    document = official(world)
    report = report_of(document)

    campaigns = table_of(document, "3").rows
    groups = [row.cells[0] for row in campaigns if row.kind == RowKind.GROUP]
    assert "1 phong trào thi đua thường xuyên và 2 phong trào thi đua chuyên đề (Phụ lục 3)" in report
    assert groups == ["Phong trào thi đua chuyên đề: 2", "Phong trào thi đua thường xuyên: 1"]
    assert len(campaigns) == 2 + 2 + 1
    assert "đã tổng kết 1/2 phong trào" in report
    assert "1 phong trào do Cụm phát động và 1 phong trào do đơn vị thành viên phát động" in report
    assert "5/5 đơn vị có kết quả chấm điểm (đã được phê duyệt; Phụ lục 1)" in report
    assert len(body_of(table_of(document, "1"))) == len(body_of(table_of(document, "2b"))) == 5
    assert "gồm 3 nội dung, chỉ tiêu, 5/5 đơn vị thành viên đã ký ngày 20/02/2021" in report


def test_occasions_of_text_annexes_and_register_agree():
    world = ended_world()
    document = official(world)
    counted = Commendation.objects.filter(
        membership__year=world.year,
        status="awarded",
        confirmed_at__isnull=False,
        award_form__system="state",
        decision__decided_on__gte=date(2021, 1, 1),
    )
    register = dict(counted.order_by().values_list("recipient_kind").annotate(Sum("occasions")))
    found = re.search(r"toàn Cụm có (\d+) lượt tập thể, (\d+) lượt cá nhân", report_of(document)).groups()

    assert register == {"collective": 3, "individual": 20}
    assert found == ("3", "20")
    assert total_of(table_of(document, "2")) == ("TỔNG CỘNG", "3", "20", "23", "12", "11", "0")
    assert total_of(table_of(document, "2b")) == ("TỔNG CỘNG", "1", "0", "2", "4", "0", "16", "3", "20", "–", "–")
    assert [row.cells for row in table_of(document, "2").rows if row.kind == RowKind.SUBTOTAL] == [
        ("Cộng cấp Nhà nước", "1", "0", "1", "1", "0", "0"),
        ("Cộng cấp tỉnh", "2", "4", "6", "6", "0", "0"),
        ("Cộng cấp cơ quan", "0", "16", "16", "5", "11", "0"),
    ]


def test_each_level_of_the_text_is_the_subtotal_of_its_annex():
    report = report_of(official(ended_world()))

    assert "Cấp Nhà nước: 1 lượt tập thể, 0 lượt cá nhân;" in report
    assert "Cấp tỉnh: 2 lượt tập thể, 4 lượt cá nhân;" in report
    assert "Cấp cơ quan: 0 lượt tập thể, 16 lượt cá nhân." in report
    assert "Trong 20 lượt cá nhân có 9 lượt là người trực tiếp công tác, chiếm 45,00%." in report
    assert "Số liệu tính theo ngày quyết định từ 01/01/2021 đến 31/12/2021." in report


def test_points_of_the_annex_are_those_of_the_export_to_the_hundredth():
    world = ended_world(unit_count=5)
    units = {unit["name"]: unit for unit in results(reread(world))["units"]}
    columns = {"self": 2, "reviewed": 3, "base": 6, "bonus": 7, "penalty": 8, "total": 9}

    printed = body_of(table_of(official(world), "1"))

    assert [cells[1] for cells in printed] == list(units)
    for cells in printed:
        unit = units[cells[1]]
        shown = {key: cells[place].replace(",", ".") for key, place in columns.items()}
        assert shown == {key: unit[key] for key in columns}
        assert (cells[10], cells[11]) == (str(unit["rank"]), unit["band"])


def test_footer_of_the_points_is_sum_mean_best_and_least_and_the_text_quotes_it():
    world = ended_world(unit_count=5)
    document = official(world)
    table = table_of(document, "1")
    footer = {row.cells[0]: row.cells[8] for row in table.rows if row.kind == RowKind.TOTAL}
    totals = [float(cells[9].replace(",", ".")) for cells in body_of(table)]
    report = report_of(document)

    assert list(footer) == ["Cộng", "Bình quân", "Cao nhất", "Thấp nhất"]
    assert footer["Cộng"] == f"{sum(totals):.2f}".replace(".", ",")
    assert footer["Bình quân"] == f"{sum(totals) / 5:.2f}".replace(".", ",")
    assert f"Điểm bình quân {footer['Bình quân']} điểm" in report
    assert f"cao nhất {footer['Cao nhất']} điểm (Đơn vị A1)" in report
    assert f"thấp nhất {footer['Thấp nhất']} điểm (Đơn vị A5)" in report


def test_tie_shares_a_place_and_is_said_under_the_table():
    world = ended_world(unit_count=4)
    with translation.override("en"):
        table = table_of(official(world), "1")

    ranks = [cells[10] for cells in body_of(table)]
    assert ranks == ["1", "2", "2", "4"]
    assert [note.partition(":")[0] for note in table.notes[2:]] == ["Đơn vị A2", "Đơn vị A3"]


def test_document_of_an_english_reader_is_the_same():
    year = reread(ended_world())
    document = build(year)
    with translation.override("en"):
        assert build(reread_year(year)) == document


def reread_year(year):
    return type(year).objects.select_related("cluster", "rules").get(pk=year.pk)


def test_unit_that_is_not_ranked_keeps_its_points_and_leaves_the_footer():
    world = ended_world(unit_count=5)
    world.member.standing, world.member.standing_reason = Standing.DISQUALIFIED, "Không ký giao ước"
    world.member.save()
    document = official(world)
    table = table_of(document, "1")
    last = body_of(table)[-1]

    assert (last[1], last[10], last[11], last[12]) == ("Đơn vị A3", "–", "–", "Không xét")
    assert last[9] != "–"
    assert "4/4 đơn vị có kết quả chấm điểm" in report_of(document)
    assert "Đơn vị không xét xếp hạng: Đơn vị A3." in report_of(document)
    assert "Các dòng cộng, bình quân, cao nhất, thấp nhất không tính đơn vị không xét xếp hạng." in table.notes


def test_ranking_by_percent_shows_the_percentage():
    world = ended_world()
    world.year.rules.ranking_basis, world.year.rules.not_assigned = RankingBasis.PERCENT, NotAssignedRule.EXCLUDED
    world.year.rules.save()
    table = table_of(official(world), "1")

    assert "Tỷ lệ %" in [column.title for column in table.columns]


def test_titles_are_those_of_the_year_and_of_the_next_one():
    world = ended_world()
    world.year.deputy_title = "Phó trưởng cụm"
    world.year.save()
    EmulationYearFactory(
        cluster=world.cluster, year=2022, leader_title="Trưởng Cụm", deputy_title="Cụm phó", preparing=True
    )
    report = report_of(official(world))

    assert "Cụm A có 4 đơn vị thành viên, do Đơn vị A1 là Cụm trưởng, Đơn vị A2 là Phó trưởng cụm." in report
    assert "đã bầu Đơn vị A2 làm Trưởng Cụm, Đơn vị A3 làm Cụm phó năm 2022. Kết quả: 4/4 đơn vị tán thành." in report
    assert "4. Bầu Trưởng Cụm, Cụm phó năm 2022" in report


def test_resolutions_of_the_conference_are_quoted():
    report = report_of(official(ended_world()))

    assert (
        "Hội nghị tổng kết ngày 23/11/2021 đã bình xét, suy tôn Đơn vị A1 là đơn vị tiêu biểu năm 2021 (Phụ lục 5). "
        "Kết quả: 4/4 đơn vị tán thành."
    ) in report
    assert "Đề nghị tặng Cờ thi đua của UBND tỉnh." in report
    assert "Cụm đã tổ chức hội nghị tổng kết ngày 23/11/2021 tại Hội trường Tỉnh ủy." in report


def test_later_vote_replaces_an_earlier_one():
    world = ended_world()
    later = world.year.meetings.get()
    earlier = type(later).objects.create(year=world.year, kind="regular", held_on=date(2021, 11, 1), place="Phòng họp")
    ResolutionFactory(meeting=earlier, order=1, kind="leader", named=world.other, text="Dự kiến")

    assert "đã bầu Đơn vị A2 làm Cụm trưởng" in report_of(official(world))
    assert "Đơn vị A4 làm Cụm trưởng" not in report_of(official(world))


def test_votes_that_differ_are_each_named():
    world = ended_world()
    resolution = world.year.meetings.get().resolutions.get(kind="deputy")
    resolution.vote = "3/4 đơn vị tán thành"
    resolution.save()

    assert "Kết quả: Đơn vị A2: 4/4 đơn vị tán thành; Đơn vị A3: 3/4 đơn vị tán thành." in report_of(official(world))


def test_draft_before_the_conference_says_so_and_leaves_room_for_the_pen():
    world = two_clusters()
    document = build(reread(world))
    report = report_of(document)

    assert report.count("Theo kết quả hội nghị.") == 3
    assert report.count("(Nội dung sẽ được bổ sung, hoàn thiện tại hội nghị.)") == 6
    assert document.letterhead.dated_on is None
    assert document.letterhead.number_symbol.strip("\u00a0") == "-BC/CTĐ"
    assert document.watermarks == ("DỰ THẢO",)
    assert "(TẠM TÍNH)" in document.sections[1].annex.title
    assert "Năm 2021, Cụm chưa phát động phong trào thi đua." in report
    assert "Năm 2021, Cụm không ký giao ước thi đua." in report


def test_official_edition_has_no_gap_even_where_little_is_written():
    world = ended_world()
    document = official(world)
    report = report_of(document)

    assert "Theo kết quả hội nghị" not in report
    assert "(Nội dung sẽ được bổ sung" not in report
    assert "..." not in whole_text(document)
    following = [
        (block, after)
        for block, after in zip(document.sections[0].blocks, document.sections[0].blocks[1:], strict=False)
        if isinstance(block, Heading) and isinstance(after, Heading)
    ]
    assert [block.text[:2] for block, _after in following] == ["I-", "II", "II", "IV", "V-"]


def test_official_edition_without_elections_says_what_the_record_says():
    world = ended_world()
    world.year.meetings.get().resolutions.all().delete()
    report = report_of(official(world))

    assert "Hội nghị không có nghị quyết suy tôn đơn vị tiêu biểu năm 2021." in report
    assert "Hội nghị chưa bầu Cụm trưởng, Cụm phó năm 2022." in report


def test_illustrative_cluster_is_marked_on_every_edition():
    world = ended_world()
    world.cluster.is_illustrative = True
    world.cluster.save()

    assert build(reread(world)).watermarks == ("DỰ THẢO", "SỐ LIỆU MINH HỌA")
    assert official(world).watermarks == ("SỐ LIỆU MINH HỌA",)


@pytest.mark.parametrize(
    ("letterhead", "symbol", "heading", "annex", "reference", "closing"),
    [
        (Letterhead.PARTY, "03-BC/CTĐ", "I- ĐẶC ĐIỂM TÌNH HÌNH", "PHỤ LỤC 2b", "Phụ lục 2b", "của Cụm A."),
        (Letterhead.STATE, "03/BC-CTĐ", "I. ĐẶC ĐIỂM TÌNH HÌNH", "Phụ lục IIb", "Phụ lục IIb", "của Cụm A./."),
    ],
)
def test_letterhead_of_the_year_decides_the_form(letterhead, symbol, heading, annex, reference, closing):
    world = ended_world()
    world.year.letterhead = letterhead
    world.year.plan_number, world.year.plan_on = "02-KH/CTĐ", date(2021, 2, 10)
    world.year.save()
    document = official(world)

    assert document.letterhead.number_symbol == symbol
    assert headings_of(document)[0] == heading
    assert document.sections[3].annex.label == annex
    assert reference in report_of(document)
    assert closing in report_of(document)
    assert "Kế hoạch số 02-KH/CTĐ ngày 10/02/2021 về công tác thi đua, khen thưởng năm 2021" in report_of(document)
    assert [section.orientation for section in document.sections[1:]] == [
        Orientation.LANDSCAPE,
        Orientation.PORTRAIT,
        *[Orientation.LANDSCAPE] * 6,
    ]


def test_signature_names_offices_of_the_year_and_of_the_agency_and_the_recipients():
    world = ended_world()
    held = world.leader_signatory.assignments.get()
    held.office = "Hiệu trưởng"
    held.save()
    world.year.recipients = "Hội đồng Thi đua - Khen thưởng tỉnh\n- Các đơn vị thành viên;\nLưu Cụm"
    world.year.save()
    block = official(world).sections[0].blocks[-1]

    assert isinstance(block, SignatureBlock)
    assert block.right.authority == ("T/M CỤM THI ĐUA",)
    assert block.right.office == ("CỤM TRƯỞNG", "HIỆU TRƯỞNG", "ĐƠN VỊ A1")
    assert block.left.lines == ("- Hội đồng Thi đua - Khen thưởng tỉnh,", "- Các đơn vị thành viên,", "- Lưu Cụm.")


def test_delegate_signs_a_summary_of_these_days_and_of_no_other():
    world = ended_world()
    for user, name in ((world.leader_signatory, "Nguyễn Văn Trưởng"), (world.deputy_signatory, "Hoàng Văn Phó")):
        user.full_name = name
        user.save()
    DelegationFactory(
        principal=world.leader,
        delegate_unit=world.deputy,
        delegate=world.deputy_signatory,
        starts_on=DATED_ON,
        ends_on=DATED_ON,
    )

    within, after = (
        build(reread(world), Edition.OFFICIAL, number="03", dated_on=day).sections[0].blocks[-1].right
        for day in (DATED_ON, DATED_ON + timedelta(days=1))
    )

    assert within.office == ("KT. CỤM TRƯỞNG", "CỤM PHÓ", "ĐƠN VỊ A2")
    assert within.name == "Hoàng Văn Phó"
    assert after.office == ("CỤM TRƯỞNG", "ĐƠN VỊ A1")
    assert after.name == "Nguyễn Văn Trưởng"


def test_bloc_is_called_khoi_and_has_its_own_symbol():
    world = ended_world()
    world.cluster.kind, world.cluster.name = ClusterKind.BLOC, "Khối Thi đua các sở"
    world.cluster.save()
    document = official(world)

    assert document.letterhead.number_symbol == "03-BC/KTĐ"
    assert "Trong năm, toàn Khối có 3 lượt tập thể" in report_of(document)
    assert document.sections[0].blocks[-1].right.authority == ("T/M KHỐI THI ĐUA",)


def test_households_have_a_column_only_where_there_are_any():
    world = ended_world()
    form = AwardFormFactory(is_for_households=True)
    CommendationFactory(
        membership=world.leader, award_form=form, recipient_kind="household", occasions=7, confirmed=True
    )
    document = official(world)

    assert "3 lượt tập thể, 20 lượt cá nhân, 7 lượt hộ gia đình" in report_of(document)
    assert total_of(table_of(document, "2"))[:5] == ("TỔNG CỘNG", "3", "20", "7", "30")
    assert "Ngoài ra có 7 lượt hộ gia đình." in table_of(document, "2b").notes


def test_last_year_stands_beside_and_its_change_is_quoted():
    world = ended_world()
    before = EmulationYearFactory(cluster=world.cluster, year=2020, concluded=True)
    for membership in world.members:
        membership.pk, membership.year = None, before
        membership.save(force_insert=True)
    CommendationFactory(
        membership=before.memberships.order_by("pk")[0],
        award_form=AwardFormFactory(),
        occasions=20,
        confirmed=True,
        decision__decided_on=date(2020, 6, 1),
    )
    document = official(world)

    assert "So với năm 2020 (20 lượt), tổng số lượt tăng 15,00%." in report_of(document)
    assert total_of(table_of(document, "2b"))[-2:] == ("20", "+15,00%")
    assert body_of(table_of(document, "2b"))[0][-2:] == ("20", "-40,00%")


def test_typed_text_is_kept_as_paragraphs_and_tasks_become_a_list():
    world = ended_world()
    texts = texts_of(world.year) | {"V.2": "Việc một\n- Việc hai", "I.2": "Dòng một\n\nDòng hai"}
    document = compose(year_figures.of(reread(world)), texts, Edition.OFFICIAL)
    report = report_of(document).splitlines()

    assert report[report.index("2. Thuận lợi") :][1:3] == ["Dòng một", "Dòng hai"]
    place = report.index("2. Nhiệm vụ, giải pháp")
    assert report[place + 1 : place + 3] == ["Việc một", "Việc hai"]
