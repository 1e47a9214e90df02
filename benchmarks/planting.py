"""Plants errors on purpose: one in the text of one turn of a copy of a dialogue. Labels stay as they are.

Knows nothing of the critics and shares no word list, number reader or label check with them; the sentences it
injects are its own: planted_held_out.yaml, which whoever works on the critics does not read, and planted.yaml and
planted_opened.yaml, which were read while they were improved. Only the first says how a critic fares on what it was
not made for.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from random import Random
from string import Template
from typing import Annotated, Any

import yaml
from annotated_types import MinLen
from pydantic import BaseModel, ValidationError

from millstream.errors import InputError
from millstream.records import Act, Dialogue, Fact, Lang, Turn
from millstream.shapes import Known

Words = Annotated[list[str], MinLen(1)]
Sayings = dict[Lang, dict[str, Words]]
"""By language, then by what they fit: a domain, "any" domain, or the case of a contradiction."""
Pairs = dict[Lang, list[tuple[str, str]]]
"""By language: what is said, and what takes its place."""


class Bank(BaseModel, frozen=True, extra="forbid"):
    """The sentences and words of a YAML file that errors are made of."""

    feature: Sayings
    guarantee: Sayings
    time: Sayings
    stock: Sayings
    promise: Sayings
    third_party: Sayings
    contradiction: Sayings
    name: Sayings
    units: Pairs
    unitless: Words
    negated: Pairs
    flags: dict[Lang, dict[str, str]]
    digits: dict[Lang, Annotated[list[str], MinLen(11)]]
    first_words: dict[Lang, Words]


def sentences(path: Path) -> Bank:
    """The bank in the YAML file `path`; InputError if it cannot be read or is not one."""
    try:
        return Bank.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        at = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(f"not a bank of sentences ({at})", str(path), "give one like planted.yaml") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError("cannot be read as YAML", str(path), "give a file like planted.yaml") from error


NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![A-Za-z\d])")
SENTENCE = {"zh": re.compile(r"[^。！？]+[。！？]*"), "en": re.compile(r"(?s)\S.*?(?:[.!?](?=\s|$)|$)")}
SIGNS = ("$", "€", "£", "¥")


@dataclass(frozen=True)
class Host:
    """A dialogue that errors may be planted in, what is known of its run, and what errors are made of."""

    dialogue: Dialogue
    known: Known
    bank: Bank

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.dialogue.turns

    @cached_property
    def entities(self) -> list[str]:
        return sorted({fact.entity for fact in self.known.facts}, key=lambda name: (-len(name), name))

    @property
    def agents(self) -> list[int]:
        """The turns that are the agent's."""
        return [n for n, turn in enumerate(self.turns) if turn.role == "agent"]

    def told(self) -> list[tuple[int, Act]]:
        """(turn, act) of every value the agent gives of a thing in the words the act has."""
        return [
            (n, act)
            for n, turn in ((n, self.turns[n]) for n in self.agents)
            for act in turn.acts
            if act.entity and act.value and _at(act.value, turn.text)
        ]

    def values(self, entity: str, slot: str) -> set[str]:
        return {fact.value for fact in self.known.facts if (fact.entity, fact.attribute) == (entity, slot)}

    def others(self, act: Act) -> list[Fact]:
        """What is true of the same attribute of another thing, and not of this one."""
        mine = self.values(act.entity, act.slot) | {act.value}
        same = [fact for fact in self.known.facts if fact.attribute == act.slot and fact.entity != act.entity]
        return [fact for fact in same if fact.value not in mine]


@dataclass(frozen=True)
class Planted:
    """A copy of a dialogue with one error of one kind in the text of one turn."""

    kind: str
    host: Host
    turn: int
    text: str

    @property
    def dialogue(self) -> Dialogue:
        turns = list(self.host.turns)
        turns[self.turn] = turns[self.turn].model_copy(update={"text": self.text})
        return self.host.dialogue.model_copy(update={"turns": tuple(turns)})


Change = tuple[int, str]
"""(which turn, its text with the error)."""
Planter = Callable[[Host, Random], Iterator[Change]]


