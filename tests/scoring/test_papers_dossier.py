"""The dossier to the province: what is in it, what is missing, its files, and the statistics forms."""

import hashlib
import io
import json
import zipfile

import pypdfium2
import pytest

from awards.calculations import Counted
from awards.enums import AwardLevel
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib.spreadsheets import reading
from members.enums import ResolutionKind
from members.models import Resolution
from scoring.paperwork import archive, grounds, statistics
from scoring.paperwork.dossier import contents, dossier
from scoring.paperwork.enums import PaperState
from scoring.paperwork.proposed import award_of
from scoring.year_end.services import editions
from tests.factories.members import ResolutionFactory
from tests.scenarios import CANARY, NOW
from tests.scoring.test_papers_issuing import issue, ready_world
from tests.scoring.year_end_scenes import DATED_ON, ended_world, reread

pytestmark = pytest.mark.django_db

ISSUED, DRAFT = PaperState.ISSUED, PaperState.DRAFT


def states(found):
    return {part.filename: part.state for part in found.parts}


def issue_all(world):
    issue(world, DocumentKind.PROPOSAL, number="07")
    issue(world, DocumentKind.PROPOSAL_LIST, number="08")
    issue(world, DocumentKind.SCORE_TABLE, number="09")
    editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.secretariat, at=NOW)


# --- What is in it ---


def test_dossier_has_its_parts_in_order_and_says_what_is_missing():
    world = ready_world()

    found = dossier(reread(world), NOW)

    assert states(found) == {
        "01-to-trinh-du-thao": DRAFT,
        "02-danh-sach-du-thao": DRAFT,
        "03-bao-cao-tong-ket-du-thao": DRAFT,
        "04-bien-ban-hoi-nghi": None,
        "05-bien-ban-kiem-phieu": None,
        "06-bang-diem-du-thao": DRAFT,
        "07-bao-cao-thanh-tich-dv-a1": None,
    }
    assert all(part.needs for part in found.parts)
    assert not found.is_complete


def test_issued_parts_are_their_frozen_content_and_need_nothing_more():
    world = ready_world()
    issue_all(world)

    found = dossier(reread(world), NOW)

    assert [(part.filename, part.needs) for part in found.parts if part.state == ISSUED] == [
        ("01-to-trinh", ()),
        ("02-danh-sach", ()),
        ("03-bao-cao-tong-ket", ()),
        ("06-bang-diem", ()),
    ]
    codes = set(IssuedDocument.objects.values_list("code", flat=True))
    assert {part.heading[-9:] for part in found.parts if part.issued} == codes
    assert ["DỰ THẢO" in text_of(part.make()) for part in found.present] == [False] * 4


def test_paper_that_cannot_be_made_is_missing_with_the_reason():
    world = ready_world(published=False)
    Resolution.objects.filter(kind=ResolutionKind.EXEMPLARY_UNIT).delete()

    parts = {part.number: part for part in dossier(reread(world), NOW).parts}

    assert (parts["01"].state, parts["01"].page) == (None, "scoring:paper_edit")
    assert len(parts["01"].needs) > 1
    assert "07" not in parts


def test_each_proposed_unit_owes_one_report_however_many_forms_it_is_proposed_for():
    world = ready_world()
    meeting = world.year.meetings.get()
    for order, unit in ((7, world.leader), (8, world.deputy)):
        ResolutionFactory(
            meeting=meeting, order=order, kind=ResolutionKind.EXEMPLARY_UNIT, named=unit, text="Tặng Bằng khen"
        )

    names = [part.filename for part in dossier(reread(world), NOW).parts]

    assert names[-2:] == ["07.1-bao-cao-thanh-tich-dv-a1", "07.2-bao-cao-thanh-tich-dv-a2"]


def test_first_sheet_lists_every_part_with_its_state():
    world = ready_world()
    issue(world, DocumentKind.PROPOSAL, number="07")

    lines = text_of(contents(dossier(reread(world), NOW)))

    assert [line for line in lines if line in ("Đã ban hành", "Dự thảo, chưa ban hành", "Còn thiếu")] == [
        "Đã ban hành",
        "Dự thảo, chưa ban hành",
        "Dự thảo, chưa ban hành",
        "Còn thiếu",
        "Còn thiếu",
        "Dự thảo, chưa ban hành",
        "Còn thiếu",
    ]
    assert any(line.startswith("07/TTr-CTĐ ngày 24/11/2021, mã ") for line in lines)


@pytest.mark.parametrize(
    ("text", "award"),
    [
        ("Đề nghị tặng Cờ thi đua của UBND tỉnh.", "Cờ thi đua của UBND tỉnh"),
        ("Suy tôn A, đề nghị UBND tỉnh xét tặng Bằng khen của UBND tỉnh;", "Bằng khen của UBND tỉnh"),
        ("Đề nghị tặng thưởng Cờ thi đua của Chính phủ", "Cờ thi đua của Chính phủ"),
        ("Đề nghị UBND tỉnh tặng Bằng khen của Chủ tịch UBND tỉnh cho Đơn vị A1.", "Bằng khen của Chủ tịch UBND tỉnh"),
        ("Tặng Cờ thi đua của UBND tỉnh đối với Đơn vị A1", "Cờ thi đua của UBND tỉnh"),
        ("Đề nghị tặng Bằng khen của UBND tỉnh. Giao Cụm trưởng trình.", "Bằng khen của UBND tỉnh"),
        ("Đề nghị tặng Bằng khen của UBND TP. Lạng Sơn.", "Bằng khen của UBND TP. Lạng Sơn"),
        ("Đơn vị tiêu biểu.", ""),
        ("Đề nghị tặng Đơn vị A1 Cờ thi đua của UBND tỉnh.", ""),
        ("Đề nghị tặng cho Đơn vị A1 Cờ thi đua của UBND tỉnh.", ""),
    ],
)
def test_form_is_what_the_resolution_says_is_given(text, award):
    assert award_of(text, "Đơn vị A1") == award


