"""Handing a stored file back. The view has checked who asks; nothing here does."""

from django.http import FileResponse

from members.models import StoredFile
from members.services import files

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "png": "image/png",
}


def attachment(stored: StoredFile) -> FileResponse:
    """The file to be saved, never shown: whatever it holds, no browser runs it in the name of this site."""
    return FileResponse(
        files.open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=_TYPES[stored.extension],
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )
