"""The order of units: totals, ranks, tie-breaks, bands, and who is not ranked (worked numbers W3 of the design)."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from cluster_app.lib.points import to_points
from members.enums import NotAssignedRule, Phase, RankingBasis, Standing
from members.models import Membership
from scoring.enums import CardStatus, CriterionKind
from scoring.models import Scorecard, ScoreLine
from scoring.ranking import ranking
from tests.factories.scoring import SUBMITTED_AT, CriteriaSetFactory, CriterionFactory, put_into_force
from tests.scenarios import two_clusters
from tests.scoring.cards import card_in, forget, reread

pytestmark = pytest.mark.django_db

D = Decimal


def build_world():
    return two_clusters(phase=Phase.APPROVING)


def card(membership, *, status=CardStatus.APPROVED, self_scored=None, **final):
    """A card with these final values, all else at 0: `A1` 30, `A2` 20 and `A3` 20 points at most, `B1` 10, `B2` 20."""
    zero = {"A1": ("0", "0"), "A2": ("0", "0"), "A3": ("4", "0"), "B1": ("0", "0"), "B2": ("4", "0"),
            "E1": ("0", "0"), "F1": ("0", "0")}  # fmt: skip
    values = zero | {code: ("1", points) for code, points in final.items()}
    return card_in(status, membership, self_values=self_scored or values, reviewed_values=values)


def order(world, year=None):
    forget(world.year)
    return [(row.membership.unit.code, row.rank) for row in ranking(year or world.year).rows]


def set_rules(world, **rules):
    for name, value in rules.items():
        setattr(world.year.rules, name, value)
    world.year.rules.save()


def test_units_stand_by_their_total_and_equal_ones_share_a_rank(world):
    set_rules(world, tie_breaks=[])
    card(world.leader, A1="20")
    card(world.deputy, A1="15.50", A3="10")
    card(world.member, A1="20")
    card(world.other, A1="12")

    assert order(world) == [("A2", 1), ("A1", 2), ("A3", 2), ("A4", 4)]


def test_a_section_decides_between_equal_totals_and_says_so(world):
    set_rules(world, tie_breaks=["section:A"])
    card(world.leader, A1="10", B1="10")
    card(world.member, A1="11", B1="9")

    rows = ranking(world.year).rows[:2]

    assert [(row.membership.unit.code, row.rank) for row in rows] == [("A3", 1), ("A1", 2)]
    assert "11,00" in rows[0].tie_note
    assert "10,00" in rows[0].tie_note
    assert world.leader.name in rows[0].tie_note
    assert world.member.name in rows[1].tie_note


def test_fewest_penalty_points_decide(world):
    set_rules(world, tie_breaks=["fewest_penalty_points"])
    card(world.leader, A1="20", F1="-10")
    card(world.member, A1="10")

    assert order(world)[:2] == [("A3", 1), ("A1", 2)]


def test_the_smallest_correction_decides(world):
    set_rules(world, tie_breaks=["smallest_correction"])
    card(world.leader, A1="20", self_scored={"A1": ("1", "25")})
    card(world.member, A1="20")

    found = ranking(world.year).rows[:2]

    assert [row.membership.unit.code for row in found] == ["A3", "A1"]
    assert found[0].correction < found[1].correction


def test_the_earliest_submission_decides(world):
    set_rules(world, tie_breaks=["earliest_submission"])
    leader = card(world.leader, status=CardStatus.REVIEWED, A1="20")
    card(world.member, status=CardStatus.REVIEWED, A1="20")
    Scorecard.objects.filter(pk=leader.pk).update(submitted_at=SUBMITTED_AT + timedelta(hours=1))

    assert order(world)[:2] == [("A3", 1), ("A1", 2)]


def test_the_next_tie_break_decides_where_the_first_does_not(world):
    set_rules(world, tie_breaks=["section:A", "fewest_penalty_points"])
    card(world.leader, A1="20", E1="10", F1="-10")
    card(world.member, A1="20")

    rows = ranking(world.year).rows[:2]

    assert [row.membership.unit.code for row in rows] == ["A3", "A1"]
    assert [bool(row.tie_note) for row in rows] == [True, True]


def test_equal_in_every_tie_break_is_said_and_shown_in_protocol_order(world):
    card(world.deputy, A1="20")
    card(world.leader, A1="20")

    rows = ranking(world.year).rows[:2]

    assert [(row.membership.unit.code, row.rank) for row in rows] == [("A1", 1), ("A2", 1)]
    assert world.deputy.name in rows[0].tie_note


def test_there_is_no_note_without_a_tie(world):
    card(world.leader, A1="20")
    card(world.member, A1="10")

    assert [row.tie_note for row in ranking(world.year).rows] == ["", "", "", ""]


def test_the_gap_is_the_distance_to_the_unit_just_before(world):
    set_rules(world, tie_breaks=[])
    card(world.leader, A1="20")
    card(world.deputy, A1="20")
    card(world.member, A1="17.50")

    assert [row.gap for row in ranking(world.year).rows] == [None, D("0.00"), D("2.50"), None]


def test_percent_and_points_may_rank_differently(world):
    """W3: 90 of 100 and 80 of 85: by points the first leads, by percent the second."""
    card(world.leader, A1="30", A2="20", A3="20", B2="20")
    second = card(world.member, status=CardStatus.REVIEWED, A1="30", A2="20", A3="20", B2="10")
    second.lines.filter(criterion__code="B1").update(is_assigned=False, not_assigned_reason="Không giao")
    second.lines.filter(criterion__code="B2").update(max_points=D(15))

    by_points = order(world)[:2]
    set_rules(world, ranking_basis=RankingBasis.PERCENT, not_assigned=NotAssignedRule.EXCLUDED)
    found = ranking(world.year)

    assert by_points == [("A1", 1), ("A3", 2)]
    assert [(row.membership.unit.code, str(row.percent)) for row in found.rows[:2]] == [
        ("A3", "94.12"),
        ("A1", "90.00"),
    ]
    assert [row.rank for row in found.rows[:2]] == [1, 2]


def test_bands_are_read_on_the_scale_that_ranks(world):
    set_rules(world, bands=[{"name": "Tốt", "from": "70"}, {"name": "Khá", "from": "50"}])
    card(world.leader, A1="30", A2="20", A3="20")
    card(world.deputy, A1="29.99", A2="20", A3="20")
    card(world.member, A1="10")

    assert [row.band for row in ranking(world.year).rows] == ["Tốt", "Khá", "", ""]


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.DISQUALIFIED])
def test_a_unit_that_is_not_in_good_standing_keeps_its_score_and_has_no_rank(world, standing):
    card(world.leader, A1="30", A2="20")
    card(world.member, A1="20")
    Membership.objects.filter(pk=world.leader.pk).update(standing=standing, standing_reason="Đang xem xét")
    forget(world.year)

    found = ranking(world.year)

    assert [(row.membership.unit.code, row.rank, row.total) for row in found.rows] == [
        ("A3", 1, D("20.00")),
        ("A1", None, D("50.00")),
        ("A2", None, None),
        ("A4", None, None),
    ]
    assert found.rows[1].band == ""


def test_the_ranking_is_provisional_until_every_ranked_card_is_approved(world):
    for member in world.members[:3]:
        card(member, A1="20")
    last = card(world.other, status=CardStatus.REVIEWED, A1="10")
    before = ranking(world.year).is_provisional

    Membership.objects.filter(pk=world.other.pk).update(standing=Standing.SUSPENDED, standing_reason="Đang xem xét")
    forget(world.year)

    assert before is True
    assert ranking(world.year).is_provisional is False
    assert reread(last).status == CardStatus.REVIEWED


def test_sections_are_sums_of_final_points_capped_where_they_have_a_cap(world):
    card(world.leader, A1="20", A3="16", B2="5", E1="15", F1="-40")

    sections = ranking(world.year).rows[0].sections

    assert {code: str(points) for code, points in sections.items()} == {
        "A": "36.00",
        "B": "5.00",
        "E": "15.00",
        "F": "-40.00",
    }


LARGEST = D("999999.99")


def exact_card(membership, pairs):
    """A reviewed card of one group, with a line of 999999,99 points for each pair of self-scored and final ones."""
    criteria_set = CriteriaSetFactory(year=membership.year)
    group = CriterionFactory(criteria_set=criteria_set, code="A", kind=CriterionKind.GROUP, max_points=LARGEST)
    leaves = [
        CriterionFactory(criteria_set=criteria_set, parent=group, code=f"A{place}", max_points=LARGEST)
        for place in range(len(pairs))
    ]
    put_into_force(criteria_set)
    made = Scorecard.objects.create(
        membership=membership,
        criteria_set=criteria_set,
        status=CardStatus.REVIEWED,
        submitted_at=SUBMITTED_AT,
        reviewed_at=SUBMITTED_AT,
        base_points=D("777777.77"),
        bonus_points=0,
        penalty_points=0,
        total_points=D("777777.77"),
    )
    ScoreLine.objects.bulk_create(
        ScoreLine(
            scorecard=made,
            criterion=leaf,
            section=leaf.section,
            max_points=LARGEST,
            self_points=own,
            final_points=final,
        )
        for leaf, (own, final) in zip(leaves, pairs, strict=True)
    )


TENTHS = [(D("0.30"), D("0.10")), (D("0.10"), D("0.20")), (D("0.07"), D("0.70"))] * 12
LARGE = [(D("999999.99"), D("999999.98")), (D("0.01"), D("999999.99")), (D("4.35"), D("1.15"))] * 12
COMPARED = [(None, D("999999.99")), (None, D("0.01"))]


@pytest.mark.parametrize("pairs", [TENTHS, LARGE, [*LARGE, *COMPARED], COMPARED])
def test_sums_over_many_lines_are_exact_and_a_compared_line_is_no_correction(world, pairs):
    exact_card(world.leader, pairs)

    row = ranking(world.year).rows[0]

    maximum = len(pairs) * Fraction(LARGEST)
    assert Fraction(row.sections["A"]) == sum(Fraction(final) for _own, final in pairs)
    assert Fraction(row.correction) == sum(abs(Fraction(own) - Fraction(final)) for own, final in pairs if own)
    assert row.percent == to_points(100 * Fraction("777777.77") / maximum)


def test_cards_of_another_cluster_are_not_in_it(world):
    card(world.foreign.members[0], A1="30")
    card(world.leader, A1="10")

    assert [code for code, _rank in order(world)] == ["A1", "A2", "A3", "A4"]


def test_a_year_without_cards_has_rows_without_figures(world):
    found = ranking(world.year)

    assert [(row.rank, row.total) for row in found.rows] == [(None, None)] * 4
    assert found.sections == []


@pytest.mark.parametrize("unit_count", [2, 9])
def test_the_ranking_costs_the_same_for_2_and_9_units(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count, phase=Phase.APPROVING)
    for member in world.members:
        card(member, A1="20")
    forget(world.year)

    with django_assert_num_queries(5):  # two of them for the criteria, which are kept from then on
        ranking(world.year)
