import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import translation
from django.utils.functional import Promise

from cluster_app.lib.errors import (
    DomainError,
    NotAllowed,
    NotKnown,
    Refused,
    Stale,
    WrongState,
    integrity_as_refusal,
    refusal_of,
    refused_by,
    save_checked,
)
from members.enums import MemberRole
from members.models import Cluster, Extension, Membership, PendingStep, User
from scoring.models import Approval, Scorecard
from tests.factories.members import (
    ClusterFactory,
    EmulationYearFactory,
    ExtensionFactory,
    MembershipFactory,
    PendingStepFactory,
    UserFactory,
)
from tests.factories.scoring import ScorecardFactory

OWN_APPS = {"audit", "documents", "members", "awards", "scoring"}
OWN_MODELS = [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]
CONSTRAINTS = [(model, constraint) for model in OWN_MODELS for constraint in model._meta.constraints]
UNKNOWN = "The database refused this change, because it contradicts what is already recorded."


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def sentences(_in_english):
    return {constraint.name: str(constraint.violation_error_message) for _model, constraint in CONSTRAINTS}


def columns_of(model, constraint):
    return [model._meta.get_field(name).column for name in constraint.fields]


@pytest.mark.parametrize(
    ("error", "status"), [(NotAllowed, 403), (NotKnown, 404), (WrongState, 409), (Stale, 409), (Refused, 200)]
)
def test_error_of_the_domain_has_its_status_and_its_sentence(error, status):
    raised = error("What is wrong.")

    assert isinstance(raised, DomainError)
    assert (raised.status_code, raised.message, str(raised)) == (status, "What is wrong.", "What is wrong.")


def test_error_says_what_to_do_next_and_what_is_missing():
    error = WrongState("Not yet.", next_step="Wait.", missing=("One.", "Two."))

    assert (error.next_step, error.missing) == ("Wait.", ["One.", "Two."])


def test_not_known_without_a_sentence_does_not_tell_whether_the_thing_exists():
    assert NotKnown().message == "This page does not exist, or it is not open to you."


def test_refused_without_a_sentence_of_its_own_joins_those_of_the_fields():
    refused = Refused(errors={"reason": ["Too short."], "until": ["Too early.", "Not a working day."]})

    assert refused.message == "Too short. Too early. Not a working day."


class StepForm(forms.Form):
    reason = forms.CharField()


@pytest.mark.parametrize(
    ("refused", "errors"),
    [
        (Refused("The whole is wrong."), {"__all__": ["The whole is wrong."]}),
        (Refused(errors={"reason": ["Too short.", "Too vague."]}), {"reason": ["Too short.", "Too vague."]}),
        (Refused(errors={"until": ["Too early."]}), {"__all__": ["Too early."]}),
        (
            Refused(errors={"__all__": ["A rule."], "reason": ["Short."]}),
            {"__all__": ["A rule."], "reason": ["Short."]},
        ),
    ],
    ids=["no field", "its field", "a field the form leaves out", "both"],
)
def test_refused_puts_each_sentence_at_its_field(refused, errors):
    form = StepForm({"reason": "vì vậy"})
    assert form.is_valid()

    refused.add_to(form)

    assert form.errors == errors
    assert form["reason"].value() == "vì vậy"


@pytest.mark.parametrize(
    ("error", "message", "errors"),
    [
        (ValidationError("One."), "One.", {}),
        (ValidationError(["One.", "Two."]), "One. Two.", {}),
        (ValidationError({"reason": ["One."]}), "One.", {"reason": ["One."]}),
    ],
)
def test_validation_error_becomes_a_refusal_with_the_same_sentences(error, message, errors):
    refused = refused_by(error)

    assert (refused.message, refused.errors) == (message, errors)


def test_constraints_say_in_a_sentence_of_their_own_what_is_wrong(sentences):
    default = str(models.BaseConstraint.default_violation_error_message)

    assert len(sentences) == len(CONSTRAINTS) > 100
    assert [
        constraint.name
        for _model, constraint in CONSTRAINTS
        if not isinstance(constraint.violation_error_message, Promise)
    ] == []
    assert [name for name, text in sentences.items() if text == default or not text.endswith(".")] == []


def test_violations_as_sqlite_reports_them_are_answered_with_the_constraints_sentence(sentences):
    assert {
        constraint.name: refusal_of(reported_by_sqlite(model, constraint)).message for model, constraint in CONSTRAINTS
    } == sentences


def reported_by_sqlite(model, constraint):
    if not isinstance(constraint, models.UniqueConstraint):
        return IntegrityError(f"CHECK constraint failed: {constraint.name}")
    columns = ", ".join(f"{model._meta.db_table}.{column}" for column in columns_of(model, constraint))
    return IntegrityError(f"UNIQUE constraint failed: {columns}")


class Diagnosed(Exception):
    """What the driver of PostgreSQL raises: the diagnosis names the constraint."""

    def __init__(self, constraint_name):
        self.diag = self
        self.constraint_name = constraint_name


def test_violations_as_postgresql_reports_them_are_answered_with_the_constraints_sentence(sentences):
    assert {name: refusal_of(reported_by_postgresql(name)).message for name in sentences} == sentences


