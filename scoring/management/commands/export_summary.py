from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cluster_app.documents.html import render_file
from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError
from members.models import EmulationYear
from scoring.year_end import figures, printing
from scoring.year_end.enums import Edition
from scoring.year_end.queries import issued_of, texts_of

FORMATS = {"html": render_file}


class Command(BaseCommand):
    help = "Writes the annual summary of a cluster's year into a file: the official edition if issued, else the draft."

    def add_arguments(self, parser):
        parser.add_argument("cluster", help="the cluster's address, for example lang-son")
        parser.add_argument("year", type=int)
        parser.add_argument("--edition", choices=[edition.value for edition in Edition])
        parser.add_argument("--format", choices=sorted(FORMATS), default="html", dest="file_format")
        parser.add_argument("--output", required=True, help="the file to write, - for standard output")

    def handle(self, *args, cluster, year, edition, file_format, output, **options):
        years = EmulationYear.objects.select_related("cluster", "rules")
        found = years.filter(cluster__slug=cluster, year=year).first()
        if found is None:
            raise CommandError(f"There is no year {year} of a cluster {cluster}.")
        try:
            content = FORMATS[file_format](_document(found, edition))
        except DomainError as error:
            raise CommandError(error.message) from error
        if output == "-":
            self.stdout.write(content, ending="")
            return
        try:
            Path(output).write_text(content, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error


def _document(year, edition):
    issued = issued_of(year)
    if edition == Edition.OFFICIAL and issued is None:
        raise CommandError(f"The summary of {year.year} has not been issued yet; --edition draft writes the draft.")
    if issued is not None and edition != Edition.DRAFT:
        return printing.official_document(issued)
    return printing.draft_document(figures.of(year), texts_of(year), clock.now())
