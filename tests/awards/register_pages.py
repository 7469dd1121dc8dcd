"""Where the pages of the register are, what a list shows, and the states of a year."""

from django.urls import reverse

from members.enums import Phase
from tests.scenarios import NOW


def url(world, name="list", **kwargs):
    return reverse(f"awards:commendation_{name}", kwargs=world.url_kwargs() | kwargs)


def shown(page):
    return [row["recipient"]["text"] for row in page.context["rows"]]


def publish(world):
    world.year.published_at = NOW
    world.year.save()


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
