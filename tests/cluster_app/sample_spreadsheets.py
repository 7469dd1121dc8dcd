"""Workbooks for the tests, good and bad ones, put together part by part where no library would write them."""

import io
import struct
import zipfile
from datetime import UTC, datetime

from cluster_app.lib.spreadsheets import Column, Workbook

CREATED_AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SHEET_PART = "xl/worksheets/sheet1.xml"
SHARED_PART = "xl/sharedStrings.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_NO_SECTOR, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI_SECTOR, _CUTOFF = 512, 64, 4096


def xlsx(*rows, name="Tiêu chí"):
    """A workbook of one sheet as the application writes it."""
    book = Workbook(title="Thử", created_at=CREATED_AT)
    sheet = book.sheet(name, [Column(12)] * 12)
    for row in rows:
        sheet.row(row)
    return book.content()


def with_parts(content, parts, *, without=()):
    """The zip `content` with `parts` replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in without}
    return zipped({**kept, **parts})


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def with_cells(cells, *, after="", shared=()):
    """An .xlsx whose sheet holds exactly this markup, and these shared texts."""
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData>{after}</worksheet>'
    texts = "".join(f"<si><t>{text}</t></si>" for text in shared)
    return with_parts(xlsx(["x"]), {SHEET_PART: sheet, SHARED_PART: f'<sst xmlns="{_MAIN}">{texts}</sst>'})


def ods(rows, *, parts=None, visible="true"):
    """An .ods of one sheet with this markup of its rows."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text", "style")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names} office:version="1.2">'
        '<office:automatic-styles><style:style style:name="ta1" style:family="table">'
        f'<style:table-properties table:display="{visible}"/></style:style></office:automatic-styles>'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="Tiêu chí" table:style-name="ta1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": content, "META-INF/manifest.xml": "<m/>", **(parts or {})})


def with_lying_size(content, part, declared):
    """The zip `content` in which both headers of `part` promise `declared` bytes, with the checksum of just those."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        checksum = zipfile.crc32(archive.read(part)[:declared])
    return with_header(content, part, lambda _checksum, packed, _size: (checksum, packed, declared))


def with_header(content, part, change):
    """The zip `content` in which both headers of `part` name what `change` makes of checksum, packed and real size."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(part)
    truth = (entry.CRC, entry.compress_size, entry.file_size)
    written = struct.pack("<III", *truth)
    assert content.count(written) == 2
    return content.replace(written, struct.pack("<III", *change(*truth)))


# --- .xls ---


def xls(
    records,
    *,
    name="A",
    state=0,
    kind=0,
    shared=(),
    rich=False,
    extra_streams=None,
    password=False,
    texts_declared=None,
):
    """An .xls of one sheet with these cell records."""
    title = name.encode("utf-16-le")
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
    if password:
        begin += _record(0x2F, b"\0" * 6)
    texts = _shared_texts(shared, rich, texts_declared)
    length = len(begin) + 4 + 8 + len(title) + len(texts) + 4
    begin += _record(0x85, struct.pack("<IBBBB", length, state, kind, len(name), 1) + title)
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + b"".join(records) + _record(0x0A, b"")
    return compound({"Workbook": begin + texts + _record(0x0A, b"") + sheet, **(extra_streams or {})})


def number_record(row, column, value):
    return _record(0x203, struct.pack("<HHHd", row, column, 0, value))


def text_record(row, column, place):
    return _record(0xFD, struct.pack("<HHHI", row, column, 0, place))


def numbers_record(row, column, *whole_numbers):
    """Several whole numbers beside each other in one record."""
    cells = b"".join(struct.pack("<HI", 0, number << 2 | 2) for number in whole_numbers)
    last = struct.pack("<H", column + len(whole_numbers) - 1)
    return _record(0xBD, struct.pack("<HH", row, column) + cells + last)


def array_record(top, bottom, left, right):
    return _record(0x221, struct.pack("<HHBBHIH", top, bottom, left, right, 0, 0, 3) + b"\x1e\x01\x00")


def error_record(row, column):
    return _record(0x205, struct.pack("<HHHBB", row, column, 0, 0x2A, 1))


def formula_record(row, column, value):
    return _record(0x06, struct.pack("<HHHdHIH", row, column, 0, value, 0, 0, 3) + b"\x1e\x01\x00")


def merged_record(top, bottom, left, right):
    return _record(0xE5, struct.pack("<HHHHH", 1, top, bottom, left, right))


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _shared_texts(texts, rich, declared):
    """Texts follow each other in one record; each further piece of 2,000 letters goes into one that continues it."""
    if not texts and declared is None:
        return b""
    records = [struct.pack("<II", len(texts), len(texts) if declared is None else declared)]
    for text in texts:
        for start in range(0, len(text), 2000):
            piece = text[start : start + 2000]
            wide = not piece.isascii()
            head = bytes([wide])
            if not start:
                formats = struct.pack("<HI", 1, 4) if rich else b""
                head = struct.pack("<HB", len(text), wide | (12 if rich else 0)) + formats
            data = head + piece.encode("utf-16-le" if wide else "latin-1")
            if start:
                records.append(data)
            else:
                records[-1] += data
        records[-1] += bytes(8) if rich else b""
    return b"".join(_record(0x3C if place else 0xFC, data) for place, data in enumerate(records))


def compound(streams):
    """A compound file with these streams; those under 4,096 bytes share the small sectors, as the format demands."""
    sectors, table, mini, mini_table = [], [], b"", []
    entries = [b""]

    def add(data):
        start = len(sectors)
        pieces = [data[place : place + _SECTOR].ljust(_SECTOR, b"\0") for place in range(0, len(data), _SECTOR)]
        sectors.extend(pieces)
        table.extend([*range(start + 1, start + len(pieces)), _LAST])
        return start

    for name, data in streams.items():
        if len(data) < _CUTOFF:
            start, count = len(mini_table), -(-len(data) // _MINI_SECTOR)
            mini_table += [*range(start + 1, start + count), _LAST]
            mini += data.ljust(count * _MINI_SECTOR, b"\0")
        else:
            start = add(data)
        entries.append(_entry(name, 2, start, len(data)))
    entries[0] = _entry("Root Entry", 5, add(mini) if mini else _LAST, len(mini))
    small = add(struct.pack(f"<{len(mini_table)}I", *mini_table).ljust(_SECTOR, b"\xff")) if mini else _LAST
    directory = add(b"".join(entries))
    tables = len(sectors) // 127 + 1
    places = [len(sectors) + place for place in range(tables)]
    table += [_TABLE] * tables
    table += [_NO_SECTOR] * (tables * 128 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", tables, directory, 0, _CUTOFF, small, bool(mini), _LAST, 0, 0)[:-4]
    header += struct.pack("<109I", *places, *[_NO_SECTOR] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _entry(name, kind, start, size):
    title = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BBIII", kind, 1, _NO_SECTOR, _NO_SECTOR, 1 if kind == 5 else _NO_SECTOR)
    return title.ljust(64, b"\0") + struct.pack("<H", len(title)) + links + bytes(36) + struct.pack("<IQ", start, size)
