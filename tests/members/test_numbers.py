"""Numbers of a year's papers: who gives them, what is refused, and that two people at once get two."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError, transaction

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.documents import issuing, numbering
from cluster_app.documents.blocks import Document, Section, paragraph
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber, NumberRegister
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members import paper_heads
from members.enums import Phase
from members.models import Cluster, EmulationYear, YearRules
from members.services import journal, numbers
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.scenarios import NOW, fresh, two_clusters
from tests.threads import at_once

KIND = DocumentKind.NOTICE
REQUESTS = 50


def world_of(*, own=True, period="", **more):
    world = two_clusters(**more)
    YearRules.objects.filter(year=world.year).update(own_register=own, register_period=period)
    world.year.refresh_from_db()
    return world


def ask(world, typed="", *, by=None, year=None, kind=KIND, dated_on=None, at=NOW):
    return numbers.for_issue(
        year=year or world.year, kind=kind, typed=typed, dated_on=dated_on, by=by or world.secretariat, at=at
    )


def reserve(world, purpose="Thông báo", *, by=None, year=None, kind=KIND, at=NOW, **more):
    return numbers.reserve(
        year=year or world.year, kind=kind, purpose=purpose, by=by or world.secretariat, at=at, **more
    )


def void(world, number, *, by=None, year=None, reason="Hủy dự thảo"):
    return numbers.void(year=year or world.year, number=number, reason=reason, by=by or world.secretariat, at=NOW)


@transaction.atomic
def issue(world, typed="", *, by=None, year=None, kind=KIND, subject="", dated_on=date(2021, 11, 24), at=NOW):
    """A paper goes out, as the services of the papers do it."""
    year, by = year or world.year, by or world.secretariat
    given = ask(world, typed, by=by, year=year, kind=kind, dated_on=dated_on, at=at)
    paper = paper_heads.settled(year, kind)
    document = Document(
        kind=kind,
        title=f"Thông báo {subject}",
        letterhead=paper_heads.head(paper, summary="kết quả", number=given.text, dated_on=dated_on),
        sections=(Section((paragraph(f"Nội dung {subject} {given.text}"),)),),
    )
    issued = issuing.issue(
        document=document,
        kind=kind,
        cluster_key=year.cluster.slug,
        year=year.year,
        subject_key=subject,
        by=by,
        at=at,
    )
    numbers.settle(given, issued)
    journal.append(year, by=by, at=NOW, verb="paper.issue", thing=issued, rows=[issued])
    return issued


def event_of(verb):
    event = AuditEvent.objects.get(verb=verb)
    return event, json.loads(event.payload)


def statuses():
    return list(DocumentNumber.objects.order_by("number").values_list("number", "status"))


ANSWERS = {
    "of": NotAllowed,
    "sg": NotAllowed,
    "ot": NotAllowed,
    "fo": NotKnown,
    "L": None,
    "D": NotAllowed,
    "S": None,
    "R": NotAllowed,
    "O": NotKnown,
}


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


# --- the calendar year of the date ---
JANUARY = datetime(2022, 1, 20, 2, tzinfo=UTC)


def year_after(world, **rules):
    """The year after the world's, of the same cluster and the same people."""
    year = EmulationYearFactory(cluster=world.cluster, year=2022)
    YearRules.objects.filter(year=year).update(**rules)
    MembershipFactory(year=year, unit=world.members[0].unit, role="leader")
    return EmulationYear.objects.get(pk=year.pk)


@pytest.mark.django_db
def test_papers_of_two_years_dated_in_one_january_bear_two_numbers():
    world = world_of()
    following = year_after(world, own_register=True)
    issue(world)

    late = issue(world, subject="b", dated_on=date(2022, 1, 20), at=JANUARY)
    early = issue(world, year=following, dated_on=date(2022, 1, 21), at=JANUARY)
    dated_back = issue(world, subject="c", dated_on=date(2021, 12, 31), at=JANUARY)

    assert [paper.number_symbol for paper in (late, early, dated_back)] == ["01-TB/CTĐ", "02-TB/CTĐ", "02-TB/CTĐ"]
    assert set(NumberRegister.objects.values_list("period", "last_number")) == {("2021", 2), ("2022", 2)}
    assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_paper_dated_by_hand_is_numbered_in_the_year_it_goes_out():
    world = world_of()
    following = year_after(world, own_register=False)
    issue(world, "7", year=following, dated_on=None, at=JANUARY)

    issued = issue(world, dated_on=None, at=JANUARY)

    assert issued.number_symbol == "08-TB/CTĐ"


