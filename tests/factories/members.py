"""Rows of `members`, each a minimal valid one. Traits are named for what makes the row special."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from members.enums import AssignmentRole, DeadlineStep, MeetingKind, MemberRole, PendingKind, Phase, Standing
from members.models import (
    Assignment,
    Cluster,
    Deadline,
    Delegation,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    Notification,
    PendingStep,
    Resolution,
    StoredFile,
    Unit,
    User,
    YearRules,
)


class ClusterFactory(DjangoModelFactory):
    class Meta:
        model = Cluster

    slug = factory.Sequence(lambda number: f"cluster-{number}")
    name = factory.LazyAttribute(lambda cluster: f"Cụm {cluster.slug}")
    province = "Lạng Sơn"


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"DV{number}")
    name = factory.LazyAttribute(lambda unit: f"Đơn vị {unit.code}")
    short_name = factory.SelfAttribute("code")


class EmulationYearFactory(DjangoModelFactory):
    """A running year with its rules, without members."""

    class Meta:
        model = EmulationYear
        skip_postgeneration_save = True

    class Params:
        preparing = factory.Trait(phase=Phase.PREPARING)
        self_scoring = factory.Trait(phase=Phase.SELF_SCORING)
        reviewing = factory.Trait(phase=Phase.REVIEWING)
        approving = factory.Trait(phase=Phase.APPROVING)
        conference = factory.Trait(phase=Phase.CONFERENCE)
        concluded = factory.Trait(phase=Phase.CONCLUDED)
        archived = factory.Trait(phase=Phase.ARCHIVED)
        published = factory.Trait(phase=Phase.CONFERENCE, published_at=datetime(2021, 12, 30, 2, tzinfo=UTC))

    cluster = factory.SubFactory(ClusterFactory)
    year = 2021
    phase = Phase.RUNNING
    rules = factory.RelatedFactory("tests.factories.members.YearRulesFactory", factory_related_name="year")


class YearRulesFactory(DjangoModelFactory):
    class Meta:
        model = YearRules

    year = factory.SubFactory(EmulationYearFactory, rules=None)
    tally_from = factory.LazyAttribute(lambda rules: date(rules.year.year, 1, 1))
    tally_to = factory.LazyAttribute(lambda rules: date(rules.year.year, 12, 31))


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    class Params:
        leader = factory.Trait(role=MemberRole.LEADER)
        deputy = factory.Trait(role=MemberRole.DEPUTY)
        suspended = factory.Trait(standing=Standing.SUSPENDED, standing_reason="Đang xem xét kỷ luật")
        disqualified = factory.Trait(standing=Standing.DISQUALIFIED, standing_reason="Không ký giao ước thi đua")

    year = factory.SubFactory(EmulationYearFactory)
    unit = factory.SubFactory(UnitFactory)
    name = factory.SelfAttribute("unit.name")
    short_name = factory.SelfAttribute("unit.short_name")


class UserFactory(DjangoModelFactory):
    """An account that is signed in by `client.force_login`; one with a password says which."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user{number}")
    password = "!"

    @factory.post_generation
    def typed_password(user, create, extracted, **kwargs):  # noqa: N805 - factory_boy hands over the account
        if extracted:
            user.set_password(extracted)
            user.save(update_fields=["password"])


class AssignmentFactory(DjangoModelFactory):
    """The signatory of a unit."""

    class Meta:
        model = Assignment

    class Params:
        officer = factory.Trait(role=AssignmentRole.OFFICER)
        secretariat = factory.Trait(
            role=AssignmentRole.SECRETARIAT, unit=None, cluster=factory.SubFactory(ClusterFactory)
        )
        observer = factory.Trait(role=AssignmentRole.OBSERVER, unit=None, cluster=factory.SubFactory(ClusterFactory))
        administrator = factory.Trait(role=AssignmentRole.ADMINISTRATOR, unit=None)

    user = factory.SubFactory(UserFactory)
    role = AssignmentRole.SIGNATORY
    unit = factory.SubFactory(UnitFactory)


