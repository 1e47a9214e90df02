"""How well the rules mine a sample, against its gold: `python benchmarks/mining.py samples/automotive_zh ...`

Links are scored by question: right where the answer found shares a cue with the gold's. Two baselines stand beside
them: every question answered by the next cue of speech, and by the cue that shares most words within a minute.
Facts are scored over the slots of the domain and the things of the table; `--slots` prints them slot by slot, with
what was missed and what was false. Knows the samples' layout, and no model.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scoring import Count

from millstream import domain as domains
from millstream import numbers
from millstream.documents import table
from millstream.domain import Domain
from millstream.know.tables import facts_of, from_headers, slots_of
from millstream.mine import door, trades
from millstream.mine.cast import Cast, cast
from millstream.mine.claim import Claim
from millstream.mine.clean import Judge, clean
from millstream.mine.link import link
from millstream.mine.link import packaged as linker
from millstream.mine.linking.speech import Speech
from millstream.mine.recording import links_of
from millstream.mine.replies import in_threads
from millstream.mine.rules import Rules
from millstream.mine.sheet import Sheet
from millstream.mine.sounds import sounds
from millstream.mine.telling import weights as telling
from millstream.mine.telling.weights import Weights
from millstream.mine.topics import Topics
from millstream.mine.words import content
from millstream.records import Cue, Fact, Lang, Signal
from millstream.shapes import Table
from millstream.sources import chat_downloader, comments, srt, vtt, youtube_chat

READERS = {".srt": srt, ".vtt": vtt, ".live_chat.json": youtube_chat, ".chat.json": chat_downloader}
PACKAGED = telling.packaged()
Pair = tuple[frozenset[int], frozenset[int]]


@dataclass(frozen=True)
class Part:
    """One recording of a sample: its cues behind the door, and the gold that is about it."""

    cues: tuple[Cue, ...]
    gold: dict[str, Any]


@dataclass(frozen=True)
class Sample:
    name: str
    parts: tuple[Part, ...]
    domain: Domain
    known: tuple[str, ...]
    lang: Lang
    tabled: tuple[Fact, ...]


def load(folder: Path) -> Sample:
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    lang: Lang = "zh" if gold["lang"] != "en" else "en"
    listed = _table(folder)
    there = gold["domain"] in domains.names()
    base = domains.read(gold["domain"]) if there else from_headers(listed, lang, listed.key)
    domain = slots_of(listed, base, lang)
    for row in () if there else (*gold["facts"], *gold["corrections"]):
        row["attribute"] = _headed(row["attribute"], domain, lang)
    tabled = tuple(facts_of(listed, domain, lang))
    known = tuple(dict.fromkeys(fact.entity for fact in tabled))
    parts = []
    for each in gold.get("recordings") or [gold]:
        cues = [cue for name in each["tracks"].values() for cue in _cues(folder / name)]
        of = {kind: [row for row in gold[kind] if _of(row, each)] for kind in ("answered", "facts", "corrections")}
        noise = {kind: {_n(row) for row in rows if _of(row, each)} for kind, rows in gold["noise"].items()}
        parts.append(Part(tuple(door.admit(cues, b"benchmark", Counter(), known)), {**of, "noise": noise}))
    return Sample(folder.name, tuple(parts), domain, known, lang, tabled)


def _headed(attribute: str, domain: Domain, lang: Lang) -> str:
    """The slot of a domain made of headers that goes by a word for this slot of a packaged one ("warranty": 质保)."""
    packaged = (domains.read(name).by_name.get(attribute) for name in domains.names())
    words = [word for slot in packaged if slot for word in slot.names.get(lang, ())]
    found = (slot.name for word in words if (slot := domain.slot_named(word)))
    return attribute if attribute in domain.by_name else next(found, attribute)


def _of(row: Any, recording: dict[str, Any]) -> bool:
    """Is a row of gold about this recording? Rows name it only in a sample of several."""
    places = [row, row.get("at") or {}, row.get("right_at") or {}] if isinstance(row, dict) else []
    named = [place["recording"] for place in places if "recording" in place]
    return not named or named[0] == recording.get("key")


def _n(row: Any) -> int:
    return int(row["n"] if isinstance(row, dict) else row)


def _cues(path: Path) -> Iterator[Cue]:
    reader = next((reader for end, reader in READERS.items() if path.name.endswith(end)), comments)
    return iter(next(iter(reader.read(path))).cues)


def _table(folder: Path) -> Table:
    path = next(path for path in sorted(folder.iterdir()) if path.suffix == ".csv" or path.name == "menu.json")
    return next(table.read(path))


# --- what the rules find -----------------------------------------------------------------------------------


def mined(part: Part, sample: Sample, weights: Weights | None = PACKAGED) -> tuple[Rules, Cast]:
    people = cast(part.cues)
    viewers = tuple(clean(people.viewers, Counter()))
    rules = Rules("r", Topics(sample.domain, sample.known), sample.lang, Sheet(sample.tabled), weights)
    return rules, Cast(people.speech, people.replies, viewers)


def links(part: Part, sample: Sample, weights: Weights | None = None) -> dict[str, list[Pair]]:
    """Pairs of question cues and answer cues, by method; ours by the packaged weights or by others."""
    rules, people = mined(part, sample)
    if people.replies:
        threads = sorted((*people.viewers, *people.replies), key=lambda cue: cue.n)
        nexts = [(frozenset({cue.n}), frozenset({cue.n + 1})) for cue in people.viewers]
        found = in_threads(threads, people.replies)
        return {"next line": nexts, "ours": [_pair(each.said.cues, each.answer) for each in found]}
    questions = rules.questions(people.viewers)
    asked = [(said.cues, said.cue) for said in questions]
    first = [(_pair(cues, _next(cue, people.speech)[:1])) for cues, cue in asked]
    alike = [(_pair(cues, _likest(cue, people.speech))) for cues, cue in asked]
    speech = Speech(people.speech, rules.topics, people.viewers)
    ours = link(rules.lines(people.viewers), speech, weights or linker())
    return {"next line": first, "most words": alike, "ours": [_pair(each.said.cues, each.answer) for each in ours]}


def _pair(asked: Iterable[Cue], told: Iterable[Cue]) -> Pair:
    return frozenset(cue.n for cue in asked), frozenset(cue.n for cue in told)


def _next(cue: Cue, speech: tuple[Cue, ...]) -> list[Cue]:
    return [each for each in speech if (each.start or 0) >= (cue.start or 0)]


def _likest(cue: Cue, speech: tuple[Cue, ...]) -> list[Cue]:
    near = [each for each in _next(cue, speech) if (each.start or 0) < (cue.start or 0) + 60]
    best = max(near, key=lambda each: len(content(each.text) & content(cue.text)), default=None)
    return [best] if best and content(best.text) & content(cue.text) else []


def score_links(pairs: list[Pair], gold: list[dict[str, Any]]) -> Count:
    right, found = 0, set()
    pairs = [pair for pair in pairs if pair[1]]
    wanted = answers_of(gold)
    for asked, told in pairs:
        hits = {n for n, (question, answer) in enumerate(wanted) if question & asked and answer & told}
        right += bool(hits)
        found |= hits
    return Count(right, len(pairs), len(found), len(wanted))


def answers_of(gold: list[dict[str, Any]]) -> list[tuple[set[int], set[int]]]:
    """The cues that ask and those that answer, of each question of gold."""
    spans = [set(range(row["answer"]["first"], row["answer"]["last"] + 1)) for row in gold]
    return [({row["question"]["n"], *row["also"]}, span) for row, span in zip(gold, spans, strict=True)]


def claims(part: Part, sample: Sample, weights: Weights | None = PACKAGED) -> list[Signal]:
    rules, people = mined(part, sample, weights)
    return list(rules.facts(people.host, links_of(rules, people)))


def score_facts(found: list[Signal], part: Part, sample: Sample) -> Count:
    """Only what the gold knows of: slots of the domain, things of the table. What was said wrong and taken back
    later was said."""
    gold = _asked(part, sample)
    right = sum(_right(each, part) for each in found)
    return Count(right, len(found), sum(any(same(each, row) for each in found) for row in gold), len(gold))


def _asked(part: Part, sample: Sample) -> list[dict[str, Any]]:
    gold = [row for row in part.gold["facts"] if _entity(row) in sample.known]
    return [row for row in gold if _slot(row) in sample.domain.by_name]


def _right(signal: Signal, part: Part) -> bool:
    slips = [row | {"value": row["wrong"], "said": row["wrong_said"]} for row in part.gold["corrections"]]
    return any(same(signal, row) for row in (*part.gold["facts"], *slips))


def by_slot(sample: Sample) -> Iterator[str]:
    """A line a slot: its score; what was missed and what was said falsely."""
    scores: dict[str, Count] = {}
    wrong: list[str] = []
    for part in put_right(sample).parts:
        found, gold = claims(part, sample), part.gold["facts"]
        for slot in sorted({_slot(row) for row in gold} | {each.slot for each in found}):
            only = replace(part, gold=part.gold | {"facts": [row for row in gold if _slot(row) == slot]})
            here = [each for each in found if each.slot == slot]
            scores[slot] = scores.get(slot, Count()) + score_facts(here, only, sample)
            wrong += [
                f"false: {each.entity} {slot} {each.value!r}: {each.text}" for each in here if not _right(each, only)
            ]
            missed = (row for row in _asked(only, sample) if not any(same(each, row) for each in here))
            wrong += [f"missed: {_entity(row)} {slot} {row['said']!r}" for row in missed]
    yield from (_line(f"  {slot}", score) for slot, score in scores.items() if score.gold or score.said)
    yield from wrong


def score_corrections(found: list[Signal], part: Part, sample: Sample) -> Count:
    """Corrections of things that the table names; the gold has others too."""
    gold = [row | {"value": row["right"], "said": row["right_said"]} for row in part.gold["corrections"]]
    gold = [row for row in gold if _entity(row) in sample.known and numbers.first(row["value"]) is not None]
    ours = [each for each in found if each.kind == "correction"]
    right = sum(any(same(each, row) for row in gold) for each in ours)
    return Count(right, len(ours), sum(any(same(each, row) for each in ours) for row in gold), len(gold))


def _entity(row: dict[str, Any]) -> str:
    return str(row["entity"]).replace("/", " ")


def _slot(row: dict[str, Any]) -> str:
    """Its slot as it is named ("menu price", as the table heads it, is menu_price)."""
    return re.sub(r"\W+", "_", str(row["attribute"]).casefold())


def same(signal: Signal | Claim, row: dict[str, Any]) -> bool:
    if (signal.entity, signal.slot) != (_entity(row), _slot(row)):
        return False
    said, meant = numbers.first(signal.value), (numbers.first(row["value"]), numbers.first(row["said"]))
    equal = said is not None and any(other in (said, said / 10_000) for other in meant if other is not None)
    return equal or row["said"] in signal.value or signal.value in (row["value"], row["said"])


def noise(part: Part) -> dict[str, Count]:
    """What cleaning calls noise, against the gold's noise, by kind."""
    people = cast(part.cues)
    judge = Judge()
    reasons = {cue.n: judge(cue).reason for cue in people.viewers}
    scores = {}
    for kind, reason in (("adverts", "advert"), ("injections", "injection"), ("insults", "insult")):
        gold, ours = part.gold["noise"].get(kind, set()), {n for n, why in reasons.items() if why == reason}
        scores[kind] = Count(len(gold & ours), len(ours), len(gold & ours), len(gold))
    gone = part.gold["noise"].get("minors", set())
    left = {cue.n for cue in people.viewers}
    return scores | {"minors": Count(len(gone - left), len(gone), len(gone - left), len(gone))}