# --- errors made of what was said --------------------------------------------------------------------------


def number(host: Host, rng: Random) -> Iterator[Change]:
    """Another digit, another power of ten, two digits exchanged, or another small number in words."""
    role = "user" if rng.random() < 0.25 else "agent"
    names = re.compile("|".join(map(re.escape, host.entities)))
    for n, turn in _shuffled([(n, turn) for n, turn in enumerate(host.turns) if turn.role == role], rng):
        named = [span.span() for span in names.finditer(turn.text)]
        free = [m for m in NUMBER.finditer(turn.text) if not any(a <= m.start() < b for a, b in named)]
        for found in _shuffled(free, rng):
            wrong = _other_number(found.group(), host.bank.digits[host.known.lang], rng)
            yield n, turn.text[: found.start()] + wrong + turn.text[found.end() :]


def unit(host: Host, rng: Random) -> Iterator[Change]:
    """公里 for 英里, dollars for euros; a bare amount of money gets a unit that nobody gave it."""
    lang = host.known.lang
    for n, act in _shuffled(host.told(), rng):
        text, spec = host.turns[n].text, host.known.domain.by_name.get(act.slot)
        for sign in SIGNS:
            if act.value.startswith(sign):
                yield n, _put(text, act.value, rng.choice([s for s in SIGNS if s != sign]) + act.value[1:])
        for right, wrong in host.bank.units[lang]:
            if re.search(rf"\d\s?{right}", act.value):
                other = re.sub(rf"(\d\s?){right}", rf"\g<1>{wrong}", act.value, count=1)
                yield n, _put(text, act.value, other)
        if spec and spec.kind == "money" and NUMBER.fullmatch(act.value):
            yield n, _put(text, act.value, act.value + " " + rng.choice(host.bank.unitless))


def swapped(host: Host, rng: Random) -> Iterator[Change]:
    """Two things change places in a sentence that says something different of each; where nothing is
    compared, another thing takes the place of the one that is offered or booked."""
    for n, act in _shuffled(host.told(), rng):
        text = host.turns[n].text
        for other in host.turns[n].acts:
            differs = other.slot == act.slot and other.value not in ("", act.value)
            both = other.entity not in ("", act.entity) and act.entity in text and other.entity in text
            if differs and both:
                yield n, _exchanged(text, act.entity, other.entity)
    acts = [(n, act) for n in host.agents for act in host.turns[n].acts]
    named = [(n, act.entity) for n, act in acts if act.entity and not act.value]
    for n, name in _shuffled(named, rng):
        text, others = host.turns[n].text, [each for each in host.entities if each != name]
        if others and [each for each in host.entities if each in text] == [name]:
            yield n, text.replace(name, rng.choice(others))


def other_entity(host: Host, rng: Random) -> Iterator[Change]:
    """The value of another thing is told, or the thing's own value is told of another."""
    for n, act in _shuffled(host.told(), rng):
        text = host.turns[n].text
        for fact in _shuffled(host.others(act), rng):
            if [name for name in host.entities if name in text] == [act.entity] and rng.random() < 0.5:
                yield n, text.replace(act.entity, fact.entity)
            else:
                yield n, _put(text, act.value, fact.value)


def other_attribute(host: Host, rng: Random) -> Iterator[Change]:
    """A value under another attribute: the attribute's name changes, or the value does."""
    for n, act in _shuffled(host.told(), rng):
        text, slots = host.turns[n].text, host.known.domain.by_name
        if act.slot not in slots:
            continue
        said = next((word for word in slots[act.slot].names.get(host.known.lang, ()) if _at(word, text)), "")
        mine = host.values(act.entity, act.slot) | {act.value}
        own = [fact for fact in host.known.facts if fact.entity == act.entity and fact.value not in mine]
        for fact in _shuffled(own, rng):
            spec = slots.get(fact.attribute)
            if spec is None or spec.kind != slots[act.slot].kind:
                continue
            if said and rng.random() < 0.5:
                yield n, _put(text, said, spec.names[host.known.lang][0])
            else:
                yield n, _put(text, act.value, fact.value)


