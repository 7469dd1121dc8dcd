"""What the pages of a year's issued documents show, as finished values for their templates."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import freezing, issuing
from cluster_app.documents.letterheads import symbol_as_told
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.wording import date_short
from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import permissions
from scoring.verify import findings, pages
from scoring.verify.findings import Verdict

LEVELS = {Verdict.VALID: "success", Verdict.REVOKED: "info", Verdict.ALTERED: "error"}
CSS = {Verdict.VALID: "ok", Verdict.REVOKED: "revoked", Verdict.ALTERED: "bad"}


def of_year(year: EmulationYear) -> QuerySet[IssuedDocument]:
    """The documents of the year that went out, the newest first, withdrawn ones too."""
    return IssuedDocument.objects.filter(cluster_key=year.cluster.slug, year=year.year).order_by("-issued_at", "-pk")


def rows(year: EmulationYear, user: User) -> list[dict[str, object]]:
    """What the person may print; the content stays in the database, and whether it is intact is said on the page of
    each."""
    documents = of_year(year).defer("content")
    return [_row(document, year) for document in documents if permissions.can_print_paper(user, year, document)]


def detail(document: IssuedDocument, year: EmulationYear) -> dict[str, object]:
    """One document: what identifies it, and whether the content that is kept still has the digest of its issue."""
    finding = findings.of_document(document)
    is_intact = issuing.is_intact(document)
    return {
        "document": document,
        "status": _status(finding.verdict),
        "level": LEVELS[finding.verdict],
        "intact_text": _intact_text(is_intact),
        "facts": [*pages.facts_of(finding)[:-1], *_history(document)],
        "digests": [(_("issued"), document.digest), (_("kept now"), freezing.digest_of_text(document.content))],
        "list_url": year_url("scoring:issued_list", year),
        "papers_url": year_url("scoring:papers", year),
        "print_url": year_url("scoring:issued_print", year, code=document.code) if is_intact else "",
    }


def _row(document: IssuedDocument, year: EmulationYear) -> dict[str, object]:
    verdict = Verdict.VALID if document.withdrawn_at is None else Verdict.REVOKED
    return {
        "url": year_url("scoring:issued_detail", year, code=document.code),
        "title": document.title,
        "kind": document.get_kind_display(),
        "number": symbol_as_told(document.number_symbol) or "–",
        "day": date_short(document.dated_on) if document.dated_on else "–",
        "code": document.code,
        "status": _status(verdict),
        "reason": document.withdrawn_reason,
    }


def _status(verdict: Verdict) -> dict[str, str]:
    return {"css": CSS[verdict], "label": pages.title_of(verdict)}


def _intact_text(is_intact: bool) -> str:
    if is_intact:
        return _("The kept content has the digest with which it was issued: it was not changed.")
    return _("The kept content does not have the digest with which it was issued: it was changed. It is not printed.")


def _history(document: IssuedDocument) -> list[tuple[str, str]]:
    facts = [
        (_("Code"), document.code),
        (_("Issued"), _who(document.issued_by_key, document.issued_at)),
    ]
    if document.withdrawn_at is not None:
        facts += [
            (_("Revoked"), _who(document.withdrawn_by_key, document.withdrawn_at)),
            (_("Reason"), document.withdrawn_reason),
        ]
    return facts


def _who(key: str, moment) -> str:
    return f"{key}, {timezone.localtime(moment):%d/%m/%Y %H:%M}"
