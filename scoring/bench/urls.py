"""The addresses of the project and the floor: the cheapest page there can be with session, user, CSRF, menu and base
template. The bench alone uses them."""

from django.shortcuts import render
from django.urls import path

from cluster_app.urls import handler400, handler403, handler404, handler500
from cluster_app.urls import urlpatterns as of_the_project
from members.enums import Phase
from members.frame import NAVIGATION

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

# The whole frame of a page, from constants.
_FRAME = {
    "cluster": {"name": "Cụm thi đua số 1"},
    "year": {"year": 2021},
    "years": [{"label": "2021", "url": "/", "is_current": True}],
    "phases": [{"label": phase.label, "date_text": "22/11", "state": "todo"} for phase in Phase],
    "nav": [{"label": label, "url": "/", "icon": icon, "is_current": False} for _name, icon, label in NAVIGATION],
    "nav_staff": [],
    "user_label": "Người dùng",
    "banner": "",
    "home_url": "/",
    "is_illustrative": False,
}


def floor(request):
    return render(request, "base.html", {"frame": _FRAME})


urlpatterns = [*of_the_project, path("bench/floor/", floor, name="bench_floor")]
