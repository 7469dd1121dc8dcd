from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cluster_app.lib import clock
from scoring import criteria_pages
from scoring.excel.commands import content_of, in_words, user_named, year_named
from scoring.excel.criteria_reading import award_form_codes, read_criteria
from scoring.services import imports


class Command(BaseCommand):
    help = "Takes a criteria set from an .xlsx file into the draft of a year, all or nothing (docs/excel.md)."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the .xlsx file")
        parser.add_argument("--cluster", required=True, help="the cluster's address, such as lang-son")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--as", dest="username", help="on behalf of this account; else of the command line")
        parser.add_argument("--dry-run", action="store_true", help="check the file, change nothing")

    def handle(self, *args, file, cluster, year, username, dry_run, **options):
        with in_words(self):
            found = year_named(cluster, year)
            user = user_named(username) if username else None
            read = read_criteria(content_of(file), name=Path(file).name, award_forms=award_form_codes())
            take_over = imports.try_criteria if dry_run else imports.import_criteria
            imported = take_over(year=found, file=read, by=user, at=clock.now())
            for change in imported.head:
                self.stdout.write(f"{change.label}: {change.before} → {change.after}")
            self.stdout.write(criteria_pages.diff_summary(imported.diff))
            if dry_run:
                self.stdout.write(_("Dry run: nothing was changed."))
