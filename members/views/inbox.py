"""The own inbox. Opening an unread line is a POST: it marks the line as read and leads to what it is about."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cluster_app.lib import clock
from members import inbox as lines
from members.services import notifications


@require_safe
def inbox(request):
    page = Paginator(lines.lines_of(request.user), lines.PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": [lines.row(line) for line in page], "unread_count": request.user.unread_count}
    return render(request, "members/inbox.html", context)


@require_POST
def inbox_open(request, pk):
    return redirect(notifications.mark_read(pk=pk, by=request.user, at=clock.now()).url)


@require_POST
def inbox_read(request, pk):
    notifications.mark_read(pk=pk, by=request.user, at=clock.now())
    return redirect("members:inbox")


@require_POST
def inbox_read_all(request):
    count = notifications.mark_all_read(by=request.user, at=clock.now())
    text = ngettext("%(count)d message is marked as read.", "%(count)d messages are marked as read.", count)
    messages.success(request, text % {"count": count})
    return redirect("members:inbox")
