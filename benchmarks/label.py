"""Utterance labels of a noisy teacher: is a student of pairs inside one dialogue worth more than one of its labels?

    python benchmarks/label.py --data DATA --cache FOLDER --model local [--task T] [--train N] [--view dialogue]
    python benchmarks/label.py --data DATA --cache FOLDER [--part dev]

The first buys the teacher's answers into FOLDER and goes on, the second asks nobody. Tasks whose corpora have labels
of people: service_act (users of SGD), dialogue_act (DailyDialog) and agent_act (agents of SGD). The teacher scores
utterances of a few train dialogues; of those, 50 with the corpus's label are drawn for each of five seeds; every arm
learns from the same vectors, scores and 50 labels, by the same penalties, and is tested on dialogues of the test part.
ALPHA, DELTA, PENALTY and LOYALTY were chosen on dialogues of the dev parts (--part dev) of the first two, prompts on
ten dialogues of them. Intervals: bootstrap over test dialogues, seeds averaged.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from millstream import corpora, ledger, weights
from millstream.conversations import Conversation
from millstream.csc_figures import shown
from millstream.label import teacher
from millstream.label.bank import bank
from millstream.label.tasks import LabelTask, task
from millstream.metrics.intervals import Figure, ratio
from millstream.models import Model, opened_embedding, opened_model, replayed
from millstream.train.arms import WAYS, Lesson, learnt
from millstream.train.habit import habit
from millstream.train.hashed import hashed
from millstream.train.student import Student, tuned

SEEDS, PEOPLE = 5, 50


class Corpus(NamedTuple):
    """Where the parts of a task's dialogues are, and how many of each are drawn."""

    parts: dict[str, str]
    counts: dict[str, int]


_SGD = {"train": "sgd/train", "dev": "sgd/dev", "test": "sgd/test"}
_DAILY = {"train": "-train-", "dev": "-validation-", "test": "-test-"}
TASKS = {
    "service_act": Corpus(_SGD, {"train": 25, "dev": 50, "test": 150}),
    "dialogue_act": Corpus(_DAILY, {"train": 30, "dev": 60, "test": 200}),
    "agent_act": Corpus(_SGD, {"train": 25, "dev": 50, "test": 150}),
}
TIMED = 200


class Rows(NamedTuple):
    """The utterances of a task: words, vectors by encoder, the corpus's label (-1: none or several), the dialogue."""

    texts: list[str]
    gold: np.ndarray
    dialogues: np.ndarray
    vectors: dict[str, np.ndarray]


def drawn(data: Path, name: str, counts: dict[str, int]) -> dict[str, list[Conversation]]:
    """So many dialogues of each part, by seed 0."""
    made, parts = {}, TASKS[name].parts
    talks = list(corpora.conversations(data / "dailydialog/data.zip")) if parts is _DAILY else []
    for part, count in counts.items():
        files = [] if parts is _DAILY else sorted((data / parts[part]).glob("dialogues_*.json"))
        found = [each for each in talks if parts[part] in each.key]
        found += [each for file in files for each in corpora.conversations(file)]
        random.Random(0).shuffle(found)
        made[part] = found[:count]
    return made


class Encoder:
    """Each text once for all runs: vectors are kept in the cache folder."""

    def __init__(self, path: Path) -> None:
        self.path, self.known = path, dict[str, np.ndarray]()
        if path.exists():
            with np.load(path) as kept:
                self.known = dict(zip(map(str, kept["texts"]), kept["vectors"], strict=True))

    async def vectors(self, texts: Sequence[str]) -> np.ndarray:
        if fresh := list(dict.fromkeys(text for text in texts if text not in self.known)):
            async with opened_embedding() as embedding:
                self.known |= dict(zip(fresh, map(np.float32, await embedding.query(fresh)), strict=True))
            np.savez(self.path, texts=list(self.known), vectors=np.stack(list(self.known.values())))
        return np.stack([self.known[text] for text in texts]).astype(float)


