import unicodedata

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from cluster_app.lib import uploads
from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets.survey import MEGABYTE
from tests.cluster_app import sample_uploads as samples
from tests.cluster_app.sample_spreadsheets import zipped

GOOD = {
    "pdf": samples.PDF,
    "docx": samples.docx(),
    "xlsx": samples.xlsx(),
    "jpg": samples.jpg(),
    "png": samples.png(),
}
NOT_TAKEN = "Chỉ nhận tệp PDF, Word (docx), Excel (xlsx), JPG và PNG. Hãy lưu văn bản thành PDF rồi thử lại."
DAMAGED = "Tệp bị hỏng. Hãy mở bằng chương trình của nó, lưu lại rồi thử lại."
MACROS = "Tệp có macro. Hãy lưu bản không có macro, hoặc lưu thành PDF, rồi thử lại."
TOO_MANY = "Tệp gồm hơn 200 phần, hoặc lớn hơn 64 MB khi giải nén. Hãy lưu thành PDF rồi thử lại."
COMPOUND = "Tệp có mật khẩu, hoặc thuộc định dạng Office cũ. Hãy lưu lại, không đặt mật khẩu."
TOO_WIDE = "Ảnh có hơn 100 triệu điểm. Hãy thu nhỏ, hoặc quét lại với độ phân giải thấp hơn."
TOO_LARGE = "Tệp lớn hơn 20 MB. Hãy quét với độ phân giải thấp hơn, hoặc chia thành nhiều phần."


def not_a(kind):
    return f"Nội dung không phải là tệp {kind}. Hãy mở bằng chương trình của nó, lưu thành {kind} rồi thử lại."


def refusal(name, content):
    with pytest.raises(Refused) as caught:
        uploads.judge(name, content)
    [[sentence]] = caught.value.errors.values()
    assert list(caught.value.errors) == ["file"]
    return sentence


@pytest.mark.parametrize("extension", GOOD)
def test_judge_real_file_keeps_name_type_and_content(extension):
    found = uploads.judge(f"Báo cáo quý 1.{extension}", GOOD[extension])

    assert (found.name, found.extension, found.content, found.size) == (
        f"Báo cáo quý 1.{extension}",
        extension,
        GOOD[extension],
        len(GOOD[extension]),
    )


@pytest.mark.parametrize("written", ["ảnh.JPEG", "ảnh.jpeg", "ảnh.Jpg"])
def test_judge_jpeg_becomes_jpg(written):
    assert uploads.judge(written, samples.jpg()).name == "ảnh.jpg"


@pytest.mark.parametrize("extension", GOOD)
@pytest.mark.parametrize("content", [samples.HTML, samples.SVG, b"MZ\x90\x00", b"x"])
def test_judge_other_content_under_the_name_is_refused(extension, content):
    label = extension if extension in ("docx", "xlsx") else extension.upper()

    assert refusal(f"a.{extension}", content) == not_a(label)


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.docm", "a.exe", "a", ".pdf", "a.pdf.exe", "a.pdf/", "a.zip", ""]
)
def test_judge_other_type_is_refused(name):
    assert refusal(name, samples.PDF) == NOT_TAKEN


@pytest.mark.parametrize("taken", GOOD)
def test_judge_file_of_one_type_under_the_name_of_another_is_refused(taken):
    for named in set(GOOD) - {taken}:
        label = named if named in ("docx", "xlsx") else named.upper()
        assert refusal(f"a.{named}", GOOD[taken]) == not_a(label)


def test_judge_empty_file_is_refused():
    assert refusal("a.pdf", b"") == "Tệp trống. Hãy chọn lại tệp, hoặc lưu lại."


