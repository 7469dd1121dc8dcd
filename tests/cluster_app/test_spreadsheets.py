import io
import struct
import tracemalloc
import unicodedata
import zipfile
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import POINTS, READABLE, Column, Entry, Workbook, read
from tests.cluster_app.sample_spreadsheets import (
    CREATED_AT,
    SHARED_PART,
    SHEET_PART,
    array_record,
    compound,
    error_record,
    formula_record,
    merged_record,
    number_record,
    numbers_record,
    ods,
    text_record,
    with_cells,
    with_header,
    with_lying_size,
    with_parts,
    xls,
    xlsx,
    zipped,
)

MEGABYTE = 1024 * 1024
DAMAGED = "is damaged and cannot be read. Open it in Excel or LibreOffice, save it again and try again."
NOT_WHAT_IT_SAYS = (
    "is not what its ending says. Open it in Excel or LibreOffice, save it as .xlsx / .ods / .xls and try again."
)
COPY = "Copy only the cells that are needed into a new file and try again."
TOO_MUCH = "There is more in this file than can be read at once. Split it into smaller files."
ONE_NUMBER = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def refusal_of(content, name="file.xlsx", **options):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        read(content, name=name, **{"accepted": READABLE, **options})
    return refusal.value.message


def values_of(content, name="file.xlsx", **options):
    (sheet,) = read(content, name=name, accepted=READABLE, **options).sheets
    return [[cell.value for cell in row] for row in sheet.rows]


def only_cell(content, name="file.xlsx"):
    (sheet,) = read(content, name=name, accepted=READABLE).sheets
    ((cell,),) = sheet.rows
    return cell


def message_of(cell, **options):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        cell.number(**options)
    return refusal.value.message


def ods_row(cells, attributes=""):
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


# --- Reading: values and places ---


def test_read_gives_values_exactly_and_where_they_stand():
    content = xlsx(["1.1", Decimal("8.75"), 6], [None, True, date(2026, 12, 31)])

    (sheet,) = read(content, name="Bộ tiêu chí.XLSX").sheets

    assert sheet.name == "Tiêu chí"
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["1.1", Decimal("8.75"), Decimal(6)],
        [None, True, date(2026, 12, 31)],
    ]
    assert [[cell.address for cell in row] for row in sheet.rows] == [["A1", "B1", "C1"], ["A2", "B2", "C2"]]
    assert [cell.text() for row in sheet.rows for cell in row] == ["1.1", "8.75", "6", "", "True", "31/12/2026"]
    assert [cell.is_empty for cell in sheet.rows[1]] == [True, False, False]


def test_rows_begin_at_the_top_of_the_page_whatever_is_empty():
    (sheet,) = read(with_cells('<row r="7"><c r="C7"><v>5</v></c></row>'), name="file.xlsx").sheets

    assert [len(row) for row in sheet.rows] == [3] * 7
    assert sheet.cell("C7").number() == 5
    assert sheet.cell("C7").address == "C7"
    assert (sheet.cell("AB12").value, sheet.cell("AB12").address) == (None, "AB12")


def test_text_is_composed_and_stripped():
    decomposed = unicodedata.normalize("NFD", "  Cụm thi đua\n")

    assert only_cell(xlsx([decomposed])).text() == "Cụm thi đua"


def test_date_with_a_time_keeps_it():
    cells = '<row r="1"><c r="A1" t="d"><v>2026-01-02T03:04:00</v></c></row>'

    assert only_cell(with_cells(cells)).text() == "02/01/2026 03:04"


def test_sheet_is_found_by_name_whatever_its_capitals():
    book = read(xlsx(["x"], name="Mức điểm"), name="file.xlsx")

    assert book.sheet(unicodedata.normalize("NFD", "MỨC ĐIỂM")) is book.sheets[0]
    with translation.override("en"), pytest.raises(Refused, match="There is no sheet “Tiêu chí” in the file"):
        book.sheet("Tiêu chí")


def test_chart_sheet_is_passed_over():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_chartsheet("Biểu đồ")
    book.add_worksheet("Số liệu").write_number("B1", 8.75)
    book.close()

    assert values_of(buffer.getvalue()) == [[None, Decimal("8.75")]]


def test_empty_sheet_has_no_rows():
    assert values_of(with_cells("")) == []


