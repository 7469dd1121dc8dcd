"""The issued documents of a year: the list, one of them, and its kept copy to print and to compare with."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib.errors import NotKnown
from members.addresses import year_url
from members.loading import year_view
from scoring import permissions
from scoring.issued import pages
from scoring.issued.printing import kept_document
from scoring.verify import codes


@require_safe
@year_view
def issued_list(request, year):
    permissions.check_can_list_papers(request.user, year)
    context = {"year": year, "rows": pages.rows(year, request.user), "papers_url": year_url("scoring:papers", year)}
    return render(request, "scoring/issued_list.html", context)


@require_safe
@year_view
def issued_detail(request, year, code):
    document = _document(request, year, code)
    return render(request, "scoring/issued_detail.html", pages.detail(document, year))


@require_safe
@year_view
def issued_print(request, year, code):
    """The kept copy; one that was withdrawn says so across every page. Raises WrongState if it was changed."""
    document = kept_document(_document(request, year, code))
    return respond(request, document, toolbar=Toolbar(back_url=year_url("scoring:issued_detail", year, code=code)))


def _document(request, year, code):
    permissions.check_can_list_papers(request.user, year)
    found = pages.of_year(year).filter(code=codes.normal(code)).first()
    if found is None:
        raise NotKnown
    permissions.check_can_print_paper(request.user, year, found)
    return found
