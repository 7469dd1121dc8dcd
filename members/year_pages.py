"""What the set-up page of a year shows, as finished values for its template."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cluster_app.lib.wording import date_short
from cluster_app.lib.workflow import Transition
from members import queries, registers
from members.addresses import year_url
from members.enums import Phase, Standing
from members.forms import TIE_BREAKS
from members.models import Deadline, EmulationYear, Membership, PendingStep, User
from members.permissions import can_advance_year, can_conclude_year, can_see_setup
from members.services import pending, years
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR

STANDING_CSS = {Standing.GOOD: "ok", Standing.SUSPENDED: "warn", Standing.DISQUALIFIED: "bad"}


def context(year: EmulationYear, user: User, *, edits: bool) -> dict[str, object]:
    """Members, details, deadlines, rules and accounts; `edits` says whether the page offers to change them."""
    step = YEAR.transitions[NEXT_STEP[Phase(year.phase)]]
    takes_step = can_conclude_year(user, year) if step.name in BY_TWO_PERSONS else can_advance_year(user, year)
    return {
        "year": year,
        "edits": edits,
        "members": [member_row(member) for member in year.roster()],
        "details": details(year),
        "deadlines": [deadline_row(deadline, year) for deadline in queries.calendar(year).values()],
        "rules": rule_pairs(year),
        "step_label": step_label(step),
        "takes_step": takes_step,
        "missing": [{"level": "block", "text": sentence} for sentence in years.missing_for(year, Phase(step.target))],
        "url": {
            name: year_url(f"members:{name}", year)
            for name in (
                "year_edit",
                "year_move",
                "rules_edit",
                "membership_add",
                "deadlines_edit",
                "extension_add",
                "extension_list",
                "account_list",
                "delegation_list",
            )
        },
    }


def step_label(step: Transition) -> str:
    """The button that takes the step."""
    return {
        "activate": _("Activate the year"),
        "open_self_scoring": _("Open self-scoring"),
        "open_reviewing": _("Begin the review"),
        "open_approving": _("Begin the approval"),
        "open_conference": _("Open the conference"),
        "conclude": _("Conclude the year"),
        "archive": _("Archive the year"),
        "unarchive": _("Reopen the archived year"),
    }[step.name]


def proposal(year: EmulationYear, step: Transition) -> PendingStep | None:
    kind = BY_TWO_PERSONS.get(step.name)
    return pending.open_step(kind, year) if kind else None


def step_context(year: EmulationYear, step: Transition, proposed: PendingStep | None, user: User) -> dict[str, object]:
    """The page of one step: what is missing, who proposed it, and what this person may do about it."""
    needs_two = step.name in BY_TWO_PERSONS
    missing = years.missing_for(year, Phase(step.target))
    is_own = proposed is not None and proposed.proposed_by_id == user.pk
    return {
        "title": step_label(step),
        "lines": step_lines(year, step, proposed),
        "missing": [{"level": "block", "text": sentence} for sentence in missing],
        "can_move": not missing and (proposed is not None and not is_own if needs_two else True),
        "can_propose": needs_two and proposed is None and not missing,
        "can_withdraw": proposed is not None,
        "waits": is_own,
        "propose_url": year_url("members:year_propose", year),
        "withdraw_url": year_url("members:year_withdraw", year),
        "move_url": year_url("members:year_move", year),
        "back_url": year_url("members:year_setup" if can_see_setup(user, year) else "members:conference", year),
        "move_label": _("Confirm: %(step)s") % {"step": step_label(step)} if needs_two else step_label(step),
    }


def step_lines(year: EmulationYear, step: Transition, proposed: PendingStep | None) -> list[str]:
    phase = Phase(step.target).label
    lines = [_("The year %(year)s enters the phase “%(phase)s”.") % {"year": year.year, "phase": phase}]
    if step.target == Phase.ARCHIVED:
        lines.append(_("Nothing of this year can be changed afterwards."))
    if proposed is not None:
        sentence = _("Proposed by %(person)s, %(moment)s.")
        lines.append(sentence % {"person": proposed.proposed_by, "moment": moment(proposed.proposed_at)})
        if proposed.reason:
            lines.append(_("Reason: %(reason)s") % {"reason": proposed.reason})
    elif step.name in BY_TWO_PERSONS:
        lines.append(_("This step needs two persons: one proposes it, another one confirms it."))
    return lines


def member_row(member: Membership) -> dict[str, object]:
    return {
        "name": member.name,
        "title": member.title,
        "standing": {"css": STANDING_CSS[Standing(member.standing)], "label": member.get_standing_display()},
        "reason": member.standing_reason,
        "url": year_url("members:membership_edit", member.year, membership=member.pk),
    }


def details(year: EmulationYear) -> list[tuple[str, str]]:
    return [
        (_("Phase"), year.get_phase_display()),
        (_("Title of the leader"), year.leader_title),
        (_("Title of the deputy"), year.deputy_title),
        (_("Regulations"), numbered(year.regulation_number, year.regulation_on)),
        (_("Year's plan"), numbered(year.plan_number, year.plan_on)),
        (_("Letterhead"), year.get_letterhead_display()),
        (_("Recipients"), "; ".join(year.recipients.splitlines()) or "–"),
        (_("Accounts of the units"), account_count(year)),
    ]


def numbered(number: str, day) -> str:
    return " · ".join(filter(None, (number, date_short(day) if day else ""))) or "–"


def deadline_row(deadline: Deadline, year: EmulationYear) -> dict[str, object]:
    names = {member.pk: member.short_name for member in year.roster()}
    return {
        "step": deadline.get_step_display(),
        "due": moment(deadline.due_at),
        "kind": _("hard") if deadline.is_hard else _("soft"),
        "extensions": [
            _("%(unit)s until %(moment)s: %(reason)s")
            % {"unit": names[given.membership_id], "moment": moment(given.until), "reason": given.reason}
            for given in queries.extensions_of(year, deadline.step)
        ],
    }


def rule_pairs(year: EmulationYear) -> list[tuple[str, str]]:
    rules, words = year.rules, dict(TIE_BREAKS)
    bands = [_("%(name)s from %(points)s") % {"name": band["name"], "points": band["from"]} for band in rules.bands]
    return [
        (_("Ranking by"), rules.get_ranking_basis_display()),
        (_("Criteria that are not assigned"), rules.get_not_assigned_display()),
        (_("Tie-breaks"), "; ".join(str(words.get(code, code)) for code in rules.tie_breaks) or "–"),
        (_("Bands"), "; ".join(bands) or "–"),
        (_("Tally period"), f"{date_short(rules.tally_from)} – {date_short(rules.tally_to)}"),
        (_("The secretariat may enter cards on behalf"), yes_no(rules.may_enter_on_behalf)),
        (_("Officers may submit with the signed paper"), yes_no(rules.officer_may_submit)),
        (_("Cards are reviewed by"), rules.get_review_mode_display()),
        (_("Numbers of papers"), numbers_rule(year)),
    ]


def numbers_rule(year: EmulationYear) -> str:
    if not year.rules.own_register:
        return _("typed from the register of the leader's agency")
    return _("given here, through the period %(period)s") % {"period": registers.period(year)}


def account_count(year: EmulationYear) -> str:
    """How many of the accounts that the units need are made: "17/18"."""
    made = {(found.unit_id, found.role) for found in queries.accounts_of_units(year) if found.user.is_active}
    return f"{len(made)}/{2 * len(year.roster())}"


def moment(value: datetime) -> str:
    """A deadline shows weekday and hour: "thứ hai 22/11/2021, 23:59"."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'l')} {local:%d/%m/%Y, %H:%M}"


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
