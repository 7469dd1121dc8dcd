"""A paper of the year as a document: its template with values put in, its head, its signature."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cluster_app.documents import letterheads, marks
from cluster_app.documents.blocks import (
    Align,
    Block,
    Document,
    LetterheadKind,
    ListMarker,
    NumberedList,
    Orientation,
    Paragraph,
    Section,
    SignatureBlock,
    paragraph,
)
from cluster_app.documents.enums import DocumentKind
from members import paper_heads
from members.enums import ClusterKind
from members.models import YearPaper
from members.signing import LeaderSignatures
from scoring.paperwork.templates import Line, Template, Value, put_in

_DASHES = "-–•"


@dataclass(frozen=True)
class Material:
    """What a paper is written from; asks the database nothing more."""

    paper: YearPaper
    template: Template
    values: Mapping[str, Value]
    signing: LeaderSignatures

    @property
    def kind(self) -> DocumentKind:
        return DocumentKind(self.paper.kind)

    @property
    def form(self) -> LetterheadKind:
        return paper_heads.letterhead_kind(self.paper)


def compose(
    material: Material,
    *,
    is_draft: bool,
    number: str = "",
    dated_on: date | None = None,
    signed_on: date | None = None,
) -> Document:
    """Writes the paper. Without number or date there is room for the pen; who signs it then is asked of `signed_on`."""
    year, template = material.paper.year, material.template
    leader = material.signing.leader
    head = paper_heads.head(
        material.paper,
        summary=put_in(template.summary, material.values),
        number=number,
        dated_on=dated_on,
        year_of=signed_on,
        leader=leader.name if leader else "",
    )
    shown = ((is_draft, marks.DRAFT), (year.cluster.is_illustrative, marks.ILLUSTRATIVE))
    blocks = (*_body(material, letterheads.form_of(head).closing), _signature(material, dated_on or signed_on))
    orientation = Orientation.LANDSCAPE if template.is_landscape else Orientation.PORTRAIT
    return Document(
        kind=material.kind,
        title=put_in(template.title, material.values),
        letterhead=head,
        sections=(Section(blocks, orientation=orientation),),
        watermarks=tuple(mark for is_due, mark in shown if is_due),
    )


def _body(material: Material, closing: str) -> Iterator[Block]:
    headings = {"heading": 0, "subheading": 0}
    for line in material.template.lines:
        if any(not material.values[name] for name in line.names):
            continue
        if line.mark in headings:
            headings[line.mark] += 1
            level = 1 if line.mark == "heading" else 2
            text = put_in(line.text, material.values)
            yield letterheads.heading(material.form, level, headings[line.mark], text)
        else:
            yield from _blocks(line, material, closing)


def _blocks(line: Line, material: Material, closing: str) -> Iterator[Block]:
    values = material.values
    match line.mark:
        case "table":
            found = values[line.names[0]]
            yield from () if isinstance(found, str) else found
        case "lines":
            yield from _typed_lines(str(values[line.names[0]]).splitlines())
        case "grounds":
            yield from _grounds(str(values[line.names[0]]).splitlines(), material.form)
        case "to":
            yield from _addressees(str(values[line.names[0]]).splitlines(), material)
        case "end":
            yield paragraph(put_in(line.text, values).rstrip(".") + closing)
        case _:
            yield _paragraph(put_in(line.text, values), is_reference=line.text == f"{{{''.join(line.names)}}}")


def _paragraph(text: str, *, is_reference: bool) -> Paragraph:
    """A line that is one value alone refers to another paper, "(Kèm theo Tờ trình …)", under the head."""
    if is_reference:
        return paragraph(text, italic=True, align=Align.CENTER, indent=False)
    return paragraph(text)


def _typed_lines(lines: list[str]) -> Iterator[Block]:
    """Typed text: a line a paragraph; lines that begin with a dash are a list."""
    items: list[str] = []
    for line in [*lines, ""]:
        if line[:1] and line[:1] in _DASHES:
            items.append(line.lstrip(_DASHES).strip())
            continue
        if items:
            yield NumberedList(tuple(items), marker=ListMarker.DASH)
            items = []
        if line:
            yield paragraph(line)


def _grounds(lines: list[str], form: LetterheadKind) -> Iterator[Block]:
    """A line for each ground; in italics in a paper of the State (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.6)."""
    for place, line in enumerate(lines, 1):
        text = f"Căn cứ {line.rstrip(' ;,.')}{'.' if place == len(lines) else ';'}"
        yield paragraph(text, italic=form == LetterheadKind.STATE)


def _addressees(lines: list[str], material: Material) -> Iterator[Block]:
    """ "Kính gửi", or "Kính trình" over a proposal in the Party's form (domain.md 6.2)."""
    is_proposal = material.kind == DocumentKind.PROPOSAL and material.form == LetterheadKind.PARTY
    word = "Kính trình:" if is_proposal else "Kính gửi:"
    if len(lines) == 1:
        yield paragraph(f"{word} {lines[0]}", align=Align.CENTER, indent=False)
        return
    yield paragraph(word, align=Align.LEFT)
    ends = [";"] * (len(lines) - 1) + ["."]
    items = tuple(f"{line.rstrip(' ;,.')}{end}" for line, end in zip(lines, ends, strict=True))
    yield NumberedList(items, marker=ListMarker.DASH)


def _signature(material: Material, signed_on: date | None) -> SignatureBlock:
    year = material.paper.year
    signed = material.signing.on(signed_on)
    right = letterheads.signature(
        material.form,
        office=signed.office,
        on_behalf_of=f"{ClusterKind(year.cluster.kind).label} Thi đua",
        agency_office=signed.agency_office,
        name=signed.name,
    )
    return SignatureBlock(right=right, left=paper_heads.recipients(material.paper))
