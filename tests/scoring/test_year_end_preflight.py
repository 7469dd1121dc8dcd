"""What stands before the issue of the annual summary: each finding is seen, leads to its page, and goes away."""

from datetime import date

import pytest
from django.utils import translation

from awards.models import Commendation
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused
from members.models import EmulationYear
from scoring.models import Objection, SummaryParagraph
from scoring.year_end import figures as year_figures
from scoring.year_end import preflight
from scoring.year_end.queries import issued_of, paragraphs_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry
from tests.factories.awards import CommendationFactory
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, NOW
from tests.scoring.year_end_scenes import DATED_ON, PUBLISHED_AT, ended_world, publish, reread

pytestmark = pytest.mark.django_db

LAST_DAY = date(2021, 12, 31)


def findings_of(world, on=LAST_DAY):
    year = reread(world)
    with translation.override("en"):
        return preflight.findings(year_figures.of(year), paragraphs_of(year), on=on, issued=issued_of(year))


def texts(findings, level):
    return [finding.text for finding in findings if finding.level == level]


def ready_world(**kwargs):
    """A year to which nothing is to be said, red or yellow."""
    world = ended_world(**kwargs)
    for place in (world, world.foreign):
        year, writer = place.year, place.secretariat
        year.regulation_number, year.regulation_on = "01-QC/CTĐ", date(2021, 2, 1)
        year.plan_number, year.plan_on = "02-KH/CTĐ", date(2021, 2, 2)
        year.recipients = "Các đơn vị thành viên"
        year.save()
        for key in ("I.2", "I.3", "II.1", "II.4", "II.6", "II.7", "V.3", "VI"):
            SummaryParagraph.objects.create(
                year=year, key=key, text="Đã viết.", updated_by=writer, updated_at=PUBLISHED_AT
            )
        Commendation.objects.filter(membership__year=year, confirmed_at=None).update(confirmed_at=PUBLISHED_AT)
    return world


def write(world, text, key="III.1"):
    paragraphs.write(year=world.year, entries=[Entry(key, text, 1)], by=world.secretariat, at=NOW)


def paragraph(world, text, key="III.1"):
    """As the row would be if nobody had checked it."""
    SummaryParagraph.objects.filter(year=world.year, key=key).update(text=text)


# --- Scenes: each makes one finding, and `mend` takes it away ---


def unpublish(world):
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)
    return lambda: EmulationYear.objects.filter(pk=world.year.pk).update(published_at=PUBLISHED_AT)


def new_unit(world, **values):
    """A unit that came late, with a card that is reviewed and not approved."""
    unit = world.foreign.members[0].unit
    member = world.year.memberships.create(unit=unit, name="Đơn vị mới", short_name="ĐVM", **values)
    return member, ScorecardFactory(membership=member, reviewed=True)


def disqualify(member):
    type(member).objects.filter(pk=member.pk).update(standing="disqualified", standing_reason="Không ký giao ước")


def lose_approval(world):
    member, _card = new_unit(world)
    return lambda: disqualify(member)


def object_to_points(world):
    _member, card = new_unit(world, standing="disqualified", standing_reason="Không ký giao ước")
    claim = Objection.objects.create(line=card.lines.first(), raised_by=world.signatory, raised_at=NOW)
    return lambda: Objection.objects.filter(pk=claim.pk).update(
        status="withdrawn", settled_at=NOW, settled_by=world.signatory, settled_reason="Đã rõ"
    )


def lose_leader(world):
    rows = world.year.memberships.filter(pk=world.leader.pk)
    rows.update(role="member")
    return lambda: rows.update(role="leader")


def lose_conference(world):
    world.year.meetings.filter(kind="year_end").update(kind="regular")
    return lambda: world.year.meetings.update(kind="year_end")


def lose_ground(world):
    world.cluster.founding_number = ""
    world.cluster.save()

    def mend():
        world.cluster.founding_number = "168/QĐ-UBND"
        world.cluster.save()

    return mend


def empty_required(world):
    paragraph(world, " ", "III.2")
    return lambda: paragraph(world, "Viết rồi.", "III.2")


def grow_stale(world):
    write(world, "Có {lượt tập thể}.")
    extra = CommendationFactory(membership=world.leader, recipient_kind="collective", occasions=7, confirmed=True)

    def mend():
        Commendation.objects.filter(pk=extra.pk).delete()

    return mend


def unknown_name(world):
    paragraph(world, "Có {lượt tập tể}.")
    return lambda: paragraph(world, "Có.")


