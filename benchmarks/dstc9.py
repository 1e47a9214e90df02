"""A rule judge on the accuracy ratings of DSTC9 track 1, beside trivial baselines and the ceiling; what PPI++ covers.

    python benchmarks/dstc9.py DATA [--repeats 2000] [--model local --each 30]

`DATA` holds systems/NAME.json and NAME.human_eval.json (three raters an item), eval_test_labels.json and
eval_knowledge.json. A third of the items, drawn by a fixed seed, fits `combination`; every figure is of the other two
thirds. Coverage: labelled and unlabelled items are drawn with replacement, so that the mean of all is the truth. With
--model the rubric judge of `millstream judge` marks `--each` tested responses of each system, and a second table holds
all judges on these alone.
"""

import argparse
import asyncio
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from millstream import ledger
from millstream.judges import Asker, Dimension, rubric
from millstream.metrics import agreement, calibration
from millstream.models import opened_model

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d.,:]*")
PLAIN = """a an the is are was be to of in on at for and or you your i we our it there this that with have has do does
can may will any if please anything else help would like not no yes"""
WORDS = frozenset(PLAIN.split())
NEGATES = re.compile(r"\b(?:no|not|don't|doesn't|isn't|aren't|cannot|can't|unfortunately|unable|none|sorry)\b")


class Item(NamedTuple):
    """A rated response; `snippet` is the gold one, `picked` whether the system's first snippet is it."""

    system: str
    response: str
    title: str
    snippet: str
    picked: bool
    ratings: tuple[int, ...]

    @property
    def label(self) -> float:
        return fmean(self.ratings)


