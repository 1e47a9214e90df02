"""Where a teacher has a habit in a dialogue, do pairs inside it win? A teacher with a planted one, on real utterances.

    python benchmarks/habit.py --data DATA [--task service_act] [--habit 0 1 2] [--part dev]

The stand-in teacher is a student of 40 of the corpus's labels out of 25 train dialogues; to its logits are added, for
each dialogue and label, a number of normal spread HABIT (its habit) and, for each utterance and label, one of spread
NOISE. Nobody is asked, so this tells of the losses and of no model: how much of a habit a real teacher has,
benchmarks/label.py prints by the same measure. Arms, penalties, 50 labels, test dialogues and intervals are those of
benchmarks/label.py; for each of five seeds dialogues, stand-in, habit and the 50 labels are drawn anew. Students see
hashed words. The last column is pairs less the arm, with 50 labels.
"""

import argparse
import asyncio
from pathlib import Path
from typing import NamedTuple

import numpy as np

import label as real
from millstream.csc_figures import shown
from millstream.label.tasks import LabelTask, task
from millstream.metrics.intervals import Figure
from millstream.train.arms import WAYS, Lesson, learnt
from millstream.train.habit import habit
from millstream.train.hashed import hashed
from millstream.train.losses import hard_ce, softmax
from millstream.train.student import taught, tuned

NOISE, SPREAD = 0.7, 1.5
"""Of what is added to a score at random; of the stand-in's logits before."""
OWN, FROM, POOL = 40, 25, 30
"""Labels that the stand-in learns of, dialogues they are out of, and dialogues it scores."""
CAREFUL = 3e-3
"""Penalty of the stand-in's weights: it knows 40 lines."""


class Lines(NamedTuple):
    """Utterances: their hashed words, the corpus's label (-1: none or several), the number of the dialogue."""

    vectors: np.ndarray
    gold: np.ndarray
    dialogues: np.ndarray

    def of(self, dialogues: np.ndarray) -> "Lines":
        kept = np.isin(self.dialogues, dialogues)
        return Lines(self.vectors[kept], self.gold[kept], np.unique(self.dialogues[kept], return_inverse=True)[1])


class Round(NamedTuple):
    """What one seed drew: the lesson with its labels, where the 50 are, and the tested vectors in the same space."""

    lesson: Lesson
    gold: np.ndarray
    people: np.ndarray
    tested: np.ndarray


async def lines(data: Path, about: LabelTask, part: str, count: int) -> Lines:
    talks = real.drawn(data, about.name, {part: count})[part]
    places = [(n, turn) for n, each in enumerate(talks) for turn in each.turns if about.asks(turn.role)]
    labels = [about.gold(turn.acts) for _, turn in places]
    gold = np.array([about.codes.index(each) if each else -1 for each in labels])
    vectors = np.array(await hashed("en")([turn.text for _, turn in places]), dtype=np.float32)
    return Lines(vectors, gold, np.array([n for n, _ in places]))


def planted(train: Lines, test: Lines, labels: tuple[str, ...], spread: float, seed: int) -> Round:
    """Vectors are turned into the space that those of the pool span: the same students, sooner."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(int(train.dialogues.max()) + 1)
    pool, other = train.of(order[:POOL]), train.of(order[POOL : POOL + FROM])
    centre = pool.vectors.mean(axis=0)
    _, sizes, axes = np.linalg.svd(pool.vectors - centre, full_matrices=False)
    space = axes[sizes > 1e-6].T.astype(float)
    seen, own, tested = ((each.vectors - centre) @ space for each in (pool, other, test))
    at = chance.choice(np.flatnonzero(other.gold >= 0), OWN, replace=False)
    made = taught(own[at], labels, lambda logits: hard_ce(logits, other.gold[at]), CAREFUL).logits(seen)
    made = SPREAD * made / made.std() + chance.normal(0, spread, (POOL, len(labels)))[pool.dialogues]
    scores = softmax(made + chance.normal(0, NOISE, made.shape))
    people = chance.choice(np.flatnonzero(pool.gold >= 0), real.PEOPLE, replace=False)
    return Round(Lesson(seen, scores, pool.dialogues.tolist(), labels), pool.gold, people, tested)


def arms(rounds: list[Round], test: Lines) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each arm whether each test utterance is right, without and with 50 human labels, a seed averaged."""
    known = test.gold >= 0
    made = {}
    for way in ("none", *WAYS):
        right = []
        for seed, each in enumerate(rounds):
            lesson = each.lesson
            start = real.empty(lesson.vectors, lesson.labels) if way == "none" else learnt(way, lesson, seed)
            after = tuned(start, lesson.vectors[each.people], each.gold[each.people])
            told = [student.logits(each.tested[known]).argmax(axis=1) == test.gold[known] for student in (start, after)]
            right.append(told)
        bare, tuned_ = np.mean(right, axis=0)
        made[way] = (bare, tuned_)
    return made


def over(test: Lines, right: np.ndarray) -> Figure:
    return real.over(real.Rows([], test.gold, test.dialogues, {}), right)


def table(rounds: list[Round], test: Lines) -> None:
    right, shares = [], []
    for each in rounds:
        scores, known = each.lesson.scores, each.gold >= 0
        right.append((scores.argmax(axis=1) == each.gold)[known].mean())
        found = habit(scores, each.gold, np.array(each.lesson.dialogues))
        shares.append(found.share if found else np.nan)
    print(f"  teacher right {np.mean(right):.1%}; habit by its measure {np.mean(shares):.0%}")
    made = arms(rounds, test)
    for way, (bare, after) in made.items():
        alone = "" if way == "none" else shown(over(test, bare))
        gap = "" if way == "pairs" else real.points(over(test, made["pairs"][1] - after))
        print(f"  {way:10} {alone:24} {shown(over(test, after)):24} {gap}", flush=True)


async def measured(asked: argparse.Namespace) -> None:
    for name in asked.task:
        about, count = task(name), real.TASKS[name].counts[asked.part]
        train = await lines(asked.data, about, "train", 4 * (POOL + FROM))
        test = await lines(asked.data, about, asked.part, count)
        for spread in asked.habit:
            print(f"\n{name}, habit {spread:g}; {asked.part} part, {(test.gold >= 0).sum()} utterances", flush=True)
            table([planted(train, test, about.codes, spread, seed) for seed in range(real.SEEDS)], test)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--task", nargs="+", choices=tuple(real.TASKS), default=list(real.TASKS))
    parser.add_argument("--habit", nargs="+", type=float, default=[0, 1, 2])
    parser.add_argument("--part", choices=("dev", "test"), default="test")
    asyncio.run(measured(parser.parse_args()))


if __name__ == "__main__":
    main()
