"""Who may see and write what belongs to a whole year: criteria, targets, reviewers, objections, ranking, summary."""

from django.utils.translation import gettext as _

from cluster_app.documents.models import IssuedDocument
from members import permissions as members_permissions
from members.models import EmulationYear, Membership, User
from scoring.models import CriteriaSet
from scoring.permissions.table import TABLE


def check_can_list(user: User, year: EmulationYear) -> None:
    """The units with status and days late are open to everybody of the cluster; what else, each card says itself."""
    members_permissions.check(TABLE, "card.list", user, year)


def can_list_objections(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "objection.list", user, year)


def check_can_list_objections(user: User, year: EmulationYear) -> None:
    message = _("The objections of all units are open to the secretariat and those who chair the cluster.")
    members_permissions.check(TABLE, "objection.list", user, year, message=message)


def can_assign_reviewers(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "reviewers.write", user, year) and not year.is_archived


def check_can_assign_reviewers(user: User, year: EmulationYear) -> None:
    message = _("Reviewers are named by the secretariat.")
    members_permissions.check(TABLE, "reviewers.write", user, year, message=message)
    members_permissions.check_not_archived(year)


def can_assign_reviewers_of(user: User, membership: Membership) -> bool:
    year = membership.year
    return members_permissions.is_allowed(TABLE, "reviewers.write", user, year, membership) and not year.is_archived


def check_can_assign_reviewers_of(user: User, membership: Membership) -> None:
    """Nobody says who reviews the card of the own unit."""
    message = _("Reviewers are named by the secretariat, for other units than the own one.")
    members_permissions.check(TABLE, "reviewers.write", user, membership.year, membership, message=message)
    members_permissions.check_not_archived(membership.year)


def can_see_reviewers(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "reviewers.see", user, year)


def check_can_see_reviewers(user: User, year: EmulationYear) -> None:
    message = _("Who reviews which card is open to the secretariat and those who chair the cluster.")
    members_permissions.check(TABLE, "reviewers.see", user, year, message=message)


def can_see_progress(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "progress.see", user, year)


def can_see_ranking(user: User, year: EmulationYear) -> bool:
    return any(
        members_permissions.is_allowed(TABLE, action, user, year)
        for action in ("ranking.provisional", "ranking.published")
    )


def check_can_see_ranking(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed: before the results are published only leader, deputy, secretariat and observers see them."""
    if not members_permissions.is_allowed(TABLE, "ranking.provisional", user, year):
        message = _("The ranking is open to the units after the results are published.")
        members_permissions.check(TABLE, "ranking.published", user, year, message=message)


def check_can_see_criteria(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "criteria.see", user, year)


def can_see_criteria(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "criteria.see", user, year)


def can_edit_criteria(user: User, year: EmulationYear) -> bool:
    return not year.is_archived and members_permissions.is_allowed(TABLE, "criteria.edit", user, year)


def can_copy_criteria(user: User, criteria_set: CriteriaSet) -> bool:
    """A set that was in force is read, and so copied, by everybody of its cluster; a draft by those who write it."""
    return (
        can_edit_criteria(user, criteria_set.year)
        if not criteria_set.is_applied
        else can_see_criteria(user, criteria_set.year)
    )


def check_can_edit_criteria(user: User | None, year: EmulationYear) -> None:
    """None is the command line, which acts with the rights of the secretariat; a request always has a user."""
    if user is not None:
        members_permissions.check(TABLE, "criteria.edit", user, year)
    members_permissions.check_not_archived(year)


def check_can_write_target(user: User, membership: Membership) -> None:
    """Targets, and what is not assigned, are set by the secretariat, never by the unit itself."""
    message = _("Targets are set by the secretariat, for other units than the own one.")
    members_permissions.check(TABLE, "target.write", user, membership.year, membership, message=message)
    members_permissions.check_not_archived(membership.year)


def can_write_summary(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "summary.write", user, year)


def check_can_write_summary(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "summary.write", user, year)
    members_permissions.check_not_archived(year)


def can_print_draft(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "summary.print_draft", user, year)


def check_can_print_draft(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "summary.print_draft", user, year)


def check_can_print_summary(user: User, year: EmulationYear) -> None:
    message = _("The annual summary is open to the units after the results are published.")
    members_permissions.check(TABLE, "summary.print", user, year, message=message)


def check_can_list_papers(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "paper.list", user, year)


def can_print_paper(user: User, year: EmulationYear, paper: IssuedDocument) -> bool:
    return members_permissions.is_allowed(TABLE, "paper.print", user, year, thing=paper)


def check_can_print_paper(user: User, year: EmulationYear, paper: IssuedDocument) -> None:
    """An issued paper; withdrawn ones, and results that are not published, are not for the units."""
    message = _("This paper is not open to the units at present.")
    members_permissions.check(TABLE, "paper.print", user, year, thing=paper, message=message)


def check_can_export_results(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "results.export", user, year)


def can_write_target(user: User, membership: Membership) -> bool:
    year = membership.year
    return members_permissions.is_allowed(TABLE, "target.write", user, year, membership) and not year.is_archived


def can_write_targets(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "target.write", user, year) and not year.is_archived


def check_can_write_targets(user: User, year: EmulationYear) -> None:
    """The grid of all units is the secretariat's; the column of the own unit is not (`check_can_write_target`)."""
    message = _("Targets are set by the secretariat, for other units than the own one.")
    members_permissions.check(TABLE, "target.write", user, year, message=message)
    members_permissions.check_not_archived(year)
