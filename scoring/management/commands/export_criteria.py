from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cluster_app.lib import clock
from scoring.excel import pages
from scoring.excel.commands import in_words, write_to, year_named
from scoring.excel.criteria_writing import write_set


class Command(BaseCommand):
    help = "Writes the criteria set in force, else the draft, of a year into an .xlsx file (docs/excel.md)."

    def add_arguments(self, parser):
        parser.add_argument("--cluster", required=True, help="the cluster's address, such as lang-son")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--output", required=True, help="the .xlsx file to write")

    def handle(self, *args, cluster, year, output, **options):
        with in_words(self):
            found = year_named(cluster, year)
            criteria_set = pages.exported_set(found, "")
            if criteria_set is None:
                raise CommandError(_("The year %(year)s has no criteria set yet.") % {"year": year})
            criteria_set.year = found
            write_to(output, write_set(criteria_set, at=clock.now()))
