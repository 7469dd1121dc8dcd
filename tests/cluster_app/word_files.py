"""How tests read Word files: plainly, as zip and XML."""

import os
import shutil
import subprocess
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from tests.conftest import IN_CI

OFFICE = shutil.which("soffice")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"

needs_office = pytest.mark.skipif(not OFFICE and not IN_CI, reason="no soffice found; install libreoffice-writer")


def part(content, name):
    with zipfile.ZipFile(BytesIO(content)) as package:
        return ET.fromstring(package.read(name))  # noqa: S314 - our own file


def words(content):
    """The words in the order of the file: the marks of the first page's head, then the body."""
    return [*marks(content, _first_head(content)), *" ".join(texts(part(content, "word/document.xml"))).split()]


def marks(content, name):
    return " ".join(mark.get("string") for mark in part(content, name).iter(TEXT_PATH) if mark.get("string")).split()


def texts(root):
    """The text of each paragraph; a break or a tab parts words."""
    for paragraph in root.iter(f"{W}p"):
        parts = [(node.text or "") if node.tag == f"{W}t" else " " for node in paragraph.iter() if node.tag in _READ]
        yield "".join(parts)


def _first_head(content):
    section = next(part(content, "word/document.xml").iter(f"{W}sectPr"))
    reference = next(node for node in section.iter(f"{W}headerReference") if node.get(f"{W}type") == "first")
    key = reference.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
    relations = part(content, "word/_rels/document.xml.rels")
    return next(f"word/{one.get('Target')}" for one in relations if one.get("Id") == key)


_READ = {f"{W}t", f"{W}br", f"{W}tab"}


def converted(files, folder):
    """The PDFs that LibreOffice makes of Word files, by name; it has a profile of its own and is started once."""
    assert OFFICE, "LibreOffice is missing: install libreoffice-writer"
    sources = {name: folder / f"{name.replace(' ', '-')}.docx" for name in files}
    for name, content in files.items():
        sources[name].write_bytes(content)
    command = [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), *map(str, sources.values())],
        capture_output=True,
        timeout=300,
        env={**os.environ, "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    return {name: source.with_suffix(".pdf").read_bytes() for name, source in sources.items()}


def text_of_pdf(content):
    document = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
