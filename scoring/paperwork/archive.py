"""The dossier as files: one PDF of all its parts, and a zip of the single ones. Equal parts give equal bytes."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable

import pypdfium2

from cluster_app.documents import pdf, word
from scoring.paperwork import statistics
from scoring.paperwork.dossier import Dossier, Part, contents

CONTENTS, STATISTICS, MANIFEST = "00-muc-luc.pdf", "08-bieu-thong-ke-0602-0603.xlsx", "manifest.json"
# No file of a zip is older than this; every one is given the same time, so that equal content is the same zip.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_UNIX = 3
_FIXED = b"/CreationDate(D:19800101000000Z"
_CREATED = re.compile(rb"/CreationDate\(D:[^)]*\)")
_IDENTITY = re.compile(rb"/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]")


def whole_pdf(found: Dossier) -> bytes:
    """The table of contents and every part that there is, one after the other; each keeps its own page numbers."""
    documents = [contents(found), *(part.make() for part in found.present if part.make)]
    return joined(pdf.render(document) for document in documents)


def joined(files: Iterable[bytes]) -> bytes:
    """The pages of all the files in one PDF, without the time at which it was made."""
    whole = pypdfium2.PdfDocument.new()
    for content in files:
        part = pypdfium2.PdfDocument(content)
        whole.import_pages(part)
        part.close()
    written = io.BytesIO()
    whole.save(written)
    whole.close()
    return _without_time(written.getvalue())


def whole_zip(found: Dossier) -> bytes:
    """Each part as PDF and as Word file, the statistics forms, the table of contents and a manifest with SHA-256."""
    files = {CONTENTS: pdf.render(contents(found))}
    for part in found.present:
        files |= _files(part)
    files[STATISTICS] = statistics.workbook(found.year)
    files[MANIFEST] = manifest(found, files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _READABLE, _UNIX
            archive.writestr(info, content)
    return packed.getvalue()


def manifest(found: Dossier, files: dict[str, bytes]) -> bytes:
    """What the zip holds, with size and digest of each file, and what is missing, as JSON."""
    year = found.year
    data = {
        "cluster": year.cluster.slug,
        "year": year.year,
        "files": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
        "parts": [_entry(part) for part in found.parts],
    }
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _files(part: Part) -> dict[str, bytes]:
    if part.make is None:
        return {}
    document = part.make()
    return {f"{part.filename}.pdf": pdf.render(document), f"{part.filename}.docx": word.render(document)}


def _entry(part: Part) -> dict[str, object]:
    issued = part.issued
    return {
        "number": part.number,
        "title": part.title,
        "state": part.state.value if part.state else "missing",
        "document": part.heading,
        "digest": issued.digest if issued else "",
        "missing": list(part.needs),
    }


def _without_time(content: bytes) -> bytes:
    """The same file with a fixed time and an identity made from what it holds; both keep their length, since the
    file says of every object where it begins."""
    fixed = _CREATED.sub(lambda found: _FIXED.ljust(len(found[0]) - 1) + b")", content, count=1)
    plain = _IDENTITY.sub(b"", fixed)
    identity = hashlib.sha256(plain).hexdigest()[:32].upper().encode()
    return _IDENTITY.sub(b"/ID[<" + identity + b"><" + identity + b">]", fixed)
