from members.models.cluster import Cluster, Unit
from members.models.meeting import Meeting, Resolution
from members.models.people import Assignment, PendingStep, User
from members.models.year import Deadline, EmulationYear, Extension, Membership, YearRules

__all__ = [
    "Assignment",
    "Cluster",
    "Deadline",
    "EmulationYear",
    "Extension",
    "Meeting",
    "Membership",
    "PendingStep",
    "Resolution",
    "Unit",
    "User",
    "YearRules",
]
