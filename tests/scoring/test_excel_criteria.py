"""Criteria sets out to Excel and in again: nothing is lost, and whatever is wrong is named by its cell."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards.enums import CampaignKind
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.lib.vietnamese import fold
from members.enums import Phase
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.demo import criteria as demo_criteria
from scoring.enums import CriterionKind, Direction, RecordSource, Section, SetStatus
from scoring.excel import criteria_layout as layout
from scoring.excel.choices import labels_of, value_of
from scoring.excel.criteria_reading import CriteriaFile, award_form_codes, read_criteria
from scoring.excel.criteria_writing import _write as write_file
from scoring.excel.criteria_writing import file_of_set, write_set, write_template
from scoring.excel.examples import EXAMPLES
from scoring.models import CriteriaSet, Criterion
from scoring.services import criteria_sets, imports
from tests.cluster_app.sample_spreadsheets import with_parts
from tests.factories.awards import AwardFormFactory
from tests.factories.scoring import CriteriaSetFactory, CriterionFactory, ScorecardFactory, TargetFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.workbooks import Formula, book_of, edited, grid_of, row_with

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TEMPLATE = write_template(at=AT)
# The columns of the sheet "Tiêu chí".
COLUMN = {heading.key: chr(ord("A") + place) for place, heading in enumerate(layout.CRITERIA_HEADINGS)}
HEAD = row_with(TEMPLATE, "Mã")


def read(content, name="tieu-chi.xlsx", award_forms=()):
    return read_criteria(content, name=name, award_forms=award_forms)


def errors_of(content, **options):
    with pytest.raises(Refused) as refused:
        read(content, **options)
    return refused.value.missing or [refused.value.message]


def place(code, key):
    """The address of a cell of the template."""
    return f"{COLUMN[key]}{row_with(TEMPLATE, code)}"


def errors_with(cells, **options):
    return errors_of(edited(TEMPLATE, cells, **options))


def build_world():
    return two_clusters(phase=Phase.PREPARING)


def take_over(world, file, **more):
    return imports.import_criteria(year=world.year, file=file, by=world.secretariat, at=NOW, **more)


# --- Round trips ---


def test_template_shows_every_kind_and_reads_as_it_was_written():
    assert {node.kind for node in EXAMPLES.nodes} == set(CriterionKind.values)
    assert read(TEMPLATE) == EXAMPLES
    assert list(grid_of(TEMPLATE)) == [layout.CRITERIA, layout.LEVELS, layout.SOURCES, layout.LISTS, layout.GUIDE]


def test_words_of_every_list_are_told_apart():
    for choices in {**layout.CHOICES, **layout.RULE_CHOICES}.values():
        labels = labels_of(choices)

        assert [value_of(choices, label) for label in labels] == choices.values
        assert [value_of(choices, fold(label).upper()) for label in labels] == choices.values
        assert [value_of(choices, value) for value in choices.values] == choices.values


def test_template_can_be_taken_over_as_it_is(world):
    imported = take_over(world, read(TEMPLATE))

    assert (imported.criteria_set.status, imported.criteria_set.version) == (SetStatus.DRAFT, 1)
    assert file_of_set(imported.criteria_set) == EXAMPLES
    assert criteria_sets.missing_for_application(imported.criteria_set) == []


def test_export_of_a_stored_set_changes_nothing_when_it_comes_back(world):
    take_over(world, read(TEMPLATE))
    before = list(Criterion.objects.order_by("pk").values())

    content = write_set(criteria_sets.draft_of(world.year), at=AT)
    imported = take_over(world, read(content))

    assert imported.is_empty
    assert imported.diff.same == len(EXAMPLES.nodes)
    assert list(Criterion.objects.order_by("pk").values()) == before


def test_export_of_the_set_in_force_makes_no_draft_when_it_comes_back(world):
    applied = CriteriaSetFactory(year=world.year, small=True, applied=True)

    imported = take_over(world, read(write_set(applied, at=AT)))

    assert imported.is_empty
    assert list(CriteriaSet.objects.filter(year=world.year)) == [applied]


def test_set_of_the_demo_comes_back_without_a_change(world):
    applied = demo_criteria.applied_set(world.year, world.secretariat, NOW)

    imported = take_over(world, read(write_set(applied, at=AT), award_forms=award_form_codes()))

    assert imported.is_empty
    assert imported.diff.same == applied.criteria.count() > 50


def test_texts_that_differ_only_in_blanks_and_line_breaks_are_no_change(world):
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    Criterion.objects.filter(code="A1").update(how_computed="Dòng một\r\nDòng hai \r\n", title=" Tỷ lệ ")

    imported = take_over(world, read(write_set(criteria_set, at=AT)))

    assert imported.is_empty


def test_forms_of_commendations_go_out_and_in_by_their_code(world):
    AwardFormFactory(code="BK-TW")
    rule = RuleNode(Decimal("2.5"), award_form="BK-TW")
    nodes = tuple(replace(node, source_rules=(rule,)) if node.code == "C.1" else node for node in EXAMPLES.nodes)
    take_over(world, replace(EXAMPLES, nodes=nodes))

    content = write_set(criteria_sets.draft_of(world.year), at=AT)

    assert read(content, award_forms={"BK-TW"}).nodes == nodes
    assert errors_of(content) == ["Trang “Nguồn”, ô C2 (“BK-TW”): Không có danh hiệu, hình thức nào mang mã BK-TW."]


POINTS = st.decimals(min_value="0.25", max_value="300000.75", places=2)  # three of them are a total that fits
AMOUNTS = st.decimals(min_value="0.01", max_value="9999999999999.99", places=2)
SHARES = st.decimals(min_value="0.01", max_value="100", places=2)  # of more than everything no unit reaches a target
WORDS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy=+-@%<>&\"'’ ÁẾỘ\n", min_size=1, max_size=30).map(str.strip).filter(bool)


@st.composite
def leaves(draw, code):
    """A leaf of any kind with all the parameters that the kind can have, and its group."""
    kind = draw(st.sampled_from([kind for kind in CriterionKind if kind != CriterionKind.GROUP]))
    maximum = draw(POINTS)
    section = {CriterionKind.BONUS: Section.BONUS, CriterionKind.PENALTY: Section.PENALTY}.get(kind, Section.BASE)
    more = {}
    if kind in (CriterionKind.RATIO, CriterionKind.RATIO_LEADER):
        unit = draw(st.sampled_from(["", "%", "đồng"]))
        targets = SHARES if kind == CriterionKind.RATIO and unit == "%" else AMOUNTS
        more = {"default_target": draw(st.none() | targets), "unit_of_measure": unit}
    if kind == CriterionKind.RATIO:
        more |= {
            "direction": draw(st.sampled_from(Direction.values)),
            "min_points": draw(st.none() | st.just(Decimal(0))),
        }
    if kind == CriterionKind.RATIO_LEADER:
        more |= {"full_at_excess": draw(st.none() | st.decimals("0.5", "999.99", places=2))}
    if kind in (CriterionKind.PER_ITEM, CriterionKind.BONUS, CriterionKind.DEDUCT, CriterionKind.PENALTY):
        more = {"points_per_item": draw(POINTS), "step": draw(st.none() | st.just(Decimal("0.5")))}
    if kind == CriterionKind.JUDGED:
        more = {"step": Decimal("0.25")}
        maximum = draw(st.integers(1, 4000)) * Decimal("0.25")
    if kind == CriterionKind.LEVELS:
        lower = sorted(draw(st.lists(st.decimals(0, maximum, places=2), max_size=4)), reverse=True)
        more = {"levels": tuple(LevelNode(draw(WORDS), points) for points in [maximum, *lower])}
    if kind == CriterionKind.BANDS:
        ends = sorted(draw(st.sets(AMOUNTS, min_size=1, max_size=4)))
        points = [
            *sorted(draw(st.lists(st.decimals(0, maximum, places=2), min_size=len(ends), max_size=len(ends)))),
            maximum,
        ]
        bounds = zip([Decimal(0), *ends], [*ends, None], strict=True)
        more = {"levels": tuple(LevelNode(draw(WORDS), one, *bound) for one, bound in zip(points, bounds, strict=True))}
        if len(set(points)) == 1:
            more["direction"] = draw(st.sampled_from(Direction.values))
    if kind == CriterionKind.BONUS and draw(st.booleans()):
        more = {
            "points_per_item": draw(POINTS),
            "source": RecordSource.CAMPAIGNS.value,
            "source_rules": (
                RuleNode(draw(POINTS), campaign_kind=CampaignKind.values[0]),
                RuleNode(draw(POINTS), campaign_kind=CampaignKind.values[1]),
            ),
        }
    leaf = Node(
        code=f"{code}.1",
        parent=code,
        title=draw(WORDS),
        kind=kind.value,
        section=section.value,
        max_points=maximum,
        how_computed=draw(WORDS),
        evidence_required=draw(WORDS),
        **more,
    )
    return section, leaf


@st.composite
def whole_sets(draw):
    """A set that could be put into force: a group for each leaf, and one bonus and one penalty group at most."""
    drawn = [draw(leaves(letter)) for letter in "ABC"]
    groups, used = [], set()
    for section, leaf in drawn:
        if section != Section.BASE and section in used:
            continue
        used.add(section)
        group = Node(
            leaf.parent, draw(WORDS), CriterionKind.GROUP.value, section=section.value, max_points=leaf.max_points
        )
        groups += [group, leaf]
    base = sum((one.max_points for one in groups if not one.parent and one.section == Section.BASE), Decimal(0))
    if not base:
        filler = replace(EXAMPLES.nodes[0], max_points=Decimal(10)), replace(EXAMPLES.nodes[3], code="A.9")
        return (*groups, replace(filler[0], code="H"), replace(filler[1], parent="H")), Decimal(10)
    return tuple(groups), base


@given(whole_sets(), WORDS, st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_set_reads_as_it_was_written(drawn, title, shares):
    nodes, total = drawn
    file = CriteriaFile(title, total, shares, nodes)

    assert read(write_file(file, at=AT, origin=[("Cụm", "Cụm A")], empty_rows=3)) == file


# --- What is taken over ---


def test_file_changes_the_draft_by_code_and_says_what(world):
    take_over(world, EXAMPLES)
    content = edited(TEMPLATE, {place("A.1", "title"): "Tên mới", place("A.1", "default_target"): Decimal(95)})

    imported = take_over(world, read(content))

    assert [(one.after.code, one.fields) for one in imported.diff.changed] == [("A.1", ("title", "default_target"))]
    assert (imported.diff.added, imported.diff.removed) == ((), ())
    assert Criterion.objects.get(criteria_set__year=world.year, code="A.1").title == "Tên mới"


def test_head_of_the_file_is_the_head_of_the_set(world):
    CriteriaSetFactory(year=world.year, small=True)
    total = row_with(TEMPLATE, layout.TOTAL, column=2)
    cells = {f"D{total}": Decimal(90), f"D{total - 1}": "Bảng năm nay", f"D{total + 1}": "Có"}
    lower = {place("A", "max_points"): Decimal(50), place("A.1", "max_points"): Decimal(10)}

    imported = take_over(world, read(edited(TEMPLATE, cells | lower)))

    stored = CriteriaSet.objects.get(pk=imported.criteria_set.pk)
    assert (stored.title, stored.declared_total, stored.allows_shared_records) == ("Bảng năm nay", Decimal(90), True)
    assert [(change.before, change.after) for change in imported.head] == [
        ("Bảng tiêu chí chấm điểm", "Bảng năm nay"),
        ("100,00", "90,00"),
        ("không", "có"),
    ]


def test_set_in_force_is_followed_by_the_next_version(world):
    applied = CriteriaSetFactory(year=world.year, small=True, applied=True)
    content = write_set(applied, at=AT)
    cell = f"C{row_with(content, 'A1')}"

    imported = take_over(world, read(edited(content, {cell: "Tên mới"})))

    assert (imported.criteria_set.version, imported.criteria_set.status) == (2, SetStatus.DRAFT)
    assert [one.after.code for one in imported.diff.changed] == ["A1"]
    assert applied.criteria.get(code="A1").title == "Tỷ lệ nhiệm vụ hoàn thành"


def test_headings_are_read_without_accents_in_any_order_and_values_by_word_or_stored_value():
    grid = grid_of(TEMPLATE)
    rows = grid[layout.CRITERIA]
    rows[HEAD - 1] = [fold(value).upper() if value else value for value in rows[HEAD - 1]]
    for row in rows[HEAD - 1 :]:
        row.reverse()
    kind = len(rows[HEAD - 1]) - 1 - (ord(COLUMN["kind"]) - ord("A"))
    rows[row_with(TEMPLATE, "A.1") - 1][kind] = "ratio"
    grid = {fold(name): values for name, values in grid.items()}

    assert read(book_of(grid)) == EXAMPLES


def test_section_that_is_left_open_is_that_of_the_group():
    cells = {place(code, "section"): None for code in ("A", "A.1", "B", "C.1", "D.1")}

    assert read(edited(TEMPLATE, cells)) == EXAMPLES


# --- What is refused, cell by cell ---


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("max_points", "hai mươi", "Hãy viết số bằng chữ số, phần thập phân sau dấu phẩy, ví dụ 8,75."),
        ("default_target", "8.75", "Phần thập phân viết sau dấu phẩy: hãy viết 8,75 thay cho 8.75."),
        ("default_target", "1" * 30, "Chỉ viết tối đa 13 chữ số trước dấu phẩy."),
        ("default_target", "NaN", "Hãy viết số bằng chữ số, phần thập phân sau dấu phẩy, ví dụ 8,75."),
        ("max_points", Decimal("1234567"), "Chỉ viết tối đa 6 chữ số trước dấu phẩy."),
        ("max_points", Decimal("8.125"), "Chỉ viết tối đa 2 chữ số sau dấu phẩy."),
        ("max_points", Formula("=10+10", 20), "Ô này chứa công thức. Hãy nhập giá trị."),
        ("title", Formula('="a"', "a"), "Ô này chứa công thức. Hãy nhập giá trị."),
        ("title", None, "Ô này bắt buộc phải ghi."),
        ("title", "x" * 301, "Ở đây chỉ được ghi tối đa 300 ký tự."),
        ("kind", None, "Ô này bắt buộc phải ghi."),
        ("how_computed", "a\x0bb", "Ô này có ký tự không in được. Hãy gõ lại nội dung."),
    ],
)
def test_cell_that_cannot_be_read_is_the_only_error_of_its_file(key, value, sentence):
    address = place("A.1", key)
    shown = "" if value is None else str(getattr(value, "shown", value))
    shown = shown[:60] + "…" if len(shown) > 60 else shown

    found = errors_with({address: value})

    quoted = " ".join(shown.replace("\x0b", " ").split()) if "\x0b" not in shown else "a b"
    assert found == [f"Ô {address} (“{quoted}”): {sentence}" if shown else f"Ô {address}: {sentence}"]


def test_word_that_is_no_choice_is_answered_with_the_choices():
    address = place("A.1", "direction")

    assert errors_with({address: "ngang"}) == [
        f"Ô {address} (“ngang”): Hãy chọn một trong: {'; '.join(labels_of(Direction))}."
    ]


def test_all_errors_are_said_at_once_in_the_order_of_the_sheet():
    first, second, third = place("A.1", "default_target"), place("A.3", "points_per_item"), place("B.3", "title")

    found = errors_with({third: None, second: "x", first: "8.75"})

    assert [sentence.split()[1].rstrip(":") for sentence in found] == [first, second, third]


def test_set_that_does_not_sum_names_every_node_and_its_difference():
    cells = {place("A.1", "max_points"): Decimal(25), place("B", "max_points"): Decimal(41)}
    total = f"D{row_with(TEMPLATE, layout.TOTAL, column=2)}"

    found = errors_with(cells)

    assert [sentence.split(" (")[0] for sentence in found] == [
        f"Ô {total}",
        f"Ô {place('A', 'max_points')}",
        f"Ô {place('B', 'max_points')}",
    ]
    assert ["-1,00" in found[0], "-5,00" in found[1], "1,00" in found[2]] == [True] * 3


def test_duplicate_code_names_both_cells():
    address = place("A.2", "code")

    assert errors_with({address: "A.1"}) == [f"Ô {address} (“A.1”): Mã này đã có ở ô {place('A.1', 'code')}."]


def test_circle_is_named_at_each_of_its_nodes():
    found = errors_with({place("A", "parent"): "B", place("B", "parent"): "A"})

    assert {place("A", "parent"), place("B", "parent")} <= {sentence.split()[1] for sentence in found}


def test_unknown_parent_and_depth_are_named():
    deep = {}
    last = len(grid_of(TEMPLATE)[layout.CRITERIA]) + 1
    for depth in range(7):
        deep |= {f"A{last + depth}": f"X{depth}", f"B{last + depth}": f"X{depth - 1}" if depth else "A"}
        deep |= {f"C{last + depth}": "Nhóm", f"E{last + depth}": "group", f"F{last + depth}": Decimal(1)}

    found = errors_with({place("A.1", "parent"): "Z"} | deep)

    assert any(sentence.startswith(f"Ô {place('A.1', 'parent')} (“Z”)") for sentence in found)
    assert any(sentence.startswith(f"Ô B{last + 6} ") for sentence in found)


def test_hole_in_a_table_of_bands_is_named_where_it_opens():
    row = row_with(TEMPLATE, "A.4", sheet=layout.LEVELS)

    found = errors_with({f"E{row}": Decimal(70)}, sheet=layout.LEVELS)

    assert len(found) == 1
    assert found[0].startswith(f"Trang “Mức điểm”, ô E{row} (“70”): A.4: ")


@pytest.mark.parametrize(
    ("sheet", "cells", "start"),
    [
        (layout.LEVELS, {"C2": "nhiều"}, "Trang “Mức điểm”, ô C2 (“nhiều”): "),
        (layout.LEVELS, {"C2": Decimal(-1)}, "Trang “Mức điểm”, ô C2 (“-1”): "),
        (layout.LEVELS, {"A2": "K.9"}, "Trang “Mức điểm”, ô A2 (“K.9”): "),
        (layout.LEVELS, {"E3": Decimal(80)}, "Trang “Mức điểm”, ô E3 (“80”): "),
        (layout.LEVELS, {"D5": Decimal(1)}, "Trang “Mức điểm”, ô D5 (“1”): "),
        (layout.LEVELS, {"B2": None}, "Trang “Mức điểm”, ô B2: "),
        (layout.SOURCES, {"F2": Decimal(0)}, "Trang “Nguồn”, ô F2 (“0”): "),
        (layout.SOURCES, {"B2": None}, "Trang “Nguồn”, ô F2 (“5”): "),
        (layout.SOURCES, {"B3": "Cấp Nhà nước"}, "Trang “Nguồn”, ô A3 (“C.1”): "),
        (layout.SOURCES, {"C2": "KHONG-CO"}, "Trang “Nguồn”, ô C2 (“KHONG-CO”): "),
        (layout.SOURCES, {"A2": None}, "Trang “Nguồn”, ô A2: "),
    ],
)
def test_wrong_row_of_levels_or_sources_is_named(sheet, cells, start):
    state = labels_of(layout.RULE_CHOICES["level"])[0]
    cells = {address: state if value == "Cấp Nhà nước" else value for address, value in cells.items()}

    found = errors_with(cells, sheet=sheet)

    assert found[0].startswith(start)


def test_parameters_that_mean_nothing_for_the_kind_are_named():
    cells = {
        place("B.2", "points_per_item"): Decimal(1),
        place("A", "step"): Decimal(1),
        place("A.3", "source"): "office",
    }

    found = errors_with(cells)

    assert {sentence.split()[1] for sentence in found} == set(cells)


def test_missing_texts_and_parameters_are_named():
    cells = {place("A.3", "points_per_item"): None, place("A.1", "how_computed"): None, place("B", "max_points"): None}

    found = errors_with(cells)

    assert {sentence.split()[1].rstrip(":") for sentence in found} >= set(cells)


def test_unknown_double_and_missing_headings_are_named():
    grid = grid_of(TEMPLATE)
    heads = grid[layout.CRITERIA][HEAD - 1]
    heads[heads.index("Bước")] = "Ghi thêm"
    heads[heads.index("Chiều")] = "Phần"
    heads[heads.index("Minh chứng")] = None

    found = errors_of(book_of(grid))

    assert (
        f"Ô {COLUMN['step']}{HEAD} (“Ghi thêm”): Không rõ tiêu đề này. Hãy xóa cột hoặc dùng tiêu đề của tệp mẫu."
        in found
    )
    assert f"Ô {COLUMN['direction']}{HEAD} (“Phần”): Tiêu đề này có hai lần. Hãy xóa bớt một cột." in found
    assert "Trang “Tiêu chí” không có cột “Minh chứng”." in found


def test_code_that_excel_made_a_number_of_is_refused():
    address = place("A.1", "code")

    found = errors_with({address: Decimal("1.1")})

    assert found[0].startswith(f"Ô {address} (“1.1”): Excel đã hiểu mã này là số hoặc ngày.")


def test_total_is_needed():
    row = row_with(TEMPLATE, layout.TOTAL, column=2)

    assert errors_with({f"D{row}": None})[0].startswith(f"Ô D{row}: ")
    assert errors_with({f"C{row}": "Khác"}) == ["Phía trên hàng tiêu đề không có “Tổng điểm” kèm một số ở ô bên cạnh."]


def test_file_without_the_sheet_or_its_headings_is_refused():
    assert errors_of(book_of({"Khác": [["Mã"]]})) == ["Trong tệp không có trang “Tiêu chí”."]
    assert errors_of(book_of({"Tiêu chí": [["a", "b"]]}))[0].startswith(
        "Trang “Tiêu chí” không có hàng tiêu đề gồm Mã,"
    )


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (TEMPLATE, "tieu-chi.xlsm", "macro"),
        (with_parts(TEMPLATE, {"xl/vbaProject.bin": b"x"}), "tieu-chi.xlsx", "macro"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "tieu-chi.xlsx", "tieu-chi.xlsx"),
        (b"PK\x03\x04" + b"\0" * 200, "tieu-chi.xlsx", "tieu-chi.xlsx"),
        (with_parts(TEMPLATE, {"xl/media/a.bin": b"\0" * (70 * 1024 * 1024)}), "tieu-chi.xlsx", ""),
        (edited(TEMPLATE, {}, hidden=[layout.LISTS]), "tieu-chi.xlsx", layout.LISTS),
        (edited(TEMPLATE, {}, merged="T1:U2"), "tieu-chi.xlsx", "T1:U2"),
    ],
    ids=["macro name", "macro", "old xls", "no zip", "bomb", "hidden", "merged"],
)
def test_unsafe_file_is_refused_with_a_sentence(content, name, word):
    found = errors_of(content, name=name)

    assert len(found) == 1
    assert word in found[0]


def test_file_with_too_many_rows_is_refused_at_once():
    grid = grid_of(TEMPLATE)
    grid[layout.LEVELS] += [["A.4", "Mức", Decimal(1)]] * 3000

    assert errors_of(book_of(grid)) == ["Trang “Mức điểm” có quá 3000 dòng. Hãy xóa các dòng thừa."]


def test_reading_stops_where_nobody_reads_on():
    grid = grid_of(TEMPLATE)
    grid[layout.LEVELS] += [["không", "có", "8.75", "NaN", "x"]] * 2900

    assert len(errors_of(book_of(grid))) == 500


# --- All or nothing, and by whom ---


def state_of_sets():
    return list(CriteriaSet.objects.order_by("pk").values()), list(Criterion.objects.order_by("pk").values())


def test_set_that_could_not_be_in_force_is_refused_by_the_service_too(world):
    before = state_of_sets()

    with pytest.raises(Refused):
        take_over(world, replace(EXAMPLES, declared_total=Decimal(101)))

    assert state_of_sets() == before


def test_criterion_with_targets_stays_and_so_does_everything(world):
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    TargetFactory(membership=world.member, criterion=criteria_set.criteria.get(code="A1"))
    before, events = state_of_sets(), AuditEvent.objects.count()

    with pytest.raises(Refused, match="A1"):
        take_over(world, EXAMPLES)

    assert (state_of_sets(), AuditEvent.objects.count()) == (before, events)


def test_trial_says_the_same_and_leaves_nothing(world):
    CriteriaSetFactory(year=world.year, small=True)
    before, events = state_of_sets(), AuditEvent.objects.count()

    imported = imports.try_criteria(year=world.year, file=EXAMPLES, by=world.secretariat, at=NOW)

    assert {node.code for node in imported.diff.added} == {
        node.code for node in EXAMPLES.nodes if node.code not in "AB"
    }
    assert (state_of_sets(), AuditEvent.objects.count()) == (before, events)


def test_draft_that_changed_after_the_preview_is_not_written_over(world):
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    seen = imports.try_criteria(year=world.year, file=EXAMPLES, by=world.secretariat, at=NOW).state
    CriterionFactory(criteria_set=criteria_set, code="Z1")

    with pytest.raises(Stale):
        take_over(world, EXAMPLES, seen=seen)


def test_set_in_force_stays_once_a_card_was_submitted(world):
    ScorecardFactory(membership=world.member, submitted=True)

    with pytest.raises(WrongState):
        take_over(world, EXAMPLES)


def test_only_the_secretariat_takes_over_a_file(world):
    answers = {}
    for name, user in world.people().items():
        try:
            imports.try_criteria(year=world.year, file=EXAMPLES, by=user, at=NOW)
            answers[name] = "Y"
        except NotKnown:
            answers[name] = "4"
        except NotAllowed:
            answers[name] = "3"

    assert answers == {"of": "3", "sg": "3", "ot": "3", "fo": "4", "L": "3", "D": "3", "S": "Y", "R": "3", "O": "4"}


def test_files_are_vietnamese_and_read_alike_in_an_english_session():
    with translation.override("en"):
        content = write_template(at=AT)

        assert content == TEMPLATE
        assert read(content) == EXAMPLES


def test_other_cluster_is_left_alone(world):
    other = CriteriaSetFactory(year=world.foreign.year, small=True)
    before = list(other.criteria.order_by("pk").values())

    take_over(world, EXAMPLES)

    assert list(other.criteria.order_by("pk").values()) == before
