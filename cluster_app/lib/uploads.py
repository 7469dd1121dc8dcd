"""What people hand in, judged before anything of it is stored: is the file what its name says, and is it harmless?

Nothing of the content is read beyond that. It is never shown by this application, only handed back as it came.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets.packages import Package
from cluster_app.lib.spreadsheets.survey import MEGABYTE, MOST_ENTRIES, MOST_UNPACKED, Damaged

MOST_PIXELS = 100_000_000
LONGEST_NAME = 200
ACCEPT = ".pdf,.docx,.xlsx,.jpg,.jpeg,.png"
"""The same list for the `accept` attribute of a file input."""

_ALIASES = {"jpeg": "jpg"}
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PNG = b"\x89PNG\r\n\x1a\n"
# Control and format characters (bidirectional overrides among them), halves of pairs, private and unknown ones, and the
# separators of lines and paragraphs: none of them belongs into a file name.
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_END_OF_ZIP = b"PK\x05\x06"
_END_LENGTH = 22
_LARGEST_DIRECTORY = MOST_ENTRIES * 1024
_MOST_SEGMENTS = 1000
_PACKAGES = {
    "docx": ("word/", b"wordprocessingml.document.main+xml"),
    "xlsx": ("xl/", b"spreadsheetml.sheet.main+xml"),
}


@dataclass(frozen=True)
class Upload:
    """A file that passed: a name safe to show, its type as pdf, docx, xlsx, jpg or png, and its content."""

    name: str
    extension: str
    content: bytes

    @property
    def size(self) -> int:
        """The length of the content in bytes."""
        return len(self.content)


class BoundedUploadHandler(FileUploadHandler):
    """Comes before the other handlers and lets them see only as much of a file as shows that it is too large, so that
    nobody fills the disk with a request that is refused anyway."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= settings.UPLOAD_LARGEST_FILE else None

    def file_complete(self, file_size: int) -> None:
        return None


def read(file: UploadedFile) -> Upload:
    """Reads and judges a file of a form. Raises Refused as `judge` does."""
    return judge(str(file.name), file.read(settings.UPLOAD_LARGEST_FILE + 1))


def judge(name: str, content: bytes) -> Upload:
    """Returns the file under a safe name if it is a PDF, Word, Excel, JPG or PNG file, really one, and within limits.

    Raises Refused, for the field `file`, with what is wrong and what to do (security.md T22).
    """
    stem, extension = _parts_of(name)
    if extension not in _CHECKS:
        raise refusal(
            _(
                "Only PDF, Word (docx), Excel (xlsx), JPG and PNG files are taken. "
                "Save the document as a PDF and try again."
            )
        )
    if not content:
        raise refusal(_("The file is empty. Choose the file again, or save it anew."))
    if len(content) > settings.UPLOAD_LARGEST_FILE:
        limit = {"limit": settings.UPLOAD_LARGEST_FILE // MEGABYTE}
        raise refusal(
            _("The file is larger than %(limit)d MB. Scan it with a lower resolution, or split it into parts.") % limit
        )
    _CHECKS[extension](content)
    return Upload(f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}", extension, content)


def refusal(sentence: str) -> Refused:
    """A refusal that stands at the file input of a form."""
    return Refused(errors={"file": [sentence]})


def _parts_of(name: str) -> tuple[str, str]:
    """Stem and type of a name without its path and without characters that hide or disorder others."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(character for character in last if unicodedata.category(character) not in _UNWANTED)
    path = PurePath(shown.strip())
    extension = path.suffix[1:].lower()
    return path.stem.strip(" .") or "file", _ALIASES.get(extension, extension)


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise _not_what_it_says("PDF")


def _check_png(content: bytes) -> None:
    if not content.startswith(_PNG):
        raise _not_what_it_says("PNG")
    if content[8:16] != b"\x00\x00\x00\rIHDR" or len(content) < 24:
        raise _damaged()
    _check_pixels(int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big"))


def _check_jpg(content: bytes) -> None:
    if not content.startswith(b"\xff\xd8\xff"):
        raise _not_what_it_says("JPG")
    place = 2
    for _segment in range(_MOST_SEGMENTS):
        head = content[place : place + 9]
        if len(head) < 9 or head[0] != 0xFF:
            break
        if head[1] == 0xFF:  # a marker may be preceded by any number of these
            place += 1
            continue
        if 0xC0 <= head[1] <= 0xCF and head[1] not in (0xC4, 0xC8, 0xCC):
            _check_pixels(int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big"))
            return
        place += 2 + max(2, int.from_bytes(head[2:4], "big"))
    raise _damaged()


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise _damaged()
    if width * height > MOST_PIXELS:
        limit = {"limit": MOST_PIXELS // 1_000_000}
        raise refusal(
            _("The picture has more than %(limit)d million points. Make it smaller, or scan with a lower resolution.")
            % limit
        )


def _check_package(extension: str) -> Callable[[bytes], None]:
    def check(content: bytes) -> None:
        if content.startswith(_COMPOUND):
            raise refusal(
                _("The file is protected by a password, or of an old Office format. Save it anew without a password.")
            )
        if not content.startswith(b"PK\x03\x04"):
            raise _not_what_it_says(extension)
        try:
            _check_parts(extension, _package(content))
        except (Damaged, zipfile.BadZipFile, NotImplementedError, zlib.error, LookupError, ValueError) as error:
            raise _damaged() from error

    return check


def _package(content: bytes) -> Package:
    """Opens the zip. Its directory is measured first: that of a hostile one would fill the memory."""
    end = content[-_END_LENGTH:]
    if not end.startswith(_END_OF_ZIP):
        raise Damaged
    try:
        if int.from_bytes(end[12:16], "little") > _LARGEST_DIRECTORY:
            raise Refused
        return Package(content)
    except Refused as error:
        raise refusal(
            _(
                "The file consists of more than %(parts)d parts, or is larger than %(limit)d MB when unpacked. "
                "Save it as a PDF and try again."
            )
            % {"parts": MOST_ENTRIES, "limit": MOST_UNPACKED // MEGABYTE}
        ) from error


def _check_parts(extension: str, package: Package) -> None:
    folder, main_type = _PACKAGES[extension]
    if any(name.startswith("/") or ".." in name.split("/") for name in package.members):
        raise Damaged
    if package.is_encrypted:
        raise refusal(_("The file is encrypted. Save it anew without a password."))
    if package.has_macros:
        raise refusal(_("The file contains macros. Save it without them, or as a PDF, and try again."))
    types = package.read("[content_types].xml") if "[content_types].xml" in package.members else b""
    if main_type not in types or not any(name.startswith(folder) for name in package.members):
        raise _not_what_it_says(extension)


def _not_what_it_says(kind: str) -> Refused:
    text = _("The content is not that of a %(type)s file. Open it in its program, save it as %(type)s and try again.")
    return refusal(text % {"type": kind})


def _damaged() -> Refused:
    return refusal(_("The file is damaged. Open it in its program, save it anew and try again."))


_CHECKS: dict[str, Callable[[bytes], None]] = {
    "pdf": _check_pdf,
    "png": _check_png,
    "jpg": _check_jpg,
    **{extension: _check_package(extension) for extension in _PACKAGES},
}
