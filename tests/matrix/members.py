"""Permission matrix: sign-in, clusters, years, people, and the admin's own pages. Typed by hand from security.md 3."""

from datetime import date

from members.enums import DeadlineStep
from members.models import PendingStep
from tests.factories.members import (
    DeadlineFactory,
    DelegationFactory,
    ExtensionFactory,
    MeetingFactory,
    NotificationFactory,
    PendingStepFactory,
)
from tests.matrix.shared import Row, act, admin_rows, and_pk, form, page


def no_address(world):
    return {}


def prepare(world):
    """Rows that addresses of this file need, in both clusters."""
    world.step = PendingStepFactory(year=world.year, proposed_by=world.deputy_signatory)
    world.meeting = MeetingFactory(year=world.year)
    world.foreign.meeting = MeetingFactory(year=world.foreign.year)
    world.line = NotificationFactory(user=world.officer, year=world.year)
    for each in (world, world.foreign):
        deadline = DeadlineFactory(year=each.year, step=DeadlineStep.CONCLUSION)
        each.extension = ExtensionFactory(deadline=deadline, membership=each.member)
        # Not begun yet: it gives the deputy no right in the other cells.
        each.delegation = DelegationFactory(
            principal=each.leader,
            delegate_unit=each.deputy,
            delegate=each.deputy_signatory,
            starts_on=date(2021, 12, 1),
            ends_on=date(2021, 12, 5),
        )


def member_account(world):
    return {"user": world.officer.pk}


def foreign_account(world):
    return {"user": world.foreign.officer.pk}


def missing_account(world):
    return {"user": 10**30}


def foreign_member(world):
    return world.url_kwargs() | {"membership": world.foreign.member.pk}


def foreign_extension(world):
    return world.url_kwargs() | {"extension": world.foreign.extension.pk}


def foreign_delegation(world):
    return world.url_kwargs() | {"delegation": world.foreign.delegation.pk}


def missing_member(world):
    return world.url_kwargs() | {"membership": 10**30}


