"""The measures of official papers: margins, sizes of type, indents, spacing, rules.

Every back end that sets type (the PDF, Word) and the linter take them from here. Lengths are millimetres (`_mm`) or
points (everything else); a share is a part of a hundred. Sources: Hướng dẫn 05-HD/VPTW of 27/05/2026 and 36-HD/VPTW of
03/04/2018 for the Party, Nghị định 30/2020/NĐ-CP, Phụ lục I for the State (domain.md 6.2, 6.3). Where a rule gives a
range, the value here is the one printed and the linter knows the range.
"""

from dataclasses import dataclass

from cluster_app.documents.blocks import Orientation, PaperSize

FONT = "Tinos"
# What an office has on its machines; Tinos has the same widths.
OFFICE_FONT = "Times New Roman"


@dataclass(frozen=True, slots=True)
class Face:
    """How the words of an element look: size and distance from line to line in points."""

    size: float
    line: float = 0.0
    bold: bool = False
    italic: bool = False
    underline: bool = False

    @property
    def leading(self) -> float:
        """The distance from line to line; where none is set that of single spacing."""
        return self.line or round(self.size * SINGLE, 1)


@dataclass(frozen=True, slots=True)
class Margins:
    top_mm: float
    right_mm: float
    bottom_mm: float
    left_mm: float


# What word processors call single spacing for Times New Roman, as a multiple of the size.
SINGLE = 1.15

PAPER_MM = {PaperSize.A4: (210, 297), PaperSize.A3: (297, 420)}
UPRIGHT = Margins(top_mm=20, right_mm=15, bottom_mm=20, left_mm=30)
# Lying sheets are bound at their upper edge.
LYING = Margins(top_mm=30, right_mm=20, bottom_mm=15, left_mm=20)
MARGINS = {Orientation.PORTRAIT: UPRIGHT, Orientation.LANDSCAPE: LYING}


@dataclass(frozen=True, slots=True)
class Measures:
    """The looks of one form. Rules: their thickness, and their length as a share of the words above them."""

    # Head of the first page: two columns, of which the right one holds the national title on one line.
    letterhead_shares: tuple[float, float]
    titles: tuple[Face, ...]
    title_rule: float
    superior: Face
    issuer: Face
    issuer_rule_share: float
    number: Face
    letter_about: Face
    place_date: Face
    # Whether place and date stand on the line of the number (State) or right under the title (Party).
    date_beside_number: bool
    document_type: Face
    summary: Face
    summary_rule_share: float
    # The signatures
    office: Face
    recipients_title: Face
    recipients_line: Face
    # Everything else is alike in both forms.
    separator: Face = Face(14)
    rule: float = 0.75
    body: Face = Face(14, line=19)
    indent_mm: float = 10
    after_paragraph: float = 6
    headings: tuple[Face, Face, Face] = (
        Face(14, line=19, bold=True),
        Face(14, line=19, bold=True),
        Face(14, line=19, bold=True, italic=True),
    )
    before_headings: tuple[float, float, float] = (10, 6, 6)
    authority: Face = Face(14, line=17, bold=True)
    sign_note: Face = Face(14, line=17, italic=True)
    # One line of the room left for hand and seal.
    sign_line: float = 17
    name: Face = Face(14, line=17, bold=True)
    annex_label: Face = Face(14, line=19, bold=True)
    annex_title: Face = Face(14, line=19, bold=True)
    annex_reference: Face = Face(12, italic=True)
    caption: Face = Face(13, line=16, bold=True)
    # Tables upright, tables on lying sheets, and wide ones (`Table.is_dense`).
    table: Face = Face(12, line=14.5)
    table_lying: Face = Face(11.5, line=14)
    table_dense: Face = Face(10, line=12)
    table_rule: float = 0.5
    cell_padding_mm: tuple[float, float] = (1.0, 1.2)
    note: Face = Face(12, line=15, italic=True)
    page_number: Face = Face(13)
    # From the upper edge of the sheet to the middle of the page number.
    page_number_mm: float = 12.5
    footer_note: Face = Face(10, line=13)
    check_code_mm: float = 20
    watermark: Face = Face(44, bold=True)


PARTY = Measures(
    letterhead_shares=(48, 52),
    titles=(Face(15, bold=True),),
    title_rule=1,
    superior=Face(14),
    issuer=Face(14, bold=True),
    issuer_rule_share=0,
    number=Face(14),
    letter_about=Face(12, italic=True),
    place_date=Face(14, italic=True),
    date_beside_number=False,
    document_type=Face(16, bold=True),
    summary=Face(14, line=18, bold=True),
    summary_rule_share=0,
    office=Face(14, line=17),
    recipients_title=Face(14, line=17, underline=True),
    recipients_line=Face(12, line=15),
)

STATE = Measures(
    letterhead_shares=(41, 59),
    titles=(Face(13, bold=True), Face(14, bold=True)),
    title_rule=0.75,
    superior=Face(13),
    issuer=Face(13, bold=True),
    issuer_rule_share=40,
    number=Face(13),
    letter_about=Face(13),
    place_date=Face(14, italic=True),
    date_beside_number=True,
    document_type=Face(14, bold=True),
    summary=Face(14, line=18, bold=True),
    summary_rule_share=40,
    office=Face(14, line=17, bold=True),
    recipients_title=Face(12, line=15, bold=True, italic=True),
    recipients_line=Face(11, line=13.5),
)
