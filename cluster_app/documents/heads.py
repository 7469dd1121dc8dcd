"""The head of a table as rows of cells, for every back end alike."""

from dataclasses import dataclass

from cluster_app.documents.blocks import Table


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    columns: int = 1
    rows: int = 1

    @property
    def is_group(self) -> bool:
        return self.columns > 1


def head_rows(table: Table) -> list[list[Head]]:
    """One row of heads, or two where groups stand above; a column without a group fills both."""
    if not table.header_groups:
        return [[Head(column.title) for column in table.columns]]
    upper: list[Head] = []
    lower: list[Head] = []
    position = 0
    for group in table.header_groups:
        below = [column.title for column in table.columns[position : position + group.span]]
        position += group.span
        if group.title:
            upper.append(Head(group.title, columns=group.span))
            lower += [Head(title) for title in below]
        else:
            upper += [Head(title, rows=2) for title in below]
    return [row for row in (upper, lower) if row]
