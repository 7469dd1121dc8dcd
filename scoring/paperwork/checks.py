"""What is looked at before a paper goes out, beside what is missing in it: its date, and what is worth a look."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.wording import date_short
from members.enums import ResolutionKind
from scoring.paperwork import grounds
from scoring.paperwork.enums import PROPOSING, RESULTS
from scoring.paperwork.queries import Draft

# What each kind tells of the meetings of the year.
_SETTLED = {
    DocumentKind.NOTICE: (ResolutionKind.EXEMPLARY_UNIT, ResolutionKind.LEADER, ResolutionKind.DEPUTY),
    **dict.fromkeys(PROPOSING, (ResolutionKind.EXEMPLARY_UNIT,)),
}
_WITH_GROUNDS = frozenset({DocumentKind.PLAN, DocumentKind.NOTICE, DocumentKind.PROPOSAL})


def too_early(draft: Draft, dated_on: date) -> list[str]:
    """What the paper tells or rests on and what is younger than its date (domain.md rule 30): a sentence each."""
    return [sentence for sentence, day in _told(draft) if day > dated_on]


def _told(draft: Draft) -> Iterator[tuple[str, date]]:
    kind, year, records = draft.kind, draft.year, draft.records
    if kind in RESULTS and year.published_at is not None:
        day = timezone.localdate(year.published_at)
        yield _("It tells the results, which were published on %(day)s.") % {"day": date_short(day)}, day
    for day in sorted({one.meeting.held_on for settled in _SETTLED.get(kind, ()) for one in records.settled(settled)}):
        yield _("It tells what the meeting of %(day)s settled.") % {"day": date_short(day)}, day
    if kind == DocumentKind.PROPOSAL_LIST and records.proposal is not None and records.proposal.dated_on is not None:
        day = records.proposal.dated_on
        yield _("It belongs to the proposal of %(day)s.") % {"day": date_short(day)}, day
    if kind in _WITH_GROUNDS:
        for ground in grounds.of_year(year, with_plan=kind != DocumentKind.PLAN):
            if ground.day is not None:
                yield _("It rests on: %(ground)s.") % {"ground": ground.text}, ground.day


def worth_a_look(draft: Draft) -> list[str]:
    """What does not keep the paper from being issued and yet should be known before; of the draft's day."""
    found = []
    if draft.kind == DocumentKind.PROPOSAL:
        text = _("Not checked against the official text, compare it before you sign: %(law)s.")
        found += [text % {"law": law.text} for law in grounds.in_force(draft.records.day) if not law.is_verified]
    if draft.material is not None and not draft.material.signing.on(draft.records.day).name:
        found.append(_("Nobody is known who signs for the leader: the paper will end without a name."))
    if not settings.SITE_URL:
        found.append(
            _(
                "The server does not know its own address (SITE_URL), so prints bear the code alone and no QR code. An "
                "administrator sets the address."
            )
        )
    return found
