"""What the page for a pasted block shows, and how one paste is undone."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.points import NO_FIGURE
from members.models import User
from scoring import card_pages
from scoring.excel.sealing import seal
from scoring.models import Scorecard, ScoreLine
from scoring.pasting import Block, Pasted, open_lines
from scoring.services.lines import Entry
from scoring.sheet_rows import value_text
from scoring.sheets import Sheet

PASTE = "paste"

Context = dict[str, object]
Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class PastedRow:
    """One pasted row in words: what it changes, or what is wrong with it."""

    place: int
    cells: str
    code: str
    title: str
    value_before: str
    value_after: str
    note_before: str
    note_after: str
    error: str
    remark: str


def page(user: User, sheet: Sheet, at: datetime, *, text: str, start: int | None) -> Context:
    """The page on which a block is pasted."""
    card = sheet.card
    return card_pages.head(user, card, at) | {
        "text": text,
        "starts": [
            {"key": line.pk, "label": f"{line.criterion.code} {line.criterion.title}", "is_selected": line.pk == start}
            for line in open_lines(sheet)
        ],
        "start": start,
        "back_url": card_pages.card_url("scoring:scorecard_detail", card),
    }


def preview(user: User, sheet: Sheet, block: Block) -> Context:
    """What a block would change, every wrong cell named, and the sealed entries to be confirmed if nothing is wrong."""
    changes, errors = block.changes, block.errors
    return {
        "is_previewed": True,
        "rows": [_row(sheet, one) for one in block.rows if any(one.cells)],
        "summary": _summary(len(changes), len(errors)),
        "error_count": len(errors),
        "sealed": _sealed(user, sheet.card, block) if changes and not errors else "",
    }


def _sealed(user: User, card: Scorecard, block: Block) -> str:
    content = {
        "entries": [vars(entry) for entry in block.entries],
        "before": [_before(one.line) for one in block.changes if one.line],
    }
    return seal(PASTE, by=user, about=card.pk, content=content)


def _before(line: ScoreLine) -> dict[str, object]:
    return {
        "line_pk": line.pk,
        "value": line.self_value,
        "text": line.self_note,
        "version": line.version + 1,  # that of the line once the block is stored
        "is_estimate": line.is_estimate,
    }


def _summary(change_count: int, error_count: int) -> str:
    if error_count:
        text = ngettext(
            "%(count)d row needs a correction. Nothing is saved before all are right.",
            "%(count)d rows need a correction. Nothing is saved before all are right.",
            error_count,
        )
        return text % {"count": error_count}
    if not change_count:
        return _("The pasted cells change nothing.")
    return ngettext("%(count)d line changes.", "%(count)d lines change.", change_count) % {"count": change_count}


def _row(sheet: Sheet, one: Pasted) -> PastedRow:
    line = one.line
    cells = " │ ".join(one.cells)
    if line is None:
        remark = "" if one.error else _("a heading, not read")
        return PastedRow(one.place, cells, "", "", "", "", "", "", one.error, remark)
    rule, criterion = sheet.rule(line), line.criterion
    is_other_value, is_other_note = one.value != line.self_value, one.note != line.self_note
    return PastedRow(
        place=one.place,
        cells=cells,
        code=criterion.code,
        title=criterion.title,
        value_before=value_text(rule, criterion, line.self_value) if is_other_value else "",
        value_after=value_text(rule, criterion, one.value) if is_other_value else "",
        note_before=(line.self_note or NO_FIGURE) if is_other_note else "",
        note_after=one.note if is_other_note else "",
        error=one.error,
        remark="" if one.error or one.is_change else _("as it is stored"),
    )


def remember(session: Session, card: Scorecard, before: list[dict[str, Any]]) -> None:
    """Keeps what stood in the lines before the paste, for one undo."""
    session[_key(card)] = [one | {"value": None if one["value"] is None else str(one["value"])} for one in before]


def undo_entries(session: Session, card: Scorecard) -> list[Entry]:
    """What puts the lines back as they were; nothing where no paste can be undone."""
    return [
        Entry(**one | {"value": None if one["value"] is None else Decimal(one["value"])})
        for one in session.get(_key(card), [])
    ]


def forget(session: Session, card: Scorecard) -> None:
    session.pop(_key(card), None)


def undo_url(session: Session, sheet: Sheet) -> str:
    """The address of the button that undoes the paste; empty where there is none, or a line was changed since."""
    entries = undo_entries(session, sheet.card)
    versions = {line.pk: line.version for line in sheet.lines}
    is_untouched = all(versions.get(entry.line_pk) == entry.version for entry in entries)
    return card_pages.card_url("scoring:paste_undo", sheet.card) if entries and is_untouched else ""


def _key(card: Scorecard) -> str:
    return f"undo-paste-{card.pk}"
