"""Files that people hand in: kept once, unchanged, within the quota, and gone again if the act fails."""

import re

import pytest
from django.conf import settings as project_settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib import uploads
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from cluster_app.lib.uploads import Upload
from cluster_app.management.commands.demo import remove_files
from members import file_responses
from members.enums import Phase
from members.models import StoredFile
from members.services import files
from tests.cluster_app.sample_uploads import pdf
from tests.scenarios import NOW, two_clusters
from tests.threads import at_once


def upload(text="", name="Báo cáo.pdf"):
    return uploads.judge(name, pdf(text))


def keep(world, text="", *, membership=None, name="Báo cáo.pdf"):
    membership = membership or world.member
    return files.store(upload=upload(text, name), year=membership.year, membership=membership, by=world.officer, at=NOW)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def names_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db
def test_store_writes_content_under_a_random_name_and_its_row(folder):
    world = two_clusters()

    stored = keep(world, "một")

    assert names_in(folder) == [stored.stored_name]
    assert (folder / stored.stored_name).read_bytes() == pdf("một")
    assert (folder / stored.stored_name).stat().st_mode & 0o777 == 0o600
    assert re.fullmatch(r"2021/[\w-]{43}", stored.stored_name)
    assert (stored.name, stored.extension, stored.size) == ("Báo cáo.pdf", "pdf", len(pdf("một")))
    assert (stored.membership, stored.year) == (world.member, world.year)
    event = AuditEvent.objects.first()
    assert (event.verb, event.object_key) == ("file.store", f"members.storedfile:{stored.pk}")
    assert verification.verify().problem == ""


@pytest.mark.django_db
def test_store_same_content_of_the_unit_is_found_again(folder):
    world = two_clusters()
    first = keep(world, "một")

    again = keep(world, "một", name="Tên khác.pdf")

    assert again == first
    assert StoredFile.objects.count() == 1 == len(names_in(folder))


@pytest.mark.django_db
def test_store_same_content_of_another_unit_is_a_file_of_its_own(folder):
    world = two_clusters()

    own, other = keep(world, "một"), keep(world, "một", membership=world.other)

    assert own != other
    assert own.sha256 == other.sha256
    assert len(names_in(folder)) == 2


@pytest.mark.django_db
def test_store_of_the_cluster_has_no_unit(folder):
    world = two_clusters()

    stored = files.store(upload=upload("bản quét"), year=world.year, membership=None, by=world.secretariat, at=NOW)

    assert (stored.membership, stored.year) == (None, world.year)
    assert keep(world, "bản quét") != stored
    assert verification.verify().problem == ""


@pytest.mark.django_db
def test_store_beyond_the_quota_is_refused_and_leaves_nothing(folder, settings):
    world = two_clusters()
    settings.UPLOAD_QUOTA_OF_UNIT = len(pdf("1")) * 2
    first, second = keep(world, "1"), keep(world, "2")
    events = AuditEvent.objects.count()

    with pytest.raises(Refused) as caught:
        keep(world, "3")

    assert list(caught.value.errors) == ["file"]
    assert names_in(folder) == sorted([first.stored_name, second.stored_name])
    assert (StoredFile.objects.count(), AuditEvent.objects.count()) == (2, events)
    assert keep(world, "1") == first
    assert keep(world, "3", membership=world.other).membership == world.other


@pytest.mark.django_db
@pytest.mark.parametrize("has_unit", [True, False])
def test_store_in_an_archived_year_is_a_wrong_state(folder, has_unit):
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        files.store(
            upload=upload(),
            year=world.year,
            membership=world.member if has_unit else None,
            by=world.officer,
            at=NOW,
        )

    assert names_in(folder) == []


@pytest.mark.django_db
def test_store_whose_transaction_fails_leaves_no_file(folder):
    world = two_clusters()

    seen = []

    def act():
        keep(world, "một")
        seen.extend(names_in(folder))
        raise WrongState("Một bước sau đó không thành.")

    with pytest.raises(WrongState), transaction.atomic():
        act()

    assert (len(seen), names_in(folder), StoredFile.objects.count()) == (1, [], 0)


