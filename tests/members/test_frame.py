import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from members.enums import Phase
from members.frame import frame, phases
from members.models import Cluster
from tests.factories.members import DeadlineFactory, EmulationYearFactory
from tests.scenarios import NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db


def frame_of(user, year=None, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    if year is not None:
        request.emulation_year = type(year).objects.select_related("cluster", "rules").get(pk=year.pk)
    return frame(request)["frame"]


def labels(items):
    return [item["label"] for item in items]


def test_frame_of_nobody_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        found = frame_of(AnonymousUser())
        assert (found["cluster"], found["nav"], found["user_label"]) == (None, [], "")


@pytest.mark.parametrize(
    ("column", "staff"),
    [
        ("of", []),
        ("sg", []),
        ("ot", []),
        ("L", ["Administration"]),
        ("D", ["Administration"]),
        ("S", ["Set-up", "Administration"]),
        ("R", ["Administration"]),
        ("O", ["Set-up", "Administration"]),
    ],
)
def test_frame_shows_set_up_and_administration_to_those_who_may_open_them(column, staff):
    world = two_clusters()

    assert labels(frame_of(world.people()[column], world.year)["nav_staff"]) == staff


@pytest.mark.parametrize(
    ("person", "label"),
    [
        ("signatory", "a3 · ĐV A3"),
        ("leader_signatory", "a1 · ĐV A1 · Cụm trưởng"),
        ("deputy_signatory", "a2 · ĐV A2 · Cụm phó"),
        ("secretariat", "thuky-cum-a · Secretariat"),
        ("secretariat_at_home", "thuky2-cum-a · Secretariat"),
        ("observer", "quansat-cum-a · Observer"),
        ("administrator", "quantri · Administrator"),
    ],
)
def test_frame_says_who_is_signed_in_and_as_what(person, label):
    world = two_clusters()

    assert frame_of(getattr(world, person), world.year)["user_label"] == label


@pytest.mark.parametrize("unit_count", [2, 9])
def test_frame_costs_the_same_for_two_and_nine_units(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    DeadlineFactory(year=world.year)
    user = fresh(world.leader_signatory)

    # Year (by this test), assignments, years of the cluster, deadlines with extensions, roster.
    with django_assert_num_queries(5):
        assert len(frame_of(user, world.year)["nav"]) == 10


def test_frame_lists_the_years_that_the_person_may_know():
    world = two_clusters()
    EmulationYearFactory(cluster=world.cluster, year=2022)

    assert labels(frame_of(world.signatory, world.year)["years"]) == ["2021"]
    assert labels(frame_of(world.secretariat, world.year)["years"]) == ["2022", "2021"]


def test_frame_marks_the_page_the_person_is_on():
    world = two_clusters()

    found = frame_of(world.secretariat, world.year, path="/cum-a/2021/setup/rules/")

    assert [item["label"] for item in found["nav"] + found["nav_staff"] if item["is_current"]] == ["Set-up"]


def test_phases_show_what_is_done_now_and_to_come_with_dates():
    world = two_clusters(phase=Phase.SELF_SCORING)
    DeadlineFactory(year=world.year)

    found = phases(world.year)

    assert [step["state"] for step in found] == ["done", "done", "current"] + ["todo"] * 5
    assert [step["date_text"] for step in found] == ["", "", "22/11", "", "", "", "", ""]


def test_frame_of_an_illustrative_cluster_carries_the_banner_everywhere():
    world = two_clusters()
    Cluster.objects.filter(pk=world.cluster.pk).update(is_illustrative=True)

    for year in (world.year, None):
        assert frame_of(fresh(world.signatory), year)["banner"].endswith("24/11/2021 09:00")
    assert frame_of(world.foreign.signatory, world.foreign.year)["banner"] == ""


def test_frame_outside_a_year_names_the_only_cluster():
    world = two_clusters()

    of_one = frame_of(world.signatory)
    of_two = frame_of(world.administrator)

    assert (of_one["cluster"], of_one["year"], labels(of_one["years"])) == (world.cluster, None, ["2021"])
    assert (of_two["cluster"], labels(of_two["nav"])) == (None, ["New cluster", "New account", "Administration"])


@pytest.mark.parametrize(
    ("person", "phase", "count"),
    [
        ("signatory", Phase.REVIEWING, 8),  # neither ranking nor summary before the publication
        ("officer", Phase.REVIEWING, 8),
        ("leader_signatory", Phase.REVIEWING, 10),
        ("secretariat", Phase.REVIEWING, 10),
        ("observer", Phase.REVIEWING, 10),
        ("administrator", Phase.REVIEWING, 4),
    ],
)
def test_navigation_names_what_is_open(person, phase, count):
    world = two_clusters(phase=phase)

    assert len(frame_of(getattr(world, person), world.year)["nav"]) == count


def test_navigation_of_a_plain_unit_is_whole_after_the_publication():
    world = two_clusters(phase=Phase.CONFERENCE)
    world.year.published_at = NOW
    world.year.save()

    assert len(frame_of(world.signatory, world.year)["nav"]) == 10
