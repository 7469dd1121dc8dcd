"""The code tests itself: its floors, its constraints, its templates, its tables.

A rule over all files or all models is one test, which names everything that breaks it: under pytest-xdist a test costs
more than a look at a file.
"""

import ast
import re
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db.models import CheckConstraint, UniqueConstraint
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from cluster_app.audit.models import AuditEvent
from cluster_app.bootstrap import ROOT
from cluster_app.documents.models import IssuedDocument
from members.enums import PendingKind, Phase
from members.models import User
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR
from scoring.enums import CardStatus, CriterionKind, RecordSource
from scoring.kinds import KINDS
from scoring.sources import SOURCES
from scoring.workflow import CARD, OPEN_PHASES

APPS = ("cluster_app", "members", "awards", "scoring")
FLOORS = {"audit": 1, "documents": 1, "members": 2, "awards": 3, "scoring": 4}
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = ROOT / "templates"
OWN_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
# Shown by their number: `errors/{status}.html`.
STATUSES = {400, 403, 404, 409, 500, 503}
# Named by Django's own view.
BY_DJANGO = {"registration/login.html"}
LARGEST_MODULE = 400
LARGEST_FUNCTION = 40
NOT_IN_TEMPLATES = re.compile(
    r"\|\s*safe|autoescape\s+off|<style|\sstyle=|\son\w+=|javascript:"
    r"|<script(?![^>]*\ssrc=)"
    r"|(?:src|href)=\"(?:https?:)?//"
)
NOT_IN_CODE = re.compile(
    r"mark_safe|SafeString\(|csrf_exempt|RawSQL|\.raw\(|\.extra\("
    r"|fields\s*=\s*[\"(\[]*\"?__all__"
    r"|^\s+exclude\s*=",
    re.MULTILINE,
)
# Of a moment in UTC they are those of yesterday until 7 o'clock in Việt Nam.
DAY_OF_A_MOMENT = re.compile(r"\b(?:at|now\(\)|\w+_at)\.(?:date\(\)|year\b|month\b|day\b)")


def relative(path):
    return path.relative_to(ROOT).as_posix()


def name_of(path):
    return path.relative_to(TEMPLATES).as_posix()


def found_in(paths, pattern):
    """Where the pattern stands: `file: what was found`."""
    return [f"{relative(path)}: {found[0]}" for path in paths for found in pattern.finditer(text_of(path))]


@cache
def text_of(path):
    return path.read_text(encoding="utf-8")


@cache
def nodes_of(path):
    return list(ast.walk(ast.parse(text_of(path))))


def test_rules_look_at_the_models_the_code_and_the_templates_of_every_app():
    assert {model._meta.app_label for model in MODELS} == set(FLOORS)
    assert {path.relative_to(ROOT).parts[0] for path in CODE} == set(APPS)
    assert {path.relative_to(TEMPLATES).parts[0] for path in OWN_TEMPLATES} >= {"members", "awards", "scoring"}


@pytest.mark.parametrize(
    ("pattern", "sample"),
    [
        (NOT_IN_TEMPLATES, "{{ name | safe }}"),
        (NOT_IN_TEMPLATES, "{% autoescape off %}"),
        (NOT_IN_TEMPLATES, "<style>"),
        (NOT_IN_TEMPLATES, '<p style="margin: 0">'),
        (NOT_IN_TEMPLATES, '<button onclick="go()">'),
        (NOT_IN_TEMPLATES, '<a href="javascript:go()">'),
        (NOT_IN_TEMPLATES, "<script>go()</script>"),
        (NOT_IN_TEMPLATES, '<script src="//example.org/go.js">'),
        (NOT_IN_TEMPLATES, '<link href="https://example.org/go.css">'),
        (NOT_IN_CODE, "mark_safe(name)"),
        (NOT_IN_CODE, "@csrf_exempt"),
        (NOT_IN_CODE, 'Model.objects.raw("SELECT 1")'),
        (NOT_IN_CODE, 'fields = "__all__"'),
        (NOT_IN_CODE, 'class Meta:\n    exclude = ["name"]'),
        (DAY_OF_A_MOMENT, "card.approved_at.date()"),
        (DAY_OF_A_MOMENT, "at.year"),
        (DAY_OF_A_MOMENT, "clock.now().month"),
    ],
)
def test_forbidden_text_would_be_found(pattern, sample):
    assert pattern.search(sample)


def test_rows_are_locked_in_one_way():
    """`lib.locking` says why."""
    found = [relative(path) for path in CODE if "select_for_update" in path.read_text(encoding="utf-8")]

    assert found == ["cluster_app/lib/locking.py"]


# --- Models ---


def test_foreign_keys_point_down_the_floors():
    assert [
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation and field.related_model is not User
        if FLOORS[field.related_model._meta.app_label] > FLOORS[model._meta.app_label]
    ] == []


def test_log_and_papers_name_their_objects_by_plain_text():
    models = (AuditEvent, IssuedDocument)

    assert [str(field) for model in models for field in model._meta.get_fields() if field.is_relation] == []


def test_choices_are_known_to_the_database():
    """Each by one check that allows exactly its values, and the empty one where it may be blank."""
    fields = [(model, field) for model in MODELS for field in model._meta.fields if field.choices]
    allowed = {str(field): [{*dict(field.flatchoices), *([""] if field.blank else [])}] for _model, field in fields}

    assert {str(field): values_checked(model, field) for model, field in fields} == allowed


