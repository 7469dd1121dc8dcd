"""Tables with a column for each unit: on which paper they fit, and how many units stand side by side on it."""

import math
from collections.abc import Sequence
from typing import TypeVar

from cluster_app.documents.blocks import PaperSize

MOST_ON_A4, MOST_ON_A3 = 12, 18

One = TypeVar("One")


def size_for(unit_count: int) -> PaperSize:
    """A4 holds the columns of twelve units in type that can be read, A3 those of eighteen."""
    return PaperSize.A4 if unit_count <= MOST_ON_A4 else PaperSize.A3


def parted(units: Sequence[One]) -> list[Sequence[One]]:
    """The units as they stand side by side: all of them, or, where they are more than fit on a sheet, in parts of about
    the same size, each a table of its own under the next. Never empty."""
    parts = max(1, math.ceil(len(units) / MOST_ON_A3))
    size = math.ceil(len(units) / parts)
    return [units[start : start + size] for start in range(0, max(1, len(units)), max(1, size))]
