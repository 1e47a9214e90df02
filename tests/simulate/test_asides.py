"""Asides: an offer and another service's thing are named in one breath, and no state takes either."""

from dataclasses import replace

import worlds
from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.simulate import checked
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.policy import Policy
from millstream.simulate.words import Key, Wording

TEAS = {
    **worlds.TEAS,
    "slots": [*worlds.TEAS["slots"], worlds.slot("tea_name", "Name of the tea house")],
    "key": "tea_name",
}
SERVICES = schema.made([worlds.BOATS, TEAS], "asides")
ROWS = {
    name: tuple({**row, key: f"{thing} {n}"} for n, row in enumerate(rows))
    for (name, rows), key, thing in zip(
        knowledge.invented(SERVICES, 30).rows.items(), ("boat_name", "tea_name"), ("Gull", "Leaf"), strict=True
    )
}
PLAIN = World(SERVICES, knowledge.Knowledge(ROWS))
OFTEN = replace(PLAIN, asides={"Boats_1": 1.0})


def without(dialogue: TaskDialogue) -> list[object]:
    return [turn for turn in dialogue.turns if "ASIDE" not in {act.act for f in turn.frames for act in f.acts}]


def test_an_outline_with_asides_is_else_the_same() -> None:
    number = 0
    for n in range(60):
        plain, rich = (outline(world, Policy(), 4, n) for world in (PLAIN, OFTEN))
        assert without(rich) == list(plain.turns)
        number += len(rich.turns) - len(plain.turns)
    assert number > 20


def test_what_is_named_in_an_aside_is_no_wish() -> None:
    lines = ["please call a cab from {0} to {1}"]
    wording = Wording(SERVICES, {Key(each.name): lines for each in SERVICES})
    by_name = {each.name: each for each in SERVICES}
    said = []
    for n in range(40):
        made = wording.worded(outline(OFTEN, Policy(), 4, n), 4)
        assert checked.faults(made, by_name) == []
        assert not any("{" in turn.text for turn in made.turns), "an opening is no aside"
        for before, turn in zip(made.turns, made.turns[2:], strict=False):
            frame = turn.frames[0]
            if turn.role == "user" and "ASIDE" in {act.act for act in frame.acts}:
                said.append(turn.text)
                assert frame.state and before.frames[0].state and not frame.spans
                assert frame.state.values.items() >= before.frames[0].state.values.items()
                assert not any(value.startswith("Leaf") for each in frame.state.values.values() for value in each)
    assert said and all(each.startswith("please call a cab from ") and "{" not in each for each in said)
    assert all("Gull" in each and "Leaf" in each for each in said)


def test_templates_say_an_aside_too() -> None:
    texts = [t.text for n in range(20) for t in Wording(SERVICES).worded(outline(OFTEN, Policy(), 4, n), 4).turns]
    assert any("Gull" in each and "Leaf" in each and "{" not in each for each in texts)


def test_a_wish_more_that_nothing_fits_ends_no_outline() -> None:
    """A question has taken the offer: no other row has its name."""
    takes = Policy(refer=1, request=1, alternatives=1, narrow=1, optional=0.3, change=0)
    assert all(outline(PLAIN, takes, 5, n).turns for n in range(200))
