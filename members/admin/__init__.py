"""The admin of clusters, years and people."""

import django.contrib.auth.admin  # noqa: F401 - registers Group, which must happen before it is taken out again
from django.contrib import admin
from django.contrib.auth.models import Group

from members.admin.audit import AuditEventAdmin
from members.admin.clusters import ClusterAdmin, UnitAdmin
from members.admin.delegations import DelegationAdmin
from members.admin.documents import (
    DocumentNumberAdmin,
    IssuedDocumentAdmin,
    NumberRegisterAdmin,
    StoredFileAdmin,
)
from members.admin.meetings import MeetingAdmin
from members.admin.people import AssignmentAdmin, PendingStepAdmin, UserAdmin
from members.admin.years import EmulationYearAdmin, MembershipAdmin, YearRulesAdmin

__all__ = [
    "AssignmentAdmin",
    "AuditEventAdmin",
    "ClusterAdmin",
    "DelegationAdmin",
    "DocumentNumberAdmin",
    "EmulationYearAdmin",
    "IssuedDocumentAdmin",
    "MeetingAdmin",
    "MembershipAdmin",
    "NumberRegisterAdmin",
    "PendingStepAdmin",
    "StoredFileAdmin",
    "UnitAdmin",
    "UserAdmin",
    "YearRulesAdmin",
]

admin.site.unregister(Group)
