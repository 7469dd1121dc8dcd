import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from cluster_app.documents import html
from cluster_app.documents.blocks import (
    Chart,
    Column,
    ColumnKind,
    Document,
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
    paragraph,
)
from cluster_app.documents.text import text_of
from tests.cluster_app import sample_documents

INLINE = {"strong", "em", "u"}
HOSTILE = '<script>alert(1)</script>{{ user }}{% load x %}"\'><img src=x onerror=alert(1)>#read("/etc/passwd")'


class VisibleWords(HTMLParser):
    """The words of a page; pictures are left out, and what a tag parts is parted."""

    def __init__(self):
        super().__init__()
        self.text = ""
        self.pictures = 0

    def handle_starttag(self, tag, attrs):
        self.pictures += tag == "svg"
        self._part(tag)

    def handle_endtag(self, tag):
        self.pictures -= tag == "svg"
        self._part(tag)

    def handle_data(self, data):
        if not self.pictures:
            self.text += data

    def _part(self, tag):
        if tag not in INLINE:
            self.text += " "


def _words(markup):
    parser = VisibleWords()
    parser.feed(markup)
    parser.close()
    return parser.text.split()


def _document(*blocks, **values):
    fields = {"kind": "pledge", "title": "Giao ước", "letterhead": None, "sections": (Section(blocks=blocks),)}
    return Document(**fields | values)


def _small_document():
    columns = (Column("Đơn vị", 3), Column("Tổng điểm", 1, ColumnKind.NUMBER))
    rows = (Row(cells=("Báo Lạng Sơn", "940,00")), Row(cells=("Văn phòng Tỉnh ủy", "1001,00")))
    return _document(
        Chart(
            title="Tổng điểm",
            categories=("Văn phòng Tỉnh ủy", "Báo Lạng Sơn"),
            series=(Series("Tổng điểm", values=("1001.00", "940.00"), displays=("1001,00", "940,00")),),
            table=Table(caption="Số liệu của biểu đồ", columns=columns, rows=rows),
        ),
        PageBreak(),
        SignatureBlock(right=Signature(name="Nguyễn Văn A"), place_line="Lạng Sơn, ngày 26 tháng 01 năm 2021"),
    )


def _hostile_document():
    columns = (Column(HOSTILE, 1),)
    letterhead = Letterhead(LetterheadKind.PARTY, HOSTILE, HOSTILE, HOSTILE, HOSTILE, summary=HOSTILE)
    return _document(
        paragraph(HOSTILE, bold=True),
        Table(caption=HOSTILE, columns=columns, rows=(Row(cells=(HOSTILE,)),), notes=(HOSTILE,)),
        SignatureBlock(right=Signature((HOSTILE,), (HOSTILE,), HOSTILE, HOSTILE), left=Signature(name=HOSTILE)),
        title=HOSTILE,
        letterhead=letterhead,
        watermarks=(HOSTILE,),
        footer_note=HOSTILE,
    )


@pytest.mark.parametrize(
    "document",
    [
        sample_documents.annual_summary(),
        sample_documents.annual_summary(LetterheadKind.STATE),
        sample_documents.annual_summary(dated_on=None),
        sample_documents.pledge(),
        _small_document(),
        _hostile_document(),
        _document(paragraph("Ban " * 2500)),
    ],
    ids=["party", "state", "undated", "pledge", "small", "hostile", "long"],
)
def test_page_says_word_by_word_what_the_document_says(document):
    assert _words(html.render_body(document)) == " ".join(text_of(document)).split()


@pytest.mark.parametrize("render", [html.render_body, html.render_page, html.render_file])
def test_text_of_a_person_is_never_markup(render):
    page = render(_hostile_document())

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ user }}" in page


@pytest.mark.parametrize("document", [sample_documents.annual_summary(), sample_documents.pledge()])
def test_page_obeys_the_content_security_policy(document):
    page = html.render_page(document)

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|https?://(?!www\.w3\.org/2000/svg)", page)
    assert not re.search(r"<script(?! src=)", page)


def test_page_has_one_first_heading_and_says_its_language():
    page = html.render_page(sample_documents.annual_summary())

    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", page) == ["BÁO CÁO"]
    assert '<article class="document form-party-2018 party" lang="vi">' in page
    assert "<title>Báo cáo tổng kết công tác thi đua, khen thưởng năm 2020</title>" in page