def test_formulas_of_xlsx_are_known_in_all_their_cells():
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><f t="array" ref="A2:B3">C1:D2</f><v>1</v></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><f t="shared" ref="A4:A5" si="0">1</f><v>1</v></c></row>'
        '<row r="5"><c r="A5"><f t="shared" si="0"/><v>1</v></c></row>'
    )

    (sheet,) = read(with_cells(cells), name="file.xlsx").sheets

    assert [cell.address for row in sheet.rows for cell in row if cell.is_formula] == [
        *("A1", "A2", "B2", "A3", "B3", "A4", "A5")
    ]


def test_formula_without_a_result_is_an_empty_cell():
    (sheet,) = read(with_cells('<row r="1"><c r="B1"><f>A1</f></c></row>'), name="file.xlsx").sheets

    assert [(cell.is_empty, cell.is_formula) for cell in sheet.rows[0]] == [(True, False), (True, True)]


def test_formulas_of_ods_are_known_in_all_their_cells():
    formula = '<table:table-cell office:value-type="float" office:value="2" table:formula="of:=1+1"{}/>'
    rows = ods_row(formula.format("") + ODS_CELL.format("", "x") + formula.format(' table:number-columns-repeated="2"'))

    (sheet,) = read(ods(rows), name="file.ods", accepted=READABLE).sheets

    assert [(cell.text(), cell.is_formula) for cell in sheet.rows[0]] == [
        *(("2", True), ("x", False), ("2", True), ("2", True))
    ]


def test_ods_repeats_are_laid_out():
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        ods_row(ODS_CELL.format(' table:number-columns-repeated="2"', "a") + empty)
        + ods_row(ODS_CELL.format("", "b"), ' table:number-rows-repeated="2"')
        + ods_row(empty, ' table:number-rows-repeated="1048500"')
    )

    assert values_of(ods(rows), "file.ods") == [["a", "a"], ["b", None], ["b", None]]


def test_cells_without_an_address_follow_each_other():
    row = "<row><c><v>1</v></c><c><v>2</v></c></row>"

    assert values_of(with_cells(row + row)) == [[1, 2], [1, 2]]


def test_xls_knows_rows_of_numbers_array_formulas_and_formatted_texts():
    records = [numbers_record(0, 0, 7, 8), array_record(0, 0, 0, 1), text_record(1, 0, 1), text_record(1, 1, 0)]

    (sheet,) = read(xls(records, shared=["Một" * 1000, "b"], rich=True), name="a.xls", accepted=READABLE).sheets

    assert [[cell.value for cell in row] for row in sheet.rows] == [[7, 8], ["b", "Một" * 1000]]
    assert [cell.is_formula for row in sheet.rows for cell in row] == [True, True, False, False]


def test_xls_is_read_with_long_texts_and_formulas():
    long_text = "đ" * 3000 + "a" * 3000 + "ệ"
    records = [number_record(0, 0, 8.75), text_record(0, 1, 1), text_record(1, 1, 0), formula_record(2, 0, 2.0)]

    (sheet,) = read(xls(records, name="Một", shared=[long_text, "b"]), name="a.xls", accepted=READABLE).sheets

    assert sheet.name == "Một"
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        [Decimal("8.75"), "b"],
        [None, long_text],
        [Decimal(2), None],
    ]
    assert [cell.address for row in sheet.rows for cell in row if cell.is_formula] == ["A3"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (with_cells('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1"><v>1</v></c></row>'), "a.xlsx"),
        (xls([error_record(0, 0), number_record(0, 1, 1.0)]), "a.xls"),
    ],
    ids=["xlsx", "xls"],
)
def test_error_is_neither_empty_nor_a_value(content, name):
    (sheet,) = read(content, name=name, accepted=READABLE).sheets
    cell = sheet.cell("A1")

    assert (cell.is_error, cell.is_empty) == (True, False)
    assert message_of(cell) == "The cell shows an error. Enter the value itself."


