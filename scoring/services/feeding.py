"""Taking the values of lines from records. A line with a source is never typed: to change it, change the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import WrongState, save_checked
from members.models import User
from scoring import calculations, permissions, relative, sheets
from scoring.enums import CardStatus, RecordSource, Stage
from scoring.models import Criterion, LineRecord, Scorecard, ScoreLine
from scoring.services import comparison
from scoring.services.locking import lock_card, lock_card_among_others
from scoring.sheets import Sheet
from scoring.sources import SOURCES, Facts, Fed, Situation, Used

_OFFICIAL = "vi"  # what is stored with a card is read on paper, in the language of the papers


@dataclass(frozen=True)
class Pulled:
    """What the records say of one line in a stage; `is_new` if the card does not say so yet."""

    line: ScoreLine
    value: Decimal | None
    points: Decimal | None
    records: tuple[Used, ...]
    is_new: bool


def pull(sheet: Sheet, *, stage: str, facts: Facts) -> Iterator[Pulled]:
    """What the records give for every fed line of the sheet in `stage`, one after the other in printed order: a caller
    may write one before it asks for the next. Reads only."""
    fed_lines = [line for line in sheet.lines if line.criterion.source and line.is_assigned]
    prefetch_related_objects([line.criterion for line in fed_lines], "source_rules__award_form")
    situation = Situation(facts, sheet.card)
    shares_records = sheet.card.criteria_set.allows_shared_records
    # The claim is compared with the review once every other line is fed.
    for line in sorted(fed_lines, key=_comes_last):
        if _comes_last(line) and stage != Stage.SELF:
            situation.overclaimed = _overclaimed(sheet)
        with translation.override(_OFFICIAL):
            fed = SOURCES[line.criterion.source].feed(line.criterion, situation)
        if not shares_records:
            situation.taken |= {one.key for one in fed.records if one.amount is not None}
        yield _pulled(sheet, line, stage, fed)


def _comes_last(line: ScoreLine) -> bool:
    return line.criterion.source == RecordSource.OVERCLAIM


def _pulled(sheet: Sheet, line: ScoreLine, stage: str, fed: Fed) -> Pulled:
    points = None if fed.value is None else sheet.points(line, fed.value)
    stored = [(one.key, one.text, one.amount) for one in sheet.records.get(line.pk, [])]
    is_new = fed.value != _present(line, stage) or stored != [(one.key, one.text, one.amount) for one in fed.records]
    return Pulled(line, fed.value, points, fed.records, is_new)


def _present(line: ScoreLine, stage: str) -> Decimal | None:
    """The value that the line has now; before its review that is what was handed in."""
    value = getattr(line, f"{stage}_value")
    return line.self_value if value is None and stage == Stage.REVIEWED else value


def _overclaimed(sheet: Sheet) -> Decimal | None:
    """By how many points the unit's claim stands above the review, over the lines that the unit typed and that are its
    own affair: neither fed nor compared with others. None while a person still has to review a line."""
    if any(sheet.is_due(line, Stage.REVIEWED) for line in sheet.lines):
        return None
    both = [
        line
        for line in sheet.lines
        if not line.criterion.source
        and not sheet.is_compared(line)
        and line.self_points is not None
        and line.reviewed_points is not None
    ]
    caps = sheet.tree.caps()
    claimed = calculations.totals([(line.section, line.self_points) for line in both], caps)
    reviewed = calculations.totals([(line.section, line.reviewed_points) for line in both], caps)
    return claimed.total - reviewed.total


def store(sheet: Sheet, *, stages: Sequence[str], at: datetime, facts: Facts | None = None) -> list[ScoreLine]:
    """Writes what the records say into the lines of the sheet, in each of `stages`, and returns those that changed. The
    caller holds the card's lock, and stores the totals; for many cards of a year it reads the `facts` once."""
    facts = facts or Facts(sheet.card.membership.year, at)
    changed: dict[int, ScoreLine] = {}
    for stage in stages:
        for pulled in pull(sheet, stage=stage, facts=facts):
            if pulled.is_new or pulled.value != getattr(pulled.line, f"{stage}_value"):
                changed[pulled.line.pk] = pulled.line
                _write(sheet, pulled, stage)
    for line in changed.values():
        line.version += 1
        save_checked(line)
    return list(changed.values())


