import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

NOTHING_COLLECTED = 5


class Command(BaseCommand):
    """Takes the place of Django's own command, which would find none of the pytest functions and report success."""

    help = "Run all tests; arguments go to pytest."
    requires_system_checks = ()

    def run_from_argv(self, argv):
        sys.exit(self.run_pytest(argv[2:]))

    def run_pytest(self, arguments):
        """Return the exit status of pytest, except that a run without a single test has failed."""
        pytest = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        )
        status = wait_for(pytest)
        if status == NOTHING_COLLECTED:
            self.stderr.write("No test was found: this counts as a failure.")
            return 1
        return status

    def handle(self, *arguments, **options):
        sys.exit(self.run_pytest(list(arguments)))


def wait_for(process):
    """Return the exit status. Ctrl-C reaches pytest as well, and it is left to clean up and to report."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
