"""What does the learned tagger add to the rules on cases that it has not seen? python benchmarks/tagging.py DATA

Learns from the cases of personal data (personal_cases, _fresh, _wide, _second, _third,
_fourth), each written again with other
digits, letters, names and streets and with some of its other words exchanged; from values made up (tagging_values.py)
in sentences made up (tagging.yaml); and from lines of real chats and dialogues in DATA and of our streams in which the
rules find nothing, as what has to stay. Each hand's cases are scored by a tagger and a gate that have seen none of that
hand's (the rules have seen those of the first, and were mended on those of the mender). --save writes those that have
learned from all, which are packaged.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import personal
import tagging_names
import tagging_numbers
import tagging_values
import yaml

from millstream import intake
from millstream.corpora import crosswoz, sgd
from millstream.mine.door import looking
from millstream.mine.find import Hit, fold
from millstream.mine.personal import by_rule, by_tagger, united
from millstream.mine.places import STREETS
from millstream.mine.spelling import narrow
from millstream.mine.tagging.fit import fitted
from millstream.mine.tagging.gate import Gate
from millstream.mine.tagging.gate import save as save_gate
from millstream.mine.tagging.learn import Costs, Example, learned
from millstream.mine.tagging.tagger import Tagger, save

KINDS = ("phone", "mail", "handle", "id", "card", "plate", "address", "name")
LANGS = ("zh", "en")
SETS = {"cases": personal.CASES, **personal.OTHER}
HANDS = {"first": ["cases"], "mender": ["fresh", "wide"]} | {each: [each] for each in ("second", "third", "fourth")}
EXCHANGED, ROUNDS, SEED, STRUCTURE = 0.15, 4, 4, 3
_SAID = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
INVENTED, NOBODYS, MORE = 1_000, 4_000, {"handle": 6, "address": 5, "name": 3}
NAMED = {"zh": 5_000, "en": 8_000}
MOST, LEAST, NEARLY, COSTS = 8_000, -2.3, 1.5, Costs(alarm=1.0, miss=4.0)
WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]{2}")
Find = Callable[[str], list[Hit[str]]]
CARRIERS = {
    kind: {lang: [one.strip() for one in said.split("|")] for lang, said in each.items()}
    for kind, each in _SAID.items()
    if kind != "people"
}
SAID = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
HAN = "零幺二三四五六七八九"


# --- what is learned from ----------------------------------------------------------------------------------


def cases(name: str) -> list[Example]:
    return [
        Example(each.text, tuple(hit for hit in each.gold if hit.value in KINDS))
        for each in personal.cases(SETS[name])
        if not each.minor
    ]


def structure(examples: Sequence[Example]) -> set[str]:
    """The pieces that values of several cases share: what holds them together, not what they are."""
    counts: Counter[str] = Counter()
    for each in examples:
        for hit in each.hits:
            counts.update(set(_pieces(each.text[hit.start : hit.end])))
    return {piece for piece, count in counts.items() if count >= STRUCTURE} | set(STREETS.split("|"))


def carried(examples: Sequence[Example], lang: str, rng: random.Random) -> Iterator[Example]:
    """Each value in sentences of another's."""
    for each in examples:
        for hit in each.hits:
            yield framed(each.text[hit.start : hit.end], hit.value, lang, rng)


def invented(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """Made-up accounts, numbers, names and addresses in our sentences, half of them as they are said."""
    for kind, make in tagging_values.MAKE.items():
        for _ in range(count * MORE.get(kind, 1)):
            yield framed(make(lang, rng.random() < 0.5, rng), kind, lang, rng)


def framed(value: str, kind: str, lang: str, rng: random.Random) -> Example:
    """A value in a sentence of its kind, with some words before and behind."""
    before, _, behind = _filled(rng.choice(CARRIERS[kind][lang]), lang, rng).partition("{}")
    if rng.random() < 0.35:
        before = (
            rng.choice(CARRIERS["lead"][lang]) + rng.choice((" ", ", ") if lang == "en" else ("", "，", " ")) + before
        )
    if not behind and rng.random() < 0.45:
        tails = CARRIERS["spelt" if kind in ("handle", "mail") and rng.random() < 0.4 else "tail"][lang]
        behind = rng.choice((" ", ", ", " ") if lang == "en" else ("", "，", " ")) + rng.choice(tails)
    if lang == "en" and rng.random() < 0.3:
        before = before[:1].upper() + before[1:]
    return Example(before + value + behind, (Hit(len(before), len(before) + len(value), kind),))


def nobodys(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """Numbers, codes and names of things."""
    for _ in range(count):
        said = _filled(rng.choice(CARRIERS[rng.choice(("none", "said"))][lang]), lang, rng)
        while "{m}" in said:
            said = said.replace("{m}", tagging_numbers.amount(lang, rng), 1)
        while "{" in said:
            number = "".join(rng.choices("0123456789", k=rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12))))
            letters = "".join(rng.choices("ABCDEFGHKLMNPQRSTVWXYZ", k=rng.choice((1, 1, 2, 2, 3))))
            code = rng.choice(("", " ", "-")).join((letters, number[:4])) + rng.choice(("", "", letters[:1]))
            if rng.random() < 0.4:
                say = tagging_numbers.said_en if lang == "en" else tagging_numbers.said_zh
                number, code = (say(each.replace("-", "").replace(" ", ""), rng) for each in (number, code))
            said = said.replace("{n}", number, 1) if "{n}" in said else said.replace("{c}", code, 1)
        if rng.random() < 0.3:
            said = rng.choice(CARRIERS["lead"][lang]) + (" " if lang == "en" else "，") + said
        yield Example(said if rng.random() < 0.5 else said.lower(), ())


