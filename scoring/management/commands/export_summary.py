from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError
from members.models import EmulationYear
from scoring.year_end import exporting
from scoring.year_end.enums import Edition


class Command(BaseCommand):
    help = "Writes the annual summary of a cluster's year into a file: the official edition if issued, else the draft."

    def add_arguments(self, parser):
        parser.add_argument("cluster", help="the cluster's address, for example lang-son")
        parser.add_argument("year", type=int)
        parser.add_argument("--edition", choices=[edition.value for edition in Edition])
        parser.add_argument("--format", choices=sorted(exporting.FORMATS), default="html", dest="file_format")
        parser.add_argument("--output", required=True, help="the file to write, - for standard output")

    def handle(self, *args, cluster, year, edition, file_format, output, **options):
        years = EmulationYear.objects.select_related("cluster", "rules")
        found = years.filter(cluster__slug=cluster, year=year).first()
        if found is None:
            raise CommandError(f"There is no year {year} of a cluster {cluster}.")
        try:
            content = exporting.FORMATS[file_format](exporting.printed(found, edition, clock.now()))
        except DomainError as error:
            raise CommandError(" ".join(filter(None, (error.message, error.next_step)))) from error
        if output == "-":
            self._to_standard_output(content)
            return
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error

    def _to_standard_output(self, content):
        """Bytes as they are where the stream takes bytes, else their text."""
        stream = getattr(self.stdout, "buffer", None)
        if stream is not None:
            stream.write(content)
            stream.flush()
        else:
            self.stdout.write(content.decode(), ending="")
