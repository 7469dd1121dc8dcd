"""The home page of a year: what must I do now, and how far is everybody."""

from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_app.audit import log
from cluster_app.lib import clock
from members.loading import year_view
from scoring.home import page, todo
from scoring.home.overview import overview_of


@require_safe
@year_view
def home(request, year):
    overview = overview_of(request.user, year, clock.now())
    todos = todo.todos_of(overview)
    count = len(todos)
    context = {
        "todos": todos,
        "todo_count": ngettext("%(count)d thing to do", "%(count)d things to do", count) % {"count": count},
        "notes": page.notes(overview),
        "links": page.links(overview),
        "primary": page.primary(overview),
        "audit_head": log.head(),
    }
    return render(request, "scoring/home.html", context | page.state_of_units(overview))
