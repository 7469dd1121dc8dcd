"""What the linter reads in PDF files, and what it refuses to read at all."""

import zipfile
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
import typst
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import translation

from cluster_app.documents import pdf, word
from cluster_app.documents.blocks import LetterheadKind, Section
from cluster_app.documents.linting import checking, pdf_reading
from cluster_app.documents.typefaces import FOLDER
from cluster_app.lib.errors import Refused
from tests.cluster_app import sample_documents, word_files

PARTY, STATE = LetterheadKind.PARTY, LetterheadKind.STATE
TEXT = "Trong năm, Cụm đã tổ chức nhiều phong trào thi đua thiết thực, hiệu quả, đúng kế hoạch đề ra. " * 20


def _printed(content, page='paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm)', size="14pt"):
    """A PDF of our own making, without a letterhead."""
    source = f'#set page({page})\n#set text(font: "Tinos", size: {size})\n#set par(justify: true)\n{content}'
    return typst.compile(source.encode(), font_paths=[FOLDER], ignore_system_fonts=True)


def _codes(content, form=None):
    return sorted({one.code for one in checking.check("a.pdf", content, form)} - {"letterhead"})


def test_plain_page_of_the_right_measures_keeps_to_the_form():
    assert _codes(_printed(TEXT)) == []


PAGE = "margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm)"


@pytest.mark.parametrize(
    ("sheet", "codes"),
    [
        (f'width: 200mm, height: 290mm, {PAGE}', ["paper"]),
        ('paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 20mm, right: 15mm)', ["margin_left"]),
        ('paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 40mm, right: 15mm)', ["margin_left"]),
        ('paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 10mm)', ["margin_right"]),
        ('paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 30mm)', ["margin_right"]),
        ('paper: "a4", margin: (top: 10mm, bottom: 20mm, left: 30mm, right: 15mm)', ["margin_top"]),
        (
            f'paper: "a4", {PAGE}, numbering: "1", number-align: top + center',
            ["page_number_first"],
        ),
        (f'paper: "a4", {PAGE}, numbering: "1"', ["page_number_first"]),
    ],
)  # fmt: skip
def test_sheet_of_other_measures_is_found(sheet, codes):
    assert _codes(_printed(TEXT, sheet)) == codes


def test_words_in_the_lower_margin_are_found():
    assert _codes(_printed(f"{TEXT} #place(bottom, dy: 10mm)[Cuối trang]")) == ["margin_bottom"]


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("none", ["page_number_missing"]),
        ("context if here().page() > 1 [#align(center)[#counter(page).display()]]", []),
        ("context if here().page() > 1 [#align(right)[#counter(page).display()]]", ["page_number_place"]),
    ],
)
def test_page_numbers_stand_in_the_middle_above_the_text(header, codes):
    page = f'paper: "a4", {PAGE}, header: {header}'

    assert _codes(_printed(f"{TEXT} #pagebreak() {TEXT}", page)) == codes


def test_other_typeface_and_size_are_found():
    assert _codes(_printed(f'#set text(font: "Libertinus Serif")\n{TEXT}')) == ["typeface"]
    assert _codes(_printed(TEXT, size="12pt")) == ["body_size"]


def test_watermark_is_no_text_of_the_paper():
    marked = replace(sample_documents.annual_summary(), watermarks=("BẢN NHÁP",))

    lines = pdf_reading.read(pdf.render(marked)).lines

    assert not [line for line in lines if "NHÁP" in line.text]


def test_lines_of_two_columns_are_read_apart_and_room_for_the_pen_is_no_column():
    lines = [line.text for line in pdf_reading.read(pdf.render(sample_documents.annual_summary(dated_on=None))).lines]

    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in lines
    assert " ".join(next(one for one in lines if one.startswith("Lạng Sơn")).split()) == "Lạng Sơn, ngày tháng năm 2021"


