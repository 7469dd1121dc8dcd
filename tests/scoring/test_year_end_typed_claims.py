"""Numbers typed by hand: those that can only mean one figure are held to the annexes, no others are."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import translation

from cluster_app.documents.blocks import Paragraph, Run
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused
from cluster_app.lib.points import format_points
from members.enums import ResolutionKind
from scoring.year_end import figures as year_figures
from scoring.year_end import reconciliation
from scoring.year_end.enums import Edition
from scoring.year_end.queries import texts_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry
from scoring.year_end.summary import compose
from tests.factories.members import ResolutionFactory
from tests.scenarios import NOW
from tests.scoring.year_end_scenes import DATED_ON, ended_world, reread

# The year has 3 collectives and 20 individuals: 1 and 0 of the State, 2 and 4 of the province, 0 and 16 of agencies.


@pytest.fixture(scope="module")
def figures(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        found = year_figures.of(reread(ended_world()))
        compose(found, {}, Edition.OFFICIAL)  # what is read on the way is read here, once
        transaction.set_rollback(True)
    return found


def said(figures, text, key="III.1"):
    texts = {key: text}
    document = compose(figures, texts, Edition.OFFICIAL, number="03", dated_on=DATED_ON)
    found = reconciliation.mismatches(document, figures, texts)
    return [(one.said, one.found) for one in found]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Năm qua, toàn Cụm có 110 lượt tập thể, 999 lượt cá nhân được khen thưởng.", [("110", "3"), ("999", "20")]),
        ("Toàn Cụm có 3 lượt tập thể và 21 lượt cá nhân được biểu dương.", [("21", "20")]),
        ("Trên cơ sở đó, toàn Cụm có 1.234 lượt khen thưởng.", [("1.234", "23")]),
        ("Đã khen thưởng 4 lượt tập thể, 20 lượt cá nhân.", [("4", "3")]),
        ("Cấp tỉnh: 5 lượt tập thể, 4 lượt cá nhân.", [("5", "2")]),
        (
            "Toàn Cụm có 3 lượt tập thể, 20 lượt cá nhân, trong đó cấp tỉnh 2 lượt tập thể, 9 lượt cá nhân.",
            [("9", "4")],
        ),
        ("Toàn Cụm có {lượt tập thể}, 999 lượt cá nhân.", [("999", "20")]),
        ("- Toàn cụm có 7 lượt tập thể;\n- toàn cụm có 3 lượt tập thể.", [("7", "3")]),
        ("Toàn Cụm có 110 lượt tập thể, 20 lượt cá nhân, tăng 5% so với năm trước.", [("110", "3")]),
        ("Hội nghị suy tôn 02 đơn vị tiêu biểu.", [("02", "1")]),
    ],
)
def test_typed_number_of_the_whole_cluster_is_held_to_the_annexes(figures, text, wrong):
    assert said(figures, text) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "Toàn Cụm có 3 lượt tập thể, 20 lượt cá nhân được biểu dương, khen thưởng.",
        "Toàn Cụm có {lượt tập thể}, {lượt cá nhân}; {lượt tập thể cấp tỉnh}, {lượt cá nhân cấp tỉnh} ở tỉnh.",
        "{cụm trưởng} có 7 lượt tập thể, 8 lượt cá nhân.",
        "Đơn vị A1 có 7 lượt tập thể, 8 lượt cá nhân.",
        "Năm 2020, toàn Cụm có 110 lượt tập thể, 999 lượt cá nhân.",
        "So với năm trước, toàn Cụm tăng 7 lượt tập thể, 8 lượt cá nhân.",
        "Toàn Cụm có 2 lượt tập thể, 4 lượt cá nhân được tặng Bằng khen.",
        "Trong đợt thi đua đặc biệt, toàn Cụm có 2 lượt tập thể được khen thưởng.",
        "Có 2 lượt tập thể, 4 lượt cá nhân được khen ở tỉnh.",
        "Khen thưởng 5 lượt tập thể ngành nội chính.",
        "Toàn Cụm có gần 900 lượt cá nhân được khen thưởng.",
        "Đã ban hành 777 văn bản; điểm thưởng cao nhất 15,00 điểm.",
        "Năm 2020 điểm bình quân 71,20 điểm; chênh lệch giữa cao nhất và thấp nhất là 12,00 điểm.",
        "Điểm bình quân trên 50 điểm.",
        "Hội nghị suy tôn 01 đơn vị tiêu biểu.",
    ],
)
def test_true_number_and_number_of_something_else_pass(figures, text):
    assert said(figures, text) == []


def test_typed_points_are_those_of_the_ranking(figures):
    total = figures.scores.total
    found = [format_points(points) for points in (total.average, total.highest, total.lowest)]
    text = "Điểm bình quân {} điểm; đơn vị cao nhất đạt {} điểm, thấp nhất là {} điểm."

    assert said(figures, text.format(*found)) == []
    assert said(figures, text.format("1,00", "1.234,00", "2,5")) == [
        ("1,00", found[0]),
        ("1.234,00", found[1]),
        ("2,5", found[2]),
    ]


@pytest.mark.parametrize("key", ["V.1", "VI"])
def test_plan_of_the_next_year_claims_nothing(figures, key):
    assert said(figures, "Phấn đấu toàn Cụm có 110 lượt tập thể, 999 lượt cá nhân.", key) == []


@pytest.mark.django_db
def test_issue_is_refused_with_the_typed_number_and_the_true_one():
    world = ended_world()
    text = "Toàn Cụm có 110 lượt tập thể, 999 lượt cá nhân."
    paragraphs.write(year=world.year, entries=[Entry("III.1", text, 1)], by=world.secretariat, at=NOW)

    with translation.override("en"), pytest.raises(Refused) as caught:
        editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)

    assert caught.value.missing == [
        "Section III.1: the text says 110, the annexes give 3.",
        "Section III.1: the text says 999, the annexes give 20.",
    ]
    assert IssuedDocument.objects.count() == 0


def test_sentence_of_the_records_that_reads_like_a_typed_one_is_held_too(figures):
    """The typed sentence comes after the one of the records, which says the wrong number in the same words."""
    key, typed = "I.1", "Cụm A có 9 đơn vị thành viên."
    texts = {key: typed}
    document = compose(figures, texts, Edition.OFFICIAL, number="03", dated_on=DATED_ON)
    blocks = list(document.sections[0].blocks)
    place = next(at for at, one in enumerate(blocks) if "đơn vị thành viên, do" in _text(one))
    blocks[place] = Paragraph((Run(typed),))
    wrong = replace(document, sections=(replace(document.sections[0], blocks=tuple(blocks)), *document.sections[1:]))

    assert [(one.said, one.found) for one in reconciliation.mismatches(wrong, figures, texts)] == [("9", "4")]


def _text(block):
    return "".join(run.text for run in block.runs) if isinstance(block, Paragraph) else ""


# --- A unit that is proposed for two forms ---


def proposed_twice(world):
    meeting = world.year.meetings.get()
    common = {"meeting": meeting, "kind": ResolutionKind.EXEMPLARY_UNIT, "vote": "4/4 đơn vị tán thành"}
    ResolutionFactory(order=8, named=world.leader, text="Đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh.", **common)
    ResolutionFactory(order=9, named=world.other, text="Đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh.", **common)
    return world


@pytest.mark.django_db
def test_unit_that_is_proposed_for_two_forms_is_named_and_counted_once():
    world = proposed_twice(ended_world())
    found = year_figures.of(reread(world))
    texts = texts_of(world.year) | {"III.1": "Suy tôn {số đơn vị tiêu biểu} tiêu biểu; suy tôn 2 đơn vị."}
    document = compose(found, texts, Edition.OFFICIAL, number="03", dated_on=DATED_ON)
    lines = [_text(block) for block in document.sections[0].blocks]
    names = f"{world.leader.name} và {world.other.name}"

    assert any(f"suy tôn {names} là đơn vị tiêu biểu năm 2021" in line for line in lines)
    assert "Suy tôn 2 đơn vị tiêu biểu; suy tôn 2 đơn vị." in lines
    assert reconciliation.mismatches(document, found, texts) == []


@pytest.mark.django_db
def test_acclaimed_units_of_the_text_are_those_of_annex_5():
    world = proposed_twice(ended_world())
    found = year_figures.of(reread(world))
    document = compose(found, {}, Edition.OFFICIAL, number="03", dated_on=DATED_ON)
    fewer = compose(replace(found, exemplary=found.exemplary[:1]), {}, Edition.OFFICIAL, number="03", dated_on=DATED_ON)
    mixed = replace(document, sections=(fewer.sections[0], *document.sections[1:]))

    wrong = [(one.said, one.found) for one in reconciliation.mismatches(mixed, found, {})]

    assert wrong == [(world.leader.name, f"{world.leader.name} và {world.other.name}")]
