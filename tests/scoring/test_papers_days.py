"""The day of a paper: the year beside the pen, what it may not be dated before, what it tells as of that day; and what
is said before it goes out or must be taken back."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from awards.papers import pledge_paper
from awards.queries import pledge_of, signatories
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.letterheads import annex, attached_to
from cluster_app.documents.models import IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib.errors import Refused, Stale
from members.enums import ResolutionKind, SignatureForm
from members.models import EmulationYear, Resolution, User
from scoring import papers
from scoring.issued.printing import kept_document
from scoring.paperwork import checks, queries
from scoring.paperwork.dossier import dossier
from scoring.paperwork.enums import ISSUED_HERE
from scoring.paperwork.services import issuing
from scoring.year_end import figures as year_figures
from scoring.year_end import printing
from scoring.year_end.queries import texts_of
from tests.factories.members import DelegationFactory, ResolutionFactory
from tests.scenarios import NOW
from tests.scoring.test_papers_dossier import issue_all
from tests.scoring.test_papers_issuing import issue, ready_world
from tests.scoring.test_papers_late import late_world
from tests.scoring.year_end_scenes import DATED_ON, HELD_ON, reread

pytestmark = pytest.mark.django_db

# The papers of 2021 are written in January 2022.
JANUARY = datetime(2022, 1, 5, 2, tzinfo=UTC)
OF_JANUARY = "ngày        tháng        năm 2022"
KINDS = sorted(ISSUED_HERE - {DocumentKind.REMINDER})


def plain(document):
    return "\n".join(text_of(document)).replace("\u00a0", " ")


def draft(world, kind, at=NOW, **more):
    return queries.draft(reread(world), kind, at, **more)


@pytest.fixture
def in_english(client):
    client.cookies["django_language"] = "en"
    return client


def issue_page(client, world, kind, data=None):
    client.force_login(world.secretariat)
    url = reverse("scoring:paper_issue", kwargs=world.url_kwargs() | {"kind": kind})
    return client.get(url) if data is None else client.post(url, data)


# --- The year beside the pen ---


@pytest.mark.parametrize("kind", KINDS)
def test_undated_paper_of_january_has_room_for_a_day_of_that_year(kind):
    world = ready_world()

    drafted = draft(world, kind, JANUARY).document(is_draft=True, signed_on=JANUARY.date())
    issued = issue(world, kind, dated_on=None, at=JANUARY)

    assert f"Lạng Sơn, {OF_JANUARY}" in plain(drafted)
    assert f"Lạng Sơn, {OF_JANUARY}" in plain(kept_document(issued))


def test_draft_of_the_annual_summary_and_its_annexes_have_the_year_of_the_draft():
    world = ready_world()
    year = reread(world)

    text = plain(printing.draft_document(year_figures.of(year), texts_of(year), JANUARY))

    assert f"Lạng Sơn, {OF_JANUARY}" in text
    assert f"-BC/CTĐ {OF_JANUARY})" in text


def test_working_papers_and_the_unsigned_pledge_have_the_year_of_their_day():
    world = ready_world()
    year, pledge = reread(world), pledge_of(world.year)
    pledge.signed_on = None

    head = papers.letterhead(year, "DM", "DANH MỤC", "năm 2021", made_on=JANUARY.date())
    paper = pledge_paper(pledge, signatories(year), made_on=JANUARY.date())

    assert (head.year, paper.letterhead.year) == (2022, 2022)


def test_annexes_and_lists_name_their_paper_alike():
    head = papers.letterhead(reread(ready_world()), "DM", "TỜ TRÌNH", "năm 2021", made_on=JANUARY.date())

    reference = annex(head, "1", "Bảng điểm").reference

    assert reference == attached_to("Tờ trình", head.number_symbol, None, year=2022)
    assert reference.replace("\u00a0", " ").endswith(f"{OF_JANUARY})")


# --- The list and its proposal ---


def test_list_names_the_number_of_a_proposal_whose_day_is_left_to_the_pen():
    world = ready_world()
    issue(world, DocumentKind.PROPOSAL, number="07", dated_on=None, at=JANUARY)

    text = plain(draft(world, DocumentKind.PROPOSAL_LIST, JANUARY).document(is_draft=False))

    assert f"(Kèm theo Tờ trình số 07/TTr-CTĐ {OF_JANUARY})" in text


@pytest.mark.parametrize("after", ["same", "other number", "withdrawn"])
def test_list_of_a_proposal_that_is_not_in_force_must_be_taken_back(after):
    world = ready_world()
    first = issue(world, DocumentKind.PROPOSAL, number="07")
    issue(world, DocumentKind.PROPOSAL_LIST, number="08")
    if after != "same":
        issuing.withdraw(year=world.year, issued=first, reason="Sai", by=world.secretariat, at=NOW)
    if after == "other number":
        issue(world, DocumentKind.PROPOSAL, number="09")

    part = next(part for part in dossier(reread(world), NOW).parts if part.number == "02")

    assert (len(part.needs), part.page) == (0 if after == "same" else 1, "scoring:paper_withdraw")


def test_list_that_left_the_number_to_the_pen_fits_the_proposal():
    world = ready_world()
    issue(world, DocumentKind.PROPOSAL_LIST, number="08")
    issue(world, DocumentKind.PROPOSAL, number="07")

    part = next(part for part in dossier(reread(world), NOW).parts if part.number == "02")

    assert part.needs == ()


def test_unit_proposed_for_two_forms_is_one_collective():
    world = ready_world()
    ResolutionFactory(
        meeting=world.year.meetings.get(),
        order=9,
        kind=ResolutionKind.EXEMPLARY_UNIT,
        named=world.leader,
        text="Đề nghị tặng Bằng khen của Chủ tịch UBND tỉnh cho đơn vị.",
    )

    proposal = plain(draft(world, DocumentKind.PROPOSAL).document(is_draft=False))
    listed = plain(draft(world, DocumentKind.PROPOSAL_LIST).document(is_draft=False))

    forms = "Cờ thi đua của UBND tỉnh, Bằng khen của Chủ tịch UBND tỉnh"
    assert f"đề nghị tặng {forms} cho các đơn vị tiêu biểu" in proposal
    assert f"{forms} cho 01 tập thể" in proposal
    assert "Danh sách gồm 01 tập thể" in listed


@pytest.mark.parametrize("kind", [DocumentKind.PROPOSAL, DocumentKind.PROPOSAL_LIST])
def test_resolution_that_names_no_form_is_missing_in_the_proposal(kind):
    world = ready_world()
    Resolution.objects.filter(kind=ResolutionKind.EXEMPLARY_UNIT).update(text="Suy tôn là đơn vị tiêu biểu.")

    missing = draft(world, kind).missing

    assert [world.leader.name in sentence for sentence in missing][:1] == [True]
    with pytest.raises(Refused):
        issue(world, kind)


# --- What a paper may not be dated before ---


@pytest.mark.parametrize("kind", KINDS)
def test_results_are_not_dated_before_they_are_published(kind):
    world = ready_world()
    told = {DocumentKind.SCORE_TABLE, DocumentKind.NOTICE, DocumentKind.PROPOSAL, DocumentKind.PROPOSAL_LIST}

    sentences = checks.too_early(draft(world, kind), date(2021, 11, 22))

    assert any("23/11/2021" in sentence for sentence in sentences) == (kind in told)
    assert checks.too_early(draft(world, kind), HELD_ON) == []


def test_what_a_conference_settled_is_not_dated_before_it():
    world = ready_world()
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=datetime(2021, 11, 1, 8, tzinfo=UTC))

    found = {kind: checks.too_early(draft(world, kind), date(2021, 11, 22)) for kind in KINDS}

    assert {kind for kind, sentences in found.items() if sentences} == {
        DocumentKind.NOTICE,
        DocumentKind.PROPOSAL,
        DocumentKind.PROPOSAL_LIST,
    }


def test_list_is_not_dated_before_its_proposal():
    world = ready_world()
    issue(world, DocumentKind.PROPOSAL, number="07")

    with pytest.raises(Refused) as refusal:
        issue(world, DocumentKind.PROPOSAL_LIST, number="08", dated_on=HELD_ON)

    assert ["24/11/2021" in sentence for sentence in refusal.value.errors["dated_on"]] == [False, True]


@pytest.mark.parametrize(
    ("kind", "refused"), [(DocumentKind.PLAN, False), (DocumentKind.NOTICE, True), (DocumentKind.PROPOSAL, True)]
)
def test_paper_is_not_dated_before_what_it_rests_on(kind, refused):
    world = ready_world()
    EmulationYear.objects.filter(pk=world.year.pk).update(plan_number="02-KH/CTĐ", plan_on=date(2021, 11, 25))

    sentences = checks.too_early(draft(world, kind), DATED_ON)

    assert ["02-KH/CTĐ" in sentence for sentence in sentences] == ([True] if refused else [])


def test_paper_dated_too_early_is_not_issued():
    with pytest.raises(Refused) as refusal:
        issue(ready_world(), DocumentKind.SCORE_TABLE, dated_on=date(2021, 11, 22))

    assert set(refusal.value.errors) == {"dated_on"}
    assert not IssuedDocument.objects.exists()


# --- What is issued is what was read ---


def delegated_world():
    """From today on another signs."""
    world = ready_world()
    DelegationFactory(
        principal=world.leader,
        delegate=world.deputy_signatory,
        delegate_unit=world.deputy,
        form=SignatureForm.KT,
        starts_on=DATED_ON,
        ends_on=date(2021, 11, 30),
    )
    return world


def test_paper_of_an_earlier_day_is_shown_before_it_is_issued(in_english):
    world = delegated_world()
    shown = issue_page(in_english, world, DocumentKind.PLAN).context["form"].initial["seen"]

    first = issue_page(in_english, world, DocumentKind.PLAN, {"number": "05", "dated_on": "23/11/2021", "seen": shown})

    assert (first.status_code, IssuedDocument.objects.count()) == (200, 0)
    content = first.content.decode()
    assert "reads otherwise" in content
    draft_url = reverse("scoring:paper_draft", kwargs=world.url_kwargs() | {"kind": DocumentKind.PLAN})
    assert f'href="{draft_url}?on=2021-11-23"' in content
    assert "KT. CỤM TRƯỞNG" not in in_english.get(f"{draft_url}?on=2021-11-23").content.decode()
    assert "KT. CỤM TRƯỞNG" in in_english.get(f"{draft_url}?on=hom-qua").content.decode()
    again = {"number": "05", "dated_on": "23/11/2021", "seen": first.context["form"]["seen"].value()}
    assert issue_page(in_english, world, DocumentKind.PLAN, again).status_code == 302
    assert "KT. CỤM TRƯỞNG" not in plain(kept_document(IssuedDocument.objects.get()))


def test_going_back_to_the_first_day_is_not_stale(in_english):
    world = delegated_world()
    data = {"number": "05", "dated_on": "23/11/2021"}
    data["seen"] = issue_page(in_english, world, DocumentKind.PLAN).context["form"].initial["seen"]
    first = issue_page(in_english, world, DocumentKind.PLAN, data)

    data |= {"dated_on": "24/11/2021", "seen": first.context["form"]["seen"].value()}

    assert issue_page(in_english, world, DocumentKind.PLAN, data).status_code == 302


def test_paper_of_an_earlier_day_that_reads_alike_is_issued_at_once():
    world = ready_world()
    seen = draft(world, DocumentKind.PROPOSAL).fingerprint

    assert issue(world, DocumentKind.PROPOSAL, dated_on=HELD_ON, seen=seen).dated_on == HELD_ON


def test_day_that_reads_otherwise_is_refused_and_changed_content_is_stale():
    world = delegated_world()
    seen = draft(world, DocumentKind.PLAN).fingerprint

    with pytest.raises(Refused) as refusal:
        issue(world, DocumentKind.PLAN, dated_on=HELD_ON, seen=seen)
    with pytest.raises(Stale):
        issue(world, DocumentKind.PLAN, dated_on=HELD_ON, seen="0" * 64)

    assert set(refusal.value.errors) == {"dated_on"}


# --- Drafts, warnings, withdrawn results ---


def test_draft_of_the_score_table_says_so_and_the_issued_one_does_not():
    world = ready_world()

    drafted = draft(world, DocumentKind.SCORE_TABLE).document(is_draft=True)
    issued = issue(world, DocumentKind.SCORE_TABLE)

    assert "DỰ THẢO" in drafted.watermarks
    assert "DỰ THẢO" not in json.dumps(json.loads(issued.content), ensure_ascii=False)


def test_provisional_score_table_has_one_mark():
    document = draft(late_world(), DocumentKind.SCORE_TABLE).document(is_draft=True)

    assert document.watermarks == ("BẢN TẠM TÍNH",)


def test_results_withdrawn_after_their_papers_went_out_are_told_in_dossier_and_list_of_papers(in_english):
    world = ready_world()
    issued = issue(world, DocumentKind.PROPOSAL, number="07")
    issue(world, DocumentKind.PLAN, number="02")
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)
    in_english.force_login(world.secretariat)

    part = dossier(reread(world), NOW).parts[0]
    hub = in_english.get(reverse("scoring:papers", kwargs=world.url_kwargs())).content.decode()
    page = in_english.get(reverse("scoring:dossier", kwargs=world.url_kwargs())).content.decode()

    assert len(part.needs) == 1
    assert hub.count("withdraw this paper too") == 1
    assert reverse("scoring:paper_withdraw", kwargs=world.url_kwargs() | {"pk": issued.pk}) in page


def test_issued_summary_of_withdrawn_results_must_be_taken_back(in_english):
    world = ready_world()
    issue_all(world)
    assert [part.needs for part in dossier(reread(world), NOW).parts if part.issued] == [()] * 4
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)
    in_english.force_login(world.secretariat)

    page = in_english.get(reverse("scoring:dossier", kwargs=world.url_kwargs())).content.decode()

    assert page.count("withdraw this paper too") == 4
    assert reverse("scoring:summary_withdraw", kwargs=world.url_kwargs()) in page


@pytest.mark.parametrize(("kind", "is_told"), [(DocumentKind.PROPOSAL, True), (DocumentKind.PLAN, False)])
def test_laws_that_were_not_checked_are_named_before_the_issue(in_english, kind, is_told):
    content = issue_page(in_english, ready_world(), kind).content.decode()

    assert ("Not checked against the official text" in content and "91/2017/NĐ-CP" in content) == is_told
    assert 'name="number"' in content


@pytest.mark.parametrize("name", ["", "Nguyễn Văn An"])
def test_signer_without_a_name_is_told_before_the_issue(in_english, name):
    world = ready_world()
    User.objects.filter(pk=world.leader_signatory.pk).update(full_name=name)

    content = issue_page(in_english, world, DocumentKind.PLAN).content.decode()

    assert ("will end without a name" in content) == (not name)


@pytest.mark.parametrize("address", ["", "https://thidua.example.vn"])
def test_missing_address_of_the_server_is_told_before_the_issue(in_english, settings, address):
    settings.SITE_URL = address

    content = issue_page(in_english, ready_world(), DocumentKind.PLAN).content.decode()

    assert ("no QR code" in content) == (not address)


def test_late_letter_of_an_earlier_day_reads_otherwise():
    world = late_world()
    today = draft(world, DocumentKind.REMINDER)
    earlier = draft(world, DocumentKind.REMINDER, dated_on=HELD_ON)

    assert today.fingerprint != earlier.fingerprint
