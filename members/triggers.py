"""Files that were handed in, and delegations that were given, stay what they are; a delegation can be ended, once."""

from cluster_app.lib.triggers import Trigger

_DELEGATION_COLUMNS = (
    "principal_id",
    "delegate_unit_id",
    "delegate_id",
    "form",
    "number",
    "decided_on",
    "starts_on",
    "ends_on",
    "recorded_by_id",
    "recorded_at",
)
_IS_CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _DELEGATION_COLUMNS)
_FILES = "files are kept as they were handed in"
_DELEGATIONS = "a delegation can only be ended"

TRIGGERS = [
    Trigger("stored_file_no_update", "members_storedfile", "UPDATE", "(1 = 1)", _FILES),
    Trigger("stored_file_no_delete", "members_storedfile", "DELETE", "(1 = 1)", _FILES),
    Trigger(
        "delegation_only_ended",
        "members_delegation",
        "UPDATE",
        f"(OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR {_IS_CHANGED})",
        _DELEGATIONS,
    ),
    Trigger("delegation_no_delete", "members_delegation", "DELETE", "(1 = 1)", _DELEGATIONS),
]
