"""Placeholders of the narrative: how they are read, which figures they have, and how a paragraph grows stale."""

import json

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.models import Commendation
from awards.services import commendations
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.lib.vietnamese import fold
from members.enums import Phase
from members.models import EmulationYear
from scoring.models import SummaryParagraph
from scoring.year_end import figures as year_figures
from scoring.year_end import placeholders, vocabulary
from scoring.year_end.enums import Edition
from scoring.year_end.queries import texts_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry
from scoring.year_end.summary import build
from scoring.year_end.typed_numbers import TypedNumber, typed_numbers
from tests.factories.awards import CommendationFactory
from tests.scenarios import CANARY, NOW, fresh
from tests.scoring.year_end_scenes import DATED_ON, ended_world, report_of, reread

steady = settings(derandomize=True, database=None, deadline=None)
VALUES = {
    "lượt tập thể": "108 lượt tập thể",
    "lượt cá nhân": "527 lượt cá nhân",
    "điểm cao nhất": "947,50 điểm",
    "ngày ký giao ước": "–",
    "số đơn vị": "9 đơn vị thành viên",
    "đơn vị dẫn đầu": "Đơn vị {A}",
}
WRITTEN = "Toàn Cụm có {lượt tập thể}, {lượt cá nhân}."

# --- Reading ---


@steady
@given(st.text())
def test_any_text_comes_back_once_its_braces_are_doubled(text):
    assert placeholders.fill(placeholders.literal(text), VALUES) == text
    assert placeholders.problems(placeholders.literal(text), VALUES) == []
    assert placeholders.used(placeholders.literal(text), VALUES) == []


@steady
@given(st.lists(st.one_of(st.sampled_from(sorted(VALUES)), st.text()), max_size=8))
def test_placeholders_between_any_texts_print_their_values_and_nothing_else_changes(parts):
    written = "".join(f"{{{part}}}" if part in VALUES else placeholders.literal(part) for part in parts)
    printed = "".join(VALUES.get(part, part) for part in parts)

    assert placeholders.fill(written, VALUES) == printed
    assert placeholders.canonical(written, VALUES) == written
    assert placeholders.used(written, VALUES) == list(dict.fromkeys(part for part in parts if part in VALUES))


@steady
@given(st.text())
def test_no_text_breaks_the_reader(text):
    once = placeholders.canonical(text, VALUES)

    assert placeholders.canonical(once, VALUES) == once
    assert placeholders.fill(once, VALUES) == placeholders.fill(text, VALUES)
    assert set(placeholders.accepted(text, VALUES)) <= set(VALUES)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("{lượt tập thể}", "108 lượt tập thể"),
        ("{ LUOT  tap The }", "108 lượt tập thể"),
        ("{{lượt tập thể}}", "{lượt tập thể}"),
        ("{{{lượt tập thể}}}", "{108 lượt tập thể}"),
        ("{đơn vị dẫn đầu}", "Đơn vị {A}"),
        ("a } b", "a } b"),
        ("{không có}", "{không có}"),
        ("{lượt\ntập thể}", "{lượt\ntập thể}"),
    ],
)
def test_placeholder_is_read_with_any_accents_and_case(written, printed):
    assert placeholders.fill(written, VALUES) == printed


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (WRITTEN, []),
        ("{lượt tập thê}", []),
        ("{luot tap te}", ["There is no figure called {luot tap te}; the nearest is {lượt tập thể}."]),
        ("{xyz}", ["There is no figure called {xyz}. Choose one of the list beside the text."]),
        ("{}", ["There is no figure called {}. Choose one of the list beside the text."]),
        (
            "{lượt tập thể",
            ["A brace { is opened and not closed. Close it after the name; for a brace itself write it twice: {{."],
        ),
        ("{{lượt} {{", []),
    ],
)
def test_unknown_name_is_told_with_the_nearest_one(written, expected):
    with translation.override("en"):
        assert placeholders.problems(written, VALUES) == expected


