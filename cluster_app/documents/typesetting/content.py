"""A document as plain data for the template: what stands where, in which measures, and not a word of markup."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date
from typing import Any

from cluster_app.documents.blocks import Annex, Document, Letterhead, Orientation, Section
from cluster_app.documents.letterheads import form_of, letter_about, measures_of, number_line, place_and_date
from cluster_app.documents.measures import MARGINS, PAPER_MM, Face, Measures
from cluster_app.documents.pictures import CHECK_CODE_NAME, check_code
from cluster_app.documents.typefaces import printable, width
from cluster_app.documents.typesetting.pieces import Frame, groups_of
from cluster_app.documents.typesetting.words import LONGEST_HIDDEN, balanced_lines_of, in_points, line_of

# A PDF/A names the day of its making. For a paper without a date it is the first of its year, or this day, which tells
# every reader of metadata that none is known.
NO_DATE = date(1970, 1, 1)
_SUMMARY_MM = 140
# How long the words of a mark across the sheet may be, and their smallest size.
_MARK_MM = 190
_SMALLEST_MARK = 1


def content_of(document: Document) -> dict[str, Any]:
    """Everything that the template needs, as values of JSON."""
    measures = measures_of(document)
    first = _frame(document.sections[0], measures)
    return {
        "title": printable(document.title)[:LONGEST_HIDDEN],
        "language": document.language,
        "date": list(_date(document).timetuple()[:3]),
        "measures": measures_data(measures),
        "watermarks": [_watermark(text, measures.watermark.size) for text in document.watermarks],
        "head": _head(document, first),
        "sections": _sections(document, measures),
    }


def measures_data(measures: Measures) -> dict[str, Any]:
    return {field.name: _plain(getattr(measures, field.name)) for field in fields(measures)}


def _plain(value: Any) -> Any:
    if isinstance(value, Face):
        return {
            "size": value.size,
            "line": value.leading,
            "bold": value.bold,
            "italic": value.italic,
            "underline": value.underline,
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _date(document: Document) -> date:
    letterhead = document.letterhead
    if letterhead is None:
        return NO_DATE
    if letterhead.dated_on is None:
        return date(letterhead.year, 1, 1) if letterhead.year else NO_DATE
    return letterhead.dated_on


def _watermark(text: str, size: float) -> dict[str, Any]:
    shown = printable(text)
    fitting = in_points(_MARK_MM) / max(width(shown, size=1, bold=True), 1)
    return {"text": shown, "size": max(_SMALLEST_MARK, min(size, fitting))}


def _head(document: Document, frame: Frame) -> dict[str, Any]:
    letterhead, measures = document.letterhead, frame.measures
    if letterhead is None:
        return {"titles": [], "type": balanced_lines_of(document.title, frame.width, measures.summary), "summary": []}
    form = form_of(letterhead)
    left, right = (frame.width * share / 100 for share in measures.letterhead_shares)
    issuer = balanced_lines_of(letterhead.issuer, left, measures.issuer)
    room = min(frame.width, in_points(_SUMMARY_MM))
    summary = [] if letterhead.is_letter else balanced_lines_of(letterhead.summary, room, measures.summary)
    name = "" if letterhead.is_letter else letterhead.document_type or document.title
    return {
        "superior": balanced_lines_of(letterhead.superior, left, measures.superior),
        "issuer": issuer,
        "issuer_rule": _rule(issuer, measures.issuer, measures.issuer_rule_share, left),
        "separator": form.separator,
        "number": line_of(number_line(letterhead), left, measures.number.size),
        "about": _about(letterhead, left, measures) if letterhead.is_letter else [],
        "titles": form.titles,
        "place_date": line_of(
            place_and_date(letterhead.place, letterhead.dated_on, year=letterhead.year), right, measures.place_date.size
        ),
        "type": balanced_lines_of(name, frame.width, measures.document_type) if name else [],
        "summary": summary,
        "summary_dashes": form.summary_rule if any(summary) else "",
        "summary_rule": _rule(summary, measures.summary, measures.summary_rule_share, frame.width),
    }


def _about(letterhead: Letterhead, room: float, measures: Measures) -> list[str]:
    return balanced_lines_of(letter_about(letterhead), room - in_points(4), measures.letter_about)


def _rule(lines: Sequence[str], face: Face, share: float, room: float) -> float:
    """The length of the rule under these lines: a share of the longest one as printed."""
    longest = max((width(line, size=face.size, bold=face.bold) for line in lines), default=0)
    return min(longest, room) * share / 100


def _sections(document: Document, measures: Measures) -> list[dict[str, Any]]:
    """Annexes are headings of the level of chapters; a letter has no type of paper above them."""
    is_letter = document.letterhead is not None and document.letterhead.is_letter
    top = 0 if is_letter else 1
    last = len(document.sections) - 1
    return [
        _section(section, measures, top, _foot(document) if position == last else None)
        for position, section in enumerate(document.sections)
    ]


def _section(section: Section, measures: Measures, top: int, foot: dict[str, Any] | None) -> dict[str, Any]:
    frame = _frame(section, measures)
    margins = MARGINS[section.orientation]
    sides = (margins.top_mm, margins.right_mm, margins.bottom_mm, margins.left_mm)
    level = top + 1 if section.annex else top
    return {
        "width": in_points(_sheet(section)[0]),
        "height": in_points(_sheet(section)[1]),
        "margins": [in_points(side) for side in sides],
        "annex": _annex(section.annex, frame, level) if section.annex else None,
        "groups": groups_of(section.blocks, replace(frame, level=level, top=top), foot),
    }


def _sheet(section: Section) -> tuple[float, float]:
    short, long = PAPER_MM[section.size]
    return (long, short) if section.orientation == Orientation.LANDSCAPE else (short, long)


def _frame(section: Section, measures: Measures) -> Frame:
    margins = MARGINS[section.orientation]
    room = _sheet(section)[0] - margins.left_mm - margins.right_mm
    return Frame(measures=measures, width=in_points(room), is_lying=section.orientation == Orientation.LANDSCAPE)


def _annex(annex: Annex, frame: Frame, level: int) -> dict[str, Any]:
    measures = frame.measures
    return {
        "level": level,
        "label": line_of(annex.label, frame.width, measures.annex_label.size),
        "title": balanced_lines_of(annex.title, frame.width, measures.annex_title),
        "reference": line_of(annex.reference, frame.width, measures.annex_reference.size),
    }


def _foot(document: Document) -> dict[str, Any] | None:
    if not document.footer_note and not document.check_url:
        return None
    return {
        "type": "foot",
        "text": line_of(document.footer_note, in_points(130), 10),
        "code": str(check_code(document.check_url)) if document.check_url else "",
        "code_name": CHECK_CODE_NAME,
        "height": 4 if document.check_url else 2,
    }