class DeadlineFactory(DjangoModelFactory):
    """Self-scoring ends with 22 November 2021 in Việt Nam."""

    class Meta:
        model = Deadline

    year = factory.SubFactory(EmulationYearFactory)
    step = DeadlineStep.SELF_SCORING
    due_at = datetime(2021, 11, 22, 16, 59, 59, tzinfo=UTC)


class ExtensionFactory(DjangoModelFactory):
    class Meta:
        model = Extension

    deadline = factory.SubFactory(DeadlineFactory)
    membership = factory.SubFactory(MembershipFactory, year=factory.SelfAttribute("..deadline.year"))
    until = datetime(2021, 11, 26, 16, 59, 59, tzinfo=UTC)
    reason = "Phục vụ đoàn kiểm tra"


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    year = factory.SubFactory(EmulationYearFactory)
    kind = MeetingKind.YEAR_END
    held_on = date(2021, 12, 30)
    place = "Hội trường Tỉnh ủy"


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = Resolution

    meeting = factory.SubFactory(MeetingFactory)
    order = factory.Sequence(lambda number: number + 1)
    text = "Thông qua báo cáo tổng kết"


class DelegationFactory(DjangoModelFactory):
    """The leader of the year lets the deputy's signatory sign from 22 to 26 November 2021, by a paper of the 20th."""

    class Meta:
        model = Delegation

    class Params:
        ended = factory.Trait(
            ended_at=datetime(2021, 11, 23, 2, tzinfo=UTC),
            ended_by=factory.SelfAttribute("recorded_by"),
            ended_reason="Thủ trưởng đã trở lại làm việc",
        )

    principal = factory.SubFactory(MembershipFactory, leader=True)
    delegate_unit = factory.SubFactory(MembershipFactory, deputy=True, year=factory.SelfAttribute("..principal.year"))
    delegate = factory.LazyAttribute(lambda given: signatory_of(given.delegate_unit.unit))
    number = "15-UQ/CQ"
    decided_on = date(2021, 11, 20)
    starts_on = date(2021, 11, 22)
    ends_on = date(2021, 11, 26)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = datetime(2021, 11, 20, 2, tzinfo=UTC)


def signatory_of(unit: Unit) -> User:
    """Who signs for the unit; somebody new if nobody does."""
    held = unit.assignments.filter(role=AssignmentRole.SIGNATORY).select_related("user").first()
    return held.user if held else AssignmentFactory(unit=unit).user


class StoredFileFactory(DjangoModelFactory):
    """The row of a file that nobody opens: its content does not lie on the disk."""

    class Meta:
        model = StoredFile

    membership = factory.SubFactory(MembershipFactory)
    year = factory.SelfAttribute("membership.year")
    name = "bao-cao.pdf"
    extension = "pdf"
    size = 1024
    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    stored_name = factory.Sequence(lambda number: f"2021/tep-{number}")
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = datetime(2021, 11, 20, 2, tzinfo=UTC)


class NotificationFactory(DjangoModelFactory):
    """An unread line."""

    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    year = factory.SubFactory(EmulationYearFactory)
    key = factory.Sequence(lambda number: f"approved:{number}")
    text = "The score card of %(unit)s was approved."
    params = factory.LazyFunction(lambda: {"unit": "ĐV A3"})
    url = "/"
    created_at = datetime(2021, 11, 24, 1, tzinfo=UTC)


class PendingStepFactory(DjangoModelFactory):
    class Meta:
        model = PendingStep

    kind = PendingKind.CONCLUDE
    year = factory.SubFactory(EmulationYearFactory)
    object_key = factory.LazyAttribute(lambda step: f"members.emulationyear:{step.year.pk}")
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = datetime(2021, 11, 24, 2, tzinfo=UTC)
