"""Choices as people write them in a file: by their Vietnamese label; the stored value and the English label are read
too. Files are Vietnamese, whatever the language of the page they come from."""

from collections.abc import Mapping
from functools import cache

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.vietnamese import fold
from scoring.enums import CriterionKind
from scoring.kinds import Rule
from scoring.models import Criterion

FILE_LANGUAGE = "vi"
YES, NO = "Có", "Không"


def label_of(choice: TextChoices) -> str:
    """The word that stands for a choice in files."""
    with translation.override(FILE_LANGUAGE):
        return str(choice.label)


def labels_of(choices: type[TextChoices]) -> list[str]:
    return [label_of(one) for one in choices]


@cache
def _known(choices: type[TextChoices]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for one in choices:
        with translation.override("en"):
            names = (label_of(one), one.value, str(one.label))
        for name in names:
            known.setdefault(fold(name), one.value)
    return known


def value_of(choices: type[TextChoices], text: str) -> str:
    """The stored value for what was typed, empty for nothing. Raises Refused with the words that are possible."""
    if not text:
        return ""
    value = _known(choices).get(fold(text))
    if value is None:
        raise Refused(_("Choose one of: %(choices)s.") % {"choices": "; ".join(labels_of(choices))})
    return value


def truth_of(text: str) -> bool:
    """Whether "Có" or "Không" was typed; nothing is no. Raises Refused for anything else."""
    if fold(text) in (fold(YES), "yes", "true", "1", "x"):
        return True
    if fold(text) in (fold(NO), "no", "false", "0", ""):
        return False
    raise Refused(_("Choose one of: %(choices)s.") % {"choices": f"{YES}; {NO}"})


def options_of(criterion: Criterion, rule: Rule) -> dict[str, int]:
    """The entries of the list of a line that is chosen from one, with the value each stands for; none for other lines.
    Levels with the same name are told apart by their place."""
    if rule.kind == CriterionKind.BOOLEAN:
        with translation.override(FILE_LANGUAGE):
            return {_("Achieved"): 1, _("Not achieved"): 0}
    if rule.kind != CriterionKind.LEVELS:
        return {}
    levels = list(criterion.levels.all())
    names = [fold(level.label) for level in levels]
    return {
        level.label if names.count(fold(level.label)) == 1 else f"{level.label} ({level.position})": level.position
        for level in levels
    }
