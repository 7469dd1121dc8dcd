"""The states of a score card (architecture.md 4). Who may take a step is said in `permissions`."""

from django.utils.translation import gettext_lazy as _

from cluster_app.lib.workflow import Transition, Workflow
from members.enums import Phase
from scoring.enums import CardStatus

CARD = Workflow(
    CardStatus,
    [
        Transition("fill", frozenset({CardStatus.DRAFT, CardStatus.RETURNED}), ""),
        Transition("submit", frozenset({CardStatus.DRAFT, CardStatus.RETURNED}), CardStatus.SUBMITTED),
        Transition("review", frozenset({CardStatus.SUBMITTED}), CardStatus.REVIEWED),
        Transition(
            "return", frozenset({CardStatus.SUBMITTED, CardStatus.REVIEWED}), CardStatus.RETURNED, needs_reason=True
        ),
        Transition("replace_estimate", frozenset({CardStatus.SUBMITTED, CardStatus.REVIEWED}), CardStatus.SUBMITTED),
        Transition("object", frozenset({CardStatus.REVIEWED}), ""),
        Transition("approve", frozenset({CardStatus.REVIEWED}), CardStatus.APPROVED),
        Transition("reopen", frozenset({CardStatus.APPROVED}), CardStatus.REVIEWED, needs_reason=True),
    ],
    refusal=_("This is not possible now: the score card is in the state “{state}”. Open it again to see what is."),
)

# A phase opens acts, it does not move cards. A card returned while the year is approving must find its way back.
OPEN_PHASES = {
    "fill": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "submit": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "review": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "return": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "replace_estimate": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "object": frozenset({Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING}),
    "approve": frozenset({Phase.REVIEWING, Phase.APPROVING}),
    "reopen": frozenset({Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED}),
}
