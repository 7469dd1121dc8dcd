"""Score cards out to Excel, filled in without a connection, and in again."""

import sys
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.lib.spreadsheets import read
from members.enums import Phase
from scoring import sheets
from scoring.enums import CardStatus, CriterionKind, RecordSource
from scoring.excel import card_layout as layout
from scoring.excel.card_reading import check_belongs, open_card, read_card
from scoring.excel.card_writing import write_card
from scoring.models import Scorecard, ScoreLine
from scoring.services import imports
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    CriterionLevelFactory,
    ScorecardFactory,
    amend,
    put_into_force,
)
from tests.scenarios import NOW
from tests.scoring.cards import card_in, outcome, reread, reviewing_world, state_of
from tests.scoring.workbooks import Formula, book_of, edited, grid_of, row_with, without_row

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
COLUMN = {heading.key: chr(ord("A") + place) for place, heading in enumerate(layout.HEADINGS)}


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world):
    return card_in(CardStatus.DRAFT, world.member)


def written(card):
    return write_card(sheets.load(reread(card)), at=AT)


def place(content, code, key):
    return f"{COLUMN[key]}{row_with(content, code)}"


def filled(card, content, name="phieu.xlsx"):
    """What the file changes in the card, read as the upload reads it."""
    file = open_card(content, name=name)
    fresh = reread(card)
    check_belongs(file, fresh)
    return read_card(file, sheets.load(fresh))


def errors_of(card, content):
    with pytest.raises(Refused) as refused:
        filled(card, content)
    return refused.value.missing or [refused.value.message]


def changes_of(card, content):
    return {change.line.criterion.code: (change.value, change.points) for change in filled(card, content).changes}


def import_(card, content, by):
    found = filled(card, content)
    fresh = reread(card)
    return imports.import_scorecard(card=fresh, version=fresh.version, entries=found.entries, by=by, at=NOW)


# --- What the file holds ---


def test_file_holds_head_lines_and_points_as_of_now(world, card):
    grid = grid_of(written(card))
    rows = grid[layout.CARD]
    facts = {row[1]: row[2] for row in rows[1:9]}
    lines = {row[0]: dict(zip(COLUMN, row, strict=True)) for row in rows[row_with(written(card), "Mã") :]}

    assert facts[layout.CLUSTER] == "cum-a"
    assert (facts[layout.YEAR], facts[layout.UNIT], facts[layout.UNIT_NAME]) == ("2021", "A3", world.member.name)
    assert (facts[layout.SET_VERSION], facts[layout.CARD_VERSION]) == ("1", str(card.version))
    assert list(lines) == ["A", "A1", "A2", "A3", "B", "B1", "B2", "E", "E1", "F", "F1"]
    assert (lines["A1"]["target"], lines["A1"]["value"], lines["A1"]["points"]) == (100, 95, Decimal("28.5"))
    assert (lines["A3"]["value"], lines["B1"]["value"]) == ("Tốt", "Đạt")
    assert (lines["A"]["maximum"], lines["F"]["maximum"], lines["F1"]["points"]) == (70, -40, -10)


def test_equal_card_gives_equal_bytes(card):
    assert written(card) == written(card)


def test_lines_that_cannot_be_filled_in_say_why(world):
    card = card_in(CardStatus.DRAFT, world.member)
    amend(card.criteria_set.criteria.get(code="E1"), source=RecordSource.COMMENDATIONS)
    card.lines.filter(criterion__code="B1").update(is_assigned=False, not_assigned_reason="Không có chức năng")
    content = written(card)
    sheet = read(content, name="a.xlsx").sheet(layout.CARD)

    assert sheet.cell(place(content, "E1", "closed")).text().startswith("Lấy từ hồ sơ: ")
    assert sheet.cell(place(content, "B1", "closed")).text() == "Không giao: Không có chức năng"
    assert sheet.cell(place(content, "A1", "closed")).is_empty


def test_after_a_return_only_the_named_lines_are_open(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)
    content = written(card)

    found = errors_of(card, edited(content, {place(content, "A1", "value"): Decimal(90)}))

    assert found == [
        f"Ô {place(content, 'A1', 'value')} (“90”): Dòng này đã khóa (Không thuộc các dòng được trả lại) "
        "nên giữ nguyên, không được sửa."
    ]
    assert set(changes_of(card, edited(content, {place(content, "A2", "value"): Decimal(1)}))) == {"A2"}


# --- What it changes ---


def test_unchanged_file_changes_nothing(card):
    found = filled(card, written(card))

    assert (found.changes, found.ignored) == ((), ())
    assert found.total_before == found.total_after == Decimal("84.50")


