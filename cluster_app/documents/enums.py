from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """The papers of a year; each has its letterhead and its recipients."""

    ANNUAL_SUMMARY = "annual_summary", _("Annual summary")
    SCORECARD = "scorecard", _("Scorecard")
    SCORE_TABLE = "score_table", _("Score table")
    PLEDGE = "pledge", _("Pledge agreement")
    NOTICE = "notice", _("Notice of results")
    PROPOSAL = "proposal", _("Proposal for commendation")
    PROPOSAL_LIST = "proposal_list", _("List of units proposed")
    PLAN = "plan", _("Plan of the year")
    REMINDER = "reminder", _("Letter to late units")
    INVITATION = "invitation", _("Invitation")


class NumberStatus(TextChoices):
    """A number of the register is kept whatever becomes of it: no gap is ever left."""

    RESERVED = "reserved", _("reserved")
    ISSUED = "issued", _("issued")
    VOID = "void", _("void")
