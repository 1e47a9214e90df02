"""What does the learned tagger add to the rules on cases that it has not seen? python benchmarks/tagging.py DATA

Learns from the cases of personal data (personal_cases, _fresh, _wide, _second), each written again with other digits,
letters, names and streets and with some of its other words exchanged, and from lines of real chats and dialogues in
DATA in which the rules find nothing, as what has to stay. Each set is scored by a tagger that has seen none of it
(its rules have). --save writes the one that has learned from all, which is packaged.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import personal
import tagging_values
import yaml

from millstream import intake
from millstream.corpora import crosswoz, sgd
from millstream.mine.door import looking
from millstream.mine.find import Hit, fold
from millstream.mine.personal import asks, by_rule, by_tagger, looked_at, united
from millstream.mine.places import STREETS
from millstream.mine.spelling import narrow
from millstream.mine.tagging.learn import Costs, Example, learned
from millstream.mine.tagging.tagger import Tagger, save

KINDS = ("phone", "mail", "handle", "id", "card", "plate", "address")
SETS = {"cases": personal.CASES, **personal.OTHER}
COPIES, EXCHANGED, ROUNDS, SEED, STRUCTURE = 2, 0.15, 4, 4, 3
_SAID = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
MOST, COSTS = 12_000, Costs(alarm=1.5, miss=3.0)
Find = Callable[[str], list[Hit[str]]]
CARRIERS = {kind: {lang: said.split(" | ") for lang, said in each.items()} for kind, each in _SAID.items()}
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
            before, _, behind = rng.choice(CARRIERS[hit.value][lang]).partition("{}")
            value = each.text[hit.start : hit.end]
            yield Example(before + value + behind, (Hit(len(before), len(before) + len(value), hit.value),))


def invented(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """Made-up accounts and addresses in our sentences."""
    for kind in tagging_values.FORMS:
        for _ in range(count):
            before, _, behind = rng.choice(CARRIERS[kind][lang]).partition("{}")
            value = tagging_values.value(kind, lang, rng)
            yield Example(before + value + behind, (Hit(len(before), len(before) + len(value), kind),))


def nobodys(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """Numbers and codes of things."""
    for _ in range(count):
        said = rng.choice(CARRIERS["none"][lang])
        while "{" in said:
            number = "".join(rng.choices("0123456789", k=rng.choice((1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12))))
            letters = "".join(rng.choices("ABCDEFGHKLMNPQRSTVWXYZ", k=rng.choice((1, 1, 2, 2, 3))))
            code = rng.choice(("", " ", "-")).join((letters, number[:4])) + rng.choice(("", "", letters[:1]))
            said = said.replace("{n}", number, 1) if "{n}" in said else said.replace("{c}", code, 1)
        yield Example(said if rng.random() < 0.5 else said.lower(), ())


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


def _around(said: str, words: Sequence[str], rng: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return rng.choice(words) if rng.random() < EXCHANGED else match[0]

    return re.sub(r"[A-Za-z]{2,}|[\u3400-\u9fff]{2}", other, said)


def _value(value: str, kind: str, keep: set[str], rng: random.Random) -> str:
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


def passed(data: Path, most: int, rng: random.Random) -> list[str]:
    """Those of the ordinary lines that reach the tagger, and as many others: they hold nothing personal."""
    every = [(asks(line), line) for line in ordinary(data)]
    asked, others = ([line for is_asked, line in every if is_asked == which] for which in (True, False))
    print(f"{len(asked)} of {len(every)} ordinary lines reach the tagger")
    lines = [line for line in asked if not by_rule(line)]
    return rng.sample(lines, min(len(lines), most)) + rng.sample(others, min(len(others), most // 4))


def trained(sets: Sequence[str], lines: Sequence[str]) -> Tagger:
    rng = random.Random(SEED)
    examples = [each for name in sets for each in cases(name)]
    keep = structure(examples)
    words = [word for line in lines for word in re.findall(r"[A-Za-z]{2,}|[\u3400-\u9fff]{2}", line)]
    moved = [each for lang in ("zh", "en") for each in carried(of_lang(examples, lang), lang, rng)]
    again = [written_again(each, keep, words, rng) for each in [*examples, *moved] for _ in range(COPIES)]
    again += [each for lang in ("zh", "en") for each in invented(lang, 600, rng)]
    stay = [Example(line, ()) for line in lines]
    stay += [each for lang in ("zh", "en") for each in nobodys(lang, 700, rng)]
    return learned([*examples, *again, *stay], KINDS, ROUNDS, 4, COSTS, SEED)


def of_lang(examples: Sequence[Example], lang: str) -> list[Example]:
    return [each for each in examples if (re.search("[\u3400-\u9fff]", each.text) is not None) == (lang == "zh")]


# --- the table ---------------------------------------------------------------------------------------------


def beside(tagger: Tagger) -> Find:
    """The rules with another tagger than the packaged one."""

    def find(text: str) -> list[Hit[str]]:
        told = by_rule(text)
        return united(told, by_tagger(tagger, text, looked_at(text))) if asks(text) else told

    return find


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--held", nargs="*", choices=list(SETS), default=["second"], help="sets to score unseen")
    parser.add_argument("--save", type=Path, help="learn from all sets and write the tagger here")
    given = parser.parse_args()
    lines = passed(given.data, MOST, random.Random(SEED))
    if given.save:
        save(trained(list(SETS), lines), given.save)
    print("| who | of what | pieces | recall | precision | false masks |\n|---|---|---:|---|---|---:|")
    for held in given.held:
        print("\n".join(table("rules", by_rule, held)))
        tagger = trained([name for name in SETS if name != held], lines)
        print("\n".join(table("and a tagger that has not seen it", beside(tagger), held)))


def table(name: str, find: Find, held: str) -> Iterator[str]:
    look = looking(find)
    scores = [personal.scored(case, lambda case: personal.ours(case, look)) for case in personal.cases(SETS[held])]
    yield from personal.table(f"{held}: {name}", scores)


if __name__ == "__main__":
    main()
