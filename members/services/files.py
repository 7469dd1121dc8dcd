"""Keeping the files that people hand in: under random names, unchanged, each content once for a unit and year."""

import hashlib
import secrets
import weakref
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotKnown, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.uploads import Upload, refusal
from members.models import EmulationYear, Membership, StoredFile, User
from members.permissions import check_not_archived
from members.services import journal

_PIECE = 1024 * 1024


@transaction.atomic
def store(*, upload: Upload, year: EmulationYear, membership: Membership | None, by: User, at: datetime) -> StoredFile:
    """Keeps a judged file for a unit's year, or for the cluster where `membership` is None, and returns its row.

    The caller has checked the right. A file of the same content that the unit handed in before is found again. Raises
    WrongState in an archived year, Refused where the unit's quota for the year (bytes, from the settings) is used up.
    """
    # Who stores for the same unit, or for the cluster, waits here: the quota is counted under this lock.
    if membership is None:
        year = for_update(EmulationYear.objects).select_related("cluster").get(pk=year.pk)
    else:
        members = for_update(Membership.objects).select_related("year__cluster")
        year = members.get(pk=membership.pk).year
    check_not_archived(year)
    kept = StoredFile.objects.filter(year=year, membership=membership)
    sha256 = hashlib.sha256(upload.content).hexdigest()
    if same := kept.filter(sha256=sha256).first():
        return same
    _check_quota(upload, kept.aggregate(used=Sum("size"))["used"] or 0)
    stored = StoredFile(
        year=year,
        membership=membership,
        name=upload.name,
        extension=upload.extension,
        size=upload.size,
        sha256=sha256,
        stored_name=_write(upload, year),
        uploaded_by=by,
        uploaded_at=at,
    )
    save_checked(stored)
    changes = {"name": stored.name, "size": stored.size, "sha256": sha256}
    journal.append(year, by=by, at=at, verb="file.store", thing=stored, changes=changes, rows=[stored])
    return stored


def open_file(stored: StoredFile) -> File:
    """Opens the content for reading. Raises NotKnown where it is gone from the disk."""
    try:
        return default_storage.open(stored.stored_name)
    except OSError as error:
        raise NotKnown(
            _("The content of this file is missing. Tell the administrator; it is kept in the backup.")
        ) from error


def problems(files: Iterable[StoredFile]) -> Iterator[str]:
    """Names in sentences the files whose content is gone, or no longer what was handed in. Reads all of it."""
    for stored in files:
        names = {"file": stored.name, "place": stored.stored_name}
        try:
            sha256 = _hash_on_disk(stored)
        except OSError:
            yield _("The content of the file “%(file)s” (%(place)s) is missing. Take it from the backup.") % names
            continue
        if sha256 != stored.sha256:
            yield (_("The content of the file “%(file)s” (%(place)s) was changed. Take it from the backup.") % names)


def _check_quota(upload: Upload, used: int) -> None:
    if used + upload.size > settings.UPLOAD_QUOTA_OF_UNIT:
        raise refusal(
            _(
                "The files of this year would take more than the %(limit)d MB of the unit. Give the number and date of "
                "the document instead, or a smaller scan."
            )
            % {"limit": settings.UPLOAD_QUOTA_OF_UNIT // _PIECE}
        )


class _Written:
    """A file on the disk that no row names yet. It is removed again when the transaction that makes the row ends
    without having kept it: then Django drops its callback, and with it this object."""

    def __init__(self, place: str) -> None:
        self._undo = weakref.finalize(self, default_storage.delete, place)

    def keep(self) -> None:
        self._undo.detach()


def _write(upload: Upload, year: EmulationYear) -> str:
    """Writes the content before its row, under a name that nobody can guess."""
    place = default_storage.save(f"{year.year}/{secrets.token_urlsafe(32)}", ContentFile(upload.content))
    transaction.on_commit(_Written(place).keep)
    return place


def _hash_on_disk(stored: StoredFile) -> str:
    digest = hashlib.sha256()
    with default_storage.open(stored.stored_name) as file:
        for piece in file.chunks(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