def put_right(sample: Sample) -> Sample:
    """As a run does: misheard names as they are written, where the extra for it is installed."""
    hearing = sounds.ears(sample.lang, sample.domain, sample.tabled, ())
    parts = [replace(part, cues=tuple(sounds.put_right(hearing, [*part.cues], Counter()))) for part in sample.parts]
    return replace(sample, parts=tuple(parts))


def measure(sample: Sample) -> dict[str, Count]:
    """All scores of a sample, its recordings added up."""
    by_name: dict[str, list[Count]] = {}
    for part in put_right(sample).parts:
        for method, pairs in links(part, sample).items():
            by_name.setdefault(f"links, {method}", []).append(score_links(pairs, part.gold["answered"]))
        found = claims(part, sample)
        by_name.setdefault("facts", []).append(score_facts(found, part, sample))
        by_name.setdefault("corrections", []).append(score_corrections(found, part, sample))
        for kind, score in noise(part).items():
            by_name.setdefault(kind, []).append(score)
    return {name: sum(scores, Count()) for name, scores in by_name.items()}


def main() -> None:
    folders = [each for each in sys.argv[1:] if each != "--slots"]
    for folder in folders:
        sample = load(Path(folder))
        packaged = [domains.read(name) for name in domains.names()]
        words = [cue.text for part in sample.parts for cue in part.cues]
        print(f"\n{folder}: {sample.domain.name}, guessed {trades.guess(words, packaged, [_table(Path(folder))])}")
        print(f"{'':24}{'precision':>10}{'recall':>10}{'F1':>8}{'right/said':>14}{'found/gold':>14}")
        for name, score in measure(sample).items():
            print(_line(name, score))
        if "--slots" in sys.argv:
            print(*by_slot(sample), sep="\n")


def _line(name: str, score: Count) -> str:
    counts = f"{score.right}/{score.said}", f"{score.found}/{score.gold}"
    return f"{name:24}{score.precision:10.2f}{score.recall:10.2f}{score.f1:8.2f}{counts[0]:>14}{counts[1]:>14}"


if __name__ == "__main__":
    main()