def test_changed_lines_show_values_and_points_before_and_after(card):
    content = written(card)
    cells = {
        place(content, "A1", "value"): "87,5",
        place(content, "A3", "value"): "khá",
        place(content, "B1", "value"): "Không đạt",
        place(content, "F1", "value"): None,
        place(content, "E1", "note"): "Ghi chú mới",
    }

    found = filled(card, edited(content, cells))

    assert {change.line.criterion.code: (change.value, change.points) for change in found.changes} == {
        "A1": (Decimal("87.5"), Decimal("26.25")),
        "A3": (Decimal(3), Decimal("10.00")),
        "B1": (Decimal(0), Decimal("0.00")),
        "E1": (Decimal(2), Decimal("10.00")),
        "F1": (None, None),
    }
    assert (found.total_before, found.total_after) == (Decimal("84.50"), Decimal("76.25"))


def test_values_are_saved_with_their_points_in_one_act(world, card):
    content = written(card)
    cells = {place(content, "A1", "value"): Decimal(90), place(content, "A1", "note"): "Báo cáo 12"}

    import_(card, edited(content, cells), world.officer)

    line = card.lines.get(criterion__code="A1")
    assert (line.self_value, line.self_points, line.self_note) == (Decimal(90), Decimal("27.00"), "Báo cáo 12")
    assert reread(card).self_total == Decimal("83.00")


def test_formula_is_not_read_and_said(card):
    content = written(card)
    cells = {place(content, "A1", "value"): Formula("=40+50", 90), place(content, "A2", "value"): Decimal(1)}

    found = filled(card, edited(content, cells))

    assert [change.line.criterion.code for change in found.changes] == ["A2"]
    address = place(content, "A1", "value")
    assert found.ignored == (f"Ô {address} chứa công thức nên không được đọc; dòng A1 giữ nguyên ở ô đó.",)


def test_levels_of_the_same_name_are_told_apart_by_their_place(world):
    criteria_set = CriteriaSetFactory(year=world.year)
    leaf = CriterionFactory(criteria_set=criteria_set, code="L1", kind=CriterionKind.LEVELS)
    for position, points in ((1, 10), (2, 5)):
        CriterionLevelFactory(criterion=leaf, position=position, label="Đạt, tốt", points=points)
    card = ScorecardFactory(membership=world.member, criteria_set=put_into_force(criteria_set))
    content = written(card)

    found = changes_of(card, edited(content, {place(content, "L1", "value"): "đạt, tốt (2)"}))

    assert found == {"L1": (Decimal(2), Decimal("5.00"))}
    assert len(errors_of(card, edited(content, {place(content, "L1", "value"): "Đạt, tốt"}))) == 1


def test_blanks_and_line_breaks_of_a_note_are_no_change(world, card):
    card.lines.filter(criterion__code="A1").update(self_note="Dòng một\r\nDòng hai")

    assert filled(card, written(card)).changes == ()


@given(st.dictionaries(st.sampled_from(["A1", "A2", "B2", "E1"]), st.none() | st.integers(0, 99), min_size=1))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_typed_is_what_is_read(card, typed):
    content = written(card)
    cells = {place(content, code, "value"): None if value is None else Decimal(value) for code, value in typed.items()}
    stored = dict(ScoreLine.objects.filter(scorecard=card).values_list("criterion__code", "self_value"))

    found = filled(card, edited(content, cells))

    assert {change.line.criterion.code: change.value for change in found.changes} == {
        code: value for code, value in typed.items() if value != stored[code]
    }


# --- What is refused ---


@pytest.mark.parametrize(
    ("code", "value", "sentence"),
    [
        ("A1", "chín mươi", "Hãy viết số bằng chữ số, phần thập phân sau dấu phẩy, ví dụ 8,75."),
        ("A1", "8.75", "Phần thập phân viết sau dấu phẩy: hãy viết 8,75 thay cho 8.75."),
        ("A1", "1.234", None),
        ("A1", "9" * 30, None),
        ("A1", "NaN", "Hãy viết số bằng chữ số, phần thập phân sau dấu phẩy, ví dụ 8,75."),
        ("A1", Decimal(101), "Ở đây chỉ được nhập tối đa 100."),
        ("A1", Decimal("8.125"), "Chỉ viết tối đa 2 chữ số sau dấu phẩy."),
        ("A1", Decimal(-2), None),
        ("A2", Decimal("1.5"), None),
        ("A3", "Rất tốt", "Hãy chọn một trong: Xuất sắc; Tốt; Khá; Không đạt."),
        ("B1", "chưa rõ", "Hãy chọn một trong: Đạt; Không đạt."),
    ],
)
def test_bad_value_is_named_by_its_cell_and_nothing_is_changed(world, card, code, value, sentence):
    content, before = written(card), state_of(card)
    address = place(content, code, "value")

    found = errors_of(card, edited(content, {address: value, place(content, "B2", "value"): Decimal(0)}))

    assert len(found) == 1
    assert found[0].startswith(f"Ô {address} (“{value}”): ")
    assert sentence is None or found[0].endswith(sentence)
    assert state_of(card) == before