async def rows(talks: Sequence[Conversation], about: LabelTask, encoder: Encoder) -> Rows:
    places = [(n, turn) for n, each in enumerate(talks) for turn in each.turns if about.asks(turn.role)]
    texts = [turn.text for _, turn in places]
    labels = [about.gold(turn.acts) for _, turn in places]
    gold = np.array([about.codes.index(each) if each else -1 for each in labels])
    vectors = {"e5": await encoder.vectors(texts), "words": np.array(await hashed("en")(texts))}
    return Rows(texts, gold, np.array([n for n, _ in places]), vectors)


async def scored(model: Model, about: LabelTask, pool: Rows, count: int, view: teacher.View) -> np.ndarray:
    """(prompts, utterances, labels)."""
    talks = [[pool.texts[n] for n in np.flatnonzero(pool.dialogues == one)] for one in np.unique(pool.dialogues)]
    made = []
    for prompt in bank(about, "en")[:count]:
        asked = [await teacher.votes(model.chat, model.name, prompt, each, about.name, view) for each in talks]
        made.append([row for rows in asked for row in rows])
    return np.array(made)


def told(student: Student, test: Rows, encoder: str) -> np.ndarray:
    """Right or not, for each utterance that has a label."""
    known = test.gold >= 0
    return np.asarray(student.logits(test.vectors[encoder][known]).argmax(axis=1) == test.gold[known], dtype=float)


def over(test: Rows, right: np.ndarray) -> Figure:
    """A mean over utterances, with its interval over dialogues."""
    of = test.dialogues[test.gold >= 0]
    return ratio([(float(right[of == n].sum()), float((of == n).sum())) for n in np.unique(of)])


def empty(vectors: np.ndarray, labels: tuple[str, ...]) -> Student:
    """Knows nothing: what 50 human labels alone make of it."""
    centre = vectors.mean(axis=0)
    scale = 1 / float(np.sqrt(((vectors - centre) ** 2).sum(axis=1).mean()))
    return Student(labels, np.zeros((vectors.shape[1], len(labels))), np.zeros(len(labels)), centre, scale)


def arms(about: LabelTask, pool: Rows, test: Rows, votes: np.ndarray, encoder: str) -> dict[str, list[np.ndarray]]:
    """For each arm whether each test utterance is right: first without human labels, then with 50, a seed averaged."""
    seen, scores = pool.vectors[encoder], votes.mean(axis=0)
    lesson = Lesson(seen, scores, pool.dialogues.tolist(), about.codes)
    known = np.flatnonzero(pool.gold >= 0)
    draws = [np.random.default_rng(seed).choice(known, PEOPLE, replace=False) for seed in range(SEEDS)]
    made: dict[str, list[np.ndarray]] = {}
    starts: dict[str, Callable[[int], Student]] = {"50 human labels alone": lambda seed: empty(seen, about.codes)}
    starts |= {way: lambda seed, way=way: learnt(way, lesson, seed) for way in WAYS}
    for name, start in starts.items():
        students = [start(0)] * SEEDS if name not in ("cross", "confident") else [start(seed) for seed in range(SEEDS)]
        bare = [told(each, test, encoder) for each in students]
        after = [tuned(each, seen[at], pool.gold[at]) for each, at in zip(students, draws, strict=True)]
        made[name] = [np.mean(bare, axis=0), np.mean([told(each, test, encoder) for each in after], axis=0)]
    return made


