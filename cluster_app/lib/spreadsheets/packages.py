"""The zip around .xlsx and .ods files: surveyed with a limit on what really comes out, whatever its headers say."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets.markup import (
    Markup,
    OpenDocumentCells,
    Relations,
    SharedTexts,
    SheetCells,
    SheetList,
)
from cluster_app.lib.spreadsheets.survey import (
    MEGABYTE,
    MOST_ENTRIES,
    MOST_UNPACKED,
    Damaged,
    Survey,
)

SIGNATURE = b"PK\x03\x04"

_PIECE = 64 * 1024
_LOCAL_HEADER = 30
_END_RECORD = 22
_ZIP64_LOCATOR = b"PK\x06\x07"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_MACRO_MARKS = (b"macroenabled", b"vbaproject")
_MACRO_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/")


class Package:
    """The members of one zip, by lower-case path. Raises Refused for too many or too large ones, Damaged for a lie."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        end = len(content) - _END_RECORD
        if content[end - 20 : end - 16] == _ZIP64_LOCATOR:
            raise Damaged
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.comment:
                raise Damaged
            entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            limit = {"limit": MOST_ENTRIES}
            raise Refused(
                _("The file consists of more than %(limit)d parts. Save the sheet alone as a new file and try again.")
                % limit
            )
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise _too_large()
        self.members = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if len(self.members) < len(entries):
            raise Damaged

    @cached_property
    def extension(self) -> str:
        """What the parts say the file is: ".xlsx", ".ods", or "" for any other use of a zip."""
        if "xl/workbook.xml" in self.members and "[content_types].xml" in self.members:
            return ".xlsx"
        if "mimetype" in self.members and self.read("mimetype") == _OPEN_DOCUMENT:
            return ".ods"
        return ""

    @property
    def has_macros(self) -> bool:
        types = self.read("[content_types].xml").lower() if "[content_types].xml" in self.members else b""
        return any(mark in types for mark in _MACRO_MARKS) or any(
            name.startswith(_MACRO_FOLDERS) or name.endswith("vbaproject.bin") for name in self.members
        )

    @property
    def is_encrypted(self) -> bool:
        """Whether some part is encrypted, by the zip itself or as .ods does it."""
        if any(entry.flag_bits & 1 for entry in self.members.values()):
            return True
        manifest = "meta-inf/manifest.xml"
        return manifest in self.members and b"encryption-data" in self.read(manifest)

    def survey(self) -> Survey:
        """Unpacks every part once and looks at the parts that hold cells."""
        survey = Survey()
        if self.extension == ".ods":
            seen = {"content.xml"}
            self._feed("content.xml", OpenDocumentCells(survey))
        else:
            seen = self._survey_sheets(survey)
        for name in self.members:
            if name not in seen:
                for _piece in self.pieces(name):
                    pass
        survey.check_cells()
        return survey

    def _survey_sheets(self, survey: Survey) -> set[str]:
        listing, relations = SheetList(survey), Relations(survey)
        self._feed("xl/workbook.xml", listing)
        self._feed("xl/_rels/workbook.xml.rels", relations)
        texts: Counter[str] = Counter()
        seen = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"}
        for name, relation in listing.relations.items():
            path = relations.targets[relation]
            self._feed(path, SheetCells(survey, survey.add_sheet(name), texts))
            seen.add(path)
        shared = SharedTexts(survey)
        if "xl/sharedstrings.xml" in self.members:
            self._feed("xl/sharedstrings.xml", shared)
        for place, count in texts.items():
            survey.spend_characters(shared.lengths[int(place)] * count)
        return seen

    def _feed(self, name: str, markup: Markup) -> None:
        for piece in self.pieces(name):
            markup.feed(piece)
        markup.close()

    def read(self, name: str) -> bytes:
        """Returns a small part as a whole."""
        if self.members[name].file_size > MEGABYTE:
            raise Damaged
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yields what a part really unpacks to. Raises Damaged as soon as it is not what the directory declares."""
        entry = self.members[name]
        size = checksum = 0
        for piece in self._unpack(entry):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > entry.file_size:
                raise Damaged
            yield piece
        if size != entry.file_size or checksum != entry.CRC:
            raise Damaged

    def _unpack(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        header = self._content[entry.header_offset : entry.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(SIGNATURE):
            raise Damaged
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = entry.header_offset + _LOCAL_HEADER + names
        packed = memoryview(self._content)[start : start + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[place : place + _PIECE]) for place in range(0, len(packed), _PIECE))
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            yield from _inflate(packed)
        else:
            raise Damaged


def _inflate(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for place in range(0, len(packed), _PIECE):
        rest = bytes(packed[place : place + _PIECE])
        while rest and not stream.eof:
            yield stream.decompress(rest, _PIECE)
            rest = stream.unconsumed_tail
    while not stream.eof:
        piece = stream.decompress(b"", _PIECE)
        if not piece:
            raise Damaged
        yield piece


def _too_large() -> Refused:
    limit = {"limit": MOST_UNPACKED // MEGABYTE}
    return Refused(
        _("Unpacked, the file is larger than %(limit)d MB. Copy the filled cells to a new file and try again.") % limit
    )
