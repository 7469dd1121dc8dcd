import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from cluster_app.documents import letterheads, word
from cluster_app.documents.blocks import (
    Chart,
    Column,
    ColumnKind,
    Document,
    Heading,
    Letterhead,
    LetterheadKind,
    Orientation,
    PageBreak,
    PaperSize,
    Row,
    Section,
    Series,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
    group_row,
    paragraph,
)
from cluster_app.documents.text import text_of
from tests.cluster_app import sample_documents, word_files
from tests.cluster_app.word_files import W

HOSTILE = '<script>alert(1)</script>{{ user }} #read("/etc/passwd") ]#eval() &amp; <w:p/> ]]> \x00\x1b 😀 a\x0bb\tc\nd'


def _document(*blocks, **values):
    fields = {"kind": "pledge", "title": "Giao ước", "letterhead": None, "sections": (Section(blocks=blocks),)}
    return Document(**fields | values)


def _letter(kind):
    letterhead = replace(
        sample_documents.annual_summary(kind).letterhead,
        document_type="",
        is_letter=True,
        number_symbol=letterheads.number_symbol(kind, "7", type_code="CV", issuer_code="CTĐ"),
    )
    return _document(paragraph("Kính gửi: Báo Lạng Sơn", indent=False), title="Công văn", letterhead=letterhead)


def _hostile():
    letterhead = Letterhead(LetterheadKind.PARTY, HOSTILE, HOSTILE, HOSTILE, HOSTILE, summary=HOSTILE)
    table = Table(caption=HOSTILE, columns=(Column(HOSTILE, 1),), rows=(Row(cells=(HOSTILE,)),), notes=(HOSTILE,))
    signature = Signature((HOSTILE,), (HOSTILE,), HOSTILE, HOSTILE)
    return _document(
        paragraph(HOSTILE, bold=True),
        Heading(1, HOSTILE),
        table,
        SignatureBlock(right=signature, left=Signature(name=HOSTILE), place_line=HOSTILE),
        SignatureGrid(cells=(signature, signature, signature), columns=2),
        title=HOSTILE,
        letterhead=letterhead,
        watermarks=(HOSTILE,),
        footer_note=HOSTILE,
        check_url="https://example.test/verify/?" + HOSTILE.encode().hex(),
    )


def _wide():
    """A table upon its own sheet of A3, another chart, a page break, one line of several signatures."""
    columns = (Column("Đơn vị", 3), *(Column(f"Tiêu chí {number}", 1, ColumnKind.NUMBER) for number in range(1, 16)))
    rows = (group_row("I. Nhóm A", columns), *(Row(cells=(f"Đơn vị {n}", *["10,00"] * 15)) for n in range(60)))
    figures = Table(
        caption="Số liệu của biểu đồ",
        columns=columns[:2],
        rows=(Row(cells=("Báo Lạng Sơn", "940,00")), Row(cells=("Văn phòng Tỉnh ủy", "1001,00"))),
        shows_caption=False,
    )
    chart = Chart(
        title="Tổng điểm",
        categories=("Báo Lạng Sơn", "Văn phòng Tỉnh ủy"),
        series=(Series("Tổng điểm", values=("940.00", "1001.00"), displays=("940,00", "1001,00")),),
        table=figures,
    )
    wide = Table(caption="Ma trận điểm", columns=columns, rows=rows, is_dense=True)
    return _document(
        chart,
        PageBreak(),
        paragraph("Trang mới"),
        sections=(
            Section(blocks=(chart, PageBreak(), paragraph("Trang mới"))),
            Section(blocks=(wide,), orientation=Orientation.LANDSCAPE, size=PaperSize.A3),
        ),
    )


DOCUMENTS = {
    "party": sample_documents.annual_summary(),
    "state": sample_documents.annual_summary(LetterheadKind.STATE),
    "undated": sample_documents.annual_summary(dated_on=None),
    "pledge": sample_documents.pledge(),
    "party letter": _letter(LetterheadKind.PARTY),
    "state letter": _letter(LetterheadKind.STATE),
    "hostile": _hostile(),
    "wide": _wide(),
    "long": _document(paragraph("Ban " * 2500), Heading(2, "B" * 1000), letterhead=None),
}


def _opened(document):
    return docx.Document(BytesIO(word.render(document)))


def _said(document):
    """The words of the document without what XML cannot carry."""
    return " ".join(text_of(document)).replace("\x00", "").replace("\x1b", "").split()


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_file_says_word_by_word_what_the_document_says(document):
    assert word_files.words(word.render(document)) == _said(document)


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_same_document_gives_the_same_bytes(document):
    assert word.render(document) == word.render(document)


def test_another_document_gives_other_bytes():
    first = sample_documents.annual_summary()

    assert word.render(first) != word.render(replace(first, title="Báo cáo khác"))