# --- Reading: numbers ---


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("6", "6"),
        ("6.0", "6"),
        ("0.30000000000000004", "0.3"),
        ("947.5", "947.5"),
        ("-0.0", "0"),
        ("9999999999999.99", "9999999999999.99"),
        ("9.99999999999999E12", "9999999999999.99"),
        ("4503599627370.49", "4503599627370.49"),
    ],
)
def test_number_cell_is_the_decimal_that_was_meant(written, value):
    cell = only_cell(with_cells(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))

    assert str(cell.number()) == value


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("0.125", "Write at most 2 digits after the comma."),
        ("1E-300", "Write at most 2 digits after the comma."),
        ("1234567890123.456", "Write at most 2 digits after the comma."),
        ("12345678901234", "Write at most 13 digits before the comma."),
        ("123456789012345678901234567890", "Write at most 13 digits before the comma."),
        ("1E308", "Write at most 13 digits before the comma."),
        ("NaN", "Write the number in digits with a decimal comma, for example 8,75."),
        ("1E999", "Write the number in digits with a decimal comma, for example 8,75."),
        ("10.01", "At most 10 is possible here."),
    ],
)
def test_number_cell_that_cannot_be_kept_is_refused(written, message):
    cell = only_cell(with_cells(f'<row r="1"><c r="A1"><v>{written}</v></c></row>'))

    assert message_of(cell, maximum=Decimal(10)) == message


def test_number_typed_as_text_is_read_as_in_a_form():
    assert only_cell(xlsx(["1.234,5"])).number() == Decimal("1234.5")
    assert message_of(only_cell(xlsx(["8.75"]))) == "The decimals follow a comma: write 8,75 instead of 8.75."
    assert message_of(only_cell(xlsx(["chín"]))).startswith("Write the number in digits")
    assert message_of(only_cell(xlsx([True]))).startswith("Write the number in digits")
    assert message_of(only_cell(xlsx(["8,75"])), places=0) == "Write a whole number, without decimals."


def test_number_that_excel_took_for_a_date_is_refused():
    assert message_of(only_cell(xlsx([date(2026, 7, 8)]))) == (
        "Excel took this for a date or time. Set the format of the cell to Number and enter it again."
    )


# --- Refusals: what kind of file it is ---

