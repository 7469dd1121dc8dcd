"""Every number of the finished summary is recomputed from its list: one tampered number at a time is found."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_app.documents.blocks import (
    Chart,
    Column,
    ColumnKind,
    HeaderGroup,
    NumberedList,
    Paragraph,
    Row,
    RowKind,
    Run,
    Series,
    Table,
    group_row,
)
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused
from cluster_app.lib.points import average, format_points
from scoring.year_end import figures as year_figures
from scoring.year_end import reconciliation
from scoring.year_end.enums import Edition
from scoring.year_end.queries import texts_of
from scoring.year_end.recounting import Difference, differences, number_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry
from scoring.year_end.skeleton import ANNEX_NUMBERS
from scoring.year_end.summary import compose
from tests.factories.awards import AwardFormFactory, CommendationFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.year_end_scenes import DATED_ON, ended_world, report_of, reread

NUMBER = ColumnKind.NUMBER

steady = settings(derandomize=True, database=None, deadline=None)

# --- Tables alone ---


def table(rows, *titles, groups=(), notes=()):
    columns = (Column("TT", 1), Column("Tên", 4), *(Column(title, 1, NUMBER) for title in titles))
    return Table("Bảng", columns, tuple(rows), groups, notes)


def normal(place, *cells):
    return Row((str(place), f"Dòng {place}", *cells))


def total(label, *cells, kind=RowKind.TOTAL):
    return Row((label, *cells), kind, 2)


@steady
@given(st.lists(st.decimals("-999", "9999", places=2), min_size=1, max_size=8), st.integers(0, 3), st.booleans())
def test_sum_mean_best_and_least_of_any_column_are_recomputed(numbers, which, is_tampered):
    found = [sum(numbers, Decimal(0)), average(numbers), max(numbers), min(numbers)]
    said = list(found)
    said[which] += Decimal("0.01") if is_tampered else 0
    labels = ("Cộng", "Bình quân", "Cao nhất", "Thấp nhất")
    rows = [normal(place, format_points(number)) for place, number in enumerate(numbers, 1)]
    rows += [total(label, format_points(number)) for label, number in zip(labels, said, strict=True)]

    expected = [(labels[which], format_points(said[which]))] if is_tampered else []

    assert [(one.row, one.said) for one in differences(table(rows, "Điểm"))] == expected


@steady
@given(st.lists(st.lists(st.integers(0, 5000), max_size=4), min_size=1, max_size=4), st.data())
def test_subtotals_and_total_of_any_groups_are_recomputed(groups, data):
    columns = table((), "Lượt").columns
    rows = []
    for group in groups:
        rows.append(group_row("Nhóm", columns))
        rows += [normal(place, grouped(number)) for place, number in enumerate(group, 1)]
        rows.append(total("Cộng nhóm", grouped(sum(group)), kind=RowKind.SUBTOTAL))
    rows.append(total("TỔNG CỘNG", grouped(sum(map(sum, groups)))))
    assert differences(table(rows, "Lượt")) == []

    sums = [place for place, row in enumerate(rows) if row.kind in (RowKind.SUBTOTAL, RowKind.TOTAL)]
    wrong = data.draw(st.sampled_from(sums))
    right = rows[wrong].cells[1]
    rows[wrong] = replace(rows[wrong], cells=(rows[wrong].cells[0], "5.001.000"))

    assert differences(table(rows, "Lượt")) == [
        Difference(rows[wrong].cells[0], "Lượt", "5.001.000", right.replace(".", ""))
    ]


def grouped(number):
    return f"{number:,}".replace(",", ".")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", "1234"),
        ("947,50", "947.5"),
        ("-2,00", "-2"),
        ("+15,00%", "15"),
        ("0", "0"),
        ("–", None),
        ("", None),
        ("Đạt", None),
        ("12.34", None),
        ("9/9", None),
        ("20/02/2021", None),
    ],
)
def test_cell_is_read_as_it_is_printed(text, number):
    assert number_of(text) == (None if number is None else Decimal(number))


def test_group_that_tells_its_count_has_as_many_rows():
    columns = table((), "Lượt").columns
    rows = [group_row("Chuyên đề: 2", columns), normal(1, "1"), group_row("Đợt: 1", columns), normal(1, "2")]

    assert [(one.row, one.said, one.found) for one in differences(table(rows, "Lượt"))] == [("Chuyên đề: 2", "2", "1")]


def test_units_that_are_not_ranked_are_left_out_where_the_note_says_so():
    rows = [normal(1, "10,00"), Row(("2", "Không xét", "99,00")), total("Cộng", "10,00")]

    assert differences(table(rows, "Điểm", notes=("Các dòng cộng không tính đơn vị không xét xếp hạng.",))) == []
    assert [one.found for one in differences(table(rows, "Điểm"))] == ["109"]


def test_points_of_groups_reach_to_their_maximum_and_total_is_the_sum_of_groups():
    def points(label, most, one, other, kind=RowKind.GROUP):
        return Row((label, most, one, other), kind, 2)

    rows = [
        points("A. Chuẩn", "20,00", "15,00", "12,00"),
        points("A1. Con", "10,00", "9,00", "8,00"),
        normal(1, "10,00", "9,00", "8,00"),
        normal(2, "10,00", "6,00", "4,00"),
        points("B. Thưởng", "5,00", "5,00", "2,00"),
        normal(3, "4,00", "4,00", "2,00"),
        normal(4, "4,00", "3,00", "0,00"),
        points("C. Trừ", "-3,00", "0,00", "-3,00"),
        normal(5, "-9,00", "0,00", "-7,00"),
        points("TỔNG ĐIỂM", "–", "20,00", "11,00", RowKind.TOTAL),
        points("XẾP HẠNG", "–", "1", "2", RowKind.TOTAL),
    ]
    titles = ("Điểm tối đa", "A1", "A2")
    assert differences(table(rows, *titles)) == []

    for place, column in ((0, 2), (1, 3), (4, 2), (7, 3), (9, 2)):
        cells = list(rows[place].cells)
        cells[column] = "7,77"
        wrong = [*rows[:place], replace(rows[place], cells=tuple(cells)), *rows[place + 1 :]]
        assert (rows[place].cells[0], "7,77") in [(one.row, one.said) for one in differences(table(wrong, *titles))]


def test_figure_of_a_row_follows_from_the_others():
    groups = (HeaderGroup("", 2), HeaderGroup("Số lượt", 3))
    rows = [normal(1, "2", "3", "5"), normal(2, "1", "1", "3")]

    assert differences(table(rows, "Tập thể", "Cá nhân", "Cộng", groups=groups)) == [
        Difference("Dòng 2", "Cộng", "3", "2")
    ]


def test_change_from_last_year_is_recomputed():
    groups = (HeaderGroup("", 2), HeaderGroup("Cộng", 1), HeaderGroup("So với năm trước", 2))
    rows = [normal(1, "23", "20", "+15,00%"), normal(2, "19", "20", "+5,00%"), normal(3, "4", "–", "–")]

    assert differences(table(rows, "Cá nhân", "Năm 2020", "Tăng, giảm", groups=groups)) == [
        Difference("Dòng 2", "Tăng, giảm", "+5,00%", "-5%")
    ]


def test_kept_promises_are_counted_again():
    columns = (Column("TT", 1), Column("Nội dung", 4), Column("A1", 1), Column("A2", 1))
    rows = [
        Row(("1", "Một", "98,5 (đạt)", "Không đạt")),
        Row(("2", "Hai", "Đạt", "–")),
        Row(("3", "Ba", "Đạt; 3 (không đạt)", "Đạt")),
        Row(("Số nội dung đạt", "3/3", "1/2"), RowKind.TOTAL, 2),
    ]

    assert differences(Table("Bảng", columns, tuple(rows))) == [Difference("Số nội dung đạt", "A1", "3/3", "2/3")]


def test_value_for_the_spreadsheet_is_the_printed_one():
    rows = [
        Row(("1", "Một", "947,50"), values=("1", "", "947.50")),
        Row(("2", "Hai", "12,00"), values=("2", "", "13.00")),
        Row(("3", "Ba", "20/02/2021"), values=("3", "", "2021-02-21")),
        Row(("4", "Bốn", "98,5 (đạt)"), values=("4", "", "98.5")),
    ]

    assert [(one.row, one.said, one.found) for one in differences(table(rows, "Điểm"))] == [
        ("Hai", "12,00", "13.00"),
        ("Ba", "20/02/2021", "2021-02-21"),
    ]


def test_bar_of_a_chart_is_the_figure_beside_it():
    below = table([normal(1, "10,00"), normal(2, "8,00")], "Điểm")
    chart = Chart("Biểu đồ", ("Dòng 1", "Dòng 2"), (Series("Điểm", ("10.00", "9.00"), ("10,00", "8,00")),), below)

    assert differences(chart) == [Difference("Dòng 2", "Điểm", "8,00", "9")]


# --- The summary ---


def material(world):
    year = reread(world)
    figures, texts = year_figures.of(year), texts_of(year)
    return compose(figures, texts, Edition.OFFICIAL, number="03", dated_on=DATED_ON), figures, texts


def mismatches(document, figures, texts):
    with translation.override("en"):
        return reconciliation.mismatches(document, figures, texts)


@pytest.fixture(scope="module")
def summary(django_db_setup, django_db_blocker):
    """The finished paper of a year; built once, for every test changes a copy."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = material(ended_world(unit_count=6))
        transaction.set_rollback(True)
    return found