def table(about: LabelTask, pool: Rows, test: Rows, votes: np.ndarray) -> None:
    known = pool.gold >= 0
    for n, each in enumerate(votes, 1):
        print(f"  teacher, prompt {n} alone: right {(each.argmax(axis=1) == pool.gold)[known].mean():.1%}")
    right = (votes.mean(axis=0).argmax(axis=1) == pool.gold)[known].astype(float)
    same = (votes.argmax(axis=2) == votes[0].argmax(axis=1)).all(axis=0).mean()
    print(
        f"  teacher, {len(votes)} prompts averaged: right {shown(over(pool, right))} of {known.sum()} train utterances"
    )
    print(f"  prompts of one mind: {same:.1%} of {len(pool.texts)}")
    if found := habit(votes.mean(axis=0), pool.gold, pool.dialogues):
        print(f"  habit: {found.share:.0%} of what is beyond the label is the dialogue's, {found.chance:.0%} by chance")
    most = np.bincount(pool.gold[known]).argmax()
    print(f"  majority: {shown(over(test, (test.gold[test.gold >= 0] == most).astype(float)))}")
    print(f"  {'arm':24} {'teacher alone':22} {'with 50 human labels':24} pairs less this arm, with 50")
    for encoder in ("e5", "words"):
        made = arms(about, pool, test, votes, encoder)
        for name, (bare, after) in made.items():
            alone = "" if name.startswith("50") else shown(over(test, bare))
            gap = "" if name == "pairs" else points(over(test, made["pairs"][1] - after))
            print(f"  {encoder + ': ' + name:24} {alone:22} {shown(over(test, after)):24} {gap}", flush=True)


def points(figure: Figure) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{100 * figure.value:+.1f} ({100 * figure.low:+.1f} to {100 * figure.high:+.1f})"


async def latency(test: Rows, student: Student, words: Student) -> None:
    """One utterance at a time: encoder and head. Time of the processor beside that of the clock: others use it too."""
    texts, encode = test.texts[:TIMED], hashed("en")
    async with opened_embedding() as embedding:
        for name, made, how in (("e5", student, embedding.query), ("words", words, encode)):
            took = []
            start = time.process_time()
            for text in texts:
                begun = time.perf_counter()
                made.label(np.array(await how([text])))
                took.append(time.perf_counter() - begun)
            spent = (time.process_time() - start) / len(texts)
            clock, slow = np.quantile(took, [0.5, 0.95])
            what = f"median {1000 * clock:.2f} ms, 95% below {1000 * slow:.2f} ms, processor {1000 * spent:.2f} ms"
            print(f"{name}: one utterance, encoder and head: {what}", flush=True)


async def measured(asked: argparse.Namespace) -> None:
    asked.cache.mkdir(parents=True, exist_ok=True)
    encoder, file = Encoder(asked.cache / "vectors.npz"), asked.cache / "teacher.sqlite"
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(ledger.opened(file))
        if asked.model:
            model = await stack.enter_async_context(opened_model(asked.model, "", store, slots=1))
        else:
            weight = weights.catalogue()[0]
            model = Model(weight.name, replayed(store, file, "local", weight.sha256), weight.sha256, 1)
        for name in asked.task:
            about, counts = task(name), TASKS[name].counts
            train, size = asked.train or counts["train"], counts[asked.part]
            found = drawn(asked.data, name, {"train": train, asked.part: size})
            pool, test = [await rows(found[part], about, encoder) for part in ("train", asked.part)]
            votes = await scored(model, about, pool, asked.prompts, asked.view)
            print(
                f"\n{name}: teacher on {len(pool.texts)} utterances of {train} dialogues; {asked.part} part,", end=" "
            )
            print(f"{(test.gold >= 0).sum()} utterances of {size} dialogues", flush=True)
            table(about, pool, test, votes)
    lesson = Lesson(pool.vectors["e5"], votes.mean(axis=0), pool.dialogues.tolist(), about.codes)
    heads = [learnt("pairs", lesson._replace(vectors=pool.vectors[each])) for each in ("e5", "words")]
    await latency(test, *heads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", default="")
    parser.add_argument("--task", nargs="+", choices=tuple(TASKS), default=["service_act", "dialogue_act"])
    parser.add_argument("--train", type=int, default=0)
    parser.add_argument("--prompts", type=int, default=2)
    parser.add_argument("--view", choices=("line", "dialogue"), default="line")
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
