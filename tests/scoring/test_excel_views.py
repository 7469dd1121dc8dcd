"""The pages for Excel files: download, upload, look at what changes, confirm."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cluster_app.lib.spreadsheets import read
from members.enums import Phase
from scoring import sheets
from scoring.enums import CardStatus, SetStatus
from scoring.excel import card_layout, sealing
from scoring.excel import criteria_layout as layout
from scoring.excel.card_writing import write_card
from scoring.excel.criteria_writing import write_set, write_template
from scoring.excel.examples import EXAMPLES
from scoring.models import CriteriaSet, Criterion
from tests.factories.scoring import CriteriaSetFactory, CriterionFactory, ScorecardFactory, put_into_force
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, year_address
from tests.scoring.workbooks import edited, grid_of, row_with

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMN = {heading.key: chr(ord("A") + place) for place, heading in enumerate(card_layout.HEADINGS)}


def build_world():
    return two_clusters(phase=Phase.PREPARING)


@pytest.fixture
def reviewing(db):
    return reviewing_world()


def upload(client, url, file, name="tep.xlsx"):
    return client.post(url, {"file": SimpleUploadedFile(name, file)})


def sealed_in(response):
    found = re.search(r'name="sealed" value="([^"]+)"', content(response))
    return unescape(found[1]) if found else ""


def sets_of(year):
    return list(CriteriaSet.objects.filter(year=year).order_by("pk").values()), list(
        Criterion.objects.filter(criteria_set__year=year).order_by("pk").values()
    )


# --- Criteria ---


def test_draft_goes_out_to_those_who_write_it_alone(world, client):
    CriteriaSetFactory(year=world.year, small=True)
    answers = {}
    for name, user in world.people().items():
        client.force_login(user)
        answers[name] = client.get(year_address("criteria_export", world)).status_code

    assert answers == {
        "of": 403, "sg": 403, "ot": 403, "fo": 404, "L": 403, "D": 403, "S": 200, "R": 403, "O": 404,
    }  # fmt: skip


def test_export_is_a_workbook_of_the_set_in_force_or_of_a_version(world, client):
    client.force_login(world.secretariat)
    CriteriaSetFactory(year=world.year, small=True, applied=True)
    CriteriaSetFactory(year=world.year, version=2, title="Bảng thứ hai")

    newest, second = (client.get(year_address("criteria_export", world) + query) for query in ("", "?version=2"))

    assert newest["Content-Type"] == XLSX
    assert newest["Content-Disposition"] == 'attachment; filename="tieu-chi-cum-a-2021-v1.xlsx"'
    assert grid_of(newest.content)[layout.CRITERIA][1][3] == "Bảng tiêu chí chấm điểm"
    assert grid_of(second.content)[layout.CRITERIA][1][3] == "Bảng thứ hai"


@pytest.mark.parametrize("query", ["?version=9", "?version=x", "?version=99999999999999999999", "?version=-1"])
def test_export_of_a_version_that_is_not_there_is_not_known(world, client, query):
    client.force_login(world.officer)
    CriteriaSetFactory(year=world.year, small=True, applied=True)

    assert client.get(year_address("criteria_export", world) + query).status_code == 404


def test_export_before_there_is_a_set_is_not_known(world, client):
    client.force_login(world.secretariat)

    assert client.get(year_address("criteria_export", world)).status_code == 404


def test_template_is_a_workbook(world, client):
    client.force_login(world.secretariat)

    response = client.get(year_address("criteria_template", world))

    assert response["Content-Disposition"] == 'attachment; filename="mau-tieu-chi.xlsx"'
    assert layout.GUIDE in grid_of(response.content)


def test_import_shows_what_changes_before_anything_is_saved(world, client):
    client.force_login(world.secretariat)
    CriteriaSetFactory(year=world.year, small=True)
    url, before = year_address("criteria_import", world), sets_of(world.year)

    preview = upload(client, url, write_template(at=NOW))
    after_preview = sets_of(world.year)
    confirmed = client.post(url, {"sealed": sealed_in(preview)})

    assert preview.status_code == 200
    assert "A.1" in row_of(preview, "A.1")
    assert after_preview == before
    assert confirmed["Location"] == year_address("criteria_edit", world)
    codes = Criterion.objects.filter(criteria_set__year=world.year).order_by("order").values_list("code", flat=True)
    assert list(codes) == [node.code for node in EXAMPLES.nodes]


def test_import_of_an_unchanged_file_has_nothing_to_confirm(world, client):
    client.force_login(world.secretariat)
    criteria_set = CriteriaSetFactory(year=world.year, small=True)

    response = upload(client, year_address("criteria_import", world), write_set(criteria_set, at=NOW))

    assert sealed_in(response) == ""
    assert 'name="file"' in content(response)


def test_import_lists_every_error_with_its_cell(world, client):
    client.force_login(world.secretariat)
    template = write_template(at=NOW)
    row = row_with(template, "A.1")

    response = upload(
        client, year_address("criteria_import", world), edited(template, {f"H{row}": "8.75", f"C{row}": None})
    )

    assert "Tệp có 2 lỗi. Chưa thay đổi gì." in text_of(response)
    assert f"Ô C{row}: Ô này bắt buộc phải ghi." in text_of(response)
    assert f"Ô H{row} (“8.75”): Phần thập phân viết sau dấu phẩy" in text_of(response)
    assert sealed_in(response) == ""
    assert not CriteriaSet.objects.filter(year=world.year).exists()


def test_import_without_a_file_asks_for_one(world, client):
    client.force_login(world.secretariat)

    response = client.post(year_address("criteria_import", world), {})

    assert response.status_code == 200
    assert 'id="error_1_id_file"' in content(response) or "invalid-feedback" in content(response)


def test_text_of_a_file_is_shown_as_text(world, client):
    client.force_login(world.secretariat)
    template = write_template(at=NOW)
    cells = {f"C{row_with(template, 'A.1')}": "<script>x</script>", f"H{row_with(template, 'A.2')}": "<b>y</b>"}

    wrong = upload(client, year_address("criteria_import", world), edited(template, cells))
    del cells[f"H{row_with(template, 'A.2')}"]
    right = upload(client, year_address("criteria_import", world), edited(template, cells))

    assert "&lt;b&gt;y&lt;/b&gt;" in content(wrong)
    assert "&lt;script&gt;x" in content(right)
    assert "<script>x" not in content(right)


def test_preview_that_was_touched_belongs_to_another_or_is_old_changes_nothing(world, client, monkeypatch):
    client.force_login(world.secretariat)
    url = year_address("criteria_import", world)
    sealed = sealed_in(upload(client, url, write_template(at=NOW)))

    touched = client.post(url, {"sealed": sealed[:-2] + "xx"})
    client.force_login(world.secretariat_at_home)
    of_another = client.post(url, {"sealed": sealed})
    client.force_login(world.secretariat)
    monkeypatch.setattr(sealing, "LONGEST_AGE", timedelta(seconds=-1))
    old = client.post(url, {"sealed": sealed})

    for response in (touched, of_another, old):
        assert "Bản xem trước này không còn hiệu lực" in text_of(response)
    assert not CriteriaSet.objects.filter(year=world.year).exists()


def test_right_is_asked_again_when_the_preview_is_confirmed(world, client):
    client.force_login(world.secretariat)
    url = year_address("criteria_import", world)
    sealed = sealed_in(upload(client, url, write_template(at=NOW)))
    world.secretariat.assignments.all().delete()

    assert client.post(url, {"sealed": sealed}).status_code == 404
    assert not CriteriaSet.objects.filter(year=world.year).exists()


def test_draft_that_changed_after_the_preview_is_kept(world, client):
    client.force_login(world.secretariat)
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    url = year_address("criteria_import", world)
    sealed = sealed_in(upload(client, url, write_template(at=NOW)))
    CriterionFactory(criteria_set=criteria_set, code="Z1")
    before = sets_of(world.year)

    response = client.post(url, {"sealed": sealed})

    assert "Bảng tiêu chí đã thay đổi sau khi bạn xem trước. Chưa nhập gì." in text_of(response)
    assert sets_of(world.year) == before


def test_import_after_a_card_was_submitted_is_a_wrong_state(reviewing, client):
    client.force_login(reviewing.secretariat)
    card_in(CardStatus.SUBMITTED, reviewing.member)

    response = upload(client, year_address("criteria_import", reviewing), write_template(at=NOW))

    assert response.status_code == 409
    assert [one.status for one in CriteriaSet.objects.filter(year=reviewing.year)] == [SetStatus.APPLIED]


def test_pages_of_one_cluster_do_not_know_the_other(world, client):
    client.force_login(world.secretariat)
    CriteriaSetFactory(year=world.foreign.year, small=True, applied=True, title=CANARY)

    for name in ("criteria_export", "criteria_template", "criteria_import"):
        response = client.get(year_address(name, world.foreign))

        assert response.status_code == 404
        assert CANARY not in content(response)


@pytest.mark.parametrize("count", [2, 9])
def test_preview_of_criteria_costs_the_same_however_long_the_set_is(world, client, count):
    client.force_login(world.secretariat)
    criteria_set = CriteriaSetFactory(year=world.year, declared_total=10 * count)
    for place in range(count):
        CriterionFactory(criteria_set=criteria_set, code=f"Z{place}", order=place)
    file = write_set(criteria_set, at=NOW)
    url = year_address("criteria_import", world)

    with CaptureQueriesContext(connection) as queries:
        response = upload(client, url, file)

    assert response.status_code == 200
    assert len(queries) == 16


# --- Score cards ---


def file_of(card, **values):
    """The card's file with other values, by code."""
    file = write_card(sheets.load(reread(card)), at=NOW)
    return edited(file, {f"{COLUMN['value']}{row_with(file, code)}": value for code, value in values.items()})


