"""Labels are checked: sound dialogues pass, and of errors planted by code that shares nothing with the check most are
found. The errors are planted in rows of JSON, as a careless program would make them."""

from collections.abc import Callable
from random import Random
from typing import Any

import worlds
from millstream.formats import sgd
from millstream.simulate.checked import faults
from millstream.simulate.policy import Policy
from spoiling import MISSED, missed

SERVICES = {service.name: service for service in worlds.SERVICES}
LIVELY = Policy(several=0.2, dontcare=0.2, correction=0.2, change=0.3, failure=0.2, chat=0.1)
Row = dict[str, Any]


def frames(row: Row, rng: Random, wanted: Callable[[Row], bool]) -> tuple[Row, Row] | None:
    every = [(turn, frame) for turn in row["turns"] for frame in turn["frames"] if wanted(frame)]
    return rng.choice(every) if every else None


def stated(frame: Row) -> bool:
    return bool(frame.get("state", {}).get("slot_values"))


def other_value(row: Row, rng: Random) -> bool:
    """A state with another value."""
    if not (found := frames(row, rng, stated)):
        return False
    values = found[1]["state"]["slot_values"]
    values[rng.choice(list(values))] = [f"no {rng.randrange(100)}"]
    return True


def lost_slot(row: Row, rng: Random) -> bool:
    if not (found := frames(row, rng, stated)):
        return False
    values = found[1]["state"]["slot_values"]
    del values[rng.choice(list(values))]
    return True


def new_slot(row: Row, rng: Random) -> bool:
    if not (found := frames(row, rng, lambda frame: "state" in frame)):
        return False
    values = found[1]["state"]["slot_values"]
    free = [name for name in ("city", "price", "pickup_date") if name not in values]
    values.update({rng.choice(free): ["Atlantis"]} if free else {})
    return bool(free)


def other_words(row: Row, rng: Random) -> bool:
    """A value is said as another of the same length, so that every offset stays."""
    if not (found := frames(row, rng, lambda frame: bool(frame["slots"]))):
        return False
    turn, frame = found
    span = rng.choice(frame["slots"])
    start, end = span["start"], span["exclusive_end"]
    turn["utterance"] = turn["utterance"][:start] + "x" * (end - start) + turn["utterance"][end:]
    return True


def shifted(row: Row, rng: Random) -> bool:
    if not (found := frames(row, rng, lambda frame: bool(frame["slots"]))):
        return False
    span, step = rng.choice(found[1]["slots"]), rng.choice((-2, -1, 1, 2))
    span["start"] += step
    span["exclusive_end"] += step
    return True


def wrong_slot(row: Row, rng: Random) -> bool:
    if not (found := frames(row, rng, lambda frame: bool(frame["slots"]))):
        return False
    rng.choice(found[1]["slots"])["slot"] = "price"
    return True


def wrong_call(row: Row, rng: Random) -> bool:
    if not (found := frames(row, rng, lambda frame: bool(frame.get("service_call", {}).get("parameters")))):
        return False
    given = found[1]["service_call"]["parameters"]
    given[rng.choice(list(given))] = "elsewhere"
    return True


def lost_act(row: Row, rng: Random) -> bool:
    """A user's INFORM that the state has, forgotten among the acts."""
    informs = lambda frame: "state" in frame and any(act["act"] == "INFORM" for act in frame["actions"])  # noqa: E731
    if not (found := frames(row, rng, informs)):
        return False
    acts = found[1]["actions"]
    acts.remove(rng.choice([act for act in acts if act["act"] == "INFORM"]))
    return True


def taken_price(row: Row, rng: Random) -> bool:
    """What an offer only tells is put into every state behind it, as if the user had wished for it."""
    told = [
        (n, act["values"])
        for n, turn in enumerate(row["turns"])
        for frame in turn["frames"]
        for act in frame["actions"]
        if act["act"] == "OFFER" and act["slot"] == "price"
    ]
    if not told:
        return False
    at, values = rng.choice(told)
    behind = [frame["state"] for turn in row["turns"][at:] for frame in turn["frames"] if "state" in frame]
    for state in behind:
        state["slot_values"]["price"] = values
    return bool(behind)


KINDS = (other_value, lost_slot, new_slot, other_words, shifted, wrong_slot, wrong_call, lost_act, taken_price)


def test_sound_dialogues_have_no_fault() -> None:
    for each in worlds.talks(300, LIVELY, seed=3):
        assert faults(each, SERVICES) == [], each.key


def test_of_three_hundred_planted_errors_nearly_all_are_found() -> None:
    rows = [sgd.row(each) for each in worlds.talks(200, LIVELY, seed=4)]
    left = missed(KINDS, rows, lambda row: faults(sgd.parse(row), SERVICES))
    assert len(left) <= MISSED, left
