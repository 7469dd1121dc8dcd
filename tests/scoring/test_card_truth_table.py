"""Who may do what with a score card in which status: every act of every service, typed by hand from security.md 3.

The columns: of officer and sg signatory of the card's unit · ot another unit · fo another cluster · A the reviewer who
is asked · L D the leader's and the deputy's signatory · S secretariat · R observer · O administrator · own the leader's
signatory toward the card of the own unit · home the secretary whose home unit it is.

    Y works · 3 not allowed · 4 not known · W wrong status
"""

import pytest
from django.db import transaction

from members.enums import Phase
from scoring.enums import CardStatus
from tests.factories.scoring import ReviewAssignmentFactory, ScorecardFactory
from tests.scenarios import fresh, two_clusters
from tests.scoring.acts import ACTS, OF_OBJECTION, ready_card
from tests.scoring.cards import outcome, reread, state_of

pytestmark = pytest.mark.django_db

COLUMNS = ("of", "sg", "ot", "fo", "A", "L", "D", "S", "R", "O", "own", "home")
DRAFT, SUBMITTED, RETURNED, REVIEWED, APPROVED = CardStatus.values

# status: of sg ot fo A L D S R O own home
TABLE = {
    "see": {
        DRAFT: "    Y Y 3 4 3 3 3 Y Y 4 Y Y",
        SUBMITTED: "Y Y 3 4 Y Y Y Y Y 4 Y Y",
        RETURNED: " Y Y 3 4 Y Y Y Y Y 4 Y Y",
        REVIEWED: " Y Y 3 4 Y Y Y Y Y 4 Y Y",
        APPROVED: " Y Y 3 4 Y Y Y Y Y 4 Y Y",
    },
    "fill": {
        DRAFT: "    Y Y 3 4 3 3 3 Y 3 4 Y Y",
        SUBMITTED: "W W 3 4 3 3 3 W 3 4 W W",
        RETURNED: " Y Y 3 4 3 3 3 Y 3 4 Y Y",
        REVIEWED: " W W 3 4 3 3 3 W 3 4 W W",
        APPROVED: " W W 3 4 3 3 3 W 3 4 W W",
    },
    "submit": {
        DRAFT: "    Y Y 3 4 3 3 3 Y 3 4 Y Y",
        SUBMITTED: "W W 3 4 3 3 3 W 3 4 W W",
        RETURNED: " Y Y 3 4 3 3 3 Y 3 4 Y Y",
        REVIEWED: " W W 3 4 3 3 3 W 3 4 W W",
        APPROVED: " W W 3 4 3 3 3 W 3 4 W W",
    },
    "add evidence": {
        DRAFT: "    Y Y 3 4 3 3 3 Y 3 4 Y Y",
        SUBMITTED: "W W 3 4 3 3 3 W 3 4 W W",
        RETURNED: " Y Y 3 4 3 3 3 Y 3 4 Y Y",
        REVIEWED: " W W 3 4 3 3 3 W 3 4 W W",
        APPROVED: " W W 3 4 3 3 3 W 3 4 W W",
    },
    "hide evidence": {
        DRAFT: "    Y Y 3 4 3 3 3 Y 3 4 Y Y",
        SUBMITTED: "W W 3 4 3 3 3 W 3 4 W W",
        RETURNED: " Y Y 3 4 3 3 3 Y 3 4 Y Y",
        REVIEWED: " W W 3 4 3 3 3 W 3 4 W W",
        APPROVED: " W W 3 4 3 3 3 W 3 4 W W",
    },
    "replace estimate": {
        DRAFT: "    W W 3 4 3 3 3 W 3 4 W W",
        SUBMITTED: "Y Y 3 4 3 3 3 Y 3 4 Y Y",
        RETURNED: " W W 3 4 3 3 3 W 3 4 W W",
        REVIEWED: " Y Y 3 4 3 3 3 Y 3 4 Y Y",
        APPROVED: " W W 3 4 3 3 3 W 3 4 W W",
    },
    "set assigned": {
        DRAFT: "    3 3 3 4 3 3 3 Y 3 4 3 3",
        SUBMITTED: "3 3 3 4 3 3 3 Y 3 4 3 3",
        RETURNED: " 3 3 3 4 3 3 3 Y 3 4 3 3",
        REVIEWED: " 3 3 3 4 3 3 3 W 3 4 3 3",
        APPROVED: " 3 3 3 4 3 3 3 W 3 4 3 3",
    },
    # No line of this card is fed from records: who may refresh is told so.
    "refresh": {
        DRAFT: "    W W 3 4 3 3 3 W 3 4 W W",
        SUBMITTED: "3 3 3 4 W W W W 3 4 3 3",
        RETURNED: " W W 3 4 W 3 3 W 3 4 W W",
        REVIEWED: " 3 3 3 4 W W W W 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "review": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 Y Y Y Y 3 4 3 3",
        RETURNED: " 3 3 3 4 W W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 W W W W 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "accept": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 Y Y Y Y 3 4 3 3",
        RETURNED: " 3 3 3 4 W W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 W W W W 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "conclude": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 Y Y Y Y 3 4 3 3",
        RETURNED: " 3 3 3 4 W W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 W W W W 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "return": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 Y Y Y Y 3 4 3 3",
        RETURNED: " 3 3 3 4 W W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 Y Y Y Y 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "raise objection": {
        DRAFT: "    W W 3 4 3 3 3 3 3 4 W W",
        SUBMITTED: "W W 3 4 3 3 3 3 3 4 W W",
        RETURNED: " W W 3 4 3 3 3 3 3 4 W W",
        REVIEWED: " Y Y 3 4 3 3 3 3 3 4 Y Y",
        APPROVED: " W W 3 4 3 3 3 3 3 4 W W",
    },
    "answer objection": {
        DRAFT: "    W W 3 4 3 W W W 3 4 W W",
        SUBMITTED: "W W 3 4 W W W W 3 4 W W",
        RETURNED: " W W 3 4 W W W W 3 4 W W",
        REVIEWED: " Y Y 3 4 Y Y Y Y 3 4 Y Y",
        APPROVED: " W W 3 4 W W W W 3 4 W W",
    },
    "settle objection": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 W W W W 3 4 3 3",
        RETURNED: " 3 3 3 4 W W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 Y Y Y Y 3 4 3 3",
        APPROVED: " 3 3 3 4 W W W W 3 4 3 3",
    },
    "withdraw objection": {
        DRAFT: "    W W 3 4 3 3 3 3 3 4 W W",
        SUBMITTED: "W W 3 4 3 3 3 3 3 4 W W",
        RETURNED: " W W 3 4 3 3 3 3 3 4 W W",
        REVIEWED: " Y Y 3 4 3 3 3 3 3 4 Y Y",
        APPROVED: " W W 3 4 3 3 3 3 3 4 W W",
    },
    "approve": {
        # While the card of the own unit is a draft, the leader approves nothing: nobody studies the rivals' first.
        DRAFT: "    3 3 3 4 3 3 3 3 3 4 3 3",
        SUBMITTED: "3 3 3 4 3 W 3 3 3 4 3 3",
        RETURNED: " 3 3 3 4 3 W 3 3 3 4 3 3",
        REVIEWED: " 3 3 3 4 3 Y 3 3 3 4 3 3",
        APPROVED: " 3 3 3 4 3 W 3 3 3 4 3 3",
    },
    "propose reopening": {
        DRAFT: "    3 3 3 4 3 W W W 3 4 3 3",
        SUBMITTED: "3 3 3 4 3 W W W 3 4 3 3",
        RETURNED: " 3 3 3 4 3 W W W 3 4 3 3",
        REVIEWED: " 3 3 3 4 3 W W W 3 4 3 3",
        APPROVED: " 3 3 3 4 3 Y Y Y 3 4 3 3",
    },
}


