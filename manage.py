#!/usr/bin/env python3
"""The command line: `python3 manage.py demo`, `python3 manage.py test`, and Django's own commands."""

import sys

if sys.version_info < (3, 11):  # before any import that an older Python could not read
    sys.exit("Python 3.11 or newer is needed; this is %s: %s" % (sys.version.split()[0], sys.executable))

from cluster_app import bootstrap


def main():
    bootstrap.enter(sys.argv)
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
