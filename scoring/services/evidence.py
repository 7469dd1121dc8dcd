"""The unit's side of evidence: adding, replacing and hiding what shows that the value of a line is true.

Nothing is ever changed or taken away: a newer piece replaces an older one, which stays to be read with the reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.uploads import Upload
from cluster_app.lib.workflow import check_reason
from members.models import StoredFile, User
from members.services import files, journal
from scoring import evidence as pieces
from scoring import permissions, sheets
from scoring.enums import EvidenceKind
from scoring.models import Evidence, Scorecard, ScoreLine
from scoring.services import signed_papers
from scoring.services.lines import check_unlocked
from scoring.services.locking import lock_card
from scoring.sheets import Sheet
from scoring.workflow import CARD

_OFFICIAL = "vi"
_TITLE_LENGTH = 300
_is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a person gives as evidence, by `kind`: a new file or one of the unit's files (primary key), number and date
    of a document, a link, or the key of a record. Without a title it is named after what it refers to."""

    kind: str
    title: str = ""
    upload: Upload | None = None
    file_pk: int | None = None
    number: str = ""
    issued_on: date | None = None
    url: str = ""
    record_key: str = ""


@transaction.atomic
def add(*, card: Scorecard, line_pk: int, shown: Shown, by: User, at: datetime) -> Evidence:
    """Adds a piece of evidence to a line of a draft or returned card, and returns it.

    Raises NotAllowed, WrongState, NotKnown for a line of another card, or Refused with the sentences by field.
    """
    sheet = _open_sheet(card, by)
    line = sheet.line(line_pk)
    _check_open_line(sheet, line)
    piece = Evidence(scorecard=sheet.card, line=line, added_by=by, added_at=at)
    _fill(piece, shown, by, at)
    _check_new(piece)
    return _save(piece, "evidence.add", by, at)


@transaction.atomic
def replace(*, card: Scorecard, pk: int, shown: Shown, by: User, at: datetime) -> Evidence:
    """Puts a newer piece in the place of a visible one, which is hidden as replaced; returns the newer one.

    Raises as `add` does, and WrongState for a piece that is hidden already or whose criterion is gone.
    """
    sheet = _open_sheet(card, by)
    before = _visible(sheet, pk)
    if before.line is None:
        raise WrongState(
            _("The criterion of this evidence is gone."), next_step=_("Hide it, and add the newer one to another line.")
        )
    with translation.override(_OFFICIAL):
        reason = _("Replaced by a newer one.")
    _hide(before, reason, by, at)
    piece = Evidence(scorecard=sheet.card, line=before.line, replaces=before, added_by=by, added_at=at)
    _fill(piece, shown, by, at)
    _check_new(piece)
    return _save(piece, "evidence.replace", by, at, also=before)


@transaction.atomic
def hide(*, card: Scorecard, pk: int, reason: str, by: User, at: datetime) -> Evidence:
    """Hides a visible piece that does not belong to its line, with a reason of at least ten characters.

    Raises as `add` does, and WrongState for a piece that is hidden already.
    """
    sheet = _open_sheet(card, by)
    piece = _visible(sheet, pk)
    check_reason(reason)
    _hide(piece, reason.strip(), by, at)
    _touch(piece.scorecard)
    _log(piece, "evidence.hide", by, at, rows=[piece])
    return piece


def check_open(user: User, card: Scorecard) -> None:
    """Raises why `user` cannot change the evidence of the card now."""
    permissions.check_can_write_evidence(user, card)
    permissions.check_open("fill", card.membership.year)
    CARD.check("fill", card.status)
    signed_papers.check_entered_from_paper(user, card)


def _open_sheet(card: Scorecard, by: User) -> Sheet:
    locked = lock_card(card.pk)
    check_open(by, locked)
    return sheets.load(locked)


def _check_open_line(sheet: Sheet, line: ScoreLine) -> None:
    if not line.is_assigned:
        raise WrongState(_("The criterion %(code)s is not assigned to the unit.") % {"code": line.criterion.code})
    check_unlocked(sheet, [line])


def _visible(sheet: Sheet, pk: int) -> Evidence:
    """The piece of this card that can still be replaced or hidden."""
    piece = for_update(Evidence.objects).filter(scorecard=sheet.card, pk=pk).first()
    if piece is None:
        raise NotKnown
    piece.scorecard = sheet.card
    if piece.line_id is not None:
        piece.line = sheet.line(piece.line_id)
        check_unlocked(sheet, [piece.line])
    elif any(line.is_returned for line in sheet.lines):
        raise NotAllowed(
            _("The card was returned for other lines, so the evidence without a criterion stays as it was submitted.")
        )
    if not piece.is_visible:
        raise WrongState(_("This evidence is replaced or hidden already. Open the evidence of the card again."))
    return piece


