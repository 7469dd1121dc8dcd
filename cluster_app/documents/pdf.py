"""The PDF back end: the blocks as data, set by one typst template with the shipped typefaces.

Whatever people wrote reaches the template as data, never as source; the compiler reads no file outside the folder of
the template, no font of the machine and nothing from the network. The same document always gives the same bytes.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Final

import typst

from cluster_app.documents.blocks import Block, Chart, Document, Section, Table
from cluster_app.documents.typefaces import FOLDER
from cluster_app.documents.typesetting.content import content_of
from cluster_app.lib.wording import whole_number

# Long lists belong in a workbook: a table of 5,000 rows costs a second and half a gigabyte (stack.md 3).
LONGEST_TABLE = 2000

_TEMPLATES = Path(__file__).resolve().parent / "typesetting" / "template"
_PAPER, _EMPTY = str(_TEMPLATES / "paper.typ"), str(_TEMPLATES / "empty.typ")
# The archive form with tags, so that a reader for the blind finds headings, tables and the words of pictures.
_STANDARD: Final = "a-2a"

# What the compiler has set it keeps for the ten compilations that follow, about 30 MB for a summary of twenty sheets.
# After so many letters of data it sets that many empty sheets, so that a worker does not grow.
_MOST_LETTERS = 100_000
_KEPT_FOR = 10


@dataclass(slots=True)
class _Typesetter:
    """A compiler, which serves one thread at a time and keeps its fonts loaded, and how much it has set since."""

    compiler: typst.Compiler
    letters: int = 0

    def set(self, data: str) -> object:
        printed = self.compiler.compile(_PAPER, format="pdf", sys_inputs={"data": data}, pdf_standards=_STANDARD)
        self.letters += len(data)
        if self.letters > _MOST_LETTERS:
            self.letters = 0
            for _sheet in range(_KEPT_FOR):
                self.compiler.compile(_EMPTY, format="svg")
        return printed


# Each call takes an idle one or makes another.
_idle: LifoQueue[_Typesetter] = LifoQueue()


def render(document: Document) -> bytes:
    """The document as a tagged PDF/A-2a, with the first LONGEST_TABLE rows of each table."""
    return compiled(data_of(document))


def data_of(document: Document) -> str:
    """What the template is given."""
    return json.dumps(content_of(shortened(document)), ensure_ascii=False, separators=(",", ":"))


def compiled(data: str) -> bytes:
    """The PDF of these data."""
    try:
        typesetter = _idle.get_nowait()
    except Empty:
        fonts = [str(FOLDER)]
        typesetter = _Typesetter(
            typst.Compiler(_PAPER, root=str(_TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
        )
    try:
        printed = typesetter.set(data)
    finally:
        _idle.put(typesetter)
    if not isinstance(printed, bytes):
        raise TypeError("The compiler gave no single file.")
    return printed


def shortened(document: Document) -> Document:
    """The document as a PDF prints it: of a longer table the first rows, and a note that says where all of them are."""
    return replace(document, sections=tuple(_shortened_section(section) for section in document.sections))


def _shortened_section(section: Section) -> Section:
    return replace(section, blocks=tuple(_shortened_block(block) for block in section.blocks))


def _shortened_block(block: Block) -> Block:
    match block:
        case Table():
            return _shortened_table(block)
        case Chart():
            return replace(block, table=_shortened_table(block.table))
        case _:
            return block


def _shortened_table(table: Table) -> Table:
    count = len(table.rows)
    if count <= LONGEST_TABLE:
        return table
    note = (
        f"Bản in có {whole_number(LONGEST_TABLE)} dòng đầu trong tổng số {whole_number(count)} dòng; "
        "danh sách đầy đủ có trong tệp Excel (.xlsx)."
    )
    return replace(table, rows=table.rows[:LONGEST_TABLE], notes=(*table.notes, note))
