"""The command that writes the annual summary into a file."""

import io
import json
import re
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cluster_app.audit import log
from cluster_app.documents import freezing
from members.models import Membership
from scoring.results import results
from scoring.year_end.services import editions
from scoring.year_end.skeleton import ANNEX_NUMBERS
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

    page = export(tmp_path / "summary.html", "cum-a", "2021")
    cells = cells_of(page[page.index("BẢNG TỔNG HỢP ĐIỂM") :])

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

    with pytest.raises(CommandError, match="chưa được phát hành"):
        export(tmp_path / "summary.html", "cum-a", "2021", edition="official")


def test_place_that_cannot_be_written_is_said(tmp_path):
    ended_world()

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_summary", "cum-a", "2021", output=str(tmp_path / "missing" / "summary.html"))


def written(path, world, file_format, **options):
    call_command("export_summary", "cum-a", "2021", output=str(path), file_format=file_format, **options)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("file_format", "start"),
    [("html", b"<!doctype html>"), ("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK"), ("json", b"{\n")],
)
@pytest.mark.parametrize("edition", ["draft", "official"])
def test_every_format_is_written_of_both_editions(tmp_path, file_format, start, edition):
    world = ended_world(unit_count=2)
    issue(world)

    assert written(tmp_path / f"summary.{file_format}", world, file_format, edition=edition).startswith(start)


@pytest.mark.parametrize("file_format", ["pdf", "docx", "xlsx", "json"])
def test_official_edition_is_written_from_what_was_frozen(tmp_path, file_format):
    world = ended_world(unit_count=2)
    issue(world)
    before = written(tmp_path / "before", world, file_format)
    Membership.objects.filter(pk=world.leader.pk).update(name="Tên đã đổi", short_name="Đã đổi")

    assert written(tmp_path / "after", world, file_format) == before
    assert written(tmp_path / "draft", world, file_format, edition="draft") != before


def test_data_hold_the_document_and_the_figures_of_its_annexes(tmp_path):
    world = ended_world(unit_count=2)
    issued = issue(world)

    text = written(tmp_path / "summary.json", world, "json").decode()

    data = json.loads(text)
    assert text == json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert sorted(data) == ["annexes", "digest", "document", "edition"]
    assert (data["edition"], data["digest"]) == ("official", issued.digest)
    assert sorted(data["annexes"]) == sorted(ANNEX_NUMBERS)
    [matrix] = data["annexes"]["7"]["tables"]
    [total] = [row for row in matrix["rows"] if row["cells"][0] == "TỔNG ĐIỂM"]
    assert total == {
        "kind": "total",
        "cells": ["TỔNG ĐIỂM", "–", "78,00", "75,00"],
        "values": ["", "", "78.00", "75.00"],
    }
    assert freezing.digest(freezing.from_data(data["document"])) == issued.digest


def test_data_of_a_draft_do_not_change_with_the_hour(tmp_path):
    world = ended_world(unit_count=2)
    first = written(tmp_path / "first.json", world, "json")
    log.append(by=None, at=NOW, verb="scenario.later", thing=world.year)

    assert written(tmp_path / "second.json", world, "json") == first


@pytest.mark.parametrize("file_format", ["pdf", "docx", "xlsx"])
def test_bytes_reach_standard_output_as_they_are(tmp_path, capfdbinary, file_format):
    world = ended_world(unit_count=2)
    issue(world)
    expected = written(tmp_path / "summary", world, file_format)

    call_command("export_summary", "cum-a", "2021", output="-", file_format=file_format)

    assert capfdbinary.readouterr().out == expected


# --- The workbook on the page ---


def sheet_names(response):
    return CalamineWorkbook.from_filelike(io.BytesIO(response.content)).sheet_names


def test_page_offers_the_workbook_and_hands_it_out(client):
    world = ended_world(unit_count=2)
    issue(world)
    client.force_login(world.members[1].unit.assignments.get(role="officer").user)
    url = reverse("scoring:summary", kwargs=world.url_kwargs())

    page = client.get(url, {"annex": "7"}).content.decode()
    response = client.get(url, {"annex": "7", "format": "xlsx"})

    assert f'href="{url}?annex=7&amp;format=xlsx"' in page
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert sheet_names(response) == ["PL7 Điểm theo tiêu chí"]
    assert len(sheet_names(client.get(url, {"format": "xlsx"}))) == len(ANNEX_NUMBERS)
    assert client.get(url, {"annex": "9", "format": "xlsx"}).status_code == 404
    assert client.get(url, {"annex": "7", "format": "pdf"}).content.startswith(b"%PDF-")


@pytest.mark.parametrize("query", [{"format": "xlsx"}, {"format": "xlsx", "annex": "7"}])
@pytest.mark.parametrize(("relation", "status"), [("ot", 403), ("of", 403), ("fo", 404), ("R", 200), ("S", 200)])
def test_workbook_of_the_draft_is_for_those_who_may_print_it(client, query, relation, status):
    world = ended_world(unit_count=3)
    client.force_login(world.people()[relation])

    response = client.get(reverse("scoring:summary", kwargs=world.url_kwargs()), query | {"edition": "draft"})

    assert response.status_code == status
    assert (CANARY.encode() in response.content) is False


def test_text_that_no_cell_holds_is_refused_in_words(client):
    world = ended_world(unit_count=2)
    world.year.campaigns.filter(code="CD1").update(results="x" * 32_768)
    client.force_login(world.secretariat)

    response = client.get(reverse("scoring:summary", kwargs=world.url_kwargs()), {"format": "xlsx"})

    assert response.status_code == 400


@pytest.mark.parametrize("wanted", [{"format": "odt"}, {"edition": "final"}])
def test_other_formats_and_editions_are_not_offered(wanted):
    [(name, value)] = wanted.items()

    with pytest.raises(CommandError, match="invalid choice"):
        call_command("export_summary", "cum-a", "2021", f"--{name}", value, "--output", "-")