@pytest.mark.django_db
def test_store_whose_row_is_refused_leaves_no_file(folder):
    world = two_clusters()

    with pytest.raises(Refused):
        files.store(
            upload=Upload("a.exe", "exe", b"x"), year=world.year, membership=world.member, by=world.officer, at=NOW
        )

    assert names_in(folder) == []


@pytest.mark.django_db(transaction=True)
def test_store_that_is_committed_keeps_its_file(folder):
    world = two_clusters()

    stored = keep(world, "một")

    assert names_in(folder) == [stored.stored_name]


@pytest.mark.django_db(transaction=True)
def test_store_by_eight_at_once_keeps_the_quota(folder, settings):
    world = two_clusters()
    settings.UPLOAD_QUOTA_OF_UNIT = len(pdf("0")) * 3

    outcomes = at_once(8, lambda number: keep(world, str(number)))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused"] * 5 + ["StoredFile"] * 3
    assert names_in(folder) == sorted(StoredFile.objects.values_list("stored_name", flat=True))
    assert verification.verify().problem == ""


@pytest.mark.django_db(transaction=True)
def test_store_of_one_content_by_eight_at_once_keeps_it_once(folder):
    world = two_clusters()

    outcomes = at_once(8, lambda number: keep(world, "một"))

    assert len({outcome.pk for outcome in outcomes}) == 1
    assert len(names_in(folder)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_row_of_a_file_is_never_changed(folder, act):
    world = two_clusters()
    found = StoredFile.objects.filter(pk=keep(world).pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(sha256="0" * 64) if act == "update" else found._raw_delete("default")

    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_problems_name_the_altered_and_the_missing_file(folder):
    world = two_clusters()
    sound, altered, missing = (keep(world, name, name=f"{name}.pdf") for name in ("lành", "sửa", "mất"))
    place = folder / altered.stored_name
    content = bytearray(place.read_bytes())
    content[7] ^= 1
    place.write_bytes(content)
    (folder / missing.stored_name).unlink()

    found = list(files.problems(StoredFile.objects.order_by("pk")))

    assert found == [
        f"The content of the file “sửa.pdf” ({altered.stored_name}) was changed. Take it from the backup.",
        f"The content of the file “mất.pdf” ({missing.stored_name}) is missing. Take it from the backup.",
    ]
    assert list(files.problems([sound])) == []


@pytest.mark.django_db
def test_open_file_that_is_gone_is_not_known(folder):
    world = two_clusters()
    stored = keep(world)
    default_storage.delete(stored.stored_name)

    with pytest.raises(NotKnown):
        files.open_file(stored)


@pytest.mark.django_db
def test_attachment_is_saved_and_never_shown(folder):
    world = two_clusters()
    stored = keep(world, "một", name='Báo cáo "quý".pdf')

    response = file_responses.attachment(stored)
    content = b"".join(response)
    response.close()

    assert content == pdf("một")
    assert {name: response[name] for name in response.headers} == {
        "Content-Type": "application/pdf",
        "Content-Length": str(stored.size),
        "Content-Disposition": "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o%20%22qu%C3%BD%22.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


@pytest.mark.django_db
def test_reset_of_the_demo_takes_away_the_files_of_its_own_database_alone(folder):
    keep(two_clusters(), "một")
    (folder / "of-another-database").write_bytes(b"x")

    remove_files()

    assert names_in(folder) == ["of-another-database"]


def test_uploads_lie_outside_what_is_served_and_tracked():
    static = [project_settings.STATIC_ROOT, *project_settings.STATICFILES_DIRS]

    assert not any(project_settings.MEDIA_ROOT.is_relative_to(path) for path in static)
    assert project_settings.MEDIA_URL in ("", "/")
