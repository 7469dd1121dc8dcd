"""An approved card is frozen in the database itself: while a valid approval exists, neither the card nor its lines
change, on whatever path. An approval is never deleted; only its revocation may be written, once.

A criteria set that was put into force is frozen likewise, with its criteria, levels and rules; it can only be replaced
by a later version."""

from collections.abc import Callable, Iterable

from cluster_app.lib.triggers import Trigger

_MESSAGE = "an approved score card is frozen"
_SET_MESSAGE = "an applied criteria set is frozen"


def _is_approved(card: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM scoring_approval "
        f"WHERE scoring_approval.scorecard_id = {card} AND scoring_approval.revoked_at IS NULL)"
    )


_APPROVAL_COLUMNS = (
    "scorecard_id",
    "office",
    "approver_id",
    "unit_id",
    "approver_unit_id",
    "resolution_id",
    "delegation_id",
    "snapshot",
    "digest",
    "approved_at",
)


def _changed(columns: Iterable[str]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


_EVIDENCE_COLUMNS = (
    "scorecard_id",
    "kind",
    "title",
    "file_id",
    "number",
    "issued_on",
    "url",
    "record_key",
    "replaces_id",
    "added_by_id",
    "added_at",
)
_HIDDEN = ("hidden_at", "hidden_by_id", "hidden_reason")


def _is_line_approved(line: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM scoring_approval JOIN scoring_scoreline "
        "ON scoring_scoreline.scorecard_id = scoring_approval.scorecard_id "
        f"WHERE scoring_scoreline.id = {line} AND scoring_approval.revoked_at IS NULL)"
    )


def _is_objection_approved(objection: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM scoring_approval JOIN scoring_scoreline "
        "ON scoring_scoreline.scorecard_id = scoring_approval.scorecard_id "
        "JOIN scoring_objection ON scoring_objection.line_id = scoring_scoreline.id "
        f"WHERE scoring_objection.id = {objection} AND scoring_approval.revoked_at IS NULL)"
    )


def _is_set_applied(criteria_set: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM scoring_criteriaset "
        f"WHERE scoring_criteriaset.id = {criteria_set} AND scoring_criteriaset.status <> 'draft')"
    )


def _is_criterion_applied(criterion: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM scoring_criterion JOIN scoring_criteriaset "
        "ON scoring_criteriaset.id = scoring_criterion.criteria_set_id "
        f"WHERE scoring_criterion.id = {criterion} AND scoring_criteriaset.status <> 'draft')"
    )


def _frozen(table: str, name: str, column: str, is_frozen: Callable[[str], str], message: str) -> list[Trigger]:
    """Refuses every change of the rows of `table` that belong to something frozen."""
    old, new = is_frozen(f"OLD.{column}"), is_frozen(f"NEW.{column}")
    return [
        Trigger(f"{name}_frozen_insert", table, "INSERT", new, message),
        Trigger(f"{name}_frozen_update", table, "UPDATE", f"{old} OR {new}", message),
        Trigger(f"{name}_frozen_delete", table, "DELETE", old, message),
    ]


_SET_COLUMNS = ("year_id", "version", "title", "declared_total", "allows_shared_records", "applied_at", "applied_by_id")


def _kept(table: str, name: str, message: str, *, may_change: str = "") -> list[Trigger]:
    """Rows that are never deleted, and never changed but in columns that the condition `may_change` leaves out."""
    return [
        Trigger(f"{name}_kept_update", table, "UPDATE", may_change or "(1 = 1)", message),
        Trigger(f"{name}_kept_delete", table, "DELETE", "(1 = 1)", message),
    ]


TRIGGERS = [
    Trigger("scorecard_frozen_update", "scoring_scorecard", "UPDATE", _is_approved("OLD.id"), _MESSAGE),
    Trigger("scorecard_frozen_delete", "scoring_scorecard", "DELETE", _is_approved("OLD.id"), _MESSAGE),
    Trigger("scoreline_frozen_insert", "scoring_scoreline", "INSERT", _is_approved("NEW.scorecard_id"), _MESSAGE),
    Trigger(
        "scoreline_frozen_update",
        "scoring_scoreline",
        "UPDATE",
        f"{_is_approved('OLD.scorecard_id')} OR {_is_approved('NEW.scorecard_id')}",
        _MESSAGE,
    ),
    Trigger("scoreline_frozen_delete", "scoring_scoreline", "DELETE", _is_approved("OLD.scorecard_id"), _MESSAGE),
    Trigger("approval_no_delete", "scoring_approval", "DELETE", "(1 = 1)", "approvals are kept"),
    Trigger(
        "approval_only_revoked",
        "scoring_approval",
        "UPDATE",
        f"(OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR {_changed(_APPROVAL_COLUMNS)})",
        "an approval can only be revoked",
    ),
    *_frozen("scoring_linerecord", "line_record", "line_id", _is_line_approved, _MESSAGE),
    *_frozen("scoring_evidence", "evidence", "scorecard_id", _is_approved, _MESSAGE),
    *_kept(
        "scoring_evidence",
        "evidence",
        "evidence is kept; it can only be hidden",
        may_change=f"({_changed(_EVIDENCE_COLUMNS)} OR (OLD.hidden_at IS NOT NULL AND ({_changed(_HIDDEN)})))",
    ),
    *_kept("scoring_submission", "submission", "submissions are kept"),
    Trigger("submission_frozen_insert", "scoring_submission", "INSERT", _is_approved("NEW.scorecard_id"), _MESSAGE),
    *_kept("scoring_signedpaper", "signed_paper", "signed papers are kept"),
    Trigger("signed_paper_frozen_insert", "scoring_signedpaper", "INSERT", _is_approved("NEW.scorecard_id"), _MESSAGE),
    *_kept("scoring_objection", "objection", "a settled objection is kept", may_change="OLD.status <> 'open'"),
    *_kept("scoring_objectionmessage", "objection_message", "messages are kept"),
    Trigger(
        "objection_message_frozen_insert",
        "scoring_objectionmessage",
        "INSERT",
        _is_objection_approved("NEW.objection_id"),
        _MESSAGE,
    ),
    *_frozen("scoring_objection", "objection", "line_id", _is_line_approved, _MESSAGE),
    *_frozen("scoring_criterion", "criterion", "criteria_set_id", _is_set_applied, _SET_MESSAGE),
    *_frozen("scoring_criterionlevel", "criterion_level", "criterion_id", _is_criterion_applied, _SET_MESSAGE),
    *_frozen("scoring_sourcerule", "source_rule", "criterion_id", _is_criterion_applied, _SET_MESSAGE),
    Trigger(
        "criteria_set_frozen",
        "scoring_criteriaset",
        "UPDATE",
        f"OLD.status <> 'draft' AND (NEW.status NOT IN (OLD.status, 'replaced') OR {_changed(_SET_COLUMNS)})",
        _SET_MESSAGE,
    ),
    Trigger("criteria_set_no_delete", "scoring_criteriaset", "DELETE", "OLD.status <> 'draft'", _SET_MESSAGE),
]
