"""Writing the paragraphs of the annual summary: who may, what is saved, and that nobody's text is lost."""

import json

import pytest
from django.urls import reverse

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, WrongState
from members.enums import Phase
from scoring.models import SummaryParagraph
from scoring.year_end.queries import texts_of
from scoring.year_end.services import paragraphs
from scoring.year_end.services.paragraphs import Entry, StaleParagraphs
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.year_end_scenes import ended_world

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>{{ user }}'


def write(world, *entries, by=None):
    return paragraphs.write(year=world.year, entries=entries, by=by or world.secretariat, at=NOW)


def url_of(world):
    return reverse("scoring:summary_paragraphs", kwargs=world.url_kwargs())


def shown(client, world):
    """The form as the page shows it: what a browser would send back unchanged."""
    form = client.get(url_of(world)).context["form"]
    return {name: field.initial or "" for name, field in form.fields.items()}


@pytest.mark.parametrize(
    ("relation", "error"),
    [
        ("L", None),
        ("S", None),
        ("of", NotAllowed),
        ("sg", NotAllowed),
        ("ot", NotAllowed),
        ("D", NotAllowed),
        ("R", NotAllowed),
        ("fo", NotKnown),
        ("O", NotKnown),
    ],
)
def test_paragraphs_are_written_by_leader_and_secretariat(relation, error):
    world = two_clusters()
    user = world.people()[relation]

    if error is None:
        write(world, Entry("II.1", "Đã ban hành kế hoạch.", 0), by=user)
    else:
        with pytest.raises(error):
            write(world, Entry("II.1", "Đã ban hành kế hoạch.", 0), by=user)

    assert texts_of(world.year) == ({} if error else {"II.1": "Đã ban hành kế hoạch."})


def test_written_paragraph_knows_its_version_person_and_time_and_stands_in_the_log():
    world = two_clusters()
    write(world, Entry("II.1", "Một", 0))

    [saved] = write(world, Entry("II.1", "  Hai\r\nBa ", 1))

    saved.refresh_from_db()
    event = AuditEvent.objects.filter(verb="summary.write").latest("sequence")
    assert (saved.text, saved.updated_by, saved.updated_at) == ("Hai\nBa", world.secretariat, NOW)
    assert (event.actor, event.cluster, event.year) == (world.secretariat.username, "cum-a", 2021)
    assert json.loads(event.payload)["changes"] == {"key": "II.1", "text": "Hai\nBa"}


def test_text_that_is_the_same_changes_nothing():
    world = two_clusters()
    write(world, Entry("II.1", "Một", 0))
    events = AuditEvent.objects.count()

    assert write(world, Entry("II.1", "Một\r\n", 0), Entry("III.1", "", 7)) == []
    assert AuditEvent.objects.count() == events


def test_stale_text_saves_nothing_at_all():
    world = two_clusters()
    write(world, Entry("II.1", "Một", 0))

    with pytest.raises(StaleParagraphs) as caught:
        write(world, Entry("III.1", "Ưu điểm", 0), Entry("II.1", "Hai", 0))

    assert caught.value.keys == ["II.1"]
    assert texts_of(world.year) == {"II.1": "Một"}


def test_unknown_place_is_refused():
    world = two_clusters()

    with pytest.raises(NotKnown):
        write(world, Entry("IX.9", "Một", 0))


@pytest.mark.parametrize("relation", ["L", "S"])
def test_archived_year_is_read_only(relation):
    world = two_clusters(phase=Phase.ARCHIVED)
    user = world.people()[relation]

    # In an archived year the leader holds no office any more; the secretariat is told why.
    with pytest.raises(NotAllowed if relation == "L" else WrongState):
        write(world, Entry("II.1", "Một", 0), by=user)

    assert SummaryParagraph.objects.count() == 0


def test_page_saves_only_what_was_changed(client):
    world = two_clusters()
    write(world, Entry("II.1", "Một", 0), Entry("II.4", "Bốn", 0))
    client.force_login(world.leader_signatory)
    data = shown(client, world) | {"text_II_1": "Một, sửa"}
    write(world, Entry("II.4", "Bốn, người khác sửa", 1))

    response = client.post(url_of(world), data)

    assert response.status_code == 302
    assert texts_of(world.year) == {"II.1": "Một, sửa", "II.4": "Bốn, người khác sửa"}
    assert SummaryParagraph.objects.get(key="II.1").updated_by == fresh(world.leader_signatory)


def test_page_after_another_tab_keeps_what_was_typed_and_shows_what_the_other_wrote(client):
    world = two_clusters()
    client.force_login(world.secretariat)
    data = shown(client, world) | {"text_II_1": "Bản của tôi", "text_III_1": "Ưu điểm của tôi"}
    write(world, Entry("II.1", "Bản của người khác", 0), by=world.leader_signatory)

    response = client.post(url_of(world), data)

    content = response.content.decode()
    assert response.status_code == 409
    assert "Bản của tôi" in content
    assert "Ưu điểm của tôi" in content
    assert "Bản của người khác" in content
    assert texts_of(world.year) == {"II.1": "Bản của người khác"}

    form = response.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert client.post(url_of(world), again).status_code == 302
    assert texts_of(world.year) == {"II.1": "Bản của tôi", "III.1": "Ưu điểm của tôi"}


@pytest.mark.parametrize("token", ["", "x", "1:", "-5:abc", "999999999999999999999:abc"])
def test_page_with_a_broken_token_never_overwrites(client, token):
    world = two_clusters()
    write(world, Entry("II.1", "Một", 0))
    client.force_login(world.secretariat)
    data = shown(client, world) | {"text_II_1": "Hai", "seen_II_1": token}

    response = client.post(url_of(world), data)

    assert response.status_code == (302 if token == "1:" else 409)
    assert texts_of(world.year)["II.1"] == ("Hai" if token == "1:" else "Một")


def test_page_refuses_a_text_that_is_too_long_and_keeps_it(client):
    world = two_clusters()
    client.force_login(world.secretariat)

    response = client.post(url_of(world), shown(client, world) | {"text_II_1": "a" * 10_001})

    assert response.status_code == 200
    assert "a" * 10_001 in response.content.decode()
    assert texts_of(world.year) == {}


def test_names_and_texts_of_people_are_never_markup_on_the_page(client):
    world = ended_world()
    world.members[2].name = HOSTILE
    world.members[2].save()
    world.year.leader_title = '<b onclick="x">Cụm trưởng</b>'
    world.year.save()
    write(world, Entry("II.1", HOSTILE, 0))
    client.force_login(world.secretariat)

    content = client.get(url_of(world)).content.decode()

    assert "<script>alert" not in content
    assert "<b onclick" not in content
    assert "{{ user }}" in content


def test_page_shows_what_stands_there_by_itself(client):
    world = ended_world()
    client.force_login(world.secretariat)

    content = client.get(url_of(world)).content.decode()

    assert "3 lượt tập thể, 20 lượt cá nhân" in content


def test_page_of_another_cluster_does_not_exist(client):
    world = ended_world()
    client.force_login(world.foreign.secretariat)

    assert client.get(url_of(world)).status_code == 404
    assert client.post(url_of(world), {}).status_code == 404
