"""Numbers of a year's papers: who gives them, what is refused, what is reserved and voided."""

import json

import pytest
from django.db import transaction

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.documents import issuing, numbering
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber, NumberRegister
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.enums import Phase
from members.models import EmulationYear, YearRules
from tests.factories.members import EmulationYearFactory
from tests.members.numbering_acts import (
    ANSWERS,
    ask,
    event_of,
    issue,
    reserve,
    statuses,
    void,
    world_of,
)
from tests.scenarios import NOW


# --- who may ---
@pytest.mark.django_db
@pytest.mark.parametrize("relation", ANSWERS)
def test_numbers_are_given_and_voided_by_leader_and_secretariat(relation):
    world = world_of()
    person, kept = world.people()[relation], reserve(world)
    acts = [
        lambda: ask(world, by=person),
        lambda: reserve(world, by=person),
        lambda: void(world, kept, by=person),
    ]

    for act in acts:
        if ANSWERS[relation] is None:
            act()
        else:
            with pytest.raises(ANSWERS[relation]):
                act()

    assert DocumentNumber.objects.count() == (3 if ANSWERS[relation] is None else 1)


@pytest.mark.django_db
def test_archived_year_gives_no_number():
    world = world_of()
    kept = reserve(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    for act in (lambda: ask(world), lambda: reserve(world), lambda: void(world, kept)):
        with pytest.raises(WrongState):
            act()

    assert statuses() == [(1, "reserved")]


# --- typed from another register ---
@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "text"), [("", ""), (" 7 ", "07"), ("15A", "15a"), ("127", "127")])
def test_without_an_own_register_the_number_is_what_was_typed(typed, text):
    world = world_of(own=False)

    given = ask(world, typed)

    assert (given.text, given.row) == (text, None)
    assert not NumberRegister.objects.exists()


@pytest.mark.django_db
def test_number_that_is_none_is_refused_at_its_field():
    world = world_of(own=False)

    with pytest.raises(Refused) as refusal:
        ask(world, "03-BC/CTĐ")

    assert list(refusal.value.errors) == ["number"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["3", "03", "003"])
def test_typed_number_of_another_paper_in_force_is_refused(typed):
    world = world_of(own=False)
    issue(world, "03")

    with pytest.raises(Refused) as refusal:
        ask(world, typed)

    assert list(refusal.value.errors) == ["number"]


@pytest.mark.django_db
def test_typed_number_is_free_for_other_types_clusters_and_years_and_after_a_withdrawal():
    world = world_of(own=False)
    withdrawn = issue(world, "03")
    next_year = EmulationYearFactory(cluster=world.cluster, year=2022, phase=Phase.PREPARING)
    issuing.withdraw(issued=withdrawn, reason="Sai", by=world.secretariat, at=NOW)
    issue(world, "03", subject="b", kind=DocumentKind.PLAN)
    issue(world.foreign, "03")
    issue(world, "03", subject="c", year=next_year)

    assert ask(world, "03").text == "03"
    assert ask(world, "03a").text == "03a"


@pytest.mark.django_db
def test_typed_number_is_compared_over_the_years_of_a_term():
    world = world_of(own=False, period="2020-2025")
    other_year = EmulationYearFactory(cluster=world.cluster, year=2022)
    YearRules.objects.filter(year=other_year).update(register_period="2020-2025")
    issue(world, "03", year=EmulationYear.objects.get(pk=other_year.pk))

    with pytest.raises(Refused):
        ask(world, "3")


@pytest.mark.django_db
def test_reserved_number_is_used_by_typing_it_after_the_own_register_was_given_up():
    world = world_of()
    reserve(world)
    YearRules.objects.filter(year=world.year).update(own_register=False)

    issue(world, "1")

    assert statuses() == [(1, "issued")]


# --- the own register ---
@pytest.mark.django_db
def test_own_register_gives_the_next_number_and_settles_it():
    world = world_of()

    issued = [issue(world, subject=subject) for subject in "abc"]

    assert [paper.number_symbol for paper in issued] == ["01-TB/CTĐ", "02-TB/CTĐ", "03-TB/CTĐ"]
    assert [row.document for row in DocumentNumber.objects.order_by("number")] == issued
    assert statuses() == [(1, "issued"), (2, "issued"), (3, "issued")]
    assert verification.verify().problem == ""


@pytest.mark.django_db
def test_own_register_counts_for_each_type_and_cluster():
    world = world_of()
    YearRules.objects.filter(year=world.foreign.year).update(own_register=True)
    issue(world)

    assert issue(world, kind=DocumentKind.PLAN).number_symbol == "01-KH/CTĐ"
    assert issue(world.foreign, year=EmulationYear.objects.get(pk=world.foreign.year.pk)).number_symbol == "01-TB/CTĐ"


@pytest.mark.django_db
def test_reserved_number_is_used_by_typing_it():
    world = world_of()
    row = reserve(world, "Thông báo kết quả")
    reserve(world)

    issued = issue(world, " 1 ")

    row.refresh_from_db()
    assert (issued.number_symbol, row.document, row.purpose) == ("01-TB/CTĐ", issued, "Thông báo kết quả")
    assert statuses() == [(1, "issued"), (2, "reserved")]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["1", "2", "3", "1a"])
