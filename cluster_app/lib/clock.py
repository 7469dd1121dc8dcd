"""The one place that knows what time it is. Services are handed the time; views, admin and commands ask here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.utils import timezone


class _Clock:
    def __init__(self) -> None:
        self.find_origin: Callable[[], datetime | None] | None = None
        self.offset: timedelta | None = None
        self.stopped: datetime | None = None

    def now(self) -> datetime:
        if self.stopped is not None:
            return self.stopped
        real = timezone.now()
        if self.offset is None:
            origin = self.find_origin() if self.find_origin else None
            self.offset = origin - real if origin else timedelta(0)
        return real + self.offset


_clock = _Clock()


def now() -> datetime:
    """The present as an aware datetime. On a demo database it runs on from the demo's moment."""
    return _clock.now()


def today() -> date:
    """The present date in Việt Nam; never the date of UTC, which is another one until 7 o'clock."""
    return timezone.localdate(now())


def use_origin(find_origin: Callable[[], datetime | None]) -> None:
    """`find_origin` is asked once a process: the moment from which the clock runs, or None for the real time."""
    _clock.find_origin = find_origin


def reset() -> None:
    """Asks for the origin again, after the database became or ceased to be a demo."""
    _clock.offset = None


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment`, in every thread."""
    before, _clock.stopped = _clock.stopped, moment
    try:
        yield
    finally:
        _clock.stopped = before
