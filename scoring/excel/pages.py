"""What the pages for Excel files show, as the templates read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.points import NO_FIGURE, format_points
from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import card_pages, criteria_pages, queries
from scoring.excel.card_reading import Change, Filled
from scoring.excel.criteria_reading import CriteriaFile
from scoring.excel.sealing import plain_file, seal
from scoring.models import CriteriaSet, Scorecard
from scoring.services import criteria_sets
from scoring.services.imports import Imported
from scoring.sheet_rows import value_text
from scoring.sheets import Sheet

CRITERIA, CARD = "criteria", "card"

Context = dict[str, object]


@dataclass(frozen=True)
class ChangeRow:
    """One line that a file changes, before and after. Empty where nothing of it changes."""

    code: str
    title: str
    value_before: str
    value_after: str
    note_before: str
    note_after: str
    points_before: str
    points_after: str


def exported_set(year: EmulationYear, version: str) -> CriteriaSet | None:
    """The set of that version; without one the set in force, else the draft."""
    if not version:
        return queries.applied_set(year) or criteria_sets.draft_of(year)
    is_number = version.isascii() and version.isdigit() and len(version) < 5
    return CriteriaSet.objects.filter(year=year, version=int(version)).first() if is_number else None


def criteria_page(year: EmulationYear) -> Context:
    """The page on which a criteria file is chosen."""
    base = criteria_sets.draft_of(year) or queries.applied_set(year)
    return {
        "year": year,
        "version": base.version if base else None,
        "back_url": year_url("scoring:criteria_edit", year),
    }


def criteria_preview(user: User, year: EmulationYear, file: CriteriaFile, imported: Imported) -> Context:
    """What a criteria file would change, and the sealed file to be confirmed."""
    content = {"file": plain_file(file), "state": imported.state}
    return {
        "is_previewed": True,
        "is_empty": imported.is_empty,
        "summary": criteria_pages.diff_summary(imported.diff),
        "head": imported.head,
        "rows": criteria_pages.diff_rows(imported.diff),
        "sealed": "" if imported.is_empty else seal(CRITERIA, by=user, about=year.pk, content=content),
    }


def card_page(user: User, card: Scorecard, at: datetime) -> Context:
    """The page on which the file of a card is chosen."""
    return card_pages.head(user, card, at) | {
        "back_url": card_pages.card_url("scoring:scorecard_detail", card),
        "export_url": card_pages.card_url("scoring:scorecard_export", card),
    }


def card_preview(user: User, sheet: Sheet, filled: Filled) -> Context:
    """Every line that the file changes, and the sealed entries to be confirmed."""
    content = {
        "version": sheet.card.version,
        "entries": [vars(entry) for entry in filled.entries],
    }
    return {
        "is_previewed": True,
        "is_empty": not filled.changes,
        "changes": [_row(sheet, change) for change in filled.changes],
        "ignored": filled.ignored,
        "total_before": format_points(filled.total_before),
        "total_after": format_points(filled.total_after),
        "summary": summary_of(filled),
        "sealed": seal(CARD, by=user, about=sheet.card.pk, content=content) if filled.changes else "",
    }


def summary_of(filled: Filled) -> str:
    """How many lines change, in words."""
    count = len(filled.changes)
    if not count:
        return _("The file changes nothing.")
    return ngettext("%(count)d line changes.", "%(count)d lines change.", count) % {"count": count}


def _row(sheet: Sheet, change: Change) -> ChangeRow:
    line, rule = change.line, sheet.rule(change.line)
    is_other_note = change.note != line.self_note
    return ChangeRow(
        code=line.criterion.code,
        title=line.criterion.title,
        value_before=value_text(rule, line.criterion, line.self_value),
        value_after=value_text(rule, line.criterion, change.value),
        note_before=(line.self_note or NO_FIGURE) if is_other_note else "",
        note_after=(change.note or NO_FIGURE) if is_other_note else "",
        points_before=format_points(line.self_points),
        points_after=format_points(change.points),
    )


def refusal(error: Exception) -> Mapping[str, object]:
    """What a refused file shows above the form: the sentence, every cell at fault, and what to do next."""
    return {
        "refused": str(error),
        "sentences": getattr(error, "missing", []),
        "next_step": getattr(error, "next_step", ""),
    }
