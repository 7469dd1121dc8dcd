"""Forms of what units send in over the year: their part in campaigns, and the titles they register."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.calculations import fingerprint
from awards.entry_forms import OneOfField, award_form_choices
from awards.enums import ParticipationStatus, RecipientKind
from awards.forms import SeenMixin
from awards.models import AwardForm, Campaign, CampaignParticipation, TitleRegistration
from awards.permissions import registering_units
from awards.records import registrable_forms
from awards.services.campaigns import Part, participation_rows
from awards.services.registrations import RegistrationFacts
from cluster_app.lib.forms import PageFormMixin
from members.models import EmulationYear, Membership, User


class ParticipationForm(PageFormMixin, SeenMixin):
    """How far units take part in one campaign: a line for each unit that the person records."""

    def __init__(self, data, *, campaign: Campaign, units: Sequence[Membership]) -> None:
        super().__init__(data)
        self.units = units
        found = participation_rows(campaign, units)
        recorded = {row.membership_id: row for row in found}
        for member in units:
            self._add_line(member, recorded.get(member.pk))
        self.rows = [(_name("status", member), _name("note", member)) for member in units]
        self.show(*found)

    def _add_line(self, member: Membership, row: CampaignParticipation | None) -> None:
        self.fields[_name("status", member)] = forms.ChoiceField(
            label=member.name,
            choices=[("", _("Takes no part")), *ParticipationStatus.choices],
            required=False,
            initial=row.status if row else "",
        )
        self.fields[_name("note", member)] = forms.CharField(
            label=_("Note: %(unit)s") % {"unit": member.short_name},
            max_length=300,
            required=False,
            initial=row.note if row else "",
        )

    def parts(self) -> list[Part]:
        cleaned = self.cleaned_data
        statuses = {member.pk: cleaned[_name("status", member)] for member in self.units}
        return [
            Part(
                membership=member,
                status=ParticipationStatus(statuses[member.pk]) if statuses[member.pk] else None,
                note=cleaned[_name("note", member)],
            )
            for member in self.units
        ]


def _name(field: str, member: Membership) -> str:
    return f"{field}_{member.pk}"


class RegistrationForm(PageFormMixin, SeenMixin, forms.Form):
    """One registered title, chosen from the catalogue of the year."""

    rows = (("membership", "award_form"), ("recipient_kind", "count", "document_number"))

    membership = OneOfField(label=gettext_lazy("Member unit"))
    award_form = forms.ChoiceField(label=gettext_lazy("Title or form"))
    recipient_kind = forms.ChoiceField(
        label=gettext_lazy("Recipient kind"), choices=RecipientKind, initial=RecipientKind.INDIVIDUAL
    )
    count = forms.IntegerField(label=gettext_lazy("Number registered"), min_value=1, max_value=100_000)
    document_number = forms.CharField(
        label=gettext_lazy("Registration document"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("The number of the unit's paper, if there is one."),
    )

    def __init__(self, data, *, user: User, year: EmulationYear, registration: TitleRegistration | None = None) -> None:
        super().__init__(data, initial=_initial(registration))
        self.registration = registration
        self.catalogue: dict[str, list[AwardForm]] = {}
        for form in registrable_forms(year):
            self.catalogue.setdefault(form.code, []).append(form)
        units = registering_units(user, year)
        cast(OneOfField, self.fields["membership"]).offer(units)
        choices = [("", "—"), *award_form_choices(self.catalogue)]
        cast(forms.ChoiceField, self.fields["award_form"]).choices = choices
        if len(units) == 1:
            self.fields["membership"].initial = str(units[0].pk)

    def facts(self) -> RegistrationFacts:
        cleaned = self.cleaned_data
        return RegistrationFacts(
            membership=cleaned["membership"],
            award_form=self._award_form(cleaned["award_form"]),
            recipient_kind=RecipientKind(cleaned["recipient_kind"]),
            count=cleaned["count"],
            document_number=cleaned["document_number"],
        )

    def _award_form(self, code: str) -> AwardForm:
        """The newest row of the form, or the one that the registration has already."""
        if self.registration is not None and self.registration.award_form.code == code:
            return self.registration.award_form
        return self.catalogue[code][0]


def _initial(registration: TitleRegistration | None) -> dict[str, object]:
    if registration is None:
        return {}
    return {
        "membership": registration.membership_id,
        "award_form": registration.award_form.code,
        "recipient_kind": registration.recipient_kind,
        "count": registration.count,
        "document_number": registration.document_number,
        "seen": fingerprint(registration),
    }