@pytest.mark.parametrize("kind", LetterheadKind)
@word_files.needs_office
def test_word_file_printed_by_libreoffice_keeps_to_its_form(kind, tmp_path):
    content = word.render(sample_documents.annual_summary(kind))

    printed = word_files.converted({"paper": content}, tmp_path)["paper"]

    assert checking.check("paper.pdf", printed) == []


def _refusal(name, content):
    with translation.override("en"), pytest.raises(Refused) as refused:
        checking.check(name, content)
    return refused.value.message


def test_other_files_are_refused():
    assert _refusal("a.xlsx", b"PK") == "Only PDF and Word (docx) files can be checked."
    assert _refusal("a.pdf", b"") == "The file is empty. Choose the file again, or save it anew."
    assert _refusal("a.pdf", b"MZ").startswith("The content is not that of a PDF file.")
    assert _refusal("a.docx", b"%PDF-1.7").startswith("The content is not that of a docx file.")


def test_file_that_is_too_large_is_refused():
    with override_settings(UPLOAD_LARGEST_FILE=1024 * 1024):
        assert _refusal("a.pdf", b"%PDF-" + b"0" * 1024 * 1024).startswith("The file is larger than 1 MB.")


def test_broken_pdf_is_refused():
    assert _refusal("a.pdf", pdf.render(sample_documents.pledge())[:900]).startswith("The PDF is damaged.")


def test_scan_is_refused():
    assert _refusal("a.pdf", _printed("#rect(width: 100%)")).startswith("The PDF holds no words, only pictures.")


def test_pdf_of_too_many_pages_is_refused():
    pages = _printed("#for _ in range(301) [a #pagebreak(weak: true)]", page="width: 20mm, height: 20mm, margin: 1mm")

    assert _refusal("a.pdf", pages) == "The PDF has more than 300 pages. Check it in parts."


def test_broken_word_file_is_refused():
    source = zipfile.ZipFile(BytesIO(word.render(sample_documents.pledge())))
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<w:document" if name == "word/document.xml" else source.read(name))

    assert _refusal("a.docx", broken.getvalue()).startswith("The Word file is damaged.")


def test_word_file_without_words_is_refused():
    empty = replace(sample_documents.pledge(), title="", sections=(Section(blocks=()),))

    assert _refusal("a.docx", word.render(empty)) == "The Word file holds no words."


ENCRYPTED = b"""%%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[4 0 R]/Count 1>> endobj
4 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
3 0 obj <</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>> endobj
trailer <</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]/Size 5>>
%%%%EOF""" % (b"41" * 32, b"42" * 32)


def test_encrypted_pdf_is_refused():
    assert _refusal("a.pdf", ENCRYPTED) == "The PDF is protected by a password. Save it anew without one."
    assert _refusal("a.pdf", ENCRYPTED.replace(b"/Encrypt 3 0 R", b"")) == (
        "The PDF holds no words, only pictures. Check the file from which it was made."
    )


@translation.override("en")
def test_command_lists_deviations_and_fails(tmp_path):
    good, bad, out = tmp_path / "good.pdf", tmp_path / "bad.pdf", StringIO()
    good.write_bytes(pdf.render(sample_documents.annual_summary(STATE)))
    bad.write_bytes(_printed(TEXT, size="12pt"))

    call_command("lint_document", str(good), stdout=out)
    with pytest.raises(CommandError, match="Deviations from the form: 1"):
        call_command("lint_document", str(bad), stdout=out)

    lines = out.getvalue().splitlines()
    assert lines[0] == "No deviation from the form was found."
    assert [line.split("\t")[:3] for line in lines[1:]] == [
        ["advice", "letterhead", "page 1"],
        ["fault", "body_size", "page 1"],
    ]


@translation.override("en")
def test_command_judges_by_the_form_that_is_asked(tmp_path):
    paper = tmp_path / "paper.docx"
    paper.write_bytes(word.render(sample_documents.annual_summary(PARTY)))

    with pytest.raises(CommandError, match="Deviations"):
        call_command("lint_document", str(paper), "--form", "state", stdout=StringIO())


def test_command_says_what_is_wrong_with_the_file(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("lint_document", str(tmp_path / "missing.pdf"))
