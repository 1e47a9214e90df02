"""`millstream evaluate`: any corpora side by side, at equal size, with intervals. Reads and shows; measures nothing."""

import importlib
import json
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any

from pydantic import ValidationError
from typer import Argument, Option

from millstream import corpora, domain, plugins
from millstream.commands import calibrating, encoding
from millstream.commands import folder as files
from millstream.commands.encoding import Encoder
from millstream.commands.progress import shown
from millstream.commands.terminal import Json, show, tell
from millstream.errors import InputError
from millstream.records import Dialogue, Fact
from millstream.shapes import Known
from millstream.table import Table

STEP, FACTS = "1_corpora", "2_facts.jsonl"


@dataclass(frozen=True)
class Options:
    corpora: Annotated[list[Path] | None, Argument(metavar="CORPUS...", help="Run folders and corpora.")] = None
    page: Annotated[Path | None, Option(help="Write the comparison as one self-contained page.")] = None
    plots: Annotated[Path | None, Option(help="Write each plot as SVG and PNG into this folder.")] = None
    most: Annotated[int, Option(min=10, help="Dialogues read of each corpus at most, drawn at random.")] = 10_000
    seed: Annotated[int, Option(min=0, help="Which dialogues are drawn.")] = 0
    encoder: Annotated[bool, Option("--encoder", help="Measure by meaning too: an encoder reads 300.")] = False
    judged: Annotated[Path | None, Option(help="Instead: a judge's scores, as JSON lines.")] = None
    calibration: Annotated[Path | None, Option(help="People's labels for --judged: a file, or a rated package.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Put corpora side by side at equal size, with intervals: wording, manner, acts, plan, knowledge.

    millstream evaluate runs/cars data/crosswoz --page compared.html
    """
    plugins.needed("evaluate", ["sklearn", "krippendorff"], "eval")
    if options.judged:
        return calibrating.judged(options.judged, options.calibration, options.as_json)
    begun = time.process_time()
    with encoding.encoder() if options.encoder else nullcontext() as encode:
        found = list(_compared(options, encode))
    spent = {"cpu_seconds": round(time.process_time() - begun, 1)}
    if encode:
        spent["encoder_seconds"] = round(encode.seconds, 1)
    languages = [_plain(asdict(each)) for each in found]
    _draw(languages, options)
    if options.as_json:
        written = {"seed": options.seed, **spent, "languages": languages}
        print(json.dumps(written, ensure_ascii=False, indent=1, allow_nan=False))
        return 0
    for each in languages:
        _tell(each)
    tell(", ".join(f"{name.replace('_', ' ')}: {seconds}" for name, seconds in spent.items()))
    for path in (options.page, options.plots):
        if path:
            tell(path)
    return 0


def _draw(languages: Sequence[dict[str, Any]], options: Options) -> None:
    """The page and the plots, where they are asked for."""
    if not options.page and not options.plots:
        return
    compare = importlib.import_module("millstream.report.compare")
    drawing = importlib.import_module("millstream.report.drawing")
    groups = importlib.import_module("millstream.metrics.catalogue").groups(options.encoder)
    if options.page:
        compare.write(languages, groups, options.page)
    for each in languages if options.plots else ():
        drawing.save(compare.plots(each, groups), options.plots / each["lang"])


def _compared(options: Options, encode: Encoder | None) -> Iterator[Any]:
    """One comparison a language."""
    if not options.corpora:
        raise InputError("nothing to evaluate", remedy="give run folders or corpora, or --judged")
    evaluate = importlib.import_module("millstream.evaluate")
    by: dict[str, list[Any]] = defaultdict(list)
    for path in options.corpora:
        for each in _read(path, options, evaluate):
            by[each.lang].append(each)
    with shown(options.as_json) as progress:
        for sides in by.values():
            sides = list(_named_apart(sides, evaluate))
            total, done = len(sides) * (len(sides) + 1) // 2, 0

            def hear(what: str) -> None:
                nonlocal done
                done += 1
                progress.step(STEP, done, total)  # noqa: B023

            yield evaluate.compared(sides, options.seed, hear, encode)


def _read(path: Path, options: Options, evaluate: Any) -> Iterator[Any]:
    """The corpora that a path holds: one for each name and language in it."""
    draw = Random(f"most {options.seed}")
    if (path / "fingerprint").is_file():
        try:
            yield _run(path, draw, options.most, evaluate)
        except ValidationError as error:
            remedy = "use the version of millstream that made it, or make the run again"
            raise InputError("dialogues of another version", str(path), remedy) from error
        return
    tokens = importlib.import_module("millstream.metrics.tokens")
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for said in corpora.conversations(path):
        found[said.corpus, said.lang].append(said)
    for (name, _), every in found.items():
        taken = draw.sample(every, min(options.most, len(every)))
        yield evaluate.Corpus(name, tuple(map(tokens.talk, taken)))


def _run(path: Path, draw: Random, most: int, evaluate: Any) -> Any:
    dialogues = files.each_dialogue(path)
    first = next(iter(dialogues), None)
    if first is None:
        raise InputError("has no accepted dialogue", str(path), "see its report.html")
    count = len(dialogues)
    taken = set(draw.sample(range(count), min(most, count)))
    drawn = (each for n, each in enumerate(dialogues) if n in taken)
    return evaluate.of_run(path.name, drawn, known(path, first))


def known(run: Path, first: Dialogue) -> Known:
    """What the dialogues of a run may be checked against."""
    facts = tuple(Table(run / FACTS, Fact))
    return Known(domain.read(str(run / files.DOMAIN)), first.scenario.lang, facts)


def _named_apart(sides: Sequence[Any], evaluate: Any) -> Iterator[Any]:
    """Two parts of one corpus get numbers, or their columns would be one."""
    seen: dict[str, int] = defaultdict(int)
    for each in sides:
        seen[each.name] += 1
        name = each.name if seen[each.name] == 1 else f"{each.name} {seen[each.name]}"
        yield evaluate.Corpus(name, each.talks, each.plans, each.wrong)


def _plain(value: Any) -> Any:
    """For JSON: what is not a number is null."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return _plain(value._asdict()) if hasattr(value, "_asdict") else [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


# --- showing -----------------------------------------------------------------------------------------------


def _tell(found: dict[str, Any]) -> None:
    size = found["size"]
    unit = "characters" if found["lang"] == "zh" else "words"
    tell(f"{found['lang']}: {size['dialogues']} dialogues of each, {size['tokens']:,} {unit} for wording, "
         f"draws of {size['compared']} for repetition, {size['sample']} for vectors")  # fmt: skip
    names = [each["name"] for each in found["corpora"]]
    every = list(found["corpora"][0]["figures"])
    show([{"measure": name} | {each["name"]: _cell(each["figures"][name]) for each in found["corpora"]}
          for name in every], False)  # fmt: skip
    reasons = sorted({figure["why"] for each in found["corpora"] for figure in each["figures"].values()} - {""})
    for reason in reasons:
        tell(f"-: {reason}")
    if len(names) > 1:
        tell()
        show([_pair(pair) for pair in found["pairs"]], False)
        tell("a divergence in brackets: the floors, of two random halves of each of the two")


def _cell(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return "-"
    return f"{_figure(figure['value'])} ({_figure(figure['low'])} to {_figure(figure['high'])})"


def _figure(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def _pair(pair: dict[str, Any]) -> dict[str, str]:
    made = {"pair": f"{pair['first']} / {pair['second']}"}
    for name, found in pair["divergence"].items():
        made[f"{name}, JSD"] = "-" if found is None else f"{found[0]:.4f} ({found[1]:.4f}, {found[2]:.4f})"
    auc = pair["auc"]
    for name in ("words", "meaning"):
        if near := pair[name]:
            found = (near["precision"], near["recall"], *near["halves"])
            made[f"precision, recall (of halves) by {name}"] = "{} {} ({} {})".format(*map(_short, found))
    made["told apart, AUC"] = "-" if auc is None else f"{auc[0]:.2f} ({auc[1]:.2f} to {auc[2]:.2f})"
    return made


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
