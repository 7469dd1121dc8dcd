"""The annual summary as a document: the skeleton, filled with figures, typed text and annexes."""

from collections.abc import Mapping
from datetime import date

from cluster_app.documents import letterheads, marks
from cluster_app.documents.blocks import (
    Align,
    Block,
    Document,
    Letterhead,
    LetterheadKind,
    ListMarker,
    NumberedList,
    Section,
    SignatureBlock,
    paragraph,
    paragraphs,
)
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.text import text_of
from cluster_app.lib.wording import date_short
from members import paper_heads
from members.models import EmulationYear
from scoring.year_end import figures as year_figures
from scoring.year_end import placeholders, vocabulary
from scoring.year_end.annexes import annexes
from scoring.year_end.charts import charts_at
from scoring.year_end.enums import Edition
from scoring.year_end.figures import Figures
from scoring.year_end.queries import texts_of
from scoring.year_end.sentences import WRITERS
from scoring.year_end.skeleton import PARTS, UNWRITTEN, Part, Place


def build(
    year: EmulationYear, edition: Edition = Edition.DRAFT, *, number: str = "", dated_on: date | None = None
) -> Document:
    """The annual summary of `year` as its records stand now."""
    return compose(year_figures.of(year), texts_of(year), edition, number=number, dated_on=dated_on)


def compose(
    figures: Figures,
    texts: Mapping[str, str],
    edition: Edition,
    *,
    number: str = "",
    dated_on: date | None = None,
    signed_on: date | None = None,
) -> Document:
    """Writes the document from figures and typed texts, their placeholders filled; asks the database nothing. Without
    number or date there is room for the pen; who signs it then, and in which year, is asked of the day `signed_on`."""
    year = figures.year
    is_draft = edition == Edition.DRAFT
    letterhead = _letterhead(figures, is_draft, number, dated_on, signed_on)
    shown = ((is_draft, marks.DRAFT), (year.cluster.is_illustrative, marks.ILLUSTRATIVE))
    return Document(
        kind=DocumentKind.ANNUAL_SUMMARY,
        title=f"Báo cáo tổng kết công tác thi đua, khen thưởng năm {year.year}",
        letterhead=letterhead,
        sections=(
            Section(
                (
                    *_opening(figures, letterhead.kind),
                    *_body(figures, texts, letterhead.kind, is_draft),
                    *_closing(figures, letterhead, dated_on or signed_on),
                )
            ),
            *annexes(figures, letterhead),
        ),
        watermarks=tuple(mark for is_shown, mark in shown if is_shown),
    )


def written_text(place: Place, figures: Figures) -> str:
    """The sentences that stand at `place` by themselves in the draft."""
    if not place.has_figures:
        return ""
    blocks = WRITERS[place.key](figures, True)
    alone = Document(DocumentKind.ANNUAL_SUMMARY, title="", letterhead=None, sections=(Section(blocks),))
    return " ".join(text_of(alone))


def _letterhead(
    figures: Figures, is_draft: bool, number: str, dated_on: date | None, signed_on: date | None
) -> Letterhead:
    mark = "\n(dự thảo trình hội nghị)" if is_draft else ""
    return paper_heads.head(
        figures.paper,
        summary=f"tổng kết công tác thi đua, khen thưởng năm {figures.year.year};\n"
        f"phương hướng, nhiệm vụ năm {figures.next_year}{mark}",
        number=number,
        dated_on=dated_on,
        year_of=signed_on,
        leader=figures.leader.name if figures.leader else "",
    )


def _opening(figures: Figures, kind: LetterheadKind) -> tuple[Block, ...]:
    """The grounds: one sentence in a Party paper, a line for each in one of the State."""
    year, name = figures.year, figures.year.cluster.name
    grounds = [
        f"{what} số {number}{f' ngày {date_short(day)}' if day else ''} {about}"
        for what, number, day, about in (
            ("Quyết định", year.cluster.founding_number, year.cluster.founded_on, f"về việc thành lập {name}"),
            ("Quy chế", year.regulation_number, year.regulation_on, f"về hoạt động của {figures.group}"),
            ("Kế hoạch", year.plan_number, year.plan_on, f"về công tác thi đua, khen thưởng năm {year.year}"),
        )
        if number
    ]
    report = f"{name} báo cáo kết quả như sau:"
    if kind == LetterheadKind.STATE:
        ends = [";"] * (len(grounds) - 1) + ["."]
        lines = (f"Căn cứ {ground}{end}" for ground, end in zip(grounds, ends[-len(grounds) :], strict=True))
        return (*(paragraph(line, italic=True) for line in lines), paragraph(report))
    return (paragraph(f"Căn cứ {'; '.join(grounds)}, {report}" if grounds else report),)


def _body(figures: Figures, texts: Mapping[str, str], kind: LetterheadKind, is_draft: bool) -> list[Block]:
    blocks: list[Block] = []
    words, values = figures.words(), vocabulary.values(figures)
    filled = {key: placeholders.fill(text, values) for key, text in texts.items()}
    for number, part in enumerate(PARTS, 1):
        blocks.append(letterheads.heading(kind, 1, number, part.title.format(**words)))
        blocks += _part(part, figures, filled, kind, is_draft)
    return blocks


def _part(part: Part, figures: Figures, texts: Mapping[str, str], kind: LetterheadKind, is_draft: bool) -> list[Block]:
    blocks: list[Block] = []
    for number, place in enumerate(part.places, 1):
        if len(part.places) > 1:
            blocks.append(letterheads.heading(kind, 2, number, place.title.format(**figures.words())))
        blocks += (*_place(place, figures, texts.get(place.key, ""), is_draft), *charts_at(place.key, figures))
    return blocks


def _place(place: Place, figures: Figures, text: str, is_draft: bool) -> tuple[Block, ...]:
    written = WRITERS[place.key](figures, is_draft) if place.has_figures else ()
    typed = _typed(place, text)
    if not typed and place.stock and not (written and not place.figures_last):
        typed = (paragraph(place.stock.format(**figures.words())),)
    if not typed and not written:
        typed = (paragraph(UNWRITTEN, italic=True),)
    return (*typed, *written) if place.figures_last else (*written, *typed)


def _typed(place: Place, text: str) -> tuple[Block, ...]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if place.is_list and len(lines) > 1:
        items = tuple(line.removeprefix("-").strip() for line in lines)
        return (NumberedList(items, marker=ListMarker.DASH),)
    return paragraphs(text)


def _closing(figures: Figures, letterhead: Letterhead, signed_on: date | None) -> tuple[Block, ...]:
    year = figures.year
    end = letterheads.form_of(letterhead).closing
    text = (
        f"Trên đây là báo cáo tổng kết công tác thi đua, khen thưởng năm {year.year}; phương hướng, nhiệm vụ năm "
        f"{figures.next_year} của {year.cluster.name}{end}"
    )
    signed = figures.signing.on(signed_on)
    signature = letterheads.signature(
        letterhead.kind,
        office=signed.office,
        on_behalf_of=f"{figures.group} Thi đua",
        agency_office=signed.agency_office,
        name=signed.name,
    )
    return (
        paragraph(text, align=Align.JUSTIFY),
        SignatureBlock(right=signature, left=paper_heads.recipients(figures.paper)),
    )
