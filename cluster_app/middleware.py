"""What happens around every view: language, errors of the domain, sign-in, and no copies in shared caches."""

import logging

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from cluster_app.error_pages import unavailable
from cluster_app.lib.errors import DomainError, NotAllowed, NotKnown

denials = logging.getLogger("cluster_app.denials")
failures = logging.getLogger("cluster_app.failures")


class LanguageMiddleware:
    """The person's stored choice, else the cookie, else Vietnamese. What the browser asks for is ignored: office PCs
    are often set up in English for people who do not read it."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        chosen = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response


class ErrorMiddleware:
    """Answers an error of the domain with its status and its sentence, and writes a denial to the log file."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError):
            failures.error("%s %s", request.method, request.path, exc_info=exception)
            return unavailable(request)
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotAllowed | NotKnown):
            denials.info(
                "%s %s %s by %s",
                exception.status_code,
                request.method,
                request.path,
                request.user.get_username() or "-",
            )
        status = exception.status_code if exception.status_code >= 400 else 400
        context = {"message": exception.message, "next_step": exception.next_step, "missing": exception.missing}
        return render(request, f"errors/{status}.html", context, status=status)


class NoStoreMiddleware:
    """Pages of a signed-in person are not kept by a browser that the next person uses too."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Login by default for every URL. A fragment asked for by htmx is answered 401, so that the page keeps the cell."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request"):
            return HttpResponse(_("You have been signed out. Sign in again in another tab."), status=401)
        return super().handle_no_permission(request, view_func)


class PasswordChangeMiddleware:
    """A person with a one-time password sees nothing but the page to change it."""

    open_views = frozenset({"members:password_change", "members:logout", "members:language_change", "members:login"})

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(request.user, "must_change_password", False):
            return None
        if request.resolver_match.view_name in self.open_views:
            return None
        return redirect(reverse("members:password_change"))
