from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SetStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    APPLIED = "applied", _("Applied")
    REPLACED = "replaced", _("Replaced by a later version")


class Section(TextChoices):
    BASE = "base", _("Base points")
    BONUS = "bonus", _("Bonus points")
    PENALTY = "penalty", _("Penalty points")


class CriterionKind(TextChoices):
    """domain.md 5.2. A group has children; every other kind is a leaf that is scored."""

    GROUP = "group", _("Group")
    RATIO = "ratio", _("Ratio to the target")
    RATIO_LEADER = "ratio_leader", _("Ratio to the target, the best unit leads")
    PER_ITEM = "per_item", _("Points per item")
    LEVELS = "levels", _("Levels")
    BANDS = "bands", _("Bands of a value")
    BOOLEAN = "boolean", _("Achieved or not")
    DEDUCT = "deduct", _("Deduction per fault")
    BONUS = "bonus", _("Bonus per item")
    PENALTY = "penalty", _("Penalty per case")
    JUDGED = "judged", _("Judged directly")


class RecordSource(TextChoices):
    """Where the value of a line comes from, if it is not typed (D10, C5, W8)."""

    COMMENDATIONS = "commendations", _("Commendations, by level and recipient")
    CAMPAIGNS = "campaigns", _("Campaigns joined and concluded")
    TITLES = "titles", _("Titles awarded of those registered, in percent")
    DIRECT_WORKERS = "direct_workers", _("Direct workers among the commended, in percent")
    OFFICE = "office", _("Office in the cluster: leader, deputy, member")
    DAYS_LATE = "days_late", _("Days late of the own card")
    OVERCLAIM = "overclaim", _("Self-scored far above the review")


class Direction(TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")


class CardStatus(TextChoices):
    """What the reviewer reads; `for_unit` says the same to the unit."""

    DRAFT = "draft", _("Being self-scored")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")

    @property
    def for_unit(self):
        return {
            CardStatus.DRAFT: _("To be filled in"),
            CardStatus.SUBMITTED: _("Submitted, waiting for review"),
            CardStatus.RETURNED: _("Returned to you for correction"),
            CardStatus.REVIEWED: _("Reviewed, waiting for approval"),
            CardStatus.APPROVED: _("Approved"),
        }[self]


class Stage(TextChoices):
    """Three stages of every line (domain.md 5.3)."""

    SELF = "self", _("Self-scored")
    REVIEWED = "reviewed", _("Reviewed")
    FINAL = "final", _("Final")


class EvidenceKind(TextChoices):
    FILE = "file", _("File")
    DOCUMENT = "document", _("Number of a document")
    LINK = "link", _("Link")
    RECORD = "record", _("Record of the cluster")


class SubmissionWay(TextChoices):
    """Who handed the card in (security.md 3)."""

    SIGNATORY = "signatory", _("By the signatory")
    OFFICER = "officer", _("By an officer, with the signed paper")
    ON_BEHALF = "on_behalf", _("Entered on behalf of the unit, from the signed paper")


class ObjectionStatus(TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    KEPT = "kept", _("Points kept")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ApprovalOffice(TextChoices):
    LEADER = "leader", _("Leader")
    DEPUTY = "deputy", _("Deputy leader")
    THIRD_UNIT = "third_unit", _("Third unit named in the minutes")
