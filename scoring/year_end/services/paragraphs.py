"""Writing the narrative paragraphs of the annual summary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotKnown, Stale, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, User
from members.services import journal, years
from scoring import permissions
from scoring.models import SummaryParagraph
from scoring.year_end.skeleton import KEYS


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
    """Saves the texts, all or none, and returns the paragraphs that changed. Raises StaleParagraphs."""
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
    saved = [_save(year, present.get(entry.key), entry, by, at) for entry in changed]
    for row in saved:
        journal.append(year, by=by, at=at, verb="summary.write", thing=row, changes={"key": row.key, "text": row.text})
    return saved


def _save(year: EmulationYear, row: SummaryParagraph | None, entry: Entry, by: User, at: datetime) -> SummaryParagraph:
    paragraph = row or SummaryParagraph(year=year, key=entry.key, version=0)
    paragraph.text = _clean(entry.text)
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
