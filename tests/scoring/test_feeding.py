"""Lines whose value is taken from records: what feeds them, when, and that nobody types over it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from awards.enums import AwardLevel, CampaignKind, CampaignStatus, ParticipationStatus, RecipientKind
from cluster_app.audit import log
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import DeadlineStep, MemberRole, Phase
from members.models import Deadline, EmulationYear
from scoring import sheets
from scoring.enums import CardStatus, CriterionKind, RecordSource, Section
from scoring.integrity import problems
from scoring.models import LineRecord, Scorecard
from scoring.services import approvals, feeding, lines, scorecards
from scoring.services.approvals import Seen
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CampaignParticipationFactory,
    CommendationFactory,
    TitleRegistrationFactory,
)
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    CriterionLevelFactory,
    SourceRuleFactory,
    put_into_force,
    put_into_log,
    seen,
)
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import entry, line_of, reread

D = Decimal
pytestmark = pytest.mark.django_db
COLLECTIVE, INDIVIDUAL = RecipientKind.COLLECTIVE, RecipientKind.INDIVIDUAL


def build_world():
    return two_clusters(phase=Phase.RUNNING)


def criteria(world, *leaves: dict, shares_records: bool = False):
    """The set of the year: base leaves in one group, then bonus and penalty leaves in theirs."""
    criteria_set = CriteriaSetFactory(year=world.year, allows_shared_records=shares_records)
    groups = {
        section: CriterionFactory(
            criteria_set=criteria_set, code=code, section=section, kind=CriterionKind.GROUP, max_points=D(100)
        )
        for section, code in ((Section.BASE, "A"), (Section.BONUS, "E"), (Section.PENALTY, "F"))
    }
    CriterionFactory(criteria_set=criteria_set, code="A0", parent=groups[Section.BASE], max_points=D(40))
    for leaf in leaves:
        rules, levels = leaf.pop("rules", ()), leaf.pop("levels", ())
        section = leaf.setdefault("section", Section.BASE)
        criterion = CriterionFactory(criteria_set=criteria_set, parent=groups[section], **leaf)
        for rule in rules:
            SourceRuleFactory(criterion=criterion, **rule)
        for place, points in enumerate(levels, start=1):
            CriterionLevelFactory(criterion=criterion, position=place, label=f"Mức {place}", points=D(points))
    return put_into_force(criteria_set)


def opened(world, membership=None) -> Scorecard:
    """The card of the unit as the opening of self-scoring leaves it."""
    scorecards.open_for_year(year=world.year, by=world.secretariat, at=NOW)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.SELF_SCORING)
    year = EmulationYear.objects.get(pk=world.year.pk)
    log.append(by=None, at=NOW, verb="scenario.phase", thing=year, rows=[year])
    return reread(Scorecard.objects.get(membership=membership or world.member))


def award(membership, level, kind=COLLECTIVE, **fields):
    return CommendationFactory(
        membership=membership, award_form=AwardFormFactory(level=level), recipient_kind=kind, confirmed=True, **fields
    )


def submit(world, card: Scorecard, at=NOW) -> Scorecard:
    lines.fill(card=card, entries=[entry(card, "A0", D(1))], by=world.officer, at=at)
    card = reread(card)
    return scorecards.submit(card=card, version=card.version, by=world.signatory, at=at)


def conclude(world, card: Scorecard, at=NOW) -> Scorecard:
    card = reread(card)
    versions = dict(card.lines.values_list("pk", "version"))
    lines.accept_as_claimed(card=card, code="", seen=versions, by=world.secretariat, at=at)
    card = reread(card)
    return scorecards.conclude_review(card=card, version=card.version, by=world.secretariat, at=at)


FEED = {
    "code": "A1",
    "kind": CriterionKind.PER_ITEM,
    "max_points": D(5),
    "points_per_item": D(1),
    "source": RecordSource.COMMENDATIONS,
    "rules": (
        {"level": AwardLevel.STATE, "recipient_kind": COLLECTIVE, "amount": D(3)},
        {"level": AwardLevel.PROVINCE, "recipient_kind": COLLECTIVE, "amount": D(2)},
        {"level": AwardLevel.AGENCY, "recipient_kind": COLLECTIVE, "amount": D(1)},
    ),
}


def w8(world):
    """State 1, province 1, agency 2 collectives; and what does not count beside them."""
    state = award(world.member, AwardLevel.STATE)
    for level in (AwardLevel.PROVINCE, AwardLevel.AGENCY, AwardLevel.AGENCY):
        award(world.member, level)
    award(world.member, AwardLevel.STATE, INDIVIDUAL)
    award(world.other, AwardLevel.STATE)
    CommendationFactory(
        membership=world.member, award_form=AwardFormFactory(level=AwardLevel.STATE), recipient_kind=COLLECTIVE
    )
    return state


def test_w8_levels_weigh_their_points_and_the_criterion_caps_them(world):
    criteria(world, dict(FEED))
    w8(world)

    line = line_of(opened(world), "A1")

    assert (line.self_value, line.self_points) == (D("7.00"), D("5.00"))
    assert sorted(line.records.values_list("amount", flat=True)) == [1, 1, 2, 3]


def test_w8_the_explanation_says_what_was_capped(world):
    criteria(world, dict(FEED))
    w8(world)
    sheet = sheets.load(opened(world))

    line = next(line for line in sheet.lines if line.criterion.code == "A1")

    assert sheet.score(line, line.self_value).explanation == ("7 × 1 = 7,00.", "Giới hạn 5,00, từ 7,00.")


def test_w8_removing_the_state_decision_leaves_4(world):
    criteria(world, dict(FEED))
    state = w8(world)
    card = opened(world)
    type(state).objects.filter(pk=state.pk).update(confirmed_at=None)

    assert feeding.outdated(sheets.load(card), NOW) == ["A1"]
    feeding.refresh(card_pk=card.pk, by=world.officer, at=NOW)

    assert line_of(card, "A1").self_points == D("4.00")
    assert feeding.outdated(sheets.load(reread(card)), NOW) == []


def test_a_form_s_own_rule_goes_before_that_of_its_level(world):
    form = AwardFormFactory(level=AwardLevel.PROVINCE)
    rules = ({"level": AwardLevel.PROVINCE, "amount": D(1)}, {"award_form": form, "level": "", "amount": D("2.5")})
    criteria(world, dict(FEED, rules=rules, max_points=D(9)))
    CommendationFactory(membership=world.member, award_form=form, recipient_kind=COLLECTIVE, confirmed=True)
    award(world.member, AwardLevel.PROVINCE, INDIVIDUAL)

    assert line_of(opened(world), "A1").self_points == D("3.50")


def test_a_record_feeds_one_line_unless_the_set_allows_more(world):
    second = dict(FEED, code="E1", section=Section.BONUS, kind=CriterionKind.BONUS)
    criteria(world, dict(FEED), second)
    award(world.member, AwardLevel.PROVINCE)

    card = opened(world)

    assert [line_of(card, code).self_points for code in ("A1", "E1")] == [D("2.00"), D("0.00")]


def test_a_record_feeds_two_lines_where_the_set_allows_it(world):
    second = dict(FEED, code="E1", section=Section.BONUS, kind=CriterionKind.BONUS)
    criteria(world, dict(FEED), second, shares_records=True)
    award(world.member, AwardLevel.PROVINCE)

    card = opened(world)

    assert [line_of(card, code).self_points for code in ("A1", "E1")] == [D("2.00"), D("2.00")]


@pytest.mark.parametrize(
    ("participation", "campaign", "points"),
    [
        (ParticipationStatus.REPORTED, CampaignStatus.CONCLUDED, "10.00"),
        (ParticipationStatus.REPORTED, CampaignStatus.LAUNCHED, "0.00"),
        (ParticipationStatus.ACTIVE, CampaignStatus.CONCLUDED, "0.00"),
        (ParticipationStatus.REGISTERED, CampaignStatus.CONCLUDED, "0.00"),
    ],
)
def test_campaigns_count_once_joined_and_concluded(world, participation, campaign, points):
    rules = ({"level": "", "campaign_kind": CampaignKind.THEMATIC, "amount": D(1)},)
    leaf = dict(FEED, source=RecordSource.CAMPAIGNS, points_per_item=D(10), max_points=D(40), rules=rules)
    criteria(world, leaf)
    for kind in (CampaignKind.THEMATIC, CampaignKind.DRIVE):
        CampaignParticipationFactory(
            campaign=CampaignFactory(year=world.year, kind=kind, status=campaign),
            membership=world.member,
            status=participation,
        )

    assert line_of(opened(world), "A1").self_points == D(points)


PERCENT = {"code": "A1", "kind": CriterionKind.RATIO, "unit_of_measure": "%", "max_points": D(20)}


def test_titles_awarded_are_measured_against_those_registered(world):
    criteria(world, PERCENT | {"source": RecordSource.TITLES, "default_target": D(90)})
    form = AwardFormFactory(level=AwardLevel.AGENCY)
    TitleRegistrationFactory(membership=world.member, award_form=form, recipient_kind=INDIVIDUAL, count=3)
    CommendationFactory(
        membership=world.member, award_form=form, recipient_kind=INDIVIDUAL, occasions=2, confirmed=True
    )

    line = line_of(opened(world), "A1")

    assert (line.self_value, line.self_points) == (D("66.67"), D("14.82"))
    assert line.records.get().text == "2/3 danh hiệu đã đăng ký được tặng"


def test_direct_workers_are_a_share_of_the_commended(world):
    criteria(world, PERCENT | {"source": RecordSource.DIRECT_WORKERS, "default_target": D(60)})
    award(world.member, AwardLevel.AGENCY, INDIVIDUAL, is_direct_worker=True)
    award(world.member, AwardLevel.AGENCY, INDIVIDUAL, is_direct_worker=False)

    line = line_of(opened(world), "A1")

    assert (line.self_value, line.self_points) == (D("50.00"), D("16.67"))


@pytest.mark.parametrize(
    ("role", "points"), [(MemberRole.LEADER, "10.00"), (MemberRole.DEPUTY, "5.00"), (MemberRole.MEMBER, "0.00")]
)
def test_the_office_in_the_cluster_gives_its_level(world, role, points):
    leaf = {
        "code": "E5",
        "section": Section.BONUS,
        "kind": CriterionKind.LEVELS,
        "max_points": D(10),
        "source": RecordSource.OFFICE,
        "levels": (10, 5, 0),
    }
    criteria(world, leaf)
    holder = next(member for member in world.members if member.role == role)

    assert line_of(opened(world, holder), "E5").self_points == D(points)


LATE = {
    "code": "A1",
    "kind": CriterionKind.DEDUCT,
    "max_points": D(30),
    "points_per_item": D(5),
    "source": RecordSource.DAYS_LATE,
}


@pytest.mark.parametrize(("days", "points"), [(-1, "30.00"), (1, "25.00"), (3, "15.00"), (9, "0.00")])
def test_days_late_are_those_of_the_submission_and_no_longer_change(world, days, points):
    criteria(world, dict(LATE))
    due = datetime(2021, 11, 30, 16, 59, 59, tzinfo=UTC)
    Deadline.objects.create(year=world.year, step=DeadlineStep.SELF_SCORING, due_at=due)
    card = opened(world)

    submit(world, card, at=due + timedelta(days=days))
    conclude(world, card, at=due + timedelta(days=days + 5))

    assert line_of(card, "A1").final_points == D(points)


OVERCLAIM = {
    "code": "F5",
    "section": Section.PENALTY,
    "kind": CriterionKind.PENALTY,
    "max_points": None,
    "points_per_item": D(10),
    "source": RecordSource.OVERCLAIM,
    "overclaim_percent": D(5),
}


@pytest.mark.parametrize(("reviewed", "penalty"), [("36", "0.00"), ("35", "0.00"), ("34", "-10.00")])
def test_a_claim_far_above_the_review_is_a_penalty_case(world, reviewed, penalty):
    """The set declares 100 points, so that up to 5 are tolerated; the unit claims 40."""
    judged = {"code": "A1", "kind": CriterionKind.JUDGED, "max_points": D(40), "step": D(1)}
    criteria(world, judged, dict(OVERCLAIM))
    card = opened(world)
    lines.fill(
        card=card,
        entries=[entry(card, "A0", D(1)), entry(card, "A1", D(40), "Theo báo cáo")],
        by=world.officer,
        at=NOW,
    )
    card = reread(card)
    scorecards.submit(card=card, version=card.version, by=world.signatory, at=NOW)
    card = reread(card)
    lines.review(card=card, entries=[entry(card, "A1", D(reviewed), "Đối chiếu")], by=world.secretariat, at=NOW)

    conclude(world, card)

    assert line_of(card, "F5").self_points is None
    assert line_of(card, "F5").final_points == D(penalty)


# --- nobody types over a record ---


def test_a_fed_line_is_not_typed_by_the_unit(world):
    criteria(world, dict(FEED))
    card = opened(world)

    with pytest.raises(Refused) as refused:
        lines.fill(card=card, entries=[entry(card, "A1", D(5))], by=world.officer, at=NOW)

    assert refused.value.errors == {
        str(line_of(card, "A1").pk): [
            "Giá trị này được lấy từ hồ sơ, không nhập tay. Muốn thay đổi, hãy sửa hồ sơ gốc."
        ]
    }


def test_a_fed_line_is_not_typed_by_the_reviewer(world):
    criteria(world, dict(FEED))
    award(world.member, AwardLevel.PROVINCE)
    card = reread(submit(world, opened(world)))

    with pytest.raises(Refused):
        lines.review(card=card, entries=[entry(card, "A1", D(0), "Không đúng")], by=world.secretariat, at=NOW)


# --- when it is pulled ---


def test_submitting_takes_the_records_of_that_moment(world):
    criteria(world, dict(FEED))
    card = opened(world)
    award(world.member, AwardLevel.PROVINCE)

    submit(world, card)

    assert line_of(card, "A1").self_points == D("2.00")


def test_the_review_takes_the_records_of_its_own_moment_and_says_so(world):
    criteria(world, dict(FEED))
    card = submit(world, opened(world))
    given = award(world.member, AwardLevel.PROVINCE)
    log.append(by=None, at=NOW, verb="scenario.award", thing=given, rows=[given, given.decision])

    conclude(world, card)

    line = line_of(card, "A1")
    assert (line.self_points, line.reviewed_points, line.final_points) == (D("0.00"), D("2.00"), D("2.00"))
    assert line.final_reason == "Theo hồ sơ tại thời điểm thẩm định."
    assert verify().problem == ""
    assert list(problems()) == []


def approve(world, card):
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.REVIEWING)
    version, digest = seen(card)
    return approvals.approve(seen=Seen(card.pk, version, digest), by=world.leader_signatory, at=NOW)


def test_approval_waits_until_changed_records_are_taken_over(world):
    criteria(world, dict(FEED))
    card = conclude(world, submit(world, opened(world)))
    put_into_log(*Scorecard.objects.exclude(pk=card.pk))
    Scorecard.objects.filter(membership=world.leader).update(submitted_at=NOW)
    award(world.member, AwardLevel.PROVINCE)

    with pytest.raises(WrongState) as refused:
        approve(world, card)
    feeding.refresh(card_pk=card.pk, by=world.secretariat, at=NOW)
    approve(world, card)

    assert "A1" in refused.value.message
    assert reread(card).total_points == D("42.00")


def test_an_approved_card_stays_when_its_records_go(world):
    criteria(world, dict(FEED))
    given = award(world.member, AwardLevel.PROVINCE)
    card = conclude(world, submit(world, opened(world)))
    Scorecard.objects.filter(membership=world.leader).update(submitted_at=NOW)
    approve(world, card)
    type(given).objects.filter(pk=given.pk).update(confirmed_at=None)

    with pytest.raises(WrongState):
        feeding.refresh(card_pk=card.pk, by=world.secretariat, at=NOW)

    assert line_of(card, "A1").final_points == D("2.00")
    assert LineRecord.objects.filter(line__scorecard=card).count() == 1


def test_a_set_without_sources_has_nothing_to_take_over(world):
    criteria(world)
    card = opened(world)

    with pytest.raises(WrongState):
        feeding.refresh(card_pk=card.pk, by=world.officer, at=NOW)


ROLES = ["of", "sg", "ot", "fo", "L", "D", "S", "R", "O"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", [CardStatus.DRAFT, CardStatus.SUBMITTED, CardStatus.REVIEWED])
def test_who_may_take_records_over(world, role, status):
    criteria(world, dict(FEED))
    card = opened(world)
    Scorecard.objects.filter(pk=card.pk).update(status=status, submitted_at=NOW)
    allowed = {"of", "sg", "S"} if status == CardStatus.DRAFT else {"L", "D", "S"}
    person = world.people()[role]

    if role in allowed:
        assert feeding.refresh(card_pk=card.pk, by=person, at=NOW).card.pk == card.pk
    else:
        with pytest.raises(NotKnown if role in ("fo", "O") else NotAllowed):
            feeding.refresh(card_pk=card.pk, by=person, at=NOW)


# --- what the review of this module found ---


def test_a_submitted_card_is_not_outdated_while_its_records_stay(world):
    criteria(world, dict(FEED))
    award(world.member, AwardLevel.PROVINCE)
    card = submit(world, opened(world))

    assert feeding.outdated(sheets.load(reread(card)), NOW) == []


def test_the_record_of_the_submission_says_when_it_was_handed_in(world):
    criteria(world, dict(LATE))
    Deadline.objects.create(year=world.year, step=DeadlineStep.SELF_SCORING, due_at=NOW)

    card = submit(world, opened(world), at=NOW)

    assert line_of(card, "A1").records.get().text == "Hạn 24/11/2021 09:00; nộp 24/11/2021 09:00"


def test_nobody_is_punished_for_a_value_that_the_records_gave(world):
    criteria(world, dict(FEED, max_points=D(40), points_per_item=D(20)), dict(OVERCLAIM))
    given = award(world.member, AwardLevel.PROVINCE)
    card = submit(world, opened(world))
    type(given).objects.filter(pk=given.pk).update(confirmed_at=None)

    conclude(world, card)

    assert (line_of(card, "A1").self_points, line_of(card, "A1").final_points) == (D("40.00"), D("0.00"))
    assert line_of(card, "F5").final_points == D("0.00")


def test_what_a_reviewer_wrote_beside_a_fed_value_stays(world):
    criteria(world, dict(FEED))
    card = submit(world, opened(world))
    award(world.member, AwardLevel.PROVINCE)
    card = reread(card)
    lines.review(card=card, entries=[entry(card, "A1", None, "Đã đối chiếu quyết định")], by=world.secretariat, at=NOW)

    conclude(world, card)

    assert line_of(card, "A1").final_reason == "Đã đối chiếu quyết định"


def test_a_record_changed_by_hand_no_longer_sums_to_its_value(world):
    criteria(world, dict(FEED))
    award(world.member, AwardLevel.PROVINCE)
    card = conclude(world, submit(world, opened(world)))
    LineRecord.objects.filter(line__scorecard=card).update(amount=D(9))

    assert len([problem for problem in problems() if "A1" in problem]) == 1


def test_a_criterion_assigned_on_a_returned_card_can_be_filled_in(world):
    criteria(world, dict(FEED))
    card = opened(world)
    lines.set_assigned(
        card=card,
        line_pk=line_of(card, "A0").pk,
        is_assigned=False,
        reason="Không giao trong năm",
        by=world.secretariat,
        at=NOW,
    )
    card = reread(card)
    scorecards.submit(card=card, version=card.version, by=world.signatory, at=NOW)
    card = reread(card)
    scorecards.return_card(
        card=card, version=card.version, reason="Bổ sung hồ sơ khen", codes=["A1"], by=world.secretariat, at=NOW
    )
    lines.set_assigned(
        card=reread(card), line_pk=line_of(card, "A0").pk, is_assigned=True, by=world.secretariat, at=NOW
    )

    lines.fill(card=reread(card), entries=[entry(card, "A0", D(1))], by=world.officer, at=NOW)

    assert line_of(card, "A0").self_points == D("40.00")
