"""Vietnamese text: search without accents, the order of the Vietnamese alphabet, and the natural order of codes."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEYS = {letter: chr(64 + place) for place, letter in enumerate(_ALPHABET)}
# The five marks above or below a vowel, in dictionary order; an unmarked vowel comes before them.
_TONE_KEYS = {
    "\N{COMBINING GRAVE ACCENT}": "1",
    "\N{COMBINING HOOK ABOVE}": "2",
    "\N{COMBINING TILDE}": "3",
    "\N{COMBINING ACUTE ACCENT}": "4",
    "\N{COMBINING DOT BELOW}": "5",
}
_ROMAN = re.compile(r"(?=.)X*(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_AFTER_NUMBERS = float("inf")

_Item = TypeVar("_Item")
_PartKey = list[tuple[float, str]]


def fold(text: str) -> str:
    """Returns `text` without accents, capitals and doubled spaces, so that "bao hiem" finds "Bảo hiểm"."""
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(bare.split())


def sort_key(text: str) -> str:
    """Returns a key whose byte order is the order of a Vietnamese dictionary: letters first, tones break ties."""
    letters, tones = [], []
    for character in unicodedata.normalize("NFC", text.strip()):
        decomposed = unicodedata.normalize("NFD", character.lower())
        base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in _TONE_KEYS))
        letters.append(_letter_key(base))
        tones.append(next((_TONE_KEYS[mark] for mark in decomposed if mark in _TONE_KEYS), "0"))
    return "".join(letters) + "\t" + "".join(tones)


def _letter_key(base: str) -> str:
    if base in _LETTER_KEYS:
        return _LETTER_KEYS[base]
    if base.isdigit():
        return base
    # Spaces and punctuation stand before digits and letters, foreign letters behind z.
    return "~" + base if base.isalnum() else " "


def sort_codes(items: Iterable[_Item], *, key: Callable[[_Item], str] = str) -> list[_Item]:
    """Returns `items` in the natural order of their codes: 1.2 before 1.10, d before đ, a parent before its children.

    A part of a code is read as a Roman numeral only if it and all its siblings are written so; "I" alone may as well be
    a letter. `key` returns the code of an item.
    """
    coded = [(key(item), item) for item in items]
    siblings = defaultdict(set)
    for code, _ in coded:
        for parent, part in _steps(code):
            siblings[parent].add(part)
    roman = {parent for parent, parts in siblings.items() if all(map(_ROMAN.fullmatch, parts))}

    def natural_key(pair: tuple[str, _Item]) -> tuple[list[_PartKey], str]:
        code, _ = pair
        return [_roman_key(part) if parent in roman else _part_key(part) for parent, part in _steps(code)], code

    return [item for _, item in sorted(coded, key=natural_key)]


def _steps(code: str) -> list[tuple[tuple[str, ...], str]]:
    parts = tuple(code.strip().strip(".").split("."))
    return [(parts[:depth], part) for depth, part in enumerate(parts)]


def _part_key(part: str) -> _PartKey:
    """Numbers compare as numbers and stand before words, which compare as Vietnamese words."""
    return [
        (int(number), "") if number else (_AFTER_NUMBERS, sort_key(word))
        for number, word in re.findall(r"([0-9]+)|([^0-9]+)", part)
    ]


def _roman_key(numeral: str) -> _PartKey:
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return [(sum(-value if value < following else value for value, following in pairs), "")]
