"""Sentences in which somebody is named, for the tagger to learn from, and others like them in which nobody is: who is
spoken of stands before the name or behind it, in any mixture (tagging_names.yaml). Knows no rule.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from tagging_values import GIVEN, HAN_WORDS, NAMES, name

from millstream.mine.find import Hit
from millstream.mine.tagging.learn import Example

_SAID = {
    lang: {part: [one.strip() for one in said.split("|") if one.strip()] for part, said in each.items()}
    for lang, each in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8")).items()
}
_BETWEEN = {"zh": ("、", "和", "，", "跟"), "en": (" and ", ", ", " & ", " or ")}
_GAPS = {"zh": ("", "", "", "", " ", "：", "，"), "en": (" ", " ", " ", " ", ": ", ", ")}


def named(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """Sentences about people who are made up."""
    for _ in range(count):
        said = rng.random() < 0.5
        form = rng.choice(_SAID[lang]["whole"]) if rng.random() < 0.35 else _mixed(lang, rng)
        people = [name(lang, said, rng) for _ in range(form.count("{}"))]
        yield _filled(form, people, lang, said, rng)


def _mixed(lang: str, rng: random.Random) -> str:
    """What stands before one and what behind, with one name or several between them."""
    before = rng.choice(_SAID[lang]["before"]) if rng.random() < 0.88 else ""
    behind = rng.choice(_SAID[lang]["behind"]) if not before or rng.random() < 0.75 else ""
    people = rng.choice(_BETWEEN[lang]).join(["{}"] * (1 if rng.random() < 0.93 else 2))
    return _joined(before, people, behind, lang, rng)


def _joined(before: str, people: str, behind: str, lang: str, rng: random.Random) -> str:
    apart = "" if lang == "zh" or behind[:1] in "',.!?" else " "
    return before + (rng.choice(_GAPS[lang]) if before else "") + people + apart + behind


def _filled(form: str, people: Sequence[str], lang: str, said: bool, rng: random.Random) -> Example:
    """The sentence as it is said or written, and where the names stand. A name may be spelt behind itself."""
    parts = form.split("{}")
    text, hits = _cased(parts[0], lang, said, rng), []
    for person, part in zip(people, parts[1:], strict=True):
        for one in (person, *_spelt(person, rng)):
            text += " " if hits and hits[-1].end == len(text) else ""
            hits.append(Hit(len(text), len(text) + len(one), "name"))
            text += one
        text += part
    return Example(text, tuple(hits))


def _spelt(person: str, rng: random.Random) -> Iterator[str]:
    if person.isascii() and rng.random() < 0.03:
        yield " ".join(person.split()[-1].lower())


def _cased(before: str, lang: str, said: bool, rng: random.Random) -> str:
    return before[:1].upper() + before[1:] if lang == "en" and not said and rng.random() < 0.5 else before


def nameless(lang: str, count: int, rng: random.Random) -> Iterator[Example]:
    """The same with nobody's name: a role in its place, or a thing that is called after somebody."""
    for _ in range(count):
        told = _thing(lang, rng) if rng.random() < 0.6 else _role(lang, rng)
        yield Example(_cased(told, lang, rng.random() < 0.5, rng), ())


def _thing(lang: str, rng: random.Random) -> str:
    word, called = rng.choice(HAN_WORDS if lang == "zh" else NAMES), rng.choice(GIVEN).capitalize()
    told = rng.choice(_SAID[lang]["none"]).replace("{w}", word).replace("{N}", called)
    return told + rng.choice(_TAILS[lang])


def _role(lang: str, rng: random.Random) -> str:
    before, behind = (rng.choice(_SAID[lang][part]) for part in ("before", "behind"))
    return _joined(before, rng.choice(_SAID[lang]["roles"]), behind if rng.random() < 0.6 else "", lang, rng)


_TAILS = {
    "zh": ("", "", "", "", "吗", "呢", "啊", "，谢谢", "？", "还有吗", "多少钱", "怎么样", "了"),
    "en": ("", "", "", "", "?", "!", " please", " thanks", " right", " too", " lol", " today", " again"),
}
