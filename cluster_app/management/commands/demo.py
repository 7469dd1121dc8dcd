import os
import secrets
import socket
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cluster_app import keys
from cluster_app.serving import holds_real_data

HOST = "127.0.0.1"
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without the letters and digits that look alike


def new_password():
    return "-".join("".join(secrets.choice(LEGIBLE) for _place in range(4)) for _group in range(4))


class Command(BaseCommand):
    help = "Set up the demo (database, data, accounts) and serve it on this machine."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="Port to serve on (8000).")
        parser.add_argument("--no-serve", action="store_true", help="Stop after the set-up.")
        parser.add_argument("--reset", action="store_true", help="Remove all data and start over, after asking.")
        parser.add_argument("--no-input", action="store_true", help="Do not ask before removing the data.")

    def handle(self, *args, port, no_serve, reset, no_input, verbosity, **options):
        if not settings.DEBUG:
            raise CommandError(_("The demo runs with DEBUG on only: start it with python3 manage.py demo."))
        if not no_serve:
            check_port(port)
        check_database()
        if reset:
            self.confirm(ask=not no_input)
            remove_all_data()
        quieter = max(verbosity - 1, 0)
        self.say(_("Preparing the database…"))
        call_command("migrate", interactive=False, verbosity=quieter)
        self.say(_("Filling in the demo data…"))
        password = os.environ.get("DEMO_PASSWORD") or keys.read_or_make("demo_password", settings.VAR_DIR, new_password)
        call_command("seed_demo", password=password, verbosity=quieter)
        self.introduce(f"http://{HOST}:{port}/", password)
        if no_serve:
            self.say(_("Nothing is served yet. To start: python3 manage.py demo"))
            return
        # So that papers name the address at which their codes can be checked.
        settings.SITE_URL = settings.SITE_URL or f"http://{HOST}:{port}"
        # Without the reloader, which would set everything up a second time in a process of its own.
        call_command("runserver", f"{HOST}:{port}", use_reloader=False)

    def say(self, line=""):
        self.stdout.write(line)
        self.stdout.flush()

    def confirm(self, *, ask):
        if not ask:
            return
        if not sys.stdin.isatty():
            raise CommandError(_("Nothing was removed: there is nobody to ask here. Add --no-input to go ahead."))
        question = _("Remove all data in %(database)s and start over?") % {"database": database_name()}
        try:
            answer = input(f"{question} [y/N] ")
        except EOFError:
            answer = ""
        if answer.strip().lower() not in {"y", "yes"}:
            raise CommandError(_("Nothing was removed."))

    def introduce(self, address, password):
        """Print where to go and who can log in there."""
        accounts = import_string("scoring.demo.accounts")()
        width = max((len(username) for username, _description in accounts), default=0)
        self.say()
        self.say(_("The demo is ready: %(address)s") % {"address": address})
        self.say(_("Administration: %(address)s") % {"address": f"{address}admin/"})
        self.say(_("One password for all accounts: %(password)s") % {"password": password})
        for username, description in accounts:
            self.say(f"  {username:<{width}}  {description}")
        self.say()


def check_port(port):
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except (OSError, OverflowError) as error:
        advice = _("Port %(port)s cannot be used (%(error)s). Choose another one, for example --port 8765.")
        raise CommandError(advice % {"port": port, "error": error}) from error


def check_database():
    """Refuse a database that cannot be reached, and above all one that holds somebody's real work."""
    try:
        real = holds_real_data()
    except OperationalError as error:
        advice = _("The database %(database)s cannot be opened: %(error)s")
        raise CommandError(advice % {"database": database_name(), "error": str(error).strip()}) from error
    if real:
        advice = _("The database %(database)s holds real clusters. Give DATABASE_URL another one for the demo.")
        raise CommandError(advice % {"database": database_name()})


def database_name():
    values = connection.settings_dict
    return f"{values['HOST']}/{values['NAME']}" if values["HOST"] else str(values["NAME"])


def remove_files():
    """Take away the files of this database; the folder may hold those of another one too."""
    stored_file = apps.get_model("members", "StoredFile")
    if stored_file._meta.db_table in connection.introspection.table_names():
        for name in stored_file.objects.values_list("stored_name", flat=True):
            default_storage.delete(name)


def remove_all_data():
    """Take away every table of the project, and the files that it names; what else may live there stays."""
    remove_files()
    if connection.vendor == "sqlite":
        connection.close()
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
        return
    # Found by their names, so that tables of an older version go too.
    prefixes = ("django_", *(f"{config.label}_" for config in apps.get_app_configs()))
    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(prefixes):
                cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
