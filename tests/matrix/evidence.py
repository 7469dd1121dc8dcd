"""Permission matrix: the evidence of score cards. Typed by hand from security.md 3."""

from cluster_app.lib import uploads
from members.services import files
from scoring.enums import CardStatus, EvidenceKind
from scoring.models import Scorecard
from tests.cluster_app.sample_uploads import pdf
from tests.factories.scoring import EvidenceFactory
from tests.matrix.scoring import YEARS, card
from tests.matrix.shared import Row, form, page
from tests.scenarios import NOW


def prepare(world):
    """A file on the draft card, and one on the submitted card, of the unit `member`, and one of the other cluster."""
    world.pieces = {status: _file(_card(world, status), world) for status in (CardStatus.DRAFT, CardStatus.SUBMITTED)}
    world.foreign.piece = _file(Scorecard.objects.get(membership=world.foreign.member), world.foreign)


def _card(world, status):
    membership = {"membership__year__year": YEARS[status], "membership__unit": world.member.unit}
    return Scorecard.objects.get(membership__year__cluster=world.cluster, **membership)


def _file(found, world):
    upload = uploads.judge("Báo cáo.pdf", pdf(str(found.pk)))
    membership = found.membership
    stored = files.store(upload=upload, year=membership.year, membership=membership, by=world.officer, at=NOW)
    return EvidenceFactory(line=found.lines.first(), kind=EvidenceKind.FILE, file=stored)


def piece(status):
    return lambda world: card(status)(world) | {"pk": world.pieces[status].pk}


def foreign_piece(world):
    return card(CardStatus.DRAFT)(world) | {"pk": world.foreign.piece.pk}


def piece_of_another_card(world):
    return card(CardStatus.DRAFT)(world) | {"pk": world.pieces[CardStatus.SUBMITTED].pk}


def foreign_card(world):
    return world.foreign.url_kwargs() | {"code": world.foreign.member.unit.code}


UNKNOWN_PIECES = [foreign_piece, piece_of_another_card]

#                                            anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:evidence_list": page(          "L Y Y 3 4 Y Y Y Y 4", kwargs=card(CardStatus.SUBMITTED),
                                            unknown=[foreign_card], unknown_letters="4M"),
    # On behalf of a unit from its signed paper only, which is not recorded here.
    "scoring:evidence_add": form(           "L Y Y 3 4 3 3 W 3 4", kwargs=card(CardStatus.DRAFT),
                                            unknown=[foreign_card]),
    "scoring:evidence_replace": form(       "L Y Y 3 4 3 3 W 3 4", kwargs=piece(CardStatus.DRAFT)),
    "scoring:evidence_hide": form(          "L Y Y 3 4 3 3 W 3 4", kwargs=piece(CardStatus.DRAFT)),
    "scoring:evidence_download": page(      "L Y Y 3 4 Y Y Y Y 4", kwargs=piece(CardStatus.SUBMITTED),
                                            unknown=UNKNOWN_PIECES, unknown_letters="4M"),
}  # fmt: skip
