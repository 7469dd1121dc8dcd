"""The demo's criteria, score cards and years agree with each other, with the article and with domain.md 5.5."""

import unicodedata
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from tests.scoring.demo_files import DATA, STAGES, UNITS, as_text, criteria, leaves, levels, line_cents, rows, sums

COUNTS = {"per_item", "deduct", "bonus", "penalty"}

# unit, self-scored, reviewed, section A, base, bonus, penalty, rank, band
RESULT_2020 = [
    ("VPTU", "990.99", "975.99", "417.16", "925.99", "50.00", "0.00", 1, "Xuất sắc"),
    ("TCT", "991.18", "970.75", "417.92", "930.75", "40.00", "0.00", 2, "Xuất sắc"),
    ("UBKTTU", "982.17", "965.65", "422.65", "945.65", "20.00", "0.00", 3, "Xuất sắc"),
    ("BTCTU", "983.30", "965.65", "421.82", "935.65", "30.00", "0.00", 4, "Xuất sắc"),
    ("BTGTU", "962.16", "955.97", "416.46", "935.97", "20.00", "0.00", 5, "Xuất sắc"),
    ("BNCTU", "953.05", "940.97", "425.50", "925.97", "15.00", "0.00", 6, "Tốt"),
    ("BLS", "950.35", "917.16", "401.36", "917.16", "15.00", "-15.00", 7, "Tốt"),
    ("BDVTU", "930.98", "908.90", "409.09", "908.90", "10.00", "-10.00", 8, "Tốt"),
    ("DUK", "890.80", "860.69", "383.37", "865.69", "5.00", "-10.00", 9, "Tốt"),
]
STATUS_2021 = {
    "VPTU": "approved",
    "BTCTU": "reviewed",
    "UBKTTU": "reviewed",
    "BTGTU": "reviewed",
    "BDVTU": "draft",
    "BNCTU": "draft",
    "DUK": "returned",
    "TCT": "submitted",
    "BLS": "submitted",
}


def penalty_and_correction(unit):
    claimed, reviewed = (line_cents(2020, unit, stage) for stage in STAGES)
    return -sums(2020, unit, "reviewed_value")["penalty"], sum(abs(claimed[code] - reviewed[code]) for code in claimed)


def test_files_are_composed_utf8_with_unix_line_ends_and_say_where_each_row_comes_from():
    texts = {path.name: path.read_bytes().decode("utf-8") for path in DATA.glob("*.csv")}

    assert texts
    assert [name for name, text in texts.items() if "\r" in text or text.startswith("\ufeff")] == []
    assert [name for name, text in texts.items() if text != unicodedata.normalize("NFC", text)] == []
    assert [(name, row) for name in texts for row in rows(name) if None in row or not names_its_source(row)] == []


def names_its_source(row):
    return row["source"] in {"article", "domain", "illustrative"} or row["source"].startswith("[")


def test_maxima_of_base_children_sum_to_the_parent_and_to_1000():
    children = defaultdict(Decimal)
    for row in rows("criteria.csv"):
        if row["section"] == "base":
            children[row["parent"]] += Decimal(row["max_points"])

    assert children.pop("") == 1000
    assert children == {code: Decimal(criteria()[code]["max_points"]) for code in children}
    assert Counter(row["section"] for row in leaves().values()) == {"base": 38, "bonus": 5, "penalty": 5}
    assert (criteria()["E"]["max_points"], criteria()["F"]["max_points"]) == ("50", "200")


def test_leaves_say_how_they_are_computed_and_what_proves_them():
    texts = ("how_computed", "evidence_required")

    assert leaves()
    assert [code for code, leaf in leaves().items() if not all(leaf[text].endswith(".") for text in texts)] == []
    assert [code for code, leaf in leaves().items() if bool(leaf["points_per_item"]) != (leaf["kind"] in COUNTS)] == []


def test_levels_fall_from_the_maximum_to_zero():
    with_levels = [code for code, leaf in leaves().items() if leaf["kind"] == "levels"]

    assert sorted(levels()) == with_levels
    for code, points in levels().items():
        assert list(points) == list(range(1, len(points) + 1))
        assert points[1] == Fraction(criteria()[code]["max_points"])
        assert list(points.values()) == sorted(points.values(), reverse=True)
        assert list(points.values())[-1] == 0


@pytest.mark.parametrize("year", [2020, 2021])
def test_every_unit_has_a_line_for_every_leaf_with_values_that_fit_it(year):
    lines = rows(f"scores_{year}.csv")

    assert [(row["unit"], row["criterion"]) for row in lines] == [(unit, code) for unit in UNITS for code in leaves()]
    for row in lines:
        leaf = leaves()[row["criterion"]]
        for value in (Decimal(row[stage]) for stage in STAGES if row[stage]):
            assert value >= 0
            if leaf["kind"] == "ratio":
                assert value == value.quantize(Decimal("0.01"))
                assert leaf["unit_of_measure"] != "%" or value <= 100
            else:
                assert value == int(value)
            if leaf["kind"] == "boolean":
                assert value in (0, 1)