UNKNOWN_ACCOUNTS = [foreign_account, missing_account]
UNKNOWN_MEMBERS = [foreign_member, missing_member]
#                                     anon of sg ot fo L D S R O
ROWS = {
    "healthz": Row(                  "Y Y Y Y Y Y Y Y Y Y", "M M M M M M M M M M", no_address),
    # --- the person's own ---
    "members:login": Row(            "Y Y Y Y Y Y Y Y Y Y", "Y Y Y Y Y Y Y Y Y Y", no_address),
    "members:logout": Row(           "M M M M M M M M M M", "Y Y Y Y Y Y Y Y Y Y", no_address),
    "members:start": Row(            "L Y Y Y Y Y Y Y Y Y", "L M M M M M M M M M", no_address),
    "members:profile": form(         "L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:password_change": form( "L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:password_change_done": page("L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:language_change": Row(  "M M M M M M M M M M", "Y Y Y Y Y Y Y Y Y Y", no_address),
    "members:display_change": act(   "L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:inbox": page(           "L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:inbox_read_all": act(   "L Y Y Y Y Y Y Y Y Y", kwargs=no_address),
    "members:inbox_open": act(       "L Y 4 4 4 4 4 4 4 4", kwargs=lambda w: {"pk": w.line.pk}),
    "members:inbox_read": act(       "L Y 4 4 4 4 4 4 4 4", kwargs=lambda w: {"pk": w.line.pk}),
    # --- installation and accounts ---
    "members:cluster_create": form(  "L 3 3 3 3 3 3 3 3 Y", kwargs=no_address),
    "members:account_create": form(  "L 3 3 3 3 3 3 3 3 Y", kwargs=no_address),
    "members:account_reset": form(   "L 3 3 3 3 3 3 Y 3 Y", kwargs=member_account, unknown=UNKNOWN_ACCOUNTS),
    "members:account_disable": form( "L 3 3 3 3 3 3 Y 3 Y", kwargs=member_account, unknown=UNKNOWN_ACCOUNTS),
    "members:account_enable": Row(   "L 3 3 3 3 3 3 Y 3 Y", "L 3 3 3 3 3 3 W 3 W", member_account,
                                     unknown=UNKNOWN_ACCOUNTS),
    "members:account_unlock": form(  "L 3 3 3 3 3 3 Y 3 Y", kwargs=member_account, unknown=UNKNOWN_ACCOUNTS),
    "members:assignment_end": form(  "L 3 3 3 3 3 3 3 3 Y",
                                     kwargs=lambda world: {"assignment": world.officer.assignments.get().pk}),
    # --- the year's set-up; toward an administrator the year's own business does not exist ---
    "members:year_setup": page(      "L 3 3 3 4 3 3 Y 3 Y"),
    "members:year_edit": form(       "L 3 3 3 4 3 3 Y 3 4"),
    "members:rules_edit": form(      "L 3 3 3 4 3 3 Y 3 4"),
    "members:year_move": form(       "L 3 3 3 4 3 3 Y 3 4"),
    "members:year_propose": form(    "L 3 3 3 4 W W 3 3 4"),
    "members:year_withdraw": act(    "L 3 3 3 4 W W 3 3 4"),
    "members:membership_add": form(  "L 3 3 3 4 3 3 Y 3 4"),
    "members:membership_edit": form( "L 3 3 3 4 3 3 Y 3 4", kwargs=and_pk("membership", lambda w: w.member.pk),
                                     unknown=UNKNOWN_MEMBERS),
    "members:membership_remove": Row("L 3 3 3 4 3 3 Y 3 4", "L 3 3 3 4 3 3 W 3 4",
                                     kwargs=and_pk("membership", lambda w: w.member.pk),
                                     unknown=UNKNOWN_MEMBERS),
    "members:deadlines_edit": form(  "L 3 3 3 4 3 3 Y 3 4"),
    "members:extension_list": page(  "L 3 3 3 4 3 3 Y 3 Y"),
    "members:extension_add": form(   "L 3 3 3 4 3 3 Y 3 4"),
    "members:extension_edit": form(  "L 3 3 3 4 3 3 Y 3 4", kwargs=and_pk("extension", lambda w: w.extension.pk),
                                     unknown=[foreign_extension]),
    "members:account_list": page(    "L 3 3 3 4 3 3 Y 3 Y"),
    "members:accounts_make": form(   "L 3 3 3 4 3 3 Y 3 Y"),
    # --- the cluster meets ---
    "members:conference": page(      "L Y Y Y 4 Y Y Y Y Y"),
    "members:meeting_edit": form(    "L 3 3 3 4 3 3 Y 3 4"),
    "members:rotation": page(        "L Y Y Y 4 Y Y Y Y Y"),
    # --- who signs for the leader ---
    "members:delegation_list": page( "L Y Y Y 4 Y Y Y Y 4"),
    "members:delegation_add": form(  "L 3 3 3 4 Y 3 Y 3 4"),
    "members:delegation_end": form(  "L 3 3 3 4 Y 3 Y 3 4", kwargs=and_pk("delegation", lambda w: w.delegation.pk),
                                     unknown=[foreign_delegation]),
    # --- the admin's own pages; leader and deputy come in once a card waits for them, as here ---
    "admin:index": Row(              "L 3 3 3 3 Y Y Y Y Y", "L 3 3 3 3 Y Y Y Y Y", no_address),
    "admin:login": Row(              "L A A A A A A A A A", "L A A A A A A A A A", no_address),
    "admin:logout": Row(             "L 3 3 3 3 Y Y Y Y Y", "L 3 3 3 3 Y Y Y Y Y", no_address),
    "admin:password_change": Row(    "L 3 3 3 3 Y Y Y Y Y", "L 3 3 3 3 Y Y Y Y Y", no_address),
    "admin:password_change_done": Row("L 3 3 3 3 Y Y Y Y Y", "L 3 3 3 3 Y Y Y Y Y", no_address),
    "admin:autocomplete": Row(       "L 3 3 3 3 3 3 3 3 3", "L 3 3 3 3 M M M M M", no_address),
    "admin:jsi18n": Row(             "L 3 3 3 3 Y Y Y Y Y", "L 3 3 3 3 M M M M M", no_address),
    "admin:app_list": Row(           "L 3 3 3 3 4 4 Y 4 Y", "L 3 3 3 3 4 4 Y 4 Y",
                                     lambda world: {"app_label": "members"}),
    "admin:view_on_site": Row(       "L 3 3 3 3 4 4 4 4 4", "L 3 3 3 3 4 4 4 4 4",
                                     lambda world: {"content_type_id": 1, "object_id": 1}),
    **admin_rows("members_cluster", lambda w: w.cluster, see="S O", add="O", change="S O",
                 foreign=lambda w: w.foreign.cluster),
    **admin_rows("members_unit", lambda w: w.member.unit, see="O", add="O", change="O"),
    **admin_rows("members_emulationyear", lambda w: w.year, see="S", change="S", foreign=lambda w: w.foreign.year),
    **admin_rows("members_yearrules", lambda w: w.year.rules, see="S", change="S",
                 foreign=lambda w: w.foreign.year.rules),
    **admin_rows("members_membership", lambda w: w.member, see="S", change="S", foreign=lambda w: w.foreign.member),
    **admin_rows("members_meeting", lambda w: w.meeting, see="S", add="S", change="S",
                 foreign=lambda w: w.foreign.meeting),
    **admin_rows("members_delegation", lambda w: w.delegation, see="S", foreign=lambda w: w.foreign.delegation),
    **admin_rows("members_pendingstep", lambda w: PendingStep.objects.get(pk=w.step.pk), see="S"),
    **admin_rows("members_user", lambda w: w.officer, see="O", change="O"),
    **admin_rows("members_assignment", lambda w: w.officer.assignments.get(), see="O", add="O", change="O"),
    **admin_rows("audit_auditevent", lambda w: w.event, see="R"),
}  # fmt: skip
