"""The phases of a year (architecture.md 4). A phase opens actions, it does not move score cards."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cluster_app.lib.workflow import Transition, Workflow
from members.enums import PendingKind, Phase


def _step(name: str, *sources: Phase, to: Phase, needs_reason: bool = False) -> Transition:
    return Transition(name, frozenset(sources), to, needs_reason)


YEAR = Workflow(
    Phase,
    [
        _step("activate", Phase.PREPARING, to=Phase.RUNNING),
        _step("open_self_scoring", Phase.RUNNING, to=Phase.SELF_SCORING),
        _step("open_reviewing", Phase.SELF_SCORING, to=Phase.REVIEWING),
        _step("open_approving", Phase.REVIEWING, to=Phase.APPROVING),
        _step("open_conference", Phase.APPROVING, to=Phase.CONFERENCE),
        _step("conclude", Phase.CONFERENCE, to=Phase.CONCLUDED),
        _step("archive", Phase.CONCLUDED, to=Phase.ARCHIVED),
        _step("reopen_card", Phase.CONFERENCE, Phase.CONCLUDED, to=Phase.APPROVING, needs_reason=True),
        _step("unarchive", Phase.ARCHIVED, to=Phase.CONCLUDED, needs_reason=True),
    ],
    _("The year is in the phase “{state}”, from which this step does not lead on. Reload the page."),
)

# Steps that one person proposes and another one confirms.
BY_TWO_PERSONS: Mapping[str, PendingKind] = {
    "conclude": PendingKind.CONCLUDE,
    "archive": PendingKind.ARCHIVE,
    "unarchive": PendingKind.UNARCHIVE,
}

# The step that leads on from each phase; reopening a card is taken by the service that reopens it.
NEXT_STEP: Mapping[Phase, str] = {
    Phase.PREPARING: "activate",
    Phase.RUNNING: "open_self_scoring",
    Phase.SELF_SCORING: "open_reviewing",
    Phase.REVIEWING: "open_approving",
    Phase.APPROVING: "open_conference",
    Phase.CONFERENCE: "conclude",
    Phase.CONCLUDED: "archive",
    Phase.ARCHIVED: "unarchive",
}
