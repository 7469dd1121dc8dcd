"""An approved card is frozen in the database itself: while a valid approval exists, neither the card nor its lines
change, on whatever path. An approval is never deleted; only its revocation may be written, once."""

from cluster_app.lib.triggers import Trigger

_MESSAGE = "an approved score card is frozen"


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
    "snapshot",
    "digest",
    "approved_at",
)
_IS_CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _APPROVAL_COLUMNS)

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
        f"(OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL OR {_IS_CHANGED})",
        "an approval can only be revoked",
    ),
]
