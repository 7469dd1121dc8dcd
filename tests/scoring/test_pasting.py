"""A pasted block: how its cells are found, which line each row is meant for, and what is said of a wrong one."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import format_value
from scoring import pasting
from scoring.enums import CardStatus
from scoring.sheets import load
from tests.factories.scoring import ScorecardFactory
from tests.scoring.cards import card_in, line_of, reread, reviewing_world

pytestmark = pytest.mark.django_db

D = Decimal
CODES = ["A1", "A2", "A3", "B1", "B2", "E1", "F1"]


def build_world():
    return reviewing_world()


@pytest.fixture
def sheet(world):
    """An empty card."""
    return load(reread(ScorecardFactory(membership=world.member)))


def found(block):
    """Line, value and note of every change, and the places of the rows that are wrong."""
    changes = [(row.line.criterion.code, format_value(row.value), row.note) for row in block.changes]
    return changes, [row.place for row in block.errors]


# --- cells ---


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("95", [("95",)]),
        ("95\n3\r\n2\r1", [("95",), ("3",), ("2",), ("1",)]),
        ("A1\t95\tTheo sổ\n", [("A1", "95", "Theo sổ")]),
        ("95\n\n3\n\n\n", [("95",), ("",), ("3",)]),
        ('1\t"hai\ndòng, ""trích"""\n2\tb', [("1", 'hai\ndòng, "trích"'), ("2", "b")]),
        ('1\t"không đóng\n2\tb', [("1", '"không đóng'), ("2", "b")]),
        ('1\t"a" và "b"', [("1", '"a" và "b"')]),
        ("", []),
        (" \t \n", []),
    ],
)
def test_cells_stand_as_they_were_copied(text, cells):
    assert pasting.cells_of(text) == cells


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(str.strip)


def copied(rows):
    """The block as a spreadsheet puts it on the clipboard."""

    def quoted(text):
        return '"' + text.replace('"', '""') + '"' if set(text) & set('\t\r\n"') else text

    return "\r\n".join("\t".join(map(quoted, row)) for row in rows)


@given(st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_a_spreadsheet_copied_is_read_back(rows):
    rows = [tuple(row) for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()

    assert pasting.cells_of(copied(rows)) == rows


@given(st.text(alphabet='a1"\t\r\n ,', max_size=60))
def test_every_text_is_read_and_no_character_gets_lost(text):
    rows = pasting.cells_of(text)

    def letters(source):
        return [character for character in source if character in "a1,"]

    assert letters("".join("".join(row) for row in rows)) == letters(text)


@pytest.mark.parametrize("text", ["x" * (pasting.LONGEST_TEXT + 1), "\n".join("1" * (pasting.MOST_ROWS + 1))])
def test_more_than_a_card_holds_is_refused(text):
    with pytest.raises(Refused):
        pasting.cells_of(text)


# --- a plain column ---


def test_a_column_runs_down_over_the_open_lines(sheet):
    assert found(pasting.read("95\n3\nTốt\nĐạt\n0\n2\n1", sheet)) == (
        [
            ("A1", "95", ""),
            ("A2", "3", ""),
            ("A3", "2", ""),
            ("B1", "1", ""),
            ("B2", "0", ""),
            ("E1", "2", ""),
            ("F1", "1", ""),
        ],
        [],
    )


def test_a_second_column_holds_the_notes(sheet):
    assert found(pasting.read("95,5\tBC 12\n\tchỉ ghi chú", sheet)) == (
        [("A1", "95,5", "BC 12"), ("A2", "–", "chỉ ghi chú")],
        [],
    )


def test_a_column_begins_at_the_chosen_line_and_passes_over_closed_ones(world):
    card = reread(ScorecardFactory(membership=world.member))
    card.lines.filter(criterion__code="B1").update(is_assigned=False, not_assigned_reason="Không giao")

    block = pasting.read("2\n1\n3", load(card), start=line_of(card, "A3").pk)

    assert found(block) == ([("A3", "2", ""), ("B2", "1", ""), ("E1", "3", "")], [])


def test_after_a_return_only_the_named_lines_are_open(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code__in=["A2", "E1"]).update(is_returned=True)

    assert found(pasting.read("4\n3", load(card)))[0] == [
        ("A2", "4", "Theo báo cáo số A2"),
        ("E1", "3", "Theo báo cáo số E1"),
    ]


def test_an_empty_cell_leaves_its_line_as_it_is(world):
    sheet = load(card_in(CardStatus.DRAFT, world.member))

    assert found(pasting.read("\n4", sheet)) == ([("A2", "4", "Theo báo cáo số A2")], [])


def test_rows_without_a_line_are_wrong(sheet):
    changes, wrong = found(pasting.read("\n".join("1" * 8), sheet))

    assert len(changes) == 7
    assert wrong == [8]


# --- by code ---


def test_codes_match_in_any_order_with_headings_and_groups_between(sheet):
    text = "Mã\tKết quả\tGhi chú\nA\tNhiệm vụ\na2.\t3\tDS kèm\nA1\t95 %\t\n\nF1\t0"

    assert found(pasting.read(text, sheet)) == ([("A2", "3", "DS kèm"), ("A1", "95", ""), ("F1", "0", "")], [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("A1\t95\nA9\t3", [2]),
        ("A9\t3\nA1\t95", [1]),
        ("A1\t95\nA1\t96", [2]),
        ("A1\t8.75\nA2\t2,5\nA3\tGiỏi\nB1\tcó thể\nE1\t1", [1, 2, 3, 4]),
        ("A1\t101\nA2\t-1\nB2\t1000", [1, 2, 3]),
        ("A1\t95\tghi chú\tthừa", [1]),
    ],
)
def test_every_wrong_cell_is_named(sheet, text, wrong):
    assert found(pasting.read(text, sheet))[1] == wrong


def test_a_closed_line_is_wrong_only_if_it_would_change(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    assert found(pasting.read("A1\t95\nA2\t4", load(card))) == ([("A2", "4", "Theo báo cáo số A2")], [])
    assert found(pasting.read("A1\t96\nA2\t4", load(card)))[1] == [1]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("A1", "95 %", "95"),
        ("A1", "98,5%", "98,5"),
        ("A2", "3 đề án", "3"),
        ("A3", "xuất sắc", "1"),
        ("A3", "khong dat", "4"),
        ("A3", "2", "2"),
        ("B1", "Có", "1"),
        ("B1", "x", "1"),
        ("B1", "Không đạt", "0"),
        ("B1", "0", "0"),
    ],
)
def test_values_are_read_as_people_write_them(sheet, code, text, value):
    assert found(pasting.read(f"{code}\t{text}", sheet)) == ([(code, value, "")], [])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([*CODES, "A", "Z9", ""]), st.sampled_from(["95", "3", "Tốt", "x", "8.75", "", "−1"]), cell
        ),
        min_size=1,
        max_size=9,
    )
)
def test_no_block_changes_a_line_twice_or_with_a_value_that_the_card_would_refuse(sheet, rows):
    try:
        block = pasting.read(copied(rows), sheet)
    except Refused:
        return

    pks = [entry.line_pk for entry in block.entries]
    assert len(pks) == len(set(pks))
    for row in block.changes:
        assert row.value is None or sheet.points(row.line, row.value) is not None


def test_nothing_pasted_is_refused(sheet):
    with pytest.raises(Refused):
        pasting.read(" \n\t\n", sheet)
