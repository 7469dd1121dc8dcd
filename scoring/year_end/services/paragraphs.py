"""Writing the narrative paragraphs of the annual summary, and accepting the figures in them once they have changed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit.rows import canonical
from cluster_app.lib.errors import NotKnown, Refused, Stale, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, User
from members.services import journal, years
from scoring import permissions
from scoring.models import SummaryParagraph
from scoring.year_end import figures as year_figures
from scoring.year_end import placeholders, vocabulary
from scoring.year_end.skeleton import KEYS

WRITE, ACCEPT = "summary.write", "summary.accept"


@dataclass(frozen=True)
class Entry:
    """A text for a place of the skeleton; `version` is that of the paragraph it replaces, 0 where there was none."""

    key: str
    text: str
    version: int


class StaleParagraphs(Stale):
    """Somebody else wrote at these places meanwhile; `keys` says where."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(
            _("Somebody else changed the same paragraphs meanwhile. Nothing was saved; what you typed is still here.")
        )
        self.keys = list(keys)


@transaction.atomic
def write(*, year: EmulationYear, entries: Sequence[Entry], by: User, at: datetime) -> list[SummaryParagraph]:
    """Saves the texts, all or none, and returns the paragraphs that changed; beside each text the figures are kept that
    its placeholders have now. Raises StaleParagraphs; Refused, by place, for a placeholder that no figure has."""
    year = years.lock(year)
    permissions.check_can_write_summary(by, year)
    if unknown := {entry.key for entry in entries} - set(KEYS):
        raise NotKnown(_("The summary has no place %(key)s.") % {"key": ", ".join(sorted(unknown))})
    rows = for_update(SummaryParagraph.objects).filter(year=year).order_by("pk")
    present = {row.key: row for row in rows}
    changed = [entry for entry in entries if _text_at(present, entry.key) != _clean(entry.text)]
    stale = [entry.key for entry in changed if _version_at(present, entry.key) != entry.version]
    if stale:
        raise StaleParagraphs(stale)
    values = vocabulary.values(year_figures.of(year)) if changed else {}
    _check_placeholders(changed, values)
    saved = [_save(year, present.get(entry.key), entry, values, by, at) for entry in changed]
    for row in saved:
        changes = {"key": row.key, "text": row.text} | ({"figures": row.figures} if row.figures else {})
        journal.append(year, by=by, at=at, verb=WRITE, thing=row, changes=changes)
    return saved


@transaction.atomic
def accept(*, year: EmulationYear, key: str, seen: str, by: User, at: datetime) -> SummaryParagraph:
    """Accepts the changed figures of a paragraph whose text holds with them too. `seen` is the `token_of` what the
    person has read. Raises Stale if text or figures changed since; WrongState where nothing waits to be accepted, or a
    figure of the text is gone."""
    year = years.lock(year)
    permissions.check_can_write_summary(by, year)
    row = for_update(SummaryParagraph.objects).filter(year=year, key=key).first()
    if row is None:
        raise NotKnown(_("The summary has no place %(key)s.") % {"key": key})
    values = vocabulary.values(year_figures.of(year))
    if problems := placeholders.problems(row.text, values):
        raise WrongState(" ".join(problems), next_step=_("Write the paragraph anew; then it holds the new figures."))
    changes = placeholders.changes(row.text, row.figures, values)
    if not changes:
        raise WrongState(_("The figures of this paragraph are those that were accepted already."))
    if seen != token_of(row, values):
        raise Stale(
            _("The text or its figures changed again after your page was shown. Nothing was accepted."),
            next_step=_("Read the paragraph once more, then accept it."),
        )
    row.figures = placeholders.accepted(row.text, values)
    save_checked(row)
    told = {change.name: [change.old, change.new] for change in changes}
    journal.append(year, by=by, at=at, verb=ACCEPT, thing=row, changes={"key": row.key, "figures": told})
    return row


def token_of(paragraph: SummaryParagraph, values: Mapping[str, str]) -> str:
    """A short digest of the text and of the figures it has now: an acceptance carries what its page showed."""
    shown = {"text": paragraph.text, "figures": placeholders.accepted(paragraph.text, values)}
    return hashlib.sha256(canonical(shown).encode()).hexdigest()[:16]


def _check_placeholders(entries: Sequence[Entry], values: Mapping[str, str]) -> None:
    problems = {entry.key: placeholders.problems(entry.text, values) for entry in entries}
    if errors := {key: sentences for key, sentences in problems.items() if sentences}:
        raise Refused(errors=errors)


def _save(
    year: EmulationYear,
    row: SummaryParagraph | None,
    entry: Entry,
    values: Mapping[str, str],
    by: User,
    at: datetime,
) -> SummaryParagraph:
    paragraph = row or SummaryParagraph(year=year, key=entry.key, version=0)
    paragraph.text = placeholders.canonical(_clean(entry.text), values)
    paragraph.figures = placeholders.accepted(paragraph.text, values)
    paragraph.version += 1
    paragraph.updated_by, paragraph.updated_at = by, at
    save_checked(paragraph)
    return paragraph


def _text_at(present: dict[str, SummaryParagraph], key: str) -> str:
    return present[key].text if key in present else ""


def _version_at(present: dict[str, SummaryParagraph], key: str) -> int:
    return present[key].version if key in present else 0


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
