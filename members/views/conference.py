"""The year-end conference: what it settled, and who leads next year."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.wording import date_short
from members import queries
from members.addresses import year_url
from members.enums import MeetingKind, Phase, ResolutionKind
from members.forms import MeetingForm, ResolutionFormSet, resolution_label
from members.loading import year_view
from members.models import Meeting
from members.permissions import can_conclude_year, can_write_meeting, check_can_write_meeting
from members.services import meetings
from members.step_pages import accepted
from members.workflow import BY_TWO_PERSONS, NEXT_STEP


@require_safe
@year_view
def conference(request, year):
    meeting = queries.year_end_meeting(year)
    settled = list(meeting.resolutions.all()) if meeting else []
    # The offices of next year are called as that year calls them, once it is opened.
    titles_of = queries.year_after(year) or year
    concludes = NEXT_STEP[Phase(year.phase)] in BY_TWO_PERSONS and can_conclude_year(request.user, year)
    context = {
        "year": year,
        "meeting": meeting,
        "facts": _facts(meeting),
        "resolutions": [_row(titles_of, resolution) for resolution in settled],
        "next_offices": _next_offices(titles_of, settled, year.year + 1),
        "edit_url": year_url("members:meeting_edit", year) if can_write_meeting(request.user, year) else "",
        "conclude_url": year_url("members:year_move", year) if concludes else "",
    }
    return render(request, "members/conference.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def meeting_edit(request, year):
    check_can_write_meeting(request.user, year)
    meeting = queries.year_end_meeting(year) or Meeting(year=year, kind=MeetingKind.YEAR_END)
    form = MeetingForm(request.POST or None, instance=meeting)
    resolutions = ResolutionFormSet(
        request.POST or None, instance=meeting, prefix="resolutions", form_kwargs={"year": year}
    )
    is_sent = request.method == "POST" and resolutions.is_valid()
    if is_sent and accepted(form, lambda: _record(request, form, resolutions)):
        messages.success(request, _("The conference is recorded."))
        return redirect(year_url("members:conference", year))
    context = {"form": form, "formset": resolutions, "conference_url": year_url("members:conference", year)}
    return render(request, "members/meeting_edit.html", context)


def _record(request, form, resolutions):
    changed = resolutions.save(commit=False)
    return meetings.record(
        meeting=form.instance,
        resolutions=changed,
        removed=resolutions.deleted_objects,
        by=request.user,
        at=clock.now(),
    )


def _facts(meeting):
    if meeting is None:
        return []
    facts = [(_("Held on"), date_short(meeting.held_on)), (_("Place"), meeting.place)]
    return [*facts, (_("Number of the minutes"), meeting.minutes_number or "–")]


def _row(titles_of, resolution):
    return {
        "order": resolution.order,
        "kind": resolution_label(titles_of, resolution.kind),
        "text": resolution.text,
        "named": resolution.named.name if resolution.named else "",
        "concerned": resolution.concerned.name if resolution.concerned else "",
        "vote": resolution.vote,
    }


def _next_offices(titles_of, settled, number):
    """Who leads next year, as the conference named them."""
    titles = {ResolutionKind.LEADER: titles_of.leader_title, ResolutionKind.DEPUTY: titles_of.deputy_title}
    return [
        {"title": f"{titles[resolution.kind]} {number}", "name": resolution.named.name}
        for resolution in settled
        if resolution.kind in titles
    ]
