"""The one printer of what was issued: whichever page asks for a paper, it is the same document."""

from dataclasses import replace

from django.utils.translation import gettext as _

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of
from cluster_app.documents import issuing, marks
from cluster_app.documents.blocks import Document
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import WrongState


def kept_document(issued: IssuedDocument) -> Document:
    """The paper out of its frozen content alone. Its foot carries code, digest and the head of the audit log when it
    was issued; one that was withdrawn says so across every page. Raises WrongState if the content is no longer what was
    issued. One query."""
    if not issuing.is_intact(issued):
        raise WrongState(
            _("The kept content of this document is no longer what was issued. It is not printed."),
            next_step=_("Tell the administrator; the audit log can show when it was changed."),
        )
    document = issuing.document_of(issued)
    withdrawn = (marks.WITHDRAWN,) if issued.withdrawn_at is not None else ()
    return replace(
        document,
        footer_note=f"{document.footer_note}.{_head_at_issue(issued)}",
        watermarks=(*withdrawn, *document.watermarks),
    )


def _head_at_issue(issued: IssuedDocument) -> str:
    """The first event of a document is that of its issue."""
    event = AuditEvent.objects.filter(object_key=key_of(issued)).order_by("sequence").first()
    return f" Nhật ký hệ thống: {event.sequence}:{event.digest[:12]}." if event else ""
