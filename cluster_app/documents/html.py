"""The HTML back end: a page that a browser prints as the paper it shows."""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cluster_app.documents.blocks import (
    Align,
    Block,
    Chart,
    Column,
    Document,
    Heading,
    NumberedList,
    PageBreak,
    PaperSize,
    Paragraph,
    Recipients,
    Row,
    RowKind,
    Section,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
)
from cluster_app.documents.heads import Head, head_rows
from cluster_app.documents.letterheads import form_of, letter_about, number_line, place_and_date
from cluster_app.documents.pictures import chart_picture, check_code

STYLE_SHEETS = ("css/print.css", "css/paper.css")
STYLES_PLACE = "<!-- styles -->"
FONT_URL = re.compile(r"""url\(["']?\.\./(fonts/[\w.-]+)["']?\)""")

CELL_CSS = {Align.RIGHT: "num", Align.CENTER: "mid", Align.LEFT: "", Align.JUSTIFY: ""}
GRID_CSS = {2: "two", 3: "three", 4: "four"}
TEMPLATES: dict[type, str] = {
    Heading: "documents/_heading.html",
    Paragraph: "documents/_paragraph.html",
    NumberedList: "documents/_list.html",
    Table: "documents/_table.html",
    Chart: "documents/_chart.html",
    SignatureBlock: "documents/_signature_block.html",
    SignatureGrid: "documents/_signature_grid.html",
    PageBreak: "documents/_page_break.html",
}


@dataclass(frozen=True, slots=True)
class ToolbarLink:
    url: str
    label: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Toolbar:
    """What stands above the paper on the screen, and never on a print."""

    back_url: str = ""
    links: tuple[ToolbarLink, ...] = ()
    # The same document as a file; without a PDF the button prints the page itself.
    pdf_url: str = ""
    word_url: str = ""


def render_page(document: Document, *, toolbar: Toolbar | None = None, request: HttpRequest | None = None) -> str:
    """The whole page on which the browser shows and prints the document."""
    return render_to_string("documents/page.html", page_context(document, toolbar=toolbar), request=request)


def page_context(document: Document, *, toolbar: Toolbar | None = None) -> dict[str, Any]:
    """What documents/page.html and the templates that extend it need."""
    return _document(document) | {"toolbar": toolbar or Toolbar()}


def render_body(document: Document) -> SafeString:
    """The sheets alone, for a page that shows a document among other things."""
    return render_to_string("documents/_body.html", _document(document))


def render_file(document: Document) -> str:
    """One HTML file that needs nothing else: the styles and fonts are inside."""
    page = render_to_string("documents/file.html", _document(document))
    return page.replace(STYLES_PLACE, f"<style>{_styles()}</style>", 1)


def _styles() -> str:
    sheets = (_static_path(name).read_text(encoding="utf-8") for name in STYLE_SHEETS)
    return "\n".join(FONT_URL.sub(_embedded_font, sheet) for sheet in sheets)


def _embedded_font(found: re.Match[str]) -> str:
    content = base64.b64encode(_static_path(found[1]).read_bytes()).decode()
    return f"url(data:font/woff2;base64,{content})"


def _static_path(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _document(document: Document) -> dict[str, Any]:
    return {
        "document": document,
        "head": _head(document),
        # The marks stand before the sheets: on another kind of page than the first they would print one of their own.
        "first_sheet": _sheet(document.sections[0]),
        "sections": [_section(section) for section in document.sections],
        "check_code": check_code(document.check_url) if document.check_url else "",
    }


def _head(document: Document) -> dict[str, Any]:
    letterhead = document.letterhead
    if letterhead is None:
        return {"form_key": "plain", "type": document.title}
    form = form_of(letterhead)
    is_letter = letterhead.is_letter
    return {
        "form_key": form.key,
        "kind": form.kind.value,
        "letterhead": letterhead,
        "titles": form.titles,
        "separator": form.separator,
        "number_line": number_line(letterhead),
        "place_and_date": place_and_date(letterhead.place, letterhead.dated_on, year=letterhead.year),
        "about": letter_about(letterhead) if is_letter else "",
        "type": "" if is_letter else letterhead.document_type or document.title,
        "summary": "" if is_letter else letterhead.summary,
        "summary_rule": form.summary_rule,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "css": f"sheet {_sheet(section)}",
        "annex": section.annex,
        "groups": [
            {"is_kept": len(group) > 1, "blocks": [_block(block) for block in group]}
            for group in _kept_together(section.blocks)
        ],
    }


def _sheet(section: Section) -> str:
    """The kind of sheet, as the styles and the rules of the print call it."""
    orientation = section.orientation.value
    return orientation if section.size == PaperSize.A4 else f"{orientation} {section.size.value}-{orientation}"


def _kept_together(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks one by one, but signatures with the text before them: no sheet may hold a signature alone."""
    groups: list[list[Block]] = []
    for block in blocks:
        follows_text = bool(groups) and isinstance(groups[-1][-1], Paragraph | NumberedList | Heading)
        if isinstance(block, SignatureBlock | SignatureGrid) and follows_text:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _block(block: Block) -> dict[str, Any]:
    return {"template": TEMPLATES[type(block)], **_shown(block)}


def _shown(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"tag": f"h{block.level + 1}", "text": block.text}
        case Paragraph():
            return {"css": _paragraph_css(block), "runs": block.runs}
        case NumberedList():
            return {"items": block.marked_items}
        case Table():
            return {"table": _table(block)}
        case Chart():
            return {"title": block.title, "picture": chart_picture(block), "table": _table(block.table)}
        case SignatureBlock():
            return {"left": _left(block.left), "place_line": block.place_line, "right": _signature(block.right)}
        case SignatureGrid():
            return {"css": GRID_CSS[block.columns], "cells": [_signature(cell) for cell in block.cells]}
        case PageBreak():
            return {}


def _paragraph_css(paragraph: Paragraph) -> str:
    css = {Align.CENTER: "centre", Align.RIGHT: "right", Align.LEFT: "left", Align.JUSTIFY: ""}[paragraph.align]
    return css if paragraph.indent else f"plain {css}".strip()


def _left(left: Recipients | Signature | None) -> dict[str, Any]:
    match left:
        case Recipients():
            return {"recipients": left}
        case Signature():
            return {"signature": _signature(left)}
        case None:
            return {}


def _signature(signature: Signature) -> dict[str, Any]:
    return {"signature": signature, "space_css": f"room-{signature.space}"}


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "shows_caption": table.shows_caption,
        "css": "compact" if table.is_dense else "",
        "widths": [f"{share}%" for share in table.shares],
        "heads": [[_head_cell(head) for head in row] for row in head_rows(table)],
        "rows": [_row(row, table.columns) for row in table.rows],
        "notes": table.notes,
    }


def _head_cell(head: Head) -> dict[str, Any]:
    return {
        "title": head.title,
        "columns": head.columns,
        "rows": head.rows,
        "scope": "colgroup" if head.is_group else "col",
    }


def _row(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    cells = [_cell(text, column) for text, column in zip(row.cells[1:], columns[row.span :], strict=True)]
    first = _cell(row.cells[0], columns[0])
    if row.span > 1:
        first["css"] = "" if row.kind == RowKind.GROUP else "mid"
    return {"css": row.kind.value, "cells": [first | {"columns": row.span}, *cells]}


def _cell(text: str, column: Column) -> dict[str, Any]:
    strong = "strong" if column.is_strong else ""
    return {"text": text, "css": f"{CELL_CSS[column.alignment]} {strong}".strip(), "columns": 1}
