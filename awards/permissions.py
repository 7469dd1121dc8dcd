"""The table of who may, for pledge, campaigns and commendations (security.md 3)."""

from django.utils.translation import gettext as _

from awards.enums import CampaignKind, CampaignOrigin
from awards.models import Campaign, Commendation, Pledge
from cluster_app.lib.errors import DomainError, WrongState
from members.enums import Phase
from members.models import EmulationYear, Membership, User
from members.permissions import (
    INSIDERS,
    OF,
    OT,
    SG,
    D,
    L,
    O,
    R,
    S,
    Table,
    always,
    check,
    check_not_archived,
    is_allowed,
    is_published,
)

# From the review on the records that score cards are fed from are the secretariat's: no unit improves a reviewed line.
_BEFORE_REVIEW = (Phase.PREPARING, Phase.RUNNING, Phase.SELF_SCORING)

TABLE: Table = {
    "pledge.see": always(*INSIDERS),
    "pledge.write": always(L, S),
    "pledge.sign": always(SG),
    "pledge.record_paper": always(S),
    "campaign.see": always(*INSIDERS, O),
    "campaign.results": always(*INSIDERS),
    "campaign.write": always(L, S),
    "drive.write": always(OF, SG, S),
    "participation.write": always(OF, SG, S),
    "participation.write_late": always(S),
    "registration.see": {**always(OF, SG, L, D, S, R), OT: is_published},
    "registration.write": always(OF, SG, S),
    "registration.write_late": always(S),
    "registration.lower": always(S),
    "commendation.enter": always(OF, SG, S),
    "commendation.enter_late": always(S),
    "commendation.confirm": always(S),
    "commendation.revoke": always(S),
    "commendation.see": {**always(OF, SG, L, D, S, R), OT: is_published},
    "commendation.history": always(OF, SG, L, D, S, R),
    "tally.see": {**always(L, D, S, R), OT: is_published},
}


def units_open_for(action: str, user: User, year: EmulationYear) -> list[Membership]:
    """The member units toward whose objects the person may take `action`, in protocol order."""
    return [member for member in year.roster() if is_allowed(TABLE, action, user, year, member)]


def _may_write(action: str, user: User, year: EmulationYear, membership: Membership | None = None) -> bool:
    return not year.is_archived and is_allowed(TABLE, action, user, year, membership)


def _check_write(
    action: str, user: User, year: EmulationYear, membership: Membership | None = None, *, message: str = ""
) -> None:
    check(TABLE, action, user, year, membership, message=message)
    check_not_archived(year)


def _is_before_review(year: EmulationYear) -> bool:
    return year.phase in _BEFORE_REVIEW


def _now(action: str, year: EmulationYear) -> str:
    """The row of the table by which a record of a unit is written in the present phase."""
    return action if _is_before_review(year) else f"{action}_late"


def _check_not_in_review(action: str, user: User, year: EmulationYear, membership: Membership | None) -> None:
    if not is_allowed(TABLE, _now(action, year), user, year, membership):
        raise WrongState(
            _("The review of the score cards has begun: from now on the secretariat records this. Send it the papers.")
        )


# --- Pledge ---


def check_can_see_pledge(user: User, year: EmulationYear) -> None:
    check(TABLE, "pledge.see", user, year)


def can_write_pledge(user: User, year: EmulationYear) -> bool:
    return _may_write("pledge.write", user, year)


def check_can_write_pledge(user: User, year: EmulationYear) -> None:
    text = _("The pledge is written by the %(leader)s and the secretariat.") % {"leader": year.leader_title}
    _check_write("pledge.write", user, year, message=text)


def signing_units(user: User, pledge: Pledge) -> list[Membership]:
    """The member units for which the person may sign the pledge by the own account."""
    return [] if pledge.year.is_archived else units_open_for("pledge.sign", user, pledge.year)


def check_can_sign(user: User, pledge: Pledge, membership: Membership) -> None:
    text = _("The pledge is signed for a unit by its own signatory.")
    _check_write("pledge.sign", user, pledge.year, membership, message=text)


