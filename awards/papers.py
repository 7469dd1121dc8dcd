"""The pledge as an official paper (domain.md 2). Its words are Vietnamese, whatever the language of the page."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from awards.enums import PledgeStatus, SigningMethod, TargetDirection
from awards.models import Pledge, PledgeItem, PledgeSignature
from cluster_app.documents import letterheads, marks
from cluster_app.documents.blocks import (
    Align,
    Block,
    Document,
    LetterheadKind,
    Section,
    Signature,
    SignatureGrid,
    paragraph,
    paragraphs,
)
from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.points import format_value
from members import paper_heads
from members.enums import MemberRole
from members.models import Assignment, Membership
from members.queries import leader_of

GROUP_TITLES = {
    "I": "Thực hiện nhiệm vụ chính trị",
    "II": "Xây dựng Đảng, cơ quan, đoàn thể",
    "III": "Công tác thi đua, khen thưởng",
    "IV": "Hoạt động {kind}",
}
CLOSING = "Các đơn vị cam kết thực hiện tốt các nội dung nêu trên."
_ROLE_ORDER = [MemberRole.LEADER, MemberRole.DEPUTY, MemberRole.MEMBER]


def pledge_paper(pledge: Pledge, signatories: Mapping[int, Assignment], *, made_on: date | None = None) -> Document:
    """Builds the paper with one place to sign for every member unit: leader, deputy, then in protocol order.

    What a unit signed keeps its signatory; of the others `signatories` gives each unit's by the unit's primary key.
    Until it is signed the head has the year of `made_on`, the day of the draft.
    """
    year = pledge.year
    paper = paper_heads.settled(year, DocumentKind.PLEDGE)
    kind = paper_heads.letterhead_kind(paper)
    leader = leader_of(year)
    head = paper_heads.head(
        paper,
        summary=f"năm {year.year} của {year.cluster.name}",
        dated_on=pledge.signed_on,
        year_of=made_on,
        leader=leader.name if leader else "",
    )
    # The number of a pledge is typed whole, with its symbol.
    head = replace(head, number_symbol=pledge.number or head.number_symbol, place=pledge.place or head.place)
    signed = {found.membership_id: found for found in pledge.signatures.select_related("recorded_by")}
    members = sorted(year.roster(), key=lambda member: _ROLE_ORDER.index(MemberRole(member.role)))
    blocks: list[Block] = [
        *paragraphs(pledge.preamble),
        *_items(pledge.items.all(), kind, year.cluster.get_kind_display()),
        paragraph(CLOSING),
        paragraph("ĐẠI DIỆN CÁC ĐƠN VỊ KÝ GIAO ƯỚC", bold=True, align=Align.CENTER, indent=False),
        SignatureGrid(
            cells=tuple(_place(member, signed.get(member.pk), signatories.get(member.unit_id)) for member in members)
        ),
    ]
    return Document(
        kind=DocumentKind.PLEDGE,
        title=f"Bản giao ước thi đua năm {year.year}",
        letterhead=head,
        sections=(Section(blocks=tuple(blocks)),),
        watermarks=_watermarks(pledge),
    )


def target_text(item: PledgeItem) -> str:
    """What the item promises in figures: "từ 98% trở lên"; empty where only yes or no counts."""
    if item.target_value is None or item.direction == TargetDirection.YES:
        return ""
    measure = item.unit_of_measure
    figure = format_value(item.target_value) + (measure if measure == "%" else f" {measure}".rstrip())
    if item.direction == TargetDirection.AT_MOST:
        return f"không quá {figure}" if item.target_value else "không có"
    return figure if figure == "100%" else f"từ {figure} trở lên"


def _items(items: Iterable[PledgeItem], kind: LetterheadKind, cluster_kind: str) -> list[Block]:
    blocks: list[Block] = []
    group, position = None, 0
    for item in items:
        if item.group != group:
            group, position = item.group, position + 1
            blocks.append(letterheads.heading(kind, 1, position, GROUP_TITLES[group].format(kind=cluster_kind)))
        target = target_text(item)
        blocks.append(paragraph(f"{item.order}. {item.text}{f': {target}' if target else ''}."))
    return blocks


def _place(member: Membership, signed: PledgeSignature | None, signatory: Assignment | None) -> Signature:
    """The unit's place to sign: the office that it signed in, and who signed by the own account; else the signatory of
    today."""
    office, name = (signatory.office, signatory.user.full_name) if signatory else ("", "")
    if signed is not None:
        office = signed.office or office
        name = signed.recorded_by.full_name if signed.method == SigningMethod.LOGIN else name
    return Signature(authority=("ĐẠI DIỆN", member.name.upper()), office=(office.upper(),) if office else (), name=name)


def _watermarks(pledge: Pledge) -> tuple[str, ...]:
    found = (
        (marks.DRAFT, pledge.status == PledgeStatus.DRAFT),
        (marks.ILLUSTRATIVE, pledge.year.cluster.is_illustrative),
    )
    return tuple(text for text, is_due in found if is_due)
