from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from cluster_app.lib import triggers
from members.enums import MemberRole, NotAssignedRule
from scoring import integrity
from scoring.enums import CardStatus, Stage
from scoring.models import Approval, CriterionLevel, Publication, Scorecard, ScoreLine, Target
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import CriterionFactory, PublicationFactory, ScorecardFactory, amend, unfrozen
from tests.scenarios import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def year():
    year = EmulationYearFactory(cluster__name="Cụm", conference=True)
    MembershipFactory(year=year, unit__code="LEAD", role=MemberRole.LEADER)
    return year


@pytest.fixture
def unit(year):
    return MembershipFactory(year=year, unit__code="DV", name="Đơn vị A")


@pytest.fixture
def approved(unit):
    return ScorecardFactory(membership=unit, approved=True)


@pytest.fixture
def tampering():
    """Somebody who owns the database takes the triggers away, and puts them back when all is done."""
    triggers.drop_all(connection)
    yield
    triggers.install_all(connection)


def line_of(card, code):
    return ScoreLine.objects.filter(scorecard=card, criterion__code=code)


def problems():
    triggers.install_all(connection)
    return list(integrity.problems())


def of_unit(*sentences):
    return [f"Cụm 2021, Đơn vị A: {sentence}" for sentence in sentences]


@pytest.mark.parametrize("status", ["", "filled", "submitted", "returned", "reviewed", "approved"])
def test_card_as_the_services_leave_it_follows_from_its_values(unit, status):
    ScorecardFactory(membership=unit, **({status: True} if status else {}))

    assert problems() == []


def test_missing_trigger_is_named():
    triggers.drop_all(connection)

    assert list(integrity.problems())[:1] == [
        "The trigger approval_no_delete is missing. Run: python3 manage.py migrate"
    ]
    assert len(list(integrity.problems())) == len(triggers.registered())


@pytest.mark.parametrize(
    ("stage", "label", "name", "total", "spoilt"),
    [
        (Stage.SELF, "Self-scored", "self-scored", "84,50", "84,49"),
        (Stage.REVIEWED, "Reviewed", "reviewed", "77,10", "77,09"),
    ],
)
def test_points_that_do_not_follow_are_named_with_the_total_they_spoil(unit, stage, label, name, total, spoilt):
    card = ScorecardFactory(membership=unit, reviewed=True)
    line_of(card, "B1").update(**{f"{stage}_points": Decimal("9.99")})

    assert problems() == of_unit(
        f"B1, stage “{label}”: 9,99 points are stored, 10,00 follow from its value.",
        f"{name}: {total} points are stored, the lines sum to {spoilt}.",
    )


def test_every_final_total_is_computed_anew(unit):
    card = ScorecardFactory(membership=unit, reviewed=True)
    Scorecard.objects.filter(pk=card.pk).update(
        base_points=Decimal("77.11"),
        bonus_points=Decimal(11),
        penalty_points=Decimal(-11),
        total_points=Decimal("77.12"),
    )

    assert problems() == of_unit(
        "base points: 77,11 points are stored, the lines sum to 77,10.",
        "bonus points: 11,00 points are stored, the lines sum to 10,00.",
        "penalty points: -11,00 points are stored, the lines sum to -10,00.",
        "total points: 77,12 points are stored, the lines sum to 77,10.",
    )


def test_points_without_a_value_are_named(unit):
    card = ScorecardFactory(membership=unit, filled=True)
    line_of(card, "F1").update(self_value=None)

    assert problems() == of_unit("F1, stage “Self-scored”: -10,00 points are stored, – follow from its value.")


def test_value_that_makes_no_sense_is_named_with_the_reason(unit):
    card = ScorecardFactory(membership=unit, filled=True)
    line_of(card, "A3").update(self_value=Decimal(9))

    assert problems() == of_unit("A3: Choose one of the levels of this criterion.")


def test_changed_target_shows_in_the_points(unit):
    card = ScorecardFactory(membership=unit, filled=True)
    Target.objects.create(membership=unit, criterion=line_of(card, "A1").get().criterion, value=Decimal(50))

    assert problems() == of_unit("A1, stage “Self-scored”: 28,50 points are stored, 30,00 follow from its value.")


def test_changed_level_of_an_applied_set_shows_in_the_points(unit):
    ScorecardFactory(membership=unit, filled=True)
    with unfrozen():
        CriterionLevel.objects.filter(position=2).update(points=Decimal(17))

    assert problems() == of_unit("A3, stage “Self-scored”: 16,00 points are stored, 17,00 follow from its value.")


def test_changed_maximum_of_an_applied_set_is_named(unit):
    card = ScorecardFactory(membership=unit)
    amend(line_of(card, "B2").get().criterion, max_points=Decimal(21))

    assert problems() == of_unit("B2 has another section or maximum than its criterion.")


