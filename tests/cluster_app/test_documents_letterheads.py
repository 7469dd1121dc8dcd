from datetime import date

import pytest

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import Letterhead, LetterheadKind

PARTY, STATE = LetterheadKind.PARTY, LetterheadKind.STATE


def _letterhead(kind, **values):
    return Letterhead(
        **{
            "kind": kind,
            "superior": "TỈNH ỦY LẠNG SƠN",
            "issuer": "CỤM THI ĐUA",
            "number_symbol": letterheads.number_symbol(kind, "15", type_code="BC", issuer_code="CTĐ"),
            "place": "Lạng Sơn",
            "dated_on": date(2021, 1, 26),
            "document_type": "BÁO CÁO",
        }
        | values
    )


@pytest.mark.parametrize(
    ("kind", "dated_on", "key"),
    [
        (PARTY, date(2026, 5, 27), "party-2026"),
        (PARTY, date(2026, 5, 26), "party-2018"),
        (PARTY, date(2021, 1, 26), "party-2018"),
        (PARTY, date(2017, 12, 31), "party-2018"),
        (PARTY, None, "party-2026"),
        (STATE, date(2021, 1, 26), "state-2020"),
        (STATE, date(2019, 12, 31), "state-2020"),
    ],
)
def test_form_is_the_one_in_force_on_the_papers_own_date(kind, dated_on, key):
    assert letterheads.form_for(kind, dated_on).key == key


def test_place_and_date_line():
    assert letterheads.place_and_date("Lạng Sơn", date(2026, 2, 5)) == "Lạng Sơn, ngày 05 tháng 02 năm 2026"


def test_place_and_date_without_a_date_leaves_room_for_the_pen():
    line = letterheads.place_and_date("Lạng Sơn", None, year=2021)

    room = "\u00a0" * 8
    assert line == f"Lạng Sơn, ngày{room}tháng{room}năm 2021"


@pytest.mark.parametrize(
    ("kind", "symbol", "line"),
    [(PARTY, "15-BC/CTĐ", "Số 15-BC/CTĐ"), (STATE, "15/BC-CTĐ", "Số: 15/BC-CTĐ")],
)
def test_number_and_symbol_by_letterhead(kind, symbol, line):
    letterhead = _letterhead(kind)

    assert letterhead.number_symbol == symbol
    assert letterheads.number_line(letterhead) == line


def test_number_not_yet_known_leaves_room_for_the_pen():
    symbol = letterheads.number_symbol(PARTY, "", type_code="BC", issuer_code="CTĐ")

    assert symbol == "\u00a0" * 8 + "-BC/CTĐ"


@pytest.mark.parametrize(("kind", "first"), [(PARTY, "IV- BÌNH XÉT"), (STATE, "IV. BÌNH XÉT")])
def test_headings_are_numbered_by_letterhead(kind, first):
    headings = [
        letterheads.heading(kind, 1, 4, "BÌNH XÉT"),
        letterheads.heading(kind, 2, 4, "Bầu Cụm trưởng"),
        letterheads.heading(kind, 3, 5, "Kết quả"),
    ]

    assert [heading.text for heading in headings] == [first, "4. Bầu Cụm trưởng", "đ) Kết quả"]


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        (PARTY, ("- Thường trực Tỉnh ủy (báo cáo),", "- Các đơn vị thành viên,", "- Lưu Cụm Thi đua.")),
        (STATE, ("- Thường trực Tỉnh ủy (báo cáo);", "- Các đơn vị thành viên;", "- Lưu: VT, Cụm Thi đua.")),
    ],
)
def test_recipients_end_as_the_letterhead_asks(kind, lines):
    names = ["Thường trực Tỉnh ủy (báo cáo)", "Các đơn vị thành viên"]

    assert letterheads.recipients(kind, names, archive="Cụm Thi đua").lines == lines


@pytest.mark.parametrize(("kind", "authority"), [(PARTY, "T/M CỤM THI ĐUA"), (STATE, "TM. CỤM THI ĐUA")])
def test_signature_names_cluster_office_then_own_office(kind, authority):
    signature = letterheads.signature(
        kind, office="Cụm trưởng", agency_office="Hiệu trưởng\nTrường Chính trị Hoàng Văn Thụ", name="Nguyễn Văn A"
    )

    assert signature.authority == (authority,)
    assert signature.office == ("CỤM TRƯỞNG", "HIỆU TRƯỞNG", "TRƯỜNG CHÍNH TRỊ HOÀNG VĂN THỤ")
    assert signature.name == "Nguyễn Văn A"


def test_signature_of_an_agencys_head_has_no_authority_line():
    assert letterheads.signature(PARTY, office="Hiệu trưởng", on_behalf_of="").authority == ()


@pytest.mark.parametrize(
    ("kind", "number", "label", "reference"),
    [
        (PARTY, "2b", "PHỤ LỤC 2b", "(Kèm theo Báo cáo số 15-BC/CTĐ ngày 26/01/2021)"),
        (STATE, "2b", "Phụ lục IIb", "(Kèm theo Báo cáo số 15/BC-CTĐ ngày 26/01/2021)"),
    ],
)
def test_annex_names_the_paper_it_belongs_to(kind, number, label, reference):
    annex = letterheads.annex(_letterhead(kind), number, "THEO ĐƠN VỊ")

    assert (annex.label, annex.title, annex.reference) == (label, "THEO ĐƠN VỊ", reference)


def test_annex_of_an_undated_paper_leaves_room_for_the_pen():
    annex = letterheads.annex(_letterhead(PARTY, dated_on=None, year=2021), "1", "BẢNG ĐIỂM")

    room = "\u00a0" * 8
    assert annex.reference == f"(Kèm theo Báo cáo số 15-BC/CTĐ ngày{room}tháng{room}năm 2021)"


def test_number_left_to_the_pen_is_told_with_dots():
    blank = letterheads.number_symbol(LetterheadKind.PARTY, "", type_code="BC", issuer_code="CTĐ")

    assert letterheads.symbol_as_told(blank) == "…-BC/CTĐ"
    assert letterheads.symbol_as_told("03-BC/CTĐ") == "03-BC/CTĐ"