def with_cell(document, annex, row, column, text):
    """The document with one cell of an annex's first table changed."""
    place = ANNEX_NUMBERS.index(annex) + 1
    section = document.sections[place]
    sheet = section.blocks[0]
    cells = list(sheet.rows[row].cells)
    cells[column] = text
    rows = list(sheet.rows)
    rows[row] = replace(rows[row], cells=tuple(cells), values=())
    changed = replace(section, blocks=(replace(sheet, rows=tuple(rows)), *section.blocks[1:]))
    return replace(document, sections=(*document.sections[:place], changed, *document.sections[place + 1 :]))


def numeric_cells(document, annex):
    sheet = document.sections[ANNEX_NUMBERS.index(annex) + 1].blocks[0]
    numbers = {index for index, column in enumerate(sheet.columns) if column.kind == NUMBER}
    return [
        (place, column)
        for place, row in enumerate(sheet.rows)
        for column, cell in enumerate(row.cells)
        if column + row.span - 1 in numbers and number_of(cell) is not None and not row.cells[0].startswith("XẾP HẠNG")
    ]


def test_finished_summary_agrees_with_its_lists(summary):
    assert mismatches(*summary) == []


@pytest.mark.parametrize("annex", ["1", "2", "2b"])
def test_every_single_figure_of_the_annexes_of_points_and_awards_is_held(summary, annex):
    document, figures, texts = summary

    missed = [
        cell
        for cell in numeric_cells(document, annex)
        if not mismatches(with_cell(document, annex, *cell, "777"), figures, texts)
    ]

    assert len(numeric_cells(document, annex)) > 20
    assert missed == []


