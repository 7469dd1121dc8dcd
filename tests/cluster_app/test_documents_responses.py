from dataclasses import replace

import pytest
from django.http import Http404, QueryDict
from django.test import RequestFactory

from cluster_app.documents import pdf, responses, word
from cluster_app.documents.html import Toolbar, ToolbarLink
from tests.cluster_app import sample_documents

DOCUMENT = sample_documents.pledge()


def _request(query=""):
    request = RequestFactory().get(f"/lang-son/2021/pledge/print/{query}")
    request.session = {}
    return request


def _page(query="", **kwargs):
    return responses.respond(_request(query), DOCUMENT, **kwargs).content.decode()


def test_without_a_format_the_page_answers_and_offers_both_files():
    toolbar = Toolbar(back_url="/lang-son/2021/", links=(ToolbarLink("?edition=draft", "Dự thảo"),))

    page = _page("?edition=draft&annex=2b", toolbar=toolbar)

    path = "/lang-son/2021/pledge/print/?edition=draft&amp;annex=2b"
    assert f'<a class="paper-print" href="{path}&amp;format=pdf" target="_blank" rel="noopener"' in page
    assert f'<a href="{path}&amp;format=docx">Word</a>' in page
    assert '<a href="/lang-son/2021/">' in page
    assert "data-print" not in page
    assert "<h1" in page


def test_page_without_files_prints_itself():
    assert "data-print" in responses.render_page(DOCUMENT)
    assert "format=" not in responses.render_page(DOCUMENT)


def test_pdf_is_shown_in_the_browser_and_kept_by_nobody():
    response = responses.respond(_request("?format=pdf"), DOCUMENT)

    assert response.content == pdf.render(DOCUMENT)
    assert response.headers == {
        "Content-Type": "application/pdf",
        "Content-Disposition": (
            "inline; filename=\"ban-giao-uoc-thi-dua-nam-2021.pdf\"; filename*=utf-8''"
            "B%E1%BA%A2N%20GIAO%20%C6%AF%E1%BB%9AC%20THI%20%C4%90UA%20N%C4%82M%202021.pdf"
        ),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def test_word_file_is_saved():
    response = responses.respond(_request("?format=docx"), DOCUMENT, filename="giao-uoc")

    assert response.content == word.render(DOCUMENT)
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert response["Content-Disposition"] == 'attachment; filename="giao-uoc.docx"'


@pytest.mark.parametrize("name", ["", "exe", "PDF", "pdf/../docx", "html"])
def test_other_formats_are_not_found(name):
    query = QueryDict(mutable=True)
    query["format"] = name

    with pytest.raises(Http404):
        responses.respond(_request(f"?{query.urlencode()}"), DOCUMENT)


def test_file_response_is_none_where_the_page_was_asked_for():
    assert responses.file_response(_request("?annex=1"), DOCUMENT) is None


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ('Phiếu "A"\r\nSet-Cookie: x=1', "phieu-a-set-cookie-x-1"),
        ("../../etc/passwd", "etc-passwd"),
        ("漢字", "van-ban"),
        ("", "van-ban"),
        (" . ", "van-ban"),
        ("Đ" * 500, "d" * 120),
    ],
)
def test_name_of_a_file_is_always_a_plain_one(title, plain):
    response = responses.respond(_request("?format=docx"), replace(DOCUMENT, title=title or "x"), filename=title or "…")

    disposition = response["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="{plain}.docx"')
    assert "\n" not in disposition
    assert "/" not in disposition
