from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import override_settings
from django.utils.translation import gettext as _

from scoring.bench import criteria, database, pages, paper_files, report
from scoring.bench.measuring import measure
from scoring.bench.seeding import Size, seed
from scoring.bench.visitor import HOST, Visitor

# Served as at work, with the addresses of the floor; static files are not collected for it.
SETTINGS = {
    "DEBUG": False,
    "ROOT_URLCONF": "scoring.bench.urls",
    "ALLOWED_HOSTS": [HOST],
    "STORAGES": settings.STORAGES
    | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "WHITENOISE_AUTOREFRESH": True,
    "WHITENOISE_USE_FINDERS": True,
}


# Sixty papers take seconds: a few rounds tell enough.
MOST_PAPER_ROUNDS = 5


class Command(BaseCommand):
    help = (
        "Fills a database of its own and prints the SQL statements of every page, and its CPU as a multiple of the "
        "cheapest page's, then that of papers as files. Exit status 1 only if a page is wrong; a limit that is passed "
        "is marked in the table."
    )

    def add_arguments(self, parser):
        parser.add_argument("--clusters", type=int, default=60, help="at least 2 (60)")
        parser.add_argument("--units", type=int, default=15, help="of a cluster, at least 3 (15)")
        parser.add_argument("--criteria", type=int, default=60, help=f"of a card, at least {criteria.LEAST} (60)")
        parser.add_argument("--repeat", type=int, default=20, help="how often each page is timed (20)")
        parser.add_argument(
            "--database", default=database.DEFAULT_NAME, help="name of the database that is made and removed (bench)"
        )

    def handle(self, *args, clusters, units, repeat, verbosity, **options):
        size = Size(clusters, units, options["criteria"])
        if clusters < 2 or units < 3 or size.criteria < criteria.LEAST or repeat < 1:
            raise CommandError(
                _("The bench needs at least 2 clusters, 3 units, %(least)d criteria and one run.")
                % {"least": criteria.LEAST}
            )
        with override_settings(**SETTINGS), database.own_database(options["database"]) as name:
            self.say(_("Filling %(name)s: %(count)d lines…") % {"name": name, "count": size.lines})
            seeded = seed(size)
            try:
                measured = measure([pages.floor(Visitor(seeded[0].secretariat)), *pages.pages(seeded)], repeat)
                papers = [paper_files.alone(seeded[0]), *paper_files.papers_of(seeded)]
                written = measure(papers, min(repeat, MOST_PAPER_ROUNDS))
            except pages.WrongPage as error:
                raise CommandError(str(error)) from error
        self.say()
        for table in (measured, written):
            for line in report.table(table):
                self.say(line)
            self.say()
        if verbosity > 1:
            self.list_statements([*measured, *written])

    def say(self, line=""):
        self.stdout.write(line)
        self.stdout.flush()

    def list_statements(self, measured):
        for one in measured:
            self.say(f"\n{one.subject.name}")
            for statement in one.sql:
                self.say(f"  {statement}")
