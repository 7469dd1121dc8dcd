"""A workflow is a table: which step leads from which state to which. Who may take a step is said in `permissions`."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused, WrongState

REASON_LENGTH = 10  # characters; domain.md rule 20: a return and a reopening need a reason that says something


@dataclass(frozen=True)
class Transition:
    name: str
    sources: frozenset[str]
    target: str
    needs_reason: bool = False


class Workflow:
    """The transitions of one kind of object.

    `labels` is the enum whose members name the states; `refusal` is the sentence for a step taken in a wrong state,
    with one placeholder `{state}`.
    """

    def __init__(self, labels: type, transitions: Iterable[Transition], refusal: str | Promise) -> None:
        self.labels = labels
        self.transitions = {transition.name: transition for transition in transitions}
        self.refusal = refusal

    def can(self, name: str, state: str) -> bool:
        return state in self.transitions[name].sources

    def check(self, name: str, state: str, *, reason: str = "") -> Transition:
        """Returns the transition. Raises WrongState, or Refused where a reason is needed and too short."""
        transition = self.transitions[name]
        if state not in transition.sources:
            raise WrongState(str(self.refusal).format(state=self.labels(state).label))
        if transition.needs_reason:
            check_reason(reason)
        return transition


def check_reason(reason: str) -> None:
    """Raises Refused unless `reason` has at least ten characters (domain.md rule 20)."""
    if len(reason.strip()) < REASON_LENGTH:
        message = _("Give a reason of at least %(count)d characters.") % {"count": REASON_LENGTH}
        raise Refused(errors={"reason": [message]})
