"""Rows of `awards`, each a minimal valid one. Traits are named for what makes the row special."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from awards.enums import (
    AwardKind,
    AwardLevel,
    AwardSystem,
    CampaignKind,
    CampaignOrigin,
    CampaignStatus,
    CommendationStatus,
    CommendationType,
    ParticipationStatus,
    PledgeGroup,
    PledgeStatus,
    RecipientKind,
    SigningMethod,
)
from awards.models import (
    AwardForm,
    BaseSalary,
    Campaign,
    CampaignParticipation,
    Commendation,
    Decision,
    Pledge,
    PledgeItem,
    PledgeSignature,
    TitleRegistration,
)
from tests.factories.members import ClusterFactory, EmulationYearFactory, MembershipFactory, UserFactory

RECORDED_AT = datetime(2021, 6, 1, 2, tzinfo=UTC)
CONFIRMED_AT = datetime(2021, 6, 2, 2, tzinfo=UTC)


class PledgeFactory(DjangoModelFactory):
    """A drafted pledge without items."""

    class Meta:
        model = Pledge

    class Params:
        open = factory.Trait(status=PledgeStatus.OPEN)
        signed = factory.Trait(status=PledgeStatus.SIGNED)

    year = factory.SubFactory(EmulationYearFactory)


class PledgeItemFactory(DjangoModelFactory):
    class Meta:
        model = PledgeItem

    pledge = factory.SubFactory(PledgeFactory)
    group = PledgeGroup.POLITICAL_TASKS
    order = factory.Sequence(lambda number: number + 1)
    text = "Hoàn thành nhiệm vụ trong chương trình công tác năm"


class PledgeSignatureFactory(DjangoModelFactory):
    class Meta:
        model = PledgeSignature

    pledge = factory.SubFactory(PledgeFactory, open=True)
    membership = factory.SubFactory(MembershipFactory, year=factory.SelfAttribute("..pledge.year"))
    signed_on = date(2021, 2, 20)
    method = SigningMethod.PAPER
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class CampaignFactory(DjangoModelFactory):
    """A prepared thematic campaign of the cluster that lacks nothing."""

    class Meta:
        model = Campaign

    class Params:
        launched = factory.Trait(status=CampaignStatus.LAUNCHED)
        concluded = factory.Trait(status=CampaignStatus.CONCLUDED, results="Các đơn vị hoàn thành")
        own_drive = factory.Trait(
            kind=CampaignKind.DRIVE,
            origin=CampaignOrigin.UNIT,
            membership=factory.SubFactory(MembershipFactory, year=factory.SelfAttribute("..year")),
        )

    year = factory.SubFactory(EmulationYearFactory)
    code = factory.Sequence(lambda number: f"CD-{number}")
    title = factory.LazyAttribute(lambda campaign: f"Phong trào {campaign.code}")
    kind = CampaignKind.THEMATIC
    origin = CampaignOrigin.CLUSTER
    launching_authority = "Cụm Thi đua"
    document_number = "04-KH/CTĐ"
    document_on = date(2021, 2, 24)
    starts_on = date(2021, 3, 1)
    objectives = "Nâng cao chất lượng tham mưu"


class CampaignParticipationFactory(DjangoModelFactory):
    """A unit that carries out a launched campaign and has not reported yet."""

    class Meta:
        model = CampaignParticipation

    class Params:
        reported = factory.Trait(status=ParticipationStatus.REPORTED)

    membership = factory.SubFactory(MembershipFactory)
    campaign = factory.SubFactory(CampaignFactory, launched=True, year=factory.SelfAttribute("..membership.year"))
    status = ParticipationStatus.ACTIVE


class AwardFormFactory(DjangoModelFactory):
    """A certificate of the agency level for individuals and collectives, in force since 2017."""

    class Meta:
        model = AwardForm

    class Params:
        province = factory.Trait(level=AwardLevel.PROVINCE)
        state = factory.Trait(level=AwardLevel.STATE)
        party = factory.Trait(system=AwardSystem.PARTY)

    code = factory.Sequence(lambda number: f"GK{number}")
    name = factory.LazyAttribute(lambda form: f"Giấy khen {form.code}")
    kind = AwardKind.CERTIFICATE
    level = AwardLevel.AGENCY
    is_for_individuals = True
    is_for_collectives = True
    authority = "Thủ trưởng cơ quan"
    valid_from = date(2017, 10, 1)


class BaseSalaryFactory(DjangoModelFactory):
    class Meta:
        model = BaseSalary

    amount = 1_490_000
    valid_from = date(2019, 7, 1)
    legal_source = "Nghị định 38/2019/NĐ-CP"


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    cluster = factory.SubFactory(ClusterFactory)
    number = factory.Sequence(lambda number: f"{number + 1}-QĐ/CQ")
    decided_on = date(2021, 5, 20)
    signer = "Thủ trưởng cơ quan"


class CommendationFactory(DjangoModelFactory):
    """One individual, entered and not yet confirmed."""

    class Meta:
        model = Commendation

    class Params:
        confirmed = factory.Trait(confirmed_by=factory.SubFactory(UserFactory), confirmed_at=CONFIRMED_AT)
        revoked = factory.Trait(status=CommendationStatus.REVOKED, revoked_reason="Kê khai không đúng thành tích")
        thematic = factory.Trait(
            type=CommendationType.THEMATIC,
            campaign=factory.SubFactory(CampaignFactory, year=factory.SelfAttribute("..membership.year")),
        )

    membership = factory.SubFactory(MembershipFactory)
    decision = factory.SubFactory(DecisionFactory, cluster=factory.SelfAttribute("..membership.year.cluster"))
    award_form = factory.SubFactory(AwardFormFactory)
    recipient_kind = RecipientKind.INDIVIDUAL
    recipient = factory.Sequence(lambda number: f"Cán bộ {number:03d}")
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class TitleRegistrationFactory(DjangoModelFactory):
    """Ten certificates of the agency for individuals."""

    class Meta:
        model = TitleRegistration

    membership = factory.SubFactory(MembershipFactory)
    award_form = factory.SubFactory(AwardFormFactory)
    recipient_kind = RecipientKind.INDIVIDUAL
    count = 10