def test_file_tells_the_day_of_the_document_and_not_of_its_making():
    content = word.render(sample_documents.annual_summary())

    properties = docx.Document(BytesIO(content)).core_properties
    with zipfile.ZipFile(BytesIO(content)) as package:
        times = {entry.date_time for entry in package.infolist()}
    assert {properties.created.date(), properties.modified.date()} == {date(2021, 1, 26)}
    assert properties.title == "Báo cáo tổng kết công tác thi đua, khen thưởng năm 2020"
    assert properties.author == "CỤM THI ĐUA CÁC CƠ QUAN ĐẢNG TỈNH"
    assert times == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("document", [_document(paragraph("A")), sample_documents.annual_summary(dated_on=None)])
def test_file_of_an_undated_paper_has_a_fixed_day(document):
    assert _opened(document).core_properties.created.date() in {date(2000, 1, 1), date(2021, 1, 1)}


def test_headings_lists_and_texts_have_real_styles():
    styles = {one.text: one.style.name for one in _opened(DOCUMENTS["party"]).paragraphs if one.text}

    assert styles["BÁO CÁO"] == "Title"
    assert styles["I- ĐẶC ĐIỂM TÌNH HÌNH"] == "Heading 1"
    assert styles["1. Thành viên"] == "Heading 2"
    assert styles["a) Số lượt khen thưởng"] == "Heading 3"
    assert styles["- thi đua hoàn thành xuất sắc nhiệm vụ chính trị;"] == "List"
    assert styles["Số liệu của biểu đồ"] == "Caption"
    assert styles["PHỤ LỤC 1"] == "Phụ lục"
    assert {style for text, style in styles.items() if text.startswith("Căn cứ")} == {"Body Text"}


def test_every_style_is_set_in_times_new_roman_and_vietnamese():
    root = word_files.part(word.render(DOCUMENTS["state"]), "word/styles.xml")

    fonts = [set(fonts.attrib.items()) for fonts in root.iter(f"{W}rFonts")]
    wanted = {(f"{W}{script}", "Times New Roman") for script in ("ascii", "hAnsi", "eastAsia", "cs")}
    assert len(fonts) > 30
    assert all(one == wanted for one in fonts)
    language = next(root.iter(f"{W}lang"))
    assert (language.get(f"{W}val"), language.get(f"{W}eastAsia")) == ("vi-VN", "vi-VN")


def test_runs_keep_bold_italic_and_underline():
    runs = next(one for one in _opened(DOCUMENTS["party"]).paragraphs if one.text.startswith("Trong năm, Cụm")).runs

    assert [(run.bold, run.italic, run.underline) for run in runs] == [
        (None, None, None),
        (True, None, None),
        (None, None, None),
        (None, True, True),
        (None, None, None),
    ]


def test_heads_of_tables_are_repeated_and_rows_stay_whole():
    tables = [table._tbl for table in _opened(DOCUMENTS["party"]).tables if table.style.name == "Table Grid"]

    heads = [[row.trPr.find(f"{W}tblHeader") is not None for row in table.tr_lst] for table in tables]
    assert [sum(one) for one in heads] == [2, 1, 1]
    assert [one[:2] for one in heads] == [[True, True], [True, False], [True, False]]
    assert all(row.trPr.find(f"{W}cantSplit") is not None for table in tables for row in table.tr_lst)


def test_row_of_endless_text_may_break_and_its_head_is_not_repeated():
    columns = (Column("Đơn vị " * 2000, 1), Column("Điểm", 1))
    table = _opened(_document(Table("Bảng", columns, rows=(Row(("Báo " * 9000, "1")),)))).tables[0]._tbl

    assert [list(row.trPr) for row in table.tr_lst] == [[], []]


def test_groups_and_totals_stay_with_the_rows_they_belong_to():
    table = _opened(DOCUMENTS["party"]).tables[3]

    held = [row.tc_lst[0].p_lst[0].pPr.keepNext is not None for row in table._tbl.tr_lst]
    assert held == [True, True, False, True, False, True, True, False, True, True, True, False]


def test_table_fills_the_width_of_its_page():
    tables = [table._tbl for table in _opened(DOCUMENTS["party"]).tables if table.style.name == "Table Grid"]

    widths = [sum(column.w for column in table.tblGrid.gridCol_lst) for table in tables]
    assert [round(width / Mm(1)) for width in widths] == [257, 165, 165]


def test_page_number_stands_on_top_from_the_second_page_on():
    sections = _opened(DOCUMENTS["party"]).sections

    assert [one.different_first_page_header_footer for one in sections] == [True, False, False]
    assert [one.header.is_linked_to_previous for one in sections] == [False, True, True]
    fields = [
        [code.text for code in head._element.iter(f"{W}instrText")]
        for head in (sections[0].header, sections[0].first_page_header)
    ]
    assert fields == [["PAGE"], []]
    assert sections[0].header.paragraphs[0].style.paragraph_format.alignment == 1


