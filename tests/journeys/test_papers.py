"""The papers that people print from the pages of the year: each begins on a sheet of its own kind, with text."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import of_card, of_year

pytestmark = pytest.mark.django_db(transaction=True)

LYING = (842, 595)
WATERMARK = "BẢN TẠM TÍNH"


def printed(page):
    """Width and height in points, and the number of letters, of every sheet that the browser prints."""
    paper = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]\s*/Contents (\d+) 0 R", paper)
    return [
        (round(float(width)), round(float(height)), letters_in(paper, content)) for width, height, content in sheets
    ]


def letters_in(paper, content):
    stream = re.search(rb"\n" + content + rb" 0 obj\n<<[^>]*>>\s*stream\n(.*?)endstream", paper, re.DOTALL)
    return zlib.decompress(stream[1]).count(b" Tj")


@pytest.mark.parametrize(
    "address",
    [
        lambda world: of_card("scoring:scorecard_print", world, world.leader),
        lambda world: of_year("scoring:ranking_print", world),
        lambda world: of_year("scoring:criteria_analysis_print", world),
    ],
    ids=["card", "ranking", "analysis"],
)
def test_lying_paper_with_a_watermark_begins_with_its_text(enter, world, address):
    page = enter(world.secretariat)
    page.goto(address(world))
    expect(page.locator(".watermark")).to_have_text([WATERMARK])

    sheets = printed(page)

    assert {(width, height) for width, height, _letters in sheets} == {LYING}
    assert [letters for _width, _height, letters in sheets if letters <= 2 * len(WATERMARK)] == []