def no_figure(world):
    write(world, "So với năm trước: {so với năm trước}.")
    return lambda: paragraph(world, "Hết.")


RED = {
    unpublish: ("scoring:ranking", "", "The results of the year are not published yet."),
    lose_approval: ("scoring:scorecard_list", "", "Score card not approved: Đơn vị mới."),
    object_to_points: ("scoring:objection_list", "", "1 objection to points is not settled."),
    lose_leader: ("members:year_setup", "", "No unit leads in this year; nobody can sign."),
    lose_conference: (
        "members:conference",
        "",
        "The year-end conference and what it settled are not recorded yet.",
    ),
    lose_ground: (
        "",
        "",
        "The founding decision of the cluster lacks its number or date. An administrator enters it.",
    ),
    empty_required: ("scoring:summary_paragraphs", "III.2", "Not written yet: III.2. Hạn chế."),
    grow_stale: (
        "scoring:summary_paragraphs",
        "III.1",
        "III.1. The figures changed since the paragraph was written: {lượt tập thể}: 3 lượt tập thể → 10 lượt tập thể.",
    ),
    unknown_name: (
        "scoring:summary_paragraphs",
        "III.1",
        "III.1. There is no figure called {lượt tập tể}; the nearest is {lượt tập thể}.",
    ),
    no_figure: (
        "scoring:summary_paragraphs",
        "III.1",
        "III.1. There is no figure yet for: {so với năm trước}.",
    ),
}


def test_year_that_is_complete_has_no_finding():
    assert findings_of(ready_world()) == []


@pytest.mark.parametrize("scene", RED, ids=lambda scene: scene.__name__)
def test_red_finding_blocks_the_issue_until_it_is_mended(scene):
    world = ready_world()
    mend = scene(world)
    page, place, text = RED[scene]

    [found] = [finding for finding in findings_of(world) if finding.level == "block"]
    with translation.override("en"), pytest.raises(Refused) as caught:
        editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)

    assert (found.page, found.place, found.text) == (page, place, text)
    assert caught.value.missing == [text]
    assert IssuedDocument.objects.count() == 0
    mend()
    assert texts(findings_of(world), "block") == []
    assert editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW).pk


def test_ranked_unit_without_a_card_is_red():
    world = ready_world()
    unit = world.foreign.members[0].unit
    member = world.year.memberships.create(unit=unit, name="Đơn vị mới", short_name="ĐVM")

    assert texts(findings_of(world), "block") == ["No score card: Đơn vị mới."]

    disqualify(member)
    assert texts(findings_of(world), "block") == []


def test_tally_that_differs_from_the_register_is_red_in_its_own_words(monkeypatch):
    world = ready_world()
    monkeypatch.setattr(preflight, "reconcile", lambda year: ("Tập thể: bảng 3, sổ 4.",))

    [found] = findings_of(world)
    with pytest.raises(Refused) as caught:
        editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)

    assert (found.level, found.page) == ("block", "awards:commendation_tally")
    assert caught.value.missing == ["Tập thể: bảng 3, sổ 4."]


def test_edition_whose_results_were_withdrawn_must_be_withdrawn_too():
    world = ready_world()
    editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)
    unpublish(world)

    first, second = findings_of(world)

    assert (first.level, first.page) == ("block", "scoring:summary_withdraw")
    assert (
        first.text
        == "The results were withdrawn after the official edition 03-BC/CTĐ of 24/11/2021 was issued: withdraw it too."
    )
    assert second.page == "scoring:ranking"
    editions.withdraw(year=world.year, reason="Rút kết quả", by=world.secretariat, at=NOW)
    assert [finding.page for finding in findings_of(world)] == ["scoring:ranking"]


# --- Yellow ---


def unconfirm(world):
    row = Commendation.objects.get(membership=world.leader, occasions=100)
    Commendation.objects.filter(pk=row.pk).update(confirmed_at=None)
    return lambda: Commendation.objects.filter(pk=row.pk).update(confirmed_at=PUBLISHED_AT)


def unsign(world):
    pledge = world.year.pledges.get()
    row = pledge.signatures.get(membership=world.member)
    pledge.signatures.filter(pk=row.pk).delete()
    return lambda: row.save(force_insert=True)


def lose_signatory(world):
    held = world.leader_signatory.assignments.get()
    world.leader_signatory.assignments.update(ended_on=date(2021, 1, 1))
    return lambda: type(held).objects.filter(pk=held.pk).update(ended_on=None)


