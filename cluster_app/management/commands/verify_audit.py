from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cluster_app.audit import verification


class Command(BaseCommand):
    help = "Checks the audit log and every protected row. Exit status 1 and the first bad row if they disagree."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="an earlier head, as printed on a report (count:digest)")

    def handle(self, *args, head, **options):
        result = verification.verify(head)
        if result.problem:
            raise CommandError(result.problem)
        self.stdout.write(
            _("%(events)s events verified. Head of the log: %(head)s") % {"events": result.events, "head": result.head}
        )