@pytest.mark.parametrize(("rule", "points"), [(NotAssignedRule.FULL_POINTS, 10), (NotAssignedRule.EXCLUDED, 0)])
def test_criterion_that_is_not_assigned_has_the_points_of_the_years_rule(unit, rule, points):
    card = ScorecardFactory(membership=unit)
    unit.year.rules.not_assigned = rule
    unit.year.rules.ranking_basis = "percent"
    unit.year.rules.save()
    wrong = 10 - points
    of_line = {"is_assigned": False, "not_assigned_reason": "Không có nhiệm vụ"}

    line_of(card, "B1").update(self_points=points, **of_line)
    Scorecard.objects.update(self_total=points)
    assert problems() == []

    line_of(card, "B1").update(self_points=wrong)
    Scorecard.objects.update(self_total=wrong)
    [problem] = problems()
    assert problem.endswith(f"{wrong},00 points are stored, {points},00 follow from its value.")


def test_missing_line_is_named(unit):
    card = ScorecardFactory(membership=unit, filled=True)
    line_of(card, "A1").delete()

    assert problems() == of_unit("a line for one of the criteria is missing.")


def test_line_for_a_group_is_named(unit):
    card = ScorecardFactory(membership=unit)
    group = card.criteria_set.criteria.get(code="A")
    ScoreLine.objects.create(scorecard=card, criterion=group, section=group.section, max_points=group.max_points)

    assert problems() == of_unit("it has a line for a criterion that is not scored.")


@pytest.mark.usefixtures("tampering")
def test_approved_card_that_was_changed_is_not_what_was_approved(approved):
    line_of(approved, "B1").update(self_note="Thêm sau khi phê duyệt")

    assert problems() == of_unit("it is not what was approved.")


@pytest.mark.usefixtures("tampering")
def test_snapshot_that_was_changed_does_not_have_its_digest(approved):
    approval = approved.approvals.get()
    Approval.objects.update(snapshot=approval.snapshot.replace('"total_points":"77.10"', '"total_points":"97.10"'))

    assert problems() == [
        *of_unit("it is not what was approved."),
        f"The digest of “{approval}” is not that of its snapshot.",
    ]


def test_approved_card_whose_unit_and_cluster_have_other_names_now_is_what_was_approved(approved):
    unit, cluster = approved.membership.unit, approved.membership.year.cluster
    unit.code, cluster.slug = "MOI", "ten-moi"
    unit.save()
    cluster.save()

    assert problems() == []


@pytest.mark.usefixtures("tampering")
def test_approved_card_without_a_valid_approval_is_named(approved):
    approval = approved.approvals.get()
    Approval.objects.update(
        revoked_at=approval.approved_at, revoked_by=approval.approver, revoked_reason="Thu hồi riêng lẻ"
    )

    assert problems() == of_unit("its status “Approved” does not agree with its approvals.")


@pytest.mark.usefixtures("tampering")
def test_approved_card_that_calls_itself_reviewed_is_named(approved):
    Scorecard.objects.update(status=CardStatus.REVIEWED)

    assert problems() == of_unit("its status “Reviewed” does not agree with its approvals.")


@pytest.mark.parametrize("wrong", ["none", "later", "withdrawn"])
def test_time_of_publication_mirrors_the_valid_one(year, wrong):
    publication = PublicationFactory(year=year)
    year.published_at = publication.published_at
    year.save()
    assert problems() == []

    if wrong == "withdrawn":
        Publication.objects.update(withdrawn_at=publication.published_at, withdrawn_reason="Mở lại phiếu")
    else:
        year.published_at = None if wrong == "none" else publication.published_at + timedelta(seconds=1)
        year.save()

    assert problems() == ["Cụm 2021: the time of publication is not that of its publication."]


def test_publication_that_was_changed_does_not_have_its_digest(year):
    publication = PublicationFactory(year=year, withdrawn_at=NOW, withdrawn_reason="Mở lại phiếu")
    Publication.objects.update(snapshot='{"units":[]}')

    assert problems() == [f"The digest of “{publication}” is not that of its snapshot."]


def test_check_integrity_of_sound_data_says_so(approved, capsys):
    call_command("check_integrity")

    assert capsys.readouterr().out == (
        "Triggers, points, totals, approvals, publications and files are as they should be.\n"
    )


def test_check_integrity_fails_with_the_first_problems(unit):
    card = ScorecardFactory(membership=unit, filled=True)
    line_of(card, "A3").update(self_value=Decimal(9))

    with pytest.raises(CommandError) as failure:
        call_command("check_integrity")

    assert failure.value.returncode == 1
    assert str(failure.value) == of_unit("A3: Choose one of the levels of this criterion.")[0]


def test_check_integrity_stops_after_twenty_problems(unit):
    criteria_set = ScorecardFactory(membership=unit).criteria_set
    with unfrozen():
        leaves = [CriterionFactory(criteria_set=criteria_set) for _place in range(25)]
    for leaf in leaves:
        ScoreLine.objects.create(scorecard=unit.scorecard, criterion=leaf, section=leaf.section, max_points=Decimal(11))

    with pytest.raises(CommandError) as failure:
        call_command("check_integrity")

    assert len(str(failure.value).splitlines()) == 20
