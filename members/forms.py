"""Forms of sign-in, set-up and conference: input into clean values. What may be done with it the services know."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.forms import PageFormMixin
from members.enums import AssignmentRole, DeadlineStep, MemberRole, Phase, ResolutionKind, Standing
from members.form_fields import BandsField, DeadlineField
from members.models import (
    Cluster,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    Resolution,
    Unit,
    User,
    YearRules,
)
from members.permissions import UNIT_ROLES
from members.queries import calendar, units_to_add

TIE_BREAKS = [
    ("section:A", gettext_lazy("More points in section A")),
    ("section:B", gettext_lazy("More points in section B")),
    ("section:C", gettext_lazy("More points in section C")),
    ("fewest_penalty_points", gettext_lazy("Fewer penalty points")),
    ("smallest_correction", gettext_lazy("Smaller correction of the self-score")),
]


def office_choices(year: EmulationYear) -> list[tuple[str, str]]:
    """The offices under the titles that the year gives them."""
    return [(role.value, year.title_of(role) or str(role.label)) for role in MemberRole]


class SignInForm(PageFormMixin, AuthenticationForm):
    pass


class OwnPasswordForm(PageFormMixin, PasswordChangeForm):
    pass


class ProfileForm(PageFormMixin, forms.Form):
    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("Reminders are sent there too, if the server sends e-mail. Nobody else sees it."),
    )


class DisplayForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["theme", "is_large_font"]


class ClusterForm(PageFormMixin, forms.ModelForm):
    rows = (("name", "kind"), ("slug", "province"), ("superior",), ("founding_number", "founded_on"))

    class Meta:
        model = Cluster
        fields = ["name", "kind", "slug", "province", "superior", "founding_number", "founded_on"]
        help_texts = {"slug": gettext_lazy("Part of every address, for example lang-son.")}


class FirstYearForm(PageFormMixin, forms.Form):
    rows = (("year", "leader_title", "deputy_title"),)

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100, localize=False)
    leader_title = forms.CharField(label=gettext_lazy("Title of the leader"), max_length=60)
    deputy_title = forms.CharField(label=gettext_lazy("Title of the deputy"), max_length=60)


class UnitForm(PageFormMixin, forms.ModelForm):
    """A unit of a new cluster with its office. A code that exists already takes the unit that has it."""

    rows = (("name",), ("code", "short_name", "kind", "role"))

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=MemberRole, initial=MemberRole.MEMBER)

    class Meta:
        model = Unit
        fields = ["code", "name", "short_name", "kind"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        self.existing = Unit.objects.filter(code=code).first()
        return code

    def unit(self) -> Unit:
        return getattr(self, "existing", None) or self.instance

    def _get_validation_exclusions(self) -> set[str]:
        """Of a unit that exists the columns were checked when it was entered."""
        excluded = super()._get_validation_exclusions()
        return excluded | set(self._meta.fields) if getattr(self, "existing", None) else excluded


class BaseUnitFormSet(forms.BaseFormSet):
    """At least two units, each code once, exactly one leader (domain.md rule 1)."""

    def clean(self) -> None:
        if any(self.errors):
            return
        units = [form.cleaned_data for form in self.forms if form.cleaned_data]
        codes = [unit["code"].casefold() for unit in units]
        if len(codes) != len(set(codes)):
            raise forms.ValidationError(_("Two units have the same code. Give each its own."))
        roles = [unit["role"] for unit in units]
        if roles.count(MemberRole.LEADER) > 1:
            raise forms.ValidationError(_("Only one unit can lead. Choose which."))

    def units(self) -> list[tuple[Unit, MemberRole]]:
        filled = [form for form in self.forms if form.cleaned_data]
        return [(form.unit(), MemberRole(form.cleaned_data["role"])) for form in filled]


UnitFormSet = forms.formset_factory(
    UnitForm, formset=BaseUnitFormSet, extra=10, max_num=30, min_num=2, validate_min=True
)


class YearForm(PageFormMixin, forms.ModelForm):
    rows = (
        ("leader_title", "deputy_title"),
        ("regulation_number", "regulation_on"),
        ("plan_number", "plan_on"),
        ("letterhead",),
    )

    class Meta:
        model = EmulationYear
        fields = [
            "leader_title",
            "deputy_title",
            "regulation_number",
            "regulation_on",
            "plan_number",
            "plan_on",
            "letterhead",
            "recipients",
        ]


class RulesForm(PageFormMixin, forms.ModelForm):
    rows = (
        ("ranking_basis", "not_assigned"),
        ("first", "second"),
        ("third",),
        ("bands",),
        ("tally_from", "tally_to"),
        ("review_mode",),
        ("may_enter_on_behalf",),
        ("officer_may_submit",),
        ("own_register",),
        ("register_period",),
    )

    bands = BandsField(label=gettext_lazy("Bands"), help_text=gettext_lazy("One a line, highest first: name: from."))
    first = forms.ChoiceField(label=gettext_lazy("First tie-break"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("Second tie-break"), required=False)
    third = forms.ChoiceField(label=gettext_lazy("Third tie-break"), required=False)

    class Meta:
        model = YearRules
        fields = [
            "ranking_basis",
            "not_assigned",
            "bands",
            "tally_from",
            "tally_to",
            "may_enter_on_behalf",
            "officer_may_submit",
            "review_mode",
            "own_register",
            "register_period",
        ]
        help_texts = {
            "own_register": gettext_lazy(
                "The next paper of a type follows on the highest number that was used in the period. Without this, "
                "numbers are typed from the register of the leader's agency, or left to the pen."
            ),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        breaks = [*self.instance.tie_breaks, "", "", ""]
        for name, value in zip(("first", "second", "third"), breaks, strict=False):
            self.fields[name].choices = [("", "–"), *TIE_BREAKS]
            self.fields[name].initial = value

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        chosen = [cleaned.get(name) for name in ("first", "second", "third") if cleaned.get(name)]
        if len(chosen) != len(set(chosen)):
            raise forms.ValidationError(_("A tie-break is named twice. Choose each once."))
        self.instance.tie_breaks = chosen
        return cleaned

    @property
    def changed_columns(self) -> list[str]:
        breaks = {"first", "second", "third"}.intersection(self.changed_data)
        changed = [name for name in self.changed_data if name in self._meta.fields]
        return [*changed, "tie_breaks"] if breaks else changed


class MemberForm(PageFormMixin, forms.ModelForm):
    rows = (("name", "short_name", "protocol_order"),)

    class Meta:
        model = Membership
        fields = ["name", "short_name", "protocol_order"]


class NewMemberForm(PageFormMixin, forms.Form):
    """A unit that was a member before, or is nobody's; a unit of another cluster is named by its code."""

    rows = (("unit", "code", "role"),)

    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.none(), required=False)
    code = forms.CharField(label=gettext_lazy("or code of a unit that is not listed"), max_length=20, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, *args, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_to_add(year)
        self.fields["role"].choices = office_choices(year)
        self.fields["role"].initial = MemberRole.MEMBER

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        code = cleaned.get("code", "")
        if code and not cleaned.get("unit"):
            cleaned["unit"] = Unit.objects.filter(code__iexact=code).first()
            if cleaned["unit"] is None:
                self.add_error("code", _("No unit has this code. The administrator enters new units."))
        elif not cleaned.get("unit"):
            self.add_error("unit", _("Choose a unit, or type the code of one."))
        return cleaned


class RoleForm(PageFormMixin, forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Needed once the year is active."),
    )

    def __init__(self, *args, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = office_choices(year)


class StandingForm(PageFormMixin, forms.Form):
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), choices=Standing)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


