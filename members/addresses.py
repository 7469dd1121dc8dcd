"""Addresses of the pages of a year, which all begin with the cluster and the year."""

from django.urls import reverse

from members.models import EmulationYear


def year_url(name: str, year: EmulationYear, **kwargs: object) -> str:
    """The address of the page `name` of the year; `kwargs` are its other parts."""
    return reverse(name, kwargs={"cluster": year.cluster.slug, "year": year.year, **kwargs})