XLSX, XLS, ODS = xlsx(["x"]), xls([number_record(0, 0, 1.0)]), ods(ods_row(ODS_CELL.format("", "x")))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (XLS, "a.xlsx"),
        (XLSX, "a.xls"),
        (XLSX, "a.ods"),
        (ODS, "a.xlsx"),
        (b"", "a.xlsx"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.xlsx"),
        ("Mã;Tên\n1;Một\n".encode(), "a.xlsx"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a.xls"),
        (bytes(range(256)) * 8, "a.ods"),
        (zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"}), "a.xlsx"),
        (compound({"WordDocument": b"x" * 5000}), "a.xls"),
    ],
    ids=[
        "xls-as-xlsx",
        "xlsx-as-xls",
        "xlsx-as-ods",
        "ods-as-xlsx",
        "empty",
        "pdf",
        "csv",
        "html",
        "bytes",
        "docx-as-xlsx",
        "doc-as-xls",
    ],
)
def test_content_must_be_what_the_ending_says(content, name):
    assert refusal_of(content, name) == f"The content of “{name}” {NOT_WHAT_IT_SAYS}"


@pytest.mark.parametrize("name", ["a.csv", "a.pdf", "a", "a.xlsx.exe"])
def test_other_endings_are_refused(name):
    assert refusal_of(XLSX, name) == f"“{name}” cannot be read here. Save it as .xlsx / .ods / .xls and try again."


def test_caller_says_which_endings_it_accepts():
    assert refusal_of(XLS, "a.xls", accepted=(".xlsx", ".ods")) == (
        "“a.xls” cannot be read here. Save it as .xlsx / .ods and try again."
    )


TYPES = "[Content_Types].xml"
MACRO_TYPE = '<Types><Default Extension="x" ContentType="application/vnd.ms-office.vbaProject"/></Types>'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (XLSX, "a.xlsm"),
        (XLSX, "a.XLTM"),
        (with_parts(XLSX, {"xl/vbaProject.bin": b"x"}), "a.xlsx"),
        (with_parts(XLSX, {"xl\\VBAPROJECT.BIN": b"x"}), "a.xlsx"),
        (with_parts(XLSX, {TYPES: MACRO_TYPE}), "a.xlsx"),
        (with_parts(XLSX, {"xl/macrosheets/sheet1.xml": "<x/>"}), "a.xlsx"),
        (ods("", parts={"Basic/Standard/Module1.xml": "<x/>"}), "a.ods"),
        (xls([], extra_streams={"_VBA_PROJECT": b"x"}), "a.xls"),
        (xls([], kind=1), "a.xls"),
    ],
)
def test_macros_are_refused(content, name):
    assert refusal_of(content, name) == (
        f"“{name}” may contain macros. Save it as an ordinary workbook (.xlsx) and try again."
    )


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"}), "a.xlsx"),
        (xls([], password=True), "a.xls"),
        (ods("", parts={"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}), "a.ods"),
    ],
    ids=["xlsx", "xls", "ods"],
)
def test_password_is_refused(content, name):
    assert refusal_of(content, name) == f"“{name}” is locked by a password. Save it without one and try again."


# --- Refusals: what is in it ---


def test_hidden_sheets_are_refused_unless_allowed():
    hidden = with_parts(XLSX, {"xl/workbook.xml": hidden_workbook(XLSX, "veryHidden")})

    assert refusal_of(hidden) == "The file has hidden sheets: Tiêu chí. Show or delete them and try again."
    assert values_of(hidden, allow_hidden=True) == [["x"]]
    assert refusal_of(xls([number_record(0, 0, 1.0)], state=1), "a.xls").startswith("The file has hidden sheets: A.")
    assert refusal_of(ods("", visible="false"), "a.ods").startswith("The file has hidden sheets: Tiêu chí.")


def hidden_workbook(content, state):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    return workbook.replace("<sheet name", f'<sheet state="{state}" name')


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (
            with_cells(ONE_NUMBER, after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="D4:D9"/></mergeCells>'),
            "a.xlsx",
            "Sheet “Tiêu chí” has merged cells: A1:B2, D4:D9. Unmerge them and try again.",
        ),
        (
            ods(ods_row(ODS_CELL.format("", "") + ODS_CELL.format(' table:number-columns-spanned="3"', "x"))),
            "a.ods",
            "Sheet “Tiêu chí” has merged cells: B1:D1. Unmerge them and try again.",
        ),
        (
            xls([number_record(0, 0, 1.0), merged_record(0, 1, 0, 2)]),
            "a.xls",
            "Sheet “A” has merged cells: A1:C2. Unmerge them and try again.",
        ),
    ],
    ids=["xlsx", "ods", "xls"],
)
def test_merged_cells_are_refused_with_their_place_unless_allowed(content, name, sentence):
    assert refusal_of(content, name) == sentence
    assert len(read(content, name=name, accepted=READABLE, allow_merged=True).sheets) == 1


