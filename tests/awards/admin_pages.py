"""Where the pages of the admin are, and a year that no page may change any more."""

from django.urls import reverse

from members.enums import Phase


def url(model, page="changelist", *args):
    return reverse(f"admin:awards_{model}_{page}", args=args)


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
