"""Outlines: what may happen in them, and that states, calls and rows agree."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

import worlds
from millstream.errors import InputError
from millstream.services import program
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.services.schema import IntentSchema, ServiceSchema, SlotSchema
from millstream.simulate import policy
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.policy import Policy


def acts(dialogues: list[TaskDialogue]) -> Counter[str]:
    return Counter(act.act for d in dialogues for t in d.turns for f in t.frames for act in f.acts)


def test_everything_happens() -> None:
    lively = Policy(failure=0.4, correction=0.3, change=0.5, alternatives=0.6, several=0.3, dontcare=0.4, chat=0.4)
    made = worlds.plans(300, lively)
    found = acts(made)
    wanted = (
        "INFORM_INTENT AFFIRM_INTENT INFORM CORRECT REQUEST REQUEST_ALTS SELECT AFFIRM NEGATE THANK_YOU GOODBYE OFFER "
        "CONFIRM INFORM_COUNT NOTIFY_SUCCESS NOTIFY_FAILURE OFFER_INTENT REQ_MORE CHIT_CHAT"
    )
    assert set(wanted.split()) <= set(found)
    values = {
        v for d in made for t in d.turns for f in t.frames if f.state for vs in f.state.values.values() for v in vs
    }
    assert "dontcare" in values and any("|" in value for value in values)
    assert any(len(each.services) == 2 for each in made)


def test_the_same_number_is_the_same_outline() -> None:
    assert outline(worlds.WORLD, Policy(), 1, 7) == outline(worlds.WORLD, Policy(), 1, 7)
    assert outline(worlds.WORLD, Policy(), 1, 7) != outline(worlds.WORLD, Policy(), 2, 7)


def test_a_state_is_what_was_informed_so_far() -> None:
    """Whatever a user informs or corrects stands in the state of that turn, and stays until it is replaced."""
    for dialogue in worlds.plans(200):
        before: dict[str, dict[str, tuple[str, ...]]] = {}
        for turn in dialogue.turns:
            for frame in turn.frames:
                if frame.state is None:
                    continue
                now = dict(frame.state.values)
                for act in frame.acts:
                    if act.act == "INFORM":
                        assert now[act.slot] == act.values
                assert before.get(frame.service, {}).keys() <= now.keys()
                before[frame.service] = now


def test_what_only_names_an_offer_is_no_wish() -> None:
    """An alarm that was shown is not what a new alarm is wanted to be: no call takes its name."""
    name = SlotSchema(name="alarm_name", description="name of the alarm")
    time = SlotSchema(name="new_time", description="time of the new alarm")
    alarms = ServiceSchema(
        name="Alarms_1",
        key="alarm_name",
        slots=(name, time),
        intents=(
            IntentSchema(name="GetAlarms", results=("alarm_name",)),
            IntentSchema(name="AddAlarm", transactional=True, required=("new_time",)),
        ),
    )
    rows = ({"alarm_name": "Yoga", "new_time": "8 pm"}, {"alarm_name": "Tea", "new_time": "9 pm"})
    world = World((alarms,), Knowledge({"Alarms_1": rows}))
    made = [outline(world, Policy(), 0, n) for n in range(60)]
    stated = {slot for d in made for t in d.turns for f in t.frames if f.state for slot in f.state.values}
    assert acts(made)["OFFER"] > 20 and stated == {"new_time"}


def test_what_is_found_fits_the_state() -> None:
    """A search gives exactly the rows that the program of the state means."""
    searches = 0
    for dialogue in worlds.plans(200):
        state = None
        for turn in dialogue.turns:
            for frame in turn.frames:
                state = frame.state or state
                if frame.call and frame.call.method.startswith("Find") and frame.results and state:
                    inputs = (
                        next(s for s in worlds.SERVICES if s.name == frame.service).by_intent[frame.call.method].inputs
                    )
                    asked = tuple((n, tuple(v[0].split("|"))) for n, v in state.values.items() if n in inputs)
                    rows = program.run(program.Program(frame.service, frame.call.method, asked), worlds.WORLD.knowledge)
                    assert rows[: len(frame.results)] == frame.results
                    searches += 1
    assert searches > 100


def test_values_are_carried_over() -> None:
    made = worlds.plans(200, Policy(more=1, carry=1, optional=1, volunteer=1))
    shared = 0
    for dialogue in made:
        cities = [
            {
                f.state.values["city"][0]
                for t in dialogue.turns
                for f in t.frames
                if f.service == name and f.state and "city" in f.state.values
            }
            for name in dialogue.services
        ]
        shared += len(dialogue.services) == 2 and bool(cities[0] & cities[1])
    assert shared > 40


def test_every_dialogue_takes_turns_and_ends() -> None:
    for dialogue in worlds.plans(300):
        roles = [turn.role for turn in dialogue.turns]
        assert roles[0] == "user" and roles[-1] == "agent"
        assert all(a != b for a, b in pairwise(roles)), roles


def test_probabilities_are_learnt_from_what_is_played() -> None:
    strange = Policy(alternatives=0.8, failure=0.5, pair=0.9, negate=0.5, more=0.9)
    found = policy.learnt(worlds.plans(400, strange))
    assert found.alternatives > policy.learnt(worlds.plans(400, Policy(alternatives=0.05))).alternatives + 0.2
    assert found.more > 0.8 and 0.3 < found.failure < 0.7 and 0.3 < found.negate < 0.7


def test_probabilities_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("failure: 0.5\n")
    assert policy.read(path).failure == 0.5
    for content in ("failure: 2", "luck: 0.5", "[", "failure: often"):
        path.write_text(content)
        with pytest.raises(InputError, match=r"policy\.yaml"):
            policy.read(path)
    with pytest.raises(InputError, match="no probabilities"):
        policy.read(tmp_path / "none.yaml")