@pytest.mark.parametrize("year", [2020, 2021])
def test_submitted_lines_carry_a_note_and_changed_lines_a_reason(year):
    drafts = {row["unit"] for row in rows("scorecards.csv") if row["year"] == str(year) and row["status"] == "draft"}
    for row in rows(f"scores_{year}.csv"):
        kind = leaves()[row["criterion"]]["kind"]
        needs_note = kind in {"ratio", "per_item"} or (kind == "bonus" and row["self_value"] not in {"", "0"})
        if needs_note and row["unit"] not in drafts:
            assert row["self_note"], row
        is_changed = bool(row["reviewed_value"]) and row["reviewed_value"] != row["self_value"]
        assert bool(row["reviewed_reason"]) == is_changed, row


def test_totals_ranks_and_bands_of_2020_are_these():
    (year,) = [row for row in rows("years.csv") if row["year"] == "2020"]
    bands = [band.split(":") for band in year["bands"].split("|")]
    claimed = {unit: sums(2020, unit, "self_value") for unit in UNITS}
    final = {unit: sums(2020, unit, "reviewed_value") for unit in UNITS}
    order = sorted(UNITS, key=lambda unit: (-final[unit]["total"], -final[unit]["A"], *penalty_and_correction(unit)))

    assert [
        (
            unit,
            as_text(claimed[unit]["total"]),
            *(as_text(final[unit][name]) for name in ("total", "A", "base", "bonus", "penalty")),
            rank,
            next(name for name, lowest in bands if final[unit]["total"] >= int(lowest) * 100),
        )
        for rank, unit in enumerate(order, start=1)
    ] == RESULT_2020


def test_one_tie_is_broken_by_section_a_against_the_smallest_correction():
    totals = {unit: sums(2020, unit, "reviewed_value") for unit in UNITS}
    shared = Counter(figures["total"] for figures in totals.values())
    tied = [unit for unit in UNITS if shared[totals[unit]["total"]] > 1]
    (winner_penalty, winner_correction), (loser_penalty, loser_correction) = map(
        penalty_and_correction, ("UBKTTU", "BTCTU")
    )

    assert tied == ["BTCTU", "UBKTTU"]
    assert totals["UBKTTU"]["A"] > totals["BTCTU"]["A"]
    assert winner_penalty == loser_penalty
    assert winner_correction > loser_correction
    assert len({sums(2020, unit, "self_value")["total"] for unit in UNITS}) == len(UNITS)


def test_tie_of_2020_stands_only_if_halves_are_rounded_up():
    leaf, value = criteria()["A4.1"], Decimal("99.54")
    exact = Decimal(leaf["max_points"]) * value / 100

    assert exact == Decimal("24.885")
    assert line_cents(2020, "UBKTTU", "reviewed_value")["A4.1"] == 2489
    assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal("24.89")
    assert round(exact, 2) == Decimal("24.88")


def test_bonus_section_of_the_first_unit_is_cut_to_its_cap():
    lines = line_cents(2020, "VPTU", "reviewed_value")

    assert sum(cents for code, cents in lines.items() if code.startswith("E")) == 5500
    assert sums(2020, "VPTU", "reviewed_value")["bonus"] == 5000


@pytest.mark.parametrize("unit", UNITS)
def test_lines_of_2021_are_filled_as_far_as_the_card_has_come(unit):
    (card,) = [row for row in rows("scorecards.csv") if row["year"] == "2021" and row["unit"] == unit]
    lines = [row for row in rows("scores_2021.csv") if row["unit"] == unit]
    claimed, reviewed = (sum(bool(row[stage]) for row in lines) for stage in STAGES)

    assert card["status"] == STATUS_2021[unit]
    assert reviewed == (48 if card["status"] in {"approved", "reviewed"} else 0)
    assert claimed == (48 if card["status"] != "draft" else pytest.approx(24, abs=2))
    assert card["returned_lines"] == ("A2.1|C1.2" if card["status"] == "returned" else "")
    assert {row["self_value"] for row in lines if row["criterion"] == "E5"} <= {"3", ""}


def test_nobody_reviews_or_approves_the_card_of_the_own_unit():
    home = {"thuky": "UBKTTU", "thuky2": "BLS"}
    for row in rows("scorecards.csv"):
        assert home.get(row["reviewed_by"]) != row["unit"]
        assert row["approved_by"].upper() != row["unit"]
        assert home.get(row["submitted_by"]) != row["unit"]
        moments = [row[name] for name in ("submitted_at", "reviewed_at", "approved_at") if row[name]]
        assert moments == sorted(moments)


def test_year_has_nine_members_one_leader_and_one_deputy():
    for year, leader, deputy in (("2020", "TCT", "UBKTTU"), ("2021", "UBKTTU", "BLS")):
        members = [row for row in rows("memberships.csv") if (row["cluster"], row["year"]) == ("lang-son", year)]

        assert [row["unit"] for row in members] == UNITS
        assert {row["role"]: row["unit"] for row in members if row["role"] != "member"} == {
            "leader": leader,
            "deputy": deputy,
        }


def test_conference_names_the_first_unit_and_the_offices_of_2021():
    resolutions = {row["kind"]: row for row in rows("resolutions.csv") if row["named"]}

    assert {kind: (row["named"], row["named_year"]) for kind, row in resolutions.items()} == {
        "exemplary_unit": (RESULT_2020[0][0], "2020"),
        "leader": ("UBKTTU", "2021"),
        "deputy": ("BLS", "2021"),
    }
    assert {row["held_on"] for row in rows("resolutions.csv")} == {"2020-12-30"}