# --- Its files ---


def test_zip_has_each_part_twice_a_manifest_that_holds_and_equal_bytes_for_equal_content():
    world = ready_world()
    issue_all(world)

    content = archive.whole_zip(dossier(reread(world), NOW))
    again = archive.whole_zip(dossier(reread(world), NOW))

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        manifest = json.loads(packed.read("manifest.json"))
        digests = {name: hashlib.sha256(packed.read(name)).hexdigest() for name in names if name != "manifest.json"}
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == [
        "00-muc-luc.pdf",
        "01-to-trinh.docx",
        "01-to-trinh.pdf",
        "02-danh-sach.docx",
        "02-danh-sach.pdf",
        "03-bao-cao-tong-ket.docx",
        "03-bao-cao-tong-ket.pdf",
        "06-bang-diem.docx",
        "06-bang-diem.pdf",
        "08-bieu-thong-ke-0602-0603.xlsx",
        "manifest.json",
    ]
    assert all(name.isascii() for name in names)
    assert {entry["name"]: entry["sha256"] for entry in manifest["files"]} == digests
    assert [entry["number"] for entry in manifest["parts"] if entry["state"] == "missing"] == ["04", "05", "07"]
    assert content == again
    assert CANARY not in json.dumps(manifest, ensure_ascii=False)


def test_one_pdf_holds_the_parts_in_order_and_is_the_same_each_time():
    world = ready_world()
    issue_all(world)
    found = dossier(reread(world), NOW)

    content = archive.whole_pdf(found)

    with pypdfium2.PdfDocument(content) as whole:
        text = "\n".join(page.get_textpage().get_text_range() for page in whole)
    places = [text.index(title) for title in ("Mục lục hồ sơ", "TỜ TRÌNH", "DANH SÁCH", "BÁO CÁO", "BẢNG TỔNG HỢP")]
    assert places == sorted(places)
    assert archive.whole_pdf(found) == content


# --- The statistics forms ---


def counted(code, kind, level, recipient, type_, occasions, direct=0):
    return Counted(1, code, f"Tên {code}", kind, "state", level, recipient, type_, occasions, direct)


ROWS = [
    counted("HCLD3", "order", AwardLevel.STATE, "collective", "merit", 2),
    counted("BKTT", "certificate", AwardLevel.STATE, "individual", "adhoc", 3, direct=1),
    counted("XX", "letter", AwardLevel.STATE, "individual", "thematic", 4),
    counted("COT", "title", AwardLevel.PROVINCE, "collective", "merit", 5),
    counted("BKT", "certificate", AwardLevel.PROVINCE, "household", "merit", 6),
    counted("TTLDXS", "title", AwardLevel.PROVINCE, "collective", "merit", 7),
    counted("GK", "certificate", AwardLevel.AGENCY, "individual", "merit", 100),
]


def form_of(sheet):
    return next(form for form in statistics.forms() if form.sheet == sheet)


def line_of(form, title):
    place = next(place for place, row in enumerate(form.rows) if row.title == title)
    return statistics.figures(form, ROWS)[place]


def test_form_0602_counts_the_level_of_the_state_by_its_columns():
    form = form_of("0602")

    assert line_of(form, "Tổng số") == [9, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4]
    assert line_of(form, "Cá nhân") == [7, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4]
    assert line_of(form, "Đột xuất")[0] == 3
    assert line_of(form, "Trong đó: Doanh nghiệp") == [None] * 13


def test_form_0603_counts_the_level_of_the_province_and_names_what_has_no_column():
    form = form_of("0603")

    assert line_of(form, "Tổng số") == [11, 6, 0, 5, 0]
    assert line_of(form, "Hộ gia đình") == [6, 6, 0, 0, 0]
    assert statistics.outside(form, ROWS) == {"Tên TTLDXS": 7}


def test_every_form_says_where_it_is_from_and_whether_it_was_checked():
    assert [(form.code, bool(form.source), form.is_verified) for form in statistics.forms()] == [
        ("0602.N/BNV-TĐKT", True, False),
        ("0603.N/BNV-TĐKT", True, False),
    ]
    assert all(basis.source for basis in grounds.legal_bases())


def test_workbook_holds_the_occasions_that_the_year_counts_and_nothing_of_another_cluster():
    world = ended_world()

    content = statistics.workbook(reread(world))

    book = reading.read(content, name="thong-ke.xlsx", allow_merged=True)
    cells = [[cell.value for cell in row] for sheet in book.sheets for row in sheet.rows]
    totals = [row for row in cells if row and row[0] == "Tổng số"]
    assert [row[3] for row in totals] == [1, 6]
    assert CANARY not in str(cells)
    assert statistics.workbook(reread(world)) == content