def _filled(said: str, lang: str, rng: random.Random) -> str:
    """A sentence with a platform and common words in their places."""
    words = tagging_values.NAMES if lang == "en" else tagging_values.HAN_WORDS
    for mark, choose in (("{P}", tagging_values.PLATFORMS[lang]), ("{w}", words), ("{N}", tagging_values.GIVEN)):
        while mark in said:
            said = said.replace(mark, rng.choice(choose), 1)
    return said


def _pieces(value: str) -> list[str]:
    return re.findall(r"[a-z]+|\d|.", fold(narrow(value)), re.S)


def written_again(example: Example, keep: set[str], words: Sequence[str], rng: random.Random) -> Example:
    """The same with other values, and some of the words around them exchanged."""
    text, hits, done = "", [], 0
    for hit in example.hits:
        text += _around(example.text[done : hit.start], words, rng)
        value = _value(example.text[hit.start : hit.end], hit.value, keep, rng)
        hits.append(Hit(len(text), len(text) + len(value), hit.value))
        text, done = text + value, hit.end
    return Example(text + _around(example.text[done:], words, rng), tuple(hits))


def _around(said: str, words: Sequence[str], rng: random.Random, often: float = EXCHANGED) -> str:
    def other(match: re.Match[str]) -> str:
        return rng.choice(words) if rng.random() < often else match[0]

    return WORD.sub(other, said)