def negated(host: Host, rng: Random) -> Iterator[Change]:
    """What is so is said not to be so."""
    lang = host.known.lang
    for n, act in _shuffled(host.told(), rng):
        text = host.turns[n].text
        if act.value in host.bank.flags[lang]:
            yield n, _put(text, act.value, host.bank.flags[lang][act.value])
        for plain, denied in host.bank.negated[lang]:
            yield n, _put(text, plain.replace("$value", act.value), denied.replace("$value", act.value))


# --- errors that are added ---------------------------------------------------------------------------------


def contradiction(host: Host, rng: Random) -> Iterator[Change]:
    """Later on, the opposite of what the agent said."""
    lang = host.known.lang
    refused = [n for n in host.agents if any(act.act == "refuse" for act in host.turns[n].acts)]
    if refused and rng.random() < 0.3:
        for n in _shuffled([n for n in host.agents if n >= refused[-1] + 2], rng):
            yield n, _added(host.turns[n].text, rng.choice(host.bank.contradiction[lang]["refuse"]), lang, rng)
    for m, act in _shuffled(host.told(), rng):
        later = [n for n in host.agents if n >= m + 2]
        for n, fact in zip(_shuffled(later, rng), _shuffled(host.others(act), rng), strict=False):
            said = Template(rng.choice(host.bank.contradiction[lang]["value"])).substitute(
                entity=act.entity, value=act.value, other=fact.value, slot=_shown(act.slot, host)
            )
            yield n, _added(host.turns[n].text, said, lang, rng)


def invented_name(host: Host, rng: Random) -> Iterator[Change]:
    """A thing nobody sells, in the place of one that is sold or beside it."""
    lang = host.known.lang
    for n in _shuffled(host.agents, rng):
        text = host.turns[n].text
        model = next((name for name in host.entities if name in text), host.dialogue.scenario.aim)
        name = _unheard_of(model, host, rng)
        if model in text and rng.random() < 0.5:
            yield n, text.replace(model, name)
        else:
            said = Template(rng.choice(host.bank.name[lang]["any"])).substitute(name=name)
            yield n, _added(text, said, lang, rng)


def invented(kind: str, host: Host, rng: Random) -> Iterator[Change]:
    """A sentence of the bank, somewhere in what the agent says."""
    lang = host.known.lang
    bank: dict[str, list[str]] = getattr(host.bank, kind)[lang]
    own = bank.get(host.known.domain.name, [])
    pool = own if kind == "feature" and own else bank["any"] + own
    whole = [said for said in pool if said[0] not in ",，"]
    told = {n for n, _ in host.told()}  # only to what is told of a thing can something be joined
    for n in _shuffled(host.agents, rng):
        yield n, _added(host.turns[n].text, rng.choice(pool if n in told else whole), lang, rng)


KINDS: dict[str, Planter] = {
    "number changed": number,
    "unit changed": unit,
    "two things swapped": swapped,
    "value of another thing": other_entity,
    "value of another attribute": other_attribute,
    "fact negated": negated,
    "contradicts itself": contradiction,
    "name invented": invented_name,
    "feature or gift invented": partial(invented, "feature"),
    "guarantee or superlative": partial(invented, "guarantee"),
    "time or deadline invented": partial(invented, "time"),
    "stock invented": partial(invented, "stock"),
    "promise beyond policy": partial(invented, "promise"),
    "claim about a third party": partial(invented, "third_party"),
}


def plant(hosts: Sequence[Host], n: int, seed: int) -> list[Planted]:
    """`n` errors, the kinds in turn, half of them in each language where there are two. Of the dialogues that
    an error fits, one used least is taken. A kind that fits none leaves its place to the next."""
    groups = [list(group) for _, group in groupby(sorted(hosts, key=_lang), _lang)]
    made: list[Planted] = []
    kinds = list(KINDS)
    at = 0
    for i, group in enumerate(groups):
        rng, used = Random(f"{seed}/{_lang(group[0])}"), Counter[str]()
        wanted, misses = len(made) + (n - len(made)) // (len(groups) - i), 0
        while len(made) < wanted and misses < len(kinds):
            kind = kinds[at % len(kinds)]
            at += 1
            if found := _planted(kind, group, used, rng):
                used[found.host.dialogue.id] += 1
                made.append(found)
            misses = 0 if found else misses + 1
    return made


