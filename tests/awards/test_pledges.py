from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from awards.calculations import fingerprint
from awards.enums import PledgeGroup, PledgeStatus, SigningMethod
from awards.models import Pledge, PledgeSignature
from awards.services import pledges
from awards.services.pledges import ItemFacts, PledgeFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import DeadlineStep, Phase
from members.models import Assignment
from tests.factories.awards import PledgeFactory, PledgeItemFactory, PledgeSignatureFactory
from tests.factories.members import DeadlineFactory
from tests.scenarios import NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db

ITEM = ItemFacts(
    group=PledgeGroup.POLITICAL_TASKS, order=1, text="Hoàn thành chương trình công tác", target_value=Decimal(98)
)
FACTS = PledgeFacts(number="01-GƯ/CTĐ", place="Lạng Sơn", preamble="Căn cứ Quy chế, thống nhất:", items=[ITEM])


def build_world():
    return two_clusters()


@pytest.fixture
def pledge(world):
    """Open for signing, with one item."""
    pledge = PledgeFactory(year=world.year, open=True)
    PledgeItemFactory(pledge=pledge, order=1)
    return pledge


def test_create_drafts_the_pledge_with_its_items(world):
    pledge = pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)

    assert pledge.status == PledgeStatus.DRAFT
    assert [(item.order, item.text, item.target_value) for item in pledge.items.all()] == [
        (1, "Hoàn thành chương trình công tác", Decimal(98))
    ]


def test_create_twice_in_a_year_is_refused(world):
    pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)

    with pytest.raises(Refused, match=str(Pledge._meta.constraints[0].violation_error_message)):
        pledges.create(year=world.year, facts=FACTS, by=world.leader_signatory, at=NOW)


def test_create_while_the_year_is_prepared_is_the_secretariats(world):
    world.year.phase = Phase.PREPARING
    world.year.save()

    with pytest.raises(NotAllowed):
        pledges.create(year=world.year, facts=FACTS, by=world.leader_signatory, at=NOW)
    assert pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW).pk


def test_two_items_with_the_same_number_are_refused_and_nothing_stays(world):
    facts = replace(FACTS, items=[ITEM, replace(ITEM, text="Trùng số")])

    with pytest.raises(Refused):
        pledges.create(year=world.year, facts=facts, by=world.secretariat, at=NOW)

    assert not Pledge.objects.exists()


@pytest.mark.parametrize("status", [PledgeStatus.DRAFT, PledgeStatus.OPEN])
def test_edit_before_the_first_signature_replaces_text_and_items(world, status):
    pledge = pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)
    Pledge.objects.filter(pk=pledge.pk).update(status=status)
    changed = replace(FACTS, preamble="Văn bản mới", items=[replace(ITEM, text="Chỉ tiêu mới")])

    pledges.edit(pledge=pledge, facts=changed, by=world.leader_signatory, at=NOW)

    pledge.refresh_from_db()
    assert pledge.preamble == "Văn bản mới"
    assert [item.text for item in pledge.items.all()] == ["Chỉ tiêu mới"]


@pytest.mark.parametrize(
    "changes",
    [
        {"preamble": "Văn bản mới"},
        {"items": []},
        {"items": [replace(ITEM, target_value=Decimal(90))]},
        {"items": [ITEM, replace(ITEM, order=2)]},
    ],
)
def test_first_signature_freezes_text_and_items(world, changes):
    pledge = pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)
    PledgeSignatureFactory(pledge=pledge, membership=world.member)

    with pytest.raises(WrongState):
        pledges.edit(pledge=pledge, facts=replace(FACTS, **changes), by=world.secretariat, at=NOW)

    assert [item.target_value for item in pledge.items.all()] == [Decimal(98)]


