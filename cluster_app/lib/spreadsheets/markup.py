"""Streamed reading of the XML inside .xlsx and .ods files, for the survey only.

Nothing is built up: each element is looked at and forgotten. A document type is refused, so no entity is ever expanded.
"""

from collections import Counter
from collections.abc import Callable
from xml.parsers import expat

from cluster_app.lib.spreadsheets.survey import (
    MEGABYTE,
    Area,
    Damaged,
    SheetSurvey,
    Survey,
    area_of,
    place_of,
    position_of,
)

Attributes = dict[str, str]


class Markup:
    """One XML member, fed piece by piece. Raises Damaged, or ExpatError, where it is not clean XML.

    Elements are known by their names without the prefix, in .ods files with it, as their readers insist on it.
    """

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.starts: dict[str, Callable[[Attributes], None]] = {}
        self._elements = 0
        self._fed_without_element = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_document_type
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self.on_text

    def feed(self, piece: bytes) -> None:
        """A megabyte without one element is no sheet, and the parser would have to keep it whole."""
        self._parser.Parse(piece, False)
        self._fed_without_element = 0 if self._elements else self._fed_without_element + len(piece)
        if self._fed_without_element > MEGABYTE:
            raise Damaged
        self.survey.spend_elements(self._elements)
        self._elements = 0

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def on_text(self, text: str) -> None:
        self.survey.spend_characters(len(text))

    def _start(self, tag: str, attributes: Attributes) -> None:
        self._elements += 1
        handler = self.starts.get(tag)
        if handler is None and ":" in tag:
            handler = self.starts.get(tag.partition(":")[2])
        if handler is not None:
            handler(attributes)

    def _refuse_document_type(self, *declaration: object) -> None:
        raise Damaged


class Relations(Markup):
    """xl/_rels/workbook.xml.rels: which member each relation points to, as a lower-case path."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey)
        self.targets: dict[str, str] = {}
        self.starts = {"Relationship": self._on_relation}

    def _on_relation(self, attributes: Attributes) -> None:
        target = attributes["Target"].lower()
        path = target.lstrip("/") if target.startswith(("/", "xl/")) else f"xl/{target}"
        self.targets[attributes["Id"]] = path


class SheetList(Markup):
    """xl/workbook.xml: the name of each sheet and its relation."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey)
        self.relations: dict[str, str] = {}
        self.starts = {"sheet": self._on_sheet}

    def _on_sheet(self, attributes: Attributes) -> None:
        (relation,) = (value for name, value in attributes.items() if name.endswith(":id"))
        self.relations[attributes["name"]] = relation


