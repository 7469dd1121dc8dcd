"""The command that writes the annual summary into a file."""

import re
from html import unescape

import pytest
from django.core.management import CommandError, call_command

from scoring.results import results
from scoring.year_end.services import editions
from tests.scenarios import CANARY, NOW
from tests.scoring.year_end_scenes import DATED_ON, ended_world, reread

pytestmark = pytest.mark.django_db


def export(path, *args, **options):
    call_command("export_summary", *args, output=str(path), **options)
    return path.read_text(encoding="utf-8")


def issue(world):
    return editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.leader_signatory, at=NOW)


def cells_of(page):
    return [unescape(cell) for cell in re.findall(r"<td[^>]*>([^<]*)</td>", page)]


def test_file_is_the_official_edition_once_it_is_issued_else_the_draft(tmp_path):
    world = ended_world()
    draft = export(tmp_path / "draft.html", "cum-a", "2021", file_format="html")
    issued = issue(world)
    official = export(tmp_path / "official.html", "cum-a", "2021")

    assert "DỰ THẢO" in draft
    assert "Bản dự thảo lập lúc 09:00 ngày 24/11/2021." in draft
    assert "DỰ THẢO" not in official
    assert issued.code in official
    assert "DỰ THẢO" in export(tmp_path / "again.html", "cum-a", "2021", edition="draft")


def test_file_stands_alone_and_holds_nothing_of_another_cluster(tmp_path):
    ended_world()

    page = export(tmp_path / "summary.html", "cum-a", "2021")

    assert CANARY not in page
    assert "<link" not in page
    assert "<script" not in page
    assert page.startswith("<!doctype html>")


def test_file_and_results_agree_to_the_hundredth(tmp_path):
    world = ended_world(unit_count=5)
    issue(world)

    cells = cells_of(export(tmp_path / "summary.html", "cum-a", "2021"))

    for unit in results(reread(world))["units"]:
        place = cells.index(unit["name"])
        shown = [cell.replace(",", ".") for cell in cells[place + 1 : place + 12]]
        assert shown[0:2] == [unit["self"], unit["reviewed"]]
        assert shown[4:8] == [unit["base"], unit["bonus"], unit["penalty"], unit["total"]]
        assert shown[8:10] == [str(unit["rank"]), unit["band"]]


def test_dash_writes_to_standard_output(capsys):
    ended_world()

    call_command("export_summary", "cum-a", "2021", output="-")

    assert capsys.readouterr().out.startswith("<!doctype html>")


@pytest.mark.parametrize(("cluster", "year"), [("cum-x", "2021"), ("cum-a", "2099")])
def test_unknown_cluster_or_year_is_refused(tmp_path, cluster, year):
    ended_world()

    with pytest.raises(CommandError, match=f"There is no year {year} of a cluster {cluster}"):
        export(tmp_path / "summary.html", cluster, year)


def test_official_edition_that_is_not_issued_is_refused(tmp_path):
    ended_world()

    with pytest.raises(CommandError, match="has not been issued yet"):
        export(tmp_path / "summary.html", "cum-a", "2021", edition="official")


def test_place_that_cannot_be_written_is_said(tmp_path):
    ended_world()

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_summary", "cum-a", "2021", output=str(tmp_path / "missing" / "summary.html"))


@pytest.mark.parametrize("wanted", [{"format": "pdf"}, {"edition": "final"}])
def test_other_formats_and_editions_are_not_offered(wanted):
    [(name, value)] = wanted.items()

    with pytest.raises(CommandError, match="invalid choice"):
        call_command("export_summary", "cum-a", "2021", f"--{name}", value, "--output", "-")
