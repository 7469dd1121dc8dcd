"""Do the stored figures still follow from the rows they were made of? Writes nothing; `check_integrity` prints it."""

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import numbering
from cluster_app.lib import triggers
from cluster_app.lib.errors import Refused
from cluster_app.lib.points import format_points
from members.enums import NotAssignedRule
from members.models import EmulationYear, StoredFile
from members.services import files
from scoring import calculations, relative, sheets, snapshots
from scoring.enums import CardStatus, ObjectionStatus, Section, Stage
from scoring.kinds import Peers
from scoring.models import Approval, Objection, Publication, ReviewAssignment, Scorecard, ScoreLine, Submission
from scoring.sheets import Sheet

_TOTALS = ("self_total", "reviewed_total", "base_points", "bonus_points", "penalty_points", "total_points")
# What the card itself says; the names of cluster and unit may change after an approval.
_APPROVED_CONTENT = ("lines", "totals")


def problems() -> Iterator[str]:
    """Names in sentences what does not follow; nothing if all is well."""
    for name in triggers.missing(connection):
        yield _("The trigger %(name)s is missing. Run: python3 manage.py migrate") % {"name": name}
    valid = Approval.objects.filter(revoked_at__isnull=True).select_related("delegation__delegate_unit")
    approvals = {approval.scorecard_id: approval for approval in valid}
    cards = Scorecard.objects.select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit", "criteria_set"
    )
    peers_of = cache(relative.peers_by_stage)
    for card in cards.order_by("pk"):
        for sentence in _problems_of(card, approvals.get(card.pk), peers_of):
            yield f"{card.membership.year}, {card.membership.name}: {sentence}"
    yield from _problems_of_seals()
    yield from _problems_of_reviewers()
    yield from _problems_of_publications()
    yield from numbering.problems()
    stored = StoredFile.objects.select_related("year__cluster").order_by("pk")
    for sentence in files.problems(stored.iterator()):
        yield sentence


def _problems_of(
    card: Scorecard, approval: Approval | None, peers_of: Callable[[EmulationYear], Mapping[str, Mapping[int, Peers]]]
) -> Iterator[str]:
    try:
        sheet = sheets.load(card)
        if card.status in (CardStatus.REVIEWED, CardStatus.APPROVED):
            sheet.peers = peers_of(card.membership.year)
    except KeyError:
        yield _("a line for one of the criteria is missing.")
        return
    if ScoreLine.objects.filter(scorecard=card).count() != len(sheet.lines):
        yield _("it has a line for a criterion that is not scored.")
    for line in sheet.lines:
        yield from _problems_of_line(sheet, line)
    yield from _problems_of_totals(sheet)
    yield from _problems_of_objections(sheet)
    if (card.status == CardStatus.APPROVED) != (approval is not None):
        yield _("its status “%(status)s” does not agree with its approvals.") % {"status": card.get_status_display()}
    if approval is not None:
        approved, present = (json.loads(text) for text in (approval.snapshot, snapshots.of_card(sheet)))
        if any(approved.get(part) != present[part] for part in _APPROVED_CONTENT):
            yield _("it is not what was approved.")
        yield from _problems_of_delegation(approval)


def _problems_of_line(sheet: Sheet, line: ScoreLine) -> Iterator[str]:
    criterion = line.criterion
    if (line.section, line.max_points) != (criterion.section, criterion.max_points):
        yield _("%(code)s has another section or maximum than its criterion.") % {"code": criterion.code}
    # Before the approval the points of compared lines wait for the other units; the approval asks for them.
    is_waiting = sheet.card.status != CardStatus.APPROVED and sheet.is_compared(line)
    yield from _problems_of_records(sheet, line)
    for stage in () if is_waiting else Stage.values:
        stored = getattr(line, f"{stage}_points")
        try:
            expected = _points(sheet, line, stage)
        except Refused as refused:
            yield f"{criterion.code}: {refused.message}"
            continue
        if stored != expected:
            yield _(
                "%(code)s, stage “%(stage)s”: %(stored)s points are stored, %(expected)s follow from its value."
            ) % {
                "code": criterion.code,
                "stage": Stage(stage).label,
                "stored": format_points(stored),
                "expected": format_points(expected),
            }


def _problems_of_records(sheet: Sheet, line: ScoreLine) -> Iterator[str]:
    """The records that a value was counted from sum to it."""
    amounts = [one.amount for one in sheet.records.get(line.pk, []) if one.amount is not None]
    value = next(
        (found for found in (line.final_value, line.reviewed_value, line.self_value) if found is not None), None
    )
    if amounts and value != sum(amounts):
        yield _("%(code)s: its records sum to %(sum)s, its value is %(value)s.") % {
            "code": line.criterion.code,
            "sum": format_points(sum(amounts, calculations.ZERO)),
            "value": format_points(value),
        }


