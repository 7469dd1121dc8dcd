"""Every kind against a second computation that shares nothing with the first: whole hundredths and fractions only.

2,000 examples a kind are chosen and shrunk by hypothesis, and 2,000 more come from a fixed sequence;
`KIND_EXAMPLES=1000000` makes that one longer.
"""

import os
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.enums import CriterionKind, Direction
from scoring.kinds import Band, Peers, Rule, kind_of

EXAMPLES = 2_000
MORE_EXAMPLES = int(os.environ.get("KIND_EXAMPLES", EXAMPLES))
MOST_DRAWS = 32
LARGEST_VALUE, LARGEST_POINTS = 10**15 - 1, 99_999_999  # in hundredths

Draw = Callable[[int, int], int]


def D(cents: int) -> Decimal:  # noqa: N802 - reads like the number it makes
    return Decimal(cents).scaleb(-2)


def F(cents: int) -> Fraction:  # noqa: N802
    return Fraction(cents, 100)


def half_up(exact: Fraction) -> Decimal:
    """Half away from zero to hundredths, by whole numbers only."""
    doubled = abs(exact.numerator) * 200 + exact.denominator
    cents = doubled // (2 * exact.denominator)
    return D(-cents if exact < 0 else cents)


def amount(draw: Draw, least: int = 0) -> int:
    """A value in hundredths: every other one small, so that shares near 1 and ties are met often."""
    return draw(least, 20_000 if draw(0, 1) else LARGEST_VALUE)


def worth(draw: Draw, least: int = 1) -> int:
    return draw(least, 10_000 if draw(0, 1) else LARGEST_POINTS)


def score(rule: Rule, value: Decimal, peers: Peers | None = None) -> Decimal | None:
    return kind_of(rule).score(rule, value, peers).points


def ratio(draw: Draw) -> None:
    maximum, target, actual = worth(draw, 2), amount(draw, 1), amount(draw)
    least = draw(0, maximum - 1)
    rule = Rule(CriterionKind.RATIO, D(maximum), target=D(target), min_points=D(least))

    assert score(rule, D(actual)) == half_up(max(F(least), F(maximum) * Fraction(min(actual, target), target)))


def ratio_lower_is_better(draw: Draw) -> None:
    maximum, target, actual = worth(draw), amount(draw), amount(draw)
    rule = Rule(CriterionKind.RATIO, D(maximum), target=D(target), direction=Direction.LOWER)
    share = Fraction(1) if actual <= target else Fraction(target, actual)

    assert score(rule, D(actual)) == half_up(F(maximum) * share)


def results_without_a_target(draw: Draw) -> None:
    maximum, actual = worth(draw), amount(draw, 1)
    best = max([actual, *(amount(draw) for _other in range(draw(0, 3)))])
    rule = Rule(CriterionKind.RATIO, D(maximum), target=D(0))

    assert score(rule, D(actual), Peers(best_without_target=D(best))) == half_up(F(maximum) * Fraction(actual, best))


def leader_relative(draw: Draw) -> None:
    """Each unit with its own target; the first one is looked at, all of them are the measure."""
    maximum = worth(draw)
    units = [(amount(draw, 1), amount(draw)) for _unit in range(draw(1, 5))]
    target, actual = units[0]
    shares = [Fraction(reached, asked) for asked, reached in units]
    own, best, half = shares[0], max(shares), F(maximum) / 2
    expected = half * own if own <= 1 else half + half * (own - 1) / (best - 1)
    rule = Rule(CriterionKind.RATIO_LEADER, D(maximum), target=D(target))

    assert score(rule, D(actual), Peers(best_ratio=best)) == half_up(expected)


def leader_relative_smooth(draw: Draw) -> None:
    maximum, target, actual, percent = worth(draw), amount(draw, 1), amount(draw), draw(1, 999_999)
    own, half, full = Fraction(actual, target), F(maximum) / 2, Fraction(percent, 10_000)
    expected = half * own if own <= 1 else half + half * min(Fraction(1), (own - 1) / full)
    rule = Rule(CriterionKind.RATIO_LEADER, D(maximum), target=D(target), full_at_excess=D(percent))

    assert score(rule, D(actual)) == half_up(expected)