class DeadlinesForm(PageFormMixin, forms.Form):
    """One row a step: the last moment, and whether anything is accepted afterwards."""

    def __init__(self, *args, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        standing = calendar(year)
        self.rows = tuple((step.value, f"{step}_is_hard") for step in DeadlineStep)
        for step in DeadlineStep:
            deadline = standing.get(step)
            self.fields[step.value] = DeadlineField(
                label=step.label, initial=deadline and deadline.due_at, required=deadline is not None
            )
            self.fields[f"{step}_is_hard"] = forms.BooleanField(
                label=_("Nothing is accepted afterwards"), initial=bool(deadline and deadline.is_hard), required=False
            )

    def deadlines(self) -> dict[DeadlineStep, tuple[object, bool]]:
        filled = [step for step in DeadlineStep if self.cleaned_data[step.value]]
        return {step: (self.cleaned_data[step.value], self.cleaned_data[f"{step}_is_hard"]) for step in filled}


class ExtensionForm(PageFormMixin, forms.Form):
    rows = (("deadline", "membership"), ("until",))

    deadline = forms.ModelChoiceField(label=gettext_lazy("Step"), queryset=None)
    membership = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=None)
    until = DeadlineField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy(
            "Write day, month and year, for example 30/11/2026, or with the hour: 30/11/2026 17:00."
        ),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=Extension._meta.get_field("reason").max_length)

    def __init__(self, *args, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].queryset = year.deadlines.all()
        self.fields["deadline"].label_from_instance = lambda deadline: deadline.get_step_display()
        self.fields["membership"].queryset = year.memberships.order_by("protocol_order", "pk")