def test_number_date_and_place_can_be_corrected_after_the_signing(world):
    pledge = pledges.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)
    PledgeSignatureFactory(pledge=pledge, membership=world.member)
    corrected = replace(FACTS, number="02-GƯ/CTĐ", signed_on=date(2021, 2, 20), place="Hà Nội")

    pledges.edit(pledge=pledge, facts=corrected, by=world.secretariat, at=NOW)

    pledge.refresh_from_db()
    assert (pledge.number, pledge.signed_on, pledge.place) == ("02-GƯ/CTĐ", date(2021, 2, 20), "Hà Nội")


def test_edit_of_a_pledge_changed_meanwhile_is_stale(world, pledge):
    seen = fingerprint(*pledges.rows_of(pledge))
    pledge.items.update(text="Sửa ở cửa sổ khác")

    with pytest.raises(Stale):
        pledges.edit(pledge=pledge, facts=FACTS, by=world.secretariat, at=NOW, seen=seen)


def test_open_needs_an_item(world):
    pledge = PledgeFactory(year=world.year)

    with pytest.raises(Refused):
        pledges.open_for_signing(pledge=pledge, by=world.secretariat, at=NOW)
    PledgeItemFactory(pledge=pledge)
    pledges.open_for_signing(pledge=pledge, by=world.secretariat, at=NOW)

    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.OPEN


@pytest.mark.parametrize("status", [PledgeStatus.OPEN, PledgeStatus.SIGNED])
def test_open_leads_on_from_a_draft_only(world, pledge, status):
    Pledge.objects.filter(pk=pledge.pk).update(status=status)

    with pytest.raises(WrongState):
        pledges.open_for_signing(pledge=pledge, by=world.secretariat, at=NOW)


def test_sign_records_who_when_and_in_which_office(world, pledge):
    Assignment.objects.filter(user=world.signatory).update(office="Chánh Văn phòng")

    signature = pledges.sign(pledge=pledge, membership=world.member, by=fresh(world.signatory), at=NOW)

    assert (signature.office, signature.signed_on, signature.method) == (
        "Chánh Văn phòng",
        date(2021, 11, 24),
        SigningMethod.LOGIN,
    )
    assert signature.recorded_by == world.signatory


@pytest.mark.parametrize("person", ["officer", "other_signatory", "leader_signatory", "secretariat", "observer"])
def test_sign_is_for_the_signatory_of_the_unit_alone(world, pledge, person):
    with pytest.raises(NotAllowed):
        pledges.sign(pledge=pledge, membership=world.member, by=getattr(world, person), at=NOW)

    assert not PledgeSignature.objects.exists()


def test_sign_by_a_signatory_of_another_cluster_is_unknown(world, pledge):
    with pytest.raises(NotKnown):
        pledges.sign(pledge=pledge, membership=world.member, by=world.foreign.signatory, at=NOW)


def test_sign_while_the_pledge_is_drafted_is_refused(world):
    pledge = PledgeFactory(year=world.year)

    with pytest.raises(WrongState):
        pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=NOW)


def test_sign_twice_is_refused(world, pledge):
    pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=NOW)

    with pytest.raises(Refused, match=str(PledgeSignature._meta.constraints[0].violation_error_message)):
        pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=NOW)

    assert PledgeSignature.objects.count() == 1


def test_sign_in_a_year_that_is_prepared_is_possible(world, pledge):
    world.year.phase = Phase.PREPARING
    world.year.save()

    assert pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=NOW).pk


@pytest.mark.parametrize(("seconds", "is_hard", "is_signed"), [(0, True, True), (1, True, False), (1, False, True)])
def test_hard_deadline_ends_the_signing(world, pledge, seconds, is_hard, is_signed):
    due_at = datetime(2021, 2, 28, 16, 59, 59, tzinfo=UTC)
    DeadlineFactory(year=world.year, step=DeadlineStep.PLEDGE_SIGNING, due_at=due_at, is_hard=is_hard)
    at = due_at + timedelta(seconds=seconds)

    if is_signed:
        assert pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=at).pk
    else:
        with pytest.raises(WrongState):
            pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=at)


