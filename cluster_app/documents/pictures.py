"""The pictures on paper: charts and the code that leads to the page where a print is checked. Both are SVG."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import segno
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cluster_app.documents.blocks import Chart, Series, Table
from cluster_app.documents.typefaces import printable
from cluster_app.lib import charts

CHECK_CODE_NAME = "Mã QR: địa chỉ kiểm tra văn bản"
# Modules left white around a QR code (ISO/IEC 18004).
_QUIET = 4


def chart_picture(chart: Chart) -> SafeString:
    """The bars of a chart; one series is hatched, several are stacked in different patterns."""
    values = [[Decimal(value) for value in series.values] for series in chart.series]
    if len(values) == 1:
        bars = [
            charts.Bar(label, value, display, charts.Pattern.DIAGONAL)
            for label, value, display in zip(chart.categories, values[0], chart.series[0].displays, strict=True)
        ]
        return charts.bar_chart(chart.title, bars, description=chart.description, layout=charts.WIDE)
    stacked = [
        charts.StackedBar(label, parts, " + ".join(displays))
        for label, parts, displays in zip(
            chart.categories,
            zip(*values, strict=True),
            zip(*(series.displays for series in chart.series), strict=True),
            strict=True,
        )
    ]
    names = [series.name for series in chart.series]
    return charts.stacked_chart(chart.title, names, stacked, description=chart.description, layout=charts.WIDE)


def printable_chart(chart: Chart) -> Chart:
    """The chart in printable words: a drawing for a file is XML, where nothing else would look after them."""
    series = tuple(Series(printable(one.name), one.values, tuple(map(printable, one.displays))) for one in chart.series)
    cells = Table(
        caption="",
        columns=chart.table.columns,
        rows=tuple(replace(row, cells=tuple(map(printable, row.cells))) for row in chart.table.rows),
    )
    return Chart(
        title=printable(chart.title),
        categories=tuple(map(printable, chart.categories)),
        series=series,
        table=cells,
        description=printable(chart.description),
    )


def check_code(address: str) -> SafeString:
    """The address as a QR code of medium error correction, with the quiet zone that scanners need around it."""
    matrix = segno.make_qr(address, error="m", boost_error=False).matrix
    lines = [_dark_line(row, number) for number, row in enumerate(matrix)]
    context = {"name": CHECK_CODE_NAME, "size": len(matrix) + 2 * _QUIET, "path": "".join(lines)}
    return render_to_string("_components/_check_code.html", context)


def _dark_line(row: Sequence[int], number: int) -> str:
    """The dark modules of one line, runs of them as one stroke."""
    strokes, position = [], 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            strokes.append(f"M{position + _QUIET} {number + _QUIET}.5h{length}")
        position += length
    return "".join(strokes)
