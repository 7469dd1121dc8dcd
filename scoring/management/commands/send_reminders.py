from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cluster_app.lib import clock
from members.services import mailing
from scoring.services import reminding


class Command(BaseCommand):
    help = "Reminds people of their deadlines, in the inbox and where EMAIL_URL is set by e-mail. For a daily cron job."

    def handle(self, *args, **options):
        now = clock.now()
        count = reminding.remind(at=now)
        self.stdout.write(_("New reminders: %(count)d.") % {"count": count})
        if settings.EMAIL_URL and not settings.SITE_URL:
            raise CommandError(_("EMAIL_URL is set, SITE_URL is not: without it no link leads anywhere. Set both."))
        if not mailing.is_configured():
            return
        outcome = mailing.send_waiting(at=now, prefix=reminding.PREFIX)
        self.stdout.write(_("E-mails sent: %(count)d.") % {"count": outcome.sent})
        if outcome.failed:
            text = _("E-mails that the server refused: %(count)d. The next run tries again.")
            raise CommandError(text % {"count": outcome.failed})
