"""Units as heads of columns: by their short names, which a note explains, and with a mark while points may change."""

from collections.abc import Sequence

from scoring.year_end.cutoffs import PROVISIONAL_MARK
from scoring.year_end.lines import is_final
from scoring.year_end.scores import ScoreRow


def heads(rows: Sequence[ScoreRow]) -> tuple[str, ...]:
    return tuple(_head(row) for row in rows)


def _head(row: ScoreRow) -> str:
    return (
        row.unit.membership.short_name if _is_settled(row) else f"{row.unit.membership.short_name} {PROVISIONAL_MARK}"
    )


def _is_settled(row: ScoreRow) -> bool:
    """Whether there are no points at all yet, or such that do not change any more."""
    return row.total is None or is_final(row.unit.card)


def legend(rows: Sequence[ScoreRow]) -> tuple[str, ...]:
    """What the mark means, and the full names behind short ones."""
    notes = []
    if not all(_is_settled(row) for row in rows):
        notes.append(f"{PROVISIONAL_MARK}: điểm tạm tính, chưa được phê duyệt.")
    named = [row.unit.membership for row in rows if row.unit.membership.short_name != row.unit.membership.name]
    if named:
        notes.append("; ".join(f"{member.short_name}: {member.name}" for member in named) + ".")
    return tuple(notes)