def test_last_signature_makes_the_pledge_signed(world, pledge):
    for member, signatory in zip(world.members, world.signatories, strict=True):
        pledge.refresh_from_db()
        assert pledge.status == PledgeStatus.OPEN
        pledges.sign(pledge=pledge, membership=member, by=signatory, at=NOW)

    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.SIGNED
    assert AuditEvent.objects.filter(verb="pledge.complete").count() == 1


def record_paper(pledge, world, members, by=None, signed_on=date(2021, 2, 20)):
    return pledges.record_paper_signatures(
        pledge=pledge, memberships=members, signed_on=signed_on, by=by or world.secretariat, at=NOW
    )


def test_paper_of_all_units_is_recorded_in_one_act(world, pledge):
    Assignment.objects.filter(user=world.leader_signatory).update(office="Hiệu trưởng")

    signatures = record_paper(pledge, world, world.members)

    pledge.refresh_from_db()
    assert (pledge.status, pledge.signed_on) == (PledgeStatus.SIGNED, date(2021, 2, 20))
    assert [(row.membership, row.office, row.method) for row in signatures] == [
        (world.leader, "Hiệu trưởng", SigningMethod.PAPER),
        *((member, "", SigningMethod.PAPER) for member in world.members[1:]),
    ]
    assert AuditEvent.objects.filter(verb="pledge.record_paper").count() == 4


def test_paper_with_the_home_unit_is_refused_and_nothing_recorded(world, pledge):
    with pytest.raises(NotAllowed, match=world.member.name):
        record_paper(pledge, world, world.members, by=world.secretariat_at_home)

    assert not PledgeSignature.objects.exists()


@pytest.mark.parametrize("person", ["officer", "signatory", "leader_signatory", "observer"])
def test_paper_is_recorded_by_the_secretariat_only(world, pledge, person):
    with pytest.raises(NotAllowed):
        record_paper(pledge, world, [], by=getattr(world, person))


@pytest.mark.parametrize(
    ("members", "signed_on", "field"),
    [([], date(2021, 2, 20), "memberships"), (["member"], date(2021, 11, 25), "signed_on")],
)
def test_paper_without_units_or_from_the_future_is_refused(world, pledge, members, signed_on, field):
    with pytest.raises(Refused) as refusal:
        record_paper(pledge, world, [getattr(world, name) for name in members], signed_on=signed_on)

    assert list(refusal.value.errors) == [field]


def test_paper_of_a_unit_that_has_signed_records_nobody(world, pledge):
    pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=NOW)

    with pytest.raises(Refused):
        record_paper(pledge, world, world.members)

    assert PledgeSignature.objects.count() == 1


def test_paper_of_a_unit_of_another_cluster_is_refused(world, pledge):
    with pytest.raises(Refused):
        record_paper(pledge, world, [world.foreign.member])


def test_archived_year_refuses_every_act(world, pledge):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
    draft = PledgeFactory(year=world.foreign.year)
    world.foreign.year.phase = Phase.ARCHIVED
    world.foreign.year.save()
    by, at = world.secretariat, NOW

    for act in (
        lambda: pledges.create(year=world.year, facts=FACTS, by=by, at=at),
        lambda: pledges.edit(pledge=pledge, facts=FACTS, by=by, at=at),
        lambda: pledges.open_for_signing(pledge=draft, by=world.foreign.secretariat, at=at),
        lambda: pledges.sign(pledge=pledge, membership=world.member, by=world.signatory, at=at),
        lambda: record_paper(pledge, world, [world.member]),
    ):
        with pytest.raises(WrongState):
            act()


def test_signatures_are_vouched_for_by_the_log(world, pledge):
    record_paper(pledge, world, world.members[:2])
    assert verify().problem == ""

    PledgeSignature.objects.filter(membership=world.leader).update(signed_on=date(2021, 2, 1))

    assert "signed_on" in verify().problem
