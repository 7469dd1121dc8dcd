"""Score card and score table as official papers. Their words are Vietnamese, whatever the language of the page."""

from datetime import date

from django.utils import timezone, translation

from cluster_app.audit import log
from cluster_app.documents import freezing, issuing, letterheads, marks
from cluster_app.documents.blocks import (
    Block,
    Column,
    ColumnKind,
    Document,
    Letterhead,
    LetterheadKind,
    Orientation,
    Row,
    RowKind,
    Section,
    Signature,
    SignatureBlock,
    Table,
    paragraph,
)
from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.wording import date_short
from members import paper_heads
from members.enums import SignatureForm
from members.models import EmulationYear
from members.queries import leader_of
from members.signing import of_leader
from scoring import sheet_rows
from scoring.enums import ApprovalOffice, CardStatus, Stage, SubmissionWay
from scoring.evidence import short_name
from scoring.models import Approval, Evidence, Scorecard
from scoring.ranking import ranking
from scoring.sheets import Sheet
from scoring.year_end.score_annex import score_annex
from scoring.year_end.scores import score_table

STAGE_NAMES = {Stage.SELF: "Tự chấm", Stage.REVIEWED: "Thẩm định", Stage.FINAL: "Điểm cuối"}


def approval_code(approval: Approval | None) -> str:
    """The short code by which a print names the approval, "3F9A-12BC"; empty without one."""
    return freezing.code(approval.digest) if approval else ""


def scorecard_paper(
    sheet: Sheet,
    approval: Approval | None,
    *,
    sees_review: bool = True,
    sees_evidence: bool = False,
    made_on: date | None = None,
) -> Document:
    """One unit's card, for its head to sign: self, reviewed and final points of every line, with the reasons.

    The head has the year of `made_on`, the day of the print; without it that is left to the pen too. Without
    `sees_review` the columns of the review stay empty; the evidence is named with `sees_evidence` only.
    """
    card = sheet.card
    year = card.membership.year
    stages = list(Stage) if sees_review else [Stage.SELF]
    with translation.override("vi"):
        blocks: tuple[Block, ...] = (
            *(paragraph(text, indent=False) for text in _facts(card, approval)),
            _sums_table(sheet, stages),
            _lines_table(sheet, stages, sees_evidence=sees_evidence),
            paragraph("Đơn vị chịu trách nhiệm về tính chính xác của số liệu tự chấm.", italic=True, indent=False),
            SignatureBlock(
                right=Signature(office=("THỦ TRƯỞNG ĐƠN VỊ", card.membership.name.upper())),
                left=Signature(office=("NGƯỜI LẬP PHIẾU",)),
            ),
        )
        return Document(
            kind=DocumentKind.SCORECARD,
            title=f"Phiếu chấm điểm thi đua năm {year.year}: {card.membership.name}",
            letterhead=_card_head(card, made_on),
            sections=(Section(blocks=blocks, orientation=Orientation.LANDSCAPE),),
            watermarks=watermarks(year, is_provisional=card.status != CardStatus.APPROVED),
            footer_note=footer(approval),
            check_url=issuing.check_url(approval_code(approval)),
        )


def score_table_paper(
    year: EmulationYear, signed_on: date, *, number: str = "", dated_on: date | None = None
) -> Document:
    """The score table of the year, to be signed for the cluster on the day it is dated, else on `signed_on`."""
    paper = paper_heads.settled(year, DocumentKind.SCORE_TABLE)
    kind = paper_heads.letterhead_kind(paper)
    with translation.override("vi"):
        found = ranking(year)
        blocks = (
            score_annex(score_table(found)),
            SignatureBlock(
                right=letterheads.signature(
                    kind,
                    on_behalf_of=f"{year.cluster.get_kind_display()} thi đua",
                    office=of_leader(year).on(dated_on or signed_on).office,
                ),
                left=Signature(office=("NGƯỜI LẬP BẢNG",)),
            ),
        )
        return Document(
            kind=DocumentKind.SCORE_TABLE,
            title=f"Bảng tổng hợp điểm thi đua năm {year.year}",
            letterhead=paper_heads.head(
                paper,
                summary=f"năm {year.year}",
                number=number,
                dated_on=dated_on,
                year_of=signed_on,
                leader=_leader_name(year),
            ),
            sections=(Section(blocks=blocks, orientation=Orientation.LANDSCAPE),),
            watermarks=watermarks(year, is_provisional=found.is_provisional),
            footer_note=footer(),
        )


def _card_head(card: Scorecard, made_on: date | None) -> Letterhead:
    year = card.membership.year
    return paper_heads.head(
        paper_heads.settled(year, DocumentKind.SCORECARD),
        summary=f"năm {year.year} của {card.membership.name}",
        year_of=made_on,
        leader=_leader_name(year),
    )


def _facts(card: Scorecard, approval: Approval | None) -> list[str]:
    """What stands above the tables: unit, state, signed paper, approval."""
    membership = card.membership
    title = f" ({membership.title})" if membership.title else ""
    facts = [f"Đơn vị: {membership.name}{title}. Tình trạng: {CardStatus(card.status).label}."]
    if card.submitted_at:
        text = f"Đơn vị gửi ngày {date_short(timezone.localdate(card.submitted_at))}"
        if card.paper_number and card.paper_on:
            text += f", theo bản giấy đã ký số {card.paper_number} ngày {date_short(card.paper_on)}"
            text += _entered_by(card)
        facts.append(f"{text}.")
    if approval is not None:
        day = date_short(timezone.localdate(approval.approved_at))
        facts.append(f"{_office(approval, membership.year)} phê duyệt ngày {day}; mã {approval_code(approval)}.")
    return facts