def test_mismatch_names_place_row_column_and_both_numbers(summary):
    document, figures, texts = summary
    place = next(at for at, row in enumerate(document.sections[2].blocks[0].rows) if row.kind == RowKind.SUBTOTAL)

    with translation.override("en"):
        found = [one.sentence for one in mismatches(with_cell(document, "2", place, 1, "99"), figures, texts)]

    assert found[0] == ("PHỤ LỤC 2, row “Cộng cấp Nhà nước”, column “Tập thể”: printed is 99, the rows give 1.")


def with_text(document, old, new):
    """The document with one number of its text changed, in paragraphs and lists."""
    section = document.sections[0]
    blocks, count = [], 0
    for block in section.blocks:
        changed = block
        if isinstance(block, Paragraph):
            text = "".join(run.text for run in block.runs)
            if old in text and not count:
                changed, count = replace(block, runs=(Run(text.replace(old, new, 1)),)), 1
        elif isinstance(block, NumberedList) and not count and any(old in item for item in block.items):
            changed, count = replace(block, items=tuple(item.replace(old, new, 1) for item in block.items)), 1
        blocks.append(changed)
    assert count == 1, old
    return replace(document, sections=(replace(section, blocks=tuple(blocks)), *document.sections[1:]))


@pytest.mark.parametrize(
    ("old", "new", "place", "said", "found"),
    [
        ("có 6 đơn vị thành viên", "có 5 đơn vị thành viên", "Section I.1", "5", "6"),
        ("gồm 3 nội dung", "gồm 4 nội dung", "Section II.2", "4", "3"),
        ("6/6 đơn vị thành viên", "771/6 đơn vị thành viên", "Section II.2", "771", ""),
        ("1 phong trào thi đua thường xuyên", "2 phong trào thi đua thường xuyên", "Section II.3", "2", "1"),
        ("đã tổng kết 1/2", "đã tổng kết 2/2", "Section II.3", "2/2", "1/2"),
        ("toàn Cụm có 3 lượt tập thể", "toàn Cụm có 4 lượt tập thể", "Section II.5", "4", "3"),
        ("Cấp tỉnh: 2 lượt tập thể, 4 ", "Cấp tỉnh: 2 lượt tập thể, 16 ", "Section II.5", "16", "4"),
        ("có 12 lượt khen thưởng", "có 11 lượt khen thưởng", "Section II.5", "11", "12"),
        ("chiếm 45,00%", "chiếm 54,00%", "Section II.5", "54,00%", "45,00%"),
        ("6/6 đơn vị có kết quả", "5/6 đơn vị có kết quả", "Section IV.1", "5/6", "6/6"),
        ("01/01/2021", "02/01/2021", "Section II.5", "02/01/2021", ""),
        ("168/QĐ", "169/QĐ", "Opening", "169", ""),
        ("Phụ lục\u00a03", "Phụ lục\u00a09", "Section II.3", "Phụ lục 9", ""),
    ],
)  # fmt: skip
def test_number_of_a_sentence_that_its_annex_does_not_give_is_found(summary, old, new, place, said, found):
    document, figures, texts = summary

    wrong = mismatches(with_text(document, old, new), figures, texts)

    assert [(one.where, one.said, one.found) for one in wrong] == [(place, said, found)]


