from members.models.cluster import Cluster, Unit
from members.models.delegation import Delegation
from members.models.files import StoredFile
from members.models.inbox import Notification
from members.models.meeting import Meeting, Resolution
from members.models.paper import YearPaper
from members.models.people import Assignment, PendingStep, User
from members.models.year import Deadline, EmulationYear, Extension, Membership, YearRules

__all__ = [
    "Assignment",
    "Cluster",
    "Deadline",
    "Delegation",
    "EmulationYear",
    "Extension",
    "Meeting",
    "Membership",
    "Notification",
    "PendingStep",
    "Resolution",
    "StoredFile",
    "Unit",
    "User",
    "YearPaper",
    "YearRules",
]