def per_item(draw: Draw) -> None:
    maximum, each, count = worth(draw), worth(draw), draw(0, 999)

    assert score(Rule(CriterionKind.PER_ITEM, D(maximum), D(each)), Decimal(count)) == D(min(maximum, each * count))


def bonus(draw: Draw) -> None:
    maximum, each, count = worth(draw), worth(draw), draw(0, 999)

    assert score(Rule(CriterionKind.BONUS, D(maximum), D(each)), Decimal(count)) == D(min(maximum, each * count))


def deduct(draw: Draw) -> None:
    maximum, each, count = worth(draw, 2), worth(draw), draw(0, 999)
    least = draw(0, maximum - 1)
    rule = Rule(CriterionKind.DEDUCT, D(maximum), D(each), min_points=D(least))

    assert score(rule, Decimal(count)) == D(max(least, maximum - each * count))


def penalty(draw: Draw) -> None:
    each, count = worth(draw), draw(0, 999)
    maximum = worth(draw) if draw(0, 1) else None
    loss = each * count if maximum is None else min(maximum, each * count)
    rule = Rule(CriterionKind.PENALTY, None if maximum is None else D(maximum), D(each))

    assert score(rule, Decimal(count)) == D(-loss)


def levels(draw: Draw) -> None:
    table = [worth(draw, 0) for _level in range(draw(1, 9))]
    place = draw(1, len(table))
    rule = Rule(CriterionKind.LEVELS, D(max(table)), levels={at: D(one) for at, one in enumerate(table, start=1)})

    assert score(rule, Decimal(place)) == D(table[place - 1])


def bands(draw: Draw) -> None:
    bounds = sorted({amount(draw, 1) for _bound in range(draw(0, 5))})
    table = [worth(draw, 0) for _band in range(len(bounds) + 1)]
    actual = amount(draw)
    rows = zip([0, *bounds], [*bounds, None], table, strict=True)
    rule = Rule(
        CriterionKind.BANDS,
        D(max(table)),
        bands=tuple(Band(D(start), None if end is None else D(end), D(one)) for start, end, one in rows),
    )

    assert score(rule, D(actual)) == D(table[sum(actual >= bound for bound in bounds)])


def boolean(draw: Draw) -> None:
    maximum, value = worth(draw), draw(0, 1)

    assert score(Rule(CriterionKind.BOOLEAN, D(maximum)), Decimal(value)) == D(maximum * value)


def judged(draw: Draw) -> None:
    step, least, steps, more = draw(1, 10_000), draw(0, 50), draw(0, 50), draw(1, 50)
    maximum, lowest = D(step * (least + steps + more)), D(step * least) if least else None
    rule = Rule(CriterionKind.JUDGED, maximum, min_points=lowest, step=D(step))

    assert score(rule, D(step * (least + steps))) == D(step * (least + steps))


CHECKS = {
    check.__name__: check
    for check in (
        ratio,
        ratio_lower_is_better,
        results_without_a_target,
        leader_relative,
        leader_relative_smooth,
        per_item,
        bonus,
        deduct,
        penalty,
        levels,
        bands,
        boolean,
        judged,
    )
}


def drawing_from(content: bytes) -> Draw:
    """Numbers out of eight bytes each: one draw of hypothesis for a whole example, which is what makes 2,000 quick."""
    numbers = iter(int.from_bytes(content[at : at + 8]) for at in range(0, len(content), 8))
    return lambda low, high: low + next(numbers) % (high - low + 1)


@pytest.mark.parametrize("name", CHECKS)
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(min_size=8 * MOST_DRAWS, max_size=8 * MOST_DRAWS))
def test_points_agree_with_fractions(name, content):
    CHECKS[name](drawing_from(content))


@pytest.mark.parametrize("name", CHECKS)
def test_points_agree_with_fractions_along_a_fixed_sequence(name):
    draw = random.Random(name).randint

    for _example in range(MORE_EXAMPLES):
        CHECKS[name](draw)
