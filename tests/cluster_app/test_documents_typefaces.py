import pytest

from cluster_app.documents.blocks import Column, ColumnKind, Row, RowKind, Table
from cluster_app.documents.measures import PARTY, STATE, Face
from cluster_app.documents.typefaces import SUBSTITUTE, printable, width
from cluster_app.documents.typesetting.tables import SMALLEST, table_data
from cluster_app.documents.typesetting.words import MAY_PART, balanced_lines_of, in_points, parted

BODY = Face(14, bold=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trường Chính trị Hoàng Văn Thụ", "Trường Chính trị Hoàng Văn Thụ"),
        ("Chi\u0301nh trị", "Chính trị"),
        ("hai\u200b từ\u00ad, \u202eđảo\u202c\ufeff", "hai từ, đảo"),
        ("a\tb\n c\u2028d", "a b c d"),
        ("\x00\x07\x7fchữ", "chữ"),
        ("Số\u00a0\u00a0\u00a012", "Số\u00a0\u00a0\u00a012"),
        ("👍 漢 \ue000", f"{SUBSTITUTE} {SUBSTITUTE} {SUBSTITUTE}"),
        ("❤\ufe0f", SUBSTITUTE),
        ("5 ≤ 6 ₫ – “x” …", "5 ≤ 6 ₫ – “x” …"),
    ],
)
def test_text_is_printable(text, shown):
    assert printable(text) == shown


def test_line_ends_stay_where_they_are_wanted():
    assert printable("Hiệu trưởng\r\nTrường  Chính trị", keeps_lines=True) == "Hiệu trưởng\nTrường Chính trị"


@pytest.mark.parametrize(
    ("text", "size", "bold", "millimetres"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, True, 95.7),
        ("ĐẢNG CỘNG SẢN VIỆT NAM", 15, True, 72.9),
        ("0000000000", 12, False, 21.2),
    ],
)
def test_width_is_that_of_times_new_roman(text, size, bold, millimetres):
    assert width(text, size=size, bold=bold) == pytest.approx(in_points(millimetres), abs=0.3)


@pytest.mark.parametrize("measures", [PARTY, STATE], ids=["party", "state"])
def test_national_title_fits_its_column_on_one_line(measures):
    titles = ("ĐẢNG CỘNG SẢN VIỆT NAM",) if measures is PARTY else ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",)
    room = in_points(165) * measures.letterhead_shares[1] / 100

    assert [width(title, size=measures.titles[0].size, bold=True) < room for title in titles] == [True]


def test_centred_lines_are_about_equally_long():
    text = "TRƯỜNG CHÍNH TRỊ HOÀNG VĂN THỤ"

    assert balanced_lines_of(text, in_points(80), BODY) == ["TRƯỜNG CHÍNH TRỊ", "HOÀNG VĂN THỤ"]
    assert balanced_lines_of(text, in_points(165), BODY) == [text]
    assert balanced_lines_of("Hiệu trưởng\nTrường", in_points(80), BODY) == ["Hiệu trưởng", "Trường"]


def test_word_is_parted_where_it_has_hyphens_and_elsewhere_only_if_it_must():
    assert parted("17-KH/UBKTTU", in_points(17), 10) == MAY_PART.join(("17-", "KH/", "UBKTTU"))
    assert parted("17-KH/UBKTTU", in_points(40), 10) == "17-KH/UBKTTU"
    assert parted("UBKTTUUBKTTU", in_points(5), 10) == MAY_PART.join("UBKTTUUBKTTU")


def _data(columns, rows, room=400.0):
    return table_data(Table("Bảng", columns, rows), face=Face(12, line=14.5), room=room, padding=3.4)


def test_columns_have_the_widths_asked_for_but_hold_their_longest_word():
    columns = (Column("TT", 1), Column("Tên", 8), Column("Điểm thưởng", 1, ColumnKind.NUMBER))

    data = _data(columns, (Row(("1", "Báo Lạng Sơn", "12.345,50")),))

    assert data["size"] == 12
    assert sum(data["widths"]) == pytest.approx(400)
    assert data["widths"][2] == pytest.approx(width("12.345,50", size=12, bold=True) + 6.8, abs=1)
    assert data["widths"][1] > 200


def test_type_gets_smaller_where_the_words_have_no_room_but_stays_readable():
    columns = tuple(Column(f"Chỉtiêu{number}", 1) for number in range(10))

    assert 6.5 < _data(columns, ())["size"] < 12
    assert _data(columns * 4, ())["size"] == SMALLEST


def test_rows_that_end_a_group_are_tied_to_the_row_before():
    columns = (Column("TT", 1), Column("Tên", 3))
    rows = (
        Row(("Nhóm",), RowKind.GROUP, span=2),
        Row(("1", "a")),
        Row(("2", "b")),
        Row(("Cộng",), RowKind.SUBTOTAL, span=2),
        Row(("Tổng",), RowKind.TOTAL, span=2),
    )

    assert _data(columns, rows)["ties"] == [1, 1, 3, 0, 0]
    assert _data(columns, rows[:3])["ties"] == []