def check_can_open_paper(user: User, year: EmulationYear) -> None:
    _check_write("pledge.record_paper", user, year, message=_("Signatures on paper are recorded by the secretariat."))


def can_record_paper(user: User, year: EmulationYear) -> bool:
    return _may_write("pledge.record_paper", user, year)


def check_can_record_paper(user: User, pledge: Pledge, membership: Membership) -> None:
    text = _("%(unit)s: the signature of the own unit is recorded by another member of the secretariat.")
    _check_write("pledge.record_paper", user, pledge.year, membership, message=text % {"unit": membership.name})


# --- Campaigns ---


def is_own_drive(kind: str, origin: str) -> bool:
    """Whether a campaign is the affair of the unit that launched it, and not of the cluster."""
    return kind == CampaignKind.DRIVE and origin == CampaignOrigin.UNIT


def check_can_see_campaigns(user: User, year: EmulationYear) -> None:
    check(TABLE, "campaign.see", user, year)


def can_see_campaign_results(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "campaign.results", user, year)


def can_write_cluster_campaigns(user: User, year: EmulationYear) -> bool:
    return _may_write("campaign.write", user, year)


def drive_units(user: User, year: EmulationYear) -> list[Membership]:
    """The member units whose own drives the person may write."""
    return [] if year.is_archived else units_open_for("drive.write", user, year)


def can_create_campaign(user: User, year: EmulationYear) -> bool:
    return can_write_cluster_campaigns(user, year) or bool(drive_units(user, year))


