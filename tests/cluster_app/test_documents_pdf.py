import re
import threading
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_app.documents import letterheads, pdf
from cluster_app.documents.blocks import (
    Annex,
    Chart,
    Column,
    ColumnKind,
    Document,
    Heading,
    Letterhead,
    LetterheadKind,
    ListMarker,
    NumberedList,
    Orientation,
    PageBreak,
    PaperSize,
    Paragraph,
    Recipients,
    Row,
    RowKind,
    Run,
    Section,
    Series,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
    paragraph,
)
from cluster_app.documents.text import text_of
from cluster_app.documents.typefaces import SUBSTITUTE, printable
from tests.cluster_app import read_pdfs, sample_documents

CHECK_URL = "https://thidua.example.vn/verify/3F9A-12BC"
HOSTILE = (
    '<script>alert(1)</script> #read("/etc/passwd") ]#eval("1") #panic() $x$ `raw` @preview/x _a_ *b* = + - ~ -- '
    "\\u{41} // c /* d */ <label> {{ user }} https://example.org"
)
LONG_NAME = "Nguyễn" * 1667


def _document(*blocks, **values):
    fields = {"kind": "pledge", "title": "Giao ước", "letterhead": None, "sections": (Section(blocks=blocks),)}
    return Document(**fields | values)


def _letter(kind=LetterheadKind.STATE):
    letterhead = Letterhead(
        kind=kind,
        superior="TRƯỜNG CHÍNH TRỊ HOÀNG VĂN THỤ",
        issuer="CỤM THI ĐUA CÁC CƠ QUAN ĐẢNG TỈNH",
        number_symbol="12/CTĐ",
        place="Lạng Sơn",
        dated_on=date(2026, 11, 5),
        summary="nộp phiếu tự chấm điểm thi đua năm 2026",
        is_letter=True,
    )
    blocks = (
        paragraph("Kính gửi: Báo Lạng Sơn"),
        Heading(3, "a) Đề nghị"),
        SignatureBlock(letterheads.signature(kind, office="Cụm trưởng", name="Nguyễn Văn A")),
    )
    return _document(*blocks, letterhead=letterhead, title="Công văn", footer_note="Mã: 1", check_url=CHECK_URL)


def _wide():
    columns = tuple(Column(f"Tiêu chí {number}", 1, ColumnKind.NUMBER) for number in range(1, 31))
    table = Table("Ma trận điểm", columns, rows=(Row(cells=("12,50",) * 30),) * 3, is_dense=True, notes=("Ghi chú.",))
    big = Section((table,), Orientation.LANDSCAPE, Annex("PHỤ LỤC 7", "MA TRẬN", "(Kèm theo)"), PaperSize.A3)
    return _document(sections=(Section((PageBreak(), paragraph("Đoạn đầu."), PageBreak())), big))


def _small():
    columns = (Column("Đơn vị", 3), Column("Tổng điểm", 1, ColumnKind.NUMBER))
    rows = (Row(cells=("Báo Lạng Sơn", "940,00")), Row(cells=("Văn phòng Tỉnh ủy", "1001,00")))
    signature = Signature(authority=("TỔ KIỂM PHIẾU",), name="Nguyễn Văn A", note="(Ký, ghi rõ họ tên)")
    return _document(
        Chart(
            title="Tổng điểm",
            categories=("Văn phòng Tỉnh ủy", "Báo Lạng Sơn"),
            series=(Series("Tổng điểm", values=("1001.00", "940.00"), displays=("1001,00", "940,00")),),
            table=Table(caption="Số liệu của biểu đồ", columns=columns, rows=rows),
        ),
        SignatureBlock(right=signature, left=signature, place_line="Lạng Sơn, ngày 26 tháng 01 năm 2021"),
        footer_note="Mã văn bản: 3F9A-12BC",
    )


