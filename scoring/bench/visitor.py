"""A signed-in person who asks for pages through the real handler: every middleware, a real session, CSRF checked."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from members.models import User

HOST = "localhost"
_BACKEND = "members.backends.PersonBackend"


class Visitor:
    def __init__(self, user: User) -> None:
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME=HOST, headers={"referer": f"https://{HOST}/"})
        with override_settings(AXES_ENABLED=False):  # it asks for the address of a person who signs in by a form
            self.client.force_login(user, backend=_BACKEND)

    def get(self, url: str) -> Any:
        return self.client.get(url, secure=True)

    def post(self, url: str, data: Mapping[str, object]) -> Any:
        """Sends what htmx would send from a page that was opened before."""
        token = self.client.cookies[settings.CSRF_COOKIE_NAME].value
        return self.client.post(url, data, secure=True, headers={"hx-request": "true", "x-csrftoken": token})
