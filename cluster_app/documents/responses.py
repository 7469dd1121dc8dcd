"""A document as the answer to a request: the page, or with `?format=` its PDF or its Word file.

The view has checked who asks; nothing here does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from cluster_app.documents import pdf, word
from cluster_app.documents.blocks import Document
from cluster_app.documents.html import Toolbar, render_page
from cluster_app.lib.vietnamese import fold

PARAMETER = "format"

_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|]+")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a document becomes a file; an `is_shown` one opens in the browser, another is saved."""

    render: Callable[[Document], bytes]
    content_type: str
    is_shown: bool = False


FORMATS = {
    "pdf": FileFormat(pdf.render, "application/pdf", is_shown=True),
    "docx": FileFormat(word.render, word.CONTENT_TYPE),
}


def respond(
    request: HttpRequest, document: Document, *, toolbar: Toolbar | None = None, filename: str = ""
) -> HttpResponse:
    """The file that `?format=` asks for, else the page, whose toolbar offers the files. Raises Http404 for another
    format. `filename` goes without its ending; without one the file is called like the document."""
    found = file_response(request, document, filename)
    if found is not None:
        return found
    return HttpResponse(render_page(document, toolbar=with_files(request, toolbar), request=request))


def file_response(request: HttpRequest, document: Document, filename: str = "") -> HttpResponse | None:
    """The file that `?format=` asks for, None without it. Raises Http404 for a format that there is not."""
    name = request.GET.get(PARAMETER)
    if name is None:
        return None
    wanted = FORMATS.get(name)
    if wanted is None:
        raise Http404
    return HttpResponse(
        wanted.render(document),
        content_type=wanted.content_type,
        headers={
            "Content-Disposition": _disposition(filename or document.title, name, is_shown=wanted.is_shown),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def with_files(request: HttpRequest, toolbar: Toolbar | None = None) -> Toolbar:
    """The toolbar with the addresses of the page's own files: the same question, another format."""
    urls = {}
    for name in FORMATS:
        query = request.GET.copy()
        query[PARAMETER] = name
        urls[name] = f"{request.path}?{query.urlencode()}"
    return replace(toolbar or Toolbar(), pdf_url=urls["pdf"], word_url=urls["docx"])


def _disposition(name: str, ending: str, *, is_shown: bool) -> str:
    """Names the file twice: in plain letters for every program, and as it is called (RFC 6266, RFC 5987)."""
    called = " ".join(_NOT_IN_NAMES.sub(" ", name).split())[:_LONGEST_NAME].strip(" .") or "van-ban"
    plain = _NOT_PLAIN.sub("-", fold(called)).strip("-") or "van-ban"
    kind = "inline" if is_shown else "attachment"
    full = content_disposition_header(as_attachment=True, filename=f"{called}.{ending}") or ""
    if "filename*=" not in full:
        return f'{kind}; filename="{plain}.{ending}"'
    return f'{kind}; filename="{plain}.{ending}"; filename*={full.partition("filename*=")[2]}'
