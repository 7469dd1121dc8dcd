"""Keeps the Vietnamese catalogue complete: our own strings, and what Django and the other packages leave untranslated.

An entry lives in the catalogue for one of three reasons, written in its `#:` lines: a file of ours uses it; a package
has it and no Vietnamese for it; or a package has it with Vietnamese that we correct. The third kind is added to the
.po by hand with the package's name in `#:`, and stays as long as the package still has the string.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import polib
from django.apps import apps
from django.conf import settings
from django.utils.translation import templatize

LANGUAGE = "vi"
DOMAINS = ("django", "djangojs")
WIDTH = 100
METADATA = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
TEMPLATE_SUFFIXES = {".html", ".txt"}
UNTRANSLATED_FOLDERS = {"migrations", "locale", "static", "node_modules"}
NAMED_PLACEHOLDER = re.compile(r"%\(\w+\)[0-9.]*[a-z]|\{\w+\}")
PLACED_PLACEHOLDER = re.compile(r"%[sdr]|\{\}")

Key = tuple[str, str]
Entries = dict[Key, polib.POEntry]
Part = tuple[str, Iterable[polib.POEntry]]


@dataclass(frozen=True)
class Package:
    """A foreign package with strings of its own: what it asks for, and what Vietnamese it brings."""

    name: str
    wanted: Entries
    vietnamese: Entries

    @cached_property
    def gaps(self) -> set[Key]:
        return {key for key, entry in self.wanted.items() if not self._translates(key, entry)}

    def claims(self, key: Key, entry: polib.POEntry | None) -> bool:
        """Whether the catalogue holds the string for this package's sake: as a gap, or as a correction on purpose."""
        return key in self.gaps or (key in self.wanted and entry is not None and (self.name, "") in entry.occurrences)

    def _translates(self, key: Key, entry: polib.POEntry) -> bool:
        # A translation of the singular alone does not serve the plural form; the other way round it does.
        return key in self.vietnamese and (not entry.msgid_plural or bool(self.vietnamese[key].msgid_plural))


@dataclass
class Outcome:
    """A catalogue as it should be, and what a person has to look at."""

    catalogue: polib.POFile
    suggested: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    shadowed: list[str] = field(default_factory=list)

    @property
    def untranslated(self) -> list[str]:
        return [shown(entry) for entry in self.catalogue if not entry.translated()]

    @property
    def broken(self) -> list[str]:
        return [shown(entry) for entry in self.catalogue if entry.translated() and not keeps_placeholders(entry)]


def catalogue_path(domain: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def key_of(entry: polib.POEntry) -> Key:
    """The identity gettext uses: a plural form shares the entry of its singular."""
    return (entry.msgctxt or "", entry.msgid)


def translation_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def shown(entry: polib.POEntry) -> str:
    context = f"[{entry.msgctxt}] " if entry.msgctxt else ""
    where = ", ".join(name for name, _ in entry.occurrences)
    return f"{context}{entry.msgid!r}" + (f" ({where})" if where else "")


def keeps_placeholders(entry: polib.POEntry) -> bool:
    """Whether the translation has exactly the placeholders of the msgid, and its line ends at start and end."""
    original, translated = entry.msgid_plural or entry.msgid, translation_of(entry)
    return (
        set(NAMED_PLACEHOLDER.findall(original)) == set(NAMED_PLACEHOLDER.findall(translated))
        and PLACED_PLACEHOLDER.findall(original) == PLACED_PLACEHOLDER.findall(translated)
        and original.startswith("\n") == translated.startswith("\n")
        and original.endswith("\n") == translated.endswith("\n")
    )


def read(path: Path) -> Entries:
    """Returns the entries of a .po or .mo file that are in use, or nothing where there is no file."""
    if not path.exists():
        return {}
    entries = polib.mofile(str(path)) if path.suffix == ".mo" else polib.pofile(str(path))
    return {key_of(entry): entry for entry in entries if not entry.obsolete}


def read_part(path: Path) -> list[polib.POEntry]:
    """Returns the pairs of a hand-over file. Raises OSError, with the line, where it is not in .po syntax."""
    return list(polib.pofile(str(path)))


def own_sources() -> Iterator[tuple[Path, Path]]:
    """Yields every file of ours that may hold strings, with its path from the project's root."""
    root = Path(settings.BASE_DIR)
    folders = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == root]
    folders += [Path(folder) for template in settings.TEMPLATES for folder in template["DIRS"]]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(root)
            if path.suffix in TEMPLATE_SUFFIXES | {".py"} and not UNTRANSLATED_FOLDERS & set(relative.parts):
                yield path, relative


def extract(sources: Iterable[tuple[Path, Path]]) -> Entries:
    """Returns the strings that the files ask for. Needs xgettext."""
    with TemporaryDirectory() as folder:
        names = [_as_python(path, relative, Path(folder)) for path, relative in sources]
        command = ["xgettext", "--from-code=UTF-8", "--language=Python", "--add-location=file", "--sort-output"]
        command += [f"--keyword={keyword}" for keyword in KEYWORDS]
        command += ["--output=-", "--files-from=-"]
        template = subprocess.run(  # noqa: S603
            command, cwd=folder, input="\n".join(names), stdout=subprocess.PIPE, encoding="utf-8", check=True
        ).stdout
    entries = polib.pofile(template) if template else []
    for entry in entries:
        entry.occurrences = sorted({(name.removesuffix(".templatized"), "") for name, _ in entry.occurrences})
    return {key_of(entry): entry for entry in entries}