def test_points_of_the_text_are_those_of_the_ranking(summary):
    document, figures, texts = summary
    total_points = figures.scores.total
    for points in (total_points.average, total_points.highest, total_points.lowest):
        text = f"{format_points(points)} điểm"
        wrong = mismatches(with_text(document, text, "1,23 điểm"), figures, texts)
        assert [one.said for one in wrong] == ["1,23"]


def test_number_typed_by_hand_is_no_claim_of_the_records(summary):
    document, figures, texts = summary
    typed = "Đã ban hành 777 văn bản."

    with_typed = replace(
        document,
        sections=(
            replace(document.sections[0], blocks=_after_heading(document, "1. Ưu điểm", typed)),
            *document.sections[1:],
        ),
    )

    assert mismatches(with_typed, figures, texts | {"III.1": typed}) == []
    assert [one.said for one in mismatches(with_typed, figures, texts)] == ["777"]


def _after_heading(document, heading, text):
    blocks = list(document.sections[0].blocks)
    place = next(at for at, block in enumerate(blocks) if getattr(block, "text", "") == heading)
    return (*blocks[: place + 1], Paragraph((Run(text),)), *blocks[place + 2 :])


@pytest.mark.django_db
def test_one_tampered_row_of_the_tally_is_found():
    world = ended_world()
    _document, figures, texts = material(world)
    part = figures.tally.levels[1]
    count = part.rows[0].breakdown.count
    row = replace(part.rows[0], breakdown=replace(part.rows[0].breakdown, count=replace(count, individual=5)))
    levels = (figures.tally.levels[0], replace(part, rows=(row, *part.rows[1:])), figures.tally.levels[2])
    wrong = replace(figures, tally=replace(figures.tally, levels=levels))

    found = mismatches(compose(wrong, texts, Edition.OFFICIAL), wrong, texts)

    assert ("Cộng cấp tỉnh", "Cá nhân", "4", "5") in [(one.row, one.column, one.said, one.found) for one in found]


