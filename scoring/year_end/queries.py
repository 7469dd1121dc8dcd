"""What the annual summary reads besides its figures: the typed paragraphs and the issued edition."""

from collections.abc import Mapping

from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from members.models import EmulationYear
from scoring.models import SummaryParagraph


def paragraphs_of(year: EmulationYear) -> dict[str, SummaryParagraph]:
    """The paragraphs that somebody has written, by their place in the skeleton."""
    return {paragraph.key: paragraph for paragraph in SummaryParagraph.objects.filter(year=year).order_by("pk")}


def texts_of(year: EmulationYear) -> dict[str, str]:
    return texts_in(paragraphs_of(year))


def texts_in(paragraphs: Mapping[str, SummaryParagraph]) -> dict[str, str]:
    """The texts of paragraphs that have been read already."""
    return {key: paragraph.text for key, paragraph in paragraphs.items()}


def issued_of(year: EmulationYear) -> IssuedDocument | None:
    """The official edition that is in force."""
    return issuing.valid(kind=DocumentKind.ANNUAL_SUMMARY, cluster_key=year.cluster.slug, year=year.year)
