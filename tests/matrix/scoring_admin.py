"""Permission matrix: the admin of scoring. Typed by hand from security.md 3 ("admin: cards", "admin: cards to approve",
"criteria set", "targets").

Somebody who has a part in the admin, but not toward this card, does not know it (404); who has no part in the admin at
all is refused (403).
"""

from members.enums import Phase
from scoring.models import Approval, Objection
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import CriteriaSetFactory, PublicationFactory, ScorecardFactory, TargetFactory
from tests.matrix.shared import Row, admin_rows
from tests.scenarios import NOW

YEAR = 2071


def prepare(world):
    """A year in which all cards are reviewed, one with a predecessor's approval, and a draft criteria set."""
    year = EmulationYearFactory(cluster=world.cluster, year=YEAR, phase=Phase.REVIEWING)
    for member in world.members:
        membership = MembershipFactory(
            year=year, unit=member.unit, role=member.role, protocol_order=member.protocol_order
        )
        card = ScorecardFactory(membership=membership, reviewed=True)
        if member == world.member:
            world.reviewed_card = card
        if member == world.other:
            world.objected_card, line = card, card.lines.get(criterion__code="A1")
            world.objection = Objection.objects.create(line=line, raised_by=world.other_signatory, raised_at=NOW)
        if member == world.leader:
            world.second_card = card
            world.approval = _approved_elsewhere(world, member)
    draft_year = EmulationYearFactory(cluster=world.cluster, year=YEAR + 1)
    world.draft_set = CriteriaSetFactory(year=draft_year, small=True)
    world.draft_criterion = world.draft_set.criteria.get(code="A3")
    draft_member = MembershipFactory(year=draft_year, unit=world.member.unit)
    world.target = TargetFactory(membership=draft_member, criterion=world.draft_set.criteria.get(code="A1"))
    world.publication = PublicationFactory(year=draft_year)
    foreign_year = EmulationYearFactory(cluster=world.foreign.cluster, year=YEAR)
    foreign_member = MembershipFactory(year=foreign_year, unit=world.foreign.member.unit)
    world.foreign_card = ScorecardFactory(membership=foreign_member, reviewed=True)
    world.foreign_set = world.foreign_card.criteria_set


def _approved_elsewhere(world, member):
    year = EmulationYearFactory(cluster=world.cluster, year=YEAR + 2, phase=Phase.ARCHIVED)
    membership = MembershipFactory(year=year, unit=member.unit)
    return Approval.objects.get(scorecard=ScorecardFactory(membership=membership, approved=True))


def pk_of(attribute):
    return lambda world: {"pk": getattr(world, attribute).pk}


def step(get, post=""):
    unknown = [pk_of("foreign_card"), lambda world: {"pk": 999_999_999}]
    return Row(get, post or get, pk_of("reviewed_card"), unknown=unknown)


def the_objection(world):
    return {"pk": world.objected_card.pk, "objection": world.objection.pk}


def of_objection(codes):
    unknown = [
        lambda world: {"pk": world.objected_card.pk, "objection": 999_999_999},
        lambda world: {"pk": world.foreign_card.pk, "objection": world.objection.pk},
        lambda world: {"pk": world.second_card.pk, "objection": world.objection.pk},
    ]
    return Row(codes, codes, the_objection, unknown=unknown)


def year_step(get, post=""):
    unknown = [lambda world: {"pk": world.foreign.year.pk}, lambda world: {"pk": 999_999_999}]
    return Row(get, post or get, lambda world: {"pk": world.year.pk}, unknown=unknown)


def object_of(attribute):
    return lambda world: {"object_id": getattr(world, attribute).pk}


# fmt: off
ROWS = {
    # anon of sg ot fo L D S R O; the card belongs to the unit `member` and is reviewed
    "admin:scoring_scorecard_changelist": Row("L 3 3 3 3 Y Y Y 3 3", "L 3 3 3 3 Y Y Y 3 3", lambda world: {}),
    "admin:scoring_scorecard_add": Row("L 3 3 3 3 3 3 3 3 3", "L 3 3 3 3 3 3 3 3 3", lambda world: {}),
    "admin:scoring_scorecard_change": Row(
        "L 3 3 3 3 Y 4 Y 4 4", "L 3 3 3 3 3 4 3 4 4", object_of("reviewed_card"), unknown=[object_of("foreign_card")]
    ),
    "admin:scoring_scorecard_history": Row(
        "L 3 3 3 3 Y A Y 3 3", "L 3 3 3 3 Y A Y 3 3", object_of("reviewed_card"),
        unknown=[object_of("foreign_card")], unknown_letters="A",
    ),
    "admin:scoring_scorecard_delete": Row(
        "L 3 3 3 3 3 3 3 3 3", "L 3 3 3 3 3 3 3 3 3", object_of("reviewed_card")
    ),
    "admin:scoring_scorecard_fill": step(           "L 3 3 3 3 3 4 W 4 4"),
    "admin:scoring_scorecard_submit": step(         "L 3 3 3 3 3 4 W 4 4"),
    "admin:scoring_scorecard_paper": step(          "L 3 3 3 3 3 4 W 4 4"),
    "admin:scoring_scorecard_review_lines": step(   "L 3 3 3 3 W 4 W 4 4"),
    "admin:scoring_scorecard_conclude_review": step("L 3 3 3 3 W 4 W 4 4"),
    "admin:scoring_scorecard_refresh": step(        "L 3 3 3 3 W 4 W 4 4"),
    "admin:scoring_scorecard_approve": step(        "L 3 3 3 3 Y 4 3 4 4"),
    "admin:scoring_scorecard_return": step(         "L 3 3 3 3 Y 4 Y 4 4"),
    "admin:scoring_scorecard_assign": step(         "L 3 3 3 3 3 4 W 4 4"),
    "admin:scoring_scorecard_reopen": step(         "L 3 3 3 3 W 4 W 4 4"),
    # The objection to the card of the unit `other`, which those who review it answer and settle.
    "admin:scoring_objection_answer": of_objection("L 3 3 3 3 Y 4 Y 4 4"),
    "admin:scoring_objection_accept": of_objection("L 3 3 3 3 Y 4 Y 4 4"),
    "admin:scoring_objection_keep": of_objection(  "L 3 3 3 3 Y 4 Y 4 4"),
    "admin:scoring_criteriaset_apply": Row(
        "L 3 3 3 3 4 4 Y 4 4", "L 3 3 3 3 4 4 Y 4 4", pk_of("draft_set"), unknown=[pk_of("foreign_set")]
    ),
    # Published by leader and deputy in turn; the year of the matrix is not ready, and nobody has proposed.
    "admin:scoring_publication_year": year_step(    "L 3 3 3 3 Y Y Y Y 4"),
    "admin:scoring_publication_propose": year_step( "L 3 3 3 3 Y Y 3 3 4", "L 3 3 3 3 W W 3 3 4"),
    "admin:scoring_publication_confirm": year_step( "L 3 3 3 3 W W 3 3 4"),
    "admin:scoring_publication_withdraw": year_step("L 3 3 3 3 W W 3 3 4"),
    **admin_rows("scoring_criteriaset", lambda world: world.draft_set, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign_set),
    **admin_rows("scoring_criterion", lambda world: world.draft_criterion, see="S", change="S"),
    **admin_rows("scoring_target", lambda world: world.target, see="S", add="S", change="S"),
    **admin_rows("scoring_approval", lambda world: world.approval, see="S"),
    **admin_rows("scoring_publication", lambda world: world.publication, see="S"),
}
# fmt: on
