"""Every rule of the linter, each with a Word file that breaks it; the PDF reader has tests of its own."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from cluster_app.documents import letterheads, pdf, word
from cluster_app.documents.blocks import LetterheadKind, Section, Signature, SignatureBlock, paragraph
from cluster_app.documents.linting import checking
from cluster_app.documents.linting.deviations import Level
from tests.cluster_app import sample_documents

PARTY, STATE = LetterheadKind.PARTY, LetterheadKind.STATE


def _letter(kind):
    head = sample_documents.annual_summary(kind).letterhead
    number = letterheads.number_symbol(kind, "", type_code="CV", issuer_code="CTĐ")
    letterhead = replace(head, document_type="", is_letter=True, number_symbol=number, summary="đôn đốc nộp phiếu")
    closing = letterheads.form_of(letterhead).closing
    blocks = (
        paragraph("Kính gửi: Báo Lạng Sơn", indent=False),
        paragraph(f"Đến nay, Cụm Thi đua chưa nhận được phiếu chấm điểm của quý đơn vị, đề nghị sớm gửi{closing}"),
        SignatureBlock(
            right=letterheads.signature(kind, office="Cụm trưởng", name="Nguyễn Văn A"),
            left=letterheads.recipients(kind, ("Như trên",), archive="CTĐ"),
        ),
    )
    return replace(
        sample_documents.annual_summary(kind),
        letterhead=letterhead,
        title="Công văn",
        sections=(Section(blocks=blocks),),
        watermarks=(),
    )


def _minutes(kind):
    """A list without recipients that two persons sign; lists need no closing either."""
    document = sample_documents.annual_summary(kind)
    end = SignatureBlock(
        right=Signature(office=("CHỦ TRÌ HỘI NGHỊ",), name="Trần Văn B"),
        left=Signature(office=("NGƯỜI LẬP DANH MỤC",), name="Lê Thị C"),
    )
    table = document.sections[1].blocks[0]
    head = replace(document.letterhead, document_type="DANH MỤC KIẾN NGHỊ VỀ ĐIỂM", summary="chưa thống nhất")
    return replace(
        document, letterhead=head, sections=(replace(document.sections[1], blocks=(table, end), annex=None),)
    )


def _of_equals(kind):
    """A paper that the heads of all units sign side by side."""
    document, cells = sample_documents.annual_summary(kind), sample_documents.pledge().sections[0].blocks
    return replace(document, sections=(Section(blocks=cells),), letterhead=replace(document.letterhead, summary=""))


def _of_an_agency(kind):
    """A card: the name of the agency above the office of who signs."""
    document = sample_documents.annual_summary(kind)
    offices = ("THỦ TRƯỞNG ĐƠN VỊ",)
    authority = ("BAN TỔ CHỨC TỈNH ỦY",) if kind == PARTY else ()
    end = SignatureBlock(right=Signature(authority=authority, office=offices, name="Trần Văn B"))
    head = replace(document.letterhead, document_type="PHIẾU CHẤM ĐIỂM", summary="năm 2020")
    return replace(document, letterhead=head, sections=(Section(blocks=(paragraph("Một câu."), end)),))


GOOD = {
    f"{name}, {kind}": make(kind)
    for kind in (PARTY, STATE)
    for name, make in {
        "summary": sample_documents.annual_summary,
        "undated": lambda kind: replace(
            sample_documents.annual_summary(kind, dated_on=None), check_url="https://a.vn/1"
        ),
        "letter": _letter,
        "list": _minutes,
        "equals": _of_equals,
    }.items()
}


def _codes(found, level=Level.FAULT):
    return sorted({deviation.code for deviation in found if deviation.level == level})


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_what_we_write_as_word_keeps_to_its_form(document):
    assert checking.check("a.docx", word.render(document)) == []


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_what_we_print_as_pdf_keeps_to_its_form(document):
    assert checking.check("a.pdf", pdf.render(document)) == []


@pytest.mark.parametrize("kind", LetterheadKind)
@pytest.mark.parametrize("render", [("a.docx", word.render), ("a.pdf", pdf.render)])
def test_card_that_the_head_of_an_agency_signs_is_only_advised_to_name_recipients(render, kind):
    name, make = render

    found = checking.check(name, make(_of_an_agency(kind)))

    assert [(one.code, one.level) for one in found] == [("recipients", Level.ADVICE)]


@pytest.mark.parametrize("render", [("a.docx", word.render), ("a.pdf", pdf.render)])
def test_paper_without_letterhead_is_judged_by_its_sheets_alone(render):
    name, make = render

    found = checking.check(name, make(sample_documents.pledge()))

    assert [(one.code, one.level) for one in found] == [("letterhead", Level.ADVICE)]


@pytest.mark.parametrize("render", [("a.docx", word.render), ("a.pdf", pdf.render)])
def test_paper_of_one_form_does_not_keep_to_the_other(render):
    name, make = render

    of_state = checking.check(name, make(sample_documents.annual_summary(PARTY)), STATE)
    of_party = checking.check(name, make(sample_documents.annual_summary(STATE)), PARTY)

    expected = {"asterisk", "authority_form", "closing", "national_title", "number_form", "office_bold"}
    assert expected <= set(_codes(of_state))
    assert expected <= set(_codes(of_party))


def _all(file):
    yield from file.paragraphs
    for table in file.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs


def _find(file, start):
    return next(one for one in _all(file) if one.text.startswith(start))


def _say(start, text):
    """Other words in the same looks."""

    def change(file):
        run, *others = _find(file, start).runs
        run.text = text
        for other in others:
            other.text = ""

    return change


def _look(start, **looks):
    def change(file):
        for run in _find(file, start).runs:
            for name, value in looks.items():
                setattr(run.font, name, value)

    return change


def _drop(start):
    def change(file):
        found = _find(file, start)
        found._p.getparent().remove(found._p)

    return change


def _style(style, /, **looks):
    def change(file):
        for key, value in looks.items():
            setattr(file.styles[style].font, key, value)

    return change


def _section(position=0, **values):
    def change(file):
        for name, value in values.items():
            setattr(file.sections[position], name, value)

    return change


def _number_on_first(file):
    first = file.sections[0]
    first.different_first_page_header_footer = False


def _no_number(file):
    head = file.sections[0].header._element
    for code in list(head.iter(qn("w:instrText"))):
        code.getparent().remove(code)


def _number_at_foot(file):
    file.sections[0].footer.paragraphs[0]._p.append(file.sections[0].header.paragraphs[0]._p.r_lst[-4])


def _number_left(file):
    file.sections[0].header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT


def _left_name(file):
    _find(file, "BÁO CÁO").alignment = WD_ALIGN_PARAGRAPH.LEFT


def _asterisk(file):
    number = _find(file, "Số: 05")
    number.insert_paragraph_before("*")


def _without_signature(file):
    table = next(one for one in file.tables if "Nơi nhận" in one.cell(0, 0).text)
    for one in table.cell(0, 1).paragraphs[1:]:
        one._p.getparent().remove(one._p)
    table.cell(0, 1).paragraphs[0].clear()


BAD = [
    # Sheets
    (PARTY, _section(page_width=Mm(148), page_height=Mm(210)), "paper"),
    (PARTY, _section(top_margin=Mm(25)), "margin_top"),
    (PARTY, _section(right_margin=Mm(20)), "margin_right"),
    (PARTY, _section(bottom_margin=Mm(15)), "margin_bottom"),
    (PARTY, _section(left_margin=Mm(25)), "margin_left"),
    (PARTY, _section(1, top_margin=Mm(20)), "margin_top"),
    (STATE, _section(top_margin=Mm(26)), "margin_top"),
    (STATE, _section(left_margin=Mm(36)), "margin_left"),
    (PARTY, _look("Căn cứ", name="Arial"), "typeface"),
    (PARTY, _style("Body Text", name="Calibri"), "typeface"),
    (PARTY, _style("Body Text", size=Pt(13)), "body_size"),
    (STATE, _style("Body Text", size=Pt(15)), "body_size"),
    (PARTY, _number_on_first, "page_number_first"),
    (PARTY, _no_number, "page_number_missing"),
    (PARTY, _number_at_foot, "page_number_place"),
    (PARTY, _number_left, "page_number_place"),
    # Head
    (STATE, _say("CỘNG HÒA", "CỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM"), "national_title_lines"),
    (STATE, _drop("Độc lập"), "national_title_lines"),
    (STATE, _say("Độc lập", "Độc lập - tự do - hạnh phúc"), "national_title_words"),
    (PARTY, _say("ĐẢNG CỘNG SẢN", "Đảng Cộng sản Việt Nam"), "national_title_words"),
    (PARTY, _look("ĐẢNG CỘNG SẢN", bold=False), "national_title_bold"),
    (PARTY, _look("ĐẢNG CỘNG SẢN", size=Pt(13)), "national_title_size"),
    (STATE, _look("CỘNG HÒA", size=Pt(11)), "national_title_size"),
    (PARTY, _say("CỤM THI ĐUA CÁC", "Cụm Thi đua các cơ quan"), "issuer_capitals"),
    (PARTY, _look("CỤM THI ĐUA CÁC", bold=False), "issuer_bold"),
    (PARTY, _look("TRƯỜNG CHÍNH TRỊ", bold=True), "superior_bold"),
    (STATE, _look("CỤM THI ĐUA CÁC", size=Pt(15)), "issuer_size"),
    (PARTY, _drop("*"), "asterisk"),
    (STATE, _asterisk, "asterisk"),
    (PARTY, _drop("Số 05"), "number"),
    (PARTY, _say("Số 05", "Số: 05-BC/CTĐ"), "number_form"),
    (PARTY, _say("Số 05", "Số 05/BC-CTĐ"), "number_form"),
    (STATE, _say("Số: 05", "Số 05/BC-CTĐ"), "number_form"),
    (STATE, _say("Số: 05", "Số: 05-BC/CTĐ"), "number_form"),
    (STATE, _look("Số: 05", size=Pt(11)), "number_size"),
    (PARTY, _drop("Lạng Sơn, ngày"), "place_date"),
    (PARTY, _say("Lạng Sơn, ngày", "Ngày 26 tháng 01 năm 2021"), "place_date_form"),
    (PARTY, _say("Lạng Sơn, ngày", "Lạng Sơn, ngày 5 tháng 01 năm 2021"), "date_day"),
    (PARTY, _say("Lạng Sơn, ngày", "Lạng Sơn, ngày 32 tháng 01 năm 2021"), "date_day"),
    (PARTY, _say("Lạng Sơn, ngày", "Lạng Sơn, ngày 26 tháng 1 năm 2021"), "date_month"),
    (STATE, _say("Lạng Sơn, ngày", "Lạng Sơn, ngày 26 tháng 03 năm 2021"), "date_month"),
    (STATE, _say("Lạng Sơn, ngày", "Lạng Sơn, ngày 26 tháng 01 năm 21"), "date_year"),
    (PARTY, _look("Lạng Sơn, ngày", italic=False), "place_date_italic"),
    (PARTY, _look("Lạng Sơn, ngày", size=Pt(12)), "place_date_size"),
    (PARTY, _say("BÁO CÁO", "Báo cáo"), "name_capitals"),
    (PARTY, _look("BÁO CÁO", bold=False), "name_bold"),
    (PARTY, _left_name, "name_centred"),
    (PARTY, _look("BÁO CÁO", size=Pt(13)), "name_size"),
    (STATE, _look("BÁO CÁO", size=Pt(16)), "name_size"),
    (PARTY, _say("tổng kết", "TỔNG KẾT CÔNG TÁC NĂM 2020"), "summary_capitals"),
    (PARTY, _look("tổng kết", size=Pt(13)), "summary_size"),
    (PARTY, _drop("-----"), "summary_rule"),
    # End
    (PARTY, _say("Trên đây", "Trên đây là báo cáo tổng kết của Cụm Thi đua./."), "closing"),
    (PARTY, _say("Trên đây", "Trên đây là báo cáo tổng kết của Cụm Thi đua"), "closing"),
    (STATE, _say("Trên đây", "Trên đây là báo cáo tổng kết của Cụm Thi đua."), "closing"),
    (PARTY, _say("Nơi nhận", "Nơi nhận"), "recipients_words"),
    (PARTY, _look("Nơi nhận", bold=True), "recipients_looks"),
    (PARTY, _look("Nơi nhận", underline=False), "recipients_looks"),
    (STATE, _look("Nơi nhận", italic=False), "recipients_looks"),
    (PARTY, _look("Nơi nhận", size=Pt(12)), "recipients_title_size"),
    (PARTY, _look("- Hội đồng", size=Pt(14)), "recipients_size"),
    (STATE, _say("- Hội đồng", "Hội đồng Thi đua - Khen thưởng tỉnh;"), "recipients_dash"),
    (PARTY, _say("- Lưu", "- Lưu: VT, Cụm Thi đua."), "recipients_archive"),
    (STATE, _say("- Lưu", "- Lưu Cụm Thi đua."), "recipients_archive"),
    (STATE, _drop("- Lưu"), "recipients_archive"),
    (PARTY, _without_signature, "signature"),
    (PARTY, _look("CỤM TRƯỞNG", size=Pt(12)), "signature_size"),
    (PARTY, _say("T/M", "TM. CỤM THI ĐUA"), "authority_form"),
    (STATE, _say("TM.", "T/M CỤM THI ĐUA"), "authority_form"),
    (PARTY, _say("T/M", "T/M Cụm Thi đua"), "authority_capitals"),
    (PARTY, _look("T/M", bold=False), "authority_bold"),
    (PARTY, _look("CỤM TRƯỞNG", bold=True), "office_bold"),
    (STATE, _look("CỤM TRƯỞNG", bold=False), "office_bold"),
]


def _changed(document, change):
    file = docx.Document(BytesIO(word.render(document)))
    change(file)
    stored = BytesIO()
    file.save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(("kind", "change", "code"), BAD, ids=[f"{code}-{kind}" for kind, _change, code in BAD])
def test_each_rule_finds_the_paper_that_breaks_it(kind, change, code):
    content = _changed(sample_documents.annual_summary(kind), change)

    assert code in _codes(checking.check("a.docx", content, kind))


def test_missing_parts_are_named():
    document = sample_documents.annual_summary(PARTY)
    letterhead = replace(document.letterhead, superior="", issuer=" ")
    body = replace(document, letterhead=letterhead, sections=(Section(blocks=(paragraph("Chỉ có một câu."),)),))

    found = _codes(checking.check("a.docx", word.render(body), PARTY))

    assert found == ["issuer", "recipients", "signature"]


def test_missing_recipients_of_a_list_are_only_advised():
    document = _minutes(PARTY)
    alone = replace(document, sections=(Section(blocks=(paragraph("Không có kiến nghị nào."),)),))

    found = checking.check("a.docx", word.render(alone))

    assert _codes(found) == []
    assert _codes(found, Level.ADVICE) == ["recipients", "signature"]


def test_missing_name_of_a_paper_is_found():
    document = replace(sample_documents.annual_summary(PARTY), sections=(Section(blocks=()),), footer_note="")

    content = _changed(document, lambda file: [_drop(start)(file) for start in ("BÁO CÁO", "tổng kết", "-----")])

    assert "name" in _codes(checking.check("a.docx", content))


def test_office_and_name_of_who_signs_are_asked():
    document = sample_documents.annual_summary(PARTY)
    end = SignatureBlock(
        right=Signature(authority=("T/M CỤM THI ĐUA",), name="Nguyễn Văn A"),
        left=letterheads.recipients(PARTY, ("Như trên",), archive="CTĐ"),
    )
    content = word.render(replace(document, sections=(Section(blocks=(paragraph("Một câu."), end)),)))

    assert "office" in _codes(checking.check("a.docx", content))
    looks = _look("Nguyễn", bold=False)
    file = docx.Document(BytesIO(content))
    looks(file)
    stored = BytesIO()
    file.save(stored)
    assert "name_of_signer" in _codes(checking.check("a.docx", stored.getvalue()))


def test_one_rule_broken_on_every_line_is_told_a_few_times():
    names = tuple(f"Cơ quan {number}" for number in range(50))
    document = _letter(STATE)
    end = SignatureBlock(
        right=letterheads.signature(STATE, office="Cụm trưởng"),
        left=letterheads.recipients(STATE, names, archive="CTĐ"),
    )
    content = word.render(replace(document, sections=(Section(blocks=(paragraph("Một câu./."), end)),)))

    found = checking.check("a.docx", content, PARTY)

    assert sum(one.code == "recipients_size" for one in found) == checking.MOST_OF_A_KIND


def test_deviation_says_what_was_found_and_what_is_asked():
    content = _changed(sample_documents.annual_summary(PARTY), _section(left_margin=Mm(25)))

    (found,) = checking.check("a.docx", content)

    assert (found.code, found.page, found.level) == ("margin_left", 1, Level.FAULT)
    assert found.found.endswith(": 25 mm")
    assert found.asked == "30 mm"
