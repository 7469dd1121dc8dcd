"""The versions of a score card that are kept: each submission, each approval, and what it is now; two of them are
compared line by line (architecture.md 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import User
from scoring import approval_words, differences, permissions, queries, sheets, snapshots
from scoring.enums import Stage
from scoring.models import Approval, Scorecard, Submission
from scoring.sheets import Sheet
from scoring.snapshots import Change

NOW = "now"
CODE_LENGTH = 8


@dataclass(frozen=True)
class Version:
    """One version; `key` names it in the address of the page, `code` is the beginning of its digest."""

    key: str
    label: str
    at: datetime | None
    person: str
    details: str
    text: str

    @property
    def code(self) -> str:
        return snapshots.digest(self.text)[:CODE_LENGTH]

    @property
    def name(self) -> str:
        return f"{self.label} · {_moment(self.at)}" if self.at else self.label


@dataclass(frozen=True)
class Comparison:
    """Two versions of `sheet` beside each other; `changes` are all filled-in fields, or only those that differ."""

    sheet: Sheet
    versions: list[Version]
    before: Version
    after: Version
    changes: list[Change]
    only_changed: bool


def compare(user: User, card: Scorecard, chosen: Mapping[str, str]) -> Comparison:
    """`chosen` gives the keys of the two, `from` and `to`, and `all` for lines without a change too; whatever it does
    not name is the first and the last version. The unit does not see the review while it goes on, and nobody the
    evidence to whom it is not open."""
    sheet = sheets.load(card)
    versions = _versions(sheet)
    by_key = {version.key: version for version in versions}
    before = by_key.get(chosen.get("from", ""), versions[0])
    after = by_key.get(chosen.get("to", ""), versions[-1])
    only_changed = "all" not in chosen
    shown = snapshots.differences if only_changed else snapshots.compared
    changes = shown(before.text, after.text, differences.value_words(sheet.tree))
    stages = list(Stage) if queries.sees_review(user, card) else [Stage.SELF]
    changes = differences.of_stages(changes, stages)
    if not permissions.can_download_evidence(user, card):
        changes = differences.without_evidence(changes)
    return Comparison(sheet, versions, before, after, changes, only_changed)


def _versions(sheet: Sheet) -> list[Version]:
    """Submissions and approvals in the order of their time, then what the card is now."""
    card = sheet.card
    submissions = Submission.objects.filter(scorecard=card).select_related("submitted_by", "paper")
    approvals = list(reversed(queries.approvals_of(card)))
    kept = [
        *(_of_submission(submission) for submission in submissions.order_by("number")),
        *(_of_approval(number, approval) for number, approval in enumerate(approvals, start=1)),
    ]
    kept.sort(key=lambda version: (version.at, version.key))
    status = card.get_status_display()
    return [*kept, Version(NOW, _("Now"), None, "", status, snapshots.of_card(sheet))]


def _of_submission(submission: Submission) -> Version:
    details = submission.get_way_display()
    if submission.paper is not None:
        text = _("%(way)s, paper %(number)s of %(day)s")
        day = date_format(submission.paper.signed_on, "d/m/Y")
        details = text % {"way": details, "number": submission.paper.number, "day": day}
    return Version(
        key=f"s{submission.number}",
        label=_("Submission %(number)s") % {"number": submission.number},
        at=submission.submitted_at,
        person=str(submission.submitted_by),
        details=details,
        text=submission.snapshot,
    )


def _of_approval(number: int, approval: Approval) -> Version:
    details = approval_words.office(approval)
    if approval.revoked_at is not None:
        text = _("%(office)s; revoked %(day)s: %(reason)s")
        day, reason = _moment(approval.revoked_at), approval.revoked_reason
        details = text % {"office": details, "day": day, "reason": reason}
    return Version(
        key=f"a{number}",
        label=_("Approval %(number)s") % {"number": number},
        at=approval.approved_at,
        person=str(approval.approver),
        details=details,
        text=approval.snapshot,
    )


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "d/m/Y H:i")


def columns() -> list[dict[str, str]]:
    """The columns of the list of versions."""
    return [
        {"key": "version", "label": _("Version")},
        {"key": "at", "label": _("Time")},
        {"key": "person", "label": _("Person")},
        {"key": "details", "label": _("How")},
        {"key": "code", "label": _("Code")},
    ]


def rows(versions: list[Version]) -> list[dict[str, str]]:
    """The list of versions, one row each."""
    return [
        {
            "version": version.label,
            "at": _moment(version.at) if version.at else "–",
            "person": version.person or "–",
            "details": version.details,
            "code": version.code,
        }
        for version in versions
    ]