def _fill(piece: Evidence, shown: Shown, by: User, at: datetime) -> None:
    """Takes over what belongs to the kind, and nothing else. Raises Refused with the sentences by field."""
    piece.kind = shown.kind
    if shown.kind == EvidenceKind.FILE:
        piece.file = _file(piece.scorecard, shown, by, at)
        name = piece.file.name
    elif shown.kind == EvidenceKind.DOCUMENT:
        piece.number, piece.issued_on = _document(shown, at)
        name = piece.number
    elif shown.kind == EvidenceKind.LINK:
        piece.url = name = _link(shown)
    elif shown.kind == EvidenceKind.RECORD:
        piece.record_key, name = _record(piece.scorecard, shown, at)
    else:
        raise Refused(errors={"kind": [_("Choose what you give as evidence.")]})
    piece.title = (shown.title.strip() or name)[:_TITLE_LENGTH]


def _file(card: Scorecard, shown: Shown, by: User, at: datetime) -> StoredFile:
    membership = card.membership
    if shown.upload is not None:
        return files.store(upload=shown.upload, year=membership.year, membership=membership, by=by, at=at)
    if shown.file_pk is None:
        raise Refused(errors={"file": [_("Choose a file, or one of the files that the unit uploaded before.")]})
    found = StoredFile.objects.filter(membership=membership, pk=shown.file_pk).first()
    if found is None:
        raise NotKnown
    return found


def _document(shown: Shown, at: datetime) -> tuple[str, date | None]:
    errors: dict[str, list[str]] = {}
    if not shown.number.strip():
        errors["number"] = [_("Give the number of the document.")]
    if shown.issued_on is None:
        errors["issued_on"] = [_("Give the date of the document.")]
    elif shown.issued_on > timezone.localdate(at):
        errors["issued_on"] = [_("The document cannot be dated in the future.")]
    if errors:
        raise Refused(errors=errors)
    return shown.number.strip(), shown.issued_on


def _link(shown: Shown) -> str:
    try:
        _is_link(shown.url.strip())
    except ValidationError as error:
        message = _("Give a whole address that begins with http:// or https://.")
        raise Refused(errors={"url": [message]}) from error
    return shown.url.strip()


def _record(card: Scorecard, shown: Shown, at: datetime) -> tuple[str, str]:
    """Key and text of a record of the same unit and year; the text is the record's own."""
    for record in pieces.records_of_unit(card, at):
        if record.key == shown.record_key:
            return record.key, record.text
    raise Refused(errors={"record_key": [_("Choose a commendation or a campaign of the unit in this year.")]})


def _check_new(piece: Evidence) -> None:
    """Raises Refused for what stands on the line already: a form sent twice adds nothing."""
    same = {name: getattr(piece, name) for name in ("kind", "file", "number", "issued_on", "url", "record_key")}
    if Evidence.objects.filter(line=piece.line, hidden_at__isnull=True, **same).exists():
        raise Refused(_("This is evidence of the line already."))


def _save(piece: Evidence, verb: str, by: User, at: datetime, also: Evidence | None = None) -> Evidence:
    save_checked(piece)
    _touch(piece.scorecard)
    _log(piece, verb, by, at, rows=[piece] if also is None else [piece, also])
    return piece


def _hide(piece: Evidence, reason: str, by: User, at: datetime) -> None:
    piece.hidden_at, piece.hidden_by, piece.hidden_reason = at, by, reason
    save_checked(piece)


def _touch(card: Scorecard) -> None:
    """The card is another one for everybody who looks at it as a whole; a line that is being typed is not."""
    card.version += 1
    card.save(update_fields=["version"])


def _log(piece: Evidence, verb: str, by: User, at: datetime, *, rows: list[Evidence]) -> None:
    changes: Mapping[str, object] = {
        "line": piece.line.criterion.code if piece.line else "",
        "kind": piece.kind,
        "title": piece.title,
        "reference": pieces.reference_of(piece),
    }
    journal.append(
        piece.scorecard.membership.year,
        by=by,
        at=at,
        verb=verb,
        thing=piece.scorecard,
        reason=piece.hidden_reason,
        changes=changes,
        rows=rows,
    )