def test_largest_sheet_is_read():
    content = with_cells(f'{ONE_NUMBER}<row r="60000"><c r="B60000"><v>7</v></c></row>')

    (sheet,) = read(content, name="a.xlsx").sheets

    assert len(sheet.rows) == 60_000
    assert sheet.cell("B60000").number() == 7


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04" + bytes(5 * MEGABYTE), "a.xlsx", "“a.xlsx” is larger than 5 MB. Copy the filled cells"),
        (XLSX[: len(XLSX) // 2], "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (XLSX[:-22] + XLSX[-22:-2] + b"\1\0x", "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (XLS[:1024], "a.xls", f"“a.xls” {DAMAGED}"),
        (with_cells("<row>"), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (with_cells('<row r="1"><c r="A1" t="s"><v>4</v></c></row>'), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (with_cells('<row r="x"><c><v>4</v></c></row>'), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (with_cells('<row r="1"><c><f t="array" ref="A9:A1">1</f></c></row>'), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (with_parts(XLSX, {}, without={SHEET_PART}), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
        (ods(ods_row("<table:table/>")), "a.ods", f"“a.ods” {DAMAGED}"),
    ],
)
def test_damaged_or_large_file_is_refused_in_a_sentence(content, name, sentence):
    assert refusal_of(content, name).startswith(sentence)


def packed_otherwise(method):
    with zipfile.ZipFile(io.BytesIO(XLSX)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, method)


def with_encrypted_flag(content):
    place = content.index(b"PK\x01\x02")
    return content[: place + 8] + b"\1" + content[place + 9 :]


@pytest.mark.parametrize(
    "content",
    [
        with_header(XLSX, SHEET_PART, lambda checksum, packed, size: (checksum ^ 1, packed, size)),
        with_header(XLSX, SHEET_PART, lambda checksum, packed, size: (checksum, packed - 9, size)),
        with_header(XLSX, SHEET_PART, lambda checksum, packed, size: (checksum, packed, size + 1)),
        with_header(XLSX, SHEET_PART, lambda checksum, packed, size: (checksum, packed, size - 1)),
        with_parts(XLSX, {"XL/Workbook.xml": "<x/>"}),
        XLSX[:-22] + b"PK\x06\x07" + bytes(16) + XLSX[-22:],
        XLSX.replace(b"PK\x03\x04", b"PK\x03\x05").replace(b"PK\x03\x05", b"PK\x03\x04", 1),
        packed_otherwise(zipfile.ZIP_BZIP2),
    ],
    ids=["checksum", "packed size", "larger", "smaller", "two of a name", "two directories", "local header", "method"],
)
def test_zip_that_two_readers_could_read_differently_is_refused(content):
    assert refusal_of(content, "a.xlsx") == f"“a.xlsx” {DAMAGED}"


def test_zip_without_compression_is_read_and_an_encrypted_one_is_not():
    assert values_of(packed_otherwise(zipfile.ZIP_STORED)) == [["x"]]
    assert "is locked by a password" in refusal_of(with_encrypted_flag(XLSX))


def test_panic_of_the_library_becomes_a_sentence(capfd):
    nine_merged_ranges_in_two_bytes = struct.pack("<HHH", 0xE5, 2, 9)

    with translation.override("en"), pytest.raises(Refused) as refusal:
        read(xls([nine_merged_ranges_in_two_bytes]), name="a.xls", accepted=READABLE)

    assert refusal.value.message == f"“a.xls” {DAMAGED}"
    assert type(refusal.value.__cause__).__name__ == "PanicException"


# --- Refusals: files that would fill the memory ---


def memory_taken(act):
    """The most bytes that `act` held beyond what was held before, in all libraries where the system can say."""
    peak = Path("/proc/self/clear_refs")
    if not peak.exists():
        tracemalloc.start()
        act()
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return taken
    peak.write_text("5", encoding="ascii")
    before = kilobytes("VmRSS")
    act()
    return (kilobytes("VmHWM") - before) * 1024


def kilobytes(key):
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(key))


def entities():
    names = "".join(f'<!ENTITY a{depth} "{f"&a{depth - 1};" * 10}">' for depth in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">{names}]><worksheet>&a9;</worksheet>'


LONG_TEXT = "x" * 30_000
TEXT_CELLS = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 2001))
MANY_CELLS = '<row r="1">' + '<c r="A1"><v>1</v></c>' * 2_000_000 + "</row>"
BOMBS = {
    "unpacks to 142 MB": (
        lambda: with_parts(XLSX, {"xl/media/image1.bmp": bytes(142 * MEGABYTE)}),
        "a.xlsx",
        "Unpacked, the file is larger than 64 MB. Copy the filled cells to a new file and try again.",
    ),
    "lies about its size": (
        lambda: with_lying_size(with_cells(" " * 142 * MEGABYTE), SHEET_PART, 1000),
        "a.xlsx",
        f"“a.xlsx” {DAMAGED}",
    ),
    "lies in a part that holds no cells": (
        lambda: with_lying_size(with_parts(XLSX, {"xl/media/a": bytes(100 * MEGABYTE)}), "xl/media/a", 10),
        "a.xlsx",
        f"“a.xlsx” {DAMAGED}",
    ),
    "many parts": (
        lambda: with_parts(XLSX, {f"xl/media/{number}": b"" for number in range(200)}),
        "a.xlsx",
        "The file consists of more than 200 parts. Save the sheet alone as a new file and try again.",
    ),
    "cell in the last corner": (
        lambda: with_cells(f'{ONE_NUMBER}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "a.xlsx",
        f"Sheet “Tiêu chí” reaches down to row 1.048.576; at most 60.000 rows can be read. {COPY}",
    ),
    "wide": (
        lambda: with_cells('<row r="1"><c r="A1"><v>1</v></c><c r="IW1"><v>1</v></c></row>'),
        "a.xlsx",
        f"Sheet “Tiêu chí” reaches to column IW; at most 256 columns can be read. {COPY}",
    ),
    "large rectangle": (
        lambda: with_cells(f'{ONE_NUMBER}<row r="60000"><c r="IV60000"><v>1</v></c></row>'),
        "a.xlsx",
        f"The sheets of this file span more than 150.000 cells. {COPY}",
    ),
    "large area of one formula": (
        lambda: with_cells('<row r="1"><c r="A1"><f t="array" ref="A1:IV50000">1</f><v>1</v></c></row>'),
        "a.xlsx",
        TOO_MUCH,
    ),
    "one text in many cells": (lambda: with_cells(TEXT_CELLS, shared=[LONG_TEXT]), "a.xlsx", TOO_MUCH),
    "many cells": (lambda: with_cells(MANY_CELLS), "a.xlsx", TOO_MUCH),
    "many empty cells": (lambda: with_cells('<row r="1">' + '<c r="A1"/>' * 5_000_000 + "</row>"), "a.xlsx", TOO_MUCH),
    "deep": (lambda: with_cells("<a>" * 5_000_000 + "</a>" * 5_000_000), "a.xlsx", TOO_MUCH),
    "long name": (lambda: with_cells(f'<a b="{"x" * 60_000_000}"/>'), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
    "entities": (lambda: with_parts(XLSX, {SHEET_PART: entities()}), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
    "entities in the texts": (lambda: with_parts(XLSX, {SHARED_PART: entities()}), "a.xlsx", f"“a.xlsx” {DAMAGED}"),
    "rows of an ods": (
        lambda: ods(ods_row(ODS_CELL.format("", "x"), ' table:number-rows-repeated="1048576"')),
        "a.ods",
        f"Sheet “Tiêu chí” reaches down to row 1.048.576; at most 60.000 rows can be read. {COPY}",
    ),
    "one text in many cells of an ods": (
        lambda: ods(ods_row(ODS_CELL.format(' table:number-columns-repeated="250"', LONG_TEXT)) * 2),
        "a.ods",
        TOO_MUCH,
    ),
    "repeats of an ods": (
        lambda: ods(ods_row(ODS_CELL.format(' table:number-columns-repeated="99999999999"', "x"))),
        "a.ods",
        f"“a.ods” {DAMAGED}",
    ),
    "last corner of an xls": (
        lambda: xls([number_record(0, 0, 1.0), number_record(65_535, 255, 1.0)]),
        "a.xls",
        f"Sheet “A” reaches down to row 65.536; at most 60.000 rows can be read. {COPY}",
    ),
    "one text in many cells of an xls": (
        lambda: xls([text_record(row, 0, 0) for row in range(2000)], shared=[LONG_TEXT]),
        "a.xls",
        TOO_MUCH,
    ),
    "texts that an xls only declares": (
        lambda: xls([], texts_declared=0xFFFFFFFF),
        "a.xls",
        f"“a.xls” {DAMAGED}",
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb_is_refused_before_it_fills_the_memory(bomb):
    build, name, sentence = BOMBS[bomb]
    content = build()
    messages = []

    taken = memory_taken(lambda: messages.append(refusal_of(content, name)))

    assert messages == [sentence]
    assert taken < 100 * MEGABYTE


def test_circle_in_an_xls_is_refused():
    content = bytearray(xls([number_record(row, 0, 1.0) for row in range(400)]))
    (table,) = struct.unpack_from("<I", content, 76)
    struct.pack_into("<I", content, (table + 1) * 512 + 4, 0)

    assert refusal_of(bytes(content), "a.xls") == f"“a.xls” {DAMAGED}"


# --- Writing ---

TEXTS = st.one_of(
    st.sampled_from(
        ["=1+1", "@x", "+1", "-1", "\tx", "<r>&</r>", "<r><t>x</t></r>", "_x0041_", "https://x.vn", "{=1}"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), min_size=1, max_size=40),
    st.just(unicodedata.normalize("NFD", "Thi đua – Khen thưởng")),
)
NUMBERS = st.decimals(min_value=Decimal("-9999999999999.99"), max_value=Decimal("9999999999999.99"), places=2)
DAYS = st.dates(min_value=date(1900, 3, 1))


@given(
    st.lists(st.one_of(TEXTS, NUMBERS, DAYS, st.booleans(), st.integers(-(10**13), 10**13)), min_size=1, max_size=12)
)
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_again(values):
    (row,) = read(xlsx([*values]), name="a.xlsx").sheets[0].rows

    assert [cell.value for cell in row] == [*values]
    assert not any(cell.is_formula for cell in row)


@given(NUMBERS)
@settings(max_examples=300, deadline=None)
def test_every_number_of_13_and_2_digits_survives(number):
    cell = only_cell(xlsx([number]))

    assert cell.value == number
    if abs(number) < 10**13:
        assert cell.number() == number


def test_equal_input_gives_equal_bytes_and_another_time_does_not():
    def written(at):
        book = Workbook(title="Phiếu chấm điểm", created_at=at)
        sheet = book.sheet("Phiếu", [Column(10), Column(20)], protected=True)
        sheet.fact("Năm", 2026)
        sheet.head(["Mã", "Kết quả"])
        sheet.row(["1", Entry(Decimal("8.75"), maximum=Decimal(10))])
        return book.content()

    in_hanoi = CREATED_AT.astimezone(timezone(timedelta(hours=7)))

    assert written(CREATED_AT) == written(in_hanoi)
    assert written(CREATED_AT) != written(CREATED_AT + timedelta(seconds=1))


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_score_card_has_locked_cells_entries_and_a_head_that_stays():
    book = Workbook(title="Phiếu chấm điểm", created_at=CREATED_AT)
    sheet = book.sheet("Phiếu", [Column(10), Column(40), Column(12, POINTS), Column(12)], protected=True)
    sheet.title("Phiếu chấm điểm")
    rows = [sheet.fact("Năm", 2026), sheet.gap(), sheet.head(["Mã", "Nội dung", "Điểm", "Có"])]
    rows.append(sheet.row(["1", "A", Entry(Decimal(5), Decimal(0), Decimal(10)), Entry(choices=["Có", "Không"])]))
    rows.append(sheet.next_row)

    with translation.override("en"):
        parts = parts_of(book.content())
    markup = parts[SHEET_PART]

    assert rows == [2, 3, 4, 5, 6]
    assert '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>' in markup
    assert '<pane ySplit="4" topLeftCell="A5"' in markup
    assert 'orientation="landscape"' in markup
    assert 'fitToHeight="0"' in markup
    assert "Phiếu!$A$1:$D$5" in parts["xl/workbook.xml"]
    assert "Phiếu!$4:$4" in parts["xl/workbook.xml"]
    assert "<formula1>0</formula1><formula2>10</formula2>" in markup
    assert '<formula1>"Có,Không"</formula1>' in markup
    assert "<dc:title>Phiếu chấm điểm</dc:title>" in parts["docProps/core.xml"]
    assert "2026-11-22T08:30:00Z" in parts["docProps/core.xml"]
    assert parts["xl/styles.xml"].count('<protection locked="0"/>') == 2


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        (Entry(minimum=Decimal("0.5")), 'operator="greaterThanOrEqual"'),
        (Entry(maximum=Decimal("9999999999999.99")), "<formula1>9999999999999.99</formula1>"),
        (Entry(choices_from="='Mức điểm'!$A$2:$A$9"), "<formula1>'Mức điểm'!$A$2:$A$9</formula1>"),
    ],
)
def test_entry_carries_its_rule(entry, rule):
    assert rule in parts_of(xlsx([entry]))[SHEET_PART]


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1234567890123.456"),
        Decimal("NaN"),
        10**15 + 1,
        "x" * 32_768,
        Entry(choices=["một, hai"]),
        Entry(choices=["x" * 200, "y" * 200]),
    ],
)
def test_what_excel_would_change_is_not_written(value):
    with pytest.raises(ValueError, match=r"digits|characters|choices_from"):
        xlsx([value])


def test_time_of_day_second_head_and_time_without_zone_are_mistakes_of_the_caller():
    book = Workbook(title="x", created_at=CREATED_AT)
    sheet = book.sheet("x", [Column(10)])
    sheet.head(["x"])

    with pytest.raises(ValueError, match="one head row"):
        sheet.head(["x"])
    with pytest.raises(TypeError, match="time of day"):
        sheet.row([datetime(2026, 1, 2, 3, 4)])  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        Workbook(title="x", created_at=datetime(2026, 1, 2))  # noqa: DTZ001


def test_day_before_excels_calendar_is_written_as_text():
    assert values_of(xlsx([date(1890, 5, 19)])) == [["19/05/1890"]]
