"""Small worlds in which a rule can be watched: two clusters, so that a leak between them would show."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from cluster_app.audit import log
from members.enums import AssignmentRole, MemberRole, Phase
from members.models import Cluster, EmulationYear, Membership, User
from tests.factories.members import (
    AssignmentFactory,
    ClusterFactory,
    EmulationYearFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
)

NOW = datetime(2021, 11, 24, 2, tzinfo=UTC)  # 09:00 in Việt Nam
CANARY = "CHIM-HOÀNG-YẾN"


@dataclass
class World:
    """One cluster with its year 2021, and the people around the unit `member`.

    The first unit leads, the second is deputy, `member` is the third and `other` the fourth; with fewer units the last
    one plays the missing parts. Toward `member` the people below have the relation their name says.
    """

    cluster: Cluster
    year: EmulationYear
    members: list[Membership]
    signatories: list[User]
    officers: list[User]
    secretariat: User
    secretariat_at_home: User
    observer: User

    def _place(self, wanted: int) -> int:
        return min(wanted, len(self.members) - 1)

    @property
    def leader(self) -> Membership:
        return self.members[0]

    @property
    def deputy(self) -> Membership:
        return self.members[1]

    @property
    def member(self) -> Membership:
        return self.members[self._place(2)]

    @property
    def other(self) -> Membership:
        return self.members[self._place(3)]

    @property
    def leader_signatory(self) -> User:
        return self.signatories[0]

    @property
    def deputy_signatory(self) -> User:
        return self.signatories[1]

    @property
    def signatory(self) -> User:
        return self.signatories[self._place(2)]

    @property
    def officer(self) -> User:
        return self.officers[self._place(2)]

    @property
    def other_signatory(self) -> User:
        return self.signatories[self._place(3)]

    @property
    def other_officer(self) -> User:
        return self.officers[self._place(3)]

    def url_kwargs(self) -> dict[str, object]:
        return {"cluster": self.cluster.slug, "year": self.year.year}


@dataclass
class TwoClusters(World):
    """The first cluster, `foreign` the second one, and the one administrator of both."""

    foreign: World
    administrator: User
    stranger: User

    def people(self) -> dict[str, User]:
        """The columns of the table in `security.md` 3, seen from an object of the unit `member`."""
        return {
            "of": self.officer,
            "sg": self.signatory,
            "ot": self.other_signatory,
            "fo": self.foreign.signatory,
            "L": self.leader_signatory,
            "D": self.deputy_signatory,
            "S": self.secretariat,
            "R": self.observer,
            "O": self.administrator,
        }


@transaction.atomic
def two_clusters(unit_count: int = 4, phase: str = Phase.RUNNING, year: int = 2021) -> TwoClusters:
    """Cluster `cum-a` with `unit_count` units (2 to 9), cluster `cum-b` with two; all people are signed in by
    `client.force_login`. The protected rows are in the audit log, so that `verify_audit` holds from the start.

    The secretariat of `cum-a` has no home unit, `secretariat_at_home` belongs to the unit `member`. Every name of
    `cum-b` holds the canary.
    """
    own = _world("cum-a", "A", unit_count, phase, year)
    foreign = _world("cum-b", f"{CANARY} B", 2, phase, year)
    administrator = _person("quantri", role=AssignmentRole.ADMINISTRATOR, unit=None)
    return TwoClusters(
        **vars(own), foreign=foreign, administrator=administrator, stranger=UserFactory(username="nguoila")
    )


def _world(slug: str, prefix: str, unit_count: int, phase: str, year: int) -> World:
    cluster = ClusterFactory(slug=slug, name=f"Cụm {prefix}")
    emulation_year = EmulationYearFactory(cluster=cluster, year=year, phase=phase)
    roles = [MemberRole.LEADER, MemberRole.DEPUTY] + [MemberRole.MEMBER] * (unit_count - 2)
    members = [
        MembershipFactory(
            year=emulation_year,
            unit=UnitFactory(
                code=f"{slug[-1].upper()}{place}",
                name=f"Đơn vị {prefix}{place}",
                short_name=f"ĐV {prefix}{place}",
            ),
            role=role,
            protocol_order=place,
        )
        for place, role in enumerate(roles, start=1)
    ]
    home = members[min(2, unit_count - 1)].unit
    world = World(
        cluster=cluster,
        year=emulation_year,
        members=members,
        signatories=[_person(f"{m.unit.code.lower()}", unit=m.unit) for m in members],
        officers=[_person(f"{m.unit.code.lower()}.cb", unit=m.unit, role=AssignmentRole.OFFICER) for m in members],
        secretariat=_person(f"thuky-{slug}", unit=None, cluster=cluster, role=AssignmentRole.SECRETARIAT),
        secretariat_at_home=_person(f"thuky2-{slug}", unit=home, cluster=cluster, role=AssignmentRole.SECRETARIAT),
        observer=_person(f"quansat-{slug}", unit=None, cluster=cluster, role=AssignmentRole.OBSERVER),
    )
    log.append(
        by=None,
        at=NOW,
        verb="scenario.build",
        thing=emulation_year,
        cluster=slug,
        year=year,
        rows=[EmulationYear.objects.get(pk=emulation_year.pk), *Membership.objects.filter(year=emulation_year)],
    )
    return world


def _person(username: str, **assignment) -> User:
    return AssignmentFactory(user=UserFactory(username=username), **assignment).user


def with_part(user: User, **assignment) -> User:
    """Gives the person one more assignment and forgets what was read of the others."""
    AssignmentFactory(user=user, **assignment)
    user.__dict__.pop("_assignments_held", None)
    return user


def fresh(user: User) -> User:
    """The same person as the next request would load them."""
    return User.objects.get(pk=user.pk)