def test_all_bad_cells_are_said_at_once(card):
    content = written(card)
    cells = {place(content, code, "value"): "x" for code in ("A1", "A2", "B2", "F1")}

    found = errors_of(card, edited(content, cells))

    assert [sentence.split()[1] for sentence in found] == list(cells)


@pytest.mark.parametrize(("code", "key"), [("A1", "target"), ("A1", "maximum"), ("A", "maximum"), ("F1", "maximum")])
def test_locked_number_that_was_changed_is_named(card, code, key):
    content = written(card)
    address = place(content, code, key)

    assert errors_of(card, edited(content, {address: Decimal(7)})) == [
        f"Ô {address} (“7”): Ô này đã khóa nhưng bị sửa. Hãy tải lại phiếu."
    ]


def test_value_of_a_fed_or_unassigned_line_is_not_typed(card):
    amend(card.criteria_set.criteria.get(code="E1"), source=RecordSource.COMMENDATIONS)
    card.lines.filter(criterion__code="B2").update(is_assigned=False, not_assigned_reason="Không giao", self_value=None)
    content = written(card)
    cells = {place(content, "E1", "value"): Decimal(3), place(content, "B2", "value"): Decimal(1)}

    assert [sentence.split()[1] for sentence in errors_of(card, edited(content, cells))] == [
        place(content, "B2", "value"),
        place(content, "E1", "value"),
    ]


def test_value_from_records_may_be_more_than_a_person_could_enter(card):
    amend(card.criteria_set.criteria.get(code="A1"), source=RecordSource.TITLES)
    card.lines.filter(criterion__code="A1").update(self_value=Decimal("133.33"))

    assert filled(card, written(card)).changes == ()


def test_missing_surplus_and_double_codes_are_named(card):
    content = written(card)
    missing = without_row(content, row_with(content, "B2"))
    surplus = {place(content, "A1", "code"): "A9", place(content, "A2", "code"): "B1"}
    surplus |= {place(content, "A2", "maximum"): Decimal(10), place(content, "A2", "value"): "Đạt"}
    surplus = edited(content, surplus | {place(content, "A2", "note"): "Theo báo cáo số B1"})

    assert errors_of(card, missing) == ["Tệp thiếu các mã sau của phiếu: B2."]
    assert errors_of(card, surplus) == [
        "Tệp thiếu các mã sau của phiếu: A1, A2.",
        f"Ô {place(content, 'A1', 'code')} (“A9”): Phiếu không có dòng nào mang mã này.",
        f"Ô A{row_with(content, 'B1')} (“B1”): Mã này đã có ở ô {place(content, 'A2', 'code')}.",
    ]


@pytest.mark.parametrize(
    "label",
    [layout.CLUSTER, layout.YEAR, layout.UNIT, layout.UNIT_NAME, layout.SET_VERSION, layout.CARD_VERSION],
)
def test_head_that_was_changed_does_not_fit_its_check_code(card, label):
    content = written(card)
    head = f"C{row_with(content, label, column=1)}"
    code = f"C{row_with(content, layout.CHECK_CODE, column=1)}"

    found = errors_of(card, edited(content, {head: "9"}))

    assert len(found) == 1
    assert found[0].startswith(f"Ô {code} (“")


def test_check_code_is_keyed(card, settings):
    head = layout.head_of(reread(card))
    ours = head.check_code
    settings.SECRET_KEY = "another key"

    assert head.check_code != ours


def test_file_without_its_head_or_sheet_is_refused(card):
    content = written(card)
    row = row_with(content, layout.CHECK_CODE, column=1)

    assert errors_of(card, edited(content, {f"C{row}": None}))[0].startswith("Phía trên hàng tiêu đề không có “Mã kiểm")
    assert errors_of(card, book_of({"Trang 1": [["Mã"]]})) == ["Trong tệp không có trang “Phiếu chấm điểm”."]


def test_files_of_other_cards_are_refused(world, card):
    last_year = EmulationYearFactory(cluster=world.cluster, year=2020, phase=Phase.CONCLUDED)
    others = [
        card_in(CardStatus.DRAFT, world.other),
        card_in(CardStatus.DRAFT, world.foreign.member),
        ScorecardFactory(membership=MembershipFactory(year=last_year, unit=world.member.unit), filled=True),
    ]

    for other in others:
        found = errors_of(card, written(other))

        assert found[0].startswith(f"Đây là tệp của {other.membership.name}, năm {other.membership.year.year}, ")


def test_file_from_before_a_change_of_the_card_is_refused(world, card):
    content = written(card)
    import_(card, edited(content, {place(content, "A1", "value"): Decimal(90)}), world.officer)

    with pytest.raises(Stale, match="Phiếu đã thay đổi sau khi tải tệp này về"):
        filled(card, content)


