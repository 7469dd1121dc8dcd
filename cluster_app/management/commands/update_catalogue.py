"""Brings the Vietnamese catalogue up to date with the sources. For developers: needs gettext and the test tools."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

try:
    from cluster_app.management import catalogue
except ImportError:  # polib is locked with the test tools, which an installation does not have
    catalogue = None


class Command(BaseCommand):
    help = "Collects every string, merges the translations of locale/parts/*.po-part, and writes .po and .mo."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing, only say what is to be done")

    def handle(self, *args, check, **options):
        if catalogue is None:
            raise CommandError("polib is missing: install tests/requirements.txt, or run manage.py test once.")
        if shutil.which("xgettext") is None:
            raise CommandError("xgettext is missing: install gettext (on Debian: apt-get install gettext).")
        parts = self._read_parts()
        outcomes = {domain: catalogue.update(domain, parts) for domain in catalogue.DOMAINS}
        problems = sum(self._report(domain, outcome) for domain, outcome in outcomes.items())
        self._report_unused(parts, outcomes)
        for domain, outcome in outcomes.items():
            if check:
                problems += self._is_out_of_date(domain, outcome)
            else:
                catalogue.write(domain, outcome.catalogue)
        if problems:
            raise CommandError(f"The catalogue has {problems} open points, see above.")
        self.stdout.write(self.style.SUCCESS("The catalogue is complete."))

    def _read_parts(self):
        paths = sorted((Path(settings.LOCALE_PATHS[0]) / "parts").glob("*.po-part"))
        try:
            return [(path.name, catalogue.read_part(path)) for path in paths]
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"A part cannot be read: {error}") from error

    def _report(self, domain, outcome):
        self.stdout.write(f"{domain}: {len(outcome.catalogue)} entries")
        self._list("Changed by a part", outcome.changed)
        self._list("Replaces a package's own, give it a context if that one should stay", outcome.shadowed)
        self._list("Untranslated, a package's own would be", outcome.suggested)
        self._list("CONFLICT between parts", outcome.conflicts)
        self._list("UNTRANSLATED", outcome.untranslated)
        self._list("PLACEHOLDERS differ", outcome.broken)
        return len(outcome.conflicts) + len(outcome.untranslated) + len(outcome.broken)

    def _report_unused(self, parts, outcomes):
        used = {catalogue.key_of(entry) for outcome in outcomes.values() for entry in outcome.catalogue}
        self._list(
            "In a part, but in no source",
            [
                f"{name}: {catalogue.shown(entry)}"
                for name, entries in parts
                for entry in entries
                if catalogue.key_of(entry) not in used
            ],
        )

    def _is_out_of_date(self, domain, outcome):
        path = catalogue.catalogue_path(domain)
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        outdated = current != catalogue.rendered(outcome.catalogue)
        if outdated:
            self.stdout.write(f"{path.name} is out of date: run manage.py update_catalogue.")
        return outdated

    def _list(self, title, lines):
        for line in lines:
            self.stdout.write(f"  {title}: {line}")
