"""The home page as people get it: what each sees of the units, what never shows, and how many queries it takes."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.enums import AwardLevel, RecipientKind
from cluster_app.audit import log
from members.enums import DeadlineStep, PendingKind, Phase, Standing
from scoring.home.overview import REQUIRED_KEYS
from scoring.models import Scorecard
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    PledgeFactory,
    PledgeSignatureFactory,
)
from tests.factories.members import DeadlineFactory, ExtensionFactory, PendingStepFactory
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, two_clusters
from tests.scoring.home_scenes import in_phase, issue_summary, publish, write_paragraphs

pytestmark = pytest.mark.django_db

# Points that occur nowhere else on a page.
CANARY_POINTS = "771.13"
CANARY_SHOWN = "771,13"


def build_world():
    return two_clusters(phase=Phase.REVIEWING)


def home(client, world, user):
    client.force_login(user)
    return client.get(reverse("scoring:home", kwargs=world.url_kwargs()))


def text(response):
    return response.content.decode()


def rows(response):
    return {row.name: row for table in response.context["tables"] for row in table.rows}


def row_of(response, member):
    return rows(response)[member.name]


def days_late(row):
    return "".join(letter for letter in row.late if letter.isdigit())


# --- what is seen of the units ---


@pytest.mark.parametrize("person", ["secretariat", "observer", "leader_signatory", "deputy_signatory"])
def test_leader_deputy_secretariat_and_observer_see_every_unit_in_full(client, world, person):
    for member in world.members:
        ScorecardFactory(membership=member, reviewed=True)

    row = row_of(home(client, world, getattr(world, person)), world.other)

    assert row.progress["label"] == "7/7"
    assert (row.self_points, row.reviewed_points) == ("84,50", "77,10")
    assert row.commendations == "0 / 0"
    assert row.url == reverse("scoring:scorecard_detail", kwargs=world.url_kwargs() | {"code": "A4"})


@pytest.mark.parametrize("person", ["signatory", "officer"])
def test_plain_unit_sees_itself_in_full_and_of_the_others_status_and_days_late(client, world, person):
    DeadlineFactory(year=world.year)
    ScorecardFactory(membership=world.member, reviewed=True)
    ScorecardFactory(membership=world.other, filled=True)

    response = home(client, world, getattr(world, person))

    own, other = row_of(response, world.member), row_of(response, world.other)
    assert (own.progress["label"], own.self_points, own.reviewed_points) == ("7/7", "84,50", "77,10")
    assert (other.status["css"], days_late(other)) == ("draft", "2")
    assert (other.url, other.progress) == ("", None)
    assert (other.self_points, other.reviewed_points, other.commendations, other.total, other.rank) == ("",) * 5
    assert [table.has_points for table in response.context["tables"]] == [True, False]


def test_leader_sees_no_points_of_others_before_the_own_card_is_submitted(client, world):
    ScorecardFactory(membership=world.leader, filled=True)
    ScorecardFactory(membership=world.other, submitted=True)

    row = row_of(home(client, world, world.leader_signatory), world.other)

    assert (row.self_points, row.url, row.progress["label"]) == ("", "", "7/7")


def test_own_unit_does_not_see_its_review_while_it_goes_on(client, world):
    card = ScorecardFactory(membership=world.member, submitted=True)
    Scorecard.objects.filter(pk=card.pk).update(reviewed_total=CANARY_POINTS)

    assert CANARY_SHOWN not in text(home(client, world, world.signatory))
    assert CANARY_SHOWN not in text(home(client, world, world.secretariat_at_home))
    assert CANARY_SHOWN in text(home(client, world, world.secretariat))


def test_pledge_and_titles_are_seen_by_every_unit(client, world):
    pledge = PledgeFactory(year=world.year, open=True)
    PledgeSignatureFactory(pledge=pledge, membership=world.leader)

    response = home(client, world, world.signatory)

    assert row_of(response, world.leader).pledge != row_of(response, world.other).pledge
    assert (row_of(response, world.leader).title, row_of(response, world.deputy).title) == ("Cụm trưởng", "Cụm phó")


def test_unit_that_is_suspended_is_marked_with_the_reason_only_for_those_it_concerns(client, world):
    world.other.standing, world.other.standing_reason = Standing.SUSPENDED, "Đang xem xét kỷ luật"
    world.other.save()

    assert row_of(home(client, world, world.secretariat), world.other).standing.endswith(": Đang xem xét kỷ luật")
    assert row_of(home(client, world, world.other_signatory), world.other).standing.endswith(": Đang xem xét kỷ luật")
    assert "Đang xem xét kỷ luật" not in text(home(client, world, world.signatory))


def test_late_unit_that_submitted_keeps_its_days(client, world):
    DeadlineFactory(year=world.year)
    card = ScorecardFactory(membership=world.other, submitted=True)
    Scorecard.objects.filter(pk=card.pk).update(submitted_at=datetime.fromisoformat("2021-11-23T08:00:00+07:00"))

    assert days_late(row_of(home(client, world, world.signatory), world.other)) == "1"


# --- after the publication ---


def test_totals_and_ranks_are_seen_by_everybody_once_they_are_published(client, world):
    values = {0: "28", 1: "26", 2: "30", 3: "22"}
    for place, points in values.items():
        ScorecardFactory(
            membership=world.members[place], approved=True, reviewed_values={"A1": ("90", points), "A2": ("3", "15")}
        )
    publish(world)

    for person in (world.signatory, world.officer, world.leader_signatory, world.secretariat, world.observer):
        found = [(row.total, row.rank) for row in rows(home(client, world, person)).values()]
        assert found == [("84,00", "2"), ("82,00", "3"), ("86,00", "1"), ("78,00", "4")]


def test_unranked_unit_has_its_total_and_a_dash_for_its_rank(client, world):
    world.other.standing, world.other.standing_reason = Standing.DISQUALIFIED, "Không ký giao ước thi đua"
    world.other.save()
    for member in world.members:
        ScorecardFactory(membership=member, approved=True)
    publish(world)

    row = row_of(home(client, world, world.signatory), world.other)

    assert (row.total, row.rank) == ("77,10", "–")


# --- leaks ---


def test_page_of_a_plain_unit_holds_no_figure_of_another_unit_before_the_publication(client, world):
    """Points, progress, awards and a provisional rank of others stand in the database and on the secretariat's page."""
    ScorecardFactory(membership=world.member, reviewed=True)
    card = ScorecardFactory(membership=world.other, reviewed=True)
    card.lines.filter(criterion__code="A1").update(self_value=None, self_points=None)
    Scorecard.objects.filter(pk=card.pk).update(
        self_total=Decimal(CANARY_POINTS), reviewed_total=Decimal(CANARY_POINTS), total_points=Decimal(CANARY_POINTS)
    )
    CommendationFactory(membership=world.other, confirmed=True, occasions=7713)
    CommendationFactory(membership=world.other, occasions=8824)
    page_of_secretariat = text(home(client, world, world.secretariat))
    assert all(secret in page_of_secretariat for secret in (CANARY_SHOWN, "6/7", "7713", "8824"))

    for person in (world.signatory, world.officer):
        page = text(home(client, world, person))
        assert [secret for secret in (CANARY_SHOWN, "771.13", "6/7", "7713", "8824") if secret in page] == []


