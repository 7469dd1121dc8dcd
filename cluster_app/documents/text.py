"""The words of a document in the order in which they are read; tests hold every back end to it."""

from cluster_app.documents.blocks import (
    Block,
    Chart,
    Document,
    Heading,
    NumberedList,
    PageBreak,
    Paragraph,
    Recipients,
    Section,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
)
from cluster_app.documents.heads import head_rows
from cluster_app.documents.letterheads import form_of, letter_about, number_line, place_and_date


def text_of(document: Document) -> list[str]:
    """Every visible text of the document in order. The picture of a chart is none: its table says the same."""
    texts = [*document.watermarks, *_head(document)]
    for section in document.sections:
        texts += _section(section)
    texts.append(document.footer_note)
    return [text for text in texts if text]


def _head(document: Document) -> list[str]:
    letterhead = document.letterhead
    if letterhead is None:
        return [document.title]
    form = form_of(letterhead)
    issuer = [letterhead.superior, letterhead.issuer, form.separator, number_line(letterhead)]
    state = [*form.titles, place_and_date(letterhead.place, letterhead.dated_on, year=letterhead.year)]
    if letterhead.is_letter:
        return [*issuer, letter_about(letterhead), *state]
    about = [letterhead.document_type or document.title, letterhead.summary]
    return [*issuer, *state, *about, form.summary_rule if letterhead.summary else ""]


def _section(section: Section) -> list[str]:
    texts = [section.annex.label, section.annex.title, section.annex.reference] if section.annex else []
    for block in section.blocks:
        texts += _block(block)
    return texts


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return [block.text]
        case Paragraph():
            return ["".join(run.text for run in block.runs)]
        case NumberedList():
            return [f"{marker} {item}" for marker, item in block.marked_items]
        case Table():
            return _table(block)
        case Chart():
            return [block.title, *_table(block.table)]
        case SignatureBlock():
            return [*_left(block.left), block.place_line, *_signature(block.right)]
        case SignatureGrid():
            return [text for cell in block.cells for text in _signature(cell)]
        case PageBreak():
            return []


def _table(table: Table) -> list[str]:
    return [
        table.caption if table.shows_caption else "",
        *(head.title for row in head_rows(table) for head in row),
        *(cell for row in table.rows for cell in row.cells),
        *table.notes,
    ]


def _left(left: Recipients | Signature | None) -> list[str]:
    match left:
        case Recipients():
            return [left.title, *left.lines]
        case Signature():
            return _signature(left)
        case None:
            return []


def _signature(signature: Signature) -> list[str]:
    return [*signature.authority, *signature.office, signature.note, signature.name]