def test_many_unknown_names_are_told_five_at_a_time():
    assert len(placeholders.problems("".join(f"{{tên số {n}}}" for n in range(3000)), VALUES)) == 5


def test_changes_name_old_and_new_and_what_is_gone():
    seen = {"lượt tập thể": "107 lượt tập thể", "lượt cá nhân": "527 lượt cá nhân", "cũ": "3"}

    found = placeholders.changes(f"{WRITTEN} {{cũ}} {{số đơn vị}}", seen, VALUES)

    assert [(one.name, one.old, one.new) for one in found] == [
        ("lượt tập thể", "107 lượt tập thể", "108 lượt tập thể"),
        ("số đơn vị", "", "9 đơn vị thành viên"),
        ("cũ", "3", ""),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Có 527 lượt cá nhân.", [("527", "lượt cá nhân")]),
        ("Điểm 947,50 là cao.", [("947,50", "điểm cao nhất")]),
        ("Khoảng 9 đơn vị thành viên.", [("9", "số đơn vị")]),
        ("Có 9 phong trào, 14 văn bản, 9 phong trào.", [("9", ""), ("14", "")]),
        ("{lượt cá nhân} và {{527}}", [("527", "lượt cá nhân")]),
        ("Năm 2020, ngày 30/12/2020, COVID-19, khóa XV, K3, 2020-2025.", []),
        ("", []),
    ],
)
def test_numbers_typed_by_hand_are_found_with_the_figure_that_says_the_same(text, expected):
    assert typed_numbers(text, VALUES) == [TypedNumber(*pair) for pair in expected]


# --- The figures ---


@pytest.mark.django_db
def test_every_name_is_one_figure_of_the_records():
    world = ended_world()
    values = vocabulary.values(year_figures.of(reread(world)))

    assert len({fold(name) for name in values}) == len(values)
    assert {name: values[name] for name in EXPECTED} == EXPECTED
    assert set(values) - set(EXPECTED) == {"điểm bình quân", "điểm cao nhất", "điểm thấp nhất"} | {
        name for name in values if name.startswith("xếp loại ")
    }
    assert all(value.endswith(" điểm") for name, value in values.items() if name.startswith("điểm "))


EXPECTED = {
    "năm": "2021",
    "năm sau": "2022",
    "số đơn vị": "4 đơn vị thành viên",
    "số đơn vị xét xếp hạng": "4 đơn vị",
    "cụm trưởng": "Đơn vị A1",
    "cụm phó": "Đơn vị A2",
    "lượt khen thưởng": "23 lượt khen thưởng",
    "lượt tập thể": "3 lượt tập thể",
    "lượt cá nhân": "20 lượt cá nhân",
    "lượt hộ gia đình": "0 lượt hộ gia đình",
    "lượt cấp Nhà nước": "1 lượt",
    "lượt tập thể cấp Nhà nước": "1 lượt tập thể",
    "lượt cá nhân cấp Nhà nước": "0 lượt cá nhân",
    "lượt cấp tỉnh": "6 lượt",
    "lượt tập thể cấp tỉnh": "2 lượt tập thể",
    "lượt cá nhân cấp tỉnh": "4 lượt cá nhân",
    "lượt cấp cơ quan": "16 lượt",
    "lượt tập thể cấp cơ quan": "0 lượt tập thể",
    "lượt cá nhân cấp cơ quan": "16 lượt cá nhân",
    "lượt công trạng": "12 lượt",
    "lượt chuyên đề": "11 lượt",
    "lượt đột xuất": "0 lượt",
    "lượt loại hình khác": "0 lượt",
    "lượt trực tiếp": "9 lượt",
    "tỷ lệ trực tiếp": "45,00%",
    "lượt năm trước": "–",
    "so với năm trước": "–",
    "phong trào chuyên đề": "2 phong trào thi đua chuyên đề",
    "chuyên đề cấp trên phát động": "0 phong trào",
    "chuyên đề cụm phát động": "1 phong trào",
    "chuyên đề đơn vị phát động": "1 phong trào",
    "chuyên đề đã tổng kết": "1 phong trào",
    "phong trào thường xuyên": "1 phong trào thi đua thường xuyên",
    "đợt thi đua": "0 đợt thi đua",
    "chỉ tiêu giao ước": "3 nội dung, chỉ tiêu",
    "đơn vị ký giao ước": "4 đơn vị",
    "ngày ký giao ước": "20/02/2021",
    "đơn vị có điểm": "4 đơn vị",
    "đơn vị dẫn đầu": "Đơn vị A1",
    "số hội nghị": "1 hội nghị, cuộc họp",
    "ngày hội nghị tổng kết": "23/11/2021",
    "số đơn vị tiêu biểu": "1 đơn vị",
    "cụm trưởng năm sau": "Đơn vị A2",
    "cụm phó năm sau": "Đơn vị A3",
}


