"""The evidence of score cards, as services and pages read it: what it refers to, and where else it stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.models import StoredFile
from scoring.enums import EvidenceKind, Section
from scoring.models import Evidence, Scorecard, ScoreLine
from scoring.sheets import Sheet
from scoring.sources import Facts

_OFFICIAL = "vi"  # what is stored with a card is read on paper, in the language of the papers
# The page that shows a record, by the first part of its key; records without one have no page of their own.
_RECORD_PAGES = {
    "commendation": "awards:commendation_detail",
    "campaign": "awards:campaign_detail",
    "registrations": "awards:registration_list",
    "register": "awards:commendation_list",
}


@dataclass(frozen=True)
class Record:
    """A commendation or campaign of the unit that may stand as evidence; `key` names it as `LineRecord` does."""

    key: str
    text: str


def all_of(card: Scorecard) -> list[Evidence]:
    """Every piece that the card ever had, hidden ones among them, with files and persons, in the order of adding."""
    pieces = Evidence.objects.filter(scorecard=card).select_related("file", "added_by", "hidden_by")
    return list(pieces.order_by("pk"))


def short_name(piece: Evidence) -> str:
    """How a paper names the piece: number and date of a document, else its title. Official, so in Vietnamese."""
    if piece.kind == EvidenceKind.DOCUMENT and piece.issued_on is not None:
        return f"{piece.number} ngày {date_short(piece.issued_on)}"
    return piece.title


def reference_of(piece: Evidence) -> str:
    """What the piece refers to, in plain text: the hash of the file, number and date, the link, or the record's key."""
    if piece.kind == EvidenceKind.FILE and piece.file is not None:
        return piece.file.sha256
    if piece.kind == EvidenceKind.DOCUMENT:
        return f"{piece.number} {piece.issued_on}"
    return piece.url or piece.record_key


def mark_of(sheet: Sheet, line: ScoreLine, *, may_add: bool) -> tuple[str, str] | None:
    """How much evidence the line has, and the address of its page; None where there is nothing to say, or toward people
    to whom the evidence is not open."""
    if not sheet.evidence_url:
        return None
    count = len(sheet.evidence.get(line.pk, ()))
    if not (count or may_add):
        return None
    query = urlencode({"line": line.criterion.code})
    if not count:
        return _("Add evidence"), f"{sheet.evidence_url}add/?{query}"
    text = ngettext("%(count)s piece of evidence", "%(count)s pieces of evidence", count)
    return text % {"count": count}, f"{sheet.evidence_url}?{query}"


def files_of_unit(card: Scorecard) -> list[StoredFile]:
    """The files that the unit handed in during the year, the newest first."""
    return list(StoredFile.objects.filter(membership=card.membership_id).order_by("-uploaded_at", "-pk"))


def records_of_unit(card: Scorecard, at: datetime) -> list[Record]:
    """The commendations that count for the unit's year, and the campaigns in which it took part. Two queries, beside
    the rules of the year."""
    facts = Facts(card.membership.year, at)
    with translation.override(_OFFICIAL):
        awards = [Record(f"commendation:{one.pk}", one.text) for one in facts.awards.get(card.membership_id, ())]
        campaigns = [
            Record(f"campaign:{one.campaign_pk}", one.text)
            for one in facts.campaigns.get(card.membership_id, ())
            if one.is_reported
        ]
    return awards + campaigns


def record_url(card: Scorecard, key: str) -> str:
    """The page of a record; empty where it has none."""
    kind, _colon, pk = key.partition(":")
    page = _RECORD_PAGES.get(kind)
    return year_url(page, card.membership.year, **({"pk": int(pk)} if pk else {})) if page else ""


def used_twice(
    card: Scorecard, pieces: Iterable[Evidence], *, may_name: Callable[[Scorecard], bool] | None
) -> dict[int, list[str]]:
    """Where else the same file stands, in sentences, by piece of evidence (primary key): on a second bonus line of the
    card, and with those other units of the year that have handed in a card which `may_name` lets be named. One query,
    none without files. A unit is never told of another one."""
    own = [piece for piece in pieces if piece.file is not None and piece.is_visible]
    if not own:
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    same = _same_files(card, {piece.file.sha256 for piece in own if piece.file}, names_units=may_name is not None)
    others = [one for one in same if one.scorecard_id == card.pk or (may_name is not None and may_name(one.scorecard))]
    for piece in own:
        for other in others:
            if _is_same_file(piece, other) and (sentence := _where(piece, other)):
                found[piece.pk].append(sentence)
    return found


def _is_same_file(piece: Evidence, other: Evidence) -> bool:
    if piece.file is None or other.file is None or piece.pk == other.pk:
        return False
    return piece.file.sha256 == other.file.sha256


def _same_files(card: Scorecard, hashes: set[str], *, names_units: bool) -> list[Evidence]:
    pieces = Evidence.objects.filter(file__sha256__in=hashes, hidden_at__isnull=True)
    if names_units:
        pieces = pieces.filter(scorecard__membership__year=card.membership.year_id)
    else:
        pieces = pieces.filter(scorecard=card)
    found = list(
        pieces.select_related("file", "line__criterion", "scorecard__membership").order_by(
            "scorecard__membership__protocol_order", "scorecard__membership", "line__criterion__order", "pk"
        )
    )
    for one in found:
        one.scorecard.membership.year = card.membership.year
    return found


def _where(piece: Evidence, other: Evidence) -> str:
    """Says where `other` stands, if that is worth a look; empty otherwise."""
    code = other.line.criterion.code if other.line else _("no criterion any more")
    if other.scorecard_id != piece.scorecard_id:
        if other.scorecard.submitted_at is None:
            return ""
        text = _("%(unit)s handed in the same file (%(code)s).")
        return text % {"unit": other.scorecard.membership.name, "code": code}
    is_bonus = all(one.line is not None and one.line.section == Section.BONUS for one in (piece, other))
    if not is_bonus or piece.line_id == other.line_id:
        return ""
    return _("The same file stands on the bonus line %(code)s as well.") % {"code": code}
