"""Permission matrix: numbers of papers, issued documents, the public check of a code. Typed by hand from security.md 3.

The year is not published: what is issued is open to those who chair the cluster only.
"""

from cluster_app.documents import issuing, numbering
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.numbering import Series
from tests.cluster_app import sample_documents
from tests.factories.members import StoredFileFactory
from tests.factories.scoring import EvidenceFactory, ScorecardFactory
from tests.matrix.shared import Row, admin_rows, and_pk, form, page
from tests.scenarios import NOW


def prepare(world):
    """A reserved number, an issued document, a file and evidence of it, in both clusters."""
    for each in (world, world.foreign):
        series = Series(each.cluster.slug, "TB", str(each.year.year), frozenset({each.year.year}))
        each.number = numbering.give(series=series, purpose="Thông báo", by=each.secretariat, at=NOW).row
        each.issued = issuing.issue(
            document=sample_documents.pledge(),
            kind=DocumentKind.NOTICE,
            cluster_key=each.cluster.slug,
            year=each.year.year,
            subject_key="of the matrix",
            by=each.secretariat,
            at=NOW,
        )
        each.file = StoredFileFactory(membership=each.member)
        card = ScorecardFactory(membership__year__cluster=each.cluster, membership__year__year=2079)
        each.evidence = EvidenceFactory(line=card.lines.first())


def no_address(world):
    return {}


def foreign_number(world):
    return world.url_kwargs() | {"number": world.foreign.number.pk}


def missing_number(world):
    return world.url_kwargs() | {"number": 10**30}


def foreign_document(world):
    return world.url_kwargs() | {"code": world.foreign.issued.code}


def missing_document(world):
    return world.url_kwargs() | {"code": "0000-0000"}


def no_code(world):
    return world.url_kwargs() | {"code": "x"}


def of_the_document(world):
    return world.url_kwargs() | {"code": world.issued.code}


UNKNOWN_NUMBERS = [foreign_number, missing_number]
UNKNOWN_DOCUMENTS = {"unknown": [foreign_document, missing_document, no_code], "unknown_letters": "4M"}
PUBLIC = ("Y Y Y Y Y Y Y Y Y Y", "M M M M M M M M M M")

#                                      anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "members:number_list": page(        "L 3 3 3 4 Y Y Y Y 4"),
    "members:number_list_print": page(  "L 3 3 3 4 Y Y Y Y 4"),
    "members:number_reserve": form(     "L 3 3 3 4 Y 3 Y 3 4"),
    "members:number_void": form(        "L 3 3 3 4 Y 3 Y 3 4", kwargs=and_pk("number", lambda w: w.number.pk),
                                        unknown=UNKNOWN_NUMBERS),
    "scoring:issued_list": page(        "L Y Y Y 4 Y Y Y Y 4"),
    "scoring:issued_detail": page(      "L 3 3 3 4 Y Y Y Y 4", kwargs=of_the_document, **UNKNOWN_DOCUMENTS),
    "scoring:issued_print": page(       "L 3 3 3 4 Y Y Y Y 4", kwargs=of_the_document, **UNKNOWN_DOCUMENTS),
    "verify:code_form": Row(*PUBLIC, no_address),
    "verify:code_check": Row(*PUBLIC, lambda world: {"code": world.issued.code}),
    **admin_rows("documents_issueddocument", lambda w: w.issued, see="S", foreign=lambda w: w.foreign.issued),
    **admin_rows("documents_numberregister", lambda w: w.number.register, see="S",
                 foreign=lambda w: w.foreign.number.register),
    **admin_rows("documents_documentnumber", lambda w: w.number, see="S", foreign=lambda w: w.foreign.number),
    **admin_rows("members_storedfile", lambda w: w.file, see="S", foreign=lambda w: w.foreign.file),
    **admin_rows("scoring_evidence", lambda w: w.evidence, see="S", foreign=lambda w: w.foreign.evidence),
}  # fmt: skip