def _write(sheet: Sheet, pulled: Pulled, stage: str) -> None:
    line = pulled.line
    setattr(line, f"{stage}_value", pulled.value)
    setattr(line, f"{stage}_points", pulled.points)
    if stage != Stage.SELF:
        _say_why(line, stage, differs=line.self_value is not None and pulled.value != line.self_value)
    LineRecord.objects.filter(line=line).delete()
    records = [LineRecord(line=line, key=one.key, text=one.text[:400], amount=one.amount) for one in pulled.records]
    sheet.records[line.pk] = LineRecord.objects.bulk_create(records)


def _say_why(line: ScoreLine, stage: str, *, differs: bool) -> None:
    """Gives the reason for a value other than the unit's; what a reviewer wrote stays."""
    with translation.override(_OFFICIAL):
        reason = _("As the records stood at the review.")
    if getattr(line, f"{stage}_reason") in ("", reason):
        setattr(line, f"{stage}_reason", reason if differs else "")


def outdated(sheet: Sheet, at: datetime) -> list[str]:
    """The codes of the lines that no longer say what the records say; empty for an approved card, which is frozen."""
    if sheet.card.status == CardStatus.APPROVED:
        return []
    facts = Facts(sheet.card.membership.year, at)
    return [one.line.criterion.code for one in pull(sheet, stage=stages_of(sheet)[0], facts=facts) if one.is_new]


def stages_of(sheet: Sheet) -> tuple[str, ...]:
    """The stages into which records still flow, by the status of the card."""
    return _STAGES.get(sheet.card.status, (Stage.REVIEWED,))


_STAGES: Mapping[str, tuple[str, ...]] = {
    CardStatus.DRAFT: (Stage.SELF,),
    CardStatus.RETURNED: (Stage.SELF,),
    CardStatus.REVIEWED: (Stage.REVIEWED, Stage.FINAL),
}


def check_ready(by: User, card: Scorecard) -> None:
    """Raises why `by` cannot take the card's values from the records now: WrongState for an approved card, and for one
    that has no line to feed or to compare."""
    permissions.check_can_refresh(by, card)
    permissions.check_open("fill", card.membership.year)
    if card.status == CardStatus.APPROVED:
        raise WrongState(_("An approved card stays as it was approved. Reopen it first."))
    is_fed = Criterion.objects.filter(criteria_set=card.criteria_set_id).exclude(source="").exists()
    if not is_fed and not relative.open_codes(card.membership.year):
        raise WrongState(_("No line of this card is taken from records or compared with other units."))


@transaction.atomic
def refresh(*, card_pk: int, by: User, at: datetime) -> Sheet:
    """Takes the fed lines of a card from the records anew, and the compared ones of its year from the other units'
    values. Raises WrongState for an approved card."""
    card = lock_card_among_others(card_pk)
    check_ready(by, card)
    sheet = sheets.load(card, lock=True)
    stages = stages_of(sheet)
    before = {line.pk: getattr(line, f"{stages[0]}_value") for line in sheet.lines}
    changed = store(sheet, stages=stages, at=at)
    if changed:
        sheet.store_totals()
        card.version += 1
        card.save()
        log.append(
            by=by,
            at=at,
            verb="scorecard.refresh",
            thing=card,
            cluster=card.membership.year.cluster.slug,
            year=card.membership.year.year,
            changes={
                line.criterion.code: {
                    "before": plain(before[line.pk]),
                    "after": plain(getattr(line, f"{stages[0]}_value")),
                }
                for line in changed
            },
            rows=[] if card.status in (CardStatus.DRAFT, CardStatus.RETURNED) else [card, *changed],
        )
    if comparison.recompute(year=card.membership.year, by=by, at=at):
        sheet = sheets.load(lock_card(card.pk), lock=True)
    return sheet