def check_can_create_campaign(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed toward those who may write neither a campaign of the cluster nor a drive of a unit."""
    if not can_create_campaign(user, year):
        _check_write("campaign.write", user, year)


def can_write_campaign(user: User, campaign: Campaign) -> bool:
    if is_own_drive(campaign.kind, campaign.origin):
        return _may_write("drive.write", user, campaign.year, campaign.membership)
    return can_write_cluster_campaigns(user, campaign.year)


def check_can_write_campaign(user: User, campaign: Campaign) -> None:
    if is_own_drive(campaign.kind, campaign.origin):
        text = _("A unit's own drive is written by that unit and the secretariat.")
        _check_write("drive.write", user, campaign.year, campaign.membership, message=text)
    else:
        text = _("Campaigns of the cluster are written by the %(leader)s and the secretariat.")
        text %= {"leader": campaign.year.leader_title}
        _check_write("campaign.write", user, campaign.year, message=text)


def participating_units(user: User, year: EmulationYear) -> list[Membership]:
    """The member units whose part in campaigns the person may record."""
    return [] if year.is_archived else units_open_for(_now("participation.write", year), user, year)


def check_can_open_participation(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed toward those who record nobody's part, WrongState toward units from the review on."""
    if not participating_units(user, year):
        _check_write("participation.write", user, year, message=_("Participation is recorded by the unit itself."))
        _check_not_in_review("participation.write", user, year, None)


def check_can_record_participation(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("The part of a unit in a campaign is recorded by that unit and by the secretariat.")
    _check_write("participation.write", user, year, membership, message=text)
    _check_not_in_review("participation.write", user, year, membership)


# --- Registered titles ---


def registering_units(user: User, year: EmulationYear) -> list[Membership]:
    """The member units for which the person may register titles."""
    return [] if year.is_archived else units_open_for(_now("registration.write", year), user, year)


def check_can_open_registration(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed toward those who register for nobody, WrongState toward units from the review on."""
    if not registering_units(user, year):
        _check_write("registration.write", user, year)
        _check_not_in_review("registration.write", user, year, None)


def check_can_see_registration(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("The registrations of other units are open after the results are published.")
    check(TABLE, "registration.see", user, year, membership, message=text)


def can_register_titles(user: User, year: EmulationYear, membership: Membership) -> bool:
    return _may_write(_now("registration.write", year), user, year, membership)


def check_can_register_titles(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("Titles are registered by the unit itself and by the secretariat.")
    _check_write("registration.write", user, year, membership, message=text)
    _check_not_in_review("registration.write", user, year, membership)


def can_lower_registration(user: User, year: EmulationYear, membership: Membership) -> bool:
    """Whether the person may ask less of the unit than it registered: a lower number, another title, none at all."""
    return _may_write("registration.lower", user, year, membership)


def check_can_withdraw_registration(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("What was registered is withdrawn by the secretariat, never by the unit itself. Send it a request.")
    _check_write("registration.lower", user, year, membership, message=text)


# --- Commendations ---


def check_can_see_register(user: User, year: EmulationYear) -> None:
    """Opens the register; which rows a person sees there is said by `queries.visible_commendations`."""
    check(TABLE, "commendation.see", user, year)


def can_see_tally(user: User, year: EmulationYear) -> bool:
    """Whether the person sees the figures of every unit, and not of the own one alone."""
    return is_allowed(TABLE, "tally.see", user, year)


def check_can_see_commendation(user: User, commendation: Commendation) -> None:
    membership = commendation.membership
    text = _("The commendations of other units are open after the results are published.")
    check(TABLE, "commendation.see", user, membership.year, membership, message=text)


def can_see_history(user: User, commendation: Commendation) -> bool:
    membership = commendation.membership
    return is_allowed(TABLE, "commendation.history", user, membership.year, membership)


def entry_units(user: User, year: EmulationYear) -> list[Membership]:
    """The member units for which the person may enter commendations now."""
    action = "commendation.enter_late" if year.is_published else "commendation.enter"
    return [] if year.is_archived else units_open_for(action, user, year)


def check_can_open_entry(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed toward those who never enter, WrongState toward those who are too late."""
    if not entry_units(user, year):
        _check_write("commendation.enter", user, year)
        _check_not_late(user, year, None)


def check_can_enter(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("Commendations are entered by their own unit and by the secretariat.")
    _check_write("commendation.enter", user, year, membership, message=text)
    _check_not_late(user, year, membership)


def _check_not_late(user: User, year: EmulationYear, membership: Membership | None) -> None:
    if year.is_published and not is_allowed(TABLE, "commendation.enter_late", user, year, membership):
        raise WrongState(
            _("The results of the year are published; what comes late is entered by the secretariat, with a reason.")
        )


def can_confirm_any(user: User, year: EmulationYear) -> bool:
    return _may_write("commendation.confirm", user, year)


def check_can_confirm_any(user: User, year: EmulationYear) -> None:
    _check_write("commendation.confirm", user, year, message=_("Commendations are confirmed by the secretariat."))


def can_confirm(user: User, year: EmulationYear, membership: Membership) -> bool:
    return _may_write("commendation.confirm", user, year, membership)


def check_can_confirm(user: User, year: EmulationYear, membership: Membership) -> None:
    text = _("%(unit)s: nobody confirms commendations of the own unit. Another member of the secretariat does it.")
    _check_write("commendation.confirm", user, year, membership, message=text % {"unit": membership.name})


def check_can_edit_commendation(user: User, commendation: Commendation) -> None:
    """Raises WrongState where a confirmed row is edited by a person who could not confirm it."""
    membership = commendation.membership
    check_can_enter(user, membership.year, membership)
    is_open = commendation.confirmed_at is None
    if not is_open and not is_allowed(TABLE, "commendation.confirm", user, membership.year, membership):
        raise WrongState(
            _("This commendation is confirmed. Ask a member of the secretariat of another unit to correct it.")
        )


def can_edit_commendation(user: User, commendation: Commendation) -> bool:
    try:
        check_can_edit_commendation(user, commendation)
    except DomainError:
        return False
    return True


def can_revoke(user: User, commendation: Commendation) -> bool:
    return _may_write("commendation.revoke", user, commendation.membership.year, commendation.membership)


def check_can_revoke(user: User, commendation: Commendation) -> None:
    text = _("A commendation is revoked by the secretariat, never by the own unit.")
    membership = commendation.membership
    _check_write("commendation.revoke", user, membership.year, membership, message=text)
