"""The last second of a deadline: 23:59:59 in Việt Nam, 16:59:59 UTC, whatever the day (security.md T29)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from members.calculations import is_late, late_days
from members.form_fields import DeadlineField
from members.queries import due_for
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.scenarios import two_clusters

# The day as it is typed, and as a date of the calendar: a plain one, a leap day, the days around new year.
DAYS = [
    ("22/11/2021", date(2021, 11, 22)),
    ("29/02/2024", date(2024, 2, 29)),
    ("31/12/2021", date(2021, 12, 31)),
    ("01/01/2022", date(2022, 1, 1)),
]
SECONDS = [(-1, 0), (0, 0), (1, 1), (60 * 60 * 24, 1), (60 * 60 * 24 + 1, 2)]


def last_second(day):
    return datetime(day.year, day.month, day.day, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("typed", "day"), DAYS)
def test_date_alone_is_the_end_of_that_day_in_vietnam(typed, day):
    assert DeadlineField().clean(typed) == last_second(day)


@pytest.mark.parametrize("typed", ["29/02/2023", "31/11/2021", "32/01/2021", "2021-11-22", "22/11/2021 24:00"])
def test_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(ValidationError):
        DeadlineField().clean(typed)


@pytest.mark.parametrize(("seconds", "days"), SECONDS)
@pytest.mark.parametrize("day", [day for _typed, day in DAYS])
def test_the_last_second_belongs_to_the_day(day, seconds, days):
    due = last_second(day)
    at = due + timedelta(seconds=seconds)

    assert late_days(due, at) == days
    assert is_late(due, at) is bool(days)


def test_part_of_the_last_second_is_in_time():
    due = last_second(date(2021, 11, 22))

    assert not is_late(due, due.replace(microsecond=999_999))
    assert is_late(due, datetime(2021, 11, 22, 17, 0, 0, tzinfo=UTC))


@pytest.mark.django_db
def test_extension_holds_for_its_unit_alone():
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year, is_hard=True)
    given = ExtensionFactory(deadline=deadline, membership=world.member)

    own, other = (due_for(world.year, deadline.step, unit) for unit in (world.member, world.other))

    assert (own.due_at, own.is_hard, own.is_extended, own.reason) == (given.until, True, True, given.reason)
    assert (other.due_at, other.is_hard, other.is_extended, other.reason) == (deadline.due_at, True, False, "")
