"""What a service of this app checks before it changes what a page has shown."""

from django.db.models import Model
from django.utils.translation import gettext as _

from awards.calculations import fingerprint
from cluster_app.lib.errors import Stale


def check_unchanged(seen: str | None, *rows: Model) -> None:
    """Raises Stale if `rows` differ from what the person's page showed. A command has seen no page and gives None."""
    if seen is not None and seen != fingerprint(*rows):
        raise Stale(
            _("Somebody else changed this after your page was shown. Compare it with what you typed, then save again.")
        )
