"""`millstream judge`: a model marks dialogues, or says which of two is better. Keeps what it said; believes nothing."""

import asyncio
import importlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import judges
from millstream.commands.judging import Hearing, Way, judged, subjects
from millstream.commands.terminal import Json, show, tell
from millstream.errors import InputError
from millstream.judges import Choice, Score
from millstream.whole import whole

SCORES, CHOICES = "scores.jsonl", "choices.jsonl"
MARKED, COMPARED = ("coherence", "informativeness", "naturalness", "flexibility", "overall"), ("overall",)


@dataclass(frozen=True)
class Options:
    corpus: Annotated[Path, Argument(metavar="CORPUS", help="A run, a corpus of dialogues, or a package for raters.")]
    out: Annotated[Path, Option(metavar="FOLDER", help="The judgements; the same again goes on with it.")]
    against: Annotated[Path | None, Option(help="Dialogues of others: which of two is better?")] = None
    dimension: Annotated[list[str] | None, Option(help="What is judged; may be given several times.")] = None
    by: Annotated[Way, Option(help="Marks of 1 to 5, or questions of yes and no.")] = "rubric"
    model: Annotated[list[str] | None, Option(help="As for `millstream run`; several make a jury.")] = None
    base_url: Annotated[str, Option(help="The address of an OpenAI-compatible server.")] = ""
    most: Annotated[int, Option(min=1, help="Dialogues judged at most, drawn at random.")] = 50
    seed: Annotated[int, Option(min=0, help="Which dialogues, and which two are held together.")] = 0
    probe: Annotated[bool, Option("--probe", help="Also look for the judge's biases, on the same dialogues.")] = False
    as_json: Json = False


def command(options: Options) -> int:
    """Have a model judge dialogues: marks for `evaluate --judged`, or which of two is better.

    millstream judge runs/kitchen --out judged/kitchen --dimension coherence

    millstream judge runs/kitchen --against data/multiwoz --out judged/pairs
    """
    names = options.dimension or (COMPARED if options.against else MARKED)
    of = Hearing(options.corpus, options.against, [judges.dimension(name) for name in names], options.by,
                 options.model or ["local"], options.base_url, options.most, options.seed, options.probe,
                 options.out)  # fmt: skip
    chosen = list(subjects(of))
    if not chosen:
        raise InputError("holds no dialogue to judge", str(options.corpus), "give one of the same language")
    rows, probes = asyncio.run(judged(of, chosen, options.as_json))
    path = options.out / (CHOICES if options.against else SCORES)
    with whole(path) as out:
        out.writelines(f"{row.model_dump_json()}\n" for row in rows)
    found = list(_preferred(rows) if options.against else _marked(rows))
    if options.as_json:
        print(json.dumps({"judged": found, "probes": probes}, ensure_ascii=False, indent=1))
        return 0
    for each in filter(None, (found, probes)):
        show(each, False)
    tell("a model's opinion, uncalibrated: `millstream evaluate --judged` says what it is worth")
    tell(path)
    return 0


# --- showing -----------------------------------------------------------------------------------------------


def _marked(rows: Sequence[Score]) -> Iterator[dict[str, Any]]:
    intervals = importlib.import_module("millstream.metrics.intervals")
    for (judge, dimension), found in _grouped(rows).items():
        mean = intervals.ratio([(each.score, 1.0) for each in found])
        cited = sum(bool(each.cited) for each in found)
        yield {"judge": judge, "dimension": dimension, "judged": len(found), "mean": _figure(mean),
               "with a cited turn": cited}  # fmt: skip


def _preferred(rows: Sequence[Choice]) -> Iterator[dict[str, Any]]:
    intervals = importlib.import_module("millstream.metrics.intervals")
    for (judge, dimension), found in _grouped(rows).items():
        won = intervals.ratio([(each.score, 1.0) for each in found])
        both = [each for each in found if isinstance(each, Choice)]
        yield {"judge": judge, "dimension": dimension, "pairs": len(found), "found better": _figure(won),
               "same in both orders": f"{sum(each.same for each in both)} of {len(both)}",
               "the first shown wins": f"{sum(each.first for each in both) / max(len(both), 1):.0%}"}  # fmt: skip


def _grouped(rows: Sequence[Any]) -> dict[tuple[str, str], list[Any]]:
    by: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for each in rows:
        by[each.judge, each.dimension].append(each)
    return by


def _figure(found: Any) -> str:
    return "-" if found.value is None else f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