def test_page_holds_nothing_of_another_cluster(client, world):
    ScorecardFactory(membership=world.foreign.members[0], approved=True)
    PendingStepFactory(year=world.foreign.year, kind=PendingKind.PUBLISH, reason=CANARY)
    CampaignFactory(year=world.foreign.year, title=CANARY, launched=True, ends_on=date(2021, 11, 1))
    CommendationFactory(membership=world.foreign.members[0], occasions=7713)

    for name, person in world.people().items():
        if name != "fo":
            page = text(home(client, world, person))
            assert [secret for secret in (CANARY, "cum-b", "7713") if secret in page] == []
    assert home(client, world, world.foreign.signatory).status_code == 404


def test_administrator_finds_the_set_up_and_no_figures(client, world):
    card = ScorecardFactory(membership=world.member, reviewed=True)
    Scorecard.objects.filter(pk=card.pk).update(self_total=CANARY_POINTS)

    response = home(client, world, world.administrator)

    assert "tables" not in response.context
    assert CANARY_SHOWN not in text(response)
    assert [link.url for link in response.context["links"]] == [
        reverse("members:year_setup", kwargs=world.url_kwargs()),
        reverse("members:cluster_create"),
        reverse("members:account_create"),
        reverse("admin:index"),
    ]


# --- charts ---


