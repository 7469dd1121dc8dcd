"""The workbook of the annual summary, read back: real numbers and days, the same figures as on paper."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from cluster_app.documents import freezing
from cluster_app.documents.blocks import RowKind, Table
from cluster_app.documents.values import read, stored
from cluster_app.lib.errors import NotKnown, Refused
from scoring.ranking import ranking
from scoring.year_end import cells, workbook
from scoring.year_end import figures as year_figures
from scoring.year_end.enums import Edition
from scoring.year_end.printing import annexes_of
from scoring.year_end.summary import compose
from scoring.year_end.workbook import SHEET_NAMES, CellDiffers, look_of, write
from tests.scoring.annex_scenes import draft, official, promise, wide_year
from tests.scoring.year_end_scenes import ended_world, reread

pytestmark = pytest.mark.django_db

AT = datetime(2021, 11, 24, 2, tzinfo=UTC)
HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", '<r><t xml:space="preserve">x</t></r>', "{=1}"]


def sheets_of(document, **options):
    """What stands in every sheet, by its name, without empty rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(write(document, at=AT, **options)))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def tables_in(document):
    return {SHEET_NAMES[number]: section.blocks[0] for number, section in annexes_of(document).items()}


def expected(row):
    """The cells of a printed row as a sheet holds them: behind the first the other cells that it covers are empty."""
    made = [
        text if kept is None else float(kept) if isinstance(kept, Decimal) else kept
        for text, kept in zip(row.cells, map(read, row.values or [""] * len(row.cells)), strict=True)
    ]
    return [made[0], *[""] * (row.span - 1), *made[1:]]


def xml_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_every_annex_is_a_sheet_that_holds_what_is_printed():
    world = ended_world(unit_count=3)
    promise(world, 1, "A1", target="85")
    document = official(world)

    sheets = sheets_of(document)

    assert list(sheets) == list(SHEET_NAMES.values())
    for name, table in tables_in(document).items():
        rows = sheets[name]
        start = next(place for place, row in enumerate(rows) if row == expected(table.rows[0]))
        assert rows[start : start + len(table.rows)] == [expected(row) for row in table.rows]


def test_points_are_numbers_and_their_sums_those_of_the_ranking():
    world = ended_world(unit_count=9)
    document = official(world)

    rows = sheets_of(document)["PL1 Điểm"]

    units = {row[1]: row for row in rows if isinstance(row[10], float) and row[0] in [str(n) for n in range(1, 10)]}
    found = ranking(reread(world)).rows
    assert {name: Decimal(str(row[9])) for name, row in units.items()} == {
        unit.membership.name: unit.total for unit in found
    }
    [total] = [row for row in rows if row[0] == "Cộng"]
    assert Decimal(str(total[9])) == sum(unit.total for unit in found)


def test_days_are_days_and_results_numbers_with_their_words():
    world = ended_world(unit_count=2)
    promise(world, 1, "A1", target="85")
    campaign = world.year.campaigns.get(code="CD1")
    campaign.document_number, campaign.document_on = "05-KH/CTĐ", date(2021, 2, 10)
    campaign.save()
    document = official(world)

    sheets = sheets_of(document)

    [row] = [row for row in sheets["PL3 Phong trào thi đua"] if row[1] == "Chuyên đề một"]
    assert row[3:5] == ["05-KH/CTĐ", date(2021, 2, 10)]
    assert row[6] == campaign.starts_on
    [promised] = [row for row in sheets["PL4 Giao ước thi đua"] if row[0] == "1"]
    assert promised[3:] == [90.0, 80.0]
    styles = xml_of(write(document, at=AT), "xl/styles.xml")
    assert 'formatCode="#,##0&quot; (không đạt)&quot;"' in styles
    assert 'formatCode="#,##0.00"' in styles
    assert 'formatCode="dd/mm/yyyy"' in styles


def test_title_and_cut_off_stand_above_the_head_and_the_other_notes_below():
    document = official(ended_world(unit_count=3))
    [section] = [one for number, one in annexes_of(document).items() if number == "1"]
    [table] = section.blocks

    rows = sheets_of(document)["PL1 Điểm"]

    firsts = [row[0] for row in rows]
    assert firsts[0].startswith("PHỤ LỤC 1. BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM 2021")
    assert firsts[1] == section.annex.reference
    assert firsts[2] == table.notes[0]
    assert firsts[4] == "TT"
    assert firsts[-len(table.notes) + 1 :] == list(table.notes[1:])


def test_draft_is_marked_in_every_sheet():
    sheets = sheets_of(draft(ended_world()))

    assert {name for name, rows in sheets.items() if "DỰ THẢO" in [row[0] for row in rows]} == set(sheets)