@pytest.fixture
def card(reviewing):
    return card_in(CardStatus.DRAFT, reviewing.member)


def test_card_is_downloaded_under_a_name_that_says_whose_it_is(reviewing, card, client):
    client.force_login(reviewing.officer)

    response = client.get(address("scorecard_export", card))

    assert response["Content-Type"] == XLSX
    assert response["Content-Disposition"] == 'attachment; filename="phieu-cham-diem-cum-a-2021-A3.xlsx"'
    assert read(response.content, name="a.xlsx").sheet(card_layout.CARD).cell("C4").text() == "A3"


def test_card_import_shows_old_and_new_before_it_saves(reviewing, card, client):
    client.force_login(reviewing.officer)
    url, before = address("scorecard_import", card), state_of(card)

    preview = upload(client, url, file_of(card, A1=Decimal(90), A3="Khá"))
    after_preview = state_of(card)
    confirmed = client.post(url, {"sealed": sealed_in(preview)})

    assert "95 % → 90 % 28,50 → 27,00" in row_of(preview, "A1")
    assert "Tốt → Khá 16,00 → 10,00" in row_of(preview, "A3")
    assert "Tổng điểm tự chấm: 84,50 → 77,00" in text_of(preview)
    assert after_preview == before
    assert confirmed["Location"] == address("scorecard_detail", card)
    stored = dict(card.lines.values_list("criterion__code", "self_value"))
    assert (stored["A1"], stored["A3"], stored["A2"]) == (Decimal(90), Decimal(3), Decimal(3))


