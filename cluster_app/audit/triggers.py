"""Once written, an audit event is neither changed nor deleted."""

from cluster_app.lib.triggers import Trigger

TRIGGERS = [
    Trigger(f"audit_event_no_{event.lower()}", "audit_auditevent", event, "(1 = 1)", "audit events are append-only")
    for event in ("UPDATE", "DELETE")
]