def figures(response, name):
    figure = response.context[name]
    return [[value for key, value in row.items() if key not in ("status", "level")] for row in figure.rows]


def test_charts_of_an_empty_year_show_zeros(client, world):
    response = home(client, world, world.secretariat)

    assert figures(response, "cards") == [["0"], ["0"], ["0"], ["0"], ["0"], ["4"]]
    assert [row["total"] for row in response.context["commendations"].rows] == ["0", "0", "0"]


def test_chart_of_the_cards_counts_every_unit_once(client, world):
    for member, trait in zip(world.members, ["approved", "reviewed", "submitted", "filled"], strict=True):
        ScorecardFactory(membership=member, **{trait: True})

    response = home(client, world, world.signatory)

    assert figures(response, "cards") == [["1"], ["1"], ["0"], ["1"], ["1"]]


def test_chart_of_commendations_counts_the_own_unit_for_a_plain_one_and_all_for_the_others(client, world):
    province = AwardFormFactory(level=AwardLevel.PROVINCE)
    CommendationFactory(membership=world.member, confirmed=True, award_form=province, occasions=4)
    CommendationFactory(membership=world.other, confirmed=True, occasions=30, recipient_kind=RecipientKind.COLLECTIVE)
    CommendationFactory(membership=world.other, occasions=500)

    def counted(person):
        figure = home(client, world, person).context["commendations"]
        return [(row["collective"], row["individual"], row["total"]) for row in [*figure.rows, figure.total]]

    assert counted(world.signatory) == [("0", "0", "0"), ("0", "4", "4"), ("0", "0", "0"), ("0", "4", "4")]
    assert counted(world.secretariat) == [("0", "0", "0"), ("0", "4", "4"), ("30", "0", "30"), ("30", "4", "34")]


def test_households_are_shown_only_where_there_are_any(client, world):
    response = home(client, world, world.secretariat)
    assert [column["key"] for column in response.context["commendations"].columns] == [
        "level",
        "collective",
        "individual",
        "total",
    ]

    CommendationFactory(
        membership=world.member,
        confirmed=True,
        recipient_kind=RecipientKind.HOUSEHOLD,
        award_form=AwardFormFactory(is_for_households=True),
    )

    response = home(client, world, world.secretariat)
    assert response.context["commendations"].total["household"] == "1"


# --- the rest of the page ---


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("secretariat", "scoring:summary"),
        ("leader_signatory", "scoring:summary"),
        ("deputy_signatory", "scoring:summary"),
        ("observer", "scoring:summary"),
        ("signatory", "scoring:scorecard_detail"),
    ],
)
def test_primary_action_is_the_summary_or_until_it_is_open_the_own_card(client, world, person, name):
    ScorecardFactory(membership=world.member)

    primary = home(client, world, getattr(world, person)).context["primary"]

    more = {"code": "A3"} if name == "scoring:scorecard_detail" else {}
    assert primary.url == reverse(name, kwargs=world.url_kwargs() | more)


def test_plain_unit_is_led_to_the_summary_once_it_is_issued(client, world):
    ScorecardFactory(membership=world.member, approved=True)
    publish(world)
    card_url = reverse("scoring:scorecard_detail", kwargs=world.url_kwargs() | {"code": "A3"})
    assert home(client, world, world.signatory).context["primary"].url == card_url

    issue_summary(world)

    primary = home(client, world, world.signatory).context["primary"]
    assert primary.url == reverse("scoring:summary", kwargs=world.url_kwargs())


