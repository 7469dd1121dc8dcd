"""`export_results`: the keys, the figures as text, and what is not yet known."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from members.enums import Phase
from members.models import Membership
from scoring.enums import CardStatus
from scoring.results import results
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, forget

pytestmark = pytest.mark.django_db


def build_world():
    world = two_clusters(phase=Phase.APPROVING)
    card_in(CardStatus.APPROVED, world.leader)
    card_in(CardStatus.SUBMITTED, world.deputy)
    card_in(CardStatus.DRAFT, world.member)
    return world


def test_a_unit_has_exactly_these_keys(world):
    approved = results(world.year)["units"][0]

    assert approved == {
        "code": "A1",
        "name": "Đơn vị A1",
        "role": "leader",
        "status": "approved",
        "self": "84.50",
        "reviewed": "77.10",
        "base": "77.10",
        "bonus": "10.00",
        "penalty": "-10.00",
        "total": "77.10",
        "rank": 1,
        "band": "Trung bình",
        "standing": "good",
    }


def test_what_is_not_known_yet_is_null(world):
    found = {unit["code"]: unit for unit in results(world.year)["units"]}
    unknown = ("reviewed", "base", "bonus", "penalty", "total", "rank", "band")

    assert found["A2"]["self"] == "84.50"
    assert [found["A2"][key] for key in unknown] == [None] * 7
    assert found["A2"]["status"] == "submitted"


def test_what_a_unit_has_not_submitted_is_nobody_s_affair(world):
    found = {unit["code"]: unit for unit in results(world.year)["units"]}

    assert (found["A3"]["status"], found["A3"]["self"]) == ("draft", None)
    assert (found["A4"]["status"], found["A4"]["self"]) == ("draft", None)


def test_a_unit_that_is_not_ranked_says_its_standing(world):
    Membership.objects.filter(pk=world.leader.pk).update(standing="disqualified", standing_reason="Không ký giao ước")
    forget(world.year)

    found = {unit["code"]: unit for unit in results(world.year)["units"]}

    assert (found["A1"]["standing"], found["A1"]["rank"], found["A1"]["total"]) == ("disqualified", None, "77.10")


def test_the_status_says_whether_it_is_published(world):
    assert results(world.year)["status"] == "provisional"
    world.year.published_at = NOW
    assert results(world.year)["status"] == "published"


def test_the_command_writes_a_file(world, tmp_path):
    path = tmp_path / "results.json"

    call_command("export_results", "cum-a", "2021", output=str(path))

    found = json.loads(path.read_text(encoding="utf-8"))
    assert list(found) == ["cluster", "year", "status", "units"]
    assert (found["cluster"], found["year"]) == ("cum-a", 2021)
    assert found["units"] == results(world.year)["units"]
    assert CANARY not in path.read_text(encoding="utf-8")


def test_the_command_writes_to_the_screen(world):
    out = io.StringIO()

    call_command("export_results", "cum-a", "2021", output="-", stdout=out)

    assert json.loads(out.getvalue())["units"][0]["name"] == "Đơn vị A1"


@pytest.mark.parametrize("arguments", [("cum-a", "2020"), ("cum-x", "2021")])
def test_an_unknown_year_or_cluster_is_said(world, arguments):
    with pytest.raises(CommandError):
        call_command("export_results", *arguments, output="-")


def test_a_file_that_cannot_be_written_is_said(world, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_results", "cum-a", "2021", output=str(tmp_path / "missing" / "results.json"))
