"""What happens at the end of a year, as far as the home page notices it."""

from cluster_app.audit.rows import canonical
from cluster_app.documents import issuing
from cluster_app.documents.blocks import Document
from cluster_app.documents.enums import DocumentKind
from members.enums import Phase
from members.models import EmulationYear
from members.queries import get_year
from scoring.models import SummaryParagraph
from scoring.results import results
from tests.factories.scoring import PublicationFactory
from tests.scenarios import NOW, World


def in_phase(world: World, phase: str, **columns: object) -> None:
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=phase, **columns)


def publish(world: World) -> None:
    """The results as a publication holds them, in the phase of the conference."""
    in_phase(world, Phase.CONFERENCE, published_at=NOW)
    year = get_year(world.secretariat, world.cluster.slug, world.year.year)
    PublicationFactory(year=year, snapshot=canonical(results(year)))


def write_paragraphs(world: World, keys: list[str], text: str = "Nội dung") -> None:
    for key in keys:
        SummaryParagraph.objects.create(
            year=world.year, key=key, text=text, updated_by=world.secretariat, updated_at=NOW
        )


def issue_summary(world: World) -> None:
    kind = DocumentKind.ANNUAL_SUMMARY
    document = Document(kind=kind, title="Báo cáo tổng kết", letterhead=None, sections=())
    issuing.issue(
        document=document,
        kind=kind,
        cluster_key=world.cluster.slug,
        year=world.year.year,
        by=world.leader_signatory,
        at=NOW,
    )
