"""A card that goes back before the conclusion of its review: some of its lines are reviewed anew, the others keep what
was found, an accepted objection included."""

from collections.abc import Collection

from scoring.enums import ObjectionStatus
from scoring.models import Objection, ScoreLine
from scoring.sheets import Sheet


def take_back(sheet: Sheet, reopened: Collection[int]) -> list[ScoreLine]:
    """Takes the final values back, and the reviewed ones of the lines `reopened` (primary keys). Where an objection was
    accepted against the review of another line, its outcome becomes that line's reviewed value, or the next conclusion
    would undo it. Returns the lines that changed; the caller saves them."""
    accepted = _accepted(sheet)
    changed = []
    for line in sheet.lines:
        is_reopened = line.pk in reopened
        if not is_reopened and line.final_value is None and line.final_points is None:
            continue
        if is_reopened:
            line.reviewed_value = line.reviewed_points = line.reviewed_by = None
            line.reviewed_reason = ""
        elif line.pk in accepted:
            line.reviewed_value, line.reviewed_points = line.final_value, line.final_points
            line.reviewed_reason, line.reviewed_by_id = line.final_reason, accepted[line.pk]
        if not is_reopened and sheet.is_compared(line):
            line.reviewed_points = None
        line.final_value = line.final_points = None
        line.final_reason = ""
        line.version += 1
        changed.append(line)
    return changed


def _accepted(sheet: Sheet) -> dict[int, int | None]:
    """Who accepted the last objection to a line whose final value is not the reviewed one, by line; primary keys."""
    differing = [line.pk for line in sheet.lines if line.final_value != line.reviewed_value]
    found = Objection.objects.filter(line__in=differing, status=ObjectionStatus.ACCEPTED).order_by("settled_at", "pk")
    return dict(found.values_list("line_id", "settled_by_id"))