def values_checked(model, field):
    checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
    known = [dict(check.condition.children).get(f"{field.name}__in") for check in checks if is_plain(check.condition)]
    return [set(values) for values in known if values]


def is_plain(condition):
    return len(condition.children) == 1 and isinstance(condition.children[0], tuple) and not condition.negated


def test_order_shown_to_people_is_total():
    assert [model.__name__ for model in MODELS if not model._meta.auto_created and not has_total_order(model)] == []


def has_total_order(model):
    """It ends in the primary key, or names all fields of a unique constraint; one row a year needs no order."""
    ordering = [name.lstrip("-") for name in model._meta.ordering]
    if not ordering:
        return [field.name for field in model._meta.fields if field.one_to_one] == ["year"]
    unique = [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.condition is None
    ]
    return ordering[-1] == "pk" or any(fields <= set(ordering) for fields in unique)


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- Tables of the domain ---


def test_every_status_of_a_card_has_words_for_the_unit_and_for_the_reviewer():
    assert all(str(status.label) and str(status.for_unit) for status in CardStatus)
    assert len({str(status.for_unit) for status in CardStatus}) == len(CardStatus)


@pytest.mark.parametrize(("workflow", "states"), [(CARD, CardStatus), (YEAR, Phase)], ids=["card", "year"])
def test_workflow_knows_its_states_alone_and_reaches_every_one(workflow, states):
    sources = {state for transition in workflow.transitions.values() for state in transition.sources}
    targets = {transition.target for transition in workflow.transitions.values() if transition.target}
    first = next(iter(states))

    assert sources | targets == set(states)
    assert targets | {first} == set(states)


def test_every_step_of_a_card_has_phases_that_open_it():
    assert set(OPEN_PHASES) == set(CARD.transitions)
    assert all(phases <= set(Phase) for phases in OPEN_PHASES.values())


def test_every_phase_leads_on():
    assert set(NEXT_STEP) == set(Phase)
    assert all(YEAR.can(step, phase) for phase, step in NEXT_STEP.items())


def test_every_act_of_two_persons_has_a_place():
    assert {*BY_TWO_PERSONS.values(), PendingKind.PUBLISH, PendingKind.REOPEN_CARD} == set(PendingKind)


def test_every_kind_of_leaf_and_every_source_is_computed():
    assert set(KINDS) == set(CriterionKind) - {CriterionKind.GROUP}
    assert set(SOURCES) == set(RecordSource)


# --- Templates ---


def overrides_another(name):
    """Whether a package brings a template of this name, which ours replaces."""
    found = get_template(name).template.engine.template_loaders
    own = (TEMPLATES / name).as_posix()
    return any(
        origin.name != own and (ROOT / origin.name).is_file()
        for loader in found
        for inner in getattr(loader, "loaders", [loader])
        for origin in inner.get_template_sources(name)
    )


def test_every_template_is_used():
    sources = "\n".join(text_of(path) for path in (*CODE, *OWN_TEMPLATES))
    by_status = {f"errors/{status}.html" for status in STATUSES}
    by_stem = {f"members/{stem}.html" for stem in re.findall(r"setup_page\([^\"]*\"(\w+)\"", sources)}
    unnamed = {name_of(path) for path in OWN_TEMPLATES if f'"{name_of(path)}"' not in sources}

    assert [name for name in sorted(unnamed - by_status - by_stem - BY_DJANGO) if not overrides_another(name)] == []


def test_templates_and_files_that_a_template_names_exist():
    missing = []
    for path in OWN_TEMPLATES:
        named = re.findall(r"\{% (?:include|extends) \"([^\"]+)\"", text_of(path))
        static = re.findall(r"\{% static ['\"]([^'\"]+)['\"]", text_of(path))
        missing += [f"{name_of(path)}: {name}" for name in named if not is_template(name)]
        missing += [f"{name_of(path)}: {name}" for name in static if finders.find(name) is None]

    assert missing == []


def is_template(name):
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def test_templates_escape_everything_and_hold_no_code():
    assert found_in(OWN_TEMPLATES, NOT_IN_TEMPLATES) == []


def test_every_error_has_its_page():
    assert {path.stem for path in (TEMPLATES / "errors").glob("*.html")} == {"base", *map(str, STATUSES)}


# --- Code ---


def test_modules_are_short():
    assert [relative(path) for path in CODE if text_of(path).count("\n") >= LARGEST_MODULE] == []


def test_functions_are_short():
    assert [
        f"{relative(path)}: {node.name}"
        for path in CODE
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LARGEST_FUNCTION
    ] == []


def test_code_trusts_no_markup_no_sql_of_strings_and_no_form_that_takes_every_field():
    assert found_in(CODE, NOT_IN_CODE) == []


def test_points_are_never_floats():
    assert [
        f"{relative(path)}:{node.lineno}"
        for path in CODE
        if path.relative_to(ROOT).parts[0] in {"scoring", "awards"}
        for node in nodes_of(path)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ] == []


def test_nothing_is_printed():
    assert [
        f"{relative(path)}:{node.lineno}"
        for path in CODE
        if path.name != "bootstrap.py"
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ] == []


def test_day_of_a_moment_is_that_of_vietnam():
    assert found_in(CODE, DAY_OF_A_MOMENT) == []


def test_keys_and_databases_are_not_in_the_repository():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"var/", ".env", ".venv/"} <= set(ignored)
    assert settings.VAR_DIR == ROOT / "var"
