"""What a service may raise. One middleware and the admin turn each into the right answer for the person."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.forms import BaseForm
from django.utils.translation import gettext as _


class DomainError(Exception):
    """A refusal with a sentence for the person who acted: what is wrong, and what to do next."""

    status_code = 400

    def __init__(self, message: str, *, next_step: str = "", missing: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.missing = list(missing)


class NotAllowed(DomainError):
    """The person may know the thing, but not do this with it."""

    status_code = 403


class NotKnown(DomainError):
    """For this person the thing does not exist."""

    status_code = 404

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("This page does not exist, or it is not open to you."))


class WrongState(DomainError):
    """The thing is not in a state in which this can be done."""

    status_code = 409


class Stale(DomainError):
    """Somebody else changed the thing after this person's page was shown."""

    status_code = 409


class Refused(DomainError):
    """The input is not acceptable; the form is shown again with what was typed."""

    status_code = 200

    def __init__(
        self, message: str = "", *, errors: Mapping[str, Sequence[str]] | None = None, missing: Sequence[str] = ()
    ) -> None:
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}
        if not message:
            message = " ".join(text for messages in self.errors.values() for text in messages)
        super().__init__(message, missing=missing)

    def add_to(self, form: BaseForm) -> None:
        """Puts each sentence at its field of `form`, or above the form where it has no such field."""
        errors = self.errors or {NON_FIELD_ERRORS: [self.message]}
        for field, messages in errors.items():
            for message in messages:
                form.add_error(field if field in form.fields else None, message)


def refused_by(error: ValidationError) -> Refused:
    """Turns Django's validation error into a refusal with the same sentences."""
    if hasattr(error, "error_dict"):
        return Refused(errors=error.message_dict)
    return Refused(" ".join(error.messages))


def refusal_of(error: IntegrityError) -> Refused:
    """Finds the sentence that the violated constraint carries.

    PostgreSQL names every constraint. SQLite names CHECKs, and lists table and columns of a UNIQUE; therefore no two
    unique constraints of a table share their columns.
    """
    constraint = _violated_constraint(error)
    if constraint is None:
        return Refused(_("The database refused this change, because it contradicts what is already recorded."))
    return Refused(str(constraint.violation_error_message))


def _violated_constraint(error: IntegrityError) -> models.BaseConstraint | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    columns: set[str] = set()
    table = ""
    if not name:
        if found := re.search(r"CHECK constraint failed: (\w+)", str(error)):
            name = found[1]
        elif found := re.search(r"UNIQUE constraint failed: (.+)", str(error)):
            parts = [part.strip().split(".") for part in found[1].split(",")]
            table, columns = parts[0][0], {part[-1] for part in parts}
    for model in apps.get_models():
        column_of = {field.name: field.column for field in model._meta.concrete_fields}
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return constraint
            if table == model._meta.db_table and isinstance(constraint, models.UniqueConstraint):
                own = {column_of[field] for field in constraint.fields}
                if own == columns:
                    return constraint
    return None


@contextmanager
def integrity_as_refusal() -> Iterator[None]:
    """Raises Refused with the sentence of the constraint that the block violates; the outer transaction lives on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refusal_of(error) from error


def save_checked(instance: models.Model) -> None:
    """Validates and saves `instance`. Raises Refused with the sentences of every violated rule."""
    check_fields(instance)
    with integrity_as_refusal():
        instance.save()


def check_fields(instance: models.Model) -> None:
    """Validates the fields of `instance`. Raises Refused with the sentences of every violated rule.

    Constraints and foreign keys are left to the database, which checks them anyway: asking it beforehand costs a query
    for each.
    """
    given = [
        field.name
        for field in instance._meta.concrete_fields
        if field.is_relation and getattr(instance, field.attname) is not None
    ]
    try:
        instance.full_clean(exclude=given, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise refused_by(error) from error
