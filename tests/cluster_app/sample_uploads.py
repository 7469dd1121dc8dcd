"""Files as people hand them in, and files that are not what they say, each as small as it can be."""

import struct
import zlib

from tests.cluster_app.sample_spreadsheets import zipped

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = '<?xml version="1.0"?><Types><Override PartName="/{part}" ContentType="{type}"/>{more}</Types>'


def pdf(text=""):
    """A PDF whose content differs with `text`."""
    return PDF + f"% {text}\n".encode()


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=1, height=1):
    """A PNG that declares these dimensions; it holds the points of one row at most."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\x00" * 2))
        + _chunk(b"IEND", b"")
    )


def jpg(width=1, height=1, *, before=b"\xff\xe0\x00\x04JF"):
    """A JPG that declares these dimensions; its data is left out."""
    frame = struct.pack(">BHH", 8, height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + before + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def docx(parts=None, *, main=_OFFICE + "wordprocessingml.document.main+xml", more=""):
    types = _TYPES.format(part="word/document.xml", type=main, more=more)
    return zipped({"[Content_Types].xml": types, "word/document.xml": "<document/>"} | (parts or {}))


def xlsx(parts=None, *, main=_OFFICE + "spreadsheetml.sheet.main+xml", more=""):
    types = _TYPES.format(part="xl/workbook.xml", type=main, more=more)
    return zipped({"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"} | (parts or {}))


def encrypted(content):
    """The zip with the mark of encryption on every part."""
    return content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
