"""What the pages of the papers read: what is settled, what was issued, what a paper would say now. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from cluster_app.documents import freezing, issuing, marks
from cluster_app.documents.blocks import Document
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import NotKnown, Refused
from members import paper_heads
from members.models import EmulationYear, YearPaper
from members.queries import leader_of
from scoring.papers import score_table_paper
from scoring.paperwork import templates
from scoring.paperwork.compose import Material, compose
from scoring.paperwork.enums import ISSUED_HERE, ORDER, PROPOSING, RESULTS, SEVERAL
from scoring.paperwork.templates import Template, Value
from scoring.paperwork.values import Records, filled

ISSUE = "paper.issue"


@dataclass(frozen=True)
class Draft:
    """A paper as the records stand: what it is written from, and what is still missing, as sentences."""

    year: EmulationYear
    paper: YearPaper
    template: Template | None
    filled: Mapping[str, Value]
    material: Material | None
    records: Records
    missing: list[str]
    blocking: list[str] = field(default_factory=list)

    @property
    def kind(self) -> DocumentKind:
        return DocumentKind(self.paper.kind)

    def document(
        self, *, is_draft: bool, number: str = "", dated_on: date | None = None, signed_on: date | None = None
    ) -> Document:
        """The paper itself. Raises Refused with what is missing, so that none is made with a hole in it."""
        if self.missing:
            raise Refused(_("The paper cannot be made yet."), missing=self.missing)
        if self.material is None:
            day = dated_on or signed_on or date(self.year.year, 12, 31)
            document = score_table_paper(self.year, day, number=number, dated_on=dated_on)
            if not is_draft:
                return replace(document, footer_note="")
            # What is provisional says so itself, and cannot be taken for the issued table.
            is_marked = marks.PROVISIONAL in document.watermarks
            return document if is_marked else replace(document, watermarks=(marks.DRAFT, *document.watermarks))
        with translation.override("vi"):
            return compose(self.material, is_draft=is_draft, number=number, dated_on=dated_on, signed_on=signed_on)

    @property
    def fingerprint(self) -> str:
        """The digest of what would be issued of the draft's day, its head aside; empty while something is missing."""
        if self.missing:
            return ""
        return freezing.digest(replace(self.document(is_draft=False, signed_on=self.records.day), letterhead=None))


def draft(
    year: EmulationYear,
    kind: DocumentKind,
    at: datetime,
    *,
    dated_on: date | None = None,
    records: Records | None = None,
) -> Draft:
    """Reads what the paper `kind` of the year would say on its day; several papers of one moment share their `records`.
    The queries do not grow with the units."""
    paper = paper_heads.settled(year, kind)
    if records is None:
        proposal = valid(year, DocumentKind.PROPOSAL) if kind == DocumentKind.PROPOSAL_LIST else None
        records = Records(year, at, dated_on, proposal)
    if kind == DocumentKind.SCORE_TABLE:
        return Draft(year, paper, None, {}, None, records, [], _blocking(year, kind, records))
    template = templates.of(kind)
    with translation.override("vi"):
        found = filled(kind, records)
    missing = _without_award(records) if kind in PROPOSING else []
    material = None
    try:
        values = templates.values_of(template, found, paper.values)
    except Refused as refusal:
        missing += refusal.missing
    else:
        material = Material(paper, template, values, records.signing)
    return Draft(year, paper, template, found, material, records, missing, _blocking(year, kind, records))


def settled_draft(year: EmulationYear, kind: DocumentKind, at: datetime) -> Draft:
    """What the form of a paper shows; of a kind that has its own pages its head alone."""
    if kind in ISSUED_HERE:
        return draft(year, kind, at)
    return Draft(year, paper_heads.settled(year, kind), None, {}, None, Records(year, at), [])


def _without_award(records: Records) -> list[str]:
    """The resolutions that do not say what their unit is proposed for."""
    text = _("The resolution on %(unit)s does not say what it is to be given: write “tặng …” and the form in it.")
    return [text % {"unit": unit.membership.name} for unit in records.proposed.units if not unit.award]


def _blocking(year: EmulationYear, kind: DocumentKind, records: Records) -> list[str]:
    """What keeps a paper of this kind from being issued, besides what is missing in it."""
    found = []
    if leader_of(year) is None:
        found.append(_("No unit leads in this year; nobody can sign."))
    if kind in RESULTS and not year.is_published:
        found.append(_("The results of the year are not published yet."))
    if kind in PROPOSING:
        found += _against_proposing(records)
    return found


def _against_proposing(records: Records) -> list[str]:
    """domain.md rules 12 and 13: who is disqualified or suspended, or has not signed the pledge, is not proposed."""
    found = []
    for unit in records.proposed.units:
        if not unit.membership.is_ranked:
            text = _("%(unit)s is not in good standing and cannot be proposed.")
            found.append(text % {"unit": unit.membership.name})
        if not unit.is_signed:
            text = _("%(unit)s has not signed the pledge and cannot be proposed.")
            found.append(text % {"unit": unit.membership.name})
    return list(dict.fromkeys(found))


# --- What was issued ---


def issued_papers(year: EmulationYear) -> list[IssuedDocument]:
    """Every issued paper of the year, withdrawn ones too, in the order of the kinds, then as issued. One query."""
    places = {kind.value: place for place, kind in enumerate(ORDER)}
    rows = IssuedDocument.objects.filter(cluster_key=year.cluster.slug, year=year.year, kind__in=places)
    found = rows.defer("content").order_by("issued_at", "pk")
    return sorted(found, key=lambda issued: places[issued.kind])


def issued_paper(year: EmulationYear, pk: int) -> IssuedDocument:
    """One issued paper of this package's kinds. Raises NotKnown if the year has none of this key."""
    rows = IssuedDocument.objects.filter(cluster_key=year.cluster.slug, year=year.year, kind__in=ISSUED_HERE)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotKnown
    return found


def valid(year: EmulationYear, kind: DocumentKind, subject_key: str = "") -> IssuedDocument | None:
    return issuing.valid(kind=kind, cluster_key=year.cluster.slug, year=year.year, subject_key=subject_key)


def after_withdrawal(year: EmulationYear, issued: IssuedDocument) -> str:
    """What is still to do about a paper that tells results which were withdrawn since; else empty."""
    if issued.kind not in RESULTS or issued.withdrawn_at is not None or year.is_published:
        return ""
    return _("The results were withdrawn after this paper was issued: withdraw this paper too.")


def next_subject(year: EmulationYear, kind: DocumentKind) -> str:
    """The key of the next paper of a kind: a year sends several letters and invitations, and one of all else."""
    if kind not in SEVERAL:
        return ""
    rows = IssuedDocument.objects.filter(cluster_key=year.cluster.slug, year=year.year, kind=kind)
    return str(rows.count() + 1)
