import pytest

from cluster_app.lib.errors import Refused, WrongState
from members.enums import Phase
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR

STEPS = {
    ("preparing", "running"): "activate",
    ("running", "self_scoring"): "open_self_scoring",
    ("self_scoring", "reviewing"): "open_reviewing",
    ("reviewing", "approving"): "open_approving",
    ("approving", "conference"): "open_conference",
    ("conference", "concluded"): "conclude",
    ("concluded", "archived"): "archive",
    ("conference", "approving"): "reopen_card",
    ("concluded", "approving"): "reopen_card",
    ("archived", "concluded"): "unarchive",
}


@pytest.mark.parametrize("source", Phase.values)
@pytest.mark.parametrize("target", Phase.values)
def test_year_moves_along_the_table_only(source, target):
    found = {name for name, step in YEAR.transitions.items() if step.target == target and YEAR.can(name, source)}

    assert found == ({STEPS[source, target]} if (source, target) in STEPS else set())


@pytest.mark.parametrize("name", ["reopen_card", "unarchive"])
def test_step_backward_needs_a_reason(name):
    source = next(iter(YEAR.transitions[name].sources))

    with pytest.raises(Refused):
        YEAR.check(name, source, reason="ngắn")


def test_step_from_a_wrong_phase_names_the_phase():
    with pytest.raises(WrongState, match=str(Phase.RUNNING.label)):
        YEAR.check("archive", Phase.RUNNING)


def test_every_phase_has_its_next_step():
    assert set(NEXT_STEP) == set(Phase)
    assert set(BY_TWO_PERSONS) == {"conclude", "archive", "unarchive"}
