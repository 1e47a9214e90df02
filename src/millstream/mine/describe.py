"""What the host says of the things it shows, read by a model, for recordings where nobody asks and no table tells.

One window a thing, one small question a window, and of the answer only what the window's words bear out. A
recording that gives too little of this gives nothing at all. Knows no viewers.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any

from pydantic import BaseModel, Field, create_model

from millstream.chat import Message, ask
from millstream.errors import ChatError, Spent
from millstream.mine.extract import CLOSE, OPEN, Reader, fenced
from millstream.mine.names import Introduced, bare, introduced
from millstream.mine.rules import Rules, evidence_of
from millstream.mine.values import DATA, Aspect, Told, Value, aspects, found, options, shows_another, verified
from millstream.mine.words import content
from millstream.records import Cue, Lang, Reject, Signal

_CUES, _TEXT, _SURE, _TOKENS = 12, 900, 0.6, 160
_OFTEN = 4
_TURNS = re.compile(DATA["turns"], re.IGNORECASE)
THINGS, FACTS = 3, 2
"""Things there must be, and facts of each, for a recording to be worth anything."""
_PROMPTS = files("millstream") / "mine" / "prompts"


@dataclass(frozen=True)
class Shown:
    """A thing, what is said from where it is shown, and the pieces of it that may be a slot's value."""

    thing: Introduced
    told: Told
    choices: dict[str, list[str]]


class Described(BaseModel):
    """A model's answer; a field for each slot asked about comes with the domain."""

    name: str | None


async def describe(
    reader: Reader, rules: Rules, speech: Sequence[Cue], notes: Counter[str]
) -> AsyncIterator[Signal | Reject]:
    """The facts of at most `reader.budget` things, those most spoken of first; what does not hold is a Reject of
    step "mine". `notes` counts windows read, windows that failed, and facts."""
    wanted, things = aspects(rules.topics.domain), introduced(speech)
    names = {thing.name.casefold() for thing in things}
    done: set[tuple[str, str]] = set()
    for shown in windows(speech, things, wanted)[: reader.budget]:
        item = f"{rules.recording}:{shown.told.cues[0].track}:{shown.told.cues[0].n}"
        try:
            answer = await _ask(reader, rules, shown, wanted, item)
        except Spent:
            raise  # a recording read in part would stay so: it waits until there is money again
        except ChatError:
            notes["windows the model failed on"] += 1
            continue
        notes["windows read"] += 1
        name, why = named(answer.name, shown)
        if why:
            yield Reject(step="mine", item=item, reason=why)
            continue
        for held in checked(answer, shown.told, name, wanted, names):
            if isinstance(held, str):
                yield Reject(step="mine", item=item, reason=held)
            elif (name.casefold(), held[0].slot.name) not in done:
                done.add((name.casefold(), held[0].slot.name))
                notes["facts the model read"] += 1
                yield _fact(rules, shown.told, name, *held)


def enough(signals: Sequence[Signal]) -> str:
    """Why what was read is too little; "" where it is enough."""
    facts = Counter(each.entity for each in {(s.entity, s.slot): s for s in signals if s.kind == "fact"}.values())
    full = sum(count >= FACTS for count in facts.values())
    if full >= THINGS:
        return ""
    total = sum(facts.values())
    return f"{full} things with {FACTS} facts or more ({total} facts of {len(facts)} things), {THINGS} are needed"


def windows(speech: Sequence[Cue], things: Sequence[Introduced], wanted: Sequence[Aspect]) -> list[Shown]:
    """One window a thing; those first that most may be said of, and that are spoken of most.
    Where nothing can be found in a window nobody need be asked."""
    starts = {at: thing.name.casefold() for thing in things for at in thing.at}
    names = {thing.name.casefold() for thing in things}
    ranked: list[tuple[float, Shown]] = []
    alone = Counter(at for thing in things for at in thing.at)
    for thing in things:
        parts = [Told(_part(speech, at, thing.name, starts)) for at in thing.at if alone[at] == 1]
        if not parts:
            continue
        told = parts[0] if len(parts) == 1 else _joined(parts, thing.name, names, wanted)
        shown = Shown(thing, told, _choices(told, thing.name, names, wanted))
        if shown.choices:
            ranked.append((min(thing.count, _OFTEN) / _OFTEN + 2 * len(shown.choices), shown))
    return [shown for _, shown in sorted(ranked, key=lambda pair: (-pair[0], pair[1].told.cues[0].n))]


def _joined(parts: Sequence[Told], name: str, names: set[str], wanted: Sequence[Aspect]) -> Told:
    """The part that may say most, and those that may say something more, as long as all is no more than a window."""
    ranked = sorted(parts, key=lambda part: -len(_choices(part, name, names, wanted)))
    told = ranked[0]
    for part in ranked[1:]:
        more = Told(tuple(sorted({cue.n: cue for cue in (*told.cues, *part.cues)}.values(), key=lambda cue: cue.n)))
        gains = len(_choices(more, name, names, wanted)) > len(_choices(told, name, names, wanted))
        if gains and len(more.text) <= _TEXT:
            told = more
    return told


def _choices(told: Told, name: str, names: set[str], wanted: Sequence[Aspect]) -> dict[str, list[str]]:
    """The pieces for each slot; one is offered for the first slot that it fits."""
    offered: set[str] = set()
    found_here: dict[str, list[str]] = {}
    for aspect in wanted:
        if values := [each for each in options(aspect, told, name, names) if each not in offered]:
            found_here[aspect.slot.name] = values
            offered.update(values)
    return found_here