def reported_by_postgresql(name):
    error = IntegrityError("violates a constraint")
    error.__cause__ = Diagnosed(name)
    return error


def test_no_two_unique_constraints_of_a_table_share_their_columns():
    """SQLite reports the columns alone; with the same columns twice the sentence would be a guess."""
    columns = [
        (model, frozenset(columns_of(model, constraint)))
        for model, constraint in CONSTRAINTS
        if isinstance(constraint, models.UniqueConstraint)
    ]
    columns += [
        (model, frozenset({field.column}))
        for model in OWN_MODELS
        for field in model._meta.concrete_fields
        if field.unique
    ]

    assert [model.__name__ for model, names in columns if columns.count((model, names)) > 1 or not names] == []


def test_names_of_constraints_are_unique_in_the_whole_project():
    names = [constraint.name for model in OWN_MODELS for constraint in model._meta.constraints]

    assert len(names) == len(set(names))


def _theme_of_no_choice():
    UserFactory()
    User.objects.update(theme="pink")


def _extension_without_reason():
    ExtensionFactory()
    Extension.objects.update(reason="")


def _same_slug_again():
    ClusterFactory(slug="lang-son")
    ClusterFactory(slug="lang-son")


def _second_leader():
    leader = MembershipFactory(leader=True)
    MembershipFactory(year=leader.year, leader=True)


def _one_person_for_two():
    step = PendingStepFactory()
    PendingStep.objects.update(confirmed_by=step.proposed_by, closed_at=step.proposed_at)


def _same_step_proposed_twice():
    step = PendingStepFactory()
    PendingStepFactory(year=step.year, object_key=step.object_key)


def _second_valid_approval():
    approval = ScorecardFactory(approved=True).approvals.get()
    approval.pk = None
    approval.save(force_insert=True)


def _column_without_value():
    ClusterFactory()
    Cluster.objects.update(province=None)


def _second_card_of_a_unit():
    card = ScorecardFactory()
    Scorecard.objects.create(membership=card.membership, criteria_set=card.criteria_set)


def _frozen_card():
    ScorecardFactory(approved=True)
    Scorecard.objects.update(version=9)


def sentence(model, name):
    return next(
        str(constraint.violation_error_message) for constraint in model._meta.constraints if constraint.name == name
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "violated"),
    [
        (_theme_of_no_choice, (User, "user_theme_known")),
        (_extension_without_reason, (Extension, "extension_has_reason")),
        (_same_slug_again, (Cluster, "cluster_slug_once")),
        (_second_leader, (Membership, "membership_one_leader")),
        (_one_person_for_two, (PendingStep, "pending_step_two_persons")),
        (_same_step_proposed_twice, (PendingStep, "pending_step_once")),
        (_second_valid_approval, (Approval, "approval_one_valid")),
        (_column_without_value, None),
        (_second_card_of_a_unit, None),
        (_frozen_card, None),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_violation_in_the_database_is_refused_with_its_sentence(act, violated):
    with pytest.raises(Refused) as refusal, integrity_as_refusal():
        act()

    assert refusal.value.message == (sentence(*violated) if violated else UNKNOWN)
    assert isinstance(refusal.value.__cause__, IntegrityError)


@pytest.mark.django_db(transaction=True)
def test_refusal_in_the_middle_leaves_the_outer_transaction_alive():
    with transaction.atomic():
        ClusterFactory(slug="truoc")
        with pytest.raises(Refused), integrity_as_refusal():
            _same_slug_again()
        assert not connection.needs_rollback
        ClusterFactory(slug="sau")

    assert sorted(cluster.slug for cluster in Cluster.objects.all()) == ["sau", "truoc"]


@pytest.mark.django_db
def test_save_checked_saves_what_is_valid():
    cluster = Cluster(slug="lang-son", name="Cụm Thi đua", province="Lạng Sơn")

    save_checked(cluster)

    assert Cluster.objects.get().slug == "lang-son"


@pytest.mark.django_db
def test_save_checked_names_every_wrong_field():
    with pytest.raises(Refused) as refusal:
        save_checked(Cluster(slug="có dấu", name="", province="Lạng Sơn"))

    assert set(refusal.value.errors) == {"slug", "name"}
    assert not Cluster.objects.exists()


@pytest.mark.django_db
def test_save_checked_says_the_sentence_of_a_violated_check():
    with pytest.raises(Refused) as refusal:
        save_checked(Cluster(slug="admin", name="Cụm Thi đua", province="Lạng Sơn"))

    assert refusal.value.message == sentence(Cluster, "cluster_slug_not_reserved")


@pytest.mark.django_db
def test_save_checked_finds_a_conditional_unique_constraint():
    year = EmulationYearFactory()
    MembershipFactory(year=year, leader=True)
    second = MembershipFactory(year=year)
    second.role = MemberRole.LEADER

    with pytest.raises(Refused, match=sentence(Membership, "membership_one_leader")):
        save_checked(second)

    assert Membership.objects.get(pk=second.pk).role == MemberRole.MEMBER
