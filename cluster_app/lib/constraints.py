"""Constraints that every choices field gets, so that the database knows the values too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


def choices_constraint(field: str, choices: type[models.Choices], name: str) -> models.CheckConstraint:
    """A CHECK that `field` holds one of the values of `choices`."""
    return models.CheckConstraint(
        condition=models.Q((f"{field}__in", [str(value) for value in choices.values])),
        name=name,
        violation_error_message=_("This value is not one of the choices."),
    )