@pytest.mark.django_db
def test_issue_is_refused_with_both_numbers_and_uses_up_nothing(monkeypatch):
    world = ended_world()
    true_compose = editions.compose

    def compose_wrongly(*args, **kwargs):
        return with_text(true_compose(*args, **kwargs), "toàn Cụm có 3 lượt", "toàn Cụm có 5 lượt")

    monkeypatch.setattr(editions, "compose", compose_wrongly)
    with translation.override("en"), pytest.raises(Refused) as caught:
        editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)

    assert caught.value.missing == ["Section II.5: the text says 5, the annexes give 3."]
    assert IssuedDocument.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("unit_count", [2, 9])
def test_recomputing_asks_the_database_nothing(django_assert_num_queries, unit_count):
    found = material(ended_world(unit_count=unit_count))

    with django_assert_num_queries(0):
        assert mismatches(*found) == []


@pytest.mark.django_db
@pytest.mark.parametrize("phase", ["preparing", "running", "reviewing"])
def test_draft_of_a_year_that_has_just_begun_agrees_too(phase):
    year = reread(two_clusters(phase=phase))
    figures = year_figures.of(year)

    assert mismatches(compose(figures, {}, Edition.DRAFT), figures, {}) == []


@pytest.mark.django_db
def test_year_with_every_rarity_agrees():
    """A disqualified unit, State letterhead, households, percent ranking, a later year, placeholders in a text."""
    world = ended_world(unit_count=5)
    rare(world)

    document, figures, texts = material(world)

    assert mismatches(document, figures, texts) == []
    assert "lượt hộ gia đình" in report_of(document)
    assert "0 lượt đột xuất, 3 lượt theo loại hình khác." in report_of(document)


def rare(world):
    world.member.standing, world.member.standing_reason = "disqualified", "Không ký giao ước"
    world.member.save()
    world.year.letterhead = "state"
    world.year.save()
    world.year.rules.ranking_basis = "percent"
    world.year.rules.save()
    world.year.pledges.get().signatures.filter(membership=world.other).delete()
    paragraphs.write(
        year=world.year,
        entries=[Entry("III.1", "{lượt cá nhân}; {điểm bình quân}; {lượt hộ gia đình}; 15 văn bản.\n- Gạch {năm}", 1)],
        by=world.secretariat,
        at=NOW,
    )
    CommendationFactory(
        membership=world.deputy, award_form=AwardFormFactory(province=True), recipient_kind="household",
        occasions=3, type="service", confirmed=True,
    )  # fmt: skip


@pytest.mark.django_db
def test_name_that_ends_like_another_is_not_taken_for_it():
    world = ended_world()
    for member, name in ((world.leader, "Văn phòng Ban Tổ chức"), (world.deputy, "Ban Tổ chức")):
        member.name = name
        member.save()

    assert mismatches(*material(world)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "pair"), [("hạng 1, ", "hạng 3, ", ("3", "1")), ("4 đơn vị Tốt", "9 đơn vị Tốt", ("9", "4"))]
)
def test_rank_and_band_of_the_text_are_those_of_the_rows(old, new, pair):
    world = ended_world()
    world.year.rules.bands = [{"name": "Tốt", "from": "0"}]
    world.year.rules.save()
    document, figures, texts = material(world)

    found = mismatches(with_text(document, old, new), figures, texts)

    assert [(one.said, one.found) for one in found] == [pair]
