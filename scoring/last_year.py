"""What the unit scored the year before, to stand beside the lines of its card (features.md F1)."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cluster_app.lib.points import format_points
from members.models import EmulationYear, User
from scoring import permissions, queries, sheet_rows
from scoring.models import Scorecard, ScoreLine
from scoring.sheets import Sheet, rule_of

_LONGEST_NOTE = 90


def beside(user: User, sheet: Sheet) -> dict[int, str]:
    """One line of words by the criterion's primary key: value, points and note of the year before, the final ones
    where there are any. Nothing for a person who may not see that card. Three queries; one where there is none."""
    older = _card_before(sheet.card)
    if older is None or not _may_see(user, sheet.card, older):
        return {}
    found = ScoreLine.objects.filter(scorecard=older).order_by("pk").select_related("criterion")
    by_code = {line.criterion.code: line for line in found.prefetch_related("criterion__levels")}
    year = older.membership.year.year
    words = {}
    for line in sheet.lines:
        earlier = by_code.get(line.criterion.code)
        if earlier is not None and (text := _words(earlier)):
            words[line.criterion_id] = f"{_heading(line, earlier, year)} {text}"
    return words


def _card_before(card: Scorecard) -> Scorecard | None:
    """The card of the same unit in the newest earlier year of the cluster."""
    year = card.membership.year
    earlier = EmulationYear.objects.filter(cluster=year.cluster_id, year__lt=year.year).order_by("-year")
    return (
        Scorecard.objects.filter(membership__year=earlier.values("pk")[:1], membership__unit=card.membership.unit_id)
        .select_related("membership__year__cluster", "membership__unit")
        .first()
    )


def _may_see(user: User, card: Scorecard, older: Scorecard) -> bool:
    """The own unit reads its own card of every year."""
    return queries.is_own_card(user, card) or permissions.can_see(user, older)


def _heading(line: ScoreLine, earlier: ScoreLine, year: int) -> str:
    """The same code may have stood for something else."""
    if line.criterion.title == earlier.criterion.title:
        return _("In %(year)s:") % {"year": year}
    return _("In %(year)s (“%(title)s”):") % {"year": year, "title": earlier.criterion.title}


def _words(line: ScoreLine) -> str:
    is_final = line.final_points is not None
    value = line.final_value if is_final else line.self_value
    points = line.final_points if is_final else line.self_points
    if value is None and points is None:
        return ""
    parts = [
        sheet_rows.value_text(rule_of(line.criterion, None), line.criterion, value),
        _("%(points)s points") % {"points": format_points(points)},
        Truncator(line.self_note).chars(_LONGEST_NOTE),
    ]
    return " · ".join(part for part in parts if part)
