"""Where the PDF breaks its pages, and what it never parts."""

from dataclasses import replace

import pytest

from cluster_app.documents import pdf
from cluster_app.documents.blocks import (
    Align,
    Column,
    ColumnKind,
    Document,
    HeaderGroup,
    Heading,
    Orientation,
    PageBreak,
    PaperSize,
    Row,
    RowKind,
    Section,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
    paragraph,
)
from tests.cluster_app import read_pdfs

COLUMNS = (Column("TT", 1, align=Align.CENTER), Column("Đơn vị", 6), Column("Điểm", 2, ColumnKind.NUMBER))
# Enough to move whatever follows over the end of the first page, line by line.
FILLED_LINES = range(18, 34)


def _document(*blocks, **section):
    return Document("pledge", "Giao ước", None, (Section(blocks=blocks, **section),))


def _filled(lines):
    return tuple(paragraph(f"Dòng {number}.") for number in range(lines))


def _rows(count):
    return tuple(Row((str(number), f"Đơn vị số {number}", "940,00")) for number in range(1, count + 1))


def _pages(document):
    return [" ".join(page.split()) for page in read_pdfs.page_texts(pdf.render(document))]


def _page_of(pages, text):
    return next(number for number, page in enumerate(pages) if text in page)


@pytest.mark.parametrize("lines", FILLED_LINES)
def test_signature_stays_with_the_last_paragraph(lines):
    signature = SignatureBlock(Signature(authority=("T/M CỤM THI ĐUA",), name="Nguyễn Văn A"))

    pages = _pages(_document(*_filled(lines), paragraph("Đoạn cuối cùng của báo cáo."), signature))

    assert _page_of(pages, "Đoạn cuối cùng") == _page_of(pages, "T/M CỤM") == _page_of(pages, "Nguyễn Văn A")


@pytest.mark.parametrize("lines", FILLED_LINES)
def test_signature_and_foot_stay_with_the_last_row_of_a_table(lines):
    signature = SignatureBlock(Signature(authority=("T/M CỤM THI ĐUA",), name="Nguyễn Văn A"))
    document = replace(
        _document(*_filled(lines - 12), Table("Bảng", COLUMNS, _rows(12)), signature), footer_note="Mã văn bản: 1"
    )

    pages = _pages(document)

    assert _page_of(pages, "Đơn vị số 12") == _page_of(pages, "T/M CỤM") == _page_of(pages, "Mã văn bản")


@pytest.mark.parametrize("lines", FILLED_LINES)
def test_signature_grid_stays_whole_with_the_text_before_it(lines):
    names = [f"Người ký {letter}" for letter in "ABCDEF"]
    grid = SignatureGrid(tuple(Signature(authority=("ĐẠI DIỆN",), name=name) for name in names))

    pages = _pages(_document(*_filled(lines), paragraph("Các đơn vị cam kết."), grid))

    assert {_page_of(pages, name) for name in names} == {_page_of(pages, "Các đơn vị cam kết")}


def test_grid_of_many_signatures_is_broken_between_its_rows_only():
    cells = tuple(Signature(authority=(f"ĐƠN VỊ {number:02d}",), name=f"Người ký {number:02d}") for number in range(60))

    pages = _pages(_document(paragraph("Các đơn vị cam kết."), SignatureGrid(cells)))

    assert len(pages) > 2
    for number in range(60):
        assert _page_of(pages, f"ĐƠN VỊ {number:02d}") == _page_of(pages, f"Người ký {number:02d}")


@pytest.mark.parametrize("lines", FILLED_LINES)
def test_heading_never_ends_a_page(lines):
    blocks = (Heading(1, "I- MỤC LỚN"), Heading(2, "1. Mục nhỏ"), paragraph("Nội dung của mục nhỏ."))

    pages = _pages(_document(*_filled(lines), *blocks))

    assert _page_of(pages, "MỤC LỚN") == _page_of(pages, "Mục nhỏ") == _page_of(pages, "Nội dung của mục")


