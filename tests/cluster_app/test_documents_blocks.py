import pytest

from cluster_app.documents.blocks import (
    Align,
    Chart,
    Column,
    ColumnKind,
    HeaderGroup,
    Heading,
    ListMarker,
    NumberedList,
    Row,
    RowKind,
    Series,
    Signature,
    SignatureGrid,
    Table,
    group_row,
    paragraphs,
)
from cluster_app.documents.heads import Head, head_rows

COLUMNS = (Column("TT", 1), Column("Đơn vị", 5), Column("Tổng điểm", 2, ColumnKind.NUMBER))


def _table(*rows, **options):
    return Table(caption="Bảng điểm", columns=COLUMNS, rows=rows, **options)


@pytest.mark.parametrize(
    "row",
    [
        Row(cells=("1", "Báo Lạng Sơn", "940,00")),
        Row(cells=("Cộng", "940,00"), kind=RowKind.TOTAL, span=2),
        group_row("I. Cấp tỉnh", COLUMNS),
    ],
)
def test_row_that_fills_the_columns_is_taken(row):
    assert _table(row).rows == (row,)


@pytest.mark.parametrize(
    "row",
    [
        Row(cells=("1", "Báo Lạng Sơn")),
        Row(cells=("1", "Báo Lạng Sơn", "940,00", "1")),
        Row(cells=("Cộng", "940,00", "1"), span=2),
        Row(cells=("Cộng",), span=4),
        Row(cells=(), span=4),
        Row(cells=("1", "Báo Lạng Sơn", "940,00", "1"), span=0),
    ],
)
def test_row_that_does_not_fill_the_columns_is_refused(row):
    with pytest.raises(ValueError, match="Row 1 does not fill the 3 columns"):
        _table(row)


def test_table_without_columns_is_refused():
    with pytest.raises(ValueError, match="A table has columns"):
        Table(caption="", columns=(), rows=())


def test_column_shares_are_percentages_of_all_widths():
    assert _table().shares == (12.5, 62.5, 25.0)


def test_column_of_numbers_stands_right_unless_it_says_otherwise():
    columns = (Column("Đơn vị", 1), Column("Điểm", 1, ColumnKind.NUMBER), Column("Hạng", 1, align=Align.CENTER))

    assert [column.alignment for column in columns] == [Align.LEFT, Align.RIGHT, Align.CENTER]


def test_head_groups_stand_over_their_columns():
    table = _table(header_groups=(HeaderGroup("", 1), HeaderGroup("Kết quả", 2)))

    assert head_rows(table) == [
        [Head("TT", rows=2), Head("Kết quả", columns=2)],
        [Head("Đơn vị"), Head("Tổng điểm")],
    ]


def test_head_without_groups_is_one_row():
    assert head_rows(_table()) == [[Head("TT"), Head("Đơn vị"), Head("Tổng điểm")]]


def test_head_groups_that_do_not_cover_the_columns_are_refused():
    with pytest.raises(ValueError, match="do not cover the 3 columns"):
        _table(header_groups=(HeaderGroup("Kết quả", 2),))


@pytest.mark.parametrize(
    ("marker", "markers"),
    [
        (ListMarker.DECIMAL, ["1.", "2.", "3.", "4.", "5."]),
        (ListMarker.LETTER, ["a)", "b)", "c)", "d)", "đ)"]),
        (ListMarker.DASH, ["-", "-", "-", "-", "-"]),
    ],
)
def test_list_markers_follow_vietnamese_order(marker, markers):
    numbered = NumberedList(items=("một", "hai", "ba", "bốn", "năm"), marker=marker)

    assert [text for text, _item in numbered.marked_items] == markers


def test_list_that_runs_out_of_letters_is_refused():
    with pytest.raises(ValueError, match="markers of this list run out"):
        NumberedList(items=("mục",) * 24, marker=ListMarker.LETTER)


@pytest.mark.parametrize("level", [0, 4])
def test_heading_of_an_unknown_level_is_refused(level):
    with pytest.raises(ValueError, match="level 1, 2 or 3"):
        Heading(level, "ĐẶC ĐIỂM TÌNH HÌNH")


def test_signature_room_and_grid_have_bounds():
    with pytest.raises(ValueError, match="1 to 6 lines"):
        Signature(space=7)
    with pytest.raises(ValueError, match="2 to 4 columns"):
        SignatureGrid(cells=(), columns=5)


def test_chart_that_shows_what_its_table_does_not_is_refused():
    table = _table(Row(cells=("1", "Báo Lạng Sơn", "940,00")))

    with pytest.raises(ValueError, match="what its table does not: 941,00"):
        Chart("Điểm", ("Báo Lạng Sơn",), (Series("Điểm", ("941.00",), ("941,00",)),), table)


def test_chart_series_of_another_length_is_refused():
    table = _table(Row(cells=("1", "Báo Lạng Sơn", "940,00")))

    with pytest.raises(ValueError, match="one value and one display per category"):
        Chart("Điểm", ("Báo Lạng Sơn",), (Series("Điểm", (), ()),), table)


def test_typed_text_becomes_one_paragraph_per_line():
    typed = paragraphs("Đoạn một. \r\n\r\n  Đoạn hai.\n")

    assert [part.runs[0].text for part in typed] == ["Đoạn một.", "Đoạn hai."]