class ExtensionChangeForm(PageFormMixin, forms.Form):
    """Another moment, later or earlier, for a unit that has more time already."""

    rows = (("until",), ("reason",))

    until = DeadlineField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy(
            "Write day, month and year, for example 30/11/2026, or with the hour: 30/11/2026 17:00."
        ),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=Extension._meta.get_field("reason").max_length)


class MoveForm(PageFormMixin, forms.Form):
    """The phase the page offered comes back with the answer, so that a repeated click takes no further step."""

    to = forms.ChoiceField(choices=Phase, widget=forms.HiddenInput)


class ProposalForm(PageFormMixin, forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args, needs_reason: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason


class AccountForm(PageFormMixin, forms.Form):
    """An account of the secretariat, an observer or an administrator; units' accounts are made from the year."""

    rows = (("username", "full_name"), ("role", "cluster", "home_unit"))

    username = forms.CharField(label=gettext_lazy("User name"), max_length=60)
    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=120, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[choice for choice in AssignmentRole.choices if choice[0] not in UNIT_ROLES]
    )
    cluster = forms.ModelChoiceField(
        label=gettext_lazy("Cluster"), queryset=Cluster.objects.order_by("name", "pk"), required=False
    )
    home_unit = forms.ModelChoiceField(
        label=gettext_lazy("Home unit"),
        queryset=Unit.objects.order_by("sort_key", "pk"),
        required=False,
        help_text=gettext_lazy("The unit a secretary comes from. Toward it they review and approve nothing."),
    )


class SecretaryForm(PageFormMixin, forms.Form):
    """Asked together with the accounts of the units, while the cluster has nobody in its secretariat."""

    username = forms.CharField(label=gettext_lazy("User name of the secretariat"), max_length=60)


class MeetingForm(PageFormMixin, forms.ModelForm):
    rows = (("held_on", "place", "minutes_number"),)

    class Meta:
        model = Meeting
        fields = ["held_on", "place", "minutes_number"]


class ResolutionForm(PageFormMixin, forms.ModelForm):
    rows = (("kind", "named", "concerned"), ("text", "vote"))

    class Meta:
        model = Resolution
        fields = ["kind", "named", "concerned", "text", "vote"]

    def __init__(self, *args, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        members = year.memberships.order_by("protocol_order", "pk")
        self.fields["named"].queryset = self.fields["concerned"].queryset = members
        self.fields["kind"].choices = resolution_choices(year)


def resolution_label(year: EmulationYear, kind: str) -> str:
    """What the resolution is about, in the words of the year: the titles of its offices are its own."""
    title = {ResolutionKind.LEADER: year.leader_title, ResolutionKind.DEPUTY: year.deputy_title}.get(kind)
    return _("%(title)s of the next year") % {"title": title} if title else str(ResolutionKind(kind).label)


def resolution_choices(year: EmulationYear) -> list[tuple[str, str]]:
    return [(kind.value, resolution_label(year, kind)) for kind in ResolutionKind]


ResolutionFormSet = forms.inlineformset_factory(
    Meeting, Resolution, form=ResolutionForm, extra=3, max_num=30, can_delete=True, can_delete_extra=False
)
