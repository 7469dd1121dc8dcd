"""Who signs papers for the leader of a year: the leader's own signatory, or on the days of a written delegation its
delegate, with the abbreviation that the paper names (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.7)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from members.enums import AssignmentRole, MemberRole, SignatureForm
from members.models import Assignment, Delegation, EmulationYear, Membership
from members.queries import leader_of


@dataclass(frozen=True)
class Signature:
    """The end of a paper: `office` has a line for each line on paper ("KT. Cụm trưởng", "Cụm phó")."""

    office: str
    agency_office: str = ""
    name: str = ""


@dataclass(frozen=True)
class LeaderSignatures:
    """What is known of those who sign for the leader of `year`, for every day of it."""

    year: EmulationYear
    leader: Membership | None
    signatories: tuple[Assignment, ...]
    delegations: tuple[Delegation, ...]

    @property
    def signatory(self) -> Assignment | None:
        """Who signs for the leader's unit at present."""
        return self._of_unit(self.leader) if self.leader else None

    def delegation_on(self, day: date) -> Delegation | None:
        """The delegation that is in force on `day`; one that was ended counts to the day before."""
        return next((one for one in self.delegations if _is_in_force(one, day)), None)

    def on(self, day: date | None) -> Signature:
        """The signature under a paper of that day; without a day the leader's own."""
        delegation = self.delegation_on(day) if day else None
        if delegation is None:
            return self._signature(self.year.leader_title, self.leader, self.signatory)
        form = SignatureForm(delegation.form).printed
        office = f"{form} {self.year.leader_title}\n{self.year.deputy_title}"
        held = self._of_unit(delegation.delegate_unit, delegation.delegate_id)
        found = self._signature(office, delegation.delegate_unit, held)
        return Signature(found.office, found.agency_office, delegation.delegate.full_name)

    def _signature(self, office: str, unit: Membership | None, held: Assignment | None) -> Signature:
        lines = (held.office if held else "", unit.name if unit else "")
        return Signature(office, "\n".join(filter(None, lines)), held.user.full_name if held else "")

    def _of_unit(self, unit: Membership, user: int | None = None) -> Assignment | None:
        return next(
            (one for one in self.signatories if one.unit_id == unit.unit_id and user in (None, one.user_id)), None
        )


def of_leader(year: EmulationYear) -> LeaderSignatures:
    """Reads who signs for the leader of `year`. Two queries."""
    units = [member.unit_id for member in year.roster() if member.role != MemberRole.MEMBER]
    held = Assignment.objects.filter(role=AssignmentRole.SIGNATORY, unit_id__in=units, ended_on__isnull=True)
    given = Delegation.objects.filter(principal__year=year, principal__role=MemberRole.LEADER)
    return LeaderSignatures(
        year=year,
        leader=leader_of(year),
        signatories=tuple(held.select_related("user").order_by("pk")),
        delegations=tuple(given.select_related("delegate", "delegate_unit").order_by("-starts_on", "-pk")),
    )


def _is_in_force(delegation: Delegation, day: date) -> bool:
    is_ended = delegation.ended_at is not None and timezone.localdate(delegation.ended_at) <= day
    return delegation.starts_on <= day <= delegation.ends_on and not is_ended
