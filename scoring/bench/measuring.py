"""Counts the statements and takes the CPU time of every subject, in rounds, so that a busy moment meets them all."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median_low

from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring.bench.pages import Subject

WARM_UPS = 3


@dataclass(frozen=True)
class Measured:
    """`sql` are the statements of one run, BEGIN and COMMIT included; `cpu` is the median in nanoseconds, that of the
    database counted only where it runs in this process (SQLite)."""

    subject: Subject
    sql: tuple[str, ...]
    cpu: int

    def times(self, floor: "Measured") -> Decimal:
        """The CPU as a multiple of the floor's."""
        return Decimal(self.cpu) / Decimal(floor.cpu)

    def keeps_sql(self) -> bool:
        return self.subject.limits.sql is None or len(self.sql) <= self.subject.limits.sql

    def keeps_milliseconds(self) -> bool:
        most = self.subject.limits.milliseconds
        return most is None or self.cpu <= most * 1_000_000

    def keeps_cpu(self, floor: "Measured") -> bool:
        return self.subject.limits.cpu is None or self.times(floor) <= self.subject.limits.cpu


def measure(subjects: Sequence[Subject], repeat: int) -> list[Measured]:
    """Every subject is checked in every run, so that no quick error page is measured. Raises WrongPage."""
    for _warm_up in range(WARM_UPS):
        for subject in subjects:
            subject.prepare()
            subject.check(subject.run())
    statements = [_statements(subject) for subject in subjects]
    taken: list[list[int]] = [[] for _subject in subjects]
    for _round in range(repeat):
        gc.collect()
        for subject, times in zip(subjects, taken, strict=True):
            times.append(_cpu(subject))
    return [
        Measured(subject, sql, median_low(times))
        for subject, sql, times in zip(subjects, statements, taken, strict=True)
    ]


def _statements(subject: Subject) -> tuple[str, ...]:
    subject.prepare()
    with CaptureQueriesContext(connection) as captured:
        answer = subject.run()
    subject.check(answer)
    return tuple(query["sql"] for query in captured.captured_queries)


def _cpu(subject: Subject) -> int:
    subject.prepare()
    start = time.process_time_ns()
    answer = subject.run()
    taken = time.process_time_ns() - start
    subject.check(answer)
    return taken
