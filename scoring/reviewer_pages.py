"""Who reviews which card, as the page and the paper show it (F8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.forms import PageFormMixin
from members.enums import ReviewMode
from members.models import EmulationYear, User
from scoring import permissions, queries, reviewers
from scoring.models import ReviewAssignment, Scorecard

UNIT, PERSON = "unit", "person"


@dataclass(frozen=True)
class AssignmentView:
    pk: int
    name: str


@dataclass(frozen=True)
class Choice:
    """A reviewer to choose: `key` is "unit:12" or "person:7"."""

    key: str
    label: str


@dataclass(frozen=True)
class ReviewerRow:
    """One card with those who are asked to review it, and those who still can be; `can_write` says whether the person
    decides about it."""

    card: Scorecard
    status: dict[str, str]
    units: tuple[AssignmentView, ...]
    people: tuple[AssignmentView, ...]
    named: tuple[AssignmentView, ...]
    unit_choices: tuple[Choice, ...]
    people_choices: tuple[Choice, ...]
    can_write: bool


class TeamForm(PageFormMixin, forms.Form):
    """The people of the deputy's team."""

    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("People of the team"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each reviews every card but that of the own unit."),
    )

    def __init__(self, *args, year: EmulationYear, **kwargs):
        super().__init__(*args, **kwargs)
        known = [person.pk for person in reviewers.people_of(year)]
        people = cast(forms.ModelMultipleChoiceField, self.fields["people"])
        people.queryset = User.objects.filter(pk__in=known).order_by("username", "pk")


def list_page(user: User, year: EmulationYear) -> dict[str, object]:
    """The page of reviewers: every card with its own, and what the year's rule offers."""
    can_write = permissions.can_assign_reviewers(user, year)
    mode = ReviewMode(year.rules.review_mode)
    return {
        "year": year,
        "rows": rows_of(year, chosen_by=user if can_write else None),
        "can_write": can_write,
        "mode": str(mode.label),
        "is_ring": mode == ReviewMode.RING,
        "team_form": TeamForm(year=year) if can_write and mode == ReviewMode.DEPUTY_TEAM else None,
    }


def rows_of(year: EmulationYear, *, chosen_by: User | None = None) -> list[ReviewerRow]:
    """The cards of the year in protocol order, for `chosen_by` with the choices but for the own unit's card. Three
    queries, or four with the choices and their assignments' one."""
    cards = queries.cards_of(year)
    asked: dict[int, list[ReviewAssignment]] = {card.pk: [] for card in cards}
    found = ReviewAssignment.objects.filter(scorecard__in=asked).select_related("user", "membership__unit")
    for assignment in found.order_by("membership__protocol_order", "user__username", "pk"):
        asked[assignment.scorecard_id].append(assignment)
    people = reviewers.people_with_units(year) if chosen_by else []
    return [_row(card, asked[card.pk], chosen_by, people) for card in cards]


def _row(
    card: Scorecard,
    asked: list[ReviewAssignment],
    chosen_by: User | None,
    people: Iterable[tuple[User, frozenset[int]]],
) -> ReviewerRow:
    units = {one.membership_id for one in asked}
    persons = {one.user_id for one in asked}
    can_write = chosen_by is not None and permissions.can_assign_reviewers_of(chosen_by, card.membership)
    roster = card.membership.year.roster() if can_write else []
    members = [one for one in roster if one.pk not in units and one.pk != card.membership_id]
    free = [user for user, own in people if user.pk not in persons and card.membership.unit_id not in own]
    asked_units = tuple(AssignmentView(one.pk, one.membership.name) for one in asked if one.membership is not None)
    asked_people = tuple(AssignmentView(one.pk, str(one.user)) for one in asked if one.user is not None)
    return ReviewerRow(
        card=card,
        status=queries.status_of(card),
        units=asked_units,
        people=asked_people,
        named=asked_units + asked_people,
        unit_choices=tuple(Choice(f"{UNIT}:{member.pk}", member.name) for member in members),
        people_choices=tuple(Choice(f"{PERSON}:{user.pk}", _named(user)) for user in free if can_write),
        can_write=can_write,
    )


def _named(user: User) -> str:
    if not user.full_name:
        return user.username
    return _("%(name)s (%(account)s)") % {"name": user.full_name, "account": user.username}
