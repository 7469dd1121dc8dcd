"""What stands between the annual summary and its issue: the same list on page, button and refusal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.queries import reconcile, unconfirmed_counts
from scoring.year_end.figures import Figures
from scoring.year_end.skeleton import places

BLOCK, WARN = "block", "warn"


@dataclass(frozen=True)
class Finding:
    """One sentence; `page` is the URL name of the page of the year where it is mended."""

    level: str
    text: str
    page: str = ""


def findings(figures: Figures, texts: Mapping[str, str]) -> list[Finding]:
    """Everything worth knowing before the summary is issued: what blocks it first, then what is worth a look."""
    return [*blocking(figures, texts), *_worth_a_look(figures, texts)]


def blocking(figures: Figures, texts: Mapping[str, str]) -> list[Finding]:
    year = figures.year
    found = []
    if not year.is_published:
        found.append(Finding(BLOCK, _("The results of the year are not published yet."), "scoring:ranking"))
    if figures.leader is None:
        found.append(Finding(BLOCK, _("No unit leads in this year; nobody can sign."), "members:year_setup"))
    if figures.conference is None:
        text = _("The year-end conference and what it settled are not recorded yet.")
        found.append(Finding(BLOCK, text, "members:conference"))
    if unwritten := [place for place in places() if place.is_required and not texts.get(place.key, "").strip()]:
        titles = "; ".join(f"{place.key}. {place.title.format(**figures.words())}" for place in unwritten)
        text = _("Not written yet: %(places)s.") % {"places": titles}
        found.append(Finding(BLOCK, text, "scoring:summary_paragraphs"))
    found += [Finding(BLOCK, sentence, "awards:commendation_tally") for sentence in reconcile(year)]
    return found


def _worth_a_look(figures: Figures, texts: Mapping[str, str]) -> Iterator[Finding]:
    if unwritten := [place.key for place in places() if place.stock and not texts.get(place.key, "").strip()]:
        text = _("Not written; a general sentence stands there: %(places)s.") % {"places": ", ".join(unwritten)}
        yield Finding(WARN, text, "scoring:summary_paragraphs")
    if waiting := sum(unconfirmed_counts(figures.year).values()):
        text = ngettext(
            "%(count)d occasion waits for the secretariat's check and is not counted.",
            "%(count)d occasions wait for the secretariat's check and are not counted.",
            waiting,
        )
        yield Finding(WARN, text % {"count": waiting}, "awards:commendation_confirm")
    unsigned = [row.membership.name for row in figures.pledge.board if row.signature is None] if figures.pledge else []
    if figures.pledge is None:
        yield Finding(WARN, _("The year has no pledge."), "awards:pledge_detail")
    elif unsigned:
        text = _("The pledge is not signed by: %(units)s.") % {"units": ", ".join(unsigned)}
        yield Finding(WARN, text, "awards:pledge_detail")
    if figures.conference is not None and not figures.exemplary:
        yield Finding(WARN, _("The conference named no exemplary unit."), "members:conference")
    if figures.conference is not None and not figures.next_leader.resolutions:
        text = _("The conference named no %(title)s of the next year.") % {"title": figures.next_leader.title}
        yield Finding(WARN, text, "members:conference")
    if figures.signer is None:
        yield Finding(WARN, _("No signatory of the leading unit is recorded; the office under the signature is empty."))