def test_page_is_set_up_for_print():
    content = write(official(ended_world(unit_count=3)), at=AT)

    first, second = (xml_of(content, f"xl/worksheets/sheet{number}.xml") for number in (1, 2))
    names = xml_of(content, "xl/workbook.xml")

    assert 'paperSize="9" fitToHeight="0" orientation="landscape"' in first
    assert 'paperSize="9" fitToHeight="0" orientation="portrait"' in second
    assert 'fitToPage="1"' in first
    assert 'xSplit="2" ySplit="6"' in first
    assert names.count("_xlnm.Print_Area") == names.count("_xlnm.Print_Titles") == len(SHEET_NAMES)
    assert "'PL1 Điểm'!$5:$6" in names
    assert re.search(r'<cols><col min="1" max="1" width="[\d.]+"', first)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_users_is_never_a_formula(text):
    world = ended_world(unit_count=2)
    world.leader.name = text
    world.leader.short_name = text[:60]
    world.leader.save()
    world.year.campaigns.filter(code="CD1").update(title=text, results=text)
    world.year.pledges.get().items.filter(order=1).update(text=text)
    world.year.meetings.get().resolutions.filter(order=1).update(text=text, vote=text)
    document = official(world)

    content = write(document, at=AT)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert [page.count("<f>") for page in pages] == [0] * len(SHEET_NAMES)
    sheets = sheets_of(document)
    assert [name for name, rows in sheets.items() if any(text in row for row in rows)] == [
        "PL1 Điểm",
        "PL2b Khen thưởng theo đơn vị",
        "PL3 Phong trào thi đua",
        "PL4 Giao ước thi đua",
        "PL5 Bình xét",
        "PL6 Đề nghị khen thưởng",
        "PL7 Điểm theo tiêu chí",
    ]


def test_text_that_no_cell_can_hold_is_refused():
    world = ended_world(unit_count=2)
    world.year.campaigns.filter(code="CD1").update(results="x" * 32_768)

    with pytest.raises(Refused):
        write(official(world), at=AT)


def test_equal_documents_give_equal_bytes():
    document = official(ended_world(unit_count=2))

    assert write(document, at=AT) == write(document, at=AT)


def test_workbook_of_what_was_issued_needs_nothing_but_the_frozen_document():
    document = official(ended_world(unit_count=3))
    frozen = freezing.from_data(freezing.to_data(document))

    assert write(frozen, at=AT) == write(document, at=AT)


def test_only_one_annex_is_written_where_it_is_asked_for():
    document = official(ended_world(unit_count=2))

    assert list(sheets_of(document, only="7")) == ["PL7 Điểm theo tiêu chí"]
    with pytest.raises(NotKnown):
        write(document, at=AT, only="8")


def test_many_units_stand_side_by_side_in_one_table():
    year = wide_year(unit_count=20, leaf_count=10)
    document = compose(year_figures.of(year), {}, Edition.DRAFT)
    parts = annexes_of(document)["7"].blocks

    rows = sheets_of(document)["PL7 Điểm theo tiêu chí"]

    [head] = [row for row in rows if row[3] == parts[0].columns[3].title]
    assert head[3:] == [column.title for part in parts for column in part.columns[3:]]
    [totals] = [row for row in rows if row[0] == "TỔNG ĐIỂM"]
    assert totals[3:] == [round(10 * (5 + place / 100), 2) for place in reversed(range(20))]
    [group] = [row for row in rows if str(row[0]).startswith("N0.")]
    assert len(group[3:]) == 20
    assert 'paperSize="8"' in xml_of(write(document, at=AT, only="7"), "xl/worksheets/sheet1.xml")


def test_large_year_without_points_is_one_row():
    year = wide_year(unit_count=20, leaf_count=10)
    year.memberships.all().update(standing="good")
    figures = year_figures.of(year)
    bare = type(figures)(**{**vars(figures), "lines": type(figures.lines)(None)})

    rows = sheets_of(compose(bare, {}, Edition.DRAFT))["PL7 Điểm theo tiêu chí"]

    assert [row[0] for row in rows if row[0] == "Chưa có điểm thẩm định của đơn vị nào."] != []


# --- Texts and values ---


@pytest.mark.parametrize(
    ("text", "value", "look"),
    [
        ("947,50", "947.50", "#,##0.00"),
        ("-10,00", "-10.00", "#,##0.00"),
        ("1.234", "1234", "#,##0"),
        ("98,5 (đạt)", "98.5", '#,##0.0" (đạt)"'),
        ("90 (không đạt)", "90.00", '#,##0" (không đạt)"'),
        ("+15,00%", "15.00", '+#,##0.00"%";-#,##0.00"%";#,##0.00"%"'),
        ('3 "x"', "3", '#,##0" ”x”"'),
    ],
)
def test_format_shows_the_number_as_the_paper_does(text, value, look):
    assert look_of(text, Decimal(value)) == look


@pytest.mark.parametrize(("text", "value"), [("947,50", "947.51"), ("–", "1"), ("", "0"), ("1.234", "1.234")])
def test_text_that_shows_another_number_is_an_error(text, value):
    with pytest.raises(CellDiffers, match="does not show"):
        look_of(text, Decimal(value))


@pytest.mark.parametrize("value", [Decimal("947.50"), Decimal("-0.25"), 12, date(2020, 12, 30), None])
def test_value_is_kept_as_text_and_read_back(value):
    assert read(stored(value)) == value


def test_rows_keep_values_only_where_they_have_any():
    assert cells.row(("a", "b")).values == ()
    assert cells.row(("a", cells.points(Decimal("1.5")), cells.NONE)).values == ("", "1.5", "")


def test_every_cell_of_every_annex_shows_its_value():
    world = ended_world(unit_count=5)
    promise(world, 1, "A1", target="85")

    for table in tables_in(official(world)).values():
        assert isinstance(table, Table)
        for row in table.rows:
            workbook.written_row(row)
        assert table.rows[-1].kind in (RowKind.TOTAL, RowKind.NORMAL)
