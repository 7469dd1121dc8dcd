import json
from dataclasses import replace
from datetime import date

import pytest

from cluster_app.documents import freezing
from cluster_app.documents.blocks import Document, LetterheadKind, PageBreak, Section, paragraph
from tests.cluster_app import sample_documents

SAMPLES = [
    sample_documents.annual_summary(),
    sample_documents.annual_summary(LetterheadKind.STATE, dated_on=None),
    sample_documents.pledge(),
]
SHORT = Document(
    kind="pledge",
    title="Giao ước",
    letterhead=None,
    sections=(Section(blocks=(paragraph("Ký “giao ước”", bold=True), PageBreak())),),
)


@pytest.mark.parametrize("document", SAMPLES, ids=["party", "state", "pledge"])
def test_document_survives_the_round_trip_through_json(document):
    data = json.loads(json.dumps(freezing.to_data(document)))

    assert freezing.from_data(data) == document


def test_canonical_text_is_sorted_dense_and_without_defaults():
    assert freezing.canonical(SHORT) == (
        '{"format":1,"kind":"pledge","letterhead":null,"sections":[{"blocks":[{"runs":[{"bold":true,'
        '"text":"Ký “giao ước”","type":"Run"}],"type":"Paragraph"},{"type":"PageBreak"}],"type":"Section"}],'
        '"title":"Giao ước","type":"Document"}'
    )


def test_digest_is_that_of_the_canonical_text():
    assert freezing.digest(SHORT) == "1c5b1c1bef01bcc578e91cea90fa7b4000acf21b4d218b664a7a083f5d9f49b4"


def test_digest_leaves_out_what_a_print_adds_at_its_foot():
    printed = replace(SHORT, footer_note="Mã văn bản: 3F9A-12BC")

    assert freezing.digest(printed) == freezing.digest(SHORT)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Giao ước 2021"},
        {"watermarks": ("DỰ THẢO",)},
        {"sections": (Section(blocks=(paragraph("Ký “giao ước”"), PageBreak())),)},
    ],
)
def test_digest_changes_with_the_content(change):
    assert freezing.digest(replace(SHORT, **change)) != freezing.digest(SHORT)


def test_dates_come_back_as_dates():
    document = freezing.from_data(freezing.to_data(sample_documents.annual_summary()))

    assert document.letterhead.dated_on == date(2021, 1, 26)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"type": "Document"}, "unknown format"),
        ({"format": 2, "type": "Document"}, "unknown format"),
        ({"format": 1, "type": "Run", "text": "Không"}, "not those of a document"),
        ({"format": 1, "type": "Script"}, "no block 'Script'"),
        ({"format": 1}, "no block None"),
        ({"format": 1, "type": "Document", "colour": "red"}, "Document has no colour"),
        ({"format": 1, "type": "Document", "title": "Thiếu"}, "missing"),
        (
            {"format": 1, "type": "Document", "sections": [{"type": "Section", "blocks": [], "orientation": "askew"}]},
            "askew",
        ),
    ],
)
def test_data_of_no_document_are_refused(data, reason):
    with pytest.raises(freezing.NotADocument, match=reason):
        freezing.from_data(data)


def test_code_is_the_head_of_the_digest_and_then_its_next_digits():
    digest = "3f9a12bc" + "00aa11bb" + "f" * 48

    assert freezing.code(digest) == "3F9A-12BC"
    assert freezing.code(digest, attempt=1) == "00AA-11BB"
    with pytest.raises(ValueError, match="no further code"):
        freezing.code(digest, attempt=8)
