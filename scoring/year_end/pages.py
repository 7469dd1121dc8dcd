"""What the pages of the annual summary show around the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents.blocks import Document
from cluster_app.documents.html import Toolbar, ToolbarLink
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.models import EmulationYear, User
from members.permissions import can_edit_year
from scoring import permissions
from scoring.year_end import figures as year_figures
from scoring.year_end import preflight, printing, reconciliation
from scoring.year_end.enums import Edition
from scoring.year_end.figures import Figures
from scoring.year_end.paragraph_pages import anchor
from scoring.year_end.preflight import BLOCK, OK, SETUP_PAGES, WARN, Finding, Paragraphs
from scoring.year_end.queries import paragraphs_of, texts_in
from scoring.year_end.skeleton import ANNEX_NUMBERS
from scoring.year_end.summary import compose


@dataclass(frozen=True)
class Drawn:
    """An edition for the screen: what is still to do before the official one, and until when its figures count."""

    document: Document
    findings: tuple[Finding, ...] = ()
    dates: tuple[str, ...] = ()


def draft(year: EmulationYear, issued: IssuedDocument | None, at: datetime) -> Drawn:
    """The draft, what is to do before it can be issued, and whether its numbers agree, all from the same figures."""
    figures, written = year_figures.of(year), paragraphs_of(year)
    texts = texts_in(written)
    document = printing.draft_document(figures, texts, at)
    found = preflight.findings(figures, written, on=timezone.localdate(at), issued=issued)
    return Drawn(document, (*found, *_reconciled(document, figures, texts)), _dates(figures))


def _reconciled(document: Document, figures: Figures, texts: Mapping[str, str]) -> list[Finding]:
    """Each number that its list does not give; one line where there is none."""
    found = reconciliation.mismatches(document, figures, texts)
    if not found:
        text = _("Recomputed: every number of the text stands in its annex, every total is the sum of its rows.")
        return [Finding(OK, text)]
    return [Finding(BLOCK, mismatch.sentence) for mismatch in found]


def _dates(figures: Figures) -> tuple[str, ...]:
    """Until when the figures count."""
    rules, year = figures.year.rules, figures.year
    told = {"first": date_short(rules.tally_from), "last": date_short(rules.tally_to)}
    dates = [_("Commendations decided from %(first)s to %(last)s.") % told]
    if year.published_at:
        day = date_short(timezone.localdate(year.published_at))
        dates.append(_("Results published on %(day)s.") % {"day": day})
    else:
        dates.append(_("Results not published; points may still change."))
    if figures.conference:
        dates.append(_("Year-end conference on %(day)s.") % {"day": date_short(figures.conference.held_on)})
    return tuple(dates)


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
    user: User, year: EmulationYear, edition: Edition, issued: IssuedDocument | None, drawn: Drawn
) -> dict[str, object]:
    """What stands above the sheets on the screen, and never on paper."""
    url = year_url("scoring:summary", year)
    parts = [("", _("Whole report"))] + [
        (number, _("Annex %(number)s") % {"number": number}) for number in ANNEX_NUMBERS
    ]
    items = checklist(user, year, drawn.findings)
    return {
        "lists": [
            {"level": level, "heading": heading, "found": found}
            for level, heading in (
                (BLOCK, _("Before the official edition can be issued")),
                (WARN, _("Worth a look before it is issued")),
                (OK, _("In order")),
            )
            if (found := [item for item in items if item["level"] == level])
        ],
        "status": _status(year, edition, issued),
        "dates": drawn.dates,
        "parts": [
            {"url": f"{url}?edition={edition}" + (f"&annex={number}" if number else ""), "label": label}
            for number, label in parts
        ],
    }


def checklist(user: User, year: EmulationYear, findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The findings for a page; each person is led to those pages only where they can mend them."""
    leads = permissions.can_write_summary(user, year) and not year.is_archived
    edits_year = leads and can_edit_year(user, year)
    return [
        {
            "level": finding.level,
            "text": finding.text,
            "url": _address(year, finding) if leads and (edits_year or finding.page not in SETUP_PAGES) else "",
        }
        for finding in findings
    ]


def _address(year: EmulationYear, finding: Finding) -> str:
    if not finding.page:
        return ""
    place = f"#{anchor(finding.place)}" if finding.place else ""
    return f"{year_url(finding.page, year)}{place}"


def issue(user: User, figures: Figures, written: Paragraphs, on: date) -> dict[str, object]:
    """What the page on which the official edition is issued shows."""
    year, texts = figures.year, texts_in(written)
    document = compose(figures, texts, Edition.OFFICIAL)
    found = (*preflight.findings(figures, written, on=on), *_uncheckable(), *_reconciled(document, figures, texts))
    return {
        "lines": [
            _("The report is frozen as it stands now: later changes of text or figures do not enter it."),
            _("Every unit of the cluster can read and print it from then on."),
        ],
        "items": checklist(user, year, found),
        "is_blocked": any(finding.level == BLOCK for finding in found),
        "summary_url": year_url("scoring:summary", year),
    }


def _uncheckable() -> list[Finding]:
    """Said before a paper is frozen and printed, for its QR code holds the address at which prints are checked."""
    if settings.SITE_URL:
        return []
    text = _(
        "The server does not know its own address (SITE_URL), so prints bear the code alone and no QR code. An "
        "administrator sets the address."
    )
    return [Finding(WARN, text)]


def withdrawal(year: EmulationYear, issued: IssuedDocument) -> dict[str, object]:
    return {
        "lines": [
            _status(year, Edition.OFFICIAL, issued),
            _("It stays in the archive marked as withdrawn; printed copies lose their force."),
        ],
        "summary_url": year_url("scoring:summary", year),
    }


def _status(year: EmulationYear, edition: Edition, issued: IssuedDocument | None) -> str:
    if issued is None:
        return ""
    text = _("The official edition %(paper)s was issued by %(person)s at %(moment)s; its code is %(code)s.")
    if edition == Edition.DRAFT:
        text = _("This is the draft as of now. In force is the official edition %(paper)s; its code is %(code)s.")
    elif not year.is_published:
        text = _(
            "The results were withdrawn after the official edition %(paper)s was issued; its code is %(code)s. "
            "Withdraw it and issue it again once the results are published."
        )
    return text % {
        "paper": preflight.head_of(issued),
        "person": issued.issued_by_key,
        "moment": f"{timezone.localtime(issued.issued_at):%d/%m/%Y %H:%M}",
        "code": issued.code,
    }
