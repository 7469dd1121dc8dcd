"""Adds the tables of a finished paper up again from their own rows, as a reader with a pencil would (features.md J10).

Nothing here knows how a table was made: group figures, subtotals, totals, averages, the highest and the lowest are
recomputed from the printed rows, and so are the figures of a row that follow from others of the same row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from cluster_app.documents import values
from cluster_app.documents.blocks import Chart, ColumnKind, Row, RowKind, Table
from cluster_app.lib.points import NO_FIGURE, average, format_value, percent
from cluster_app.lib.vietnamese import fold
from cluster_app.lib.wording import date_short

# "1.234", "947,50", "-2,00", "+15,00%".
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<decimals>\d+))?%?")
_SHARE = re.compile(r"\d+/\d+")
_GROUP_COUNT = re.compile(r": (\d+)$")
_NOT_RANKED_NOTE = "khong tinh don vi khong xet"
_NOT_RANKED = {"khong xet", "tam dung xet"}
_MEAN, _HIGHEST, _LOWEST, _PLACES = "binh quan", "cao nhat", "thap nhat", "xep hang"
_LAST_YEAR, _ALL, _BY_GROUP, _MAXIMUM = "So với năm trước", "Cộng", "Điểm chuẩn theo nhóm", "Điểm tối đa"
_POINTS, _PARTS_OF_POINTS = "Tổng điểm", ("Điểm chuẩn", "Thưởng", "Trừ")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """A figure that is not what its list gives: `said` stands in the row and column, `found` was recomputed."""

    row: str
    column: str
    said: str
    found: str


@lru_cache(maxsize=4096)
def number_of(text: str) -> Decimal | None:
    """The number that a cell prints; None for a dash, a word, an empty cell."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    return Decimal(f"{match['sign']}{match['whole'].replace('.', '')}.{match['decimals'] or 0}")


def differences(block: Table | Chart) -> list[Difference]:
    """Every figure of the table, or of the chart and its table, that its rows do not give."""
    if isinstance(block, Chart):
        return [*_bars(block), *differences(block.table)]
    sheet = Sheet(block)
    return [*sheet.groups(), *sheet.sums(), *sheet.rows_of_figures(), *sheet.kept_values()]


def _bars(chart: Chart) -> Iterator[Difference]:
    """The bars are drawn from plain decimals; beside them the figure is written as people read it."""
    for series in chart.series:
        for category, value, display in zip(chart.categories, series.values, series.displays, strict=True):
            if number_of(display) not in (None, Decimal(value)):
                yield Difference(category, series.name, display, format_value(Decimal(value)))


