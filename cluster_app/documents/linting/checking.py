"""The way into the linter: a file, and what it has otherwise than its form asks."""

from collections.abc import Callable, Iterable
from pathlib import PurePath

from django.utils.translation import gettext as _

from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.linting import end_rules, head_rules, pdf_reading, sheet_rules, word_reading
from cluster_app.documents.linting.anatomy import dissect
from cluster_app.documents.linting.demands import DEMANDS
from cluster_app.documents.linting.deviations import Deviation, Level, missing
from cluster_app.documents.linting.reading import Reading
from cluster_app.lib import uploads
from cluster_app.lib.errors import Refused

ACCEPT = ".pdf,.docx"
# One rule broken on every line of a long file tells no more than the first of them.
MOST_OF_A_KIND = 20

_READERS: dict[str, Callable[[bytes], Reading]] = {"pdf": pdf_reading.read, "docx": word_reading.read}


def check(name: str, content: bytes, form: LetterheadKind | None = None) -> list[Deviation]:
    """The deviations of a PDF or Word file from `form`, or from the form that its national title tells.

    Raises Refused for other files, and for those that are too large, damaged or encrypted. Nothing is stored.
    """
    if PurePath(name).suffix.lower().removeprefix(".") not in _READERS:
        raise uploads.refusal(_("Only PDF and Word (docx) files can be checked."))
    upload = uploads.judge(name, content)
    try:
        return deviations(_READERS[upload.extension](upload.content), form)
    except Refused as refused:
        raise uploads.refusal(refused.message) from refused


def deviations(reading: Reading, form: LetterheadKind | None = None) -> list[Deviation]:
    """The deviations of what was read, those of the sheets first. A paper without a letterhead has no form of its own:
    then its sheets alone are judged, as the Party's."""
    found = dissect(reading)
    kind = form or found.kind
    if kind is None:
        asked = _("the head of a paper of the Party or of the State; only sheets and type were checked")
        judged = sheet_rules.check(reading, found, DEMANDS[LetterheadKind.PARTY])
        return _bounded([missing("letterhead", asked, Level.ADVICE), *judged])
    demands = DEMANDS[kind]
    return _bounded(
        [
            *sheet_rules.check(reading, found, demands),
            *head_rules.check(found, kind, demands),
            *end_rules.check(found, demands),
        ]
    )


def _bounded(found: Iterable[Deviation]) -> list[Deviation]:
    counts: dict[str, int] = {}
    kept = []
    for deviation in found:
        counts[deviation.code] = counts.get(deviation.code, 0) + 1
        if counts[deviation.code] <= MOST_OF_A_KIND:
            kept.append(deviation)
    return kept
