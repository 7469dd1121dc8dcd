"""The head and the recipients of a year's papers: what is settled for the kind of paper, else for the year."""

from datetime import date

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import Letterhead, LetterheadKind, Recipients
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.letterheads import PAPER_TYPES
from members.enums import ClusterKind
from members.models import EmulationYear, YearPaper

ISSUER_CODES = {ClusterKind.CLUSTER: "CTĐ", ClusterKind.BLOC: "KTĐ"}
# Papers of the State's own procedure go to the State's authorities in its form (domain.md 6.1), unless settled.
STATE_BY_CUSTOM = frozenset({DocumentKind.PROPOSAL, DocumentKind.PROPOSAL_LIST})
_ARCHIVE = "Lưu"
_EDGES = " -;,."


def settled(year: EmulationYear, kind: DocumentKind) -> YearPaper:
    """What the year settles for a kind of paper; an unsaved one where nothing is settled. One query."""
    found = YearPaper.objects.filter(year=year, kind=kind).first() or YearPaper(kind=kind)
    found.year = year
    return found


def letterhead_kind(paper: YearPaper) -> LetterheadKind:
    """The form settled for the paper, else the State's for its own procedure, else that of the year."""
    if not paper.letterhead and paper.kind in STATE_BY_CUSTOM:
        return LetterheadKind.STATE
    return LetterheadKind(paper.letterhead or paper.year.letterhead)


def number_symbol(paper: YearPaper, number: str) -> str:
    """Number and symbol, such as "03-BC/CTĐ"; without a number there is room for the pen."""
    return letterheads.number_symbol(
        letterhead_kind(paper),
        number,
        type_code=PAPER_TYPES[DocumentKind(paper.kind)].code,
        issuer_code=ISSUER_CODES[ClusterKind(paper.year.cluster.kind)],
    )


def head(
    paper: YearPaper,
    *,
    summary: str,
    number: str = "",
    dated_on: date | None = None,
    year_of: date | None = None,
    leader: str = "",
) -> Letterhead:
    """The head of a paper of the cluster. Without a number or a date there is room for the pen, beside it the year of
    the day `year_of` on which the paper is made or signed: papers of a year are written in January of the next. Where
    the cluster names no superior the unit that leads it, `leader`, stands above it."""
    year, of_type = paper.year, PAPER_TYPES[DocumentKind(paper.kind)]
    return Letterhead(
        kind=letterhead_kind(paper),
        superior=(year.cluster.superior or leader).upper(),
        issuer=year.cluster.name.upper(),
        number_symbol=number_symbol(paper, number),
        place=year.cluster.province,
        dated_on=dated_on,
        year=year_of.year if year_of else None,
        document_type=of_type.name,
        summary=summary,
        is_letter=of_type.is_letter,
    )


def recipients(paper: YearPaper) -> Recipients:
    """Nơi nhận as typed for the kind of paper, else for the year; a last line "Lưu …" names the archive, else it is
    the cluster itself."""
    typed = paper.recipients.strip() or paper.year.recipients
    names = [line.strip(_EDGES) for line in typed.splitlines() if line.strip(_EDGES)]
    archive = str(ClusterKind(paper.year.cluster.kind).label)
    if names and names[-1].startswith(_ARCHIVE):
        archive = names.pop().removeprefix(_ARCHIVE).removeprefix(":").strip() or archive
    return letterheads.recipients(letterhead_kind(paper), names, archive=archive)