class Sheet:
    """A table with its columns told apart, by their titles and the titles above them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.titles = [column.title for column in table.columns]
        spans = [group.title for group in table.header_groups for _place in range(group.span)]
        self.above = spans or [""] * len(self.titles)
        self.numbers = [index for index, column in enumerate(table.columns) if column.kind == ColumnKind.NUMBER]
        self.compared = [index for index in self.numbers if self.above[index] == _LAST_YEAR]
        self.maximum = self.titles.index(_MAXIMUM) if _MAXIMUM in self.titles else None
        self.units = [index for index in self.numbers if index != self.maximum]
        self.skips_unranked = _NOT_RANKED_NOTE in fold(" ".join(table.notes))

    # --- Reading ---

    def cell(self, row: Row, index: int) -> str:
        """What stands in a column; the first cell of a row may cover several."""
        return row.cells[0] if index < row.span else row.cells[index - row.span + 1]

    def counted(self, group: str = "") -> list[Row]:
        """The rows that enter the sums: all of them, or those below the groups whose name ends so."""
        found, above = [], ""
        for row in self.table.rows:
            if row.kind == RowKind.GROUP:
                above = fold(_GROUP_COUNT.sub("", row.cells[0]))
            elif row.kind == RowKind.NORMAL and above.endswith(fold(group)) and not self._is_left_out(row):
                found.append(row)
        return found

    def known(self, rows: Sequence[Row], index: int) -> list[Decimal]:
        return [number for row in rows if (number := number_of(self.cell(row, index))) is not None]

    def sum_of(self, title: str, group: str = "") -> Decimal:
        """The sum of a column over the counted rows; of columns with the same title the last one counts."""
        index = max(at for at, one in enumerate(self.titles) if one == title)
        return sum(self.known(self.counted(group), index), _ZERO)

    def column(self, title: str) -> list[str]:
        """The cells of a column in the counted rows."""
        return [self.cell(row, self.titles.index(title)) for row in self.counted()]

    def all_rows(self) -> list[Row]:
        return [row for row in self.table.rows if row.kind == RowKind.NORMAL]

    def places_of(self, title: str) -> list[int]:
        """Where columns of this title stand."""
        return [index for index, one in enumerate(self.titles) if one == title]

    def figures_rows(self) -> list[Row]:
        """Every row with figures of its own: those of the list, subtotals, totals."""
        return [row for row in self.table.rows if row.kind != RowKind.GROUP]

    def last_points(self) -> list[str]:
        """The row "TỔNG ĐIỂM" of a table with a column for each unit."""
        rows = [row for row in self.table.rows if row.kind == RowKind.TOTAL and fold(row.cells[0]) == fold(_POINTS)]
        return [self.cell(row, index) for row in rows for index in self.units]

    def _is_left_out(self, row: Row) -> bool:
        return self.skips_unranked and any(fold(text) in _NOT_RANKED for text in row.cells)

    def _differs(self, row: Row, index: int, found: Decimal | str | None) -> Difference:
        shown = found if isinstance(found, str) else format_value(found)
        name = row.cells[0] if row.span > 1 else self.cell(row, min(1, len(self.titles) - 1))
        return Difference(name, self.titles[index], self.cell(row, index), shown)

    # --- Groups ---

    def groups(self) -> Iterator[Difference]:
        """ "Phong trào thi đua chuyên đề: 12" stands over twelve rows; the points of a group are those of its lines."""
        rows = self.table.rows
        for place, row in enumerate(rows):
            if row.kind != RowKind.GROUP:
                continue
            if match := _GROUP_COUNT.search(row.cells[0]):
                below = rows[place + 1 :]
                count = next((at for at, one in enumerate(below) if one.kind != RowKind.NORMAL), len(below))
                if int(match[1]) != count:
                    yield Difference(row.cells[0], self.titles[0], match[1], str(count))
            if row.span < len(self.titles):
                yield from self._group_points(place)

    def _group_points(self, place: int) -> Iterator[Difference]:
        if self._reaches[place] is not None:
            return
        group = self.table.rows[place]
        lines = [row for row in self._lines[place + 1 : self._next_group(place)] if row.kind == RowKind.NORMAL]
        for index in self.units:
            said, found = number_of(self.cell(group, index)), self._bounded(group, sum(self.known(lines, index), _ZERO))
            if said not in (None, found):
                yield self._differs(group, index, found)

    @cached_property
    def _lines(self) -> Sequence[Row]:
        """The rows before the totals."""
        rows = self.table.rows
        return rows[: next((at for at, row in enumerate(rows) if row.kind == RowKind.TOTAL), len(rows))]

    @cached_property
    def _reaches(self) -> dict[int, int | None]:
        """How many rows below each group with points give its points in every column: to which row a group reaches is
        not written in the table. None where no number of them does."""
        groups = (at for at, row in enumerate(self._lines) if row.kind == RowKind.GROUP and row.span < len(self.titles))
        return {place: self._reach(place) for place in groups}

    def _reach(self, place: int) -> int | None:
        group, sums = self._lines[place], dict.fromkeys(self.units, _ZERO)
        said = {index: number_of(self.cell(group, index)) for index in self.units}
        for count, row in enumerate(self._lines[place + 1 :], 1):
            if row.kind == RowKind.NORMAL:
                for index in self.units:
                    sums[index] += number_of(self.cell(row, index)) or _ZERO
                if all(said[index] in (None, self._bounded(group, found)) for index, found in sums.items()):
                    return count
        return None

    def _next_group(self, place: int) -> int:
        """Where the lines directly below a group end."""
        lines = self._lines
        ends = (at for at in range(place + 2, len(lines)) if lines[at].kind == RowKind.GROUP)
        return next(ends, len(lines))

    def _bounded(self, group: Row, found: Decimal) -> Decimal:
        """A group of bonus or penalty points counts to its maximum and no further (domain.md rule 16)."""
        most = None if self.maximum is None else number_of(self.cell(group, self.maximum))
        if most is None:
            return found
        return min(most, found) if most >= 0 else max(most, found)

    # --- Subtotals and totals ---

    def sums(self) -> Iterator[Difference]:
        """Subtotals of the rows since the last group, totals of all rows that count."""
        since: list[Row] = []
        for row in self.table.rows:
            if row.kind == RowKind.NORMAL:
                since.append(row)
                continue
            if row.kind == RowKind.SUBTOTAL:
                yield from self._total(row, since)
            elif row.kind == RowKind.TOTAL:
                yield from self._total(row, self.counted())
            since = []

    def _total(self, row: Row, rows: Sequence[Row]) -> Iterator[Difference]:
        label = fold(row.cells[0])
        if label.startswith(_PLACES):
            return
        for index in range(row.span, len(self.titles)):
            said = self.cell(row, index)
            if _SHARE.fullmatch(said):
                found = self._kept([self.cell(one, index) for one in rows])
                if said != found:
                    yield self._differs(row, index, found)
            elif index in self.compared:
                # Units that left the cluster count in last year's total and have no row.
                if "%" not in said and (number_of(said) or _ZERO) < (least := sum(self.known(rows, index), _ZERO)):
                    yield self._differs(row, index, least)
            elif index in self.units:
                yield from self._sum(row, index, label, rows)

    def _sum(self, row: Row, index: int, label: str, rows: Sequence[Row]) -> Iterator[Difference]:
        said, known = self.cell(row, index), self.known(rows, index)
        if not said or (not known and said == NO_FIGURE):
            return
        if label.startswith(_MEAN):
            found = average(known)
        elif label.startswith((_HIGHEST, _LOWEST)):
            found = (max if label.startswith(_HIGHEST) else min)(known, default=None)
        else:
            found = sum(known, _ZERO) if self.maximum is None else self._points(index)
        if number_of(said) != found:
            yield self._differs(row, index, found)

    def _points(self, index: int) -> Decimal:
        """The total of a column of points: groups as they count, and the lines outside any; never below zero."""
        found, place = _ZERO, 0
        while place < len(self._lines):
            found += number_of(self.cell(self._lines[place], index)) or _ZERO
            reach = self._reaches.get(place, 0)
            place = self._next_group(place) if reach is None else place + 1 + reach
        return max(_ZERO, found)

    def _kept(self, results: Sequence[str]) -> str:
        """How many of the measured promises were kept: "6/7"."""
        measured = [fold(result) for result in results if result not in ("", NO_FIGURE)]
        return f"{sum('khong dat' not in result for result in measured)}/{len(measured)}"

    # --- Figures that follow from others of their row ---

    def rows_of_figures(self) -> Iterator[Difference]:
        """What a row gives once more as a sum, and the change from last year."""
        for row in self.table.rows:
            if row.kind == RowKind.GROUP or fold(row.cells[0]).startswith((_MEAN, _HIGHEST, _LOWEST)):
                continue
            for index, addends in self._derived():
                numbers = [number for one in addends for number in self.known([row], one)]
                if not addends or len(numbers) < len(addends) or not self.known([row], index):
                    continue
                found = sum(numbers, _ZERO)
                if self.titles[index] == _POINTS:
                    # The points of a unit are never below zero, so their sum is more than that of its parts.
                    found = max(_ZERO, found) if row.kind == RowKind.NORMAL else self.sum_of(_POINTS)
                if number_of(self.cell(row, index)) != found:
                    yield self._differs(row, index, found)
            yield from self._change(row)

    def _derived(self) -> Iterator[tuple[int, list[int]]]:
        """Columns that are the sum of others of their row, with those others."""
        for index in self.numbers:
            title, above = self.titles[index], self.above[index]
            before = [one for one in self.numbers if one < index]
            if title == _ALL:
                yield index, [one for one in before if self.above[one] == above]
            elif above == _ALL:
                yield index, [one for one in before if self.above[one] != above and self.titles[one] == title]
            elif title == _PARTS_OF_POINTS[0] and _BY_GROUP in self.above:
                yield index, [one for one in self.numbers if self.above[one] == _BY_GROUP]
            elif title == _POINTS and set(_PARTS_OF_POINTS) <= set(self.titles):
                yield index, [self.titles.index(one) for one in _PARTS_OF_POINTS]

    def _change(self, row: Row) -> Iterator[Difference]:
        """The change from last year, where the columns hold all of this year: households have none of their own."""
        if len(self.compared) != 2 or any("hộ gia đình" in note for note in self.table.notes):
            return
        before, change = self.compared
        counts = [number_of(self.cell(row, one)) or _ZERO for one in self.numbers if self.above[one] == _ALL]
        now = sum(counts, _ZERO)
        last, said = number_of(self.cell(row, before)), number_of(self.cell(row, change))
        if last is not None and (found := percent(now - last, last)) != said:
            yield self._differs(row, change, "–" if found is None else f"{format_value(found)}%")

    # --- What a spreadsheet shows ---

    def kept_values(self) -> Iterator[Difference]:
        """Beside a printed figure stands the one for the spreadsheet; both must say the same."""
        for row in self.table.rows:
            for place, kept in enumerate(row.values):
                printed, value = row.cells[place], values.read(kept)
                if isinstance(value, date):
                    agrees = printed == date_short(value)
                else:
                    shown = number_of(printed.partition(" ")[0])
                    agrees = value is None or shown == value
                if not agrees:
                    yield self._differs(row, place + row.span - 1 if place else 0, kept)
