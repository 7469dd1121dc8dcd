"""Decisions by themselves: one is recorded before its rows, or corrected for every row that hangs on it."""

from dataclasses import asdict, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from awards.models import Commendation, Decision
from awards.permissions import check_can_edit_commendation
from awards.services.commendations import DecisionFacts, check_decided_on
from awards.services.guards import check_unchanged
from cluster_app.audit import log
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotAllowed, Refused, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.wording import date_short
from members.models import Cluster, EmulationYear, User
from members.permissions import secretariat_of
from members.services import years


@transaction.atomic
def record(*, cluster: Cluster, facts: DecisionFacts, by: User, at: datetime) -> Decision:
    """Records a decision whose rows follow. Raises Refused if it is on record already."""
    _check_secretariat(by, cluster.pk)
    check_decided_on(facts.decided_on, at)
    decision = Decision(cluster=cluster, **asdict(facts))
    save_checked(decision)
    _append("decision.record", decision, by, at)
    return decision


@transaction.atomic
def correct(*, decision: Decision, facts: DecisionFacts, by: User, at: datetime, seen: str | None = None) -> Decision:
    """Corrects number, date or signer. The person must be allowed to correct every commendation of the decision.

    Raises Stale if the decision is not the one the person saw.
    """
    rows = _locked_rows(decision)
    decision = for_update(Decision.objects).select_related("cluster").get(pk=decision.pk)
    _check_secretariat(by, decision.cluster_id)
    for row in rows:
        check_can_edit_commendation(by, row)
    check_unchanged(seen, decision)
    check_decided_on(facts.decided_on, at)
    for row in rows:
        if not row.award_form.is_valid_on(facts.decided_on):
            text = _("“%(form)s” of %(recipient)s was not in force on %(day)s.")
            names = {"form": row.award_form.name, "recipient": row.recipient, "day": date_short(facts.decided_on)}
            raise Refused(errors={"decided_on": [text % names]})
    for name, value in asdict(facts).items():
        setattr(decision, name, value)
    save_checked(decision)
    _append("decision.correct", decision, by, at)
    return decision


def _check_secretariat(user: User, cluster_pk: int) -> None:
    if cluster_pk not in secretariat_of(user):
        raise NotAllowed(_("Decisions by themselves are recorded and corrected by the secretariat."))


def _append(verb: str, decision: Decision, by: User, at: datetime) -> None:
    log.append(
        by=by,
        at=at,
        verb=verb,
        thing=decision,
        cluster=decision.cluster.slug,
        changes={field.name: plain(getattr(decision, field.name)) for field in fields(DecisionFacts)},
        rows=[decision],
    )


def _locked_rows(decision: Decision) -> list[Commendation]:
    """The commendations of the decision, with their years locked: a row of an archived year refuses the change."""
    of_decision = Commendation.objects.filter(decision=decision)
    in_order = EmulationYear.objects.filter(memberships__commendations__decision=decision).distinct().order_by("pk")
    locked = {year.pk: years.lock(year) for year in in_order}
    rows = list(for_update(of_decision).select_related("membership", "award_form").order_by("pk"))
    for row in rows:
        row.membership.year = locked[row.membership.year_id]
    return rows
