"""The code tests itself: its floors, its constraints, its templates, its tables."""

import ast
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db.models import CheckConstraint, UniqueConstraint
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

FLOORS = {"audit": 1, "documents": 1, "members": 2, "awards": 3, "scoring": 4}
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]
CODE = sorted(
    path
    for folder in ("cluster_app", "members", "awards", "scoring")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = ROOT / "templates"
OWN_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
# Shown by their number: `errors/{status}.html`.
STATUSES = {400, 403, 404, 409, 500, 503}
# Named by Django's own view.
BY_DJANGO = {"registration/login.html"}
LARGEST_MODULE = 400
LARGEST_FUNCTION = 40


def relative(path):
    return path.relative_to(ROOT).as_posix()


def name_of(path):
    return path.relative_to(TEMPLATES).as_posix()


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


# --- Models ---


@pytest.mark.parametrize("model", MODELS)
def test_foreign_keys_point_down_the_floors(model):
    targets = {
        field.related_model
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.is_relation and field.related_model is not User
    }

    assert {target for target in targets if FLOORS[target._meta.app_label] > FLOORS[model._meta.app_label]} == set()


@pytest.mark.parametrize("model", [AuditEvent, IssuedDocument])
def test_log_and_papers_name_their_objects_by_plain_text(model):
    assert [field.name for field in model._meta.get_fields() if field.is_relation] == []


@pytest.mark.parametrize(
    ("model", "field"),
    [(model, field) for model in MODELS for field in model._meta.fields if field.choices],
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_choices_are_known_to_the_database(model, field):
    values = {value for value, _label in field.flatchoices} | ({""} if field.blank else set())
    checks = [constraint for constraint in model._meta.constraints if isinstance(constraint, CheckConstraint)]
    known = [dict(check.condition.children).get(f"{field.name}__in") for check in checks if is_plain(check.condition)]

    assert [set(found) for found in known if found] == [values]


def is_plain(condition):
    return len(condition.children) == 1 and isinstance(condition.children[0], tuple) and not condition.negated


@pytest.mark.parametrize("model", [model for model in MODELS if not model._meta.auto_created])
def test_order_shown_to_people_is_total(model):
    """It ends in the primary key, or names all fields of a unique constraint; one row a year needs no order."""
    ordering = [name.lstrip("-") for name in model._meta.ordering]
    if not ordering:
        assert [field.name for field in model._meta.fields if field.one_to_one] == ["year"]
        return
    unique = [
        set(constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and constraint.condition is None
    ]

    assert ordering[-1] == "pk" or any(fields <= set(ordering) for fields in unique)


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


@pytest.fixture(scope="module")
def sources():
    return "\n".join(path.read_text(encoding="utf-8") for path in (*CODE, *OWN_TEMPLATES))


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


@pytest.mark.parametrize("path", OWN_TEMPLATES, ids=name_of)
def test_template_is_used(path, sources):
    name = name_of(path)
    by_status = {f"errors/{status}.html" for status in STATUSES}
    by_stem = {f"members/{stem}.html" for stem in re.findall(r"setup_page\([^\"]*\"(\w+)\"", sources)}

    assert f'"{name}"' in sources or name in by_status | by_stem | BY_DJANGO or overrides_another(name)


@pytest.mark.parametrize("path", OWN_TEMPLATES, ids=name_of)
def test_templates_and_files_that_a_template_names_exist(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"\{% (?:include|extends) \"([^\"]+)\"", text)
    static = re.findall(r"\{% static ['\"]([^'\"]+)['\"]", text)

    for name in named:
        get_template(name)
    assert [name for name in static if finders.find(name) is None] == []


@pytest.mark.parametrize("path", OWN_TEMPLATES, ids=name_of)
def test_template_escapes_everything_and_holds_no_code(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe|autoescape\s+off|<style|\sstyle=|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)


def test_every_error_has_its_page():
    assert {path.stem for path in (TEMPLATES / "errors").glob("*.html")} == {"base", *map(str, STATUSES)}


# --- Code ---


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_module_is_short_and_so_are_its_functions(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    assert lines < LARGEST_MODULE
    assert [one.name for one in functions if one.end_lineno - one.lineno >= LARGEST_FUNCTION] == []


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_code_trusts_no_markup_no_sql_of_strings_and_no_form_that_takes_every_field(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"mark_safe|SafeString\(|csrf_exempt|RawSQL|\.raw\(|\.extra\(", text)
    assert not re.search(r"fields\s*=\s*[\"(\[]*\"?__all__", text)
    assert not re.search(r"^\s+exclude\s*=", text, re.MULTILINE)


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.relative_to(ROOT).parts[0] in {"scoring", "awards"}], ids=relative
)
def test_points_are_never_floats(path):
    nodes = list(ast.walk(tree_of(path)))

    assert [node.lineno for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, float)] == []
    assert [node.lineno for node in nodes if isinstance(node, ast.Name) and node.id == "float"] == []


@pytest.mark.parametrize("path", [path for path in CODE if path.name != "bootstrap.py"], ids=relative)
def test_nothing_is_printed(path):
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]

    assert [call.lineno for call in calls if getattr(call.func, "id", "") == "print"] == []


@pytest.mark.parametrize("path", CODE, ids=relative)
def test_day_of_a_moment_is_that_of_vietnam(path):
    """`.date()` and `.year` of a moment in UTC are those of yesterday until 7 o'clock."""
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\b(?:at|now\(\)|\w+_at)\.(?:date\(\)|year\b|month\b|day\b)", text)


def test_keys_and_databases_are_not_in_the_repository():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"var/", ".env", ".venv/"} <= set(ignored)
    assert settings.VAR_DIR == ROOT / "var"
