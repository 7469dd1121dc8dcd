from itertools import islice

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from scoring import integrity

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Computes points, totals and digests anew, reads every file again and looks for missing triggers. "
        "Exit status 1 with what is wrong."
    )

    def handle(self, *args, **options):
        found = list(islice(integrity.problems(), SHOWN))
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(_("Triggers, points, totals, approvals, publications and files are as they should be."))
