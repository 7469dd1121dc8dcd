"""Saving what the secretariat types for a kind of paper: its letterhead, its recipients, its variables."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from awards.enums import PledgeStatus
from awards.models import Pledge
from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.errors import NotKnown, Stale, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, User, YearPaper
from members.permissions import check_can_write_papers
from members.services import journal, years
from scoring.paperwork import templates
from scoring.paperwork.enums import SETTLED, TEMPLATED


class StalePaper(Stale):
    """Somebody else wrote the same paper meanwhile; `present` is what it says now."""

    def __init__(self, present: YearPaper) -> None:
        super().__init__(
            _("Somebody else changed this paper meanwhile. Nothing was saved; what you typed is still here.")
        )
        self.present = present


@transaction.atomic
def settle(
    *,
    year: EmulationYear,
    kind: DocumentKind,
    letterhead: str,
    recipients: str,
    values: Mapping[str, str],
    version: int,
    by: User,
    at: datetime,
) -> YearPaper:
    """Saves what is settled and typed for a kind of paper; `version` is that of the page, 0 where nothing was saved.

    Raises StalePaper if it was changed meanwhile, NotKnown for a value that the template does not ask for, WrongState
    for a pledge that units sign or signed: its form stays. What is not changed is not saved again.
    """
    year = years.lock(year)
    check_can_write_papers(by, year)
    _check_known(kind, values)
    present = for_update(YearPaper.objects).filter(year=year, kind=kind).first()
    wanted = {
        "letterhead": letterhead,
        "recipients": _clean(recipients),
        "values": {name: _clean(text) for name, text in sorted(values.items()) if _clean(text)},
    }
    if present is not None and {name: getattr(present, name) for name in wanted} == wanted:
        return present
    if kind == DocumentKind.PLEDGE:
        _check_drafted(year)
    paper = present or YearPaper(year=year, kind=kind, version=0)
    if version != paper.version:
        raise StalePaper(paper)
    for name, value in wanted.items():
        setattr(paper, name, value)
    paper.version += 1
    paper.updated_by, paper.updated_at = by, at
    save_checked(paper)
    journal.append(year, by=by, at=at, verb="paper.settle", thing=paper, changes={"kind": str(kind), **wanted})
    return paper


def _check_known(kind: DocumentKind, values: Mapping[str, str]) -> None:
    if kind not in SETTLED:
        raise NotKnown
    asked = {variable.name for variable in templates.of(kind).asked} if kind in TEMPLATED else set()
    if unknown := sorted(values.keys() - asked):
        raise NotKnown(_("The template has no place for “%(name)s”.") % {"name": ", ".join(unknown)})


def _check_drafted(year: EmulationYear) -> None:
    if Pledge.objects.filter(year=year).exclude(status=PledgeStatus.DRAFT).exists():
        raise WrongState(_("The pledge is open for signing or signed: its letterhead stays as the units saw it."))


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