def _as_python(path: Path, relative: Path, folder: Path) -> str:
    """Writes a copy that xgettext can read as Python, and returns its name."""
    text, name = path.read_text(encoding="utf-8"), relative.as_posix()
    if path.suffix in TEMPLATE_SUFFIXES:
        text, name = templatize(text, origin=name), f"{name}.templatized"
    copy = folder / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, encoding="utf-8")
    return name


def packages(domain: str) -> list[Package]:
    """Returns the installed foreign packages that bring catalogues. Those without an English one need xgettext."""
    root = Path(settings.BASE_DIR)
    folders = {"django": Path(django.__file__).parent / "conf"}
    folders |= {
        config.name: Path(config.path)
        for config in apps.get_app_configs()
        if root not in (Path(config.path).parent, Path(config.path).parent.parent)
    }
    return [
        Package(name, wanted, read(folder / "locale" / LANGUAGE / "LC_MESSAGES" / f"{domain}.mo"))
        for name, folder in folders.items()
        if (wanted := _wanted(folder, domain))
    ]


def _wanted(folder: Path, domain: str) -> Entries:
    english = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if english.exists():
        return read(english)
    if domain != "django" or not (folder / "locale").is_dir():
        return {}
    return extract((path, path.relative_to(folder.parent)) for path in sorted(folder.rglob("*.py")))


def merge(own: Entries, foreign: Iterable[Package], current: Entries, parts: Iterable[Part]) -> Outcome:
    """Builds the catalogue; a hand-over part wins over the current translation."""
    outcome = Outcome(polib.POFile(wrapwidth=WIDTH))
    outcome.catalogue.metadata = METADATA
    foreign, offered = list(foreign), _offers(parts, outcome)
    needed = dict(own)
    for package in foreign:
        for key, entry in package.wanted.items():
            if key in own or package.claims(key, current.get(key)):
                needed[key] = entry if entry.msgid_plural else needed.get(key, entry)
    for key in sorted(needed):
        known = _known(current.get(key))
        translation = offered.get(key) or known
        if known and translation != known:
            outcome.changed.append(f"{key[1]!r}: {known!r} becomes {translation!r}")
        places = {package.name for package in foreign if package.claims(key, current.get(key))}
        if key in own:
            _compare(key, translation, [package for package in foreign if package.name not in places], outcome)
            places |= {name for name, _ in own[key].occurrences}
        outcome.catalogue.append(_entry(needed[key], translation, places))
    return outcome


def _offers(parts: Iterable[Part], outcome: Outcome) -> dict[Key, str]:
    offered: dict[Key, tuple[str, str]] = {}
    translated = [(name, entry) for name, entries in parts for entry in entries if translation_of(entry)]
    for name, entry in translated:
        translation = translation_of(entry)
        first, chosen = offered.setdefault(key_of(entry), (name, translation))
        if chosen != translation:
            outcome.conflicts.append(f"{entry.msgid!r}: {chosen!r} in {first} (used), {translation!r} in {name}")
    return {key: translation for key, (_, translation) in offered.items()}


def _known(entry: polib.POEntry | None) -> str:
    return "" if entry is None or entry.fuzzy else translation_of(entry)


def _compare(key: Key, translation: str, foreign: Iterable[Package], outcome: Outcome) -> None:
    """Notes where a string of ours is a package's too: what it says may not be what we mean ("Order", "Home")."""
    for package in foreign:
        theirs = translation_of(package.vietnamese[key]) if key in package.vietnamese else ""
        if theirs and not translation:
            outcome.suggested.append(f"{key[1]!r}: {theirs!r} in {package.name}")
        elif theirs and translation != theirs:
            outcome.shadowed.append(f"{key[1]!r}: {translation!r} replaces {theirs!r} of {package.name}")


def _entry(source: polib.POEntry, translation: str, places: set[str]) -> polib.POEntry:
    return polib.POEntry(
        msgctxt=source.msgctxt or None,
        msgid=source.msgid,
        msgid_plural=source.msgid_plural,
        msgstr="" if source.msgid_plural else translation,
        msgstr_plural={0: translation} if source.msgid_plural else {},
        occurrences=[(place, "") for place in sorted(places)],
        flags=[flag for flag in source.flags if flag.startswith("python-")],
    )


def update(domain: str, parts: Iterable[Part] = ()) -> Outcome:
    """Returns the catalogue as the sources of today need it; writes nothing."""
    own = extract(own_sources()) if domain == "django" else {}
    return merge(own, packages(domain), read(catalogue_path(domain)), parts)


def rendered(catalogue: polib.POFile) -> str:
    return str(catalogue).rstrip("\n") + "\n"


def write(domain: str, catalogue: polib.POFile) -> None:
    """Writes .po and .mo; the same entries always give the same bytes."""
    path = catalogue_path(domain)
    path.write_text(rendered(catalogue), encoding="utf-8", newline="\n")
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())