def _points(sheet: Sheet, line: ScoreLine, stage: str) -> Decimal | None:
    """The points that follow from the line's value; a criterion that is not assigned has the points of the rules as
    soon as its stage is filled."""
    value = getattr(line, f"{stage}_value")
    if line.is_assigned:
        return None if value is None else sheet.points(line, value, stage)
    if stage != Stage.SELF and getattr(line, f"{stage}_points") is None:
        return None
    rule = sheet.card.membership.year.rules.not_assigned
    counts_in_full = line.section == Section.BASE and rule == NotAssignedRule.FULL_POINTS
    return line.max_points if counts_in_full else calculations.ZERO


def _problems_of_totals(sheet: Sheet) -> Iterator[str]:
    card = sheet.card
    labels = {field.name: field.verbose_name for field in card._meta.concrete_fields}
    stored = {name: getattr(card, name) for name in _TOTALS}
    sheet.store_totals()
    is_untouched = stored["self_total"] is None and not any(line.self_points for line in sheet.lines)
    for name, value in stored.items():
        expected = None if name == "self_total" and is_untouched else getattr(card, name)
        setattr(card, name, value)
        if value != expected:
            yield _("%(total)s: %(stored)s points are stored, the lines sum to %(expected)s.") % {
                "total": labels[name],
                "stored": format_points(value),
                "expected": format_points(expected),
            }


def _problems_of_objections(sheet: Sheet) -> Iterator[str]:
    """The last objection that was accepted in this round says what became of its line, unless records or other units
    decide over it afterwards."""
    accepted = Objection.objects.filter(
        line__scorecard=sheet.card,
        status=ObjectionStatus.ACCEPTED,
        raised_at__gte=F("line__scorecard__reviewed_at"),
    )
    last = {one.line_id: one for one in accepted.order_by("settled_at", "pk")}
    for line in sheet.lines:
        if line.pk not in last or line.criterion.source or sheet.is_compared(line):
            continue
        given = last[line.pk].value_after, last[line.pk].points_after
        if given != (line.final_value, line.final_points):
            yield _(
                "%(code)s: its objection was accepted with the value %(value)s and %(points)s points, %(final_value)s "
                "and %(final_points)s are stored."
            ) % {
                "code": line.criterion.code,
                "value": format_points(given[0]),
                "points": format_points(given[1]),
                "final_value": format_points(line.final_value),
                "final_points": format_points(line.final_points),
            }


def _problems_of_delegation(approval: Approval) -> Iterator[str]:
    """Who approved by a written paper is named in it, for that day, and it was not ended before."""
    paper = approval.delegation
    if paper is None:
        return
    is_named = (approval.approver_id, approval.approver_unit_id) == (paper.delegate_id, paper.delegate_unit.unit_id)
    is_in_time = paper.starts_on <= timezone.localdate(approval.approved_at) <= paper.ends_on
    is_ended = paper.ended_at is not None and paper.ended_at < approval.approved_at
    if not is_named or not is_in_time or is_ended:
        yield _("the delegation %(number)s does not cover its approval.") % {"number": paper.number}


def _problems_of_seals() -> Iterator[str]:
    for model in (Approval, Publication, Submission):
        for seal in model._default_manager.order_by("pk").iterator():
            if snapshots.digest(seal.snapshot) != seal.digest:
                yield _("The digest of “%(thing)s” is not that of its snapshot.") % {"thing": seal}


def _problems_of_reviewers() -> Iterator[str]:
    """Nobody was asked to review the card of the unit to which he or she belonged on the day before already: an
    assignment knows its days, not its hours."""
    day, assignment = F("assigned_at__date"), "user__assignments"
    is_begun = Q((f"{assignment}__started_on__isnull", True)) | Q((f"{assignment}__started_on__lt", day))
    is_held = Q((f"{assignment}__ended_on__isnull", True)) | Q((f"{assignment}__ended_on__gt", day))
    is_member = Q((f"{assignment}__unit", F("scorecard__membership__unit")))
    is_own_unit = Q(membership=F("scorecard__membership"))
    own = ReviewAssignment.objects.filter(is_own_unit | (is_member & is_begun & is_held)).distinct()
    for one in own.select_related("scorecard__membership__year__cluster", "user", "membership").order_by("pk"):
        member = one.scorecard.membership
        yield _("%(year)s, %(unit)s: %(reviewer)s is asked to review the card of the own unit.") % {
            "year": member.year,
            "unit": member.name,
            "reviewer": one,
        }


def _problems_of_publications() -> Iterator[str]:
    published = dict(Publication.objects.filter(withdrawn_at__isnull=True).values_list("year_id", "published_at"))
    for year in EmulationYear.objects.select_related("cluster").order_by("pk"):
        if year.published_at != published.get(year.pk):
            yield _("%(year)s: the time of publication is not that of its publication.") % {"year": year}
