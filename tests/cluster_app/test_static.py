"""What stands in static/ and templates/ keeps its promises: pinned, self-contained, readable."""

import hashlib
import json
import re

import pytest
from django.conf import settings
from django.template.loader import get_template

STATIC = settings.BASE_DIR / "static"
TEMPLATES = settings.BASE_DIR / "templates"
STYLE_SHEETS = sorted((STATIC / "css").glob("*.css"))
OWN_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
VENDORED = json.loads((STATIC / "vendor" / "VENDORED.json").read_text())

# Text on ground, as the style sheets pair them.
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "muted", "red-ink") for ground in ("canvas", "paper", "sunk", "hover")),
    *((tone, f"{tone}-soft") for tone in ("gold", "green", "amber", "blue", "error")),
    *((tone, "paper") for tone in ("gold", "green", "amber", "error")),
    *(("ink", f"{tone}-soft") for tone in ("red", "gold", "green", "amber", "blue", "error")),
    ("red-ink", "red-soft"),
    ("on-red", "red"),
    ("on-red", "red-strong"),
    ("bar-ink", "bar"),
    ("bar-ink", "bar-strong"),
    ("bar-quiet", "bar"),
]
EDGE_PAIRS = [("field", "paper"), ("field", "canvas"), ("focus", "paper"), ("focus", "canvas"), ("green", "line")]


def blocks_of_tokens() -> list[dict[str, str]]:
    text = (STATIC / "css" / "tokens.css").read_text()
    blocks = re.findall(r"\{([^{}]*--ct-ink[^{}]*)\}", text)
    return [dict(re.findall(r"--ct-([\w-]+):\s*([^;]+);", block)) for block in blocks]


def contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        digits = colour.lstrip("#")
        digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("package", VENDORED, ids=lambda package: package["name"])
def test_vendored_file_has_the_pinned_content(package):
    actual = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in package["files"]}

    assert actual == package["files"]
    assert package["version"]
    assert package["licence"]
    assert any(name.endswith("LICENSE") for name in package["files"])


def test_every_vendored_and_font_file_is_listed():
    listed = {name for package in VENDORED for name in package["files"]}

    present = {
        path.relative_to(STATIC).as_posix()
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.is_file() and path.name != "VENDORED.json"
    }

    assert present == {name for name in listed if name.startswith(("vendor/", "fonts/"))}


def test_styles_and_scripts_ask_for_nothing_outside():
    texts = {path: path.read_text() for path in (*STATIC.rglob("*.css"), *STATIC.rglob("*.js"))}
    outside = re.compile(r"sourceMappingURL|@import|url\(\s*['\"]?(https?:)?//")

    assert {path.name for path in STYLE_SHEETS} <= {path.name for path in texts}
    assert [f"{path.name}: {found[0]}" for path, text in texts.items() for found in outside.finditer(text)] == []


def test_files_named_in_a_style_sheet_exist():
    named = {(path, name) for path in STYLE_SHEETS for name in re.findall(r"url\(\"([^\"]+)\"\)", path.read_text())}
    files = {(path, name) for path, name in named if not name.startswith("data:")}

    assert files
    assert [f"{path.name}: {name}" for path, name in files if not (path.parent / name).is_file()] == []


def test_dark_colours_are_the_same_by_choice_and_by_device():
    _light, chosen, device = blocks_of_tokens()

    assert chosen == device


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (EDGE_PAIRS, 3)], ids=["text", "edge of a field"])
def test_colour_is_seen_on_its_ground(pairs, least, mode):
    tokens = {**blocks_of_tokens()[0], **blocks_of_tokens()[mode]}

    assert [(front, ground) for front, ground in pairs if contrast(tokens[front], tokens[ground]) < least] == []


def test_contrast_is_that_of_the_standard():
    assert contrast("#000", "#ffffff") == contrast("#fff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("name", ["base.css", "components.css", "frame.css", "admin.css", "error.css"])
def test_no_text_on_the_screen_is_smaller_than_sixteen_pixels(name):
    sizes = re.findall(r"font(?:-size)?:\s*(?:\d+ )?(\d*\.?\d+)rem", (STATIC / "css" / name).read_text())

    assert [size for size in sizes if float(size) < 1] == []


def test_every_template_compiles():
    names = [path.relative_to(TEMPLATES).as_posix() for path in OWN_TEMPLATES]

    assert [get_template(name).template.name for name in names] == names


def test_shared_components_are_given_only_what_they_are_told():
    includes = [
        (path.name, include)
        for path in OWN_TEMPLATES
        for include in re.findall(r"\{% include \"_components/[^%]+%\}", path.read_text())
    ]

    assert includes
    assert [(name, include) for name, include in includes if not include.endswith("only %}")] == []


def test_every_icon_named_in_a_template_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    pattern = r'\{% icon "([\w-]+)"|icon="([\w-]+)"|icon\|default:"([\w-]+)"'

    named = {
        name for path in OWN_TEMPLATES for names in re.findall(pattern, path.read_text()) for name in names if name
    }

    assert named - drawn == set()


def test_paper_brings_its_four_faces():
    sheet = (STATIC / "css" / "print.css").read_text()

    faces = re.findall(r"fonts/(Tinos-\w+)\.woff2", sheet)

    assert faces == ["Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"]
    assert all((STATIC / "fonts" / f"{face}.woff2").read_bytes()[:4] == b"wOF2" for face in faces)


def test_paper_follows_the_page_rules():
    sheet = (STATIC / "css" / "print.css").read_text()

    assert "@page { size: A4; margin: 20mm 15mm 20mm 30mm; @top-center { content: counter(page);" in sheet
    assert "@page :first { @top-center { content: none; } }" in sheet
    assert ".paper thead { break-after: avoid; display: table-header-group; }" in sheet
    assert ".paper tr { break-inside: avoid; }" in sheet


def test_static_folder_holds_nothing_a_page_does_not_use():
    pages = "".join(path.read_text() for path in OWN_TEMPLATES)
    own = [path for folder in ("css", "js") for path in (STATIC / folder).iterdir()]

    assert [path.name for path in own if f"{path.parent.name}/{path.name}" not in pages] == []
