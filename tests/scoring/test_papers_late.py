"""Who is late with what: the list of the letter to late units."""

from datetime import UTC, datetime

import pytest

from awards.enums import PledgeStatus
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.text import text_of
from members.enums import DeadlineStep, Phase
from scoring.paperwork import queries
from scoring.paperwork.late import CARD, CORRECTION, PLEDGE, late_rows
from tests.factories.awards import PledgeFactory, PledgeSignatureFactory
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.year_end_scenes import reread

pytestmark = pytest.mark.django_db

PLEDGED_BY = datetime(2021, 3, 31, 16, 59, 59, tzinfo=UTC)
CORRECTED_BY = datetime(2021, 11, 23, 16, 59, 59, tzinfo=UTC)


def late_world(unit_count=4):
    """The leader submitted and signed; the deputy's card was returned; the third has more time; the others owe all."""
    world = two_clusters(unit_count, phase=Phase.REVIEWING)
    for place in (world, world.foreign):
        deadline = DeadlineFactory(year=place.year)
        DeadlineFactory(year=place.year, step=DeadlineStep.PLEDGE_SIGNING, due_at=PLEDGED_BY)
        DeadlineFactory(year=place.year, step=DeadlineStep.REVIEWING, due_at=CORRECTED_BY)
        pledge = PledgeFactory(year=place.year, status=PledgeStatus.OPEN)
        PledgeSignatureFactory(pledge=pledge, membership=place.leader)
        ScorecardFactory(membership=place.leader, submitted=True)
        ScorecardFactory(membership=place.deputy, returned=True)
        for membership in place.members[2:]:
            ScorecardFactory(membership=membership, filled=True)
        if place is world and unit_count > 2:
            ExtensionFactory(deadline=deadline, membership=world.member)
    return world


def rows_of(world, at=NOW):
    return [(row.membership.name, row.what, row.due_text, row.days) for row in late_rows(reread(world), at)]


def test_list_has_each_thing_that_is_overdue_and_nothing_else():
    world = late_world()
    day_of_pledge = ("23:59 31/03/2021", 238)

    assert rows_of(world) == [
        ("Đơn vị A2", PLEDGE, *day_of_pledge),
        ("Đơn vị A2", CORRECTION, "23:59 23/11/2021", 1),
        ("Đơn vị A3", PLEDGE, *day_of_pledge),
        ("Đơn vị A4", PLEDGE, *day_of_pledge),
        ("Đơn vị A4", CARD, "23:59 22/11/2021", 2),
    ]


def test_extension_counts_until_it_is_over():
    world = late_world()

    after = rows_of(world, datetime(2021, 11, 28, 2, tzinfo=UTC))

    assert ("Đơn vị A3", CARD, "23:59 26/11/2021", 2) in after


def test_last_second_of_a_deadline_is_in_time():
    world = late_world()
    last = datetime(2021, 3, 31, 16, 59, 59, tzinfo=UTC)

    assert rows_of(world, last) == []
    assert len(rows_of(world, last.replace(hour=17, minute=0, second=0))) == 3


def test_pledge_that_nobody_may_sign_yet_makes_nobody_late():
    world = late_world()
    world.year.pledges.update(status=PledgeStatus.DRAFT)

    assert {what for _name, what, _due, _days in rows_of(world)} == {CARD, CORRECTION}


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_cards_are_owed_only_while_they_can_be_handed_in(phase):
    world = late_world()
    type(world.year).objects.filter(pk=world.year.pk).update(phase=phase)

    assert {what for _name, what, _due, _days in rows_of(world)} == {PLEDGE}


def test_letter_is_ready_without_typing_and_names_every_late_unit_once():
    world = late_world()

    draft = queries.draft(reread(world), DocumentKind.REMINDER, NOW)
    lines = text_of(draft.document(is_draft=False))

    assert (draft.missing, draft.blocking) == ([], [])
    assert [line for line in lines if line.startswith("- Đơn vị")] == [
        "- Đơn vị A2;",
        "- Đơn vị A3;",
        "- Đơn vị A4.",
    ]
    assert any("Cụm A còn 03 đơn vị chưa hoàn thành" in line for line in lines)
    assert lines.count("Đơn vị A2") == 2
    assert CANARY not in "\n".join(lines)


def test_letter_of_an_earlier_day_counts_the_days_up_to_it():
    world = late_world()

    draft = queries.draft(reread(world), DocumentKind.REMINDER, NOW, dated_on=datetime(2021, 4, 2, tzinfo=UTC).date())
    lines = text_of(draft.document(is_draft=False))

    assert lines.count("2") >= 3
    assert "238" not in lines


@pytest.mark.parametrize("unit_count", [2, 9])
def test_list_asks_as_often_for_two_units_as_for_nine(django_assert_num_queries, unit_count):
    year = reread(late_world(unit_count))

    with django_assert_num_queries(5):
        late_rows(year, NOW)
