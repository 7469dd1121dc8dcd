"""Rules for the sheets: paper, margins, typeface, size of the body, page numbers."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cluster_app.documents.linting.anatomy import Anatomy
from cluster_app.documents.linting.demands import LYING_MARGINS, Demands, Range
from cluster_app.documents.linting.deviations import Deviation
from cluster_app.documents.linting.reading import Reading, Sheet, is_times
from cluster_app.documents.measures import OFFICE_FONT, PAPER_MM

_SIZES = {frozenset(size) for size in PAPER_MM.values()}
# What a measure may differ by, in millimetres: paper by rounding, margins also by the shape of letters.
_PAPER_SLACK, _WORD_SLACK, _INK_SLACK = 1.0, 0.6, 1.2
_SIZE_SLACK = 0.05
# A side margin that words alone show may look wider by what the longest line leaves free.
_RAGGED = 3.0


def check(reading: Reading, found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    for sheet in reading.sheets:
        yield from _paper(sheet)
        yield from _margins(sheet, demands)
    yield from _typeface(reading)
    yield from _body_size(found, demands)
    yield from _numbers(reading)


def between(value: float, allowed: Range) -> bool:
    return allowed[0] - _SIZE_SLACK <= value <= allowed[1] + _SIZE_SLACK


def range_text(allowed: Range, unit: str) -> str:
    low, high = (f"{value:g}".replace(".", ",") for value in allowed)
    return f"{low} {unit}" if low == high else f"{low}-{high} {unit}"


def points(value: float) -> str:
    return f"{round(value, 1):g} pt".replace(".", ",")


def _paper(sheet: Sheet) -> Iterator[Deviation]:
    sides = sorted((sheet.width_mm, sheet.height_mm))
    fits = any(all(abs(a - b) <= _PAPER_SLACK for a, b in zip(sides, sorted(size), strict=True)) for size in _SIZES)
    if not fits:
        size = f"{sheet.width_mm:.0f} x {sheet.height_mm:.0f} mm"
        yield Deviation("paper", sheet.number, size, _("A4 (210 x 297 mm); A3 for wide tables"))


def _margins(sheet: Sheet, demands: Demands) -> Iterator[Deviation]:
    if sheet.margins is None:
        return
    margins = sheet.margins
    asked = LYING_MARGINS if sheet.is_lying else demands.margins
    names = {"top": _("Top margin"), "right": _("Right margin"), "bottom": _("Bottom margin"), "left": _("Left margin")}
    measured = {
        "top": margins.top_mm,
        "right": margins.right_mm,
        "bottom": margins.bottom_mm,
        "left": margins.left_mm,
    }
    for side, (low, high) in asked.items():
        slack = _WORD_SLACK if sheet.is_exact else _INK_SLACK
        is_bounded = sheet.is_exact or (side in {"left", "right"} and sheet.has_text)
        most = high + slack + (0 if sheet.is_exact else _RAGGED)
        if measured[side] < low - slack or (is_bounded and measured[side] > most):
            found = f"{names[side]}: {round(measured[side], 1):g} mm".replace(".", ",")
            yield Deviation(f"margin_{side}", sheet.number, found, range_text((low, high), "mm"))


def _typeface(reading: Reading) -> Iterator[Deviation]:
    strange: dict[str, int] = {}
    for line in reading.lines:
        if not is_times(line.font):
            strange.setdefault(line.font.rpartition("+")[2], line.page)
    for font, page in strange.items():
        yield Deviation("typeface", page, font, OFFICE_FONT)


def _body_size(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    """The size of most of the running text; notes in italics and what stands in tables have sizes of their own."""
    sizes: Counter[float] = Counter()
    for line in found.body:
        if line.is_wide and not line.italic:
            sizes[round(line.size, 1)] += len(line.text)
    if sizes and not between(size := sizes.most_common(1)[0][0], demands.body):
        page = next(line.page for line in found.body if line.is_wide and round(line.size, 1) == size)
        yield Deviation("body_size", page, points(size), range_text(demands.body, "pt"))


def _numbers(reading: Reading) -> Iterator[Deviation]:
    asked = _("page numbers in the middle of the upper margin, from page 2 on")
    numbering = reading.numbering
    if numbering.on_first:
        yield Deviation("page_number_first", 1, _("a page number on the first page"), asked)
    for page in numbering.missing:
        yield Deviation("page_number_missing", page, _("no page number"), asked)
    for page in numbering.elsewhere:
        yield Deviation("page_number_place", page, _("a page number in another place"), asked)
