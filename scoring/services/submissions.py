"""What is kept of every handing in of a card: who, in which way, from which paper, how late, and exactly what."""

from datetime import datetime

from members.calculations import late_days
from members.enums import DeadlineStep
from members.models import User
from members.queries import due_for
from scoring import snapshots
from scoring.enums import SubmissionWay
from scoring.models import Scorecard, SignedPaper, Submission
from scoring.sheets import Sheet


def keep(sheet: Sheet, *, way: SubmissionWay, paper: SignedPaper | None, by: User, at: datetime) -> Submission:
    """Keeps the card as it stands as its next submission; the caller holds its lock, and logs the row."""
    card = sheet.card
    snapshot = snapshots.of_card(sheet)
    return Submission.objects.create(
        scorecard=card,
        number=card.submissions.count() + 1,
        way=way,
        paper=paper,
        submitted_at=at,
        submitted_by=by,
        late_days=days_late(card, at),
        snapshot=snapshot,
        digest=snapshots.digest(snapshot),
    )


def days_late(card: Scorecard, at: datetime) -> int:
    """By how many days the card is or was late, if it is handed in at `at` for the first time."""
    due = due_for(card.membership.year, DeadlineStep.SELF_SCORING, card.membership)
    return late_days(due.due_at, card.submitted_at or at) if due else 0
