"""Taking over what was read from files: a criteria set into the draft of a year, a filled score card into the card."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused, Stale
from cluster_app.lib.points import NO_FIGURE, format_points
from members.models import EmulationYear, User
from scoring import permissions, queries
from scoring.criteria_checks import problems_of
from scoring.criteria_nodes import Diff, LevelNode, Node, diff
from scoring.excel.criteria_reading import CriteriaFile
from scoring.excel.criteria_writing import file_of_set
from scoring.excel.tables import plain_text
from scoring.models import CriteriaSet, Scorecard
from scoring.services import criteria, criteria_sets, lines
from scoring.services.lines import Entry
from scoring.services.locking import check_version, lock_card
from scoring.sheets import Sheet

_TITLE = "Bảng tiêu chí chấm điểm năm"  # of a set whose file has no title: what is stored is Vietnamese
_TEXTS = tuple(one.name for one in fields(Node) if one.type is str)


@dataclass(frozen=True)
class HeadChange:
    """What the file says about the set as a whole, where it differs: in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Imported:
    """What taking over a file changes, or changed. `state` names what was there before."""

    criteria_set: CriteriaSet
    diff: Diff
    head: tuple[HeadChange, ...]
    state: str

    @property
    def is_empty(self) -> bool:
        return self.diff.is_empty and not self.head


@transaction.atomic
def import_criteria(
    *, year: EmulationYear, file: CriteriaFile, seen: str = "", by: User | None, at: datetime
) -> Imported:
    """Makes the draft of the year what the file says, all or nothing. A year without a draft gets one, the next version
    of the set in force if there is one; a file that changes nothing makes none. `by` None is the command line.

    Raises Refused for a set that could not be put into force and for a criterion with targets that would have to go;
    WrongState once a card was submitted; Stale if `seen` is given and names another state than the present one.
    """
    permissions.check_can_edit_criteria(by, year)
    if problems := problems_of(file.declared_total, file.nodes):
        raise Refused(_("Nothing was imported."), missing=[str(problem) for problem in problems])
    base = criteria_sets.draft_of(year) or queries.applied_set(year)
    before = _stored(base, year)
    file = _with_stored_texts(file, before)
    state = _name_of(base, before)
    if seen and seen != state:
        raise Stale(
            _("The criteria were changed after your preview was shown. Nothing was imported."),
            next_step=_("Choose the file again and look at what would change now."),
        )
    found, head = diff(before.nodes, file.nodes), _head_changes(before, file, is_new=base is None)
    if base is not None and found.is_empty and not head:
        return Imported(base, found, (), state)
    draft = _draft(year, base, file, by, at)
    criteria_sets.replace_nodes(criteria_set=draft, nodes=file.nodes, by=by, at=at)
    return Imported(draft, found, head, state)


def try_criteria(*, year: EmulationYear, file: CriteriaFile, by: User | None, at: datetime) -> Imported:
    """What `import_criteria` would do; nothing of it stays. Raises as it does."""
    with transaction.atomic():
        imported = import_criteria(year=year, file=file, by=by, at=at)
        transaction.set_rollback(True)
    return imported


def _stored(base: CriteriaSet | None, year: EmulationYear) -> CriteriaFile:
    if base is not None:
        return file_of_set(base)
    return CriteriaFile(f"{_TITLE} {year.year}", Decimal(0), allows_shared_records=False, nodes=())


def _with_stored_texts(file: CriteriaFile, before: CriteriaFile) -> CriteriaFile:
    """The file with the texts as they are stored where they say the same: a cell keeps neither blanks at the ends nor
    the kind of line breaks, so these are no change."""
    stored = {node.code: node for node in before.nodes}
    nodes = [_like(node, stored[node.code]) if node.code in stored else node for node in file.nodes]
    title = before.title if file.title in ("", plain_text(before.title)) else file.title
    return replace(file, title=title, nodes=tuple(nodes))


def _like(node: Node, stored: Node) -> Node:
    texts = {name: getattr(stored, name) for name in _TEXTS if getattr(node, name) == plain_text(getattr(stored, name))}
    levels = [_level_like(level, stored.levels[place : place + 1]) for place, level in enumerate(node.levels)]
    return replace(node, **texts, levels=tuple(levels))


def _level_like(level: LevelNode, stored: Sequence[LevelNode]) -> LevelNode:
    same = [one.label for one in stored if plain_text(one.label) == level.label]
    return replace(level, label=same[0]) if same else level


def _name_of(base: CriteriaSet | None, stored: CriteriaFile) -> str:
    """A short name of what is stored; another set, or another content, has another one."""
    text = f"{base.pk if base else ''} {stored!r}"
    return hashlib.sha256(text.encode()).hexdigest()


def _head_changes(before: CriteriaFile, file: CriteriaFile, *, is_new: bool) -> tuple[HeadChange, ...]:
    def shared(one: CriteriaFile) -> str:
        return _("yes") if one.allows_shared_records else _("no")

    rows = [
        (_label("title"), before.title, file.title),
        (_label("declared_total"), format_points(before.declared_total), format_points(file.declared_total)),
        (_label("allows_shared_records"), shared(before), shared(file)),
    ]
    if is_new:
        return tuple(HeadChange(label, NO_FIGURE, after) for label, _before, after in rows)
    return tuple(HeadChange(*row) for row in rows if row[1] != row[2])


def _label(name: str) -> str:
    return capfirst(str(CriteriaSet._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _draft(
    year: EmulationYear, base: CriteriaSet | None, file: CriteriaFile, by: User | None, at: datetime
) -> CriteriaSet:
    """The draft to write into, with the file's title and total."""
    if base is None:
        criteria_sets.check_replaceable(year)
        base = CriteriaSet(year=year)
    elif base.is_applied:
        base = criteria_sets.new_version(criteria_set=base, by=by, at=at)
    head = {name: getattr(file, name) for name in ("title", "declared_total", "allows_shared_records")}
    if base.pk and all(getattr(base, name) == value for name, value in head.items()):
        return base
    for name, value in head.items():
        setattr(base, name, value)
    return criteria.save_set(criteria_set=base, by=by, at=at)


@transaction.atomic
def import_scorecard(*, card: Scorecard, version: int, entries: Sequence[Entry], by: User, at: datetime) -> Sheet:
    """Writes the self-scored values and notes of a file into the card, all or none, and returns the sheet.

    Raises as `lines.fill` does, and Stale if the card is no longer of the `version` that the file was written from.
    """
    locked = lock_card(card.pk)
    permissions.check_can_fill(by, locked)
    check_version(locked, version)
    return lines.fill(card=locked, entries=entries, by=by, at=at)


def try_scorecard(*, card: Scorecard, version: int, entries: Sequence[Entry], by: User, at: datetime) -> None:
    """Raises whatever `import_scorecard` would raise; nothing is written."""
    with transaction.atomic():
        import_scorecard(card=card, version=version, entries=entries, by=by, at=at)
        transaction.set_rollback(True)
