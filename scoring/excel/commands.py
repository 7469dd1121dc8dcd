"""What the commands for Excel files have in common: finding what they name, and saying why nothing was done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from cluster_app.lib.errors import DomainError, NotKnown
from cluster_app.lib.spreadsheets.survey import MOST_BYTES
from members.models import EmulationYear, User
from scoring import queries
from scoring.excel.choices import FILE_LANGUAGE
from scoring.models import Scorecard


@contextmanager
def in_words(command: BaseCommand) -> Iterator[None]:
    """Inside the block everything is said in the language of the files. A refusal becomes a CommandError, after a line
    for every cell at fault."""
    with translation.override(FILE_LANGUAGE):
        try:
            yield
        except DomainError as error:
            for sentence in error.missing:
                command.stderr.write(sentence, command.style.NOTICE)
            raise CommandError(" ".join(filter(None, (error.message, error.next_step)))) from error


def year_named(cluster: str, year: int) -> EmulationYear:
    """Raises CommandError for a year that does not exist."""
    years = EmulationYear.objects.select_related("cluster", "rules")
    found = years.filter(cluster__slug=cluster, year=year).first()
    if found is None:
        text = _("There is no year %(year)s in a cluster %(cluster)s.")
        raise CommandError(text % {"year": year, "cluster": cluster})
    return found


def user_named(username: str) -> User:
    """Raises CommandError for an account that does not exist or is locked."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(_("There is no active account %(username)s.") % {"username": username})
    return found


def card_named(year: EmulationYear, unit: str) -> Scorecard:
    """Raises CommandError for a unit that is no member of the year, or has no card yet."""
    try:
        return queries.card_of(year, unit)
    except NotKnown as error:
        text = _("The year %(year)s has no score card of a unit %(unit)s.")
        raise CommandError(text % {"year": year.year, "unit": unit}) from error


def content_of(path: str) -> bytes:
    """The content of a file; of one that is too large only as much as shows that it is. Raises CommandError."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(_("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}) from error


def write_to(path: str, content: bytes) -> None:
    """Raises CommandError for a file that cannot be written."""
    try:
        Path(path).write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(_("%(path)s cannot be written: %(reason)s.") % {"path": path, "reason": reason}) from error
