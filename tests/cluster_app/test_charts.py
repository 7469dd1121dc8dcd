import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest

from cluster_app.lib.charts import NARROW, WIDE, Bar, Pattern, StackedBar, bar_chart, stacked_chart

SVG = "{http://www.w3.org/2000/svg}"
BARS = [
    Bar("Văn phòng Tỉnh ủy", Decimal("1001.00"), "1001,00", Pattern.SOLID),
    Bar("Báo Lạng Sơn", Decimal("500.50"), "500,50", Pattern.DIAGONAL),
    Bar("Ban Dân vận Tỉnh ủy", 0, "0,00", Pattern.DOTS),
]


def _drawing(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own drawing, parsed to show that it is well formed


def _texts(drawing):
    return [element.text for element in drawing.iter(f"{SVG}text")]


def _widths(drawing):
    return [Decimal(box.get("width")) for box in drawing.iter(f"{SVG}rect")]


@pytest.mark.parametrize("layout", [NARROW, WIDE])
def test_bar_chart_shows_each_label_with_its_value(layout):
    drawing = _drawing(bar_chart("Tổng điểm", BARS, layout=layout))

    assert _texts(drawing) == [
        "Văn phòng Tỉnh ủy",
        "1001,00",
        "Báo Lạng Sơn",
        "500,50",
        "Ban Dân vận Tỉnh ủy",
        "0,00",
    ]


def test_bar_chart_lengths_are_in_proportion_and_zero_has_no_bar():
    drawing = _drawing(bar_chart("Tổng điểm", BARS, layout=NARROW))

    assert _widths(drawing) == [Decimal("358.0"), Decimal("179.0")]


def test_bar_chart_with_a_maximum_measures_against_it():
    drawing = _drawing(bar_chart("Tiến độ", [Bar("Báo Lạng Sơn", 19, "19/38")], maximum=38))

    assert _widths(drawing) == [Decimal("179.0")]


def test_bar_chart_says_title_and_figures_to_those_who_cannot_see_it():
    drawing = _drawing(bar_chart("Tổng điểm", BARS[:2]))
    title, description = drawing.find(f"{SVG}title"), drawing.find(f"{SVG}desc")

    assert title.text == "Tổng điểm"
    assert description.text == "Văn phòng Tỉnh ủy: 1001,00; Báo Lạng Sơn: 500,50"
    assert drawing.get("role") == "img"
    assert drawing.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_bars_differ_by_pattern_and_take_the_colour_of_the_text():
    drawing = _drawing(bar_chart("Tổng điểm", BARS))
    solid, patterned = drawing.iter(f"{SVG}rect")
    tiles = [tile.get("id") for tile in drawing.iter(f"{SVG}pattern")]

    assert solid.get("fill") == "currentColor"
    assert patterned.get("fill") == f"url(#{tiles[0]})"
    assert {box.get("stroke") for box in (solid, patterned)} == {"currentColor"}


def test_pattern_ids_of_two_charts_differ_and_a_chart_is_drawn_the_same_twice():
    chart = bar_chart("Tổng điểm", BARS)
    other_chart = bar_chart("Điểm thưởng", BARS)

    tiles = {tile.get("id") for tile in _drawing(chart).iter(f"{SVG}pattern")}
    other_tiles = {tile.get("id") for tile in _drawing(other_chart).iter(f"{SVG}pattern")}
    assert tiles.isdisjoint(other_tiles)
    assert chart == bar_chart("Tổng điểm", BARS)


def test_chart_carries_no_style_and_escapes_names():
    chart = bar_chart("<script>alert(1)</script>", [Bar('"><img src=x onerror=alert(1)>', 1, "<b>1</b>")])

    assert "style=" not in chart
    assert "<script" not in chart
    assert "<img" not in chart
    assert _drawing(chart).find(f"{SVG}title").text == "<script>alert(1)</script>"


def test_long_label_is_cut_where_the_bar_begins():
    drawing = _drawing(bar_chart("Tổng điểm", [Bar("Ủy ban " * 20, 1, "1")], layout=WIDE))

    label = _texts(drawing)[0]
    assert label.endswith("…")
    assert len(label) <= 30


def test_stacked_chart_has_a_legend_and_joined_parts():
    chart = stacked_chart(
        "Lượt khen thưởng", ["Tập thể", "Cá nhân"], [StackedBar("Cấp tỉnh", (27, 81), "27 + 81")], layout=NARROW
    )
    drawing = _drawing(chart)
    *swatches, collective, individual = drawing.iter(f"{SVG}rect")

    assert _texts(drawing) == ["Tập thể", "Cá nhân", "Cấp tỉnh", "27 + 81"]
    assert len(swatches) == 2
    assert Decimal(individual.get("x")) == Decimal(collective.get("x")) + Decimal(collective.get("width"))
    assert Decimal(individual.get("width")) == 3 * Decimal(collective.get("width"))
    assert [box.get("fill") for box in swatches] == [collective.get("fill"), individual.get("fill")]


def test_empty_chart_is_drawn_without_bars():
    drawing = _drawing(bar_chart("Tổng điểm", []))

    assert _widths(drawing) == []


def test_short_labels_leave_their_room_to_the_bars():
    bars = [Bar("VPTU", 2, "2"), Bar("BLS", 1, "1")]
    long_bars = [Bar("Trường Chính trị Hoàng Văn Thụ", 2, "2"), Bar("BLS", 1, "1")]

    longest, _other = _widths(_drawing(bar_chart("Tổng điểm", bars, layout=WIDE)))
    longest_beside_long_label, _other = _widths(_drawing(bar_chart("Tổng điểm", long_bars, layout=WIDE)))
    assert longest > longest_beside_long_label
