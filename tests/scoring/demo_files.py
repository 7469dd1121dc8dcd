"""Reads the demo's files and computes points a second time, from domain.md 5.2 alone and in exact fractions, so that an
error of the application's arithmetic cannot hide."""

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "scoring" / "demo" / "data"
UNITS = ["VPTU", "BTCTU", "UBKTTU", "BTGTU", "BDVTU", "BNCTU", "DUK", "TCT", "BLS"]
STAGES = ("self_value", "reviewed_value")


@cache
def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def criteria():
    return {row["code"]: row for row in rows("criteria.csv")}


def leaves():
    return {code: row for code, row in criteria().items() if row["kind"] != "group"}


def levels():
    points = defaultdict(dict)
    for row in rows("levels.csv"):
        points[row["code"]][int(row["position"])] = Fraction(row["points"])
    return points


def targets(year):
    return {(row["unit"], row["criterion"]): row["value"] for row in rows(f"targets_{year}.csv")}


def to_cents(points):
    """Rounds half up, away from zero, to a whole number of hundredths."""
    doubled = abs(points) * 200 + 1
    cents = doubled.numerator // doubled.denominator // 2
    return -cents if points < 0 else cents


def cents_of(criterion, value, target):
    """The points of one line in hundredths (domain.md 5.2)."""
    maximum = Fraction(criterion["max_points"] or 10**6)
    per_item = Fraction(criterion["points_per_item"] or 0)
    number = Fraction(value)
    match criterion["kind"]:
        case "ratio":
            points = maximum * min(Fraction(1), number / Fraction(target or criterion["default_target"]))
        case "levels":
            points = levels()[criterion["code"]][int(number)]
        case "boolean":
            points = maximum * number
        case "deduct":
            points = max(Fraction(0), maximum - per_item * number)
        case "penalty":
            points = -min(maximum, per_item * number)
        case _:
            points = min(maximum, per_item * number)
    return to_cents(points)


def line_cents(year, unit, stage):
    return {
        row["criterion"]: cents_of(leaves()[row["criterion"]], row[stage], targets(year).get((unit, row["criterion"])))
        for row in rows(f"scores_{year}.csv")
        if row["unit"] == unit and row[stage]
    }


def sums(year, unit, stage):
    """Base, bonus and penalty of a card, sections A to D, and the total, all in hundredths."""
    by_section = Counter()
    for code, cents in line_cents(year, unit, stage).items():
        by_section[code[0]] += cents
    base = sum(by_section[section] for section in "ABCD")
    bonus = min(5000, by_section["E"])
    penalty = max(-20000, by_section["F"])
    return {"A": by_section["A"], "base": base, "bonus": bonus, "penalty": penalty, "total": base + bonus + penalty}


def as_text(cents):
    return str(Decimal(cents).scaleb(-2).quantize(Decimal("0.01")))


def forms_on(code, day):
    return [
        row
        for row in rows("award_forms.csv")
        if row["code"] == code and row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    ]