@pytest.mark.django_db
def test_typed_number_is_compared_with_the_papers_of_the_year_that_are_dated_in_the_same_one():
    world = world_of(own=False)
    following = year_after(world)
    issue(world, "3")
    issue(world, "3", subject="b", dated_on=date(2022, 1, 20), at=JANUARY)

    assert ask(world, "3", year=following, dated_on=date(2022, 1, 21), at=JANUARY).text == "03"
    with pytest.raises(Refused):
        ask(world, "3", dated_on=date(2022, 1, 21), at=JANUARY)


@pytest.mark.django_db
def test_number_is_reserved_in_the_register_of_the_year_that_it_is():
    world = world_of()
    shown = reserve(world, at=JANUARY)
    following = year_after(world, own_register=True)

    with pytest.raises(WrongState) as refusal:
        reserve(world, at=JANUARY)

    assert "2022" in refusal.value.next_step
    assert reserve(world, year=following, at=JANUARY).number == shown.number + 1
    assert issue(world, "2", dated_on=date(2022, 1, 20), at=JANUARY).number_symbol == "02-TB/CTĐ"
    with pytest.raises(Refused):
        ask(world, "1", dated_on=date(2021, 12, 31), at=JANUARY)
    with pytest.raises(NotKnown):
        void(world, shown)
    assert void(world, shown, year=following).status == "void"


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


# --- at the same moment ---
def patiently(act):
    """Does it again where the database was busy for too long, as a person would after the page that says so."""
    for _attempt in range(REQUESTS):
        try:
            return act()
        except OperationalError:
            continue
    raise AssertionError("never done")


@pytest.mark.django_db(transaction=True)
def test_fifty_papers_issued_at_once_bear_fifty_consecutive_numbers():
    with transaction.atomic():
        world = world_of()

    outcomes = at_once(
        REQUESTS,
        lambda place: patiently(lambda: issue(world, by=fresh(world.secretariat), subject=f"{place}")).number_symbol,
    )

    assert sorted(outcomes) == [f"{number:02d}-TB/CTĐ" for number in range(1, REQUESTS + 1)]
    assert set(DocumentNumber.objects.values_list("status", flat=True)) == {"issued"}
    assert list(numbering.problems()) == []
    assert verification.verify().problem == ""


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_typed_number_issue_one_paper():
    with transaction.atomic():
        world = world_of(own=False)

    outcomes = at_once(8, lambda place: issue(world, "5", by=fresh(world.secretariat), subject=f"{place}"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IssuedDocument"] + ["Refused"] * 7


@pytest.mark.django_db(transaction=True)
def test_two_years_of_a_term_at_once_do_not_bear_the_same_typed_number():
    with transaction.atomic():
        world = world_of(own=False, period="2020-2025")
        other = EmulationYearFactory(cluster=world.cluster, year=2022)
        YearRules.objects.filter(year=other).update(register_period="2020-2025")
    years = [world.year, EmulationYear.objects.select_related("cluster").get(pk=other.pk)]

    outcomes = at_once(8, lambda place: issue(world, "5", year=years[place % 2], by=fresh(world.secretariat),
                                              subject=f"{place}"))  # fmt: skip

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IssuedDocument"] + ["Refused"] * 7
    assert Cluster.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_voiding_against_issuing_a_reserved_number_has_one_effect():
    with transaction.atomic():
        world = world_of()
        row = reserve(world)

    outcomes = at_once(
        2,
        lambda place: (
            issue(world, "1", by=fresh(world.secretariat))
            if place
            else void(world, row, by=fresh(world.leader_signatory))
        ),
    )

    failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(failures) == 1
    assert type(failures[0]) in (Refused, WrongState)
    assert list(numbering.problems()) == []
