from datetime import UTC, datetime, timedelta, timezone

import pytest

from members.calculations import is_late, late_days

VIETNAM = timezone(timedelta(hours=7))
DUE = datetime(2026, 11, 30, 23, 59, 59, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 11, 30, 16, 59, 58, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 16, 59, 59, 999_999, tzinfo=UTC), 0),
        (datetime(2026, 11, 30, 17, 0, 0, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=VIETNAM), 1),
        (datetime(2026, 12, 2, 0, 0, 0, tzinfo=VIETNAM), 2),
        (datetime(2027, 1, 1, 6, 0, 0, tzinfo=VIETNAM), 32),
    ],
)
def test_late_days_counts_days_of_the_calendar_in_vietnam(at, days):
    assert late_days(DUE, at) == days
    assert is_late(DUE, at) is (days > 0)


def test_late_days_within_the_same_day_is_one():
    due = datetime(2026, 11, 30, 17, 0, tzinfo=VIETNAM)

    assert late_days(due, due + timedelta(hours=1)) == 1