def _everywhere(text):
    """A paper that says `text` in every place that holds words, of State and with every kind of block."""
    letterhead = Letterhead(LetterheadKind.STATE, text, text, text, text, document_type=text, summary=text)
    columns = (Column(text, 2), Column("TT", 1), Column(text, 2, ColumnKind.NUMBER))
    rows = (
        Row((text,), RowKind.GROUP, span=3),
        Row((text, "1", text)),
        Row((text, text), RowKind.SUBTOTAL, span=2),
    )
    table = Table(caption=text, columns=columns, rows=rows)
    signature = Signature((text,), (text,), text, text)
    first = (
        Heading(2, text),
        Paragraph((Run(text, bold=True), Run(text, italic=True, underline=True))),
        NumberedList((text, text), ListMarker.LETTER),
        replace(table, notes=(text,)),
        SignatureBlock(signature, left=signature, place_line=text),
    )
    second = (table, SignatureBlock(signature, left=Recipients((text,), text)), SignatureGrid((signature,) * 3))
    annex = Section(second, Orientation.LANDSCAPE, Annex(text, text, text), PaperSize.A3)
    return _document(
        title=text, letterhead=letterhead, sections=(Section(first), annex), footer_note=text, check_url=CHECK_URL
    )


def _without_pictures(found, document):
    """The words without those of the charts' pictures, each of which stands there in one piece."""
    for drawn in read_pdfs.picture_words(document):
        start = next(place for place in range(len(found)) if found[place : place + len(drawn)] == drawn)
        found = found[:start] + found[start + len(drawn) :]
    return found


def _said(document):
    return " ".join(text_of(document)).split()


@pytest.mark.parametrize(
    "document",
    [_small(), _letter(), _letter(LetterheadKind.PARTY), _wide(), sample_documents.pledge()],
    ids=["small", "state letter", "party letter", "wide", "pledge"],
)
def test_pdf_says_word_by_word_what_the_document_says(document):
    assert _without_pictures(read_pdfs.words(pdf.render(document)), document) == _said(document)


@pytest.mark.parametrize("kind", LetterheadKind)
@pytest.mark.parametrize("dated_on", [date(2021, 1, 26), None], ids=["dated", "undated"])
def test_summary_says_the_same_words_and_only_a_head_of_two_lines_in_another_order(kind, dated_on):
    document = replace(sample_documents.annual_summary(kind, dated_on=dated_on), watermarks=())

    found = _without_pictures(read_pdfs.words(pdf.render(document)), document)

    said = _said(document)
    assert Counter(found) == Counter(said)
    start, end = said.index("TT"), said.index("983,50")
    assert found[:start] == said[:start]
    assert found[end:] == said[end:]


def test_pdf_holds_vietnamese_text_that_a_search_finds():
    texts = read_pdfs.page_texts(pdf.render(sample_documents.annual_summary()))

    assert "Trường Chính trị Hoàng Văn Thụ" in " ".join(texts[0].split())


def test_text_of_a_person_is_printed_and_never_read_as_markup():
    document = _everywhere(HOSTILE)

    found = "".join(read_pdfs.words(pdf.render(document)))

    assert Counter(found) == Counter("".join(_said(document)))
    assert found.count('#read("/etc/passwd")') == "".join(_said(document)).count('#read("/etc/passwd")')


def test_name_of_ten_thousand_letters_is_printed_in_full():
    table = Table("Bảng", (Column("TT", 1), Column(LONG_NAME, 4)), rows=(Row(("1", LONG_NAME)),))
    letterhead = Letterhead(LetterheadKind.PARTY, "", LONG_NAME, "1", "Lạng Sơn", document_type="BÁO CÁO")
    document = _document(
        paragraph("Đoạn cuối."), table, SignatureBlock(Signature(name=LONG_NAME)), letterhead=letterhead
    )

    content = pdf.render(document)

    assert Counter("".join(read_pdfs.words(content))) == Counter("".join(_said(document)))
    assert "".join(read_pdfs.words_on_the_sheets(content)).count("N") == "".join(text_of(document)).count("N")


