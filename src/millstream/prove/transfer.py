"""Does what a tracker learns in one language serve in another? The same dialogues of MultiWOZ in English and Chinese.

250 dialogues of the validation part were translated and mended by people (ConvLab-2). Half of them, by the hash of
their key, are learnt from in one language, the other half is the test in the other, so no dialogue is on both sides.
Services and slots have one name and one English description; values are in the language of their talk. Assumed: that
the names of hotels and sights are known in both. The English ones stand in the database, the Chinese ones in the
states, those of the test among them. Frames of hotels and sights alone: times and stations are no listed values, and
Chinese talk has no shapes to find them by.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from millstream import corpora, resources
from millstream.formats import multiwoz21
from millstream.prove import arms, targets
from millstream.prove.figures import Result, Scored, result, scored
from millstream.prove.trial import HIDDEN, Empty, Learn, tracked
from millstream.records import Lang
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.services.schema import ServiceSchema
from millstream.train.candidates import Lexicon
from millstream.train.string_match import StringMatch
from millstream.train.tracker import Tracks

OTHER, OWN, OURS = "the other language", "its own language", "ours in English"
FLOORS = ("empty state", "string match")
Made = Callable[[int], list[TaskDialogue]]
"""Dialogues of ours by seed."""
Lexicons = Mapping[str, Lexicon]


@dataclass(frozen=True)
class Side:
    """One language: its services by name, what is listed of them (`partly`: half of the open values, to learn with),
    and its dialogues in two halves."""

    lang: Lang
    services: Mapping[str, ServiceSchema]
    lexicons: Lexicons
    partly: Lexicons
    learnt: tuple[TaskDialogue, ...]
    test: tuple[TaskDialogue, ...]


def sides(data: Path) -> tuple[Side, Side]:
    """English and Chinese. InputError where a file is not there."""
    names = _names()
    folder = data / "multiwoz21_convlab"
    chinese = {key: _renamed(row, names) for key, row in corpora.entries(folder / "zh_human_val.json.zip")}
    english = {key: row for key, row in corpora.entries(folder / "val.json.zip") if key in chinese}
    whole = targets.target("multiwoz-hotel", data)
    services = {each.name: each for each in whole.services if each.name in names["services"].values()}
    rows = {name: whole.knowledge.rows[name] for name in services}
    spoken = {name: _chinese(service, names["values"]) for name, service in services.items()}
    read = {key: multiwoz21.parse(row, key) for key, row in chinese.items()}
    told = {name: _told(read.values(), name) for name in services}
    en = _side("en", services, Knowledge(rows), {key: multiwoz21.parse(row, key) for key, row in english.items()})
    zh = _side("zh", spoken, Knowledge(told), {key: replace(each, lang="zh") for key, each in read.items()})
    for lexicon in (*zh.lexicons.values(), *zh.partly.values()):
        _add_forms(lexicon, names["forms"])
    return en, zh


def _names() -> Mapping[str, Any]:
    loaded: dict[str, Any] = resources.data("prove/multiwoz_zh.yaml")
    return loaded


def _renamed(row: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The row with services and slots under their English names, and without the other services."""
    log = []
    for turn in row["log"]:
        told = turn.get("metadata") or {}
        kept = {ours: told[theirs] for theirs, ours in names["services"].items() if theirs in told}
        log.append({"text": turn["text"], "metadata": {name: _parts(each, names) for name, each in kept.items()}})
    return {"log": log}


def _parts(state: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    slots, same = names["slots"], names["same"]
    return {
        part: {slots[slot]: same.get(value, value.strip()) for slot, value in state[part].items() if slot in slots}
        for part in ("semi", "book")
    }


def _chinese(service: ServiceSchema, values: Mapping[str, list[str]]) -> ServiceSchema:
    """The service as it is spoken of in Chinese: listed values in Chinese, names and descriptions as they were."""
    slots = []
    for slot in service.slots:
        listed = values.get(service.name) if slot.name == "type" else values.get(slot.name)
        slots.append(slot.model_copy(update={"values": tuple(listed)}) if listed and slot.categorical else slot)
    return service.model_copy(update={"lang": "zh", "slots": tuple(slots)})


def _told(dialogues: Iterable[TaskDialogue], name: str) -> tuple[dict[str, str], ...]:
    """A row for every state of the service: the values that its open slots have in Chinese."""
    states = (f.state.values for d in dialogues for t in d.turns for f in t.frames if f.service == name and f.state)
    return tuple({slot: values[0] for slot, values in each.items()} for each in states)


def _side(
    lang: Lang, services: Mapping[str, ServiceSchema], known: Knowledge, by_key: Mapping[str, TaskDialogue]
) -> Side:
    halves: tuple[list[TaskDialogue], list[TaskDialogue]] = ([], [])
    for key, each in sorted(by_key.items()):
        halves[int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2].append(each)
    whole, partly = ({n: Lexicon(s, known, hidden) for n, s in services.items()} for hidden in (0.0, HIDDEN))
    return Side(lang, services, whole, partly, tuple(halves[0]), tuple(halves[1]))


def _add_forms(lexicon: Lexicon, forms: Mapping[str, list[str]]) -> None:
    for value, said in forms.items():
        slots = dict.fromkeys(lexicon.said.get(value, {}), value)
        for form in said if slots else ():
            lexicon.said[form] = {**lexicon.said.get(form, {}), **slots}
            lexicon.firsts.add(form[:1])


def trials(here: Side, there: Side, learn: Learn, seeds: Sequence[int], made: Made | None) -> Iterator[Result]:
    """Tested in `here`: the floors, then what was learnt in the other language and in its own; `made` are ours, in the
    other language."""
    floors: tuple[Tracks, Tracks] = (Empty(), StringMatch(here.lexicons))
    for name, floor in zip(FLOORS, floors, strict=True):
        yield result(name, [_measured(floor, here)])
    every: dict[str, Callable[[int], Tracks]] = {
        OTHER: lambda seed: learn(there.learnt, there.partly, here.lexicons, seed),
        OWN: lambda seed: learn(here.learnt, here.partly, here.lexicons, seed),
    }
    if made:
        every[OURS] = lambda seed: learn(made(seed), there.partly, here.lexicons, seed)
    for name, tracker in every.items():
        yield result(name, [_measured(tracker(seed), here) for seed in seeds])


def _measured(tracker: Tracks, side: Side) -> Scored:
    return scored(frame for each in side.test for frame in tracked(tracker, each, side.services, side.services))


def ours(data: Path, size: int) -> Made:
    """English dialogues of ours about hotels and sights, by seed."""
    whole = targets.target("multiwoz-hotel", data)
    wanted = frozenset(_names()["services"].values())
    return lambda seed: arms.ours(replace(whole, played=wanted, scored=wanted), size, seed)
