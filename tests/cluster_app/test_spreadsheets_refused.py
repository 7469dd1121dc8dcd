"""Files that are not read: what they are not, what is in them, and what would fill the memory."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import READABLE, read
from tests.cluster_app.read_samples import (
    COPY,
    DAMAGED,
    MEGABYTE,
    NOT_WHAT_IT_SAYS,
    ODS_CELL,
    ONE_NUMBER,
    TOO_MUCH,
    ods_row,
    refusal_of,
    values_of,
)
from tests.cluster_app.sample_spreadsheets import (
    SHARED_PART,
    SHEET_PART,
    compound,
    merged_record,
    number_record,
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
