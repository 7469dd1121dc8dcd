"""The Vietnamese catalogue is complete and true to the sources; `manage.py update_catalogue` makes it so."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils.translation import gettext, ngettext, override
from django.views.i18n import JavaScriptCatalog

polib = pytest.importorskip("polib", reason="polib is locked with the heavy test tools")

from cluster_app.management import catalogue  # noqa: E402  needs polib

DOMAINS = pytest.mark.parametrize("domain", catalogue.DOMAINS)
needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="xgettext is missing; on Debian it comes with the package gettext"
)


def entry(msgid, msgstr="", *, place=None, **kwargs):
    occurrences = [(place, "")] if place else []
    return polib.POEntry(msgid=msgid, msgstr=msgstr, occurrences=occurrences, **kwargs)


def entries(*items):
    return {catalogue.key_of(item): item for item in items}


def translations(outcome):
    return {item.msgid: catalogue.translation_of(item) for item in outcome.catalogue}


@pytest.fixture
def locale_folder(settings, tmp_path):
    settings.LOCALE_PATHS = [tmp_path]
    (tmp_path / "vi" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "parts").mkdir()
    return tmp_path


# --- the catalogue as committed


@DOMAINS
def test_every_entry_is_translated_and_certain(domain):
    po = polib.pofile(str(catalogue.catalogue_path(domain)))

    assert [catalogue.shown(item) for item in po if not item.translated() or item.fuzzy or item.obsolete] == []


@DOMAINS
def test_every_translation_keeps_the_placeholders(domain):
    po = polib.pofile(str(catalogue.catalogue_path(domain)))

    assert [catalogue.shown(item) for item in po if item.translated() and not catalogue.keeps_placeholders(item)] == []


@DOMAINS
def test_compiled_catalogue_equals_its_source(domain):
    path = catalogue.catalogue_path(domain)
    source, compiled = catalogue.read(path), catalogue.read(path.with_suffix(".mo"))

    assert {key: catalogue.translation_of(item) for key, item in compiled.items()} == {
        key: catalogue.translation_of(item) for key, item in source.items() if item.translated()
    }


@DOMAINS
def test_catalogue_is_written_as_the_command_writes_it(domain):
    path = catalogue.catalogue_path(domain)
    po = polib.pofile(str(path), wrapwidth=catalogue.WIDTH)

    assert catalogue.rendered(po) == path.read_text(encoding="utf-8")
    assert [catalogue.key_of(item) for item in po] == sorted(map(catalogue.key_of, po))


@needs_gettext
@DOMAINS
def test_catalogue_has_exactly_the_strings_that_are_used(domain):
    present = set(catalogue.read(catalogue.catalogue_path(domain)))
    needed = {catalogue.key_of(item) for item in catalogue.update(domain).catalogue}

    assert {"missing": sorted(needed - present), "stale": sorted(present - needed)} == {"missing": [], "stale": []}


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Show counts", "Hiện số lượng"),
        ("Skip to main content", "Đến nội dung chính"),
        ("Enter a valid JSON.", "Nhập JSON hợp lệ."),
        ("That page contains no results", "Trang này không có kết quả"),
        ("Password reset unsuccessful", "Đặt lại mật khẩu không thành công"),
        ("is greater than", "lớn hơn"),
        ("access attempts", "các lần thử đăng nhập"),
    ],
)
def test_what_packages_leave_in_english_is_vietnamese(english, vietnamese):
    assert gettext(english) == vietnamese


def test_plural_gaps_of_django_are_filled():
    message = "This password is too short. It must contain at least %d character."

    translated = ngettext(message, message.replace("character.", "characters."), 12) % 12

    assert translated == "Mật khẩu này quá ngắn. Mật khẩu phải có ít nhất 12 ký tự."


def test_calendar_of_the_admin_speaks_vietnamese():
    with override("vi"):
        script = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(
            RequestFactory().get("/")
        ).content.decode()

    assert '"Monday": "Th\\u1ee9 Hai"' in script


def test_english_is_the_source_text_itself():
    with override("en"):
        assert gettext("Write a whole number, without decimals.") == "Write a whole number, without decimals."


# --- the tool that keeps it


@pytest.mark.parametrize(
    ("msgid", "msgstr", "keeps"),
    [
        ("%(a)s of %(b)d", "%(b)d: %(a)s", True),
        ("%(a)s and %(a)s", "%(a)s", True),
        ("%(a)s", "%(A)s", False),
        ("%(a)s", "a", False),
        ("%(a)s", "%(a)d", False),
        ("%s of %d", "%s trên %d", True),
        ("%s of %d", "%d trên %s", False),
        ("{name} {}", "{} {name}", True),
        ("{name}", "{nama}", False),
        ("one\n", "một", False),
        ("at 100 %", "đạt 100 %", True),
    ],
)
def test_placeholders_differing_from_the_msgid_are_noticed(msgid, msgstr, keeps):
    assert catalogue.keeps_placeholders(entry(msgid, msgstr)) is keeps


def test_placeholders_of_a_plural_are_those_of_its_plural_form():
    plural = entry("One unit", msgid_plural="%(count)d units", msgstr_plural={0: "%(count)d đơn vị"})

    assert catalogue.keeps_placeholders(plural)


@needs_gettext
def test_extract_finds_strings_of_code_and_templates(tmp_path):
    (tmp_path / "models.py").write_text(
        '_("Đơn vị %(a)s") ; ngettext("one", "many", n) ; pgettext("meeting", "Regular")'
    )
    (tmp_path / "page.html").write_text(
        '{% load i18n %}{% translate "Home" context "page" %}'
        "{% blocktranslate trimmed %}\nA {{ b }}\n{% endblocktranslate %}"
    )

    found = catalogue.extract((path, path.relative_to(tmp_path)) for path in sorted(tmp_path.iterdir()))

    assert {key: item.occurrences for key, item in found.items()} == {
        ("", "Đơn vị %(a)s"): [("models.py", "")],
        ("", "one"): [("models.py", "")],
        ("meeting", "Regular"): [("models.py", "")],
        ("page", "Home"): [("page.html", "")],
        ("", "A %(b)s"): [("page.html", "")],
    }


def test_merge_takes_a_part_before_the_current_translation_and_drops_what_is_unused():
    own = entries(entry("unit"), entry("year"), entry("vote"))
    current = entries(entry("unit", "bộ phận"), entry("year", "năm"), entry("gone", "cũ"))

    outcome = catalogue.merge(own, [], current, [("members", [entry("unit", "đơn vị")])])

    assert translations(outcome) == {"unit": "đơn vị", "vote": "", "year": "năm"}
    assert outcome.changed == ["'unit': 'bộ phận' becomes 'đơn vị'"]
    assert outcome.untranslated == ["'vote'"]


def test_merge_reports_different_translations_of_one_string():
    parts = [("awards", [entry("level", "cấp")]), ("scoring", [entry("level", "mức"), entry("level", "cấp")])]

    outcome = catalogue.merge(entries(entry("level")), [], {}, parts)

    assert translations(outcome) == {"level": "cấp"}
    assert outcome.conflicts == ["'level': 'cấp' in awards (used), 'mức' in scoring"]


def test_merge_does_not_trust_a_fuzzy_translation():
    current = entries(entry("unit", "đơn vị", flags=["fuzzy"]))

    assert translations(catalogue.merge(entries(entry("unit")), [], current, [])) == {"unit": ""}


def test_merge_fills_the_gaps_of_a_package_and_keeps_corrections_of_it():
    wanted = entries(entry("Go"), entry("Sidebar"), entry("Yes"))
    package = catalogue.Package("admin", wanted, entries(entry("Go", "Đi đến"), entry("Yes", "Có")))
    current = entries(entry("Go", "Thực hiện", place="admin"), entry("Old", "Cũ", place="admin"))

    outcome = catalogue.merge(
        {}, [package], current, [("parts", [entry("Sidebar", "Thanh bên"), entry("Yes", "Vâng")])]
    )

    assert translations(outcome) == {"Go": "Thực hiện", "Sidebar": "Thanh bên"}


def test_merge_says_where_a_string_of_ours_is_also_a_string_of_a_package():
    wanted = entries(entry("Order"), entry("Home"))
    package = catalogue.Package("admin", wanted, entries(entry("Order", "Thứ tự"), entry("Home", "Trang chủ")))
    own = entries(entry("Order", place="awards/enums.py"), entry("Home", place="base.html"))

    outcome = catalogue.merge(own, [package], {}, [("awards", [entry("Order", "Huân chương")])])

    assert translations(outcome) == {"Home": "", "Order": "Huân chương"}
    assert outcome.shadowed == ["'Order': 'Huân chương' replaces 'Thứ tự' of admin"]
    assert outcome.suggested == ["'Home': 'Trang chủ' in admin"]


def test_package_that_translates_only_the_singular_leaves_a_gap_for_the_plural():
    plural = entry("error", msgid_plural="errors")

    assert catalogue.Package("admin", entries(plural), entries(entry("error", "lỗi"))).gaps == {("", "error")}


def test_writing_what_was_read_gives_the_same_bytes(locale_folder):
    folder = locale_folder / "vi" / "LC_MESSAGES"
    current = entries(entry("b", "bê " * 60), entry("a", "á"))
    catalogue.write("django", catalogue.merge(current, [], current, []).catalogue)
    first = [(folder / name).read_bytes() for name in ("django.po", "django.mo")]

    again = catalogue.read(folder / "django.po")
    catalogue.write("django", catalogue.merge(again, [], again, []).catalogue)

    assert [(folder / name).read_bytes() for name in ("django.po", "django.mo")] == first


@needs_gettext
def test_command_checking_writes_nothing_and_names_what_is_open(locale_folder, capsys):
    (locale_folder / "parts" / "members.po-part").write_text('msgid "nowhere used"\nmsgstr "không dùng"\n')

    with pytest.raises(CommandError, match="open points"):
        call_command("update_catalogue", "--check")

    output = capsys.readouterr().out
    assert "In a part, but in no source: members.po-part: 'nowhere used'\n" in output
    assert "  UNTRANSLATED: 'Write a whole number, without decimals.' (cluster_app/lib/numbers.py)\n" in output
    assert list((locale_folder / "vi" / "LC_MESSAGES").iterdir()) == []


@needs_gettext
def test_command_with_a_broken_part_names_file_and_line(locale_folder):
    (locale_folder / "parts" / "members.po-part").write_text('msgid "unit"\nmsgstr ""đơn" vị"\n')

    with pytest.raises(CommandError, match=r"members\.po-part \(line 2\)"):
        call_command("update_catalogue")
