"""Rules for the end of a paper: the last words of the body, recipients, signature."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cluster_app.documents.linting.anatomy import Anatomy, entries
from cluster_app.documents.linting.demands import WITH_RECIPIENTS, Demands
from cluster_app.documents.linting.deviations import Deviation, Level, at, missing, quoted
from cluster_app.documents.linting.head_rules import size_of
from cluster_app.documents.linting.reading import Line


def check(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    level = Level.FAULT if _needs_end(found) else Level.ADVICE
    yield from _closing(found, demands)
    yield from _recipients(found, demands, level)
    yield from _signature(found, demands, level)


def _needs_end(found: Anatomy) -> bool:
    return found.is_letter or (found.name is not None and found.name.text.upper().startswith(WITH_RECIPIENTS))


def _closing(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    line = found.closing
    if line is None or found.recipients_title is None or line.is_centred or line.italic:
        return
    has_slash = line.text.endswith("./.")
    if demands.closes_with_slash and not has_slash:
        yield at(line, "closing", quoted(line.text[-30:]), _("the body ends with “./.”"))
    if not demands.closes_with_slash and (has_slash or not line.text.endswith(".")):
        yield at(line, "closing", quoted(line.text[-30:]), _("the body ends with a full stop"))


def _recipients(found: Anatomy, demands: Demands, level: Level) -> Iterator[Deviation]:
    title = found.recipients_title
    if title is None:
        if not found.has_two_signatures and not found.has_grid:
            yield missing("recipients", quoted("Nơi nhận:"), level)
        return
    if title.text.strip() != "Nơi nhận:":
        yield at(title, "recipients_words", quoted(title.text), quoted("Nơi nhận:"))
    yield from _recipients_looks(title, demands)
    yield from size_of(title, "recipients_title_size", demands.recipients_title)
    listed = list(entries(found.recipients))
    for line in found.recipients:
        yield from size_of(line, "recipients_size", demands.recipients)
    for entry in listed:
        if not entry.startswith("-"):
            yield at(title, "recipients_dash", quoted(entry), _("each recipient after a dash"))
    last = listed[-1] if listed else ""
    if not demands.archive_pattern.fullmatch(last):
        asked = _("the last line such as %(example)s") % {"example": quoted(demands.archive_example)}
        yield at(title, "recipients_archive", quoted(last), asked)


def _recipients_looks(title: Line, demands: Demands) -> Iterator[Deviation]:
    if demands.recipients_bold_italic:
        if not (title.bold and title.italic):
            yield at(title, "recipients_looks", quoted(title.text), _("bold italics"))
    elif title.bold or title.italic or title.underlined is False:
        yield at(title, "recipients_looks", quoted(title.text), _("underlined, neither bold nor italic"))


def _signature(found: Anatomy, demands: Demands, level: Level) -> Iterator[Deviation]:
    if found.has_grid:
        return
    if not found.signature:
        yield missing("signature", _("authority, office and name of who signs on the right"), level)
        return
    for line in found.signature:
        yield from size_of(line, "signature_size", demands.signature)
    if found.authority is not None:
        yield from _authority(found.authority, demands)
    lines = _below_authority(found)
    offices = [line for line in lines if line.is_capital]
    if not offices:
        yield at(found.signature[0], "office", quoted(found.signature[0].text), _("the office in capitals"))
    for line in offices:
        if line.bold != demands.office_bold:
            yield at(line, "office_bold", quoted(line.text), _("bold") if demands.office_bold else _("not bold"))
    for line in lines:
        if not line.is_capital and not line.italic and not line.bold:
            yield at(line, "name_of_signer", quoted(line.text), _("the name in bold"))


def _below_authority(found: Anatomy) -> list[Line]:
    """Offices and name. Without one of the usual authorities, bold capitals above an office in plain ones are it: the
    agency for which somebody signs."""
    lines = found.signature
    if found.authority is not None:
        return lines[lines.index(found.authority) + 1 :]
    start = 0
    while start < len(lines) and lines[start].is_capital and lines[start].bold:
        start += 1
    has_plain_office = start < len(lines) and lines[start].is_capital
    return lines[start:] if has_plain_office else lines


def _authority(line: Line, demands: Demands) -> Iterator[Deviation]:
    if not demands.authority_pattern.match(line.text):
        asked = _("such as %(example)s") % {"example": quoted(demands.authority_example)}
        yield at(line, "authority_form", quoted(line.text), asked)
    if not line.is_capital:
        yield at(line, "authority_capitals", quoted(line.text), _("capitals"))
    if not line.bold:
        yield at(line, "authority_bold", quoted(line.text), _("bold"))
