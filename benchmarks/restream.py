"""Which line of chat the host answers, on Re-stream: `python benchmarks/restream.py DATA [--save FILE] [--out FOLDER]`

DATA holds sgd, multiwoz21_convlab, crosswoz, abcd_service and the chats. Trained on SGD (train) and the first 60% of
CrossWOZ's dialogues; tested on MultiWOZ and ABCD, corpora it has not seen, and the rest of CrossWOZ; the two sides
share no line of background chat. Thresholds and calibration come from train streams by folds. Knows no product code
but the linker and the cleaning before it.
"""

import argparse
import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import restream_corpora as corpora
import retelling
from restreaming import Shape, Stream, Talk, streams
from scoring import Count, calibration_error, interval

from millstream.mine.clean import Said, clean
from millstream.mine.linking.answers import Answer, best, sizes
from millstream.mine.linking.fit import Choices, Tuning, calibrate, fit, predict, trees, unseen
from millstream.mine.linking.spoken import Heard, heard
from millstream.mine.linking.trees import Model, save
from millstream.mine.merge import merge
from millstream.records import Cue

_FOLDS, _PRECISION, _RECALL = 3, 0.90, 0.70
_AHEAD = ("viewer's next line", "viewer wrote since")


@dataclass(frozen=True)
class Case:
    """A stream as the linker gets it: cleaned, same lines merged; and whom each cue answers (-1: nobody)."""

    stream: Stream
    said: tuple[Said, ...]
    pairs: Heard
    owner: dict[int, int]
    truth: tuple[int, ...]


def case(stream: Stream) -> Case:
    chat = list(clean(stream.chat, Counter()))
    said = merge(chat)
    owner = {cue.n: n for n, each in enumerate(said) for cue in each.cues}
    truth = [-1] * len(stream.speech)
    for each in stream.gold:
        lines = [owner[n] for n in each.asked if n in owner]
        for at in each.told:
            truth[at] = lines[0] if lines else -1
    return Case(stream, tuple(said), heard(said, stream.speech, chat), owner, tuple(truth))


def choices(cases: Sequence[Case], columns: np.ndarray) -> Choices:
    right = [each.pairs.line == np.array(each.truth)[each.pairs.cue] for each in cases]
    each_size = [sizes(each.pairs) for each in cases]
    recording = np.repeat(np.arange(len(cases)), [len(size) for size in each_size])
    table = np.concatenate([each.pairs.table[:, columns] for each in cases])
    return Choices(table, np.concatenate(each_size), np.concatenate(right), recording)


def ours(cases: Sequence[Case], share: np.ndarray) -> list[list[Answer]]:
    ends = np.cumsum([len(each.pairs.line) for each in cases])
    parts = np.split(share, ends[:-1])
    return [best(each.pairs, part) for each, part in zip(cases, parts, strict=True)]


def rule(cases: Sequence[Case]) -> list[list[Answer]]:
    found = []
    for each in cases:
        said, speech = each.said, each.stream.speech
        all_found = retelling.retold(said, speech)
        starts = frozenset(one[2] for one in all_found)
        found.append([Answer(one[1], retelling.answer(one, said, speech, starts), one[0]) for one in all_found])
    return found


def nearest(cases: Sequence[Case]) -> list[list[Answer]]:
    """Trivial: each line is answered by the cue that begins next after two seconds, and most likely a question is."""
    found = []
    for each in cases:
        begins = np.array([cue.start for cue in each.stream.speech])
        at = [int(np.searchsorted(begins, (said.cue.start or 0.0) + 2.0)) for said in each.said]
        told = [Answer(n, (cue,), 1.0) for n, cue in enumerate(at) if cue < len(begins)]
        found.append(
            [one for one in told if "?" in each.said[one.line].cue.text or "？" in each.said[one.line].cue.text]
        )
    return found


Marks = list[tuple[float, int]]
"""Of each link said: how sure it is, and which gold link it is (-1: none)."""


