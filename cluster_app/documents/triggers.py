"""An issued document never changes, but for being withdrawn once; it is never deleted."""

from cluster_app.lib.triggers import Trigger

TABLE = "documents_issueddocument"
FROZEN_COLUMNS = (
    "kind",
    "cluster_key",
    "year",
    "subject_key",
    "number_symbol",
    "title",
    "content",
    "digest",
    "code",
    "issued_at",
    "issued_by_key",
)
CHANGED = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in FROZEN_COLUMNS)
REDATED = "(OLD.dated_on IS NULL) <> (NEW.dated_on IS NULL) OR OLD.dated_on <> NEW.dated_on"

TRIGGERS = [
    Trigger(
        "issued_document_frozen",
        TABLE,
        "UPDATE",
        f"(OLD.withdrawn_at IS NOT NULL OR {REDATED} OR {CHANGED})",
        "an issued document is frozen",
    ),
    Trigger("issued_document_kept", TABLE, "DELETE", "(1 = 1)", "an issued document is kept"),
]
