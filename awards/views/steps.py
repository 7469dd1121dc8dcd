"""What the views of this app that change something have in common."""

from collections.abc import Callable

from django import forms
from django.db.models import Model
from django.shortcuts import render

from awards.forms import SeenMixin
from cluster_app.lib.errors import Stale
from members.models import EmulationYear
from members.step_pages import accepted, way_back


def posted(request):
    """What was sent, for a form that is bound on POST alone: a step may have nothing to ask."""
    return request.POST if request.method == "POST" else None


def back_to(request, default: str) -> str:
    """Where a step returns to: the page that linked to it with `next`, such as one of the administration."""
    return way_back(request) if request.GET.get("next") else default


def saved(form: SeenMixin | forms.BaseForm, act: Callable[[], object], rows: Callable[[], list[Model]]) -> bool | None:
    """Whether the service took the form; None if somebody else was faster.

    `rows` reads what the form edits as it is now: a stale form keeps what was typed and may be sent once more.
    """
    try:
        return accepted(form, act)
    except Stale as stale:
        form.take_stale(stale, *rows())
        return None


def form_page(request, year: EmulationYear, form, outcome: bool | None = False, **context):
    """A page with one form; 409 where somebody else's change came between."""
    context |= {"year": year, "form": form}
    return render(request, "awards/form.html", context, status=409 if outcome is None else 200)


def step_page(request, year: EmulationYear, **context):
    """The page that says what a step will do before it is done. See `_components/_confirm.html` for the context."""
    return render(request, "awards/step.html", {"year": year, **context})
