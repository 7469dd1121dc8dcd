"""The pieces every page is made of, rendered as a page renders them."""

import pytest
from django import forms
from django.contrib.admin.helpers import ActionForm
from django.core.paginator import Paginator
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from cluster_app.lib.forms import PageFormMixin

FRAME = {
    "home_url": "/lang-son/2021/",
    "user_label": "Báo Lạng Sơn",
    "nav": [
        {"label": "Việc cần làm", "url": "/lang-son/2021/", "icon": "house", "is_current": True},
        {"label": "Xếp hạng", "url": "/lang-son/2021/ranking/", "icon": "bar-chart", "is_current": False},
    ],
}


def render(source, context=None, request=None):
    return engines["django"].from_string("{% load frame %}" + source).render(context or {}, request)


class DecisionForm(PageFormMixin, forms.Form):
    rows = (("number", "signer"),)

    signer = forms.CharField(label="Người ký")
    note = forms.CharField(label="Ghi chú", required=False)
    number = forms.CharField(label="Số quyết định")
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Quyết định này đã có trong sổ.")


def test_icon_without_a_label_is_silent():
    assert render('{% icon "printer" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#printer"></use></svg>'
    )


def test_icon_with_a_label_speaks_and_is_escaped():
    html = render('{% icon "lock" label=word %}', {"word": '"khóa" <b>'})

    assert 'role="img" aria-label="&quot;khóa&quot; &lt;b&gt;"' in html
    assert "aria-hidden" not in html


def test_status_shows_the_word_and_its_shape():
    html = render("{% status_badge status %}", {"status": {"css": "approved", "label": "Đã duyệt"}})

    assert html.strip() == '<span class="status approved">Đã duyệt</span>'


def test_breadcrumbs_begin_with_the_first_page_and_end_with_the_place_of_the_page():
    html = render('{% breadcrumbs "Xếp hạng" "/ranking/" "Vì sao" %}', {"frame": FRAME})

    assert '<a href="/lang-son/2021/">Trang chủ</a>' in html
    assert '<a href="/ranking/">Xếp hạng</a>' in html
    assert '<li aria-current="page">Vì sao</li>' in html


def test_breadcrumbs_without_a_frame_are_what_was_told():
    html = render('{% breadcrumbs "Thiết lập" %}', {"frame": None})

    assert html.count("<li") == 1


def test_only_the_current_phase_is_marked_and_all_say_their_state():
    phases = [
        {"label": "Tự chấm điểm", "date_text": "hạn 22/11", "state": "done"},
        {"label": "Thẩm định", "date_text": "đến 28/11", "state": "current"},
        {"label": "Phê duyệt", "date_text": "đến 05/12", "state": "todo"},
    ]

    html = render("{% phase_stepper phases %}", {"phases": phases})

    assert html.count("aria-current") == 1
    assert '<li class="current" aria-current="step"><div>Thẩm định<span>đến 28/11</span></div>' in html
    assert html.count("visually-hidden") == 3


def test_pagination_keeps_the_other_parameters():
    request = RequestFactory().get("/?unit=3&page=2")

    html = render("{% pagination page %}", {"page": Paginator(range(30), 10).page(2)}, request)

    assert '<span aria-current="page">2</span>' in html
    assert 'href="?unit=3&amp;page=3"' in html


def test_pagination_of_one_page_is_nothing():
    html = render("{% pagination page %}", {"page": Paginator(range(3), 10).page(1)}, RequestFactory().get("/"))

    assert html.strip() == ""


def test_form_is_drawn_without_its_own_form_tag_and_token():
    html = render_to_string("_components/_fields.html", {"form": DecisionForm()})

    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html


def test_fields_named_in_rows_stand_side_by_side_and_the_others_follow():
    html = render_to_string("_components/_fields.html", {"form": DecisionForm()})

    positions = [html.index(f'name="{name}"') for name in ("number", "signer", "note", "pk")]
    assert positions == sorted(positions)
    assert html.count('class="row "') == 1


def test_refused_form_lists_every_error_with_a_link_to_its_field():
    html = render_to_string("_components/_fields.html", {"form": DecisionForm({"number": "<1>"})})

    assert "<p>Quyết định này đã có trong sổ.</p>" in html
    assert '<a href="#id_signer">Người ký</a>' in html
    assert 'value="&lt;1&gt;"' in html


def test_form_without_the_helper_is_drawn_too():
    class PlainForm(forms.Form):
        name = forms.CharField(label="Tên")

    html = render_to_string("_components/_fields.html", {"form": PlainForm()})

    assert "<form" not in html
    assert 'class="textinput form-control"' in html


def test_form_with_a_file_is_sent_as_parts():
    class ScanForm(PageFormMixin, forms.Form):
        scan = forms.FileField(label="Bản quét")

    html = render_to_string("_components/_form.html", {"form": ScanForm(), "csrf_token": "token"})

    assert 'enctype="multipart/form-data"' in html
    assert 'name="csrfmiddlewaretoken" value="token"' in html


def test_confirmation_carries_the_token_the_hidden_values_and_what_is_left_out():
    context = {
        "columns": [{"key": "unit", "label": "Đơn vị"}, {"key": "total", "label": "Tổng điểm", "css": "num"}],
        "rows": [{"unit": "Báo Lạng Sơn", "total": "947,50"}],
        "skipped": ["Ủy ban Kiểm tra Tỉnh ủy: phiếu của chính đơn vị Cụm trưởng."],
        "hidden": [{"name": "digest", "value": "abc"}],
        "submit_label": "Phê duyệt 1 phiếu",
        "cancel_url": "/admin/",
        "csrf_token": "token",
    }

    html = render_to_string("_components/_confirm.html", context)

    assert 'name="csrfmiddlewaretoken" value="token"' in html
    assert '<input type="hidden" name="digest" value="abc">' in html
    assert '<td data-label="Tổng điểm" class="num">947,50' in html
    assert "phiếu của chính đơn vị Cụm trưởng." in html


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("947,50", "947,50"),
        (0, "0"),
        (None, "–"),
        ({"text": "Phiếu", "url": "/card/"}, '<a href="/card/">Phiếu</a>'),
        ({"css": "draft", "label": "Đang chấm"}, '<span class="status draft">Đang chấm</span>'),
    ],
)
def test_cell_shows_a_value_a_link_or_a_status(cell, shown):
    assert render_to_string("_components/_cell.html", {"cell": cell}).strip() == shown


def test_each_action_of_the_admin_is_a_button_of_its_own():
    action_form = ActionForm(auto_id=None)
    action_form.fields["action"].choices = [("", "---"), ("approve", "Phê duyệt"), ("return", "Trả lại")]

    html = render_to_string("admin/actions.html", {"action_form": action_form, "cl": {"result_list": []}})

    assert '<button class="btn btn-outline-secondary" type="submit" name="action" value="approve">Phê duyệt' in html
    assert '<button class="btn btn-outline-secondary" type="submit" name="action" value="return">Trả lại' in html
    assert "<select" not in html
    assert '<input type="hidden" name="index" value="0">' in html


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_error_page_needs_neither_request_nor_database(status):
    context = {"message": "Phiếu đã được <duyệt>.", "next_step": "Tải lại trang.", "missing": ["Còn 2 kiến nghị."]}

    html = render_to_string(f"errors/{status}.html", context)

    assert f'<p class="error-code">{status}</p>' in html
    assert "Phiếu đã được &lt;duyệt&gt;." in html
    assert "Tải lại trang." in html
    assert "<li>Còn 2 kiến nghị.</li>" in html
    assert "<script" not in html
