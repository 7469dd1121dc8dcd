"""The shipped typefaces: which characters they have, and how wide a text is.

The letters of a PDF/A must all be in the face that prints them. Therefore a text is made printable before it is set.
"""

import re
import struct
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "fonts"
FAMILY = "Tinos"
REGULAR, BOLD = "Tinos-Regular.ttf", "Tinos-Bold.ttf"
# What stands for a character that the faces do not have: an emoji, a letter of another script.
SUBSTITUTE = "\u25a1"

_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_SPACES_IN_LINE = re.compile(r"[ \t\f\v]+")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
# Controls, marks of direction and of joining, soft hyphens, variation selectors: nothing of them is seen on paper.
_UNSEEN_CATEGORIES = {"Cc", "Cf"}
_VARIATIONS = range(0xFE00, 0xFE10)
_KEPT = {"\n", "\t"}


def printable(text: str, *, keeps_lines: bool = False) -> str:
    """The text as the shipped faces can print it: composed, without unseen characters, spaces run together.

    What the faces lack becomes SUBSTITUTE. Line ends become spaces, or stay with `keeps_lines`.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _SPACES_IN_LINE.sub(" ", _LINE_ENDS.sub("\n", text)) if keeps_lines else _SPACES.sub(" ", text)
    return _not_plain().sub(_replaced, text)


def width(text: str, *, size: float, bold: bool = False) -> float:
    """How wide the text is on one line, in the unit of `size`."""
    advances = _advances(BOLD if bold else REGULAR)
    return sum(advances.get(ord(character), _EM_SHARE) for character in text) * size


# The width taken for a character that a face does not have, as a share of the size.
_EM_SHARE = 0.6


def _replaced(found: re.Match[str]) -> str:
    return "".join(_substitute(character) for character in found[0])


def _substitute(character: str) -> str:
    is_unseen = unicodedata.category(character) in _UNSEEN_CATEGORIES or ord(character) in _VARIATIONS
    return "" if is_unseen else SUBSTITUTE


@cache
def _not_plain() -> re.Pattern[str]:
    """Runs of characters that cannot be printed as they are."""
    shared = set.intersection(*(set(_advances(path.name)) for path in sorted(FOLDER.glob("*.ttf"))))
    plain = {
        chr(code)
        for code in shared
        if unicodedata.category(chr(code)) not in _UNSEEN_CATEGORIES and ord("\ufffe") > code
    }
    return re.compile(f"[^{re.escape(''.join(sorted(plain | _KEPT)))}]+")


@cache
def _advances(name: str) -> Mapping[int, float]:
    """The width of each character of a face, as a share of the size (OpenType tables cmap, format 4, and hmtx)."""
    content = (FOLDER / name).read_bytes()
    tables = _tables(content)
    units = struct.unpack_from(">H", content, tables["head"] + 18)[0]
    count = struct.unpack_from(">H", content, tables["hhea"] + 34)[0]
    metrics = struct.unpack_from(f">{'Hh' * count}", content, tables["hmtx"])[::2]
    glyphs = _glyphs(content, tables["cmap"])
    return {code: metrics[min(glyph, count - 1)] / units for code, glyph in glyphs.items()}


def _tables(content: bytes) -> dict[str, int]:
    """Where each table of the font file starts."""
    count = struct.unpack_from(">H", content, 4)[0]
    records = [struct.unpack_from(">4s3I", content, 12 + 16 * number) for number in range(count)]
    return {tag.decode("ascii"): offset for tag, _checksum, offset, _length in records}


def _glyphs(content: bytes, start: int) -> dict[int, int]:
    """The glyph of each character, from the first subtable of format 4."""
    count = struct.unpack_from(">H", content, start + 2)[0]
    offsets = [start + struct.unpack_from(">2HI", content, start + 4 + 8 * number)[2] for number in range(count)]
    table = next(offset for offset in offsets if struct.unpack_from(">H", content, offset)[0] == 4)
    segments = struct.unpack_from(">H", content, table + 6)[0] // 2
    places = [table + 14 + part * 2 * segments + (2 if part else 0) for part in range(4)]
    ends, starts, deltas, ranges = (struct.unpack_from(f">{segments}H", content, place) for place in places)
    found = {}
    for number in range(segments):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            glyph = code
            if ranges[number]:
                place = places[3] + 2 * number + ranges[number] + 2 * (code - starts[number])
                glyph = struct.unpack_from(">H", content, place)[0]
            if glyph and (glyph := (glyph + deltas[number]) % 0x10000):
                found[code] = glyph
    return found
