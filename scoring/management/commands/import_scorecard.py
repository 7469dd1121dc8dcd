from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cluster_app.lib import clock
from members import queries as member_queries
from scoring import permissions, sheets
from scoring.excel import card_reading, pages
from scoring.excel.commands import card_named, content_of, in_words, user_named
from scoring.services import imports


class Command(BaseCommand):
    help = "Takes a filled score card from an .xlsx file into the card, all or nothing (docs/excel.md)."

    def add_arguments(self, parser):
        parser.add_argument("file", help="the .xlsx file, downloaded before and filled in")
        parser.add_argument("--as", dest="username", required=True, help="the account that fills in the card")
        parser.add_argument("--dry-run", action="store_true", help="check the file, change nothing")

    def handle(self, *args, file, username, dry_run, **options):
        with in_words(self):
            user = user_named(username)
            opened = card_reading.open_card(content_of(file), name=Path(file).name)
            year = member_queries.get_year(user, opened.head.cluster, int(opened.head.year))
            card = card_named(year, opened.head.unit)
            permissions.check_can_fill(user, card)
            card_reading.check_belongs(opened, card)
            filled = card_reading.read_card(opened, sheets.load(card))
            take_over = imports.try_scorecard if dry_run else imports.import_scorecard
            take_over(card=card, version=card.version, entries=filled.entries, by=user, at=clock.now())
            self._report(filled, is_dry_run=dry_run)

    def _report(self, filled, *, is_dry_run):
        for sentence in filled.ignored:
            self.stdout.write(sentence)
        self.stdout.write(pages.summary_of(filled))
        if is_dry_run:
            self.stdout.write(_("Dry run: nothing was changed."))