def marked(cases: Sequence[Case], found: Sequence[list[Answer]]) -> list[Marks]:
    """A link is right where one of its lines and one of its cues belong to one gold link."""
    every = []
    for each, answers in zip(cases, found, strict=True):
        of_line: dict[int, list[int]] = {}
        for n, one in enumerate(each.stream.gold):
            for line in {each.owner[at] for at in one.asked if at in each.owner}:
                of_line.setdefault(line, []).append(n)
        told = [set(one.told) for one in each.stream.gold]
        every.append([(one.share, _gold(one, of_line, told)) for one in answers])
    return every


def _gold(one: Answer, of_line: dict[int, list[int]], told: list[set[int]]) -> int:
    return next((n for n in of_line.get(one.line, ()) if told[n] & set(one.cues)), -1)


def count(marks: Marks, gold: int, floor: float) -> Count:
    held = [n for share, n in marks if share >= floor]
    return Count(sum(n >= 0 for n in held), len(held), len({n for n in held if n >= 0}), gold)


def counts(cases: Sequence[Case], every: Sequence[Marks], floor: float) -> list[Count]:
    return [count(marks, len(each.stream.gold), floor) for each, marks in zip(cases, every, strict=True)]


def floor_for(cases: Sequence[Case], every: Sequence[Marks], precision: float) -> float:
    """The lowest share with at least this precision, else the one with the best F."""
    tried = np.unique(np.quantile([share for marks in every for share, _ in marks] or [1.0], np.linspace(0, 1, 200)))
    scores = [sum(counts(cases, every, low), Count()) for low in tried]
    good = [low for low, score in zip(tried, scores, strict=True) if score.precision >= precision]
    return float(good[0] if good else tried[int(np.argmax([score.f1 for score in scores]))])


def at_recall(cases: Sequence[Case], every: Sequence[Marks], recall: float) -> float:
    """Precision where just this recall is reached, 0 where it is not."""
    gold, right = sum(len(each.stream.gold) for each in cases), 0
    for n, (_, which) in enumerate(sorted((mark for marks in every for mark in marks), reverse=True), 1):
        right += which >= 0
        if right >= recall * gold:
            return right / n
    return 0.0


Method = Callable[[Sequence[Case]], list[list[Answer]]]


def learned(train: Sequence[Case], names: Sequence[str]) -> tuple[Method, Model, float, float]:
    """(method, model, best-F floor, floor of precision), all from train streams."""
    columns = np.array([n for n, name in enumerate(train[0].pairs.names) if name in names])
    known, tuning = choices(train, columns), Tuning(rounds=150, rate=0.08)
    share, _ = unseen(known, tuning, _FOLDS)
    found = marked(train, ours(train, share))
    flat = [mark for marks in found for mark in marks]
    said, held = calibrate(np.array([each for each, _ in flat]), np.array([each >= 0 for _, each in flat]))
    booster = fit(known, tuning)
    sure = floor_for(train, found, _PRECISION)
    made = trees(booster)
    model = Model(made, tuple(train[0].pairs.names[n] for n in columns), said, held, float(np.interp(sure, said, held)))

    def method(cases: Sequence[Case]) -> list[list[Answer]]:
        return ours(cases, predict(booster, choices(cases, columns)))

    return method, model, floor_for(train, found, 2.0), sure


