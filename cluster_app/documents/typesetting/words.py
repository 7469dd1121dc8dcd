"""Text made ready to be set: printable characters only, and words that are longer than their line can be parted."""

import re

from cluster_app.documents.measures import Face
from cluster_app.documents.typefaces import printable, width

# A place where a word may be parted without a hyphen.
MAY_PART = "\u200b"
# A PDF/A has no string of more than 32,767 bytes: what is not printed (title, words for a picture, bookmark) is cut.
LONGEST_HIDDEN = 2000
_MM = 72 / 25.4
# No word of this many letters is wider than the narrowest line but that of a table's cell.
_HARMLESS = 12
_PIECES = re.compile(r"[^-/]*[-/]+|[^-/]+")
# Longer texts are no titles.
_LONGEST_BALANCED = 400


def in_points(millimetres: float) -> float:
    return millimetres * _MM


def line_of(text: str, room: float, size: float) -> str:
    """The text without line ends of its own; `room` is the width of its line in points."""
    return parted(printable(text), room, size)


def balanced_lines_of(text: str, room: float, face: Face) -> list[str]:
    """The lines of a centred text; where it needs several they are about equally long, so that no word stands alone."""
    return [
        line
        for typed in printable(text, keeps_lines=True).split("\n")
        for line in _balanced(typed, room, face.size, bold=face.bold)
    ]


def _balanced(text: str, room: float, size: float, *, bold: bool) -> list[str]:
    widths = [(word, width(word, size=size, bold=bold)) for word in text.split(" ")]
    space = width(" ", size=size, bold=bold)
    total = sum(one + space for _word, one in widths) - space
    if total <= room or any(one > room for _word, one in widths) or len(text) > _LONGEST_BALANCED:
        return [parted(text, room, size)]
    lines = _filled(widths, room, space)
    # The narrowest line that needs no more of them.
    narrow, wide = total / len(lines), room
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        fitting = _filled(widths, middle, space)
        if len(fitting) > len(lines):
            narrow = middle
        else:
            lines, wide = fitting, middle
    return lines


def _filled(widths: list[tuple[str, float]], room: float, space: float) -> list[str]:
    """The words in lines as full as they go."""
    lines: list[list[str]] = [[]]
    filled = 0.0
    for word, one in widths:
        if lines[-1] and filled + space + one > room:
            lines.append([])
            filled = 0.0
        filled += one + (space if lines[-1] else 0)
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def parted(text: str, room: float, size: float) -> str:
    """The text in which each word wider than `room` may be parted anywhere."""
    if len(text) <= _HARMLESS and room >= size * _HARMLESS:
        return text
    return " ".join(_parted_word(word, room, size) if len(word) * size > room else word for word in text.split(" "))


def _parted_word(word: str, room: float, size: float) -> str:
    """The word that may be parted at its hyphens and slashes, and anywhere in pieces that are still too wide."""
    if width(word, size=size, bold=True) <= room:
        return word
    return MAY_PART.join(
        MAY_PART.join(piece) if width(piece, size=size, bold=True) > room else piece for piece in pieces_of(word)
    )


def pieces_of(word: str) -> list[str]:
    """The pieces of a word between its hyphens and slashes: "17-", "KH/", "UBKTTU"."""
    return _PIECES.findall(word)
