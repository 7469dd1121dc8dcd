"""The parts of a paper among its lines: national title, issuer, number, place and date, name, body, end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.letterheads import FORMS
from cluster_app.documents.linting.reading import Line, Reading, Side

TITLES = {form.kind: form.titles for form in FORMS}
AUTHORITY = re.compile(r"(T/M|K/T|T/L|T/Q|TM|KT|TL|TUQ)\b\.?/?\s", re.IGNORECASE)
_NUMBER = re.compile(r"Số\b", re.IGNORECASE)
_DATE = re.compile(r"\bngày\b.*\btháng\b.*\bnăm\b", re.IGNORECASE)
_RECIPIENTS = re.compile(r"Nơi\s+nhận\b", re.IGNORECASE)
_ADDRESS = re.compile(r"Kính\s+(gửi|trình)\b", re.IGNORECASE)
_DASHES = re.compile(r"[-–—_\s]{3,}")
# A head is not longer than this many lines of a page, or paragraphs of a file.
_HEAD = 20
# Lines of the other column that may stand between two lines of one.
_GAP = 3
# The note at the foot of a print: lines of a page, size in points.
_FOOT, _FOOT_SIZE = 4, 10.5
# How far the lines of a list may be apart, as a multiple of their size.
_LINES_APART = 2.2


@dataclass(slots=True)
class Anatomy:
    """What was found; a part that is missing is None or empty. `kind` is the form that the national title tells;
    `has_grid` says that equals sign side by side."""

    kind: LetterheadKind | None = None
    national: list[Line] = field(default_factory=list)
    issuer: list[Line] = field(default_factory=list)
    asterisk: Line | None = None
    number: Line | None = None
    place_date: Line | None = None
    is_letter: bool = False
    name: Line | None = None
    summary: list[Line] = field(default_factory=list)
    dashes: Line | None = None
    body: list[Line] = field(default_factory=list)
    closing: Line | None = None
    recipients_title: Line | None = None
    recipients: list[Line] = field(default_factory=list)
    authority: Line | None = None
    signature: list[Line] = field(default_factory=list)
    has_two_signatures: bool = False
    has_grid: bool = False


def dissect(reading: Reading) -> Anatomy:
    """Finds the parts by their words and places, also where looks or words are not what the form asks."""
    found = Anatomy()
    lines = reading.lines
    head_end = _read_head(found, lines)
    head_end = _read_name(found, lines, head_end)
    end = _read_end(found, lines, head_end)
    found.body = _without_foot([line for line in lines[head_end:end] if not line.is_table])
    if end > head_end and not lines[end - 1].is_table and (found.recipients_title or found.signature):
        found.closing = lines[end - 1]
    return found


def _without_foot(body: list[Line]) -> list[Line]:
    """The body without the small note that a print has at its very end."""
    most = _FOOT if body and body[-1].page else 1
    kept = list(body)
    while kept and len(body) - len(kept) < most and kept[-1].size <= _FOOT_SIZE:
        kept.pop()
    return kept


def _read_head(found: Anatomy, lines: Sequence[Line]) -> int:
    """Reads title, issuer, number, place and date; returns the position of the line after them."""
    head = [(position, line) for position, line in enumerate(lines[:_HEAD]) if line.page in (0, 1)]
    last = -1
    for position, line in head:
        kind = _kind_of(line)
        if kind is not None and found.kind in (None, kind):
            found.kind = kind
            found.national.append(line)
            last = max(last, position)
    if not found.national:
        return 0
    return max(last, _read_left(found, head), _read_date(found, head)) + 1


def _kind_of(line: Line) -> LetterheadKind | None:
    """The form whose national title the line begins, or one of whose titles it is."""
    text = _plain(line.text)
    for kind, titles in TITLES.items():
        for title in map(_plain, titles):
            if text.startswith(title) or (len(text) > 8 and title.startswith(text)):
                return kind
    return None


def _plain(text: str) -> str:
    return re.sub(r"[\s–—-]+", " ", text).strip().casefold().replace("hoà", "hòa")


def _read_left(found: Anatomy, head: Sequence[tuple[int, Line]]) -> int:
    """What stands on the left: issuer, asterisk, number, and what a letter is about; returns the last position."""
    last = -1
    for position, line in head:
        if line.side != Side.LEFT or line.is_table:
            continue
        is_about = line.italic or line.text.startswith(("V/v", "v/v")) or found.is_letter
        if found.number is None:
            if _NUMBER.match(line.text):
                found.number = line
            elif line.text.strip() == "*":
                found.asterisk = line
            else:
                found.issuer.append(line)
            last = position
        elif position > last + _GAP or not is_about or _ADDRESS.match(line.text):
            break
        else:
            found.is_letter = True
            last = position
    return last


def _read_date(found: Anatomy, head: Sequence[tuple[int, Line]]) -> int:
    for position, line in head:
        if line.side == Side.RIGHT and _DATE.search(line.text):
            found.place_date = line
            return position
    return -1


def _read_name(found: Anatomy, lines: Sequence[Line], start: int) -> int:
    """Reads the name of the paper and what it is about; returns the position of the line after them."""
    if not found.national or start >= len(lines):
        return start
    position = start
    if not found.is_letter:
        found.name = lines[position]
        position += 1
        while position < len(lines) and _is_of_summary(lines[position]):
            found.summary.append(lines[position])
            position += 1
        if position < len(lines) and _DASHES.fullmatch(lines[position].text):
            found.dashes = lines[position]
            position += 1
    return position


def _is_of_summary(line: Line) -> bool:
    return line.is_centred and line.bold and not line.is_table and not _DASHES.fullmatch(line.text)


def _read_end(found: Anatomy, lines: Sequence[Line], start: int) -> int:
    """Reads recipients and signature; returns the position of the first line of the end."""
    marks = [position for position, line in enumerate(lines) if position >= start and _opens_end(line)]
    found.has_grid = any(line.is_grid for line in lines[start:])
    if not marks:
        return len(lines)
    first = marks[0]
    page = lines[first].page
    while first > start and _stands_beside(lines[first - 1], lines[first]):
        first -= 1
    if found.has_grid or _begins_grid(lines, first):
        found.has_grid = True
        return first
    right: list[Line] = []
    for line in lines[first:]:
        if line.page != page or line.is_table:
            break
        if line.side == Side.FULL and (found.recipients or right):
            # The sheet of a PDF goes on below the signature: a note at the foot, or an annex in a Word file.
            if not page:
                break
            continue
        if line.side == Side.RIGHT:
            right.append(line)
        elif line.side == Side.LEFT:
            _read_left_end(found, line)
    _read_signature(found, right)
    return first


def _begins_grid(lines: Sequence[Line], first: int) -> bool:
    """Whether a third column stands between the two: equals sign, row by row."""
    return any(
        line.side == Side.FULL and line.is_capital and line.page == lines[first].page and line.top == lines[first].top
        for line in lines[max(0, first - 2) : first + 3]
        if line.page
    )


def _opens_end(line: Line) -> bool:
    if line.is_table or line.side == Side.FULL:
        return False
    is_list = line.side == Side.LEFT and _RECIPIENTS.match(line.text) is not None
    signs = AUTHORITY.match(line.text) or _DATE.search(line.text) or _is_office(line)
    return is_list or (line.side == Side.RIGHT and bool(signs))


def _is_office(line: Line) -> bool:
    """An office alone opens the end of a paper that the head of an agency signs."""
    return line.is_capital and len(line.text) > 3


def _stands_beside(line: Line, signature: Line) -> bool:
    """An office on the left of another one: two persons sign."""
    is_left = line.side == Side.LEFT and signature.side != Side.FULL and line.page == signature.page
    return is_left and (line.is_capital or not line.page)


def _read_left_end(found: Anatomy, line: Line) -> None:
    if found.recipients_title is None and _RECIPIENTS.match(line.text):
        found.recipients_title = line
    elif found.recipients_title is not None:
        above = found.recipients[-1] if found.recipients else found.recipients_title
        # Below the list a note may stand at the foot of the page.
        if line.top - above.top <= _LINES_APART * above.size:
            found.recipients.append(line)
    elif line.is_capital or not line.page:
        found.has_two_signatures = True


def _read_signature(found: Anatomy, lines: Sequence[Line]) -> None:
    kept = [line for line in lines if not _DATE.search(line.text)]
    found.signature = kept
    found.authority = next((line for line in kept if AUTHORITY.match(line.text)), None)


def entries(lines: Sequence[Line]) -> Iterator[str]:
    """The entries of the recipients: a line that does not begin with a dash goes on with the one above it."""
    entry = ""
    for line in lines:
        if line.text.startswith(("-", "–")) and entry:
            yield entry
            entry = ""
        entry = f"{entry} {line.text}".strip()
    if entry:
        yield entry
