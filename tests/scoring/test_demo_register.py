"""The demo's register, campaigns, pledges and award forms: their sums are the article's and those of domain.md 4."""

import unicodedata
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction

import pytest

from tests.scoring.demo_files import UNITS, as_text, forms_on, rows, to_cents


def tally(commendations):
    counted = Counter()
    for row in commendations:
        (form,) = forms_on(row["award_form"], row["decided_on"])
        if form["system"] == "state" and row["is_confirmed"] == "1":
            counted[form["level"], row["recipient_kind"]] += int(row["occasions"])
    return counted


def tally_period(year):
    (row,) = [row for row in rows("years.csv") if row["cluster"] == "lang-son" and row["year"] == str(year)]
    return row["tally_from"], row["tally_to"]


def fold(text):
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def test_register_of_2020_sums_to_108_collective_and_527_individual_occasions():
    first, last = tally_period(2020)
    register = rows("commendations_2020.csv")

    assert all(first <= row["decided_on"] <= last for row in register)
    assert {row["unit"] for row in register} == set(UNITS)
    assert tally(register) == {
        ("state", "collective"): 3,
        ("state", "individual"): 9,
        ("province", "collective"): 27,
        ("province", "individual"): 96,
        ("agency", "collective"): 78,
        ("agency", "individual"): 422,
    }


def test_rows_kept_outside_the_tally_are_early_late_and_of_the_party():
    first, last = tally_period(2020)
    early, late, party = rows("commendations_outside.csv")

    assert early["decided_on"] < first
    assert late["decided_on"] > last
    assert first <= party["decided_on"] <= last
    assert [forms_on(row["award_form"], row["decided_on"])[0]["system"] for row in (early, late, party)] == [
        "state",
        "state",
        "party",
    ]


def test_register_of_2021_waits_for_14_occasions_to_be_confirmed():
    waiting = Counter()
    for row in rows("commendations_2021.csv"):
        waiting[row["unit"]] += int(row["occasions"]) * (row["is_confirmed"] == "0")

    assert +waiting == {"VPTU": 9, "BDVTU": 5}
    assert max(row["decided_on"] for row in rows("commendations_2021.csv")) < "2021-11-24"


@pytest.mark.parametrize("name", ["commendations_2020.csv", "commendations_2021.csv", "commendations_outside.csv"])
def test_commendation_names_a_valid_form_a_known_campaign_and_no_person(name):
    campaigns = {row["code"] for year in (2020, 2021) for row in rows(f"campaigns_{year}.csv")}
    for row in rows(name):
        (form,) = forms_on(row["award_form"], row["decided_on"])
        assert form[f"is_for_{row['recipient_kind']}s"] == "1"
        assert date.fromisoformat(row["decided_on"]).weekday() < 5
        assert row["campaign"] in campaigns | {""}
        assert row["type"] == "thematic" or not row["campaign"]
        assert bool(row["is_direct_worker"]) == (row["recipient_kind"] == "individual")
        if row["recipient_kind"] == "individual":
            assert row["recipient"].startswith(("Cán bộ ", "Danh sách ")), row
            assert row["recipient"].split()[2].isdigit()


def test_no_recipient_stands_twice_under_one_decision_and_form():
    keys = Counter(
        (
            row["decision_number"],
            row["decided_on"],
            row["signer"],
            row["unit"],
            row["award_form"],
            fold(row["recipient"]),
        )
        for name in ("commendations_2020.csv", "commendations_2021.csv", "commendations_outside.csv")
        for row in rows(name)
    )

    assert max(keys.values()) == 1