def test_characters_without_a_letter_in_the_typeface_are_printed_as_boxes():
    content = pdf.render(_document(paragraph("Tên 😀 漢 \u202eđảo\u200f \x00\x07 nhãn\u00ad")))

    assert read_pdfs.words(content)[2:] == ["Tên", SUBSTITUTE, SUBSTITUTE, "đảo", "nhãn"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_text_in_any_place_is_printed(text):
    document = _everywhere(text)

    found = "".join(read_pdfs.words(pdf.render(document)))

    assert Counter(found) == Counter("".join(printable(" ".join(text_of(document))).split()))


def test_same_document_gives_the_same_bytes():
    document = replace(sample_documents.annual_summary(), check_url=CHECK_URL)

    assert pdf.render(document) == pdf.render(document)


def test_documents_are_set_at_the_same_time_by_many_threads():
    documents = [_document(paragraph(f"Văn bản số {number}.")) for number in range(8)]
    found = {}
    threads = [
        threading.Thread(target=lambda number=number: found.update({number: pdf.render(documents[number])}))
        for number in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: pdf.render(document) for number, document in enumerate(documents)}


def test_sheets_are_upright_lying_and_large():
    assert read_pdfs.sheets(pdf.render(sample_documents.annual_summary())) == [(210, 297)] * 2 + [
        (297, 210),
        (210, 297),
    ]
    assert read_pdfs.sheets(pdf.render(_wide())) == [(210, 297), (420, 297)]


def test_pages_are_numbered_from_the_second_on():
    content = pdf.render(replace(sample_documents.annual_summary(), watermarks=()))

    assert read_pdfs.page_numbers(content) == ["2", "3", "4"]
    assert read_pdfs.page_texts(content)[0].split()[0] == "TRƯỜNG"


def test_watermarks_stand_on_every_sheet():
    marks = ("DỰ THẢO", "SỐ LIỆU MINH HỌA")

    texts = read_pdfs.page_texts(pdf.render(replace(sample_documents.annual_summary(), watermarks=marks)))

    assert [[text.count(mark) for mark in marks] for text in texts] == [[1, 1]] * 4


def test_file_is_an_archive_pdf_with_tags_language_and_title():
    printed = pdf.render(replace(_small(), check_url=CHECK_URL))

    content = read_pdfs.unpacked(printed)

    assert re.findall(rb"<pdfaid:part>(.)</pdfaid:part><pdfaid:conformance>(.)<", content) == [(b"2", b"A")]
    assert b"/MarkInfo<</Marked true" in content
    assert b"/StructTreeRoot" in content
    assert re.search(rb"/Lang\s*\(vi\)", content)
    assert "Giao ước".encode() in content
    assert read_pdfs.alternative_texts(printed) == ["Tổng điểm", "Mã QR: địa chỉ kiểm tra văn bản"]


@pytest.mark.parametrize(
    ("dated_on", "year", "written"),
    [(date(2021, 1, 26), 2021, b"2021-01-26"), (None, 2021, b"2021-01-01"), (None, None, b"1970-01-01")],
)
def test_date_of_the_file_is_that_of_the_document(dated_on, year, written):
    document = sample_documents.annual_summary(dated_on=dated_on)
    document = replace(document, letterhead=replace(document.letterhead, year=year))

    content = read_pdfs.unpacked(pdf.render(document))

    assert set(re.findall(rb"<xmp:(?:CreateDate|ModifyDate)>([\d-]+)", content)) == {written}


def test_outline_holds_the_type_the_headings_and_the_annexes_without_a_missing_level():
    found = read_pdfs.outline(pdf.render(sample_documents.annual_summary()))

    assert [item for item in found if item[0] < 2] == [
        (0, "BÁO CÁO"),
        (1, "I- ĐẶC ĐIỂM TÌNH HÌNH"),
        (1, "II- KẾT QUẢ THỰC HIỆN"),
        (1, "III- KẾT QUẢ CHẤM ĐIỂM, BÌNH XÉT"),
        (1, "PHỤ LỤC 1 BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM 2020"),
        (1, "PHỤ LỤC 2 TỔNG HỢP KHEN THƯỞNG THEO CẤP VÀ ĐỐI TƯỢNG NĂM 2020"),
    ]
    assert max(level for level, _title in found) == 3
    assert read_pdfs.outline(pdf.render(_letter())) == [(0, "a) Đề nghị")]


def test_only_the_shipped_typeface_is_inside():
    content = pdf.render(replace(sample_documents.annual_summary(), footer_note="a — ü ₫ “x”"))

    assert read_pdfs.fonts(content) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