@pytest.mark.django_db
def test_bands_of_the_year_are_counted_by_their_names():
    world = ended_world()
    world.year.rules.bands = [{"name": "Hạng nhất", "from": "80"}, {"name": "Hạng nhì", "from": "0"}]
    world.year.rules.save()
    values = vocabulary.values(year_figures.of(reread(world)))

    counts = {name: int(value.split()[0]) for name, value in values.items() if name.startswith("xếp loại ")}
    assert list(counts) == ["xếp loại Hạng nhất", "xếp loại Hạng nhì"]
    assert sum(counts.values()) == 4


# --- Writing and accepting ---


def write(world, text=WRITTEN, key="III.1", version=1):
    return paragraphs.write(year=world.year, entries=[Entry(key, text, version)], by=world.secretariat, at=NOW)[0]


def seen_of(world, key="III.1"):
    paragraph = SummaryParagraph.objects.get(year=world.year, key=key)
    return paragraphs.token_of(paragraph, vocabulary.values(year_figures.of(reread(world))))


def accept(world, *, by=None, key="III.1", seen=None):
    seen = seen_of(world, key) if seen is None else seen
    return paragraphs.accept(year=world.year, key=key, seen=seen, by=by or world.secretariat, at=NOW)


def award(world):
    CommendationFactory(membership=world.leader, recipient_kind="collective", occasions=7, confirmed=True)


@pytest.mark.django_db
def test_written_paragraph_keeps_its_figures_and_prints_those_of_the_day():
    world = ended_world()

    saved = write(world, "Toàn Cụm có { LUOT tap the }, {lượt cá nhân}; ký hiệu {{x}}.")

    saved.refresh_from_db()
    assert saved.text == "Toàn Cụm có {lượt tập thể}, {lượt cá nhân}; ký hiệu {{x}}."
    assert saved.figures == {"lượt tập thể": "3 lượt tập thể", "lượt cá nhân": "20 lượt cá nhân"}
    assert "Toàn Cụm có 3 lượt tập thể, 20 lượt cá nhân; ký hiệu {x}." in report_of(build(reread(world)))
    award(world)
    assert "Toàn Cụm có 10 lượt tập thể, 20 lượt cá nhân; ký hiệu {x}." in report_of(build(reread(world)))


@pytest.mark.django_db
def test_unknown_placeholder_is_refused_at_its_place_and_nothing_is_saved():
    world = ended_world()
    before = texts_of(world.year)

    with pytest.raises(Refused) as caught:
        paragraphs.write(
            year=world.year,
            entries=[Entry("VI", "Kiến nghị", 0), Entry("III.1", "{lượt tập tể}", 1)],
            by=world.secretariat,
            at=NOW,
        )

    assert list(caught.value.errors) == ["III.1"]
    assert "{lượt tập thể}" in caught.value.errors["III.1"][0]
    assert texts_of(world.year) == before


ACCEPTED_BY = [
    ("L", None),
    ("S", None),
    *((relation, NotAllowed) for relation in ("of", "sg", "ot", "D", "R")),
    *((relation, NotKnown) for relation in ("fo", "O")),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("relation", "error"), ACCEPTED_BY)
