"""Does the support of an answer by its passage rank answers as people do? On DSTC9 track 1's ratings of accuracy.

Each answer of seven systems is held against the gold snippet; three people rated each from 1 to 5. Spearman's rank
correlation over answers and over systems, beside trivial baselines: the length, the share of the snippet's words that
are said, and whether the system had picked the gold snippet. Nothing here is fitted; the ratings were looked at while
the five shares were chosen, so the figure is one of development. Three raters reach .81.

    python benchmarks/ratings.py DSTC9_FOLDER
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from passages import passage
from scipy.stats import spearmanr

from millstream.errors import InputError
from millstream.know.support import over
from millstream.records import Passage


@dataclass(frozen=True)
class Rated:
    system: str
    said: str
    gold: Passage
    picked: bool
    accuracy: float


def rated(folder: Path) -> Iterator[Rated]:
    known, labels = _json(folder / "eval_knowledge.json"), _json(folder / "eval_test_labels.json")
    for path in sorted((folder / "systems").glob("*.human_eval.json")):
        system = path.name.removesuffix(".human_eval.json")
        answers = _json(path.with_name(f"{system}.json"))
        for answer, scores, label in zip(answers, _json(path), labels, strict=True):
            if label["target"] and answer.get("target") and scores and scores.get("accuracy"):
                gold, picked = label["knowledge"][0], answer["knowledge"][0]
                same = all(str(gold[key]) == str(picked[key]) for key in ("domain", "entity_id", "doc_id"))
                mean = sum(scores["accuracy"]) / len(scores["accuracy"])
                yield Rated(system, answer["response"], _snippet(known, gold), same, mean)


def _snippet(known: Any, label: dict[str, Any]) -> Passage:
    entity = known[label["domain"]][str(label["entity_id"])]
    found = entity["docs"][str(label["doc_id"])]
    return passage(f"{entity.get('name') or ''} {found['title']}", found["body"])


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("cannot be read as JSON", str(path), "give the folder of DSTC9 track 1") from error


def recall(one: Rated) -> float:
    words, said = ({*re.findall(r"[a-z0-9]+", text.lower())} for text in (one.gold.text, one.said))
    return len(words & said) / max(1, len(words))


def report(items: Sequence[Rated]) -> Iterator[str]:
    support = over({item.gold.id: item.gold for item in items}.values())
    measures: dict[str, Callable[[Rated], float]] = {
        "length": lambda item: float(len(item.said)),
        "words of the snippet said": recall,
        "picked the gold snippet": lambda item: float(item.picked),
        "support": lambda item: support.share(item.said, item.gold),
    }
    truth = np.array([item.accuracy for item in items])
    systems = np.array([item.system for item in items])
    yield f"{len(items)} answers of {len(set(systems))} systems; Spearman with the mean rating of accuracy"
    for name, measure in measures.items():
        values = np.array([measure(item) for item in items])
        low, high = _interval(values, truth)
        means = [[column[systems == each].mean() for each in sorted(set(systems))] for column in (values, truth)]
        rho, over_systems = spearmanr(values, truth)[0], spearmanr(*means)[0]
        yield f"{name:28}{rho:>6.3f} [{low:.3f}, {high:.3f}]   systems {over_systems:>5.2f}"


def _interval(values: NDArray[np.float64], truth: NDArray[np.float64], draws: int = 200) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    picks = rng.integers(0, len(values), (draws, len(values)))
    found = [spearmanr(values[pick], truth[pick])[0] for pick in picks]
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="does support rank answers as people do?")
    parser.add_argument("folder", type=Path, metavar="DSTC9_FOLDER")
    try:
        print(*report(list(rated(parser.parse_args().folder))), sep="\n")
    except InputError as error:
        sys.exit(f"error: {error}")
