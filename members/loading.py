"""How a page of a year begins: the year is found for this person, or it does not exist for them."""

from functools import wraps

from members import queries


def year_view(view):
    """Hands the EmulationYear named by the URL's `cluster` and `year` to the view, and notes it for the frame."""

    @wraps(view)
    def loaded(request, cluster, year, **kwargs):
        request.emulation_year = queries.get_year(request.user, cluster, year)
        return view(request, request.emulation_year, **kwargs)

    return loaded
