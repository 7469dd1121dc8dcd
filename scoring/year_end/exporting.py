"""The annual summary as a file: the same document in every format."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cluster_app.documents import freezing, html, pdf, word
from cluster_app.documents.blocks import Document, Section, Table
from cluster_app.lib.errors import WrongState
from members.models import EmulationYear
from scoring.issued.printing import kept_document
from scoring.year_end import figures, printing, workbook
from scoring.year_end.enums import Edition
from scoring.year_end.printing import annexes_of
from scoring.year_end.queries import issued_of, texts_of


@dataclass(frozen=True)
class Printed:
    """An edition of the summary as it is to be written."""

    document: Document
    edition: Edition
    at: datetime


def printed(year: EmulationYear, edition: str | None, at: datetime) -> Printed:
    """The edition asked for, else the official one if it is issued, else the draft. Raises WrongState where the
    official edition is asked for and none is issued."""
    issued = issued_of(year)
    if edition == Edition.OFFICIAL and issued is None:
        raise WrongState(
            _("The annual summary has not been issued yet."),
            next_step=_("The draft edition can be written at any time."),
        )
    if issued is not None and edition != Edition.DRAFT:
        return Printed(kept_document(issued), Edition.OFFICIAL, issued.issued_at)
    return Printed(printing.draft_document(figures.of(year), texts_of(year), at), Edition.DRAFT, at)


def summary_data(found: Printed) -> dict[str, Any]:
    """The document as data, and beside it the figures of its annexes: rows of texts with the numbers and days behind
    them as text. Without what a print adds at its foot, so equal content gives equal data."""
    document = replace(found.document, footer_note="", check_url="")
    return {
        "annexes": {number: _annex(section) for number, section in annexes_of(document).items()},
        "digest": freezing.digest(document),
        "document": freezing.to_data(document),
        "edition": found.edition.value,
    }


def _annex(section: Section) -> dict[str, Any]:
    tables = [block for block in section.blocks if isinstance(block, Table)]
    return {
        "title": section.annex.title if section.annex else "",
        "tables": [
            {
                "columns": [column.title for column in table.columns],
                "rows": [
                    {"kind": row.kind.value, "cells": list(row.cells), "values": list(row.values)} for row in table.rows
                ],
                "notes": list(table.notes),
            }
            for table in tables
        ],
    }


def _json(found: Printed) -> bytes:
    return (json.dumps(summary_data(found), ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


FORMATS: Mapping[str, Callable[[Printed], bytes]] = {
    "html": lambda found: html.render_file(found.document).encode(),
    "pdf": lambda found: pdf.render(found.document),
    "docx": lambda found: word.render(found.document),
    "xlsx": lambda found: workbook.write(found.document, at=found.at),
    "json": _json,
}
