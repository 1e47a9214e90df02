"""Every form there and back: what is written is read and written again to the letter, and planted faults are found."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

import builders
import worlds
from millstream.formats import (
    convlab,
    crosswoz,
    multiwoz21,
    multiwoz22,
    ours,
    preferences,
    risawoz,
    sgd,
    sharegpt,
    tools,
)
from millstream.services.annotated import TaskDialogue
from millstream.simulate.policy import Policy

MADE = worlds.talks(40, Policy(failure=0.3, chat=0.2, several=0.2))
RUN = [ours.task(builders.dialogue(lang=lang, number=n)) for lang in ("zh", "en") for n in range(3)]
FORMS: dict[str, Any] = {
    each.__name__.rpartition(".")[2]: each
    for each in (sgd, multiwoz21, multiwoz22, convlab, crosswoz, risawoz, tools, sharegpt)
}
STATED = ("sgd", "multiwoz21", "multiwoz22", "convlab", "crosswoz")
"""Forms whose states are those of the turn; RiSAWOZ has them for pairs of turns."""


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("dialogues", [MADE, RUN], ids=["by schema", "of a run"])
def test_there_and_back_is_the_same(name: str, dialogues: list[TaskDialogue]) -> None:
    form = FORMS[name]
    for each in dialogues:
        row = form.row(each)
        assert form.faults(row) == []
        before = copy.deepcopy(row)
        again = form.parse(row, each.key)
        assert form.row(again) == before
        if name != "risawoz":
            assert [(turn.role, turn.text) for turn in again.turns] == [(turn.role, turn.text) for turn in each.turns]


def states(dialogue: TaskDialogue) -> list[dict[str, dict[str, str]]]:
    """The state of each service behind each user turn, one value a slot."""
    held: dict[str, dict[str, str]] = {}
    found = []
    for turn in dialogue.turns:
        for frame in turn.frames:
            if frame.state:
                held[frame.service] = {
                    s.removeprefix(f"{frame.service}-"): v[0] for s, v in frame.state.values.items() if v
                }
        if turn.role == "user":
            found.append({name: dict(values) for name, values in held.items() if values})
    return found


@pytest.mark.parametrize("name", STATED)
def test_states_come_back(name: str) -> None:
    for each in MADE[:20]:
        assert states(FORMS[name].parse(FORMS[name].row(each), each.key)) == states(each)


def test_the_widest_form_loses_nothing_that_it_has_names_for() -> None:
    for each in MADE:
        acts = {act.act for turn in each.turns for frame in turn.frames for act in frame.acts}
        if not acts & {"CORRECT", "CHIT_CHAT"}:
            again = sgd.parse(sgd.row(each))
            assert again.turns == each.turns and again.services == each.services


def test_calls_come_back() -> None:
    for form in (tools, sharegpt):
        for each in MADE:
            calls = [(f.service, f.call, f.results or ()) for t in each.turns for f in t.frames if f.call]
            again = form.parse(form.row(each))
            assert [(f.service, f.call, f.results) for t in again.turns for f in t.frames if f.call] == calls


def test_chinese_names_of_services_can_be_called() -> None:
    name = tools.function("餐馆", "找 餐馆")
    assert name.isascii() and tools._back(name.partition(tools.BETWEEN)[0]) == "餐馆"
    made = tools.tool(worlds.SERVICES[0], worlds.SERVICES[0].intents[0])
    assert made["function"]["parameters"]["properties"]["passengers"]["enum"] == ["1", "2", "3", "4"]


def drop(*path: Any) -> Callable[[Any], None]:
    def spoil(row: Any) -> None:
        for key in path[:-1]:
            row = row[key]
        del row[path[-1]]

    return spoil


def put(value: Any, *path: Any) -> Callable[[Any], None]:
    def spoil(row: Any) -> None:
        for key in path[:-1]:
            row = row[key]
        row[path[-1]] = value

    return spoil


FAULTS: list[tuple[str, Callable[[Any], None], str]] = [
    ("sgd", drop("turns"), "dialogue.turns: missing"),
    ("sgd", put("BOT", "turns", 0, "speaker"), "neither USER nor SYSTEM"),
    ("sgd", put("Cars_1", "turns", 0, "frames", 0, "service"), "not among the dialogue's services"),
    (
        "sgd",
        put([{"slot": "city", "start": 3, "exclusive_end": 9999}], "turns", 0, "frames", 0, "slots"),
        "characters 3 to",
    ),
    (
        "sgd",
        put([{"slot": "city", "start": 5, "exclusive_end": 2}], "turns", 0, "frames", 0, "slots"),
        "characters 5 to 2",
    ),
    ("sgd", put({"city": "x"}, "turns", 0, "frames", 0, "state", "slot_values"), "not a list of values"),
    ("sgd", drop("turns", 0, "frames", 0, "state"), "a user's frame has one"),
    ("sgd", put(3, "turns", 1, "utterance"), "utterance: a int"),
    ("multiwoz22", put([{"slot": "b-c", "start": 0, "exclusive_end": 9999}], "turns", 0, "frames", 0, "slots"), "of "),
    ("multiwoz21", drop("goal"), "goal: missing"),
    ("multiwoz21", put({}, "log", 1, "metadata"), "the system speaks on odd turns"),
    ("multiwoz21", put("  ", "log", 0, "text"), "log.0.text: empty"),
    ("multiwoz21", put(3, "log", 1, "metadata", "Boats_1"), "semi: missing"),
    ("multiwoz21", put([["a", "b"]], "log", 0, "dialog_act", "Inform"), "no Domain-Act"),
    ("convlab", put(5, "turns", 0, "utt_idx"), "5, not 0"),
    ("convlab", drop("turns", 0, "state"), "a user's turn has one"),
    ("convlab", put("robot", "turns", 0, "speaker"), "neither user nor system"),
    ("convlab", put([{"intent": "x", "domain": "Cars", "slot": ""}], "turns", 0, "dialogue_acts", "binary"), "'Cars'"),
    ("crosswoz", put("bot", "messages", 0, "role"), "neither usr nor sys"),
    ("crosswoz", put([["Inform", "x"]], "messages", 0, "dialog_act"), "not [act, domain, slot, value]"),
    ("crosswoz", drop("messages", 1, "sys_state_init"), "sys_state_init: missing"),
    ("crosswoz", put("", "messages", 0, "content"), "content: empty"),
    ("risawoz", put(7, "dialogue", 0, "turn_id"), "7, not 0"),
    ("risawoz", put({"price": "1"}, "dialogue", 0, "belief_state", "inform slot-values"), "no domain-slot"),
    ("risawoz", put([["Inform"]], "dialogue", 0, "user_actions"), "not [act, domain, slot, value]"),
    ("tools", put("narrator", "messages", 0, "role"), "not system, user, assistant or tool"),
    ("tools", put({"role": "tool", "tool_call_id": "x", "content": "[]"}, "messages", 0), "answers no call"),
    ("tools", put(None, "messages", 0, "content"), "not a text"),
    ("sharegpt", put("bot", "conversations", 0, "from"), "'bot' is none of"),
    ("sharegpt", put({"from": "observation", "value": "[]"}, "conversations", 0), "stands behind a function_call"),
    ("sharegpt", put({"from": "function_call", "value": "{"}, "conversations", 0), "not JSON"),
]


@pytest.mark.parametrize(("name", "spoil", "says"), FAULTS)
def test_a_planted_fault_is_found(name: str, spoil: Callable[[Any], None], says: str) -> None:
    """In a dialogue of one service, so that the paths of the faults are there."""
    plain = next(each for each in MADE if each.services == ("Boats_1",) and each.turns[0].frames[0].state)
    row = copy.deepcopy(FORMS[name].row(plain))
    assert FORMS[name].faults(row) == []
    spoil(row)
    found = FORMS[name].faults(row)
    assert any(says in fault for fault in found), found


def test_a_call_without_an_answer_is_found() -> None:
    row = next(row for row in map(tools.row, MADE) if any("tool_calls" in message for message in row["messages"]))
    spoilt = {"messages": [m for m in row["messages"] if m["role"] != "tool"]}
    assert any("before the answers" in fault or "no answer" in fault for fault in tools.faults(spoilt))


def test_acts_of_multiwoz_22_lie_beside_it() -> None:
    row, acts = multiwoz22.row(MADE[0]), multiwoz22.acts(MADE[0])
    assert multiwoz22.acts_faults(acts, row) == []
    acts["99"] = {"dialog_act": {}, "span_info": []}
    acts["0"]["span_info"] = [["Boats_1-Inform", "city", "x", 0, 9999]]
    assert len(multiwoz22.acts_faults(acts, row)) == 2


def test_pairs_differ_in_one_value() -> None:
    values = preferences.heard(MADE)
    pairs = [pair for each in MADE for pair in preferences.rows(each, values)]
    assert len(pairs) > 20
    for pair in pairs:
        assert preferences.faults(pair) == []
        assert preferences.row(preferences.parse(pair)) == pair
    bad = copy.deepcopy(pairs[0])
    bad["rejected"] = bad["chosen"]
    assert preferences.faults(bad) == ["pair.rejected: the same as chosen"]
    bad["prompt"] = []
    assert "pair.prompt: does not end with the user" in preferences.faults(bad)
    assert preferences.faults({"prompt": []})


def test_labels_of_a_run_become_frames() -> None:
    task = RUN[0]
    first = task.turns[2].frames[0]
    assert first.service == "automotive" and task.synthetic
    assert {"SUV"} <= {value for values in first.state.values.values() for value in values} if first.state else False
    (span,) = first.spans
    assert task.turns[2].text[span.start : span.end] == "SUV"
