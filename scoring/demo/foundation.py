"""What is there before any year: award forms, base salaries, clusters, units, years with rules and deadlines."""

from datetime import datetime

from awards.models import AwardForm, BaseSalary
from members.enums import MemberRole
from members.models import Cluster, EmulationYear, Membership, Unit, User, YearRules
from members.services import records, years
from scoring.demo import files
from scoring.demo.files import day, decimal, moment


def catalogue() -> None:
    AwardForm.objects.bulk_create(
        AwardForm(
            **{
                name: row[name]
                for name in (
                    "code",
                    "name",
                    "english_name",
                    "kind",
                    "system",
                    "level",
                    "authority",
                    "legal_source",
                    "preconditions",
                    "source",
                )
            },
            **{name: row[name] == "1" for name in row if name.startswith("is_")},
            individual_coefficient=decimal(row["individual_coefficient"]),
            collective_coefficient=decimal(row["collective_coefficient"]),
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
        )
        for row in files.rows("award_forms")
    )
    BaseSalary.objects.bulk_create(
        BaseSalary(
            amount=int(row["amount"]),
            valid_from=day(row["valid_from"]),
            legal_source=row["legal_source"],
            is_verified=row["is_verified"] == "1",
        )
        for row in files.rows("base_salaries")
    )


def clusters(by: User, at: datetime) -> None:
    for row in files.rows("clusters"):
        cluster = Cluster(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            province=row["province"],
            superior=row["superior"],
            founding_number=row["founding_number"],
            founded_on=day(row["founded_on"]),
            is_illustrative=True,
        )
        records.save(instance=cluster, changed=["slug", "name"], by=by, at=at)


def units(by: User, at: datetime) -> None:
    saved: dict[str, Unit] = {}
    for row in files.rows("units"):
        unit = Unit(
            code=row["code"],
            name=row["name"],
            short_name=row["short_name"],
            kind=row["kind"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
        )
        saved[unit.code] = records.save(instance=unit, changed=["code", "name"], by=by, at=at)
        if row["predecessors"]:
            saved[unit.code].predecessors.set(saved[code] for code in row["predecessors"].split("|"))


def year(row: files.Row, opener: User, secretary: User, at: datetime) -> EmulationYear:
    """Opens a year with its members; the secretariat then sets its rules and deadlines."""
    cluster = Cluster.objects.get(slug=row["cluster"])
    units_by_code = {unit.code: unit for unit in Unit.objects.all()}
    members = files.rows("memberships", cluster=row["cluster"], year=row["year"])
    created = years.create(
        cluster=cluster,
        year=int(row["year"]),
        members=[(units_by_code[member["unit"]], MemberRole(member["role"])) for member in members],
        tally_from=day(row["tally_from"]),
        tally_to=day(row["tally_to"]),
        by=opener,
        at=at,
        leader_title=row["leader_title"],
        deputy_title=row["deputy_title"],
        regulation_number=row["regulation_number"],
        regulation_on=day(row["regulation_on"]),
        plan_number=row["plan_number"],
        plan_on=day(row["plan_on"]),
        letterhead=row["letterhead"],
        recipients="\n".join(row["recipients"].split("|")),
    )
    _set_rules(created, row, secretary, at)
    for deadline in files.rows("deadlines", cluster=row["cluster"], year=row["year"]):
        years.set_deadline(
            year=created,
            step=deadline["step"],
            due_at=moment(deadline["due_at"]),
            is_hard=deadline["is_hard"] == "1",
            by=secretary,
            at=at,
        )
    return created


def _set_rules(year: EmulationYear, row: files.Row, by: User, at: datetime) -> None:
    rules = YearRules.objects.select_related("year__cluster").get(year=year)
    rules.tie_breaks = row["tie_breaks"].split("|")
    rules.bands = [
        {"name": name, "from": bound} for name, bound in (band.split(":") for band in row["bands"].split("|"))
    ]
    rules.ranking_basis, rules.not_assigned = row["ranking_basis"], row["not_assigned"]
    rules.own_register = row["own_register"] == "1"
    changed = ["tie_breaks", "bands", "ranking_basis", "not_assigned", "own_register"]
    years.edit_rules(rules=rules, changed=changed, by=by, at=at)


def find_year(cluster: str, number: str | int) -> EmulationYear:
    """The year read anew, with cluster and rules."""
    return EmulationYear.objects.select_related("cluster", "rules").get(cluster__slug=cluster, year=number)


def members_of(year: EmulationYear) -> dict[str, Membership]:
    """The memberships of a year by the unit's code."""
    members = Membership.objects.filter(year=year).select_related("unit", "year__cluster", "year__rules")
    return {member.unit.code: member for member in members}
