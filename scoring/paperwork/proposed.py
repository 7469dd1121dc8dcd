"""The units that a conference proposed for commendation, with what the list and the dossier say of them. Reads only."""

import re
from dataclasses import dataclass

from awards.models import Commendation, Pledge
from awards.queries import unsigned
from cluster_app.lib.wording import date_short, points_text
from members.enums import ResolutionKind
from members.models import EmulationYear, Meeting, Membership, Resolution
from members.queries import resolutions
from scoring.ranking import RankedUnit, Ranking
from scoring.year_end.earlier import earlier_commendations

# "… đề nghị UBND tỉnh xét tặng Cờ thi đua của UBND tỉnh cho Văn phòng." names a Cờ thi đua của UBND tỉnh. The form ends
# before the unit that gets it and with the sentence; the full stop of "TP." ends none.
_AWARD = re.compile(r"\b[Tt]ặng(?: thưởng)? (?!cho |đối với )(.+?)(?= cho | đối với |;|(?<=[^\W\dA-Z]{2})\. |\.?$)")


@dataclass(frozen=True)
class ProposedUnit:
    """A unit with its place in the ranking; `award` is the form proposed for it, empty where the resolution names none;
    `awards` are what it was given before, `is_signed` tells of its pledge."""

    membership: Membership
    award: str
    resolution: Resolution
    ranked: RankedUnit | None
    ranked_count: int
    awards: tuple[str, ...]
    is_signed: bool

    @property
    def merit(self) -> str:
        """What the scores say, in the words of annex 6 of the annual summary; empty without a total."""
        if self.ranked is None or self.ranked.total is None:
            return ""
        parts = [points_text(self.ranked.total)]
        parts += [f"xếp hạng {self.ranked.rank}/{self.ranked_count}"] if self.ranked.rank else []
        parts += [f"xếp loại {self.ranked.band}"] if self.ranked.band else []
        return "; ".join(parts)


@dataclass(frozen=True)
class Proposed:
    """What the last meeting that named exemplary units settled; `meeting` is None where none did."""

    meeting: Meeting | None
    units: tuple[ProposedUnit, ...]

    @property
    def award_names(self) -> list[str]:
        """The forms, each once, in the order of the resolutions."""
        return list(dict.fromkeys(unit.award for unit in self.units))

    @property
    def members(self) -> list[Membership]:
        """The units, each once however many forms it is proposed for."""
        return list({unit.membership.pk: unit.membership for unit in self.units}.values())


def proposed(year: EmulationYear, ranking: Ranking) -> Proposed:
    """Reads the resolutions on exemplary units: a later meeting replaces an earlier one. Four queries at most."""
    found = list(resolutions(year, ResolutionKind.EXEMPLARY_UNIT))
    if not found:
        return Proposed(None, ())
    last = [one for one in found if one.meeting_id == found[-1].meeting_id]
    by_member = {row.membership.pk: row for row in ranking.rows}
    waiting = {member.pk for member in unsigned(year)} if Pledge.objects.filter(year=year).exists() else set()
    members = {member.pk: member for member in year.roster()}
    named = [(members[one.named_id], one) for one in last if one.named_id is not None and one.named_id in members]
    earlier = earlier_commendations(year, [member for member, _one in named])
    ranked_count = sum(row.rank is not None for row in ranking.rows)
    units = tuple(
        ProposedUnit(
            membership=member,
            award=award_of(one.text, member.name),
            resolution=one,
            ranked=by_member.get(member.pk),
            ranked_count=ranked_count,
            awards=tuple(_award(given) for given in earlier.get(member.unit_id, ())),
            is_signed=member.pk not in waiting,
        )
        for member, one in named
    )
    return Proposed(found[-1].meeting, units)


def award_of(text: str, name: str) -> str:
    """The form that a resolution proposes for the unit `name`, as its text says after "tặng"; empty where it names none
    there, for a sentence or a unit is no form."""
    found = _AWARD.search(" ".join(text.split()))
    award = found[1] if found else ""
    return "" if award.startswith(name) else award


def _award(row: Commendation) -> str:
    decision = row.decision
    return f"{row.award_form.name} (Quyết định số {decision.number}, ngày {date_short(decision.decided_on)})"
