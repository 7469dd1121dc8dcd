import pytest
from django.db.models import TextChoices

from cluster_app.lib.errors import Refused, WrongState
from cluster_app.lib.workflow import Transition, Workflow, check_reason


class Lamp(TextChoices):
    OFF = "off", "Off"
    ON = "on", "Shining"
    BROKEN = "broken", "Broken"


LAMP = Workflow(
    Lamp,
    [
        Transition("switch_on", frozenset({Lamp.OFF}), Lamp.ON),
        Transition("switch_off", frozenset({Lamp.ON}), Lamp.OFF),
        Transition("smash", frozenset({Lamp.OFF, Lamp.ON}), Lamp.BROKEN, needs_reason=True),
    ],
    "The lamp is “{state}”.",
)
LONG_ENOUGH = "Quá sáng!!"
TABLE = {
    ("switch_on", Lamp.OFF): Lamp.ON,
    ("switch_off", Lamp.ON): Lamp.OFF,
    ("smash", Lamp.OFF): Lamp.BROKEN,
    ("smash", Lamp.ON): Lamp.BROKEN,
}


@pytest.mark.parametrize("state", Lamp)
@pytest.mark.parametrize("name", ["switch_on", "switch_off", "smash"])
def test_step_leads_on_from_its_sources_alone(name, state):
    target = TABLE.get((name, state))

    assert LAMP.can(name, state) is (target is not None)
    if target:
        assert LAMP.check(name, state, reason=LONG_ENOUGH).target == target
    else:
        with pytest.raises(WrongState, match=f"The lamp is “{state.label}”."):
            LAMP.check(name, state, reason=LONG_ENOUGH)


def test_states_may_be_given_as_the_database_stores_them():
    assert LAMP.can("switch_on", "off")
    assert LAMP.check("switch_on", "off").name == "switch_on"


@pytest.mark.parametrize("reason", ["", "         ", "Quá sáng!", "   Quá sáng!   "])
def test_step_that_needs_a_reason_is_refused_with_fewer_than_ten_characters(reason):
    with pytest.raises(Refused) as refusal:
        LAMP.check("smash", Lamp.ON, reason=reason)

    assert list(refusal.value.errors) == ["reason"]


def test_reason_is_not_asked_for_in_a_wrong_state():
    with pytest.raises(WrongState):
        LAMP.check("smash", Lamp.BROKEN)


def test_reason_of_ten_characters_is_enough():
    assert len(LONG_ENOUGH) == 10

    check_reason(LONG_ENOUGH)


def test_step_that_does_not_exist_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        LAMP.can("polish", Lamp.ON)