@pytest.mark.parametrize("lines", FILLED_LINES)
def test_groups_stay_with_their_first_row_and_sums_with_the_row_before(lines):
    rows = (
        Row(("A. Nhóm lớn",), RowKind.GROUP, span=3),
        Row(("A1. Nhóm nhỏ",), RowKind.GROUP, span=3),
        Row(("1", "Đơn vị đầu", "1,00")),
        Row(("2", "Đơn vị cuối", "2,00")),
        Row(("Cộng nhóm", "3,00"), RowKind.SUBTOTAL, span=2),
        Row(("Tổng cộng", "3,00"), RowKind.TOTAL, span=2),
    )

    pages = _pages(_document(*_filled(lines), Table("Bảng điểm", COLUMNS, rows, notes=("Ghi chú của bảng.",))))

    assert _page_of(pages, "Nhóm lớn") == _page_of(pages, "Nhóm nhỏ") == _page_of(pages, "Đơn vị đầu")
    assert _page_of(pages, "Đơn vị cuối") == _page_of(pages, "Cộng nhóm") == _page_of(pages, "Ghi chú của bảng")
    assert _page_of(pages, "Tổng cộng") == _page_of(pages, "Cộng nhóm")
    assert _page_of(pages, "Bảng điểm") == _page_of(pages, "Đơn vị đầu")


def test_head_of_a_table_stands_on_each_of_its_pages():
    groups = (HeaderGroup("", 1), HeaderGroup("Đơn vị và điểm", 2))

    pages = _pages(_document(Table("Bảng", COLUMNS, _rows(120), header_groups=groups)))

    assert len(pages) > 2
    assert [page.count("Đơn vị và điểm") for page in pages] == [1] * len(pages)


def test_row_is_never_broken():
    long_cell = "Một dòng chữ dài trong ô của bảng để ô có nhiều dòng. " * 8
    rows = tuple(Row((str(number), f"{long_cell}Hết ô {number:02d}.", "1,00")) for number in range(20))

    pages = _pages(_document(Table("Bảng", COLUMNS, rows)))

    assert len(pages) > 2
    assert [page.count("Một dòng chữ dài") / page.count("Hết ô") for page in pages] == [8.0] * len(pages)


def test_table_of_too_many_columns_gets_smaller_type_and_keeps_its_words():
    columns = tuple(Column(f"Chỉ_tiêu_{number}", 1, ColumnKind.NUMBER) for number in range(11))
    document = _document(Table("Bảng", columns, (Row(cells=("12.345,50",) * 11),)))

    content = pdf.render(document)

    assert read_pdfs.words(content).count("12.345,50") == 11
    assert read_pdfs.words_on_the_sheets(content) == read_pdfs.words(content)


def test_table_of_group_names_alone_is_printed():
    table = Table("Bảng", COLUMNS, (Row(("Chưa có kết quả.",), RowKind.GROUP, span=3),))

    assert "Chưa có kết quả." in _pages(_document(table))[0]


def test_page_break_begins_a_page_and_none_is_empty():
    pages = _pages(_document(PageBreak(), paragraph("Trang một."), PageBreak(), paragraph("Trang hai."), PageBreak()))

    assert pages == ["Giao ước Trang một.", "2 Trang hai."]


@pytest.mark.parametrize(
    ("orientation", "size", "sheet"),
    [
        (Orientation.PORTRAIT, PaperSize.A4, (210, 297)),
        (Orientation.LANDSCAPE, PaperSize.A4, (297, 210)),
        (Orientation.PORTRAIT, PaperSize.A3, (297, 420)),
        (Orientation.LANDSCAPE, PaperSize.A3, (420, 297)),
    ],
)
def test_section_has_its_own_sheet(orientation, size, sheet):
    assert read_pdfs.sheets(pdf.render(_document(paragraph("Đoạn."), orientation=orientation, size=size))) == [sheet]


def test_long_list_is_printed_in_part_and_says_where_all_of_it_is():
    document = _document(Table("Danh sách", COLUMNS, _rows(pdf.LONGEST_TABLE + 1), notes=("Ghi chú.",)))

    table = pdf.shortened(document).sections[0].blocks[0]

    assert len(table.rows) == 2000
    assert table.notes == (
        "Ghi chú.",
        "Bản in có 2.000 dòng đầu trong tổng số 2.001 dòng; danh sách đầy đủ có trong tệp Excel (.xlsx).",
    )


def test_list_that_is_just_short_enough_is_printed_as_it_is():
    document = _document(Table("Danh sách", COLUMNS, _rows(pdf.LONGEST_TABLE)))

    assert pdf.shortened(document) == document
