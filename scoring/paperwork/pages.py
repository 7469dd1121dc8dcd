"""What the pages of the papers show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.enums import PledgeStatus
from awards.models import Pledge
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.html import Toolbar, ToolbarLink
from cluster_app.documents.letterheads import symbol_as_told
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.models import EmulationYear, User
from members.permissions import can_see_papers, can_write_papers
from scoring import permissions
from scoring.paperwork import checks
from scoring.paperwork.dossier import Dossier, Part
from scoring.paperwork.enums import ISSUED_HERE, ORDER, SEVERAL, PaperState
from scoring.paperwork.late import late_rows
from scoring.paperwork.queries import Draft, after_withdrawal, issued_papers
from scoring.queries import CardRow, card_list

_STATES = {
    PaperState.DRAFT: "neutral",
    PaperState.ISSUED: "approved",
    PaperState.WITHDRAWN: "returned",
}


@dataclass(frozen=True)
class Action:
    url: str
    label: str
    icon: str = ""
    is_main: bool = False


@dataclass(frozen=True)
class PaperRow:
    """One paper on the page: what it is, how far it is, and what this person may do with it."""

    name: str
    status: dict[str, str]
    number: str = ""
    day: str = ""
    code: str = ""
    note: str = ""
    actions: tuple[Action, ...] = ()


def hub(user: User, year: EmulationYear, at: datetime) -> dict[str, object]:
    """Every paper of the year, in the order in which the year needs them. The queries do not grow with the units."""
    sees_drafts, writes = can_see_papers(user, year), can_write_papers(user, year)
    issued = [paper for paper in issued_papers(year) if permissions.can_print_paper(user, year, paper)]
    late_count = len({row.membership.pk for row in late_rows(year, at)}) if sees_drafts else 0
    rows: list[PaperRow] = []
    for kind in ORDER:
        of_kind = [paper for paper in issued if paper.kind == kind]
        rows += _rows(user, year, kind, of_kind, sees_drafts=sees_drafts, writes=writes, late_count=late_count)
    return {
        "rows": rows,
        "cards": [_card(year, row) for row in card_list(user, year, at) if row.is_linked],
        "dossier_url": year_url("scoring:dossier", year) if sees_drafts else "",
        "late_text": _late(late_count) if writes and late_count else "",
        "late_url": year_url("scoring:paper_draft", year, kind=DocumentKind.REMINDER),
    }


def _rows(
    user: User,
    year: EmulationYear,
    kind: DocumentKind,
    issued: Sequence[IssuedDocument],
    *,
    sees_drafts: bool,
    writes: bool,
    late_count: int,
) -> Iterator[PaperRow]:
    if kind == DocumentKind.PLEDGE:
        yield from _pledge(year, writes=writes)
        return
    if kind == DocumentKind.ANNUAL_SUMMARY:
        yield from _summary(year, issued, sees_drafts=sees_drafts, writes=writes)
        return
    yield from (_issued(year, paper, writes=writes) for paper in issued)
    in_force = any(paper.withdrawn_at is None for paper in issued)
    if sees_drafts and (kind in SEVERAL or not in_force):
        note = _late(late_count) if kind == DocumentKind.REMINDER and late_count else ""
        yield _draft(year, kind, note=note, writes=writes)


def _draft(year: EmulationYear, kind: DocumentKind, *, note: str, writes: bool) -> PaperRow:
    url = year_url("scoring:paper_draft", year, kind=kind)
    actions = [Action(url, _("View"), "eye"), *_files(url)]
    if writes:
        actions.append(Action(year_url("scoring:paper_edit", year, kind=kind), _("Edit"), "pencil"))
        actions.append(Action(year_url("scoring:paper_issue", year, kind=kind), _("Issue"), "send", is_main=True))
    return PaperRow(str(kind.label), _status(PaperState.DRAFT), note=note, actions=tuple(actions))


def _issued(year: EmulationYear, paper: IssuedDocument, *, writes: bool) -> PaperRow:
    url = year_url("scoring:paper_print", year, pk=paper.pk)
    state = PaperState.WITHDRAWN if paper.withdrawn_at else PaperState.ISSUED
    actions = [Action(url, _("View"), "eye", is_main=state == PaperState.ISSUED), *_files(url)]
    if writes and state == PaperState.ISSUED:
        actions.append(Action(year_url("scoring:paper_withdraw", year, pk=paper.pk), _("Withdraw"), "x-circle"))
    return PaperRow(
        name=str(DocumentKind(paper.kind).label),
        status=_status(state),
        number=symbol_as_told(paper.number_symbol),
        day=date_short(paper.dated_on) if paper.dated_on else "",
        code=paper.code,
        note=paper.withdrawn_reason or after_withdrawal(year, paper),
        actions=tuple(actions),
    )


def _pledge(year: EmulationYear, *, writes: bool) -> Iterator[PaperRow]:
    pledge = Pledge.objects.filter(year=year).first()
    url = year_url("awards:pledge_detail", year)
    if pledge is None:
        status = {"css": "neutral", "label": _("Not written yet")}
        yield PaperRow(str(DocumentKind.PLEDGE.label), status, actions=(Action(url, _("View"), "eye"),))
        return
    printed = year_url("awards:pledge_print", year)
    actions = [Action(url, _("View"), "eye", is_main=True), *_files(printed)]
    if writes and pledge.status == PledgeStatus.DRAFT:
        actions.append(_letterhead(year, DocumentKind.PLEDGE))
    css = "approved" if pledge.status == PledgeStatus.SIGNED else "neutral"
    yield PaperRow(
        name=str(DocumentKind.PLEDGE.label),
        status={"css": css, "label": pledge.get_status_display()},
        number=pledge.number,
        day=date_short(pledge.signed_on) if pledge.signed_on else "",
        actions=tuple(actions),
    )


def _summary(
    year: EmulationYear, issued: Sequence[IssuedDocument], *, sees_drafts: bool, writes: bool
) -> Iterator[PaperRow]:
    url = year_url("scoring:summary", year)
    in_force = next((paper for paper in issued if paper.withdrawn_at is None), None)
    if in_force is None and not sees_drafts:
        return
    actions = [Action(url, _("View"), "eye", is_main=True), *_files(url)]
    if writes:
        actions.append(Action(year_url("scoring:summary_paragraphs", year), _("Edit"), "pencil"))
        actions.append(_letterhead(year, DocumentKind.ANNUAL_SUMMARY))
    yield PaperRow(
        name=str(DocumentKind.ANNUAL_SUMMARY.label),
        status=_status(PaperState.ISSUED if in_force else PaperState.DRAFT),
        number=symbol_as_told(in_force.number_symbol) if in_force else "",
        day=date_short(in_force.dated_on) if in_force and in_force.dated_on else "",
        code=in_force.code if in_force else "",
        note=after_withdrawal(year, in_force) if in_force else "",
        actions=tuple(actions),
    )


def _card(year: EmulationYear, row: CardRow) -> PaperRow:
    url = year_url("scoring:scorecard_print", year, code=row.code)
    return PaperRow(row.membership.name, row.status, actions=(Action(url, _("View"), "eye"), *_files(url)))


def _files(url: str) -> tuple[Action, Action]:
    return Action(f"{url}?format=pdf", "PDF", "printer"), Action(f"{url}?format=docx", "Word", "download")


def _letterhead(year: EmulationYear, kind: DocumentKind) -> Action:
    return Action(year_url("scoring:paper_edit", year, kind=kind), _("Letterhead"), "building")


def _status(state: PaperState) -> dict[str, str]:
    labels = {
        PaperState.DRAFT: _("Draft"),
        PaperState.ISSUED: _("Issued"),
        PaperState.WITHDRAWN: _("Revoked"),
    }
    return {"css": _STATES[state], "label": labels[state]}


def _late(count: int) -> str:
    text = ngettext("%(count)d unit is late.", "%(count)d units are late.", count)
    return text % {"count": count}


# --- One paper ---


def draft_toolbar(user: User, year: EmulationYear, kind: DocumentKind) -> Toolbar:
    links = []
    if can_write_papers(user, year):
        links.append(ToolbarLink(year_url("scoring:paper_edit", year, kind=kind), _("Edit")))
        links.append(ToolbarLink(year_url("scoring:paper_issue", year, kind=kind), _("Issue")))
    return Toolbar(back_url=year_url("scoring:papers", year), links=tuple(links))


def issued_toolbar(user: User, year: EmulationYear, issued: IssuedDocument) -> Toolbar:
    links = []
    if can_write_papers(user, year) and issued.withdrawn_at is None:
        links.append(ToolbarLink(year_url("scoring:paper_withdraw", year, pk=issued.pk), _("Withdraw")))
    return Toolbar(back_url=year_url("scoring:papers", year), links=tuple(links))


def heading(kind: DocumentKind) -> dict[str, object]:
    return {"name": str(kind.label)}


def missing(user: User, draft: Draft) -> dict[str, object]:
    """The page in place of a paper that would have a hole."""
    year = draft.year
    edit = year_url("scoring:paper_edit", year, kind=draft.kind) if can_write_papers(user, year) else ""
    return heading(draft.kind) | {
        "items": [{"level": "block", "text": sentence} for sentence in draft.missing],
        "edit_url": edit,
        "papers_url": year_url("scoring:papers", year),
    }


def edit(draft: Draft) -> dict[str, object]:
    year = draft.year
    is_issued_here = draft.kind in ISSUED_HERE
    return heading(draft.kind) | {
        "papers_url": year_url("scoring:papers", year),
        "draft_url": year_url("scoring:paper_draft", year, kind=draft.kind) if is_issued_here else "",
    }


def issue(draft: Draft) -> dict[str, object]:
    year = draft.year
    sentences = [*draft.blocking, *draft.missing]
    url = year_url("scoring:paper_draft", year, kind=draft.kind)
    lines = [_("The paper is frozen as it stands now: later changes do not enter it.")]
    lines.append(_("Every unit of the cluster can read and print this paper from then on."))
    return heading(draft.kind) | {
        "lines": lines,
        "items": [
            *({"level": "block", "text": sentence} for sentence in sentences),
            *({"level": "warn", "text": sentence} for sentence in checks.worth_a_look(draft)),
        ],
        "is_blocked": bool(sentences),
        "papers_url": year_url("scoring:papers", year),
        "draft_url": f"{url}?on={draft.records.dated_on.isoformat()}" if draft.records.dated_on else url,
    }


def withdrawal(year: EmulationYear, issued: IssuedDocument) -> dict[str, object]:
    day = date_short(issued.dated_on) if issued.dated_on else "–"
    text = _("%(paper)s: %(number)s of %(day)s, code %(code)s.")
    facts = {"paper": issued.title, "number": symbol_as_told(issued.number_symbol), "day": day, "code": issued.code}
    return heading(DocumentKind(issued.kind)) | {
        "lines": [
            text % facts,
            _("It stays in the archive marked as withdrawn; printed copies lose their force."),
        ],
        "papers_url": year_url("scoring:papers", year),
    }


# --- The dossier ---


def dossier(user: User, found: Dossier) -> dict[str, object]:
    """The parts of the dossier, each with what is still to do and where."""
    year = found.year
    writes = can_write_papers(user, year)
    needs = [
        {
            "level": "warn" if part.state == PaperState.DRAFT else "block",
            "text": f"{part.number}. {part.title}: {text}",
            "url": _page_of(year, part, writes),
        }
        for part in found.parts
        for text in part.needs
    ]
    return {
        "rows": [_part(part) for part in found.parts],
        "needs": needs,
        "papers_url": year_url("scoring:papers", year),
        "files": [
            Action(year_url("scoring:dossier_pdf", year), _("One PDF"), "printer", is_main=True),
            Action(year_url("scoring:dossier_zip", year), _("Zip of all files"), "download"),
            Action(
                year_url("scoring:dossier_statistics", year), _("Statistics forms 0602, 0603"), "file-earmark-excel"
            ),
        ],
    }


def _part(part: Part) -> dict[str, object]:
    status = _status(part.state) if part.state else {"css": "returned", "label": _("Missing")}
    return {"number": part.number, "name": part.title, "status": status, "heading": part.heading}


def _page_of(year: EmulationYear, part: Part, writes: bool) -> str:
    if not part.page or not (writes or part.page == "members:conference"):
        return ""
    if part.kind is None:
        return year_url(part.page, year)
    if part.issued is not None:
        return year_url(part.page, year, pk=part.issued.pk)
    return year_url(part.page, year, kind=part.kind)