def test_page_shows_the_head_of_the_audit_log_to_everybody(client, world):
    for name, person in world.people().items():
        if name != "fo":
            assert log.head() in text(home(client, world, person))


def test_year_without_members_shows_zeros_and_the_next_step(client, world):
    world.foreign.year.memberships.all().delete()

    response = home(client, world.foreign, world.foreign.secretariat)

    assert [table.rows for table in response.context["tables"]] == [[]]
    assert reverse("members:year_setup", kwargs=world.foreign.url_kwargs()) in text(response)
    assert figures(response, "cards") == [["0"]] * 6


# --- the number of queries ---


def fill(world):
    """A year in which everything that the page asks for is there: cards in every state, proposals, awards, late
    units, drives and a pledge half signed."""
    year = world.year
    for step in DeadlineStep:
        deadline = DeadlineFactory(year=year, step=step)
    ExtensionFactory(deadline=deadline, membership=world.member)
    pledge = PledgeFactory(year=year, open=True)
    PledgeSignatureFactory(pledge=pledge, membership=world.leader)
    traits = ["reviewed", "reviewed", "submitted", "filled", "returned", "reviewed", "submitted", "filled", "reviewed"]
    for member, trait in zip(world.members, traits, strict=False):
        ScorecardFactory(membership=member, **{trait: True})
        CommendationFactory(membership=member)
        CommendationFactory(membership=member, confirmed=True)
        CampaignFactory(year=year, own_drive=True, membership=member, launched=True, ends_on=date(2021, 11, 1))
    PendingStepFactory(year=year, kind=PendingKind.CONCLUDE, proposed_by=world.stranger)
    write_paragraphs(world, REQUIRED_KEYS[:1])


def query_count(client, world, user):
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse("scoring:home", kwargs=world.url_kwargs()))
    assert response.status_code == 200
    return len(captured)


@pytest.mark.parametrize("unit_count", [2, 9])
def test_query_count_is_the_same_for_two_and_nine_units(client, unit_count):
    world = two_clusters(unit_count=unit_count, phase=Phase.APPROVING)
    fill(world)

    assert query_count(client, world, world.officer) == 11
    assert query_count(client, world, world.leader_signatory) == 13
    assert query_count(client, world, world.deputy_signatory) == 15
    assert query_count(client, world, world.secretariat) == 13
    assert query_count(client, world, world.secretariat_at_home) == 14
    assert query_count(client, world, world.observer) == 9
    assert query_count(client, world, world.administrator) == 8


@pytest.mark.parametrize("unit_count", [2, 9])
def test_query_count_of_a_published_year_is_the_same_for_two_and_nine_units(client, unit_count):
    world = two_clusters(unit_count=unit_count, phase=Phase.CONFERENCE)
    fill(world)
    write_paragraphs(world, REQUIRED_KEYS[1:])
    publish(world)

    assert query_count(client, world, world.officer) == 12
    assert query_count(client, world, world.leader_signatory) == 13
    assert query_count(client, world, world.deputy_signatory) == 12
    assert query_count(client, world, world.secretariat) == 13
    assert query_count(client, world, world.secretariat_at_home) == 13
    assert query_count(client, world, world.observer) == 10
    assert query_count(client, world, world.administrator) == 8


@pytest.mark.parametrize("unit_count", [3, 9])
def test_query_count_of_a_plain_signatory_is_the_same_for_three_and_nine_units(client, unit_count):
    world = two_clusters(unit_count=unit_count, phase=Phase.APPROVING)
    fill(world)

    assert query_count(client, world, world.signatory) == 12


def test_query_count_of_the_year_s_beginning(client, world):
    fill(world)
    in_phase(world, Phase.RUNNING)

    assert query_count(client, world, world.secretariat) == 13
    assert query_count(client, world, world.signatory) == 11
