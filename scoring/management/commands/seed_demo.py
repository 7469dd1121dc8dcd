from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cluster_app.lib import clock
from members.models import Cluster, User
from scoring.demo import people, seeding


class Command(BaseCommand):
    help = "Fills an empty database with the demo data, once, and sets the password of the demo accounts."

    def add_arguments(self, parser):
        parser.add_argument("--password", required=True, help="the password of all demo accounts")

    def handle(self, *args, password, **options):
        if seeding.is_seeded():
            people.set_password(password)
            return
        if User.objects.exists() or Cluster.objects.exists():
            raise CommandError(_("This database holds data of its own; the demo needs an empty one."))
        seeding.seed(password)
        clock.reset()
