"""Tables of several head rows in a workbook: spans, numbers of their own look, paper."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from cluster_app.lib.spreadsheets import A3, Column, HeadCell, Number, Workbook

AT = datetime(2021, 11, 24, 2, tzinfo=UTC)
HEADS = [
    [HeadCell("TT", rows=2), HeadCell("Điểm", columns=2), HeadCell("Ghi chú", rows=2)],
    [HeadCell("Chuẩn"), HeadCell("Thưởng")],
]
COLUMNS = (Column(5, align="center"), Column(10), Column(10), Column(20))


def drawn(**options):
    book = Workbook(title="Bảng", created_at=AT)
    return book, book.sheet("Bảng", COLUMNS, **options)


def rows_of(book):
    found = CalamineWorkbook.from_filelike(io.BytesIO(book.content()))
    return found.get_sheet_by_index(0).to_python(skip_empty_area=False)


def xml_of(book, name="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(io.BytesIO(book.content())) as archive:
        return archive.read(name).decode()


def test_heads_over_several_columns_and_rows_stand_where_they_belong():
    book, sheet = drawn()

    last = sheet.heads(HEADS)

    assert last == 2
    assert rows_of(book) == [["TT", "Điểm", "", "Ghi chú"], ["", "Chuẩn", "Thưởng", ""]]


def test_heads_are_merged_frozen_and_repeated():
    book, sheet = drawn()
    sheet.wide("Bảng điểm", bold=True)
    sheet.heads(HEADS, frozen_columns=2)

    content = book.content()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        page, names = (archive.read(name).decode() for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml"))

    assert set(re.findall(r'mergeCell ref="([A-D:0-9]+)"', page)) == {"A1:D1", "A2:A3", "B2:C2", "D2:D3"}
    assert 'xSplit="2" ySplit="3"' in page
    assert "Bảng!$2:$3" in names


def test_second_head_is_an_error():
    _book, sheet = drawn()
    sheet.heads(HEADS)

    with pytest.raises(ValueError, match="one head"):
        sheet.head(["TT"])


def test_first_value_of_a_row_may_cover_columns():
    book, sheet = drawn()
    sheet.heads(HEADS)
    sheet.row(["Nhóm A", Number(Decimal("1.50"), "0.00"), "x"], span=2, is_shaded=True)
    sheet.row(["=1+1"], span=4)

    assert rows_of(book)[2:] == [["Nhóm A", "", 1.5, "x"], ["=1+1", "", "", ""]]


def test_number_keeps_its_digits_and_its_look():
    book, sheet = drawn()
    sheet.heads(HEADS)
    sheet.row([Number(Decimal("12345678.91"), '#,##0.00" (đạt)"'), "", "", ""])

    with zipfile.ZipFile(io.BytesIO(book.content())) as archive:
        page, styles = (archive.read(name).decode() for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml"))

    assert "<v>12345678.91</v>" in page
    assert 'formatCode="#,##0.00&quot; (đạt)&quot;"' in styles


def test_number_beyond_the_digits_of_excel_is_an_error():
    _book, sheet = drawn()
    sheet.heads(HEADS)

    with pytest.raises(ValueError, match="15 digits"):
        sheet.row([Number(Decimal("1234567890123456.1"), "0.0")])


def test_wide_text_is_as_high_as_its_lines():
    book, sheet = drawn()
    sheet.wide("x" * 100, size=11)  # 45 characters a line

    [height] = re.findall(r' ht="([\d.]+)"', xml_of(book))
    assert 45 < float(height) < 48


@pytest.mark.parametrize(
    ("options", "setup"),
    [
        ({}, 'paperSize="9" fitToHeight="0" orientation="landscape"'),
        ({"paper": A3}, 'paperSize="8" fitToHeight="0" orientation="landscape"'),
        ({"is_portrait": True}, 'paperSize="9" fitToHeight="0" orientation="portrait"'),
    ],
)
def test_sheet_is_printed_on_the_paper_asked_for(options, setup):
    book, sheet = drawn(**options)
    sheet.wide("x")

    assert setup in xml_of(book)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "<r><t>x</t></r>"])
def test_merged_text_is_never_a_formula(text):
    book, sheet = drawn()
    sheet.wide(text)
    sheet.heads([[HeadCell(text, columns=4)]])
    sheet.row([text], span=4)

    content = book.content()

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()
    found = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert [row[0] for row in found.to_python(skip_empty_area=False)] == [text, text, text]
