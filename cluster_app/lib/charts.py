"""Bar charts as SVG, drawn on the server: no script, no style attributes, and readable on a black and white printer.

Bars differ by pattern, not by colour alone; everything takes the colour of the text around it. A picture never stands
alone: the page that shows it gives the same figures as a table.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Pattern(StrEnum):
    SOLID = "solid"
    DIAGONAL = "diagonal"
    DOTS = "dots"
    LINES = "lines"
    CROSS = "cross"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `display` is its value as people read it."""

    label: str
    value: Decimal | int
    display: str
    pattern: Pattern = Pattern.SOLID


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One bar of several parts, in the order of the chart's series; `display` is what stands at its end."""

    label: str
    values: Sequence[Decimal | int]
    display: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Measures in units of the drawing; with `label_above` the label has its own line over the bar.

    Labels take no more than `label_width`; beside the bars they take as much as the longest needs.
    """

    width: int
    label_width: int
    row_height: int
    bar_height: int
    label_above: bool


# For a column of a page or a phone, and for the full width of a sheet of paper.
NARROW = Layout(width=360, label_width=280, row_height=44, bar_height=14, label_above=True)
WIDE = Layout(width=560, label_width=215, row_height=28, bar_height=16, label_above=False)

FONT_SIZE = 14
LEGEND_LINE = 24
SWATCH = 14
GAP = 8
# The glyphs of a text face are about half as wide as high.
GLYPH_WIDTH = 7

# What is drawn in a tile of 6 x 6 units, and how thick. SOLID and EMPTY need no tile.
TILES: dict[Pattern, tuple[str, str]] = {
    Pattern.DIAGONAL: ("M-1 1L1 -1M-1 7L7 -1M5 7L7 5", "1.5"),
    Pattern.DOTS: ("M1.5 1.5h0M4.5 4.5h0", "2.4"),
    Pattern.LINES: ("M0 1.5H6M0 4.5H6", "1.2"),
    Pattern.CROSS: ("M3 0V6M0 3H6", "1"),
}


@dataclass(frozen=True, slots=True)
class _Text:
    x: int
    y: int
    text: str
    anchor: str = "start"
    weight: str = "normal"


@dataclass(frozen=True, slots=True)
class _Box:
    x: Decimal
    y: int
    width: Decimal
    height: int
    fill: str


@dataclass(frozen=True, slots=True)
class _Tile:
    key: str
    path: str
    stroke: str


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    display: str
    parts: Sequence[tuple[Decimal | int, Pattern]]


@dataclass(slots=True)
class _Chart:
    """The drawing as the template reads it, filled from top to bottom."""

    key: str
    title: str
    description: str
    layout: Layout
    full: Decimal
    label_width: int
    value_width: int
    height: int = 0
    font_size: int = FONT_SIZE
    texts: list[_Text] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    tiles: list[_Tile] = field(default_factory=list)

    @property
    def width(self) -> int:
        return self.layout.width

    def add_tiles(self, patterns: set[Pattern]) -> None:
        self.tiles += [_Tile(self._tile_key(pattern), *TILES[pattern]) for pattern in TILES if pattern in patterns]

    def add_legend_line(self, name: str, pattern: Pattern) -> None:
        self._add_box(Decimal(1), self.height + 3, Decimal(SWATCH), SWATCH, pattern)
        self.texts.append(_Text(SWATCH + GAP, self.height + FONT_SIZE + 1, name))
        self.height += LEGEND_LINE

    def add_row(self, row: _Row) -> None:
        layout = self.layout
        if layout.label_above:
            left, room = 1, layout.width - 2
            text_y, bar_y = self.height + FONT_SIZE, self.height + FONT_SIZE + 6
        else:
            left, room = self.label_width + GAP, layout.width - self.label_width - self.value_width - 2 * GAP
            bar_y = self.height + (layout.row_height - layout.bar_height) // 2
            text_y = bar_y + layout.bar_height - 3
        self.texts.append(_Text(0, text_y, _cut(row.label, layout.label_width)))
        self.texts.append(_Text(layout.width, text_y, row.display, anchor="end", weight="bold"))
        start = Decimal(left)
        for value, pattern in row.parts:
            length = self._length(value, room)
            if length:
                self._add_box(start, bar_y, length, layout.bar_height, pattern)
            start += length
        self.height += layout.row_height

    def _add_box(self, x: Decimal, y: int, width: Decimal, height: int, pattern: Pattern) -> None:
        if pattern in TILES:
            fill = f"url(#{self._tile_key(pattern)})"
        else:
            fill = "none" if pattern == Pattern.EMPTY else "currentColor"
        self.boxes.append(_Box(x, y, width, height, fill))

    def _length(self, value: Decimal | int, room: int) -> Decimal:
        if value <= 0 or self.full <= 0:
            return Decimal(0)
        return (Decimal(value) * room / self.full).quantize(Decimal("0.1"))

    def _tile_key(self, pattern: Pattern) -> str:
        return f"{self.key}-{pattern.value}"


def bar_chart(
    title: str, bars: Sequence[Bar], *, description: str = "", layout: Layout = NARROW, maximum: Decimal | int = 0
) -> SafeString:
    """Horizontal bars from zero. `maximum` gives the value of the full length; without it the longest bar has it."""
    rows = [_Row(bar.label, bar.display, [(bar.value, bar.pattern)]) for bar in bars]
    return _drawn(title, description, rows, legend=[], layout=layout, maximum=maximum)


def stacked_chart(
    title: str, series: Sequence[str], bars: Sequence[StackedBar], *, description: str = "", layout: Layout = NARROW
) -> SafeString:
    """Horizontal bars of up to six parts each, with a legend that names the parts."""
    patterns = list(Pattern)[: len(series)]
    rows = [_Row(bar.label, bar.display, list(zip(bar.values, patterns, strict=True))) for bar in bars]
    legend = list(zip(series, patterns, strict=True))
    return _drawn(title, description, rows, legend=legend, layout=layout, maximum=0)


def _drawn(
    title: str,
    description: str,
    rows: Sequence[_Row],
    *,
    legend: Sequence[tuple[str, Pattern]],
    layout: Layout,
    maximum: Decimal | int,
) -> SafeString:
    said = "; ".join(f"{row.label}: {row.display}" for row in rows)
    totals = [sum((Decimal(value) for value, _pattern in row.parts), Decimal(0)) for row in rows]
    chart = _Chart(
        key=_key(title, description, said),
        title=title,
        description=description or said,
        layout=layout,
        full=max([Decimal(maximum), *totals]),
        label_width=min(layout.label_width, _text_width([row.label for row in rows])),
        value_width=_text_width([row.display for row in rows]),
    )
    chart.add_tiles({pattern for row in rows for _value, pattern in row.parts} | {pattern for _name, pattern in legend})
    for name, pattern in legend:
        chart.add_legend_line(name, pattern)
    for row in rows:
        chart.add_row(row)
    return render_to_string("_components/_chart.html", {"chart": chart})


def _text_width(texts: Sequence[str]) -> int:
    """About how wide the longest text is."""
    return max((len(text) for text in texts), default=0) * GLYPH_WIDTH


def _cut(label: str, width: int) -> str:
    """The label as far as it fits."""
    room = width // GLYPH_WIDTH
    return label if len(label) <= room else f"{label[: room - 1].rstrip()}…"


def _key(*texts: str) -> str:
    """What makes the ids of one chart differ from those of another on the page, and equal at each drawing."""
    return f"chart-{hashlib.sha256('|'.join(texts).encode()).hexdigest()[:10]}"