def test_unchanged_card_is_accepted_with_nothing_to_confirm(reviewing, card, client):
    client.force_login(reviewing.officer)

    response = upload(client, address("scorecard_import", card), file_of(card))

    assert "Tệp không làm thay đổi gì: 0 thay đổi." in text_of(response)
    assert sealed_in(response) == ""


def test_wrong_cell_of_a_card_is_named(reviewing, card, client):
    client.force_login(reviewing.officer)

    response = upload(client, address("scorecard_import", card), file_of(card, A1="x"))

    assert "Tệp có 1 lỗi. Chưa thay đổi gì." in text_of(response)


def test_file_of_another_unit_is_refused_without_saying_more_than_it_does(reviewing, card, client):
    client.force_login(reviewing.officer)
    foreign = card_in(CardStatus.DRAFT, reviewing.foreign.member)

    response = upload(client, address("scorecard_import", card), file_of(foreign))

    assert f"Đây là tệp của {foreign.membership.name}" in text_of(response)
    assert sealed_in(response) == ""


def test_card_that_changed_after_the_preview_is_kept(reviewing, card, client):
    client.force_login(reviewing.officer)
    url = address("scorecard_import", card)
    first = sealed_in(upload(client, url, file_of(card, A1=Decimal(90))))
    second = sealed_in(upload(client, url, file_of(card, A2=Decimal(1))))
    client.post(url, {"sealed": first})
    before = state_of(card)

    response = client.post(url, {"sealed": second})

    assert response.status_code == 200
    assert sealed_in(response) == ""
    assert state_of(card) == before


def test_preview_of_one_card_is_not_that_of_another(reviewing, card, client):
    client.force_login(reviewing.secretariat)
    other = card_in(CardStatus.DRAFT, reviewing.other)
    sealed = sealed_in(upload(client, address("scorecard_import", card), file_of(card, A1=Decimal(90))))
    before = state_of(other)

    response = client.post(address("scorecard_import", other), {"sealed": sealed})

    assert "Bản xem trước này không còn hiệu lực" in text_of(response)
    assert state_of(other) == before


@pytest.mark.parametrize("status", [CardStatus.SUBMITTED, CardStatus.REVIEWED, CardStatus.APPROVED])
def test_card_that_is_not_open_has_no_import(reviewing, client, status):
    client.force_login(reviewing.officer)
    card = card_in(status, reviewing.member)

    assert client.get(address("scorecard_import", card)).status_code == 409


def test_card_import_is_closed_to_others(reviewing, card, client):
    answers = {}
    for name, user in reviewing.people().items():
        client.force_login(user)
        answers[name] = client.get(address("scorecard_import", card)).status_code

    assert answers == {
        "of": 200, "sg": 200, "ot": 403, "fo": 404, "L": 403, "D": 403, "S": 200, "R": 403, "O": 404,
    }  # fmt: skip


@pytest.mark.parametrize("count", [4, 40])
def test_preview_of_a_card_costs_the_same_however_long_it_is(reviewing, client, count):
    criteria_set = CriteriaSetFactory(year=reviewing.year, declared_total=10 * count)
    for place in range(count):
        CriterionFactory(criteria_set=criteria_set, code=f"Z{place}", order=place)
    card = ScorecardFactory(membership=reviewing.member, criteria_set=put_into_force(criteria_set))
    client.force_login(reviewing.officer)
    file = file_of(card, **{f"Z{place}": "Đạt" for place in range(count)})

    with CaptureQueriesContext(connection) as preview:
        response = upload(client, address("scorecard_import", card), file)
    with CaptureQueriesContext(connection) as export:
        client.get(address("scorecard_export", card))

    assert content(response).count("<tr>") == count + 1
    assert (len(preview), len(export)) == (10, 9)
