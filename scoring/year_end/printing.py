"""The draft as it is printed, and single annexes of either edition; what was issued prints from scoring.issued."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from cluster_app.audit import log
from cluster_app.documents.blocks import Align, Document, Section, paragraph
from cluster_app.lib.errors import NotKnown
from scoring.year_end.enums import Edition
from scoring.year_end.figures import Figures
from scoring.year_end.skeleton import ANNEX_NUMBERS
from scoring.year_end.summary import compose


def draft_document(figures: Figures, texts: Mapping[str, str], at: datetime) -> Document:
    """The draft as the records stand; its foot tells two drafts apart and carries the head of the audit log."""
    moment = timezone.localtime(at)
    return replace(
        compose(figures, texts, Edition.DRAFT, signed_on=moment.date()),
        footer_note=f"Bản dự thảo lập lúc {moment:%H:%M} ngày {moment:%d/%m/%Y}. Nhật ký hệ thống: {log.head()}.",
    )


def annexes_of(document: Document) -> dict[str, Section]:
    """The annexes of a summary by their numbers. One that was issued before an annex was added has none of it."""
    sections = [section for section in document.sections if section.annex is not None]
    return dict(zip(ANNEX_NUMBERS, sections, strict=False))


def annex_alone(document: Document, number: str) -> Document:
    """One annex as a paper of its own. Raises NotKnown if there is no annex of this number."""
    section = annexes_of(document).get(number)
    if section is None or section.annex is None:
        raise NotKnown
    annex = section.annex
    reference = paragraph(annex.reference, italic=True, align=Align.CENTER)
    alone = replace(section, blocks=(reference, *section.blocks), annex=None)
    return replace(document, title=f"{annex.label}: {annex.title}", letterhead=None, sections=(alone,))
