"""The drawn rows of a sheet: nothing that people wrote becomes markup, and records are folded away where there are
many."""

from dataclasses import fields, replace

import pytest
from django.utils import translation

from scoring.sheet_rows import Option, RecordView, Row
from scoring.templatetags import sheet

EVIL = '<b onclick="x">\'&{key}'
SAFE = "&lt;b onclick=&quot;x&quot;&gt;&#x27;&amp;{key}"
DRAWN = {
    "fill": lambda rows: sheet.fill_rows(rows, EVIL),
    "review": lambda rows: sheet.review_rows(rows, EVIL, EVIL),
    "read": lambda rows: sheet.read_rows(rows, True),
    "claim": lambda rows: sheet.read_rows(rows, False),
}
TEXTS = {field.name: EVIL for field in fields(Row) if field.type in ("str", str)}
LINE = Row(**TEXTS, records=(RecordView(EVIL, EVIL, EVIL),))


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize(
    "row",
    [
        LINE,
        replace(LINE, is_open=True),
        replace(LINE, is_open=True, options=(Option(EVIL, EVIL, True),)),
        replace(LINE, is_group=True, is_top=True),
    ],
    ids=["closed", "typed", "chosen", "group"],
)
def test_what_people_wrote_is_never_markup(name, row):
    drawn = DRAWN[name]([row])

    assert "<b " not in drawn
    assert SAFE in drawn


def test_the_input_of_a_conflict_is_not_sent_by_itself():
    drawn = sheet.value_input(replace(LINE, is_open=True), "Kết quả")

    assert "hx-post" not in drawn
    assert f'name="version-{SAFE}"' in drawn


@pytest.mark.parametrize(
    ("count", "is_folded", "words"), [(0, False, "Chưa"), (3, False, "a1"), (4, True, "<summary>4 ")]
)
def test_many_records_are_folded_away(count, is_folded, words):
    drawn = sheet.records(replace(LINE, records=tuple(RecordView(f"a{n}", "", "") for n in range(count))))

    assert ("<details>" in drawn) is is_folded
    assert words in drawn
    assert drawn.count("<li") == max(count, 1)


def test_a_typed_line_has_no_records():
    assert sheet.records(replace(LINE, source="")) == ""
