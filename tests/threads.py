"""Runs one act in several threads at the same moment, each on a database connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

PATIENCE = 60  # seconds; longer than the database makes anybody wait


def at_once(count, act):
    """Calls `act(number)` in `count` threads that start together; returns what each gave or raised, in their order."""
    start = Barrier(count, timeout=PATIENCE)

    def run(number):
        try:
            start.wait()
            return act(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
