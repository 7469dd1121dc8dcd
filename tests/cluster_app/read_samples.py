"""What the tests of spreadsheets ask of a file: its values, its one cell, the sentence that refuses it."""

import pytest
from django.utils import translation

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import READABLE, read

MEGABYTE = 1024 * 1024
DAMAGED = "is damaged and cannot be read. Open it in Excel or LibreOffice, save it again and try again."
NOT_WHAT_IT_SAYS = (
    "is not what its ending says. Open it in Excel or LibreOffice, save it as .xlsx / .ods / .xls and try again."
)
COPY = "Copy only the cells that are needed into a new file and try again."
TOO_MUCH = "There is more in this file than can be read at once. Split it into smaller files."
ONE_NUMBER = '<row r="1"><c r="A1"><v>1</v></c></row>'
ODS_CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'


def refusal_of(content, name="file.xlsx", **options):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        read(content, name=name, **{"accepted": READABLE, **options})
    return refusal.value.message


def values_of(content, name="file.xlsx", **options):
    (sheet,) = read(content, name=name, accepted=READABLE, **options).sheets
    return [[cell.value for cell in row] for row in sheet.rows]


def only_cell(content, name="file.xlsx"):
    (sheet,) = read(content, name=name, accepted=READABLE).sheets
    ((cell,),) = sheet.rows
    return cell


def message_of(cell, **options):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        cell.number(**options)
    return refusal.value.message


def ods_row(cells, attributes=""):
    return f"<table:table-row{attributes}>{cells}</table:table-row>"