@pytest.mark.parametrize("unit", UNITS)
def test_reviewed_lines_agree_with_the_register(unit):
    register = [row for row in rows("commendations_2020.csv") if row["unit"] == unit]
    collectives = Counter(row["award_form"] for row in register if row["recipient_kind"] == "collective")
    individuals = [row for row in register if row["recipient_kind"] == "individual"]
    direct = sum(int(row["occasions"]) for row in individuals if row["is_direct_worker"] == "1")
    ratio = Fraction(100 * direct, sum(int(row["occasions"]) for row in individuals))
    reviewed = {row["criterion"]: row["reviewed_value"] for row in rows("scores_2020.csv") if row["unit"] == unit}

    assert int(reviewed["E1"]) == collectives["HCLD3"] + collectives["BKTT"]
    assert int(reviewed["E2"]) == collectives["BKT"] + collectives["COT"]
    assert reviewed["C3.1"] == as_text(to_cents(ratio))


@pytest.mark.parametrize("unit", UNITS)
def test_emulation_fighters_stay_within_15_percent_of_advanced_workers(unit):
    titles = Counter()
    for row in rows("commendations_2020.csv"):
        titles[row["unit"], row["award_form"]] += int(row["occasions"])

    assert 0 < titles[unit, "CSTDCS"] * 100 <= titles[unit, "LDTT"] * 15


def test_campaigns_of_2020_are_1_regular_12_thematic_and_3_drives():
    campaigns = rows("campaigns_2020.csv")

    assert Counter(row["kind"] for row in campaigns) == {"regular": 1, "thematic": 12, "drive": 3}
    assert {row["status"] for row in campaigns} == {"concluded"}
    assert {row["status"] for row in rows("campaigns_2021.csv")} == {"launched"}
    assert all(row["starts_on"] <= row["ends_on"] and row["results"] for row in campaigns)
    assert all(bool(row["unit"]) == (row["origin"] == "unit") for row in campaigns)


@pytest.mark.parametrize("year", [2020, 2021])
def test_pledge_has_twelve_items_in_four_groups(year):
    items = rows(f"pledge_{year}.csv")

    assert [int(row["order"]) for row in items] == list(range(1, 13))
    assert [row["group"] for row in items] == sorted(row["group"] for row in items)
    assert {row["group"] for row in items} == {"I", "II", "III", "IV"}


def test_rows_of_one_award_form_never_overlap():
    periods = defaultdict(list)
    for row in rows("award_forms.csv"):
        periods[row["code"]].append((row["valid_from"], row["valid_to"] or "9999-12-31"))

    for dates in periods.values():
        assert all(ended < started for (_, ended), (started, _) in zip(sorted(dates), sorted(dates)[1:], strict=False))


@pytest.mark.parametrize(
    ("code", "recipient", "day", "amount"),
    [
        ("LDTT", "individual", "2020-12-10", 450_000),
        ("GK", "collective", "2020-12-10", 900_000),
        ("TTLDTT", "collective", "2020-12-10", 1_200_000),
        ("CSTDCS", "individual", "2020-12-10", 1_490_000),
        ("BKT", "individual", "2020-12-10", 1_490_000),
        ("TTLDXS", "collective", "2020-12-10", 2_240_000),
        ("COT", "collective", "2020-12-10", 11_920_000),
        ("HCLD3", "individual", "2020-12-10", 6_710_000),
        ("BKT", "individual", "2025-07-01", 3_510_000),
        ("BKT", "collective", "2026-07-01", 7_590_000),
        ("COCP", "collective", "2026-07-01", 30_360_000),
    ],
)
def test_coefficient_times_base_salary_gives_the_worked_figure(code, recipient, day, amount):
    (form,) = forms_on(code, day)
    salary = max(
        (row["valid_from"], int(row["amount"])) for row in rows("base_salaries.csv") if row["valid_from"] <= day
    )
    exact = Fraction(form[f"{recipient}_coefficient"]) * salary[1]

    assert -(-exact // 10_000) * 10_000 == amount


def test_what_is_only_remembered_is_not_marked_as_verified():
    for row in rows("award_forms.csv"):
        assert row["is_verified"] == "0" or "[M" not in row["source"], row
