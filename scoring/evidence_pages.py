"""What the pages of a card's evidence show, as the templates read it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cluster_app.lib.errors import DomainError
from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.models import User
from scoring import card_pages, evidence, permissions, queries
from scoring.enums import CardStatus, EvidenceKind
from scoring.models import Evidence, Scorecard, ScoreLine
from scoring.services import evidence as service
from scoring.sheets import Sheet

_ICONS = {
    EvidenceKind.FILE: "file-earmark-text",
    EvidenceKind.DOCUMENT: "journal-text",
    EvidenceKind.LINK: "box-arrow-up-right",
    EvidenceKind.RECORD: "award",
}


@dataclass(frozen=True)
class Piece:
    """One piece of evidence: what it is, where it leads, who added it, and who hid it and why.

    `warnings` say where the same file stands; the addresses of the steps are empty where the person cannot take them.
    """

    icon: str
    kind: str
    title: str
    url: str
    detail: str
    added: str
    hidden: str = ""
    warnings: tuple[str, ...] = ()
    replace_url: str = ""
    hide_url: str = ""


@dataclass(frozen=True)
class Part:
    """A line with its evidence, that which is replaced or hidden apart; without a code, what has lost its criterion."""

    code: str
    title: str
    asked: str
    note: str
    pieces: tuple[Piece, ...]
    past: tuple[Piece, ...]
    add_url: str = ""


def page_url(name: str, card: Scorecard, piece: Evidence) -> str:
    """The address of a step or the content of one piece."""
    return year_url(f"scoring:{name}", card.membership.year, code=card.membership.unit.code, pk=piece.pk)


def list_url(card: Scorecard, code: str = "") -> str:
    """The page of the evidence of the line `code`, else of the whole card."""
    query = f"?{urlencode({'line': code})}" if code else ""
    return card_pages.card_url("scoring:evidence_list", card) + query


def can_change(user: User, card: Scorecard) -> bool:
    """Whether the person may change the evidence of the card now."""
    try:
        service.check_open(user, card)
    except DomainError:
        return False
    return True


def open_lines(sheet: Sheet) -> list[ScoreLine]:
    """The lines to which evidence can be added: the assigned ones; after a return that names lines, these alone."""
    names_lines = _names_lines(sheet)
    return [line for line in sheet.lines if line.is_assigned and (line.is_returned or not names_lines)]


def _names_lines(sheet: Sheet) -> bool:
    return sheet.card.status == CardStatus.RETURNED and any(line.is_returned for line in sheet.lines)


def list_page(user: User, sheet: Sheet, at: datetime, *, code: str) -> dict[str, object]:
    """The evidence of the card by line, or that of the line `code`. Raises NotKnown for a code the card has not."""
    card = sheet.card
    lines = sheet.lines_under(code) if code else sheet.lines
    found = evidence.all_of(card)
    may_name = None if queries.is_own_card(user, card) else partial(permissions.can_see, user)
    warnings = evidence.used_twice(card, found, may_name=may_name)
    may_change = can_change(user, card)
    open_pks = {line.pk for line in open_lines(sheet)} if may_change else set()
    by_line: dict[int | None, list[Evidence]] = defaultdict(list)
    for piece in found:
        by_line[piece.line_id].append(piece)
    parts = [
        _part(card, line, by_line[line.pk], warnings, may_change=line.pk in open_pks)
        for line in lines
        if code or by_line[line.pk]
    ]
    if by_line[None] and not code:
        is_open = may_change and not _names_lines(sheet)
        parts.append(_part(card, None, by_line[None], warnings, may_change=is_open))
    return card_pages.head(user, card, at) | {
        "parts": parts,
        "line_code": code,
        "list_url": list_url(card),
        "add_url": card_pages.card_url("scoring:evidence_add", card) if open_pks and not code else "",
    }


def _part(
    card: Scorecard,
    line: ScoreLine | None,
    found: list[Evidence],
    warnings: Mapping[int, list[str]],
    *,
    may_change: bool,
) -> Part:
    visible = [piece for piece in found if piece.is_visible]
    pieces = tuple(_piece(card, piece, warnings.get(piece.pk, ()), may_change=may_change) for piece in visible)
    past = tuple(_piece(card, piece) for piece in found if not piece.is_visible)
    if line is None:
        return Part("", _("No criterion any more"), "", "", pieces, past)
    add_url = (
        f"{card_pages.card_url('scoring:evidence_add', card)}?{urlencode({'line': line.criterion.code})}"
        if may_change
        else ""
    )
    criterion = line.criterion
    return Part(criterion.code, criterion.title, criterion.evidence_required, line.self_note, pieces, past, add_url)


def _piece(card: Scorecard, piece: Evidence, warnings: Iterable[str] = (), *, may_change: bool = False) -> Piece:
    kind = EvidenceKind(piece.kind)
    can_be_replaced = may_change and piece.line_id is not None
    return Piece(
        icon=_ICONS[kind],
        kind=str(kind.label),
        title=piece.title,
        url=_url(card, piece),
        detail=_detail(piece),
        added=_("%(person)s, %(moment)s") % {"person": piece.added_by, "moment": _moment(piece.added_at)},
        hidden=_hidden(piece),
        warnings=tuple(warnings),
        replace_url=page_url("evidence_replace", card, piece) if can_be_replaced else "",
        hide_url=page_url("evidence_hide", card, piece) if may_change else "",
    )


def _url(card: Scorecard, piece: Evidence) -> str:
    if piece.kind == EvidenceKind.FILE:
        return page_url("evidence_download", card, piece)
    return piece.url or evidence.record_url(card, piece.record_key)


def _detail(piece: Evidence) -> str:
    if piece.file is not None:
        return f"{piece.file.name}, {filesizeformat(piece.file.size)}"
    if piece.issued_on is not None:
        return _("No. %(number)s of %(day)s") % {"number": piece.number, "day": date_short(piece.issued_on)}
    return piece.url


def _hidden(piece: Evidence) -> str:
    if piece.hidden_at is None:
        return ""
    text = _("Hidden by %(person)s, %(moment)s: %(reason)s")
    return text % {
        "person": piece.hidden_by,
        "moment": _moment(piece.hidden_at),
        "reason": piece.hidden_reason,
    }


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "d/m/Y H:i")