def test_file_of_another_version_of_the_set_is_refused(world, card):
    content = written(card)
    later = CriteriaSetFactory(year=world.year, version=2, small=True)
    Scorecard.objects.filter(pk=card.pk).update(criteria_set=later)

    with pytest.raises(Stale):
        filled(card, content)


@pytest.mark.parametrize("options", [{"hidden": [layout.LISTS]}, {"merged": "T1:U2"}])
def test_hidden_sheets_and_merged_cells_are_refused(card, options):
    assert len(errors_of(card, edited(written(card), {}, **options))) == 1


# --- Who may, and how much it costs ---


def test_who_may_fill_the_card_may_import_it(world):
    """The secretariat only after it has recorded the signed paper."""
    card = card_in(CardStatus.DRAFT, world.member)

    answers = {
        name: outcome(
            lambda user=user: imports.import_scorecard(
                card=reread(card), version=card.version, entries=[], by=user, at=NOW
            )
        )
        for name, user in world.people().items()
    }

    assert answers == {"of": "Y", "sg": "Y", "ot": "3", "fo": "4", "L": "3", "D": "3", "S": "W", "R": "3", "O": "4"}


@pytest.mark.parametrize("status", [CardStatus.SUBMITTED, CardStatus.REVIEWED, CardStatus.APPROVED])
def test_card_that_is_not_open_takes_no_file(world, status):
    card = card_in(status, world.member)

    with pytest.raises(WrongState):
        imports.import_scorecard(card=card, version=card.version, entries=[], by=world.officer, at=NOW)


def test_right_is_asked_before_the_version(world, card):
    with pytest.raises(NotAllowed):
        imports.import_scorecard(card=card, version=0, entries=[], by=world.other_officer, at=NOW)
    with pytest.raises(NotKnown):
        imports.import_scorecard(card=card, version=0, entries=[], by=world.foreign.officer, at=NOW)
    with pytest.raises(Stale):
        imports.import_scorecard(card=card, version=0, entries=[], by=world.officer, at=NOW)


def test_one_line_that_is_refused_keeps_the_others_from_being_saved(world, card):
    content, before = written(card), state_of(card)
    cells = {place(content, "A1", "value"): Decimal(90), place(content, "B2", "value"): Decimal(0)}
    entries = filled(card, edited(content, cells)).entries
    amend(card.criteria_set.criteria.get(code="B2"), source=RecordSource.DAYS_LATE)

    with pytest.raises(Refused):
        imports.import_scorecard(card=reread(card), version=card.version, entries=entries, by=world.officer, at=NOW)

    assert state_of(card) == before


def long_card(world, count, unit=None):
    """The card of a unit with `count` lines that are achieved or not."""
    criteria_set = CriteriaSetFactory(year=world.year, version=count, declared_total=10 * count)
    for place_ in range(count):
        CriterionFactory(criteria_set=criteria_set, code=f"Z{place_}", order=place_)
    if unit is None:
        put_into_force(criteria_set)
    return ScorecardFactory(membership=unit or world.member, criteria_set=criteria_set)


@pytest.mark.parametrize("count", [4, 40])
def test_reading_and_writing_cost_the_same_however_long_the_card_is(world, count):
    card = reread(long_card(world, count))
    with CaptureQueriesContext(
        connection,
    ) as writing:
        content = write_card(sheets.load(card), at=AT)
    file = open_card(
        edited(content, {place(content, f"Z{one}", "value"): "Đạt" for one in range(count)}), name="a.xlsx"
    )

    with CaptureQueriesContext(connection) as reading:
        check_belongs(file, card)
        found = read_card(file, sheets.load(card))

    assert len(found.changes) == count
    assert (len(writing), len(reading)) == (3, 3)


def calls_of(act):
    """How many functions of Python are called: what a piece of work costs, whatever the machine."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def test_work_grows_with_the_lines_and_no_faster(world):
    costs = []
    for unit, count in ((world.member, 40), (world.other, 120)):
        card = reread(long_card(world, count, unit))
        content = written(card)
        changed = edited(content, {f"H{row}": "Đạt" for row in range(13, 13 + count)})
        costs.append(calls_of(lambda file=changed, card=card: filled(card, file)))

    assert costs[1] < 3 * costs[0]


@pytest.mark.parametrize("count", [4, 40])
def test_saving_costs_one_statement_a_line(world, count):
    card = reread(long_card(world, count))
    content = written(card)
    changed = edited(content, {place(content, f"Z{one}", "value"): "Đạt" for one in range(count)})
    entries = filled(card, changed).entries

    with CaptureQueriesContext(connection) as saving:
        imports.import_scorecard(card=card, version=card.version, entries=entries, by=world.officer, at=NOW)

    assert len(saving) == 12 + count
