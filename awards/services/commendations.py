"""The register of commendations: recording, correcting, confirming and revoking what signed decisions awarded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.enums import CommendationStatus, CommendationType, RecipientKind
from awards.models import AwardForm, Campaign, Commendation, Decision
from awards.permissions import (
    check_can_confirm,
    check_can_confirm_any,
    check_can_edit_commendation,
    check_can_enter,
    check_can_open_entry,
    check_can_revoke,
)
from awards.services.guards import check_unchanged
from awards.workflow import COMMENDATION
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.wording import date_short
from cluster_app.lib.workflow import REASON_LENGTH
from members.models import EmulationYear, Membership, User
from members.services import journal, years


@dataclass(frozen=True, kw_only=True)
class DecisionFacts:
    """A signed decision as a person typed it; the one on record is found again by all three together."""

    number: str
    decided_on: date
    signer: str


@dataclass(frozen=True, kw_only=True)
class CommendationFacts:
    """One row of a decision as a person typed it."""

    membership: Membership
    award_form: AwardForm
    recipient_kind: RecipientKind
    recipient: str
    occasions: int = 1
    type: CommendationType = CommendationType.MERIT
    campaign: Campaign | None = None
    position: str = ""
    is_direct_worker: bool | None = None
    note: str = ""


class RowsRefused(Refused):
    """Some of several rows are not acceptable; `rows` gives the refusal of each by its place."""

    def __init__(self, rows: Mapping[int, Refused]) -> None:
        super().__init__(" ".join(refusal.message for refusal in rows.values()))
        self.rows = dict(rows)


def record(
    *,
    year: EmulationYear,
    decision: Decision | DecisionFacts,
    row: CommendationFacts,
    by: User,
    at: datetime,
    is_confirmed: bool = False,
) -> Commendation:
    """Records one row; see `record_rows`."""
    try:
        return record_rows(year=year, decision=decision, rows=[row], by=by, at=at, is_confirmed=is_confirmed)[0]
    except RowsRefused as refusal:
        raise refusal.rows[0] from refusal


@transaction.atomic
def record_rows(
    *,
    year: EmulationYear,
    decision: Decision | DecisionFacts,
    rows: Sequence[CommendationFacts],
    by: User,
    at: datetime,
    is_confirmed: bool = False,
) -> list[Commendation]:
    """Records rows of one decision, all or none. They count once they are confirmed.

    The secretariat may confirm in the same act, except for the home unit. After publication only the secretariat
    enters, with the reason in the note. Raises RowsRefused with every row that violates domain.md rule 24 or 25.
    """
    year = years.lock(year)
    check_can_open_entry(by, year)
    for membership in dict.fromkeys(row.membership for row in rows):
        check_can_enter(by, year, membership)
        if is_confirmed:
            check_can_confirm(by, year, membership)
    if not rows:
        raise Refused(_("Enter at least one commendation of this decision."))
    decision, new_rows = _decision(year, decision, at)
    saved, refused = [], {}
    for place, facts in enumerate(rows):
        commendation = Commendation(decision=decision, recorded_by=by, recorded_at=at)
        if is_confirmed:
            commendation.confirmed_by, commendation.confirmed_at = by, at
        try:
            _save(commendation, facts, year)
            saved.append(commendation)
        except Refused as refusal:
            refused[place] = refusal
    if refused:
        raise RowsRefused(refused)
    for commendation in saved:
        _append("commendation.record", commendation, year, by, at, new_rows=new_rows)
        new_rows = []
    return saved


@transaction.atomic
def edit(
    *,
    commendation: Commendation,
    decision: Decision | DecisionFacts,
    row: CommendationFacts,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Commendation:
    """Corrects one row. A confirmed row is corrected by those who may confirm it, and is theirs from then on.

    Raises Stale if the row is not the one the person saw.
    """
    commendation, year = _locked(commendation)
    check_can_edit_commendation(by, commendation)
    COMMENDATION.check("edit", commendation.status)
    check_unchanged(seen, commendation)
    check_can_enter(by, year, row.membership)
    if commendation.confirmed_at is not None:
        check_can_confirm(by, year, row.membership)
        commendation.confirmed_by, commendation.confirmed_at = by, at
    commendation.decision, new_rows = _decision(year, decision, at)
    _save(commendation, row, year)
    _append("commendation.edit", commendation, year, by, at, new_rows=new_rows)
    return commendation


@transaction.atomic
def confirm(
    *,
    year: EmulationYear,
    commendations: Iterable[Commendation],
    by: User,
    at: datetime,
    seen: Mapping[int, str] | None = None,
) -> list[Commendation]:
    """Confirms rows after comparing them with their decisions, all or none; returns those that were not confirmed yet.

    `seen` gives the fingerprint of each row as the person saw it. Raises Stale if one was changed since, WrongState if
    nothing is left to confirm.
    """
    year = years.lock(year)
    check_can_confirm_any(by, year)
    keys = [commendation.pk for commendation in commendations]
    locked = for_update(Commendation.objects).filter(pk__in=keys, membership__year=year)
    rows = list(locked.select_related("membership", "decision", "award_form").order_by("pk"))
    if len(rows) != len(set(keys)):
        raise NotKnown
    waiting = [row for row in rows if row.confirmed_at is None]
    for row in rows:
        check_can_confirm(by, year, row.membership)
    for row in waiting:
        COMMENDATION.check("confirm", row.status)
        check_unchanged(seen[row.pk] if seen is not None else None, row)
    if not waiting:
        raise WrongState(_("These commendations are confirmed already."))
    for row in waiting:
        row.confirmed_by, row.confirmed_at = by, at
        save_checked(row)
    for row in waiting:
        _append("commendation.confirm", row, year, by, at)
    return waiting


@transaction.atomic
def revoke(*, commendation: Commendation, reason: str, by: User, at: datetime) -> Commendation:
    """Marks an awarded row as revoked, with the reason: it stays on record and counts no more."""
    commendation, year = _locked(commendation)
    check_can_revoke(by, commendation)
    commendation.status = COMMENDATION.check("revoke", commendation.status, reason=reason).target
    commendation.revoked_reason = reason.strip()
    save_checked(commendation)
    _append("commendation.revoke", commendation, year, by, at, reason=commendation.revoked_reason)
    return commendation


def check_row(row: CommendationFacts, decided_on: date, year: EmulationYear) -> None:
    """Raises Refused with everything in `row` that contradicts the catalogue or the year (domain.md rules 24, 25)."""
    errors: dict[str, list[str]] = defaultdict(list)
    if row.membership.year_id != year.pk:
        errors["membership"].append(_("%(unit)s is no member of this year.") % {"unit": row.membership.name})
    if not row.award_form.is_valid_on(decided_on):
        text = _("“%(form)s” as chosen was not in force on %(day)s. Choose the one that was.")
        errors["award_form"].append(text % {"form": row.award_form.name, "day": date_short(decided_on)})
    if not row.award_form.is_for(row.recipient_kind):
        text = _("“%(form)s” is not given to this kind of recipient.")
        errors["recipient_kind"].append(text % {"form": row.award_form.name})
    if row.campaign is None and row.type == CommendationType.THEMATIC:
        errors["campaign"].append(_("Say for which campaign: a commendation of a thematic campaign names it."))
    if row.campaign is not None and row.campaign.year_id != year.pk:
        errors["campaign"].append(_("This campaign belongs to another year."))
    if row.is_direct_worker is not None and row.recipient_kind != RecipientKind.INDIVIDUAL:
        errors["is_direct_worker"].append(_("Only individuals are direct workers. Leave this open."))
    if year.is_published and len(row.note.strip()) < REASON_LENGTH:
        text = _("The results are published: write in the note, in at least %(count)d characters, why this comes late.")
        errors["note"].append(text % {"count": REASON_LENGTH})
    if errors:
        raise Refused(errors=errors)


def _save(commendation: Commendation, row: CommendationFacts, year: EmulationYear) -> None:
    check_row(row, commendation.decision.decided_on, year)
    for field in fields(row):
        value = getattr(row, field.name)
        setattr(commendation, field.name, " ".join(value.split()) if field.name == "recipient" else value)
    save_checked(commendation)


def _decision(year: EmulationYear, given: Decision | DecisionFacts, at: datetime) -> tuple[Decision, list[Decision]]:
    """The decision on record, or a new row for it; and the list of what is new."""
    if isinstance(given, Decision):
        if given.cluster_id != year.cluster_id:
            raise NotKnown
        return given, []
    check_decided_on(given.decided_on, at)
    facts = {"number": given.number.strip(), "decided_on": given.decided_on, "signer": " ".join(given.signer.split())}
    found = Decision.objects.filter(cluster=year.cluster, **facts).first()
    if found is not None:
        return found, []
    new = Decision(cluster=year.cluster, **facts)
    save_checked(new)
    return new, [new]


def check_decided_on(decided_on: date, at: datetime) -> None:
    """Raises Refused for a decision that is dated after the day it is recorded on (domain.md rule 25)."""
    if decided_on > timezone.localdate(at):
        raise Refused(errors={"decided_on": [_("The date of the decision lies in the future. Correct it.")]})


def _locked(commendation: Commendation) -> tuple[Commendation, EmulationYear]:
    rows = Commendation.objects.select_related("membership", "decision", "award_form")
    year = years.lock(EmulationYear.objects.get(memberships__commendations=commendation.pk))
    found = for_update(rows).get(pk=commendation.pk)
    found.membership.year = year
    return found, year


def _append(
    verb: str,
    commendation: Commendation,
    year: EmulationYear,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    new_rows: Sequence[Decision] = (),
) -> None:
    decision = commendation.decision
    changes: dict[str, object] = {"status": commendation.status}
    if commendation.status == CommendationStatus.AWARDED:
        changes = {name: plain(getattr(decision, name)) for name in ("number", "decided_on", "signer")}
        changes |= {field.name: plain(getattr(commendation, field.name)) for field in fields(CommendationFacts)}
        changes |= {"is_confirmed": commendation.confirmed_at is not None}
    journal.append(
        year,
        by=by,
        at=at,
        verb=verb,
        thing=commendation,
        reason=reason,
        changes=changes,
        rows=[commendation, *new_rows],
    )