def test_watermarks_stand_on_every_page_and_can_be_read():
    sections = _opened(DOCUMENTS["party"]).sections

    for head in (sections[0].first_page_header, sections[0].header):
        marks = [mark.get("string") for mark in head._element.iter(word_files.TEXT_PATH) if mark.get("string")]
        assert marks == ["DỰ THẢO", "SỐ LIỆU MINH HỌA"]


def test_paper_without_watermarks_has_none():
    heads = _opened(DOCUMENTS["pledge"]).sections[0]

    assert not list(heads.header._element.iter(word_files.TEXT_PATH))


def _page(section):
    sizes = (section.page_width, section.page_height)
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    return tuple(round(length / Mm(1)) for length in (*sizes, *margins))


def test_each_section_has_its_paper_and_margins():
    party, wide = _opened(DOCUMENTS["party"]).sections, _opened(DOCUMENTS["wide"]).sections

    assert [_page(one) for one in party] == [
        (210, 297, 20, 15, 20, 30),
        (297, 210, 30, 20, 15, 20),
        (210, 297, 20, 15, 20, 30),
    ]
    assert [one.orientation for one in party] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert _page(wide[1]) == (420, 297, 30, 20, 15, 20)


def test_signatures_stay_with_the_text_before_them():
    body = _opened(DOCUMENTS["party"]).element.body
    end = next(one for one in body.p_lst if one.text.startswith("Trên đây"))

    signatures = end.getnext().getnext()
    assert end.pPr.keepNext is not None
    assert end.getnext().pPr.keepNext is not None
    assert signatures.tag == f"{W}tbl"
    assert signatures.tr_lst[0].trPr.find(f"{W}cantSplit") is not None


def test_signatures_after_a_table_stay_with_its_last_row():
    table = Table("Bảng", (Column("A", 1),), rows=(Row(("1",)), Row(("2",))))
    body = _opened(_document(table, SignatureBlock(right=Signature(name="A")))).element.body

    held = [row.tc_lst[0].p_lst[0].pPr.keepNext is not None for row in body.tbl_lst[0].tr_lst]
    assert held == [True, False, True]


def test_rows_of_a_grid_of_signatures_stay_together():
    grid = _opened(DOCUMENTS["pledge"]).tables[0]._tbl

    held = [all(one.pPr.keepNext is not None for one in row.tc_lst[0].p_lst) for row in grid.tr_lst]
    assert held == [True, True, False]


def test_pictures_say_what_they_show():
    document = replace(DOCUMENTS["party"], check_url="https://thidua.example/verify/3F9A-12BC")

    said = [shape._inline.docPr.get("descr") for shape in _opened(document).inline_shapes]
    assert said == [
        "Lượt khen thưởng theo cấp. Cấp Nhà nước: 3 + 9; Cấp tỉnh: 27 + 96; Cấp cơ quan: 78 + 422",
        "Mã QR: địa chỉ kiểm tra văn bản https://thidua.example/verify/3F9A-12BC",
    ]


def test_rule_is_as_long_as_the_national_title():
    cell = _opened(DOCUMENTS["state"]).tables[0]._tbl.tr_lst[0].tc_lst[1]

    rule = cell.p_lst[2].pPr
    assert (cell.width - rule.ind_left - rule.ind_right) / Mm(1) == pytest.approx(60.5, abs=0.5)


def test_letter_says_what_it_is_about_under_its_number():
    left = _opened(DOCUMENTS["state letter"]).tables[0]._tbl.tr_lst[0].tc_lst[0]

    texts = [one.text for one in left.p_lst if one.text]
    assert texts[2:] == [
        "Số: 7/CTĐ",
        "V/v tổng kết công tác thi đua, khen thưởng năm 2020;\nphương hướng, nhiệm vụ năm 2021",
    ]


def test_hostile_text_stays_text():
    content = word.render(_hostile())

    with zipfile.ZipFile(BytesIO(content)) as package:
        written = package.read("word/document.xml").decode()
    assert "<script>" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory):
    """The files without their marks, as LibreOffice prints them; it draws a mark as curves."""
    files = {name: word.render(replace(document, watermarks=())) for name, document in DOCUMENTS.items()}
    return word_files.converted(files, tmp_path_factory.mktemp("office"))


@word_files.needs_office
@pytest.mark.parametrize("name", DOCUMENTS)
def test_libreoffice_opens_the_file_and_finds_every_word(pdfs, name):
    text = "".join(word_files.text_of_pdf(pdfs[name]).split())

    missing = [one for one in _said(replace(DOCUMENTS[name], watermarks=())) if one not in text]
    assert missing == []
