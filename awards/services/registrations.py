"""The titles and forms that units register at the beginning of the year, to be compared with what they receive (B3)."""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from awards.enums import AwardSystem, RecipientKind
from awards.models import AwardForm, TitleRegistration
from awards.permissions import can_lower_registration, check_can_register_titles, check_can_withdraw_registration
from awards.services.guards import check_unchanged
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.wording import date_short
from members.models import EmulationYear, Membership, User
from members.services import journal, years


@dataclass(frozen=True, kw_only=True)
class RegistrationFacts:
    """A registered title as a person typed it."""

    membership: Membership
    award_form: AwardForm
    recipient_kind: RecipientKind
    count: int
    document_number: str = ""


@transaction.atomic
def save(
    *,
    year: EmulationYear,
    facts: RegistrationFacts,
    by: User,
    at: datetime,
    registration: TitleRegistration | None = None,
    seen: str | None = None,
) -> TitleRegistration:
    """Registers a title of a unit, or corrects the row `registration`. A unit adds and raises; it is the secretariat's
    to ask less of it, since what is registered is what the awards are measured by (B3).

    Raises WrongState toward a unit from the review on, Refused with everything that contradicts the catalogue or the
    year, Stale if the row is not the one the person saw.
    """
    year = years.lock(year)
    row = _locked(year, registration) if registration is not None else TitleRegistration()
    if registration is not None:
        check_can_register_titles(by, year, row.membership)
    check_can_register_titles(by, year, facts.membership)
    if registration is not None:
        check_unchanged(seen, row)
        if not can_lower_registration(by, year, row.membership):
            _check_not_less(facts, row)
    _check(year, facts, row)
    for field in fields(facts):
        value = getattr(facts, field.name)
        setattr(row, field.name, value.strip() if field.name == "document_number" else value)
    save_checked(row)
    journal.append(year, by=by, at=at, verb="registration.save", thing=row, changes=_plain(row))
    return row


@transaction.atomic
def remove(*, registration: TitleRegistration, by: User, at: datetime) -> None:
    """Takes a registered title back, an act of the secretariat; the audit log keeps what the row said."""
    year = years.lock(registration.membership.year)
    row = _locked(year, registration)
    check_can_withdraw_registration(by, year, row.membership)
    TitleRegistration.objects.filter(pk=row.pk).delete()
    journal.append(year, by=by, at=at, verb="registration.remove", thing=row, changes=_plain(row))


def _locked(year: EmulationYear, registration: TitleRegistration) -> TitleRegistration:
    rows = for_update(TitleRegistration.objects).select_related("membership", "award_form")
    found = rows.filter(pk=registration.pk, membership__year=year).first()
    if found is None:
        raise NotKnown
    return found


def _check_not_less(facts: RegistrationFacts, row: TitleRegistration) -> None:
    """Raises Refused where the unit itself would ask less of itself than it registered."""
    errors: dict[str, list[str]] = {}
    for name in ("membership", "award_form", "recipient_kind"):
        if getattr(facts, name) != getattr(row, name):
            errors[name] = [_("What was registered is changed by the secretariat. Register the other title beside it.")]
    if facts.count < row.count:
        text = _("The unit may raise the number, from %(count)d on. It is lowered by the secretariat.")
        errors["count"] = [text % {"count": row.count}]
    if errors:
        raise Refused(errors=errors)


def _check(year: EmulationYear, facts: RegistrationFacts, row: TitleRegistration) -> None:
    form, rules = facts.award_form, year.rules
    errors: dict[str, list[str]] = defaultdict(list)
    if facts.membership.year_id != year.pk:
        errors["membership"].append(_("%(unit)s is no member of this year.") % {"unit": facts.membership.name})
    if form.valid_from > rules.tally_to or (form.valid_to is not None and form.valid_to < rules.tally_from):
        text = _("“%(form)s” as chosen is not in force between %(start)s and %(end)s. Choose the one that is.")
        days = {"start": date_short(rules.tally_from), "end": date_short(rules.tally_to)}
        errors["award_form"].append(text % {"form": form.name, **days})
    if form.system != AwardSystem.STATE:
        text = _("“%(form)s” is not of the State's system, which alone is tallied. Choose a title or form that is.")
        errors["award_form"].append(text % {"form": form.name})
    if not form.is_for(facts.recipient_kind):
        text = _("“%(form)s” is not given to this kind of recipient.")
        errors["recipient_kind"].append(text % {"form": form.name})
    # Where the law changed within the year a form stands in the catalogue twice, and is still registered once.
    same = TitleRegistration.objects.filter(
        membership=facts.membership, award_form__code=form.code, recipient_kind=facts.recipient_kind
    )
    if same.exclude(pk=row.pk).exists():
        errors["award_form"].append(_("The unit has registered this title already. Change the number there."))
    if errors:
        raise Refused(errors=errors)


def _plain(row: TitleRegistration) -> dict[str, object]:
    return {field.name: plain(getattr(row, field.name)) for field in fields(RegistrationFacts)}
