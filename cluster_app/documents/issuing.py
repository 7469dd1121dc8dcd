"""Freezing a document when it goes out, and taking it back.

This package stands beside the audit log and may not import it. Therefore these functions check no permission and append
no audit event: the caller (a service that knows the year) does both, inside the transaction in which it calls them.
"""

import json
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.documents import freezing
from cluster_app.documents.blocks import Document
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update

# Where scoring.issued answers; printed on paper, so that it can never change.
CHECK_PATH = "/verify/"


@transaction.atomic
def issue(
    *,
    document: Document,
    kind: DocumentKind,
    cluster_key: str,
    year: int,
    subject_key: str = "",
    by: AbstractBaseUser,
    at: datetime,
) -> IssuedDocument:
    """Keeps the content of `document` for good and gives it a code. Refused while a valid one of its kind exists.

    The caller appends the audit event.
    """
    letterhead = document.letterhead
    content = freezing.canonical(document)
    digest = freezing.digest_of_text(content)
    issued = IssuedDocument(
        kind=kind,
        cluster_key=cluster_key,
        year=year,
        subject_key=subject_key,
        number_symbol=letterhead.number_symbol if letterhead else "",
        dated_on=letterhead.dated_on if letterhead else None,
        title=document.title,
        content=content,
        digest=digest,
        code=_free_code(digest),
        issued_at=at,
        issued_by_key=by.get_username(),
    )
    save_checked(issued)
    return issued


@transaction.atomic
def withdraw(*, issued: IssuedDocument, reason: str, by: AbstractBaseUser, at: datetime) -> IssuedDocument:
    """Declares an issued document void; its content stays. The caller appends the audit event."""
    locked = for_update(IssuedDocument.objects).get(pk=issued.pk)
    if locked.withdrawn_at is not None:
        raise WrongState(_("This document has been withdrawn already."))
    if not reason.strip():
        raise Refused(errors={"reason": [_("Say why the document is withdrawn.")]})
    locked.withdrawn_at = at
    locked.withdrawn_by_key = by.get_username()
    locked.withdrawn_reason = reason.strip()
    save_checked(locked)
    return locked


def valid(*, kind: DocumentKind, cluster_key: str, year: int, subject_key: str = "") -> IssuedDocument | None:
    """The issued document of this kind and subject that has not been withdrawn."""
    return (
        IssuedDocument.objects.valid()
        .filter(kind=kind, cluster_key=cluster_key, year=year, subject_key=subject_key)
        .first()
    )


def document_of(issued: IssuedDocument) -> Document:
    """The document as it was issued; its foot carries the code and the digest by which a print can be checked, and
    the address at which that is done."""
    document = freezing.from_data(json.loads(issued.content))
    url = check_url(issued.code)
    place = f" (kiểm tra tại {url})" if url else ""
    return replace(document, footer_note=f"Mã văn bản: {issued.code}{place}. SHA-256: {issued.digest}", check_url=url)


def check_url(code: str) -> str:
    """The address at which the code of a print is checked; empty where the server does not know its own address."""
    return f"{settings.SITE_URL}{CHECK_PATH}{code}" if settings.SITE_URL and code else ""


def is_intact(issued: IssuedDocument) -> bool:
    """Whether the kept content still is what the digest was made from."""
    return freezing.digest_of_text(issued.content) == issued.digest


def _free_code(digest: str) -> str:
    """The head of the digest, or its next digits where another document has them (the same content issued again)."""
    codes = [freezing.code(digest, attempt=attempt) for attempt in range(len(digest) // freezing.CODE_LENGTH)]
    taken = set(IssuedDocument.objects.filter(code__in=codes).values_list("code", flat=True))
    free = [code for code in codes if code not in taken]
    if not free:
        raise Refused(_("The same content has been issued too often. Change the document before issuing it again."))
    return free[0]
