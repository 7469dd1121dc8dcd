"""Permission matrix: the papers of a year in the phase of the review. Typed by hand from security.md 3.

Kind x state x role of issue and withdrawal: tests/scoring/test_papers_issuing.py.
"""

from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from tests.cluster_app import sample_documents
from tests.matrix.shared import Row, form, of_the_year, page
from tests.scenarios import NOW


def prepare(world):
    """An invitation that was sent, in both clusters."""
    for place in (world, world.foreign):
        issuing.issue(
            document=sample_documents.pledge(),
            kind=DocumentKind.INVITATION,
            cluster_key=place.cluster.slug,
            year=place.year.year,
            subject_key="1",
            by=place.secretariat,
            at=NOW,
        )


def foreign_year(world):
    return world.foreign.url_kwargs()


def missing_year(world):
    return world.url_kwargs() | {"year": 2099}


def paper_of(world):
    found = IssuedDocument.objects.get(cluster_key=world.cluster.slug, kind=DocumentKind.INVITATION)
    return world.url_kwargs() | {"pk": found.pk}


def foreign_paper(world):
    return world.url_kwargs() | {"pk": paper_of(world.foreign)["pk"]}


def missing_paper(world):
    return world.url_kwargs() | {"pk": 999_999_999}


def plan(world):
    return of_the_year(world) | {"kind": DocumentKind.PLAN}


def foreign_plan(world):
    return foreign_year(world) | {"kind": DocumentKind.PLAN}


UNKNOWN = {"unknown": [foreign_year, missing_year], "unknown_letters": "4M"}
PLAN = {"kwargs": plan, "unknown": [foreign_plan], "unknown_letters": "4M"}
PAPER = {"kwargs": paper_of, "unknown": [foreign_paper, missing_paper], "unknown_letters": "4M"}

#                                      anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:papers": page(             "L Y Y Y 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:paper_check": form(        "L Y Y Y 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:paper_draft": page(        "L 3 3 3 4 Y Y Y Y 4", **PLAN),
    "scoring:paper_edit": form(         "L 3 3 3 4 Y 3 Y 3 4", **PLAN),
    "scoring:paper_issue": form(        "L 3 3 3 4 Y 3 Y 3 4", **PLAN),
    "scoring:paper_print": page(        "L Y Y Y 4 Y Y Y Y 4", **PAPER),
    "scoring:paper_withdraw": form(     "L 3 3 3 4 Y 3 Y 3 4", **PAPER),
    "scoring:dossier": page(            "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:dossier_pdf": page(        "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:dossier_zip": page(        "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:dossier_statistics": page( "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
}  # fmt: skip
