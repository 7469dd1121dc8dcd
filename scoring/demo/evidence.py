"""A few pieces of evidence of each kind. Their files are made here, from their titles: they show nothing and nobody."""

import struct
import unicodedata
import zlib
from datetime import datetime

from awards.models import Campaign
from cluster_app.lib import uploads
from cluster_app.lib.uploads import Upload
from members.models import User
from scoring.demo import files
from scoring.demo.files import day
from scoring.enums import EvidenceKind
from scoring.models import Scorecard
from scoring.services import evidence
from scoring.services.evidence import Shown

_WIDTH, _HEIGHT = 320, 200
_MARK = "So lieu minh hoa"


def add(card: Scorecard, by: User, at: datetime) -> None:
    """Adds what the demo has for the card, while its unit fills it in."""
    membership = card.membership
    lines = dict(card.lines.values_list("criterion__code", "pk"))
    for row in files.rows("evidence", year=str(membership.year.year), unit=membership.unit.code):
        evidence.add(card=card, line_pk=lines[row["criterion"]], shown=_shown(card, row), by=by, at=at)


def _shown(card: Scorecard, row: files.Row) -> Shown:
    return Shown(
        kind=row["kind"],
        title=row["title"],
        upload=_upload(row) if row["kind"] == EvidenceKind.FILE else None,
        number=row["number"],
        issued_on=day(row["issued_on"]),
        url=row["url"],
        record_key=_campaign(card, row["campaign"]) if row["campaign"] else "",
    )


def _campaign(card: Scorecard, code: str) -> str:
    return f"campaign:{Campaign.objects.get(year=card.membership.year, code=code).pk}"


def _upload(row: files.Row) -> Upload:
    make = picture if row["file"].endswith(".png") else paper
    return uploads.judge(row["file"], make(row["title"]))


def paper(title: str) -> bytes:
    """One page of PDF with the title in plain letters: the fonts that every reader has know no Vietnamese ones."""
    text = f"BT /F1 14 Tf 60 760 Td ({_plain(title)}) Tj 0 -24 Td ({_MARK}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (size, table, size, len(content))


def picture(title: str) -> bytes:
    """A grey PNG of stripes, as wide as the letters of the title are far in the alphabet."""
    stripes = b"".join(bytes([64 + letter % 160]) * 8 for letter in _plain(title).encode())
    row = b"\0" + (stripes * (_WIDTH // len(stripes) + 1))[:_WIDTH]
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * _HEIGHT)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return decomposed.encode("ascii", "ignore").decode()
