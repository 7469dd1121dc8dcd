from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.linting import checking
from cluster_app.documents.linting.deviations import Level
from cluster_app.lib.errors import Refused


class Command(BaseCommand):
    help = "Compares a finished PDF or Word file with the official form. Exit status 1 if it deviates from it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a .pdf or .docx file")
        parser.add_argument("--form", choices=[kind.value for kind in LetterheadKind], help="else told by the head")

    def handle(self, *args, file, form, **options):
        try:
            found = checking.check(file.name, file.read_bytes(), LetterheadKind(form) if form else None)
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        for deviation in found:
            page = _("page %(number)d") % {"number": deviation.page} if deviation.page else "-"
            self.stdout.write(
                f"{deviation.level.value}\t{deviation.code}\t{page}\t{deviation.found}\t{deviation.asked}"
            )
        faults = sum(deviation.level == Level.FAULT for deviation in found)
        if faults:
            raise CommandError(_("Deviations from the form: %(count)d") % {"count": faults})
        self.stdout.write(_("No deviation from the form was found."))