def _part(speech: Sequence[Cue], at: int, name: str, starts: dict[int, str]) -> tuple[Cue, ...]:
    """The lines from where a thing is shown to where the next is, or the host turns to something else."""
    part = [speech[at]]
    for n in range(at + 1, min(at + _CUES, len(speech))):
        other = starts.get(n, name.casefold())
        turned = _TURNS.search(speech[n].text) and not found(name, speech[n].text)
        apart = other not in name.casefold() and name.casefold() not in other
        full = sum(len(cue.text) for cue in part) + len(speech[n].text) > _TEXT
        if apart or turned or full or shows_another(speech[n].text, name):
            break
        part.append(speech[n])
    return tuple(part)


async def _ask(reader: Reader, rules: Rules, shown: Shown, wanted: Sequence[Aspect], item: str) -> Described:
    return await ask(
        reader.chat, reader.model, prompt(rules, shown, wanted), shape(shown),
        tries=1, stage="mine", item=item, max_tokens=_TOKENS, temperature=0.0, seed=1,
    )  # fmt: skip


def shape(shown: Shown) -> type[Described]:
    """The answer's shape: the name, and for each slot one of the pieces of the window or null. A model that takes
    no schema may answer other words; they are checked all the same."""
    either = {"name": [shown.thing.name], **shown.choices}
    fields = {key: (str | None, Field(json_schema_extra=_one_of(values))) for key, values in either.items()}
    return create_model("Described", __base__=Described, **fields)  # type: ignore[call-overload, no-any-return]


def _one_of(values: Sequence[str]) -> Callable[[dict[str, Any]], None]:
    def only(schema: dict[str, Any]) -> None:
        schema.clear()
        schema["enum"] = [*values, None]

    return only


def prompt(rules: Rules, shown: Shown, wanted: Sequence[Aspect]) -> list[Message]:
    """The task with one example of another trade, then the thing and its lines between marks no line can hold."""
    lang: Lang = "zh" if rules.lang == "zh" else "en"
    entity = rules.topics.domain.entity.get(lang, "")
    asked = [aspect.slot for aspect in wanted if aspect.slot.name in shown.choices]
    keys = "\n".join(f"{slot.name}: {', '.join(slot.names.get(lang, ())[:4])}" for slot in asked)
    text = (_PROMPTS / f"describe.{lang}.md").read_text(encoding="utf-8")
    task = Template(text).substitute(entity=entity, keys=keys, open=OPEN, close=CLOSE)
    head = f"{entity}：{fenced(shown.thing.name)}" if lang == "zh" else f"the {entity}: {fenced(shown.thing.name)}"
    lines = [fenced(cue.text) for cue in shown.told.cues]
    lines += [f"{slot}? {fenced(' / '.join([*values, 'null']))}" for slot, values in shown.choices.items()]
    return [Message("system", task), Message("user", "\n".join((head, OPEN, *lines, CLOSE)))]


def named(name: str | None, shown: Shown) -> tuple[str, str]:
    """The name the thing goes by, or why it has none: it must stand in the window and be of this thing."""
    if not name:
        return "", f"nothing is said of {shown.thing.name!r}"
    places = found(name, shown.told.text)
    if not places:
        return "", f"the name {name!r} stands nowhere in the window"
    whole = bare(shown.told.text[slice(*places[0])])
    if not content(whole) & content(shown.thing.name):
        return "", f"another thing than {shown.thing.name!r}: {name!r}"
    longer = whole.casefold().startswith(shown.thing.name.casefold() + " ")
    return (whole if longer else shown.thing.name), ""


def checked(
    answer: Described, told: Told, name: str, wanted: Sequence[Aspect], names: set[str]
) -> list[tuple[Aspect, Value] | str]:
    """For each slot the model filled, its value or why it is none; the same words are the value of one slot."""
    held: list[tuple[Aspect, Value] | str] = []
    for aspect in wanted:
        raw = getattr(answer, aspect.slot.name, None)
        if not raw or raw.strip().casefold() in ("null", "none", "无"):
            continue
        value = verified(raw, aspect, told, name, names)
        if isinstance(value, str):
            held.append(value)
        elif any(_overlap(value, other[1]) for other in held if not isinstance(other, str)):
            held.append(f"{aspect.slot.name} {value.text!r} of {name}: already said of another slot")
        else:
            held.append((aspect, value))
    return held


def _overlap(one: Value, other: Value) -> bool:
    return one.start < other.end and other.start < one.end


def _fact(rules: Rules, told: Told, name: str, aspect: Aspect, value: Value) -> Signal:
    """The fact, on the cues that hold the value and those that name the thing."""
    place = (found(name, told.text) or [(0, 1)])[0]
    holding, naming = told.between(value.start, value.end), told.between(*place)
    evidence = [evidence_of(rules.recording, holding)]
    if naming != holding:
        evidence.append(evidence_of(rules.recording, naming))
    return Signal(
        kind="fact",
        text=" ".join(cue.text for cue in holding),
        evidence=tuple(evidence),
        slot=aspect.slot.name,
        entity=name,
        value=value.text,
        lang=holding[0].lang or rules.lang,
        confidence=_SURE,
    )
