"""Changing the database behind the application's back, one cell at a time."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, models, transaction

from awards.models import Commendation, Decision, PledgeSignature
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib import triggers
from members.models import Delegation, EmulationYear, Membership, StoredFile
from scoring.models import (
    Approval,
    Evidence,
    Objection,
    ObjectionMessage,
    Publication,
    Scorecard,
    ScoreLine,
    SignedPaper,
    Submission,
)

PROTECTED = [
    EmulationYear,
    Membership,
    Commendation,
    Decision,
    PledgeSignature,
    Scorecard,
    ScoreLine,
    Approval,
    Publication,
    IssuedDocument,
    StoredFile,
    SignedPaper,
    Submission,
    Evidence,
    Objection,
    ObjectionMessage,
    Delegation,
]


@contextmanager
def behind_our_back():
    """The triggers are gone, as for somebody who owns the database; afterwards nothing has happened."""
    connection.check_constraints()  # PostgreSQL drops no trigger while deferred checks wait
    with transaction.atomic():
        triggers.drop_all(connection)
        yield
        transaction.set_rollback(True)


def execute(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def other_values(instance, field):
    """Values that the column does not hold, the least conspicuous first."""
    value = getattr(instance, field.attname)
    if field.is_relation:
        table = field.related_model._base_manager.exclude(pk=value).order_by("pk")
        yield from table.values_list("pk", flat=True)
    elif field.choices:
        yield from (choice for choice, _label in field.choices if choice != value)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.DecimalField):
        yield from ((value or Decimal(1)) + Decimal("0.01"), (value or Decimal(1)) - Decimal("0.01"), Decimal("-0.01"))
    elif isinstance(field, models.IntegerField):
        yield (value or 0) + 1
    elif isinstance(field, models.DateTimeField):
        yield (value or datetime(2021, 1, 1, tzinfo=UTC)) + timedelta(microseconds=1)
    elif isinstance(field, models.DateField):
        yield (value or date(2021, 1, 1)) + timedelta(days=1)
    else:
        yield f"{value[:-1]}x" if value else "x"
        yield from type(instance)._base_manager.exclude(**{field.attname: value}).values_list(field.attname, flat=True)


def change_one_cell(instance, column, chance=None):
    """Writes the first other value that no constraint of the database refuses, or any that `chance` picks. Returns
    False where there is none."""
    field = instance._meta.get_field(column)
    statement = f"UPDATE {instance._meta.db_table} SET {field.column} = %s WHERE id = %s"
    values = list(other_values(instance, field))
    if chance is not None:
        chance.shuffle(values)
    for value in values:
        try:
            with transaction.atomic():
                assert execute(statement, field.get_db_prep_value(value, connection), instance.pk) == 1
        except IntegrityError:
            continue
        return True
    return False
