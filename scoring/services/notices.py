"""What each step of a card or of the results tells the people whom it concerns. A service calls its function just
before its audit event, in its transaction. What an earlier step asked of somebody is closed by the step that did it.

A unit is told of its own card only. The texts are msgids, put into words for each reader.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from cluster_app.audit.rows import key_of
from members.addresses import year_url
from members.calculations import is_late
from members.enums import DeadlineStep, MemberRole
from members.models import EmulationYear, User
from members.queries import due_for
from members.services.notifications import Message, close, send_all
from scoring import concerned
from scoring.concerned import People
from scoring.models import Objection, ReviewAssignment, Scorecard

_CARD, _REVIEW, _REOPEN = "scoring:scorecard_detail", "scoring:scorecard_review", "scoring:scorecard_reopen"


def submitted(card: Scorecard, by: User, at: datetime) -> None:
    """Tells those who review the card."""
    text = gettext_noop("The score card of %(unit)s was submitted and waits for the review.")
    people = People(card.membership.year)
    _close([card], at, "returned", "to_approve", "reviewed")
    send_all(messages=[_of_card(people, card, "submitted", text, people.reviewers(card), page=_REVIEW)], at=at, by=by)


def returned(card: Scorecard, by: User, at: datetime) -> None:
    """Tells the unit, with the reason and the criteria that were named."""
    lines = card.lines.filter(is_returned=True).order_by("criterion__order", "pk")
    codes = ", ".join(lines.values_list("criterion__code", flat=True))
    text = gettext_noop("The score card of %(unit)s was returned for correction: %(reason)s")
    if codes:
        text = gettext_noop("The score card of %(unit)s was returned for correction of %(codes)s: %(reason)s")
    names = {"reason": card.returned_reason, "codes": codes}
    people = People(card.membership.year)
    _close([card], at, "submitted", "to_approve", "reviewed")
    send_all(messages=[_of_card(people, card, "returned", text, _unit(people, card), **names)], at=at, by=by)


def reviewed(card: Scorecard, by: User, at: datetime) -> None:
    """Tells the unit until when it may object, and those who approve the card that it waits for them."""
    people = People(card.membership.year)
    waits = gettext_noop("The score card of %(unit)s is reviewed and waits for your approval.")
    deciding = concerned.approvers_of(people, [card], at)[card.pk]
    due = due_for(card.membership.year, DeadlineStep.OBJECTING, card.membership)
    text = gettext_noop("The score card of %(unit)s is reviewed. Objections are open until its approval.")
    until = ""
    if due is not None and not is_late(due.due_at, at):
        text = gettext_noop(
            "The score card of %(unit)s is reviewed. Objections are open until %(until)s or until its approval."
        )
        until = f"{timezone.localtime(due.due_at):%d/%m/%Y %H:%M}"
    messages = [
        _of_card(people, card, "reviewed", text, _unit(people, card), until=until),
        _of_card(people, card, "to_approve", waits, deciding),
    ]
    _close([card], at, "submitted")
    send_all(messages=messages, at=at, by=by)


def objection_raised(objection: Objection, by: User, at: datetime) -> None:
    """Tells those who review the card."""
    people = _people_around(objection)
    text = gettext_noop("%(unit)s objects to the points of %(code)s.")
    _of_objection(people, objection, "raised", text, people.reviewers(objection.line.scorecard), by, at)


def objection_answered(objection: Objection, by: User, at: datetime) -> None:
    """Tells the other side: the unit what a reviewer wrote, the reviewers what the unit wrote."""
    people, card = _people_around(objection), objection.line.scorecard
    text, users = gettext_noop("The objection of %(unit)s to %(code)s was answered."), _unit(people, card)
    if by.pk in users:
        text, users = gettext_noop("%(unit)s wrote more on its objection to %(code)s."), people.reviewers(card)
    _of_objection(people, objection, f"answered:{at.isoformat()}", text, users, by, at)


def objection_settled(objection: Objection, by: User, at: datetime) -> None:
    """Tells the unit; the outcome stands on the page of the card."""
    people = _people_around(objection)
    card = objection.line.scorecard
    close(year=card.membership.year, beginnings=[f"objection:{objection.pk}:"], at=at)
    text = gettext_noop("The objection of %(unit)s to %(code)s is settled.")
    _of_objection(people, objection, "settled", text, _unit(people, card), by, at)


def objections_ended(objections: Sequence[Objection], at: datetime) -> None:
    """Nobody has to answer them any more. They are those of one card."""
    if objections:
        year = objections[0].line.scorecard.membership.year
        close(year=year, beginnings=[f"objection:{one.pk}:" for one in objections], at=at)


def approved(card: Scorecard, by: User, at: datetime) -> None:
    """Tells the unit."""
    approved_all([card], by, at)


def approved_all(cards: Sequence[Scorecard], by: User, at: datetime) -> None:
    """Tells the units. As many queries for nine cards of a year as for one."""
    text = gettext_noop("The score card of %(unit)s was approved.")
    _close(cards, at, "to_approve", "reviewed")
    _tell_units(cards, "approved", text, by, at)


def reopening_proposed(card: Scorecard, by: User, at: datetime) -> None:
    """Tells those who may confirm it: they decide on the reason, so they read it on the page."""
    people = People(card.membership.year)
    text = gettext_noop("%(person)s proposes to reopen the score card of %(unit)s. It needs a second person.")
    users = people.two_persons(MemberRole.LEADER, MemberRole.DEPUTY, by=by) - _unit(people, card)
    message = _of_card(people, card, "reopening", text, users, page=_REOPEN, mark=at.isoformat(), person=str(by))
    send_all(messages=[message], at=at, by=by)


def reopening_withdrawn(card: Scorecard, at: datetime) -> None:
    """Nobody has to confirm it any more."""
    _close([card], at, "reopening")


def reopened(card: Scorecard, by: User, at: datetime) -> None:
    """Tells the unit."""
    reopened_all([card], by, at)


def reopened_all(cards: Sequence[Scorecard], by: User, at: datetime) -> None:
    """Tells the units. As many queries for nine cards of a year as for one."""
    text = gettext_noop("The approval of the score card of %(unit)s was revoked; the card is under review again.")
    _close(cards, at, "approved", "reopening")
    _tell_units(cards, "reopened", text, by, at)


def reviewers_assigned(assignments: Sequence[ReviewAssignment], at: datetime) -> None:
    """Tells those who were asked to review cards of one year. As many queries for nine as for one."""
    if not assignments:
        return
    people = People(assignments[0].scorecard.membership.year)
    text = gettext_noop("You are asked to review the score card of %(unit)s.")
    messages = []
    for one in assignments:
        users = people.asked(one) - _unit(people, one.scorecard)
        messages.append(_of_card(people, one.scorecard, f"asked:{one.pk}", text, users, page=_REVIEW))
    send_all(messages=messages, at=at)


def reviewer_removed(assignment: ReviewAssignment, pk: int, at: datetime) -> None:
    """Closes what the request `pk` asked, and the card's submission toward those who no longer review it."""
    card = assignment.scorecard
    people = People(card.membership.year)
    close(year=people.year, beginnings=[f"asked:{pk}:"], at=at)
    released = people.asked(assignment) - people.reviewers(card)
    close(year=people.year, beginnings=[f"submitted:{key_of(card)}:"], at=at, users=released)


