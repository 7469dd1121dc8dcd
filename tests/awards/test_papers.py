from decimal import Decimal

import pytest

from awards.enums import TargetDirection
from awards.papers import pledge_paper, target_text
from awards.queries import pledge_of, signatories
from cluster_app.documents.blocks import SignatureGrid
from cluster_app.documents.text import text_of
from members.models import Assignment, User
from tests.factories.awards import PledgeFactory, PledgeItemFactory, PledgeSignatureFactory
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db


def paper_of(world):
    pledge = pledge_of(world.year)
    return pledge_paper(pledge, signatories(world.year))


def signatory_units(user):
    return set(Assignment.objects.filter(user=user).values_list("unit_id", flat=True))


def grid_of(paper):
    return next(block for block in paper.sections[0].blocks if isinstance(block, SignatureGrid))


@pytest.mark.parametrize(
    ("direction", "value", "measure", "text"),
    [
        (TargetDirection.AT_LEAST, Decimal("98.50"), "%", "từ 98,5% trở lên"),
        (TargetDirection.AT_LEAST, Decimal(100), "%", "100%"),
        (TargetDirection.AT_LEAST, Decimal(4), "hoạt động", "từ 4 hoạt động trở lên"),
        (TargetDirection.AT_LEAST, Decimal(4), "", "từ 4 trở lên"),
        (TargetDirection.AT_MOST, Decimal(2), "báo cáo", "không quá 2 báo cáo"),
        (TargetDirection.AT_MOST, Decimal(0), "người", "không có"),
        (TargetDirection.YES, Decimal(1), "", ""),
        (TargetDirection.AT_LEAST, None, "", ""),
    ],
)
def test_target_reads_as_in_a_pledge(direction, value, measure, text):
    item = PledgeItemFactory.build(direction=direction, target_value=value, unit_of_measure=measure)

    assert target_text(item) == text


def test_nine_units_sign_in_three_rows_of_three_leader_and_deputy_first():
    world = two_clusters(9)
    PledgeFactory(year=world.year)
    world.members[4].protocol_order = 0
    world.members[4].save()

    grid = grid_of(paper_of(world))

    assert (grid.columns, len(grid.cells)) == (3, 9)
    assert [cell.authority[1] for cell in grid.cells[:3]] == ["ĐƠN VỊ A1", "ĐƠN VỊ A2", "ĐƠN VỊ A5"]


def test_each_place_to_sign_names_office_and_person():
    world = two_clusters()
    PledgeFactory(year=world.year)
    Assignment.objects.filter(user=world.leader_signatory).update(office="Hiệu trưởng")
    User.objects.filter(pk=world.leader_signatory.pk).update(full_name="Lãnh đạo ký 001")

    first, second = grid_of(paper_of(world)).cells[:2]

    assert (first.office, first.name) == (("HIỆU TRƯỞNG",), "Lãnh đạo ký 001")
    assert (second.office, second.name) == ((), "")


def test_unit_that_has_signed_keeps_the_office_it_signed_in():
    """The office of today is that of whoever signs next year; the name too, where the account says who signed."""
    world = two_clusters()
    pledge = PledgeFactory(year=world.year, status="open")
    Assignment.objects.filter(user=world.leader_signatory).update(office="Giám đốc")
    User.objects.filter(pk=world.other_signatory.pk).update(full_name="Lãnh đạo cũ")
    User.objects.filter(pk=world.leader_signatory.pk).update(full_name="Lãnh đạo mới")
    member = next(one for one in world.members if one.unit_id in signatory_units(world.leader_signatory))
    PledgeSignatureFactory(
        pledge=pledge, membership=member, office="Quyền giám đốc", method="login", recorded_by=world.other_signatory
    )

    signed = next(cell for cell in grid_of(paper_of(world)).cells if cell.authority[1] == member.name.upper())

    assert (signed.office, signed.name) == (("QUYỀN GIÁM ĐỐC",), "Lãnh đạo cũ")


def test_unit_that_signed_on_paper_keeps_its_office_and_one_without_takes_that_of_today():
    world = two_clusters()
    pledge = PledgeFactory(year=world.year, status="open")
    Assignment.objects.filter(user=world.leader_signatory).update(office="Giám đốc")
    member = next(one for one in world.members if one.unit_id in signatory_units(world.leader_signatory))
    signature = PledgeSignatureFactory(pledge=pledge, membership=member, office="Quyền giám đốc", method="paper")

    assert grid_of(paper_of(world)).cells[0].office == ("QUYỀN GIÁM ĐỐC",)

    signature.office = ""
    signature.save()
    assert grid_of(paper_of(world)).cells[0].office == ("GIÁM ĐỐC",)


def test_items_stand_under_their_heads_and_are_numbered_through():
    world = two_clusters()
    pledge = PledgeFactory(year=world.year, preamble="Căn cứ Quy chế, thống nhất:")
    for order, group in enumerate(["I", "I", "IV"], start=1):
        PledgeItemFactory(pledge=pledge, order=order, group=group, text=f"Nội dung {order}")

    lines = text_of(paper_of(world))

    body = lines[lines.index("Căn cứ Quy chế, thống nhất:") + 1 : lines.index("ĐẠI DIỆN CÁC ĐƠN VỊ KÝ GIAO ƯỚC")]
    assert body == [
        "I- Thực hiện nhiệm vụ chính trị",
        "1. Nội dung 1.",
        "2. Nội dung 2.",
        "II- Hoạt động Cụm",
        "3. Nội dung 3.",
        "Các đơn vị cam kết thực hiện tốt các nội dung nêu trên.",
    ]


@pytest.mark.parametrize(
    ("status", "is_illustrative", "marks"),
    [
        ("draft", False, ("DỰ THẢO",)),
        ("open", False, ()),
        ("signed", True, ("SỐ LIỆU MINH HỌA",)),
        ("draft", True, ("DỰ THẢO", "SỐ LIỆU MINH HỌA")),
    ],
)
def test_drafts_and_illustrative_data_are_marked(status, is_illustrative, marks):
    world = two_clusters()
    world.cluster.is_illustrative = is_illustrative
    world.year.cluster = world.cluster
    PledgeFactory(year=world.year, status=status)

    assert paper_of(world).watermarks == marks
