from decimal import Decimal

import pytest

from awards.calculations import Count, Counted, change_percent, form_rows, level_parts, reward_money, system_parts

# domain.md 4.3: coefficient, and the reward at 1.490.000, 1.800.000, 2.340.000 and 2.530.000 đồng.
REWARDS = {
    "0.3": (450_000, 540_000, 710_000, 760_000),
    "0.6": (900_000, 1_080_000, 1_410_000, 1_520_000),
    "0.8": (1_200_000, 1_440_000, 1_880_000, 2_030_000),
    "1.0": (1_490_000, 1_800_000, 2_340_000, 2_530_000),
    "1.5": (2_240_000, 2_700_000, 3_510_000, 3_800_000),
    "3.0": (4_470_000, 5_400_000, 7_020_000, 7_590_000),
    "8.0": (11_920_000, 14_400_000, 18_720_000, 20_240_000),
    "12.0": (17_880_000, 21_600_000, 28_080_000, 30_360_000),
    "4.5": (6_710_000, 8_100_000, 10_530_000, 11_390_000),
}
BASE_SALARIES = (1_490_000, 1_800_000, 2_340_000, 2_530_000)


@pytest.mark.parametrize("coefficient", REWARDS)
def test_reward_money_follows_the_worked_figures(coefficient):
    rewards = tuple(reward_money(Decimal(coefficient), base_salary) for base_salary in BASE_SALARIES)

    assert rewards == REWARDS[coefficient]


def test_reward_money_on_a_whole_step_is_not_rounded_up():
    assert reward_money(Decimal("0.50"), 1_800_000) == 900_000


def counted(occasions=1, **differences):
    one = {
        "membership_id": 1,
        "code": "GK",
        "name": "Giấy khen",
        "kind": "certificate",
        "system": "state",
        "level": "agency",
        "recipient_kind": "individual",
        "type": "merit",
    }
    return Counted(occasions=occasions, **(one | differences))


def test_level_parts_are_three_even_if_a_level_is_empty():
    parts = level_parts([counted(2, level="province")])

    assert [(part.level, part.subtotal.total) for part in parts] == [("state", 0), ("province", 2), ("agency", 0)]


def test_level_parts_leave_the_party_out():
    parts = level_parts([counted(5, system="party")])

    assert [part.subtotal.total for part in parts] == [0, 0, 0]


def test_system_parts_show_the_party_beside():
    parts = system_parts([counted(5, system="party"), counted(3)])

    assert [(part.system, part.subtotal.total) for part in parts] == [("party", 5)]


def test_form_rows_put_titles_before_certificates_and_join_dated_rows_of_one_form():
    rows = form_rows(
        [
            counted(2),
            counted(1, recipient_kind="collective", type="adhoc"),
            counted(4, code="LDTT", name="Lao động tiên tiến", kind="title", type="service"),
        ]
    )

    assert [(row.code, row.breakdown.count) for row in rows] == [
        ("LDTT", Count(individual=4)),
        ("GK", Count(collective=1, individual=2)),
    ]
    certificates = rows[1].breakdown
    assert (certificates.total, certificates.merit, certificates.thematic, certificates.adhoc) == (3, 2, 0, 1)
    assert (rows[0].breakdown.total, rows[0].breakdown.merit) == (4, 0)


@pytest.mark.parametrize(
    ("now", "before", "change"), [(12, 10, "20.00"), (10, 12, "-16.67"), (0, 3, "-100.00"), (5, 5, "0.00")]
)
def test_change_percent_is_of_last_year(now, before, change):
    assert change_percent(now, before) == Decimal(change)


def test_change_percent_without_anything_last_year_is_unknown():
    assert change_percent(5, 0) is None