@pytest.mark.parametrize("phase", [Phase.REVIEWING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_changed_figures_are_accepted_by_leader_and_secretariat_until_the_year_is_archived(phase, relation, error):
    world = ended_world()
    write(world)
    award(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=phase)

    if error is None:
        accept(world, by=world.people()[relation])
    else:
        with pytest.raises(error):
            accept(world, by=world.people()[relation])

    kept = SummaryParagraph.objects.get(year=world.year, key="III.1").figures["lượt tập thể"]
    assert kept == ("3 lượt tập thể" if error else "10 lượt tập thể")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("relation", "error"), [("S", WrongState), *((r, NotAllowed) for r in ("L", "D", "of", "R")), ("fo", NotKnown)]
)
def test_archived_year_accepts_nothing(relation, error):
    world = ended_world()
    write(world)
    award(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    with pytest.raises(error):
        accept(world, by=fresh(world.people()[relation]))


@pytest.mark.django_db
def test_acceptance_is_logged_with_old_and_new_and_leaves_text_and_version_alone():
    world = ended_world()
    written = write(world)
    award(world)

    accept(world)

    row = SummaryParagraph.objects.get(pk=written.pk)
    event = AuditEvent.objects.latest("sequence")
    assert (row.text, row.version) == (written.text, written.version)
    assert event.verb == "summary.accept"
    assert json.loads(event.payload)["changes"] == {
        "key": "III.1",
        "figures": {"lượt tập thể": ["3 lượt tập thể", "10 lượt tập thể"]},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["figures", "text"])
def test_acceptance_of_what_was_not_read_is_refused(change):
    world = ended_world()
    write(world)
    award(world)
    seen = seen_of(world)
    if change == "figures":
        award(world)
    else:
        write(world, f"Sửa: {WRITTEN}", version=2)
        award(world)

    with pytest.raises(Stale):
        accept(world, seen=seen)

    assert AuditEvent.objects.filter(verb="summary.accept").count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "error"), [("III.1", WrongState), ("VI", NotKnown), ("IX.9", NotKnown)])
def test_nothing_to_accept_is_told(key, error):
    world = ended_world()
    write(world)

    with pytest.raises(error):
        accept(world, key=key, seen="x")


@pytest.mark.django_db
def test_paragraph_with_a_figure_that_is_gone_must_be_written_anew(client):
    world = ended_world()
    world.year.rules.bands = [{"name": "Hạng nhất", "from": "0"}]
    world.year.rules.save()
    write(world, "{xếp loại Hạng nhất}, {lượt tập thể}")
    world.year.rules.bands = [{"name": "Hạng nhì", "from": "0"}]
    world.year.rules.save()
    award(world)

    with pytest.raises(WrongState):
        accept(world)

    assert "accept-p-III-1" not in page_of(client, world)
    assert "{xếp loại Hạng nhất}, 10 lượt tập thể" in report_of(build(reread(world)))
    assert write(world, "{xếp loại Hạng nhì}", version=2).figures == {"xếp loại Hạng nhì": "4 đơn vị"}


@pytest.mark.django_db
def test_failed_log_leaves_the_figures_as_they_were(monkeypatch):
    world = ended_world()
    write(world)
    award(world)

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(paragraphs.journal, "append", fail)
    with pytest.raises(RuntimeError):
        accept(world)

    assert SummaryParagraph.objects.get(year=world.year, key="III.1").figures["lượt tập thể"] == "3 lượt tập thể"


# --- From the change to the acceptance ---


def page_of(client, world, by=None):
    client.force_login(by or world.secretariat)
    return client.get(reverse("scoring:summary_paragraphs", kwargs=world.url_kwargs())).content.decode()


