"""Constraints that every choices field gets, so that the database knows the values too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


def choices_constraint(
    field: str, choices: type[models.Choices], name: str, *, allows_blank: bool = False
) -> models.CheckConstraint:
    """A CHECK that `field` holds one of the values of `choices`, or nothing where that is allowed."""
    values = [str(value) for value in choices.values]
    return models.CheckConstraint(
        condition=models.Q((f"{field}__in", [*values, ""] if allows_blank else values)),
        name=name,
        violation_error_message=_("This value is not one of the choices."),
    )
