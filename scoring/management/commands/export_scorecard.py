from django.core.management.base import BaseCommand

from cluster_app.lib import clock
from scoring import sheets
from scoring.excel.card_writing import write_card
from scoring.excel.commands import card_named, in_words, write_to, year_named


class Command(BaseCommand):
    help = "Writes the score card of a unit into an .xlsx file to be filled in offline (docs/excel.md)."

    def add_arguments(self, parser):
        parser.add_argument("--cluster", required=True, help="the cluster's address, such as lang-son")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--unit", required=True, help="the code of the unit")
        parser.add_argument("--output", required=True, help="the .xlsx file to write")

    def handle(self, *args, cluster, year, unit, output, **options):
        with in_words(self):
            card = card_named(year_named(cluster, year), unit)
            write_to(output, write_card(sheets.load(card), at=clock.now()))