@pytest.mark.django_db
def test_award_revoked_after_writing_makes_the_paragraph_stale_until_somebody_accepts(client):
    world = ended_world()
    client.cookies["django_language"] = "en"
    write(world)
    assert "These figures changed" not in page_of(client, world)
    counted = Commendation.objects.get(membership=world.deputy, recipient_kind="collective", occasions=2)
    commendations.revoke(commendation=counted, reason="Thu hồi quyết định", by=world.secretariat, at=NOW)

    page = page_of(client, world)
    with pytest.raises(Refused) as caught:
        editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)

    assert "<del>3 lượt tập thể</del> → <ins>1 lượt tập thể</ins>" in page
    assert [sentence for sentence in caught.value.missing if "3 lượt tập thể → 1 lượt tập thể" in sentence]

    accept_url = reverse("scoring:summary_accept", kwargs=world.url_kwargs() | {"key": "III.1"})
    response = client.post(accept_url, {"seen": seen_of(world)})
    assert (response.status_code, response["Location"].rpartition("#")[2]) == (302, "p-III-1")
    assert "These figures changed" not in page_of(client, world)
    assert client.post(accept_url, {"seen": seen_of(world)}).status_code == 409
    issued = editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)
    assert "Toàn Cụm có 1 lượt tập thể, 20 lượt cá nhân." in issued.content


@pytest.mark.django_db
def test_paragraph_written_anew_is_no_longer_stale(client):
    world = ended_world()
    client.cookies["django_language"] = "en"
    write(world)
    award(world)
    assert "Figures changed" in page_of(client, world)

    write(world, f"Viết lại: {WRITTEN}", version=2)

    assert "Figures changed" not in page_of(client, world)


@pytest.mark.django_db
def test_acceptance_on_the_page_is_for_leader_and_secretariat_of_the_own_cluster(client):
    world = ended_world()
    write(world)
    award(world)
    url = reverse("scoring:summary_accept", kwargs=world.url_kwargs() | {"key": "III.1"})
    found = {}
    for relation in ("of", "sg", "ot", "fo", "D", "R", "O", "L"):
        client.force_login(world.people()[relation])
        found[relation] = client.post(url, {"seen": seen_of(world)}).status_code

    assert found == {"of": 403, "sg": 403, "ot": 403, "fo": 404, "D": 403, "R": 403, "O": 404, "L": 302}
    assert client.get(url).status_code == 405


@pytest.mark.django_db
def test_page_refuses_an_unknown_placeholder_at_its_text_and_keeps_what_was_typed(client):
    world = ended_world()
    client.force_login(world.secretariat)
    url = reverse("scoring:summary_paragraphs", kwargs=world.url_kwargs())
    form = client.get(url).context["form"]
    data = {name: field.initial or "" for name, field in form.fields.items()}

    response = client.post(url, data | {"text_III_1": "Có {lượt tập tể}", "text_VI": "Giữ lại"})

    content = response.content.decode()
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["text_III_1"]
    assert "Có {lượt tập tể}" in content
    assert "Giữ lại" in content
    assert "VI" not in texts_of(world.year)


@pytest.mark.django_db
def test_page_lists_every_figure_with_its_value_and_shows_how_a_text_prints(client):
    world = ended_world()
    write(world)
    page = page_of(client, world)
    values = vocabulary.values(year_figures.of(reread(world)))

    assert page.count("data-figure=") == len(values)
    assert 'data-figure="{lượt tập thể}" data-value="3 lượt tập thể"' in page
    assert "<p>Toàn Cụm có 3 lượt tập thể, 20 lượt cá nhân.</p>" in page
    assert CANARY not in page


@pytest.mark.django_db
def test_official_edition_prints_names_with_braces_as_they_are():
    world = ended_world()
    world.leader.name = "Đơn vị {lượt tập thể} {{A}}"
    world.leader.save()
    write(world, "Dẫn đầu: {đơn vị dẫn đầu}.")

    report = report_of(build(reread(world), Edition.OFFICIAL, number="03", dated_on=DATED_ON))

    assert "Dẫn đầu: Đơn vị {lượt tập thể} {{A}}." in report
