"""The workbook of the annual summary as the answer to a request. The view has checked who asks; nothing here does."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cluster_app.documents.blocks import Document
from cluster_app.documents.html import Toolbar, ToolbarLink
from cluster_app.documents.responses import PARAMETER
from scoring.year_end import workbook

_FORMAT = "xlsx"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(request: HttpRequest, document: Document, at: datetime) -> HttpResponse | None:
    """The workbook, or the sheet of the one annex that is asked for; None where the request asks for something else.
    Raises NotKnown for an annex that there is not, Refused for a text that no cell can hold."""
    if request.GET.get(PARAMETER) != _FORMAT:
        return None
    return HttpResponse(
        workbook.write(document, at=at, only=request.GET.get("annex", "")),
        content_type=_TYPE,
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=f"{document.title}.{_FORMAT}"
            ),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def with_workbook(request: HttpRequest, toolbar: Toolbar) -> Toolbar:
    """The toolbar with the address of the workbook: the same question, another format."""
    query = request.GET.copy()
    query[PARAMETER] = _FORMAT
    link = ToolbarLink(f"{request.path}?{query.urlencode()}", _("Excel"))
    return replace(toolbar, links=(link, *toolbar.links))
