"""Error pages. They need no database and no session."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import TooManyFilesSent
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _page(status: int, message: str) -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{status}.html", {"message": message}), status=status)


@login_not_required
def bad_request(request, exception=None):
    if isinstance(exception, TooManyFilesSent):
        return _page(400, _("Too many files were sent at once. Go back and send one file at a time."))
    return _page(400, _("The browser sent something this page cannot read. Go back and try again."))


@login_not_required
def permission_denied(request, exception=None):
    return _page(403, _("You may not open this page."))


@login_not_required
def page_not_found(request, exception=None):
    return _page(404, _("This page does not exist, or it is not open to you."))


@login_not_required
def server_error(request):
    return _page(500, _("Something went wrong on our side. Nothing was changed. Try again in a minute."))


@login_not_required
def unavailable(request):
    return _page(503, _("The database is busy or cannot be reached. Nothing was changed. Try again in a minute."))


@login_not_required
def csrf_failure(request, reason=""):
    return _page(403, _("This form is too old. Go back, reload the page and send it again."))
