from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PledgeStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open for signing")
    SIGNED = "signed", _("Signed")


class PledgeGroup(TextChoices):
    """The four groups of domain.md section 2."""

    POLITICAL_TASKS = "I", _("Political tasks")
    PARTY_BUILDING = "II", _("Building the Party, the agency and mass organisations")
    EMULATION = "III", _("Emulation and commendation")
    CLUSTER = "IV", _("Activities of the cluster")


class TargetDirection(TextChoices):
    AT_LEAST = "at_least", _("At least")
    AT_MOST = "at_most", _("At most")
    YES = "yes", _("Achieved or not")


class SigningMethod(TextChoices):
    LOGIN = "login", _("By the signatory's own account")
    PAPER = "paper", _("On paper, recorded by the secretariat")


class CampaignKind(TextChoices):
    """Never mixed in a count (domain.md 3)."""

    REGULAR = "regular", _("Regular movement")
    THEMATIC = "thematic", _("Thematic campaign")
    DRIVE = "drive", _("Drive")


class CampaignOrigin(TextChoices):
    CLUSTER = "cluster", _("Launched by the cluster")
    UNIT = "unit", _("Launched by a unit")
    JOINED = "joined", _("Joined from above")


class CampaignScope(TextChoices):
    """The code list of statistics form 0601 (domain.md 3, [S57])."""

    NATION = "nation", _("Nationwide")
    PROVINCE = "province", _("Ministry or province")
    CLUSTER = "cluster", _("Cluster or bloc")
    AGENCY = "agency", _("Agency")


class CampaignStatus(TextChoices):
    PREPARED = "prepared", _("Prepared")
    LAUNCHED = "launched", _("Launched")
    REVIEWED = "reviewed", _("Reviewed at half-time")
    CONCLUDED = "concluded", _("Concluded")


class ParticipationStatus(TextChoices):
    """How far a unit takes part in a campaign (features.md C3); no row means none."""

    REGISTERED = "registered", _("Registered")
    ACTIVE = "active", _("Active")
    REPORTED = "reported", _("Reported")


class AwardKind(TextChoices):
    TITLE = "title", _("Emulation title")
    ORDER = "order", pgettext_lazy("award", "Order")
    MEDAL = "medal", _("Medal")
    HONOUR = "honour", _("State honorary title")
    SOUVENIR = "souvenir", _("Commemorative medal")
    CERTIFICATE = "certificate", _("Certificate")
    LETTER = "letter", _("Praise without reward coefficient")


class AwardSystem(TextChoices):
    """Only the State's system enters the tally; the others print beside it (domain.md 4.1)."""

    STATE = "state", _("State")
    PARTY = "party", _("Party")
    ORGANISATION = "organisation", _("Mass organisation")


class AwardLevel(TextChoices):
    """Follows who signs the decision, never the recipient (domain.md 0.4)."""

    STATE = "state", _("State level")
    PROVINCE = "province", _("Provincial level")
    AGENCY = "agency", _("Agency level")


class RecipientKind(TextChoices):
    COLLECTIVE = "collective", _("Collective")
    INDIVIDUAL = "individual", _("Individual")
    HOUSEHOLD = "household", _("Household")


class CommendationType(TextChoices):
    """The code list of statistics form 0603 (domain.md 4.1, [S57])."""

    MERIT = "merit", _("Annual merit")
    THEMATIC = "thematic", _("Thematic campaign")
    ADHOC = "adhoc", _("Unplanned")
    SERVICE = "service", _("Long service")
    FOREIGN = "foreign", _("Foreign relations")


class CommendationStatus(TextChoices):
    AWARDED = "awarded", _("Awarded")
    REVOKED = "revoked", _("Revoked")
