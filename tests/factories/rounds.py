"""Rows of the rounds of a card: what was handed in, what the unit claimed against its review, and what was answered."""

from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from scoring.enums import ObjectionStatus, SubmissionWay
from scoring.models import Objection, ObjectionMessage, Submission
from scoring.sheets import load
from scoring.snapshots import digest, of_card
from tests.factories.members import UserFactory
from tests.factories.scoring import SUBMITTED_AT, ScorecardFactory

RAISED_AT = datetime(2021, 11, 23, 8, tzinfo=UTC)
SETTLED_AT = datetime(2021, 11, 23, 9, tzinfo=UTC)


class SubmissionFactory(DjangoModelFactory):
    """The card as it stands, handed in by its signatory."""

    class Meta:
        model = Submission

    scorecard = factory.SubFactory(ScorecardFactory, submitted=True)
    number = factory.LazyAttribute(lambda submission: submission.scorecard.submissions.count() + 1)
    way = SubmissionWay.SIGNATORY
    submitted_at = SUBMITTED_AT
    submitted_by = factory.SubFactory(UserFactory)
    snapshot = factory.LazyAttribute(lambda submission: of_card(load(submission.scorecard)))
    digest = factory.LazyAttribute(lambda submission: digest(submission.snapshot))


class ObjectionFactory(DjangoModelFactory):
    """An open one against a reviewed `line`; `accepted` says that the line has the claimed value and points by now."""

    class Meta:
        model = Objection

    class Params:
        accepted = factory.Trait(
            status=ObjectionStatus.ACCEPTED,
            value_before=factory.SelfAttribute("line.reviewed_value"),
            points_before=factory.SelfAttribute("line.reviewed_points"),
            value_after=factory.SelfAttribute("line.final_value"),
            points_after=factory.SelfAttribute("line.final_points"),
            settled_by=factory.SubFactory(UserFactory),
            settled_at=SETTLED_AT,
            settled_reason="Có văn bản xác nhận",
        )

    claimed_value = Decimal(90)
    raised_by = factory.SubFactory(UserFactory)
    raised_at = RAISED_AT


class ObjectionMessageFactory(DjangoModelFactory):
    """The first message of an `objection`: the claim."""

    class Meta:
        model = ObjectionMessage

    author = factory.SelfAttribute("objection.raised_by")
    written_at = factory.SelfAttribute("objection.raised_at")
    text = "Đề nghị xem lại số liệu"