def publication_proposed(year: EmulationYear, by: User, at: datetime) -> None:
    """Tells those who may confirm it."""
    text = gettext_noop("%(person)s proposes to publish the results of %(year)s. It needs a second person.")
    message = Message(
        users=concerned.who_publishes(People(year), by),
        year=year,
        key=f"publication_proposed:{key_of(year)}:{at.isoformat()}",
        text=text,
        url=year_url("scoring:publication", year),
        params={"person": str(by), "year": year.year},
    )
    send_all(messages=[message], at=at, by=by)


def publication_withdrawn(year: EmulationYear, at: datetime) -> None:
    """Nobody has to confirm the proposal any more."""
    close(year=year, beginnings=[f"publication_proposed:{key_of(year)}:"], at=at)


def published(year: EmulationYear, by: User, at: datetime) -> None:
    """Tells everybody of the units."""
    close(year=year, beginnings=[f"publication_proposed:{key_of(year)}:"], at=at)
    message = Message(
        users=People(year).of_all_units(),
        year=year,
        key=f"published:{key_of(year)}:{at.isoformat()}",
        text=gettext_noop("The results of %(year)s are published."),
        url=year_url("scoring:ranking", year),
        params={"year": year.year},
    )
    send_all(messages=[message], at=at, by=by)


def _close(cards: Sequence[Scorecard], at: datetime, *events: str) -> None:
    """Closes what the `events` of the cards asked of people."""
    years = {card.membership.year_id: card.membership.year for card in cards}
    for pk, year in years.items():
        own = [card for card in cards if card.membership.year_id == pk]
        close(year=year, beginnings=[f"{event}:{key_of(card)}:" for event in events for card in own], at=at)


def _people_around(objection: Objection) -> People:
    return People(objection.line.scorecard.membership.year)


def _unit(people: People, card: Scorecard) -> set[int]:
    return people.of_unit(card.membership.unit_id)


def _tell_units(cards: Sequence[Scorecard], event: str, text: str, by: User, at: datetime) -> None:
    years = {card.membership.year_id: card.membership.year for card in cards}
    around = {pk: People(year) for pk, year in years.items()}
    messages = []
    for card in cards:
        people = around[card.membership.year_id]
        messages.append(_of_card(people, card, event, text, _unit(people, card)))
    send_all(messages=messages, at=at, by=by)


def _of_card(
    people: People,
    card: Scorecard,
    event: str,
    text: str,
    users: set[int],
    *,
    page: str = _CARD,
    mark: str = "",
    **names: str,
) -> Message:
    """A message of one event of the card; its version tells the second submission from the first, and `mark` one event
    from the next where the card stays as it was."""
    membership = card.membership
    return Message(
        users=users,
        year=people.year,
        key=":".join(filter(None, (event, key_of(card), str(card.version), mark))),
        text=text,
        url=year_url(page, people.year, code=membership.unit.code),
        params={"unit": membership.short_name or membership.name, **names},
    )


def _of_objection(
    people: People, objection: Objection, event: str, text: str, users: set[int], by: User, at: datetime
) -> None:
    card, code = objection.line.scorecard, objection.line.criterion.code
    message = _of_card(people, card, f"objection:{objection.pk}:{event}", text, users, code=code)
    send_all(messages=[message], at=at, by=by)