def test_number_that_is_not_reserved_cannot_be_typed(typed):
    world = world_of()
    issue(world)
    void(world, reserve(world))

    with pytest.raises(Refused) as refusal:
        ask(world, typed)

    assert list(refusal.value.errors) == ["number"]
    assert statuses() == [(1, "issued"), (2, "void")]


@pytest.mark.django_db
def test_number_of_a_withdrawn_paper_is_not_given_again():
    world = world_of()
    issuing.withdraw(issued=issue(world), reason="Sai", by=world.secretariat, at=NOW)

    assert issue(world).number_symbol == "02-TB/CTĐ"


@pytest.mark.django_db
def test_own_register_begun_in_mid_year_follows_on_what_was_typed():
    world = world_of(own=False)
    issue(world, "12")
    YearRules.objects.filter(year=world.year).update(own_register=True)

    assert issue(world, subject="b").number_symbol == "13-TB/CTĐ"


@pytest.mark.django_db
def test_number_typed_while_the_own_register_rested_is_entered_into_it():
    world = world_of()
    issue(world)
    YearRules.objects.filter(year=world.year).update(own_register=False)
    issue(world, "2", subject="b")
    YearRules.objects.filter(year=world.year).update(own_register=True)

    assert issue(world, subject="c").number_symbol == "03-TB/CTĐ"
    assert statuses() == [(1, "issued"), (2, "issued"), (3, "issued")]
    event = AuditEvent.objects.filter(verb="number.issue").order_by("sequence").last()
    assert json.loads(event.payload)["changes"]["adopted"] == ["02"]
    assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_register_of_a_term_runs_on_through_its_years():
    """Years that name the term, and those between its ends that name none; one that names another term is none of
    them."""
    world = world_of(period="2020-2025")
    years = {number: EmulationYearFactory(cluster=world.cluster, year=number) for number in (2019, 2020, 2022, 2025)}
    YearRules.objects.filter(year__year=2022).update(own_register=True, register_period="2020-2025")
    YearRules.objects.filter(year__year=2025).update(register_period="2025-2030")
    for number, typed in ((2019, "90"), (2020, "7"), (2025, "80")):
        issue(world, typed, year=EmulationYear.objects.get(pk=years[number].pk))

    first = issue(world)
    second = issue(world, year=EmulationYear.objects.get(pk=years[2022].pk))

    assert (first.number_symbol, second.number_symbol) == ("08-TB/CTĐ", "09-TB/CTĐ")


@pytest.mark.django_db
def test_paper_that_is_not_issued_leaves_no_gap():
    world = world_of()
    with transaction.atomic():
        assert ask(world).text == "01"
        transaction.set_rollback(True)

    assert issue(world).number_symbol == "01-TB/CTĐ"


# --- reserving, voiding ---
@pytest.mark.django_db
def test_reserving_needs_an_own_register():
    world = world_of(own=False)

    with pytest.raises(WrongState) as refusal:
        reserve(world)

    assert refusal.value.next_step
    assert not NumberRegister.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", ["", "  ", "x" * 201])
def test_reserving_needs_a_purpose_that_fits(purpose):
    world = world_of()

    with pytest.raises(Refused) as refusal:
        reserve(world, purpose)

    assert list(refusal.value.errors) == ["purpose"]
    assert statuses() == []


@pytest.mark.django_db
def test_first_number_of_a_type_may_be_named():
    world = world_of()

    assert [reserve(world, begin_at=57).number, reserve(world, begin_at=99).number] == [57, 58]


@pytest.mark.django_db
def test_void_needs_a_reason_and_a_reserved_number_of_this_year():
    world = world_of()
    YearRules.objects.filter(year=world.foreign.year).update(own_register=True)
    kept, taken = reserve(world), reserve(world)
    issue(world, "2")
    foreign = reserve(world.foreign, year=EmulationYear.objects.get(pk=world.foreign.year.pk))

    with pytest.raises(Refused):
        void(world, kept, reason=" ")
    with pytest.raises(WrongState):
        void(world, taken)
    with pytest.raises(NotKnown):
        void(world, foreign)

    assert statuses() == [(1, "reserved"), (1, "reserved"), (2, "issued")]


@pytest.mark.django_db
def test_every_act_is_in_the_log():
    world = world_of()
    row = reserve(world, "Thông báo kết quả")
    void(world, row, reason="Không ban hành")
    issued = issue(world)

    reserved, reserved_payload = event_of("number.reserve")
    _voided, void_payload = event_of("number.void")
    _settled, issue_payload = event_of("number.issue")
    assert (reserved.actor, reserved.cluster, reserved.year) == ("thuky-cum-a", "cum-a", 2021)
    assert reserved_payload["changes"] == {"type": "TB", "number": "01", "purpose": "Thông báo kết quả"}
    assert (void_payload["reason"], void_payload["changes"]) == ("Không ban hành", {"type": "TB", "number": "01"})
    assert issue_payload["changes"] == {"type": "TB", "number": "02", "code": issued.code}
