"""The demo's participations and registrations agree with its campaigns, its register and its reviewed cards."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from tests.scoring.demo_files import UNITS, as_text, forms_on, rows, to_cents


def reviewed(year, unit, criterion):
    cells = [row for row in rows(f"scores_{year}.csv") if (row["unit"], row["criterion"]) == (unit, criterion)]
    return cells[0]["reviewed_value"]


def reported(year, unit):
    kinds = {row["code"]: row["kind"] for row in rows(f"campaigns_{year}.csv")}
    own = [row for row in rows(f"participations_{year}.csv") if row["unit"] == unit and row["status"] == "reported"]
    return Counter(kinds[row["campaign"]] for row in own)


def registered(year, unit):
    own = [row for row in rows(f"registrations_{year}.csv") if row["unit"] == unit]
    return {(row["award_form"], row["recipient_kind"]): int(row["count"]) for row in own}


def awarded(year, unit):
    found = Counter()
    for row in rows(f"commendations_{year}.csv"):
        if row["unit"] == unit and row["is_confirmed"] == "1":
            found[row["award_form"], row["recipient_kind"]] += int(row["occasions"])
    return found


@pytest.mark.parametrize("year", [2020, 2021])
def test_part_names_a_launched_campaign_once_a_unit(year):
    started = {row["code"]: row["starts_on"] for row in rows(f"campaigns_{year}.csv")}
    found = rows(f"participations_{year}.csv")

    assert max(Counter((row["campaign"], row["unit"]) for row in found).values()) == 1
    for row in found:
        assert row["unit"] in UNITS
        assert started[row["campaign"]] < row["recorded_on"]
        assert date.fromisoformat(row["recorded_on"]).weekday() < 5


@pytest.mark.parametrize("year", [2020, 2021])
def test_whoever_was_commended_in_a_campaign_takes_part_in_it(year):
    takes_part = {(row["campaign"], row["unit"]) for row in rows(f"participations_{year}.csv")}
    commended = {(row["campaign"], row["unit"]) for row in rows(f"commendations_{year}.csv") if row["campaign"]}

    assert commended - takes_part == set()


@pytest.mark.parametrize("unit", UNITS)
def test_thematic_campaigns_reported_on_in_2020_are_those_of_the_reviewed_card(unit):
    assert str(reported(2020, unit)["thematic"]) == reviewed(2020, unit, "C1.2")


def test_one_unit_has_not_reported_in_2021():
    assert [unit for unit in UNITS if not reported(2021, unit)] == ["BDVTU"]


@pytest.mark.parametrize("unit", UNITS)
def test_registered_against_awarded_titles_of_2020_are_those_of_the_reviewed_card(unit):
    wanted, found = registered(2020, unit), awarded(2020, unit)
    counted = sum(min(count, found[key]) for key, count in wanted.items())

    assert as_text(to_cents(Fraction(100 * counted, sum(wanted.values())))) == reviewed(2020, unit, "C3.3")


@pytest.mark.parametrize("year", [2020, 2021])
def test_registered_title_is_in_force_and_given_to_its_kind_of_recipient(year):
    found = rows(f"registrations_{year}.csv")

    assert {row["unit"] for row in found} == set(UNITS)
    for row in found:
        (form,) = forms_on(row["award_form"], row["registered_on"])
        assert (form["system"], form[f"is_for_{row['recipient_kind']}s"]) == ("state", "1")
        assert date.fromisoformat(row["registered_on"]).weekday() < 5
