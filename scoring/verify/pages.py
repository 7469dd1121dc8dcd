"""What the public check of a code shows, as finished values for its template."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cluster_app.documents.letterheads import symbol_as_told
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import DomainError
from cluster_app.lib.wording import date_short
from members import queries
from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import permissions
from scoring.models import Approval
from scoring.verify.findings import Finding, Verdict


def languages() -> list[dict[str, object]]:
    """The languages of the page: a visitor has no menu to choose from."""
    current = get_language()
    return [
        {"value": value, "label": label, "is_current": value == current}
        for value, label in (("vi", "Tiếng Việt"), ("en", "English"))
        if value in dict(settings.LANGUAGES)
    ]


def answer(finding: Finding | None, code: str, user: User) -> dict[str, object]:
    """The answer to one code: its verdict, what identifies the print, and for those who may see it the kept copy."""
    if finding is None:
        return {"code": code, "level": "error", "title": _("Unknown code"), "advice": _unknown(), "facts": []}
    return {
        "code": code,
        "level": "success" if finding.verdict == Verdict.VALID else "error",
        "title": title_of(finding.verdict),
        "advice": advice_on(finding.verdict),
        "facts": facts_of(finding),
        "copy_url": _copy_url(finding, user) if user.is_authenticated else "",
    }


def title_of(verdict: Verdict) -> str:
    return {
        Verdict.VALID: _("Valid"),
        Verdict.REVOKED: _("Revoked"),
        Verdict.ALTERED: _("Cannot be confirmed"),
    }[verdict]


def advice_on(verdict: Verdict) -> str:
    """What the reader of the print does with the verdict."""
    return {
        Verdict.VALID: _(
            "This code was given to a paper that is in force. Compare what stands below with the print: if anything "
            "differs, the print is not genuine."
        ),
        Verdict.REVOKED: _("The paper with this code was taken back. It is no longer in force; ask for the new one."),
        Verdict.ALTERED: _(
            "What is kept under this code is no longer what was issued. Do not rely on the print, and tell the "
            "secretariat of the cluster."
        ),
    }[verdict]


def facts_of(finding: Finding) -> list[tuple[str, str]]:
    """Kind, number, date and digest; what the paper does not bear is left out."""
    facts = [
        (_("Kind of paper"), finding.kind),
        (_("Number and symbol"), symbol_as_told(finding.number_symbol)),
        (_("Date"), date_short(finding.dated_on) if finding.dated_on else ""),
        ("SHA-256", finding.digest),
    ]
    return [(label, value) for label, value in facts if value]


def _unknown() -> str:
    return _(
        "No paper was issued under this code here. Compare it with the foot of the print, digit by digit; if it is the "
        "same, the print is not genuine."
    )


def _copy_url(finding: Finding, user: User) -> str:
    """The kept copy, for a person who may print it; empty for others."""
    try:
        return _url_of(finding.thing, user)
    except DomainError:
        return ""


def _url_of(thing: IssuedDocument | Approval, user: User) -> str:
    """The address of the kept copy. Raises NotKnown or NotAllowed toward a person who may not print it."""
    if isinstance(thing, IssuedDocument):
        year: EmulationYear = queries.get_year(user, thing.cluster_key, thing.year)
        permissions.check_can_print_paper(user, year, thing)
        return year_url("scoring:issued_detail", year, code=thing.code)
    card = thing.scorecard
    year = queries.get_year(user, card.membership.year.cluster.slug, card.membership.year.year)
    card.membership.year = year
    permissions.check_can_see(user, card)
    return "" if thing.revoked_at else year_url("scoring:scorecard_print", year, code=card.membership.unit.code)
