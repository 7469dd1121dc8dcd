"""The templates of the papers: what they may say, what is missing, and typed text that stays text."""

from datetime import date

import pytest
from django.utils import translation

from cluster_app.documents.blocks import Column, Row, Table
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.text import text_of
from cluster_app.lib.errors import Refused
from members.models import Cluster, EmulationYear, YearPaper
from members.signing import LeaderSignatures
from scoring.paperwork import templates
from scoring.paperwork.compose import Material, compose
from scoring.paperwork.enums import TEMPLATED, VariableKind
from scoring.paperwork.templates import TemplateError, parse

HOSTILE = '{cluster} {{ user.password }} {0.__class__} #read("/etc/passwd") ]#eval() <script>x</script> % $ \\'
KINDS = sorted(TEMPLATED)
SAMPLE = {
    VariableKind.TEXT: "văn bản",
    VariableKind.LINES: "dòng một\ndòng hai",
    VariableKind.DATE: "2021-12-30",
    VariableKind.TIME: "08:30",
    VariableKind.NUMBER: "1200",
    VariableKind.TABLE: (Table("Bảng", (Column("Cột", 1),), (Row(("ô",)),)),),
}


def values_for(template, *, asked):
    return {one.name: SAMPLE[one.kind] for one in template.variables.values() if one.is_asked == asked}


def paper_of(kind, filled, typed):
    """The paper of a year that is in no database."""
    template = templates.of(kind)
    cluster = Cluster(name="Cụm thử", superior="Tỉnh ủy thử", province="Lạng Sơn")
    year = EmulationYear(cluster=cluster, year=2021, recipients="Các đơn vị thành viên")
    paper = YearPaper(kind=kind)
    paper.year = year
    values = templates.values_of(template, filled, typed)
    signing = LeaderSignatures(year=year, leader=None, signatories=(), delegations=())
    return compose(Material(paper, template, values, signing), is_draft=False, dated_on=date(2021, 12, 1))


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_keeps_to_its_declarations_and_names_them_in_both_languages(kind):
    template = templates.of(kind)

    assert template.title
    assert template.summary
    assert all(label and label.strip() == label for one in template.variables.values() for label in one.labels)
    assert len({one.labels[0] for one in template.variables.values()}) == len(template.variables)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, one.name) for kind in KINDS for one in templates.of(kind).variables.values() if one.is_required],
)
def test_each_missing_variable_is_an_error_that_names_it(kind, name):
    template = templates.of(kind)
    variable = template.variables[name]
    filled, typed = values_for(template, asked=False), values_for(template, asked=True)
    if variable.is_asked and variable.default:
        assert templates.values_of(template, filled, typed | {name: " "})[name]
        return

    with translation.override("vi"), pytest.raises(Refused) as refusal:
        templates.values_of(template, filled | {name: ""}, typed | {name: ""} if variable.is_asked else typed)

    assert [variable.labels[0] in sentence for sentence in refusal.value.missing] == [True]


@pytest.mark.parametrize("kind", KINDS)
def test_paper_without_its_optional_values_has_no_hole(kind):
    template = templates.of(kind)
    optional = {one.name for one in template.variables.values() if not one.is_required}
    filled = {name: value for name, value in values_for(template, asked=False).items() if name not in optional}
    typed = {name: value for name, value in values_for(template, asked=True).items() if name not in optional}

    lines = text_of(paper_of(kind, filled, typed))

    assert [line for line in lines if "{" in line or ": ." in line or "  " in line.replace("\u00a0", "")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_typed_text_is_data_and_never_template(kind):
    template = templates.of(kind)
    typed = values_for(template, asked=True)
    hostile = {one.name: HOSTILE for one in template.asked if one.kind in (VariableKind.TEXT, VariableKind.LINES)}

    paper = paper_of(kind, values_for(template, asked=False), typed | hostile)

    text = "\n".join(text_of(paper))
    assert text.count(HOSTILE.rstrip()) >= len(hostile)
    assert "Cụm thử {{" not in text


def test_value_that_the_template_does_not_declare_is_an_error():
    template = templates.of(DocumentKind.REMINDER)

    with pytest.raises(Refused) as refusal:
        templates.values_of(template, values_for(template, asked=False), {"lạ": "x"})

    assert [("lạ" in sentence) for sentence in refusal.value.missing] == [True]


@pytest.mark.parametrize(
    ("name", "value"),
    [("held_on", "31/02/2021"), ("held_on", "hôm nay"), ("starts_at", "25:00"), ("held_on", HOSTILE)],
)
def test_value_of_another_kind_is_an_error_that_names_the_variable(name, value):
    template = templates.of(DocumentKind.INVITATION)
    typed = values_for(template, asked=True) | {name: value}

    with translation.override("vi"), pytest.raises(Refused) as refusal:
        templates.values_of(template, values_for(template, asked=False), typed)

    assert [template.variables[name].labels[0] in sentence for sentence in refusal.value.missing] == [True]


def test_date_and_time_read_as_papers_write_them():
    template = templates.of(DocumentKind.INVITATION)
    typed = values_for(template, asked=True) | {"held_on": "2021-02-05", "starts_at": "07:05"}

    values = templates.values_of(template, values_for(template, asked=False), typed)

    assert (values["held_on"], values["starts_at"]) == ("ngày 05 tháng 02 năm 2021", "07 giờ 05")


HEAD = "title: T {a}\nsummary: S\nask | a | text | required | Nhãn / Label\nask | b | text | optional | Hai / Two\n"


@pytest.mark.parametrize(
    ("source", "named"),
    [
        (HEAD + "---\nChữ {c}.\n? {b}", "c"),
        (HEAD + "---\nChữ {a.b}.\n? {b}", "{a.b}"),
        (HEAD + "---\nChữ {a!r}.\n? {b}", "{a!r}"),
        (HEAD + "---\nChữ {.\n? {b}", "{."),
        (HEAD + "---\nChữ {b}.", "b"),
        (HEAD + "---\nChữ {a}.", "b"),
        (HEAD + "---\n@table {a}\n? {b}", "a"),
        (HEAD + "---\n@lines {a} {b}", "{a} {b}"),
        (HEAD + "---\n@eval {a}\n? {b}", "@eval"),
        (HEAD + "ask | a | text | required | Nhãn / Label\n---\n{a} ", "a"),
        (HEAD + "ask | c | table | required | Bảng / Table\n---\n{a}\n? {b}", "table"),
        (HEAD + "ask | c | code | required | Mã / Code\n---\n{a}\n? {b}", "code"),
        (HEAD + "ask | c | text | required | Không có tiếng Anh\n---\n{a}\n? {b}", "Không có"),
        (HEAD + "Chữ {a}", "---"),
    ],
)
def test_template_that_breaks_its_own_rules_is_refused_and_says_where(source, named):
    with pytest.raises(TemplateError) as error:
        parse(source)

    assert named in str(error.value)


def test_lines_with_a_dash_are_a_list_and_the_others_paragraphs():
    template = templates.of(DocumentKind.REMINDER)
    typed = values_for(template, asked=True) | {"remark": "Mở đầu:\n- việc một;\n– việc hai.\nHết."}

    lines = text_of(paper_of(DocumentKind.REMINDER, values_for(template, asked=False), typed))

    place = lines.index("Mở đầu:")
    assert lines[place : place + 4] == ["Mở đầu:", "- việc một;", "- việc hai.", "Hết."]
