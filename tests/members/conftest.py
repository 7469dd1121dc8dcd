import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _sentences_are_read_in_english():
    """Services are tested on their source sentences; pages answer in the language of the person."""
    with translation.override("en"):
        yield
