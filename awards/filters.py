"""The filters of the register, in one row above it."""

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from awards.enums import AwardLevel, CommendationStatus, RecipientKind
from awards.models import Commendation
from awards.queries import WAITING, visible_units
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.vietnamese import fold
from members.models import EmulationYear, User

STATES = {
    "waiting": (_("To be confirmed"), Q(**WAITING)),
    "confirmed": (_("Confirmed"), Q(status=CommendationStatus.AWARDED, confirmed_at__isnull=False)),
    "revoked": (_("Revoked"), Q(status=CommendationStatus.REVOKED)),
}


class FilterForm(PageFormMixin, forms.Form):
    rows = (("q", "unit", "level"), ("kind", "form", "state"))


class RegisterFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Recipient or decision"), method="search")
    unit = filters.ChoiceFilter(label=_("Member unit"), field_name="membership", empty_label=_("All"))
    level = filters.ChoiceFilter(
        label=_("Level"), field_name="award_form__level", choices=AwardLevel.choices, empty_label=_("All")
    )
    kind = filters.ChoiceFilter(
        label=_("Recipient kind"), field_name="recipient_kind", choices=RecipientKind.choices, empty_label=_("All")
    )
    form = filters.ChoiceFilter(label=_("Title or form"), field_name="award_form__code", empty_label=_("All"))
    state = filters.ChoiceFilter(
        label=_("Status"),
        method="in_state",
        choices=[(state, label) for state, (label, _condition) in STATES.items()],
        empty_label=_("All"),
    )

    class Meta:
        model = Commendation
        fields = ["q", "unit", "level", "kind", "form", "state"]
        form = FilterForm

    def search(self, rows: QuerySet[Commendation], name: str, value: str) -> QuerySet[Commendation]:
        words = fold(value)
        return rows.filter(Q(search_text__contains=words) | Q(decision__search_text__contains=words))

    def in_state(self, rows: QuerySet[Commendation], name: str, value: str) -> QuerySet[Commendation]:
        return rows.filter(STATES[value][1])


def register_filter(data, rows: QuerySet[Commendation], user: User, year: EmulationYear) -> RegisterFilter:
    """The filter over `rows`, offering the units that the person may see and the forms that occur in the register."""
    register = RegisterFilter(data, queryset=rows)
    units = [(member.pk, member.short_name) for member in visible_units(user, year)]
    codes = rows.order_by("award_form__name", "award_form__code").values_list("award_form__code", "award_form__name")
    register.filters["unit"].extra["choices"] = units
    register.filters["form"].extra["choices"] = list(dict(codes.distinct()).items())
    return register