def test_watermarks_are_text_that_everybody_can_read():
    body = html.render_body(_document(watermarks=("DỰ THẢO", "SỐ LIỆU MINH HỌA")))

    assert '<p class="watermark watermark-1">DỰ THẢO</p>' in body
    assert '<p class="watermark watermark-2">SỐ LIỆU MINH HỌA</p>' in body


@pytest.mark.parametrize("orientation", Orientation)
def test_watermarks_belong_to_the_first_sheet(orientation):
    """On a page of another kind than the sheet they would be printed on a sheet of their own."""
    other = Section(blocks=(), orientation=next(one for one in Orientation if one != orientation))
    sections = (Section(blocks=(paragraph("Đoạn đầu."),), orientation=orientation), other)

    body = html.render_body(_document(sections=sections, watermarks=("DỰ THẢO",)))

    assert f'<div class="watermarks {orientation}"><p class="watermark watermark-1">' in body
    assert re.findall(r'<section class="sheet (\w+)">', body)[0] == orientation


def test_page_toolbar_leads_back_and_to_the_other_edition():
    toolbar = html.Toolbar(
        back_url="/lang-son/2020/",
        links=(
            html.ToolbarLink("?edition=draft", "Dự thảo", is_current=True),
            html.ToolbarLink("?edition=official", "Bản chính thức"),
        ),
    )

    page = html.render_page(sample_documents.pledge(), toolbar=toolbar)

    assert '<a href="/lang-son/2020/">' in page
    assert '<a href="?edition=draft" aria-current="page">Dự thảo</a>' in page
    assert '<a href="?edition=official">Bản chính thức</a>' in page


def test_file_carries_its_styles_and_fonts():
    page = html.render_file(sample_documents.pledge())

    assert "<link" not in page
    assert page.count("url(data:font/woff2;base64,") == 4
    assert not re.search(r"url\((?!data:)", page)
    assert ".document .letterhead" in page


def test_document_without_letterhead_shows_its_title_as_heading():
    body = html.render_body(sample_documents.pledge())

    assert '<h1 class="doc-type">BẢN GIAO ƯỚC THI ĐUA NĂM 2021</h1>' in body
    assert "letterhead" not in body


def test_signature_is_kept_with_the_paragraph_before_it():
    signature = SignatureBlock(right=Signature(name="Nguyễn Văn A"))
    body = html.render_body(_document(paragraph("Đoạn đầu."), paragraph("Đoạn cuối."), signature))

    kept = body.split('<div class="keep">')
    assert len(kept) == 2
    assert "Đoạn đầu." in kept[0]
    assert "Đoạn cuối." in kept[1]
    assert "Nguyễn Văn A" in kept[1]


def test_signature_after_a_table_is_not_glued_to_it():
    table = Table(caption="Bảng", columns=(Column("TT", 1),), rows=(Row(cells=("1",)),))
    body = html.render_body(_document(table, SignatureBlock(right=Signature(name="Nguyễn Văn A"))))

    assert 'class="keep"' not in body


def test_wide_table_lies_landscape_with_two_lines_of_heads_and_its_widths():
    document = sample_documents.annual_summary()
    body = html.render_body(replace(document, sections=document.sections[1:2]))

    assert '<section class="sheet landscape">' in body
    assert '<th scope="colgroup" colspan="4" rowspan="1">Điểm chuẩn theo nhóm tiêu chí</th>' in body
    assert '<th scope="col" colspan="1" rowspan="2">TT</th>' in body
    assert re.findall(r'<col width="([\d.]+)%">', body)[:3] == ["3.64", "20.91", "7.27"]


def test_cells_show_their_column_and_rows_their_kind():
    document = sample_documents.annual_summary()
    body = html.render_body(replace(document, sections=document.sections[2:]))

    assert '<tr class="group"><td colspan="5">I. Cấp Nhà nước</td></tr>' in body
    assert (
        '<tr class="total"><td class="mid" colspan="2">TỔNG CỘNG</td><td class="num" colspan="1">108</td>'
        '<td class="num" colspan="1">527</td><td class="num strong" colspan="1">635</td></tr>'
    ) in body


