"""An issued document never changes, but for being withdrawn once; it is never deleted. Neither is a number that was
given: it is issued or void for good, and its register gives the next one only."""

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
KEPT_OF_NUMBER = ("register_id", "number", "purpose", "reserved_at", "reserved_by_key")
KEPT_OF_REGISTER = ("cluster_key", "type_code", "period", "first_number")
LEAVES_A_GAP = (
    "(NEW.last_number > OLD.last_number AND OLD.last_number >= OLD.first_number AND NOT EXISTS "
    "(SELECT 1 FROM documents_documentnumber WHERE register_id = OLD.id AND number = OLD.last_number))"
)
REDATED = "(OLD.dated_on IS NULL) <> (NEW.dated_on IS NULL) OR OLD.dated_on <> NEW.dated_on"


def _any_changed(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


TRIGGERS = [
    Trigger(
        "issued_document_frozen",
        TABLE,
        "UPDATE",
        f"(OLD.withdrawn_at IS NOT NULL OR {REDATED} OR {CHANGED})",
        "an issued document is frozen",
    ),
    Trigger("issued_document_kept", TABLE, "DELETE", "(1 = 1)", "an issued document is kept"),
    Trigger(
        "document_number_follows",
        "documents_documentnumber",
        "INSERT",
        "(NEW.number IS DISTINCT FROM (SELECT last_number FROM documents_numberregister WHERE id = NEW.register_id))",
        "a register gives the next number only",
    ),
    Trigger(
        "document_number_settled",
        "documents_documentnumber",
        "UPDATE",
        f"(OLD.status <> 'reserved' OR {_any_changed(KEPT_OF_NUMBER)})",
        "a number is issued or void for good",
    ),
    Trigger("document_number_kept", "documents_documentnumber", "DELETE", "(1 = 1)", "a number that was given is kept"),
    Trigger(
        "number_register_grows",
        "documents_numberregister",
        "UPDATE",
        f"(NEW.last_number NOT IN (OLD.last_number, OLD.last_number + 1) OR {LEAVES_A_GAP} "
        f"OR {_any_changed(KEPT_OF_REGISTER)})",
        "a register of numbers grows by one",
    ),
    Trigger("number_register_kept", "documents_numberregister", "DELETE", "(1 = 1)", "a register of numbers is kept"),
]
