"""The dossier that goes to the People's Committee of the province: its parts in order, and what is missing in it.

A part that was issued is its frozen content; until then its draft stands there, marked as one, and is listed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import letterheads, marks
from cluster_app.documents.blocks import Align, Column, Document, Row, Section, Table, paragraph
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.vietnamese import fold
from cluster_app.lib.wording import date_short
from members.models import EmulationYear
from scoring.issued.printing import kept_document
from scoring.paperwork import queries
from scoring.paperwork.enums import PaperState
from scoring.paperwork.values import REFERENCE, Records
from scoring.year_end import figures as year_figures
from scoring.year_end import printing
from scoring.year_end.queries import texts_of

CONTENTS_TITLE = "Mục lục hồ sơ trình UBND tỉnh"
_STATES = {PaperState.ISSUED: "Đã ban hành", PaperState.DRAFT: "Dự thảo, chưa ban hành", None: "Còn thiếu"}


@dataclass(frozen=True)
class Part:
    """A part of the dossier: `state` is None where there is no paper, `make` writes the one there is; `needs` says what
    is still to do, `page` names the page of the year where it is done."""

    number: str
    slug: str
    title: str
    state: PaperState | None = None
    make: Callable[[], Document] | None = None
    issued: IssuedDocument | None = None
    needs: tuple[str, ...] = ()
    page: str = ""
    kind: DocumentKind | None = None

    @property
    def filename(self) -> str:
        """In plain letters, without its ending; a draft says so."""
        ending = "-du-thao" if self.state == PaperState.DRAFT else ""
        return f"{self.number}-{self.slug}{ending}"

    @property
    def heading(self) -> str:
        """Number, date and code of an issued part; empty for another."""
        if self.issued is None:
            return ""
        day = f" ngày {date_short(self.issued.dated_on)}" if self.issued.dated_on else ""
        return f"{letterheads.symbol_as_told(self.issued.number_symbol)}{day}, mã {self.issued.code}"


@dataclass(frozen=True)
class Dossier:
    year: EmulationYear
    parts: tuple[Part, ...]

    @property
    def present(self) -> list[Part]:
        return [part for part in self.parts if part.make is not None]

    @property
    def is_complete(self) -> bool:
        return all(part.state == PaperState.ISSUED and not part.needs for part in self.parts)


def dossier(year: EmulationYear, at: datetime) -> Dossier:
    """Reads what there is of every part. The number of queries does not grow with the units of the cluster."""
    in_force = {paper.kind: paper for paper in queries.issued_papers(year) if paper.withdrawn_at is None}
    records = Records(year, at, proposal=in_force.get(DocumentKind.PROPOSAL))
    parts = (
        _paper(records, in_force, "01", "to-trinh", "Tờ trình", DocumentKind.PROPOSAL),
        _paper(records, in_force, "02", "danh-sach", "Danh sách đề nghị khen thưởng", DocumentKind.PROPOSAL_LIST),
        _summary(year, at, in_force.get(DocumentKind.ANNUAL_SUMMARY)),
        Part(
            "04",
            "bien-ban-hoi-nghi",
            "Biên bản hội nghị tổng kết",
            needs=(_("Add the signed minutes of the conference on paper; they are not kept here."),),
            page="members:conference",
        ),
        Part(
            "05",
            "bien-ban-kiem-phieu",
            "Biên bản kiểm phiếu",
            needs=(_("Add the signed minutes of the count of votes on paper; they are not kept here."),),
            page="members:conference",
        ),
        _paper(records, in_force, "06", "bang-diem", "Bảng tổng hợp điểm", DocumentKind.SCORE_TABLE),
        *_merits(records),
    )
    return Dossier(year, parts)


def contents(found: Dossier) -> Document:
    """The first sheet: what the dossier holds and what is missing in it."""
    year = found.year
    rows = tuple(Row((part.number, part.title, _STATES[part.state], part.heading or NO_FIGURE)) for part in found.parts)
    table = Table(
        caption="Thành phần hồ sơ",
        columns=(
            Column("TT", 5, align=Align.CENTER),
            Column("Văn bản", 40),
            Column("Tình trạng", 22),
            Column("Số, ngày, mã văn bản", 33),
        ),
        rows=rows,
        shows_caption=False,
    )
    intro = paragraph(f"{year.cluster.name}, năm {year.year}.", align=Align.CENTER, indent=False)
    return Document(
        kind="dossier",
        title=CONTENTS_TITLE,
        letterhead=None,
        sections=(Section((intro, table)),),
        watermarks=(marks.ILLUSTRATIVE,) if year.cluster.is_illustrative else (),
    )


def _paper(
    records: Records, in_force: Mapping[str, IssuedDocument], number: str, slug: str, title: str, kind: DocumentKind
) -> Part:
    issued = in_force.get(kind)
    if issued is not None:
        make, needs = partial(kept_document, issued), _needs_of_issued(records, issued)
        return Part(number, slug, title, PaperState.ISSUED, make, issued, needs, "scoring:paper_withdraw", kind)
    draft = queries.draft(records.year, kind, records.at, records=records)
    needs = (*draft.blocking, *draft.missing) or (_("It is not issued yet."),)
    if draft.missing:
        return Part(number, slug, title, needs=needs, page="scoring:paper_edit", kind=kind)
    make = partial(draft.document, is_draft=True, signed_on=timezone.localdate(records.at))
    return Part(number, slug, title, PaperState.DRAFT, make, None, needs, "scoring:paper_issue", kind)


def _needs_of_issued(records: Records, issued: IssuedDocument) -> tuple[str, ...]:
    """Why an issued part must be taken back; empty for one that stands."""
    found = [queries.after_withdrawal(records.year, issued)]
    if issued.kind == DocumentKind.PROPOSAL_LIST:
        found.append(_of_another_proposal(issued, records.proposal))
    return tuple(filter(None, found))


def _of_another_proposal(listed: IssuedDocument, proposal: IssuedDocument | None) -> str:
    """Holds the frozen reference of the list against the proposal in force; one left to the pen fits every proposal."""
    reference = next((line for line in text_of(kept_document(listed)) if line.startswith(REFERENCE)), "")
    if not reference or reference.startswith(f"{REFERENCE}{letterheads.NUMBER_ROOM}"):
        return ""
    if proposal is not None:
        day = f" ngày {date_short(proposal.dated_on)})" if proposal.dated_on else ""
        if reference.startswith(f"{REFERENCE}{proposal.number_symbol} ") and reference.endswith(day):
            return ""
    return _("The list names a proposal that is not in force: withdraw it and issue it again.")


def _summary(year: EmulationYear, at: datetime, issued: IssuedDocument | None) -> Part:
    number, slug, title = "03", "bao-cao-tong-ket", "Báo cáo tổng kết"
    if issued is not None:
        make, needs = partial(kept_document, issued), tuple(filter(None, [queries.after_withdrawal(year, issued)]))
        return Part(number, slug, title, PaperState.ISSUED, make, issued, needs, "scoring:summary_withdraw")
    needs = (_("It is not issued yet."),)
    return Part(number, slug, title, PaperState.DRAFT, lambda: _draft(year, at), None, needs, "scoring:summary_issue")


def _draft(year: EmulationYear, at: datetime) -> Document:
    return printing.draft_document(year_figures.of(year), texts_of(year), at)


def _merits(records: Records) -> Iterator[Part]:
    """A report on its merits from each proposed unit, once however many forms it is proposed for."""
    units = records.proposed.members
    for place, membership in enumerate(units, 1):
        slug = "-".join(fold(membership.short_name).split())
        text = _("Ask %(unit)s for its report on its merits; it is not kept here.")
        yield Part(
            f"07.{place}" if len(units) > 1 else "07",
            f"bao-cao-thanh-tich-{slug}",
            f"Báo cáo thành tích của {membership.name}",
            needs=(text % {"unit": membership.name},),
        )