def empty_stock(world):
    paragraph(world, "", "I.2")
    return lambda: paragraph(world, "Viết rồi.", "I.2")


def lose_exemplary(world):
    rows = world.year.meetings.get().resolutions.filter(kind="exemplary_unit")
    rows.update(kind="general")
    return lambda: world.year.meetings.get().resolutions.filter(kind="general").update(kind="exemplary_unit")


def lose_plan(world):
    EmulationYear.objects.filter(pk=world.year.pk).update(plan_on=None)
    return lambda: EmulationYear.objects.filter(pk=world.year.pk).update(plan_on=date(2021, 2, 2))


def lose_recipients(world):
    EmulationYear.objects.filter(pk=world.year.pk).update(recipients=" \n")
    return lambda: EmulationYear.objects.filter(pk=world.year.pk).update(recipients="UBND tỉnh")


def illustrate(world):
    type(world.cluster).objects.filter(pk=world.cluster.pk).update(is_illustrative=True)
    return lambda: type(world.cluster).objects.filter(pk=world.cluster.pk).update(is_illustrative=False)


def type_a_figure(world):
    paragraph(world, "Có 120 lượt cá nhân.")
    return lambda: write(world, "Có {lượt cá nhân}.")


def type_another_number(world):
    paragraph(world, "Đã ban hành 14 văn bản.")
    return lambda: paragraph(world, "Đã ban hành nhiều văn bản.")


YELLOW = {
    unconfirm: (
        "awards:commendation_confirm",
        "100 occasions wait for the secretariat's check and are not counted.",
    ),
    unsign: ("awards:pledge_detail", "The pledge is not signed by: Đơn vị A3."),
    lose_signatory: (
        "members:year_setup",
        "No signatory of the leading unit is recorded; the office under the signature is empty.",
    ),
    empty_stock: ("scoring:summary_paragraphs", "Not written; a general sentence stands there: I.2."),
    lose_exemplary: ("members:conference", "The conference named no exemplary unit."),
    lose_plan: ("members:year_edit", "The opening lacks number or date of: plan of the year."),
    lose_recipients: ("members:year_edit", "No recipients are given; only the archive stands there."),
    illustrate: ("", "The data of this cluster are illustrative; every page says so."),
    type_a_figure: (
        "scoring:summary_paragraphs",
        "III.1. 120 is typed by hand; let the placeholder {lượt cá nhân} say it.",
    ),
    type_another_number: (
        "scoring:summary_paragraphs",
        "Numbers typed by hand, which nobody can check against the records: III.1: 14.",
    ),
}


@pytest.mark.parametrize("scene", YELLOW, ids=lambda scene: scene.__name__)
def test_yellow_finding_is_seen_until_it_is_mended_and_blocks_nothing(scene):
    world = ready_world()
    mend = scene(world)

    [found] = findings_of(world)

    assert (found.level, found.page, found.text) == ("warn", *YELLOW[scene])
    assert editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW).pk
    editions.withdraw(year=world.year, reason="Thử", by=world.secretariat, at=NOW)
    mend()
    assert findings_of(world) == []


def test_commendations_that_are_still_to_be_decided_are_yellow_until_the_last_day_counted():
    world = ready_world()

    [found] = findings_of(world, on=date(2021, 12, 30))

    assert (found.level, found.page) == ("warn", "members:rules_edit")
    assert found.text.startswith("Commendations are counted to 31/12/2021;")
    assert findings_of(world, on=LAST_DAY) == []


def test_year_without_pledge_is_yellow():
    world = ready_world()
    pledge = world.year.pledges.get()
    pledge.signatures.all().delete()
    pledge.items.all().delete()
    pledge.delete()

    assert texts(findings_of(world), "warn") == ["The year has no pledge."]


def test_findings_of_one_cluster_say_nothing_of_the_other():
    world = ready_world()
    for scene in (unpublish, empty_stock, unsign, type_a_figure):
        scene(world.foreign)

    assert findings_of(world) == []
    assert CANARY in " ".join(finding.text for finding in findings_of(world.foreign))


@pytest.mark.parametrize("unit_count", [2, 9])
def test_findings_ask_the_database_as_often_for_two_units_as_for_nine(django_assert_num_queries, unit_count):
    world = ready_world(unit_count=unit_count, published=False)
    publish(world)
    year = reread(world)
    figures, written = year_figures.of(year), paragraphs_of(year)

    with django_assert_num_queries(5):
        preflight.findings(figures, written, on=LAST_DAY)