def test_table_without_shown_caption_still_has_a_name():
    document = sample_documents.annual_summary()
    body = html.render_body(replace(document, sections=document.sections[1:2]))

    assert '<table aria-label="Bảng tổng hợp điểm thi đua năm 2020">' in body
    assert "<caption" not in body


def test_letter_names_no_type_but_says_under_its_number_what_it_is_about():
    letterhead = Letterhead(
        LetterheadKind.STATE, "TỈNH ỦY", "CỤM THI ĐUA", "12/CTĐ", "Lạng Sơn", summary="nộp phiếu", is_letter=True
    )
    document = _document(paragraph("Kính gửi: Báo Lạng Sơn"), letterhead=letterhead, title="Công văn")

    body = html.render_body(document)

    assert _words(body) == " ".join(text_of(document)).split()
    assert '<h1 class="letter-about">V/v nộp phiếu</h1>' in body
    assert "doc-type" not in body
    assert "doc-about" not in body


def test_code_to_check_a_print_stands_beside_the_note_at_its_foot():
    document = replace(
        sample_documents.pledge(), footer_note="Mã văn bản: 1", check_url="https://thidua.example.vn/verify/1"
    )

    body = html.render_body(document)

    assert _words(body) == " ".join(text_of(document)).split()
    assert body.count('<svg class="check-code"') == 1
    assert 'aria-label="Mã QR: địa chỉ kiểm tra văn bản"' in body
    assert "check-code" not in html.render_body(replace(document, check_url=""))
    assert "paper-foot" not in html.render_body(sample_documents.pledge())


@pytest.mark.parametrize("orientation", Orientation)
def test_large_sheet_is_called_by_its_size(orientation):
    section = Section((paragraph("Đoạn."),), orientation=orientation, size=PaperSize.A3)

    body = html.render_body(_document(sections=(section,), watermarks=("DỰ THẢO",)))

    assert f'<section class="sheet {orientation} a3-{orientation}">' in body
    assert f'<div class="watermarks {orientation} a3-{orientation}">' in body


def test_page_break_and_signature_grid_are_drawn():
    body = html.render_body(_document(PageBreak(), SignatureGrid(cells=(Signature(name="A"),) * 4, columns=2)))

    assert '<div class="page-break"></div>' in body
    assert '<div class="signatures two">' in body
    assert body.count('<p class="person">A</p>') == 4


@pytest.mark.parametrize(("width", "height"), [(1366, 900), (390, 844)])
def test_paper_never_scrolls_sideways_on_the_screen(page, width, height):
    page.set_viewport_size({"width": width, "height": height})

    page.set_content(html.render_file(sample_documents.annual_summary()))

    assert page.evaluate("document.documentElement.scrollWidth") == width


UPRIGHT, LYING = (595, 842), (842, 595)


def _sheets(page, document):
    """Width and height of every printed sheet, in points."""
    page.set_content(html.render_file(document))
    printed = page.pdf(prefer_css_page_size=True)
    return [
        (round(float(width)), round(float(height)))
        for width, height in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    ]


@pytest.mark.parametrize("watermarks", [(), ("DỰ THẢO", "SỐ LIỆU MINH HỌA")], ids=["plain", "marked"])
def test_print_has_a4_sheets_upright_and_lying(page, watermarks):
    document = replace(sample_documents.annual_summary(), watermarks=watermarks)

    assert _sheets(page, document) == [UPRIGHT, UPRIGHT, LYING, UPRIGHT]


def test_print_has_large_sheets(page):
    large = Section((paragraph("Đoạn."),), orientation=Orientation.LANDSCAPE, size=PaperSize.A3)
    upright = Section((paragraph("Đoạn."),), size=PaperSize.A3)

    assert _sheets(page, _document(sections=(large, upright))) == [(1191, 842), (842, 1191)]


@pytest.mark.parametrize("watermarks", [(), ("BẢN TẠM TÍNH", "SỐ LIỆU MINH HỌA")], ids=["plain", "marked"])
def test_print_that_lies_begins_with_its_own_first_sheet(page, watermarks):
    document = sample_documents.annual_summary()
    lying = replace(document, sections=document.sections[1:2], watermarks=watermarks)

    assert _sheets(page, lying) == [LYING, LYING]
