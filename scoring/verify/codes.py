"""The short code of a print as people type it."""

import re

_DIGITS = 8
_NOT_A_DIGIT = re.compile(r"[\s.·‐‑‒–—−_-]+")
# A code has no letters but A to F: who reads O or I on paper means the digits.
_MISREAD = str.maketrans("OIL", "011")
_CODE = re.compile(rf"[0-9A-F]{{{_DIGITS}}}")


def normal(typed: str) -> str:
    """The code as papers print it, "3F9A-12BC", whatever case, blanks and dashes were typed; empty if it is none."""
    plain = _NOT_A_DIGIT.sub("", typed).upper().translate(_MISREAD)
    if not _CODE.fullmatch(plain):
        return ""
    return f"{plain[: _DIGITS // 2]}-{plain[_DIGITS // 2 :]}"