def test_judge_takes_twenty_megabytes_and_not_one_byte_more():
    whole = samples.PDF.ljust(20 * MEGABYTE, b"%")

    assert uploads.judge("a.pdf", whole).size == 20 * MEGABYTE
    assert refusal("a.pdf", whole + b"%") == TOO_LARGE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (samples.docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), MACROS),
        (samples.docx({"word/vbaProject.bin": b"x"}), MACROS),
        (samples.docx({"word/deep/vbaproject.BIN": b"x"}), MACROS),
        (samples.encrypted(samples.docx()), "Tệp được mã hóa. Hãy lưu lại, không đặt mật khẩu."),
        (samples.COMPOUND, COMPOUND),
        (
            samples.docx(main="application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"),
            not_a("docx"),
        ),
        (zipped({"word/document.xml": "<document/>"}), not_a("docx")),
        (zipped({"a.txt": "x"}), not_a("docx")),
        (samples.docx({f"word/media/{number}.png": b"" for number in range(198)}), None),
        (samples.docx({f"word/media/{number}.png": b"" for number in range(199)}), TOO_MANY),
        (samples.docx({"word/bomb.xml": b"\0" * (65 * MEGABYTE)}), TOO_MANY),
        (samples.docx({f"{'long' * 300}{number}": b"" for number in range(190)}), TOO_MANY),
        (samples.docx({"../../etc/passwd": b"x"}), DAMAGED),
        (samples.docx({"/etc/passwd": b"x"}), DAMAGED),
        (samples.docx({"..\\..\\windows": b"x"}), DAMAGED),
        (samples.docx()[:-30], DAMAGED),
        (samples.docx() + b"trailing", DAMAGED),
        (b"PK\x03\x04", DAMAGED),
    ],
)
def test_judge_office_package_within_its_limits(content, sentence):
    if sentence is None:
        assert uploads.judge("a.docx", content).extension == "docx"
    else:
        assert refusal("a.docx", content) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (samples.png(10_000, 10_000), None),
        (samples.png(10_001, 10_000), TOO_WIDE),
        (samples.png(2**31, 2**31), TOO_WIDE),
        (samples.png(0, 10), DAMAGED),
        (samples.png()[:20], DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + samples.HTML, DAMAGED),
    ],
)
def test_judge_png_by_the_dimensions_it_declares(content, sentence):
    if sentence is None:
        assert uploads.judge("a.png", content).extension == "png"
    else:
        assert refusal("a.png", content) == sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (samples.jpg(10_000, 10_000), None),
        (samples.jpg(8, 8, before=b"\xff\xff\xff\xe1\x00\x08Exif12"), None),
        (samples.jpg(10_000, 10_001), TOO_WIDE),
        (samples.jpg(65_535, 65_535), TOO_WIDE),
        (samples.jpg(0, 10), DAMAGED),
        (samples.jpg(8, 8, before=b"\xff" * 5_000), DAMAGED),
        (samples.jpg(8, 8, before=b"\xff\xe1\x00\x02" * 2_000), DAMAGED),
        (b"\xff\xd8\xff" + samples.HTML, DAMAGED),
        (b"\xff\xd8\xff", DAMAGED),
    ],
)
def test_judge_jpg_by_the_dimensions_it_declares(content, sentence):
    if sentence is None:
        assert uploads.judge("a.jpg", content).extension == "jpg"
    else:
        assert refusal("a.jpg", content) == sentence


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("../../etc/passwd/Báo cáo.pdf", "Báo cáo.pdf"),
        ("C:\\Hồ sơ\\Báo cáo.PDF", "Báo cáo.pdf"),
        ("Báo\x00 cáo\r\n\t.pdf", "Báo cáo.pdf"),
        ("Báo cáo\u202efdp.exe.pdf", "Báo cáofdp.exe.pdf"),
        ("\u2066Báo\u200b cáo\u2069\ufeff.pdf", "Báo cáo.pdf"),
        ("Báo\u2028cáo.pdf", "Báocáo.pdf"),
        (unicodedata.normalize("NFD", "Báo cáo.pdf"), "Báo cáo.pdf"),
        ("   .  .pdf", "file.pdf"),
        ("Báo cáo. .pdf", "Báo cáo.pdf"),
        ('Báo "cáo"; filename=x.pdf', 'Báo "cáo"; filename=x.pdf'),
        ("\u202e\u202e.pdf", None),
    ],
)
def test_judge_name_is_safe_to_show(written, kept):
    if kept is None:
        assert refusal(written, samples.PDF) == NOT_TAKEN
    else:
        assert uploads.judge(written, samples.PDF).name == kept


def test_judge_long_name_is_cut_and_keeps_its_type():
    name = uploads.judge(f"{'ệ' * 500}.docx", samples.docx()).name

    assert name == f"{'ệ' * 195}.docx"


def test_read_takes_the_file_of_a_form():
    found = uploads.read(SimpleUploadedFile("a.pdf", samples.PDF))

    assert (found.name, found.content) == ("a.pdf", samples.PDF)


def test_bounded_handler_lets_the_others_see_only_that_a_file_is_too_large(settings):
    settings.UPLOAD_LARGEST_FILE = 10
    handler = uploads.BoundedUploadHandler()

    kept = [handler.receive_data_chunk(b"12345", start) for start in (0, 5, 10, 15, 20)]

    assert kept == [b"12345", b"12345", b"12345", None, None]
    assert handler.file_complete(25) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "status"), [(1, 302), (3, 400)])
def test_more_files_than_any_form_takes_are_refused_before_the_page_is_asked(count, status):
    files = {f"file{place}": SimpleUploadedFile(f"{place}.pdf", samples.PDF) for place in range(count)}

    client = Client(enforce_csrf_checks=count > 1)
    client.cookies["csrftoken"] = "a" * 32  # only with it is the body of a request read
    response = client.post(reverse("scoring:home", args=["khong-co", 2021]), files)

    assert response.status_code == status
    with translation.override("vi"):
        sentence = gettext("Too many files were sent at once. Go back and send one file at a time.")
    assert (sentence in response.content.decode()) == (status == 400)