def _planted(kind: str, hosts: Sequence[Host], used: Counter[str], rng: Random) -> Planted | None:
    for host in sorted(_shuffled(hosts, rng), key=lambda each: used[each.dialogue.id]):
        for n, text in KINDS[kind](host, rng):
            if text != host.turns[n].text:
                return Planted(kind, host, n, text)
    return None


def _lang(host: Host) -> str:
    return host.known.lang


def _shuffled(items: Sequence[Any], rng: Random) -> list[Any]:
    return rng.sample(items, len(items))


def _at(word: str, text: str) -> re.Match[str] | None:
    """`word` where it stands alone: "2" is not in "12" or "2.5", "no" not in "noted"; 首付 is in C5首付."""
    before = r"(?<![A-Za-z0-9.])" if word[:1].isascii() else ""
    after = r"(?![A-Za-z0-9]|\.\d)" if word[-1:].isascii() else ""
    return re.search(before + re.escape(word) + after, text)


def _put(text: str, old: str, new: str) -> str:
    found = _at(old, text)
    return text[: found.start()] + new + text[found.end() :] if found else text


def _exchanged(text: str, one: str, other: str) -> str:
    either = sorted((one, other), key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, either)))
    return found.sub(lambda name: other if name.group() == one else one, text)


def _shown(slot: str, host: Host) -> str:
    spec = host.known.domain.by_name.get(slot)
    return next(iter(spec.names.get(host.known.lang, ())), slot) if spec else slot


def _added(text: str, said: str, lang: str, rng: Random) -> str:
    """`said` after one of the sentences of `text`; before a question that ends it, as people do."""
    stop, gap = ("。", "") if lang == "zh" else (".", " ")
    parts = [part.strip() for part in SENTENCE[lang].findall(text)]
    plain = [i for i, part in enumerate(parts) if part[-1] not in "?？"]
    if said[0] in ",，" and plain:
        joined = parts[plain[-1]].rstrip("。！.!") + said + stop
        return gap.join([*parts[: plain[-1]], joined, *parts[plain[-1] + 1 :]])
    said = said.lstrip(",， ")
    whole = said[0].upper() + said[1:] + ("" if said[-1] in "。.!！" else stop)
    at = rng.choice(plain) + 1 if plain else 0
    return gap.join([*parts[:at], whole, *parts[at:]])


def _other_number(said: str, words: Sequence[str], rng: Random) -> str:
    digits = [i for i, char in enumerate(said) if char.isdigit()]
    at = rng.choice(digits)
    ways = [said[:at] + str((int(said[at]) + rng.randint(1, 8)) % 9 + 1) + said[at + 1 :]]
    ways += [f"{float(said) * 10:g}"] + ([f"{float(said) / 10:g}"] if float(said) >= 10 else [])
    pairs = [i for i in digits if said[i + 1 : i + 2].isdigit() and said[i + 1] != "0"]
    ways += [said[:i] + said[i + 1] + said[i] + said[i + 2 :] for i in pairs]
    if "." not in said and 2 <= int(said) <= 9:
        ways += [words[int(said) % 8 + 2]] * 3
    return str(rng.choice([way for way in ways if not NUMBER.fullmatch(way) or float(way) != float(said)]))


def _unheard_of(model: str, host: Host, rng: Random) -> str:
    """A name of the same build as `model` (another number, another first word) that no fact knows."""
    if found := re.fullmatch(r"(.*?)([A-Z]?)(\d+)", model):
        names = [f"{found.group(1)}{letter}{digit}" for letter in "GKRTVW" for digit in (1, 2, 4, 6, 8)]
    elif model.isascii():
        names = [" ".join([word, *model.split()[1:]]) for word in host.bank.first_words["en"]]
    else:
        names = [word + model[2:] for word in host.bank.first_words["zh"]]
    return str(rng.choice([name for name in names if not any(known in name for known in host.entities)]))
