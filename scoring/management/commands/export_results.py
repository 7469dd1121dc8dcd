import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from members.models import EmulationYear
from scoring.results import results


class Command(BaseCommand):
    help = "Writes the results of a year as JSON: every unit with its points, rank and band."

    def add_arguments(self, parser):
        parser.add_argument("cluster", help="the cluster's address, such as lang-son")
        parser.add_argument("year", type=int)
        parser.add_argument("--output", required=True, help="the file to write; - for the screen")

    def handle(self, *args, cluster, year, output, **options):
        found = (
            EmulationYear.objects.select_related("cluster", "rules").filter(cluster__slug=cluster, year=year).first()
        )
        if found is None:
            raise CommandError(f"There is no year {year} in a cluster {cluster}.")
        with translation.override("vi"):
            text = json.dumps(results(found), ensure_ascii=False, indent=2) + "\n"
        if output == "-":
            self.stdout.write(text, ending="")
            return
        try:
            Path(output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