def read(data: Path) -> list[Item]:
    labels = json.loads((data / "eval_test_labels.json").read_text(encoding="utf-8"))
    known = json.loads((data / "eval_knowledge.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((data / "systems").glob("*.human_eval.json")):
        name = path.name.removesuffix(".human_eval.json")
        said = json.loads(path.with_name(f"{name}.json").read_text(encoding="utf-8"))
        rated = json.loads(path.read_text(encoding="utf-8"))
        for gold, out, ratings in zip(labels, said, rated, strict=True):
            if ratings and gold["target"] and out["target"] and ratings.get("accuracy"):
                found.append(_item(name, gold["knowledge"][0], out, ratings["accuracy"], known))
    return found


def _item(name: str, gold: dict[str, Any], out: dict[str, Any], ratings: list[int], known: dict[str, Any]) -> Item:
    doc = known[gold["domain"]][str(gold["entity_id"])]["docs"][str(gold["doc_id"])]
    first = (out.get("knowledge") or [{}])[0]
    keys = ("domain", "entity_id", "doc_id")
    picked = all(str(first.get(key)) == str(gold[key]) for key in keys)
    return Item(name, out["response"], doc["title"], doc["body"], picked, tuple(ratings))


# --- judges ------------------------------------------------------------------------------------------------


def content(text: str) -> set[str]:
    return {token for token in TOKEN.findall(text.casefold()) if token not in WORDS}


def recall(item: Item) -> float:
    """The share of the snippet's content words that the response has."""
    wanted = content(item.snippet)
    return len(wanted & content(item.response)) / len(wanted) if wanted else 0.0


def precision(item: Item) -> float:
    """The share of the response's content words that the snippet has, question included."""
    said = content(item.response)
    return len(said & content(f"{item.title} {item.snippet}")) / len(said) if said else 0.0


def invented(item: Item) -> float:
    """Whether the response has a number that the snippet has not."""
    numbers = {token for token in content(item.response) if token[0].isdigit()}
    return float(bool(numbers - content(f"{item.title} {item.snippet}")))


def denies(item: Item) -> float:
    """Whether one of response and snippet denies and the other does not."""
    return float(bool(NEGATES.search(item.response.casefold())) != bool(NEGATES.search(item.snippet.casefold())))


def length(item: Item) -> float:
    return float(len(item.response.split()))


def rule(item: Item) -> float:
    """1 to 5, fixed before any rating was read: what is said of the snippet, less what is not of it."""
    score = 1 + 4 * (0.6 * recall(item) + 0.4 * precision(item)) - invented(item) - denies(item)
    return min(max(score, 1.0), 5.0)


FEATURES: Sequence[Callable[[Item], float]] = (recall, precision, invented, denies, length)


def combination(fit: Sequence[Item]) -> Callable[[Item], float]:
    """The features weighted by least squares on `fit`."""
    rows = np.array([[1.0, *(of(item) for of in FEATURES)] for item in fit])
    weights, *_ = np.linalg.lstsq(rows, np.array([item.label for item in fit]), rcond=None)
    return lambda item: float(weights @ np.array([1.0, *(of(item) for of in FEATURES)]))


def crossed(items: Sequence[Item], of: Callable[[Item], Sequence[float]], folds: int = 10) -> Callable[[Item], float]:
    """What is seen of an item, weighted by least squares on the other folds than its own."""
    rows, labels = np.array([of(item) for item in items]), np.array([item.label for item in items])
    fold = np.array(Random("folds").sample(range(len(items)), len(items))) % folds
    said = np.zeros(len(items))
    for n in range(folds):
        weights, *_ = np.linalg.lstsq(rows[fold != n], labels[fold != n], rcond=None)
        said[fold == n] = rows[fold == n] @ weights
    return dict(zip(items, said.tolist(), strict=True)).__getitem__


# --- figures -----------------------------------------------------------------------------------------------


ACCURACY = Dimension(
    name="accuracy",
    about={"en": "whether the agent's answer says what the notes say, and nothing that they do not say"},
    low={"en": "it contradicts the notes, invents something or does not answer"},
    high={"en": "it tells what the notes say, all of it right"},
    questions={},
)


async def marked(asked: argparse.Namespace, items: Sequence[Item]) -> Callable[[Item], float]:
    """A model's marks, by the probabilities of its digits; with --cache they are kept and not asked again."""
    with TemporaryDirectory() as folder:
        path = asked.cache or Path(folder) / "cache.sqlite"
        async with ledger.opened(path) as store, opened_model(asked.model, asked.url, store) as model:
            asker, marks = Asker(model.chat, model.name, model.digest), {}
            for item in items:
                talk = f"notes: {item.title} {item.snippet}\nagent: {item.response}"
                marks[item] = (await rubric.score(asker, ACCURACY, "en", talk))[0]
    return marks.__getitem__


def judged(name: str, judge: Callable[[Item], float], items: Sequence[Item], most: float) -> str:
    """A row of the table. Correlations are of items within a system, averaged; tau is of the systems' means."""
    systems = sorted({item.system for item in items})
    by = {system: [item for item in items if item.system == system] for system in systems}
    said = {system: [judge(item) for item in by[system]] for system in systems}
    labels = {system: [item.label for item in by[system]] for system in systems}
    flat = [min(max(round(score), 1), 5) for system in systems for score in said[system]]
    kappa = agreement.kappa(flat, [round(label) for system in systems for label in labels[system]], "quadratic")
    if all(len(set(scores)) < 2 for scores in said.values()):
        return f"| {name} | – | – | – | {0 if kappa != kappa else kappa:.2f} | – |"
    rho = fmean(agreement.ranks(said[system], labels[system]).spearman for system in systems)
    r = fmean(float(np.corrcoef(said[system], labels[system])[0, 1]) for system in systems)
    tau = agreement.ranks(*([fmean(side[system]) for system in systems] for side in (said, labels))).kendall
    return f"| {name} | {rho:.3f} | {r:.3f} | {r / most:.2f} | {kappa:.2f} | {tau:.2f} |"


def covered(items: Sequence[Item], judge: Callable[[Item], float], count: int, repeats: int) -> dict[str, Any]:
    """Of each system, how often each interval holds the truth, and how wide it is on average."""
    rng, found = np.random.default_rng(0), {}
    for system in sorted({item.system for item in items}):
        y = np.array([item.label for item in items if item.system == system])
        f = np.array([judge(item) for item in items if item.system == system])
        hits, widths = np.zeros(4), np.zeros(4)
        for _ in range(repeats):
            some, rest = rng.integers(len(y), size=count), rng.integers(len(y), size=len(y))
            made = (
                calibration.people_only(y[some]),
                calibration.judge_only(f[rest]),
                calibration.ppi(y[some], f[some], f[rest]),
                calibration.ppi_plus(y[some], f[some], f[rest]),
            )
            hits += [each.low <= y.mean() <= each.high for each in made]
            widths += [each.width for each in made]
        found[system] = (hits / repeats, widths / repeats)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--model", default="")
    parser.add_argument("--url", default="", help="of a server, as benchmarks/serving.py prints it")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--each", type=int, default=30)
    asked = parser.parse_args()
    items = read(asked.data)
    order = Random("third").sample(range(len(items)), len(items))
    fit, test = [items[n] for n in order[: len(items) // 3]], [items[n] for n in order[len(items) // 3 :]]
    table = {(str(rater), str(n)): rating for n, item in enumerate(test) for rater, rating in enumerate(item.ratings)}
    ordinal, interval = (agreement.alpha(table, level).value or 0.0 for level in ("ordinal", "interval"))  # type: ignore[arg-type]
    most = agreement.ceiling(interval, 3)
    print(f"{len(items)} responses of {len({item.system for item in items})} systems, {len(test)} tested; alpha "
          f"{ordinal:.3f} ordinal, {interval:.3f} interval; no judge can correlate above {most:.2f}\n")  # fmt: skip
    fitted = combination(fit)
    rows = {"always 5": lambda item: 5.0, "length": length, "snippet picked": lambda item: float(item.picked),
            "recall of the snippet": recall, "rule": rule, "combination, fitted": fitted}  # fmt: skip
    shown(rows, test, most)
    if asked.model:
        some = [item for system in sorted({item.system for item in test})
                for item in [each for each in test if each.system == system][: asked.each]]  # fmt: skip
        print(f"\n{len(some)} of them, {asked.each} a system:\n")
        marks = asyncio.run(marked(asked, some))
        both = {"the model": marks, "rule and model, their mean": lambda item: (rule(item) + marks(item)) / 2,
                "rule and model, fitted": crossed(some, lambda item: (1.0, rule(item), marks(item)))}  # fmt: skip
        shown(rows | both, some, most)
    if asked.repeats:
        coverage(test, fitted, asked.repeats)


def shown(rows: dict[str, Callable[[Item], float]], items: Sequence[Item], most: float) -> None:
    print("| judge | Spearman | Pearson | of the ceiling | weighted kappa | tau of systems |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, judge in rows.items():
        print(judged(name, judge, items, most))


def coverage(test: Sequence[Item], fitted: Callable[[Item], float], repeats: int) -> None:
    print("\n| judge | labels | interval | coverage, mean | of systems | width |\n|---|---:|---|---:|---|---:|")
    for name, judge in (("rule", rule), ("combination, fitted", fitted)):
        for count in (50, 100, 200):
            found = covered(test, judge, count, repeats)
            for n, kind in enumerate(("people only", "judge only", "PPI", "PPI++")):
                hits, wide = ([each[side][n] for each in found.values()] for side in (0, 1))
                of = f"{min(hits):.1%} to {max(hits):.1%}"
                print(f"| {name} | {count} | {kind} | {fmean(hits):.1%} | {of} | {fmean(wide):.3f} |")


if __name__ == "__main__":
    main()
