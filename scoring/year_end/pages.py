"""What the pages of the annual summary show around the paper."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents.blocks import Document
from cluster_app.documents.html import Toolbar, ToolbarLink
from cluster_app.documents.models import IssuedDocument
from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import permissions
from scoring.year_end import figures as year_figures
from scoring.year_end import preflight, printing
from scoring.year_end.enums import Edition
from scoring.year_end.preflight import BLOCK, Finding
from scoring.year_end.queries import texts_of
from scoring.year_end.skeleton import ANNEX_NUMBERS


def draft(year: EmulationYear, at: datetime) -> tuple[Document, list[Finding]]:
    """The draft and what is still to do before it can be issued, from the same figures."""
    figures, texts = year_figures.of(year), texts_of(year)
    return printing.draft_document(figures, texts, at), preflight.findings(figures, texts)


def toolbar(user: User, year: EmulationYear, edition: Edition, issued: IssuedDocument | None) -> Toolbar:
    """The other edition for those who may see both; writing, issuing, withdrawing for those who may write."""
    links = []
    if issued is not None and permissions.can_print_draft(user, year):
        other = Edition.DRAFT if edition == Edition.OFFICIAL else Edition.OFFICIAL
        label = {Edition.DRAFT: _("Draft edition"), Edition.OFFICIAL: _("Official edition")}[other]
        links.append(ToolbarLink(f"{year_url('scoring:summary', year)}?edition={other}", label))
    if permissions.can_write_summary(user, year) and not year.is_archived:
        links.append(ToolbarLink(year_url("scoring:summary_paragraphs", year), _("Edit text")))
        if issued is None:
            links.append(ToolbarLink(year_url("scoring:summary_issue", year), _("Issue")))
        else:
            links.append(ToolbarLink(year_url("scoring:summary_withdraw", year), _("Withdraw")))
    return Toolbar(back_url=year_url("scoring:home", year), links=tuple(links))


def notes(
    user: User, year: EmulationYear, edition: Edition, issued: IssuedDocument | None, findings: Sequence[Finding]
) -> dict[str, object]:
    """What stands above the sheets on the screen, and never on paper."""
    url = year_url("scoring:summary", year)
    parts = [("", _("Whole report"))] + [
        (number, _("Annex %(number)s") % {"number": number}) for number in ANNEX_NUMBERS
    ]
    items = checklist(user, year, findings)
    return {
        "blocks": [item for item in items if item["level"] == BLOCK],
        "warnings": [item for item in items if item["level"] != BLOCK],
        "status": _status(year, edition, issued),
        "parts": [
            {"url": f"{url}?edition={edition}" + (f"&annex={number}" if number else ""), "label": label}
            for number, label in parts
        ],
    }


def checklist(user: User, year: EmulationYear, findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The findings for a page; only those who write the summary are led to the pages where they are mended."""
    leads = permissions.can_write_summary(user, year) and not year.is_archived
    return [
        {
            "level": finding.level,
            "text": finding.text,
            "url": year_url(finding.page, year) if leads and finding.page else "",
        }
        for finding in findings
    ]


def issue(user: User, year: EmulationYear, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "lines": [
            _("The report is frozen as it stands now: later changes of text or figures do not enter it."),
            _("Every unit of the cluster can read and print it from then on."),
        ],
        "items": checklist(user, year, findings),
        "is_blocked": any(finding.level == BLOCK for finding in findings),
        "summary_url": year_url("scoring:summary", year),
    }


def withdrawal(year: EmulationYear, issued: IssuedDocument) -> dict[str, object]:
    return {
        "lines": [
            _status(year, Edition.OFFICIAL, issued),
            _("It stays in the archive marked as withdrawn; printed copies lose their force."),
        ],
        "summary_url": year_url("scoring:summary", year),
    }


def _status(year: EmulationYear, edition: Edition, issued: IssuedDocument | None) -> str:
    if issued is None or issued.dated_on is None:
        return ""
    text = _("The official edition %(number)s of %(day)s was issued by %(person)s at %(moment)s; its code is %(code)s.")
    if edition == Edition.DRAFT:
        text = _("This is the draft as of now. In force is %(number)s of %(day)s, code %(code)s.")
    elif not year.is_published:
        text = _(
            "The results were withdrawn after %(number)s of %(day)s (code %(code)s) was issued. Withdraw it and issue "
            "it again once the results are published."
        )
    return text % {
        "number": issued.number_symbol,
        "day": f"{issued.dated_on:%d/%m/%Y}",
        "person": issued.issued_by_key,
        "moment": f"{timezone.localtime(issued.issued_at):%d/%m/%Y %H:%M}",
        "code": issued.code,
    }
