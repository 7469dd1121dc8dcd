from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClusterKind(TextChoices):
    """What the province calls such a group; printed before the cluster's name (domain.md 1.1)."""

    CLUSTER = "cluster", "Cụm"
    BLOC = "bloc", "Khối"


class UnitKind(TextChoices):
    PARTY = "party", _("Party agency")
    STATE = "state", _("State agency")
    FRONT = "front", _("Fatherland Front and mass organisation")
    SCHOOL = "school", _("School")
    PRESS = "press", _("Press agency")


class Phase(TextChoices):
    PREPARING = "preparing", _("Preparing")
    RUNNING = "running", _("Running")
    SELF_SCORING = "self_scoring", _("Self-scoring")
    REVIEWING = "reviewing", _("Reviewing")
    APPROVING = "approving", _("Approving")
    CONFERENCE = "conference", _("Conference")
    CONCLUDED = "concluded", _("Concluded")
    ARCHIVED = "archived", _("Archived")


class Letterhead(TextChoices):
    PARTY = "party", _("Party letterhead")
    STATE = "state", _("State letterhead")


class MemberRole(TextChoices):
    """A unit's office in the cluster this year. The words people read are data of the year."""

    LEADER = "leader", _("Leader")
    DEPUTY = "deputy", _("Deputy leader")
    MEMBER = "member", _("Member")


class Standing(TextChoices):
    GOOD = "good", _("In good standing")
    SUSPENDED = "suspended", _("Suspended")
    DISQUALIFIED = "disqualified", _("Disqualified")


class AssignmentRole(TextChoices):
    SIGNATORY = "signatory", _("Signatory")
    OFFICER = "officer", _("Liaison officer")
    SECRETARIAT = "secretariat", _("Secretariat")
    OBSERVER = "observer", _("Observer")
    ADMINISTRATOR = "administrator", _("Administrator")


class Theme(TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class RankingBasis(TextChoices):
    POINTS = "points", _("Points")
    PERCENT = "percent", _("Percent of the assigned maximum")


class NotAssignedRule(TextChoices):
    FULL_POINTS = "full_points", _("Not assigned counts full points")
    EXCLUDED = "excluded", _("Not assigned is left out of the maximum")


class DeadlineStep(TextChoices):
    PLEDGE_SIGNING = "pledge_signing", _("Pledge signing")
    SELF_SCORING = "self_scoring", _("Self-scoring")
    REVIEWING = "reviewing", _("Review")
    OBJECTING = "objecting", _("Objections to the points")
    APPROVING = "approving", _("Approval")
    CONFERENCE = "conference", _("Year-end conference")
    CONCLUSION = "conclusion", _("Conclusion of the year")


class ReviewMode(TextChoices):
    """Who is asked to review the cards (F8); the secretariat may always."""

    SECRETARIAT = "secretariat", _("The secretariat")
    RING = "ring", _("Each unit reviews the next one")
    DEPUTY_TEAM = "deputy_team", _("A team of the deputy leader")


class SignatureForm(TextChoices):
    """How a delegate signs (ND 30/2020, appendix I, II.7); the abbreviation is printed."""

    KT = "kt", _("KT. (in place of the head)")
    TL = "tl", _("TL. (by order)")
    TUQ = "tuq", _("TUQ. (by authorisation)")

    @property
    def printed(self) -> str:
        return {"kt": "KT.", "tl": "TL.", "tuq": "TUQ."}[self.value]


class MeetingKind(TextChoices):
    LAUNCH = "launch", _("Launch conference")
    HALF_YEAR = "half_year", _("Half-year conference")
    YEAR_END = "year_end", _("Year-end conference")
    REGULAR = "regular", pgettext_lazy("meeting", "Regular meeting")


class ResolutionKind(TextChoices):
    EXEMPLARY_UNIT = "exemplary_unit", _("Exemplary unit")
    LEADER = "leader", _("Leader of the next year")
    DEPUTY = "deputy", _("Deputy leader of the next year")
    THIRD_UNIT = "third_unit", _("Third unit to approve a score card")
    GENERAL = "general", _("General resolution")


class PendingKind(TextChoices):
    """Acts that need two persons."""

    PUBLISH = "publish", _("Publish the results")
    REOPEN_CARD = "reopen_card", _("Reopen a score card")
    CONCLUDE = "conclude", _("Conclude the year")
    ARCHIVE = "archive", _("Archive the year")
    UNARCHIVE = "unarchive", _("Reopen an archived year")
