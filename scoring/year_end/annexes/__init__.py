"""The annexes of the annual summary: its figures as tables (domain.md 6.4). The first note of every table says until
when its figures count."""

from scoring.year_end.annexes.sections import annexes

__all__ = ["annexes"]
