"""Slowing down who guesses: each for themselves, each thing for itself."""

import pytest
from django.core.cache import cache

from cluster_app.lib.throttle import Throttle

CODES = Throttle("codes", limit=2, seconds=600)


@pytest.fixture(autouse=True)
def _nothing_was_counted():
    cache.clear()
    yield
    cache.clear()


def test_throttle_is_over_after_its_limit():
    found = []
    for _place in range(3):
        found.append(CODES.is_over("10.0.0.1"))
        CODES.count("10.0.0.1")

    assert found == [False, False, True]


def test_throttle_counts_every_key_and_every_name_alone():
    for _place in range(2):
        CODES.count("10.0.0.1")

    assert CODES.is_over("10.0.0.1")
    assert not CODES.is_over("10.0.0.2")
    assert not Throttle("others", limit=2, seconds=600).is_over("10.0.0.1")


def test_throttle_begins_anew_when_its_time_is_over():
    brief = Throttle("brief", limit=1, seconds=0)

    brief.count("10.0.0.1")

    assert not brief.is_over("10.0.0.1")
