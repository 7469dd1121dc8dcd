"""The demo's year is not poured into tables: it happens, act by act, in the order of time."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

Act = Callable[[datetime], object]


class Timeline:
    """Collects acts with their moments and lets them happen in order; acts of one moment in the order of adding."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, Act]] = []

    def add(self, at: datetime, act: Act) -> None:
        self._acts.append((at, act))

    def run(self) -> None:
        for at, act in sorted(self._acts, key=lambda pair: pair[0]):
            act(at)


def on(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of `day` in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def after(day: date, days: int, hour: int = 9) -> datetime:
    return on(day + timedelta(days=days), hour)
