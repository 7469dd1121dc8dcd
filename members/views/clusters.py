"""An empty installation becomes usable: cluster, units and first year on one page."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cluster_app.lib import clock
from members.enums import ClusterKind
from members.forms import ClusterForm, FirstYearForm, UnitFormSet
from members.permissions import check_is_administrator
from members.services import clusters, years
from members.step_pages import accepted


@require_http_methods(["GET", "POST"])
def cluster_create(request):
    check_is_administrator(request.user)
    leader_title, deputy_title = years.TITLES[ClusterKind.CLUSTER]
    initial = {"year": clock.today().year, "leader_title": leader_title, "deputy_title": deputy_title}
    cluster_form = ClusterForm(request.POST or None)
    year_form = FirstYearForm(request.POST or None, initial=initial)
    units = UnitFormSet(request.POST or None, prefix="units")
    if request.method == "POST" and all([year_form.is_valid(), units.is_valid(), cluster_form.is_valid()]):
        created = []
        if accepted(cluster_form, lambda: created.append(_create(request, cluster_form, year_form, units))):
            messages.success(request, _("The cluster is set up. Make the accounts of its units next."))
            return redirect("members:accounts_make", cluster=created[0].cluster.slug, year=created[0].year)
    context = {"form": cluster_form, "year_form": year_form, "formset": units, "cancel_url": reverse("members:start")}
    return render(request, "members/cluster_create.html", context)


def _create(request, cluster_form, year_form, units):
    return clusters.create(
        cluster=cluster_form.instance,
        units=units.units(),
        by=request.user,
        at=clock.now(),
        **year_form.cleaned_data,
    )