def _entered_by(card: Scorecard) -> str:
    """Says of a card that its unit did not hand in itself who did."""
    last = card.submissions.select_related("submitted_by").order_by("-number").first()
    if last is None or last.way != SubmissionWay.ON_BEHALF:
        return ""
    return f" (nhập hộ: {last.submitted_by})"


def _office(approval: Approval, year: EmulationYear) -> str:
    titles = {ApprovalOffice.LEADER: year.leader_title, ApprovalOffice.DEPUTY: year.deputy_title}
    title = titles.get(ApprovalOffice(approval.office), "Đơn vị được Cụm cử theo biên bản")
    if approval.delegation is None:
        return f"{title} ({approval.approver_unit.name})"
    form, paper = SignatureForm(approval.delegation.form).printed, approval.delegation
    by_paper = f"theo văn bản số {paper.number} ngày {date_short(paper.decided_on)}"
    return f"{form} {title} ({approval.approver_unit.name}) {by_paper}"


def _sums_table(sheet: Sheet, stages: list[Stage]) -> Table:
    rows = []
    for stage in Stage:
        is_known = stage in stages and (stage == Stage.SELF or getattr(sheet.card, _TOTAL[stage]) is not None)
        sums = sheet_rows.totals_of(sheet, stage)
        cells = (sums.base, sums.bonus, sums.penalty, sums.total) if is_known else (NO_FIGURE,) * 4
        rows.append(Row((STAGE_NAMES[stage], *cells)))
    return Table(
        caption="Tổng điểm",
        columns=(
            Column("Nội dung", 4),
            *(Column(title, 3, ColumnKind.NUMBER) for title in ("Điểm chuẩn", "Điểm thưởng", "Điểm trừ")),
            Column("Tổng điểm", 3, ColumnKind.NUMBER, is_strong=True),
        ),
        rows=tuple(rows),
    )


_TOTAL = {Stage.REVIEWED: "reviewed_total", Stage.FINAL: "total_points"}


def _lines_table(sheet: Sheet, stages: list[Stage], *, sees_evidence: bool) -> Table:
    named = {str(pk): found for pk, found in sheet.evidence.items()} if sees_evidence else {}
    sees_review = Stage.REVIEWED in stages
    return Table(
        caption="Điểm từng tiêu chí",
        columns=(
            Column("Mã", 5),
            Column("Tiêu chí", 26),
            Column("Điểm tối đa", 7, ColumnKind.NUMBER),
            Column("Kết quả tự chấm", 10),
            Column("Điểm tự chấm", 7, ColumnKind.NUMBER),
            Column("Kết quả thẩm định", 10),
            Column("Điểm thẩm định", 7, ColumnKind.NUMBER),
            Column("Điểm cuối", 7, ColumnKind.NUMBER, is_strong=True),
            Column("Ghi chú của đơn vị; lý do thẩm định", 26),
        ),
        rows=tuple(_line_row(row, sees_review, named.get(row.key, [])) for row in sheet_rows.rows(sheet)),
        is_dense=True,
    )


def _line_row(row: sheet_rows.Row, sees_review: bool, evidence: list[Evidence]) -> Row:
    reviewed = (row.reviewed_value, row.reviewed_points, row.final_points) if sees_review else (NO_FIGURE,) * 3
    if row.is_group:
        cells = (f"{row.code}. {row.title}", row.maximum, "", row.self_points, "", *reviewed[1:], "")
        return Row(cells, RowKind.GROUP, span=2)
    texts = [f"Không giao chỉ tiêu: {row.closed_because}"] if row.closed_because else []
    texts += [row.self_note] if row.self_note else []
    texts += [f"Minh chứng: {'; '.join(map(short_name, evidence))}."] if evidence and not row.is_group else []
    texts += [f"Thẩm định: {row.reviewed_reason}"] if sees_review and row.reviewed_reason else []
    claimed = f"{row.self_value} (ước cả năm)" if row.is_estimate else row.self_value
    return Row(
        (row.code, row.title, row.maximum, claimed, row.self_points, *reviewed, " ".join(texts)),
    )


def letterhead(year: EmulationYear, type_code: str, document_type: str, summary: str, *, made_on: date) -> Letterhead:
    """The head of a working paper that is no kind of its own, by the letterhead of the year, with room for its number
    and its day in the year of `made_on`."""
    kind = LetterheadKind(year.letterhead)
    return Letterhead(
        kind=kind,
        superior=year.cluster.superior.upper(),
        issuer=year.cluster.name.upper(),
        number_symbol=letterheads.number_symbol(kind, "", type_code=type_code, issuer_code="CTĐ"),
        place=year.cluster.province,
        year=made_on.year,
        document_type=document_type,
        summary=summary,
    )


def _leader_name(year: EmulationYear) -> str:
    leader = leader_of(year)
    return leader.name if leader else ""


def watermarks(year: EmulationYear, *, is_provisional: bool) -> tuple[str, ...]:
    """What stands across every page: figures that are not final, figures of the demo."""
    found = ((marks.PROVISIONAL, is_provisional), (marks.ILLUSTRATIVE, year.cluster.is_illustrative))
    return tuple(text for text, is_due in found if is_due)


def footer(approval: Approval | None = None) -> str:
    """Code and digest of the approval, by which the print can be checked (security.md T31), and the head of the audit
    log: kept on paper, it shows whether the log was cut."""
    head = f"Nhật ký: {log.head()}"
    if approval is None:
        return head
    code = approval_code(approval)
    url = issuing.check_url(code)
    place = f" (kiểm tra tại {url})" if url else ""
    return f"Mã phê duyệt: {code}{place}. SHA-256: {approval.digest} · {head}"