def worn(lines: Sequence[str], words: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Lines with many words exchanged, half of them cut short: what no sentence says is nobody's either."""
    for line in lines:
        told = _around(line, words, rng, often=0.4)
        yield told if rng.random() < 0.5 else told[: rng.randint(3, 40)]


def _value(value: str, kind: str, keep: set[str], rng: random.Random) -> str:
    if kind == "name" and rng.random() < 0.7:
        return tagging_values.name("en" if value.isascii() else "zh", value.islower(), rng)
    digits = iter(range(99))

    def other(match: re.Match[str]) -> str:
        piece, low = match[0], match[0].lower()
        if piece.isdigit():
            return piece if kind == "phone" and next(digits) < 2 else rng.choice("0123456789")
        if low in SAID:
            return _cased(rng.choice(SAID), piece)
        if piece in HAN:
            return rng.choice(HAN)
        if len(piece) == 1 and piece.isascii() and piece.isalpha():
            return _cased(rng.choice("abcdefghijklmnopqrstuvwxyz"), piece)
        if low in keep or not piece.isalpha():
            return piece
        return _cased(rng.choice(tagging_values.NAMES), piece) if piece.isascii() else rng.choice(tagging_values.HAN)

    return re.sub(r"[A-Za-z]+|\d|[\u3400-\u9fff]|.", other, value, flags=re.S)


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.capitalize() if like[:1].isupper() else word


def ordinary(data: Path) -> Iterator[str]:
    """Lines of real chats, captions and dialogues that the tagger would be asked about and the rules let pass."""
    folders = ("yt_livechat_chatdownloader", "bilibili_danmaku", "nomadic_samuel_srt")
    taken = intake.take([data / each for each in folders])
    readings = chain.from_iterable(each.readings for each in taken.readings)
    yield from dict.fromkeys(line.text for each in readings for line in each.told(Counter()))
    for file in sorted((data / "irc_disentanglement").glob("[td]*/*.ascii.txt")):
        yield from re.findall(r"^\[[\d:]+\] <[^>]*> (.+)$", file.read_text("utf-8", errors="replace"), re.M)
    for dialogue in chain(
        crosswoz.read(data / "crosswoz/val.json.zip"),
        *map(sgd.read, sorted((data / "sgd/dev").glob("dialogues_00*.json"))),
    ):
        yield from (turn.text for turn in dialogue.turns)


def taught(sets: Sequence[str], lines: Sequence[str]) -> tuple[Tagger, Gate]:
    """A tagger and its gate, of these sets and of ordinary lines in which rules find nothing."""
    rng = random.Random(SEED)
    examples = [each for name in sets for each in cases(name)]
    own, foreign = ([each for each in examples if bool(each.hits) == which] for which in (True, False))
    moved = [each for lang in LANGS for each in carried(of_lang(examples, lang), lang, rng)]
    made = [each for lang in LANGS for each in invented(lang, INVENTED, rng)]
    stay = [Example(line, ()) for line in streams()]
    stay += [each for lang in LANGS for each in nobodys(lang, NOBODYS, rng)]
    made += [each for lang in LANGS for each in tagging_names.named(lang, NAMED[lang], rng)]
    stay += [each for lang in LANGS for each in tagging_names.nameless(lang, NAMED[lang], rng)]
    holding, empty = [*own, *moved, *made], [*foreign, *stay]
    keep, words = structure(examples), [word for line in lines for word in WORD.findall(line)]
    plain = [*lines, *worn(lines, words, rng)]
    gate = fitted([each.text for each in holding], [*(each.text for each in empty), *plain], LEAST)
    again = [written_again(each, keep, words, rng) for each in [*examples, *moved]]
    told = [*holding, *empty, *again, *(Example(line, ()) for line in hard(gate, plain, rng))]
    return learned(told, KINDS, ROUNDS, 4, COSTS, SEED), gate


def streams() -> list[str]:
    """Lines of our own streams that name nobody: prices and dishes as hosts and viewers say them."""
    here, named = Path(__file__).parent, re.compile(_SAID["people"])
    folders = [*here.glob("streams_*/*/"), *(here.parent / "samples").glob("*_*/")]
    taken = intake.take([each for each in folders if list(each.glob("*.srt")) or list(each.glob("*chat*"))])
    readings = chain.from_iterable(each.readings for each in taken.readings)
    lines = dict.fromkeys(line.text for each in readings for line in each.told(Counter()))
    return [line for line in lines if not named.search(line) and not by_rule(line)]


def hard(gate: Gate, lines: Sequence[str], rng: random.Random) -> list[str]:
    """Of the ordinary lines those that the gate nearly lets through, and some others."""
    near = [line for line in lines if gate.odds(fold(narrow(line))) >= gate.least - NEARLY]
    print(f"{len(near)} of {len(lines)} ordinary lines are near the gate")
    return rng.sample(near, min(len(near), MOST)) + rng.sample(lines, min(len(lines), MOST // 2))


def of_lang(examples: Sequence[Example], lang: str) -> list[Example]:
    return [each for each in examples if (re.search("[\u3400-\u9fff]", each.text) is not None) == (lang == "zh")]


# --- the table ---------------------------------------------------------------------------------------------


def beside(tagger: Tagger, gate: Gate) -> Find:
    """The rules with another tagger than the packaged one."""

    def find(text: str) -> list[Hit[str]]:
        low, told = fold(narrow(text)), by_rule(text)
        return united(told, by_tagger(tagger, text, low)) if gate.may_hold(low) else told

    return find


def alone(tagger: Tagger) -> Find:
    return lambda text: by_tagger(tagger, text, fold(narrow(text)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--held", nargs="*", choices=list(HANDS), default=["third"], help="hands to score unseen")
    parser.add_argument("--save", type=Path, help="learn from all hands and write personal.npz and gate.npz here")
    given = parser.parse_args()
    lines = [line for line in ordinary(given.data) if not by_rule(line)]
    if given.save:
        tagger, gate = taught(list(SETS), lines)
        save(tagger, given.save / "personal.npz")
        save_gate(gate, given.save / "gate.npz")
    print("| who | of what | pieces | recall | precision | false masks |\n|---|---|---:|---|---|---:|")
    for hand in given.held:
        tagger, gate = taught([name for name in SETS if name not in HANDS[hand]], lines)
        for name, find in (("rules", by_rule), ("tagger alone", alone(tagger)), ("both", beside(tagger, gate))):
            print("\n".join(table(f"{hand}: {name}", find, HANDS[hand])))


def table(name: str, find: Find, held: Sequence[str]) -> Iterator[str]:
    look = looking(find)
    some = [case for part in held for case in personal.cases(SETS[part])]
    scores = [personal.scored(case, lambda case: personal.ours(case, look)) for case in some]
    yield from personal.table(name, scores)


if __name__ == "__main__":
    main()