def test_the_table_has_every_act_in_every_status_toward_everybody():
    assert set(TABLE) == set(ACTS)
    assert all(set(rows) == set(CardStatus.values) for rows in TABLE.values())
    assert {len(cells.split()) for rows in TABLE.values() for cells in rows.values()} == {len(COLUMNS)}


def people(world):
    """Who acts, by column, and toward whose card."""
    found = {column: (person, world.member) for column, person in world.people().items()}
    found["A"] = (world.signatories[4], world.member)
    found["own"] = (world.leader_signatory, world.leader)
    found["home"] = (world.secretariat_at_home, world.member)
    return [found[column] for column in COLUMNS]


def cards(world, status, *, objected):
    """The cards of the unit `member` and of the leader in the status, those of all others submitted."""
    found = {}
    for member in world.members:
        if member in (world.member, world.leader):
            found[member.pk] = ready_card(status, member, objected=objected)
        else:
            ScorecardFactory(membership=member, submitted=True)
    ReviewAssignmentFactory(scorecard=found[world.member.pk], user=world.signatories[4], assigned_by=world.secretariat)
    return found


@pytest.mark.parametrize("status", CardStatus.values)
def test_who_may_do_what(status):
    world = two_clusters(5, phase=Phase.REVIEWING)
    found, changed = letters_of(world, status, [act for act in ACTS if act not in OF_OBJECTION], objected=False)
    more, changed_too = letters_of(world, status, OF_OBJECTION, objected=True)

    assert found | more == {act: " ".join(TABLE[act][status].split()) for act in ACTS}
    assert changed + changed_too == []


def letters_of(world, status, acts, *, objected):
    """What every act answers everybody, one letter a person; and which act left a trace although it was taken back."""
    found, changed = {}, []
    with transaction.atomic():
        there = cards(world, status, objected=objected)
        before = {pk: state_of(card) for pk, card in there.items()}
        for act in acts:
            letters = []
            for person, member in people(world):
                card, user = there[member.pk], fresh(person)
                letters.append(outcome(lambda act=act, card=card, user=user: ACTS[act](reread(card), user)))
            found[act] = " ".join(letters)
            changed += [act for pk, card in there.items() if state_of(card) != before[pk]]
        transaction.set_rollback(True)
    return found, changed