def sets(data: Path, most: int) -> dict[str, list[Case]]:
    """The streams by part."""
    crosswoz = corpora.crosswoz(data / "crosswoz" / "val.json.zip")
    cut = len(crosswoz) * 6 // 10
    multiwoz = corpora.multiwoz(data / "multiwoz21_convlab" / "val.json.zip")
    abcd = corpora.abcd(data / "abcd_service" / "abcd_sample.json")
    talks: dict[str, list[Talk]] = {
        "train en": corpora.sgd(data / "sgd" / "train", 12 * most),
        "train zh": crosswoz[:cut],
        "test en": (abcd + multiwoz)[: 9 * most],
        "test zh": crosswoz[cut:],
    }
    chat = {lang: corpora.background(data, lang) for lang in ("en", "zh")}
    parts = {}
    for name, each in talks.items():
        lines = chat[each[0].lang]
        half = lines[: len(lines) // 2] if name.startswith("train") else lines[len(lines) // 2 :]
        parts[name] = [case(one) for one in streams(each, half, Shape(), name)]
    return parts


def rows(name: str, cases: Sequence[Case], found: Sequence[list[Answer]], floor: float) -> Iterator[str]:
    every = marked(cases, found)
    each = counts(cases, every, floor)
    whole, (low, high) = sum(each, Count()), interval(each)
    yield (
        f"  {name:34}{whole.precision:7.3f}{whole.recall:8.3f}{whole.f1:8.3f}  [{low:.3f}, {high:.3f}]"
        f"{at_recall(cases, every, _RECALL):14.3f}"
    )


def report(data: Path, most: int) -> tuple[dict[str, list[Case]], Model]:
    parts = sets(data, most)
    train = parts["train en"] + parts["train zh"]
    print(f"shape of the streams: {dataclasses.asdict(Shape())}")
    for name, cases in parts.items():
        lags = [one.lag for each in cases for one in each.stream.gold]
        lines, gold = sum(len(each.stream.chat) for each in cases), sum(len(each.stream.gold) for each in cases)
        print(f"{name}: {len(cases)} streams, {lines} lines, {gold} links, lag {np.median(lags):.0f} s (median)")
    print("trained, thresholds and calibration: train streams (3 folds); the rule's threshold: best F on train")
    every = train[0].pairs.names
    method, model, best_f, sure = learned(train, every)
    blind, _, blind_f, blind_sure = learned(train, [name for name in every if name not in _AHEAD])
    ruled = rule(train)
    floors = {"rule": floor_for(train, marked(train, ruled), 2.0), "best": best_f, "sure": sure}
    for part in ("test en", "test zh"):
        cases = parts[part]
        found, told, without = method(cases), rule(cases), blind(cases)
        print(f"\n{part:36}{'prec.':>7}{'recall':>8}{'F1':>8}{'95% (streams)':>18}{'prec. at .70':>14}")
        for name, each, floor in (
            ("next cue after a question", nearest(cases), 0.0),
            ("window and retelling (LiveChat)", told, floors["rule"]),
            ("ours, best F on train", found, floors["best"]),
            ("ours, precision 0.90 on train", found, floors["sure"]),
            ("ours without later lines, best F", without, blind_f),
            ("ours without later lines, 0.90", without, blind_sure),
        ):
            print(*rows(name, cases, each, floor), sep="\n")
        flat = [mark for marks in marked(cases, found) for mark in marks]
        error = calibration_error(model.sure(np.array([each for each, _ in flat])), [which >= 0 for _, which in flat])
        print(f"  calibration error of ours (ECE, 10 bins): {error:.3f}")
    return parts, model


def write(parts: dict[str, list[Case]], folder: Path) -> None:
    """The streams as files: captions, chat as JSON lines, and their gold."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in (case for cases in parts.values() for case in cases):
        one = each.stream
        for kind, cues in (("chat", one.chat), ("speech", one.speech)):
            lines = "".join(_line(cue) for cue in cues)
            (folder / f"{one.name}.{kind}.jsonl").write_text(lines, encoding="utf-8")
        gold = [dataclasses.asdict(link) for link in one.gold]
        (folder / f"{one.name}.gold.json").write_text(json.dumps(gold, ensure_ascii=False, indent=1), encoding="utf-8")


def _line(cue: Cue) -> str:
    return json.dumps(cue.model_dump(exclude_defaults=True), ensure_ascii=False) + "\n"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("data", type=Path)
    words.add_argument("--streams", type=int, default=30, help="English train streams at most")
    words.add_argument("--save", type=Path, help="write the trained linker here (.npz)")
    words.add_argument("--out", type=Path, help="write the streams and their gold here")
    told = words.parse_args()
    parts, model = report(told.data, told.streams)
    if told.save:
        save(model, told.save)
    if told.out:
        write(parts, told.out)


if __name__ == "__main__":
    main()
