"""The container around .xls files, and the cell records inside: looked at for the survey, never interpreted.

The layout follows Microsoft's open specifications MS-CFB (container) and MS-XLS (records).
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from cluster_app.lib.spreadsheets.survey import Area, Damaged, SheetSurvey, Survey, place_of

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA
_IN_HEADER = 109
_ROOT = 5
_ENTRY = 128

_END, _BOOLERR, _FORMULA, _PASSWORD, _CONTINUE = 0x0A, 0x205, 0x06, 0x2F, 0x3C
_SHEET, _SHARED_TEXTS, _TEXT_OF, _SEVERAL, _ARRAY = 0x85, 0xFC, 0xFD, 0xBD, 0x221
_OLD_FORMULAS = (0x206, 0x406)
# Number, text, shared number, formatted text, truth value, shared text: all begin with row and column.
_CELLS = {0x203, 0x204, 0x27E, 0xD6, _BOOLERR, _TEXT_OF, _SEVERAL, _FORMULA, *_OLD_FORMULAS}
_MACRO_SHEET = 1
_WIDE, _EXTENDED, _FORMATTED = 1, 4, 8

Record = tuple[int, bytes]


class Compound:
    """The streams of one compound file by name. Raises Damaged where its chains do not hold together."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        shift, mini_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise Damaged
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        (tables,) = struct.unpack_from("<I", content, 44)
        (directory,) = struct.unpack_from("<I", content, 48)
        self._cutoff, mini_table = struct.unpack_from("<II", content, 56)
        if tables > _IN_HEADER:
            raise Damaged
        places = struct.unpack_from(f"<{tables}I", content, 76)
        self._table = _numbers(b"".join(self._sector(place) for place in places))
        self._mini_table = _numbers(self._chain(mini_table))
        self._entries: dict[str, tuple[int, int]] = {}
        self._mini_stream = b""
        self._read_directory(self._chain(directory))

    @property
    def names(self) -> set[str]:
        """The names of all streams and folders, in upper case."""
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        start, size = self._entries[name.upper()]
        if size >= self._cutoff:
            return self._chain(start)[:size]
        pieces = (
            self._mini_stream[place * self._mini_size : (place + 1) * self._mini_size]
            for place in _follow(self._mini_table, start)
        )
        return b"".join(pieces)[:size]

    def _read_directory(self, directory: bytes) -> None:
        for offset in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            entry = directory[offset : offset + _ENTRY]
            length = int.from_bytes(entry[64:66], "little")
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le")
            start, size = struct.unpack_from("<II", entry, 116)
            if entry[66] == _ROOT:
                self._mini_stream = self._chain(start)
            elif entry[66]:
                self._entries[name.upper()] = (start, size)

    def _sector(self, place: int) -> bytes:
        return self._content[(place + 1) * self._size : (place + 2) * self._size]

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(place) for place in _follow(self._table, start))


def _numbers(sectors: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4])


def _follow(table: tuple[int, ...], place: int) -> Iterator[int]:
    """Yields the sectors of a chain; one that is longer than its table runs in a circle."""
    for _step in range(len(table) + 1):
        if place >= _LAST_SECTOR:
            return
        yield place
        place = table[place]
    raise Damaged


class Records:
    """The records of an .xls workbook."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream
        self._survey = Survey()
        self._lengths: list[int] = []
        self.has_macros = self.is_encrypted = False

    def survey(self) -> Survey:
        """Follows every sheet from where the workbook says that it begins, just as the reading will."""
        begins: list[tuple[int, str]] = []
        shared: list[bytes] = []
        texts_go_on = False
        for kind, data in self._from(0):
            texts_go_on = kind == _SHARED_TEXTS or (kind == _CONTINUE and texts_go_on)
            if texts_go_on:
                shared.append(data)
            if kind == _SHEET:
                begins.append((int.from_bytes(data[:4], "little"), _short_text(data[6:])))
                self.has_macros |= data[5] == _MACRO_SHEET
            elif kind == _PASSWORD:
                self.is_encrypted = True
                return self._survey
        self._lengths = _lengths_of(shared)
        for begin, name in begins:
            sheet = self._survey.add_sheet(name)
            for kind, data in self._from(begin):
                self._survey_record(sheet, kind, data)
        self._survey.check_cells()
        return self._survey

    def _from(self, offset: int) -> Iterator[Record]:
        while offset + 4 <= len(self._stream):
            kind, length = struct.unpack_from("<HH", self._stream, offset)
            if kind == _END:
                return
            self._survey.spend_elements()
            self._survey.spend_characters(length)
            yield kind, self._stream[offset + 4 : offset + 4 + length]
            offset += 4 + length

    def _survey_record(self, sheet: SheetSurvey, kind: int, data: bytes) -> None:
        if kind == _ARRAY:
            top, bottom, left, right = struct.unpack_from("<HHBB", data)
            sheet.reach(bottom, right)
            area = Area(top, left, bottom, right)
            self._survey.spend_elements(area.count)
            sheet.add_formulas(area)
        if kind not in _CELLS:
            return
        row, column = struct.unpack_from("<HH", data)
        sheet.reach(row, column)
        if kind == _SEVERAL:
            sheet.reach(row, int.from_bytes(data[-2:], "little"))
        elif kind == _TEXT_OF:
            (text,) = struct.unpack_from("<I", data, 6)
            self._survey.spend_characters(self._lengths[text])
        elif kind == _BOOLERR and data[7]:
            sheet.errors.add(place_of(row, column))
        elif kind in {_FORMULA, *_OLD_FORMULAS}:
            sheet.formulas.add(place_of(row, column))


def _short_text(data: bytes) -> str:
    length, wide = data[0], data[1] & 1
    return data[2 : 2 + (length << wide)].decode("utf-16-le" if wide else "latin-1")


def _lengths_of(shared: list[bytes]) -> list[int]:
    """Returns the length of each shared text; a text may go on in the next record, there behind a new width."""
    data = b"".join(shared)
    if not data:
        return []
    (count,) = struct.unpack_from("<I", data, 4)
    if count > len(data) // 3:
        raise Damaged
    borders = list(accumulate(map(len, shared)))
    lengths, offset = [], 8
    for _text in range(count):
        length, flags = struct.unpack_from("<HB", data, offset)
        offset += 3
        formats = extra = 0
        if flags & _FORMATTED:
            (formats,) = struct.unpack_from("<H", data, offset)
            offset += 2
        if flags & _EXTENDED:
            (extra,) = struct.unpack_from("<I", data, offset)
            offset += 4
        offset = _after_characters(data, borders, offset, length, flags & _WIDE) + 4 * formats + extra
        lengths.append(length)
    return lengths


def _after_characters(data: bytes, borders: list[int], offset: int, length: int, wide: int) -> int:
    while length:
        border = borders[bisect_left(borders, offset)]
        taken = min(length, (border - offset) >> wide)
        length -= taken
        offset += taken << wide
        if length:
            wide = data[border] & _WIDE
            offset = border + 1
    return offset