class SharedTexts(Markup):
    """xl/sharedStrings.xml: the length of each text."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey)
        self.lengths: list[int] = []
        self.starts = {"si": self._on_text_start}

    def on_text(self, text: str) -> None:
        super().on_text(text)
        if self.lengths:
            self.lengths[-1] += len(text)

    def _on_text_start(self, attributes: Attributes) -> None:
        self.lengths.append(0)


class SheetCells(Markup):
    """A worksheet of an .xlsx: how far it reaches, its formulas, errors, merged cells, and the texts it refers to."""

    def __init__(self, survey: Survey, sheet: SheetSurvey, texts: Counter[str]) -> None:
        super().__init__(survey)
        self.sheet = sheet
        self.texts = texts
        self.row = self.column = -1
        self._type = ""
        self._value: str | None = None
        self.starts = {
            "row": self._on_row,
            "c": self._on_cell,
            "v": self._on_value,
            "t": self._on_content,
            "f": self._on_formula,
            "mergeCell": self._on_merged,
        }

    def close(self) -> None:
        super().close()
        self._end_value()

    def on_text(self, text: str) -> None:
        super().on_text(text)
        if self._value is not None:
            self._value += text

    def _start(self, tag: str, attributes: Attributes) -> None:
        self._end_value()
        super()._start(tag, attributes)

    def _end_value(self) -> None:
        """Hearing of every end of an element would cost more than looking at each beginning."""
        if self._value is not None:
            self.texts[self._value] += 1
            self._value = None

    def _on_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self.row = self.row + 1 if number is None else _whole(number) - 1
        self.column = -1

    def _on_cell(self, attributes: Attributes) -> None:
        self._type = attributes.get("t", "")
        address = attributes.get("r")
        if address is None:
            self.column += 1
        else:
            self.row, self.column = position_of(address)

    def _on_content(self, attributes: Attributes) -> None:
        self.sheet.reach(self.row, self.column)

    def _on_value(self, attributes: Attributes) -> None:
        self.sheet.reach(self.row, self.column)
        if self._type == "s":
            self._value = ""
        elif self._type == "e":
            self.sheet.errors.add(place_of(self.row, self.column))

    def _on_formula(self, attributes: Attributes) -> None:
        self.sheet.reach(self.row, self.column)
        self.sheet.formulas.add(place_of(self.row, self.column))
        if attributes.get("t") in {"array", "dataTable"} and "ref" in attributes:
            area = area_of(attributes["ref"])
            self.sheet.reach(area.bottom, area.right)
            self.survey.spend_elements(area.count)
            self.sheet.add_formulas(area)

    def _on_merged(self, attributes: Attributes) -> None:
        self.sheet.merged.append(attributes["ref"])


class OpenDocumentCells(Markup):
    """content.xml of an .ods: the same for all its sheets, in which rows and cells may stand for many."""

    def __init__(self, survey: Survey) -> None:
        super().__init__(survey)
        self.sheet: SheetSurvey | None = None
        self._cell = Area(0, 0, 0, -1)
        self._next_row = 0
        self._length = 0
        self.starts = {
            "table:table": self._on_table,
            "table:table-row": self._on_row,
            "table:table-cell": self._on_cell,
            "table:covered-table-cell": self._on_cell,
            "text:p": self._on_content,
        }
        self._ends = {
            "table:table": self._on_table_end,
            "table:table-cell": self._on_cell_end,
            "table:covered-table-cell": self._on_cell_end,
        }
        self._parser.EndElementHandler = self._end

    def on_text(self, text: str) -> None:
        super().on_text(text)
        self._length += len(text)

    def _end(self, tag: str) -> None:
        if handler := self._ends.get(tag):
            handler()

    def _on_table(self, attributes: Attributes) -> None:
        if self.sheet is not None:
            raise Damaged
        self.sheet = self.survey.add_sheet(attributes["table:name"])
        self._next_row = 0

    def _on_table_end(self) -> None:
        self.sheet = None

    def _on_row(self, attributes: Attributes) -> None:
        first = self._next_row
        self._next_row += _repeats(attributes, "number-rows-repeated")
        self._cell = Area(first, 0, self._next_row - 1, -1)

    def _on_cell(self, attributes: Attributes) -> None:
        left = self._cell.right + 1
        right = left + _repeats(attributes, "number-columns-repeated") - 1
        self._cell = Area(self._cell.top, left, self._cell.bottom, right)
        self._length = 0
        if self.sheet is None:
            return
        if "office:value-type" in attributes or "table:formula" in attributes:
            self._on_content(attributes)
            self.survey.spend_characters(len(attributes.get("office:string-value", "")) * self._cell.count)
        if "table:formula" in attributes:
            self.survey.spend_elements(self._cell.count)
            self.sheet.add_formulas(self._cell)
        across = _repeats(attributes, "number-columns-spanned")
        down = _repeats(attributes, "number-rows-spanned")
        if across > 1 or down > 1:
            top, left = self._cell.top, self._cell.left
            self.sheet.merged.append(str(Area(top, left, top + down - 1, left + across - 1)))

    def _on_content(self, attributes: Attributes) -> None:
        if self.sheet is not None:
            self.sheet.reach(self._cell.bottom, self._cell.right)

    def _on_cell_end(self) -> None:
        self.survey.spend_characters(self._length * (self._cell.count - 1))


def _repeats(attributes: Attributes, name: str) -> int:
    count = _whole(attributes.get(f"table:{name}", "1"))
    if not count:
        raise Damaged
    return count


def _whole(text: str) -> int:
    if len(text) > 9 or not (text.isascii() and text.isdigit()):
        raise Damaged
    return int(text)
