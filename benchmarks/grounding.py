"""Does the grounding critic find what is not so, from the words alone? Six kinds of errors, planted in our dialogues.

A wrong price, the value or the name of another thing, an offer that has expired, a thing that is gone said to be there,
a wrong total, an amenity that nobody has. Each has a clean twin: the same turn with the right words, or the same words
while they still held; the judge is handed the turn, what was said before it, the facts and the day, and never the
labels. Beside it the exact string: a number or a value in the turn that stands in no fact of the things named and was
not said by the user. The amenities are those of planted_held_out.yaml unless told otherwise.

    python benchmarks/grounding.py RUN_FOLDER [RUN_FOLDER...] [--n 100] [--seed 0] [--sentences FILE] [--show N]
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from planted import HELD_OUT, hosts_of, wilson
from planting import KINDS, NUMBER, Host, other_entity, sentences

from millstream.critics.grounding import turn_faults
from millstream.domain import NO, YES
from millstream.errors import InputError
from millstream.records import Dialogue, Fact
from millstream.shapes import Known

DAY, BEFORE, AFTER = "2026-06-15", "2026-06-14", "2026-06-30"
FREE = {
    "zh": ("{}现在还有。", "{}还能订。", "要的话，{}这会儿可以订。"),
    "en": ("{} is still available.", "You can still book {}.", "And {} is free."),
}
TOTALS = {
    "zh": ("{name}，{n}份一共{sum}。", "要{n}份的话，{name}合计{sum}。"),
    "en": ("{n} of {name} come to {sum}.", "For {n} of {name} that is, in total, {sum}."),
}


@dataclass(frozen=True)
class Pair:
    """A turn with an error and the same turn without it; what is known may differ instead of the words."""

    kind: str
    host: Host
    turn: int
    wrong: tuple[str, Known]
    right: tuple[str, Known]


Planter = Callable[[Host, Random], Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]]


def price(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    """Another amount of money, one digit of it changed."""
    slots = host.known.domain.by_name
    for n, act in 3 * rng.sample(host.told(), len(host.told())):
        if act.slot in slots and slots[act.slot].kind == "money" and NUMBER.search(act.value):
            text = host.turns[n].text
            wrong = NUMBER.sub(lambda found: _digit(found[0], rng), act.value, count=1)
            yield n, (text.replace(act.value, wrong, 1), host.known), (text, host.known)


def entity(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    for n, text in other_entity(host, rng):
        yield n, (text, host.known), (host.turns[n].text, host.known)


def expired(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    """The words stay; what they tell ended yesterday, or will end later."""
    for n, act in rng.sample(host.told(), len(host.told())):
        if len(act.value) > 1:
            old, new = (_until(host.known, act.entity, act.slot, day) for day in (BEFORE, AFTER))
            yield n, (host.turns[n].text, old), (host.turns[n].text, new)


def gone(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    lang = host.known.lang
    for n, act in rng.sample(host.told(), len(host.told())):
        text = _joined(host.turns[n].text, rng.choice(FREE[lang]).format(_the(act.entity, lang)), lang)
        no, yes = (_stocked(host.known, act.entity, flag[lang]) for flag in (NO, YES))
        yield n, (text, no), (text, yes)


def sums(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    lang = host.known.lang
    for n, act in rng.sample(host.told(), len(host.told())):
        prices = [fact for fact in host.known.facts if (fact.entity, fact.attribute) == (act.entity, "price")]
        for fact in prices[:1]:
            count = rng.randint(2, 6)
            other = rng.choice([k for k in range(2, 8) if k != count])
            said = rng.choice(TOTALS[lang])
            both = [
                said.format(name=_the(act.entity, lang), n=count, sum=_money(fact, times)) for times in (other, count)
            ]
            texts = [_joined(host.turns[n].text, each, lang) for each in both]
            yield n, (texts[0], host.known), (texts[1], host.known)


def amenity(host: Host, rng: Random) -> Iterator[tuple[int, tuple[str, Known], tuple[str, Known]]]:
    for n, text in KINDS["feature or gift invented"](host, rng):
        yield n, (text, host.known), (host.turns[n].text, host.known)


PLANTERS: dict[str, Planter] = {
    "wrong price": price,
    "wrong thing": entity,
    "expired": expired,
    "gone": gone,
    "wrong total": sums,
    "invented amenity": amenity,
}


def _digit(number: str, rng: Random) -> str:
    at = rng.choice([i for i, c in enumerate(number) if c.isdigit()])
    return number[:at] + rng.choice([d for d in "123456789" if d != number[at]]) + number[at + 1 :]


def _until(known: Known, name: str, slot: str, day: str) -> Known:
    facts = [
        fact.model_copy(update={"valid_to": day}) if (fact.entity, fact.attribute) == (name, slot) else fact
        for fact in known.facts
    ]
    return Known(known.domain, known.lang, tuple(facts))


def _stocked(known: Known, name: str, value: str) -> Known:
    first = next(fact for fact in known.facts if fact.entity == name)
    stock = Fact(entity=name, attribute="available", value=value, valid_from=DAY, valid_to=DAY, evidence=first.evidence)
    return Known(known.domain, known.lang, (*known.facts, stock))


def _money(fact: Fact, times: int) -> str:
    found = NUMBER.search(fact.value)
    assert found is not None
    return f"{fact.value[: found.start()]}{round(float(found[0]) * times, 2):g}{fact.value[found.end() :]}"


def _the(name: str, lang: str) -> str:
    return name if lang == "zh" else f"the {name}"


def _joined(text: str, sentence: str, lang: str) -> str:
    return f"{text}{sentence}" if lang == "zh" else f"{text} {sentence[:1].upper()}{sentence[1:]}"


def pairs(kind: str, hosts: Sequence[Host], n: int, rng: Random) -> list[Pair]:
    """`n` pairs of one kind, from as many dialogues as there are, more of a dialogue where they are too few."""
    ways = [(host, PLANTERS[kind](host, rng)) for host in rng.sample(list(hosts), len(hosts))]
    made: dict[tuple[str, int, str], Pair] = {}
    while ways and len(made) < n:
        host, way = ways.pop(0)
        if (found := next(way, None)) is not None:
            turn, wrong, right = found
            if wrong != right:
                made[host.dialogue.id, turn, wrong[0]] = Pair(kind, host, turn, wrong, right)
            ways.append((host, way))
    return list(made.values())[:n]


def exact(text: str, known: Known, dialogue: Dialogue, n: int) -> bool:
    """The baseline: a number or a value that stands in no fact of what was named, and that no user said."""
    said = [turn.text for turn in dialogue.turns[:n]]
    names = {fact.entity for fact in known.facts if any(fact.entity in line for line in (*said, text))}
    allowed = " ".join([*(f"{f.entity} {f.value}" for f in known.facts if f.entity in names), *said])
    values = {fact.value for fact in known.facts if len(fact.value) > 1 and fact.value in text}
    numbers = set(re.findall(r"\d+(?:\.\d+)?", text))
    return not numbers <= set(re.findall(r"\d+(?:\.\d+)?", allowed)) or any(value not in allowed for value in values)


def checked(side: tuple[str, Known], pair: Pair) -> list[str]:
    text, known = side
    turns = list(pair.host.turns)
    turns[pair.turn] = turns[pair.turn].model_copy(update={"text": text, "acts": (), "draft": ""})
    return turn_faults(known, DAY)(pair.host.dialogue.model_copy(update={"turns": tuple(turns)}), pair.turn)


def report(made: Sequence[Pair], show: int) -> Iterator[str]:
    yield f"{'':18}{'lang':6}{'n':>5}{'found':>7}{'95% interval':>16}{'alarms':>8}{'   exact: found':>16}{'alarms':>8}"
    missed, alarmed, totals = [], [], [0, 0, 0]
    for kind in PLANTERS:
        for lang in ("zh", "en"):
            rows = [pair for pair in made if pair.kind == kind and pair.host.known.lang == lang]
            wrong, right = [checked(p.wrong, p) for p in rows], [checked(p.right, p) for p in rows]
            missed += [p for p, faults in zip(rows, wrong, strict=True) if not faults]
            alarmed += [(p, faults) for p, faults in zip(rows, right, strict=True) if faults]
            found, alarms = sum(map(bool, wrong)), sum(map(bool, right))
            totals = [a + b for a, b in zip(totals, (len(rows), found, alarms), strict=True)]
            low, high = wilson(found, len(rows))
            plain = [sum(exact(*side(p), p.host.dialogue, p.turn) for p in rows) for side in (_wrong, _right)]
            between = f"{low:.2f} to {high:.2f}"
            yield f"{kind:18}{lang:6}{len(rows):>5}{found:>7}{between:>16}{alarms:>8}{plain[0]:>16}{plain[1]:>8}"
    yield f"all: {totals[1]} of {totals[0]} found, {totals[2]} false alarms on the clean twins"
    yield from (f"missed, {p.kind}: {p.wrong[0]}" for p in missed[:show])
    yield from (f"false alarm, {p.kind}: {p.right[0]} ({'; '.join(faults)})" for p, faults in alarmed[:show])


def _wrong(pair: Pair) -> tuple[str, Known]:
    return pair.wrong


def _right(pair: Pair) -> tuple[str, Known]:
    return pair.right


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="does the grounding critic find what is not so?")
    parser.add_argument("folders", nargs="+", type=Path, metavar="RUN_FOLDER")
    parser.add_argument("--n", type=int, default=100, help="pairs of each kind and language (100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sentences", type=Path, default=HELD_OUT, help=f"a YAML file ({HELD_OUT.name})")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N that were missed, and false alarms")
    arguments = parser.parse_args(words)
    bank = sentences(arguments.sentences)
    hosts = [host for folder in arguments.folders for host in hosts_of(folder, bank)]
    made = []
    for kind in PLANTERS:
        for lang in ("zh", "en"):
            rng = Random(f"{arguments.seed}/{kind}/{lang}")
            made += pairs(kind, [host for host in hosts if host.known.lang == lang], arguments.n, rng)
    print(*report(made, arguments.show), sep="\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"error: {error}")
