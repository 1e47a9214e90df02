"""`millstream realism`: what tells our dialogues from real ones, and how surely. Reads and shows; measures nothing."""

import importlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora, plugins, text
from millstream.commands import folder as files
from millstream.commands.progress import shown
from millstream.commands.terminal import Json, show, tell
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError

Named = dict[str, list[Conversation]]
"""Conversations by the name of their corpus."""
STEP = "1_detectors"


@dataclass(frozen=True)
class Options:
    runs: Annotated[list[Path], Argument(metavar="RUN...", help="Run folders; their languages may differ.")]
    against: Annotated[list[Path], Option(help="Real dialogues that tells are learned from: a file or a folder.")]
    fresh: Annotated[list[Path] | None, Option(help="Real dialogues that judge and are not learned from.")] = None
    turns: Annotated[int, Option(min=2, max=20, help="Turns of a window; shorter dialogues are left out.")] = 6
    tells: Annotated[int, Option(min=0, help="Tells a language.")] = 20
    seed: Annotated[int, Option(min=0, help="Which windows.")] = 0
    first: Annotated[Path | None, Option(help="What --json wrote earlier: its AUC is shown beside.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Learn what tells our dialogues from real ones; let fresh detectors judge.

    millstream realism runs/talk --against corpora/crosswoz --fresh corpora/xrisawoz
    """
    earlier = _earlier(options.first) if options.first else {}
    found = list(_measured(options))
    if options.as_json:
        written = {"turns": options.turns, "seed": options.seed, "languages": found}
        print(json.dumps(written, ensure_ascii=False, indent=1))
    else:
        _tell(found, earlier)
    return 0


def _measured(options: Options) -> Iterator[dict[str, Any]]:
    """One object a language."""
    realism = _measures()
    plan = realism.Plan(turns=options.turns, seed=options.seed, tells=options.tells)
    ours, blueprints = _ours(options.runs)
    against, fresh = _read(options.against), _read(options.fresh or [])
    for lang in ours:
        real = {name: said for name, said in against.items() if said[0].lang == lang}
        judges = {name: said for name, said in fresh.items() if said[0].lang == lang}
        _check(lang, real, judges)
        with shown(options.as_json) as progress:
            done = partial(progress.step, STEP, total=realism.comparisons(real, judges))
            found = asdict(realism.measured(ours[lang], real, judges, plan, done))
        yield found | {"blueprints": blueprints[lang]}


def _measures() -> Any:
    plugins.needed("realism", ["sklearn"], "eval")
    return importlib.import_module("millstream.metrics.realism")


def _ours(runs: Sequence[Path]) -> tuple[Named, dict[str, float]]:
    """Our conversations by language, and distinct blueprints per 1,000 of them."""
    made: Named = defaultdict(list)
    plans: dict[str, set[str]] = defaultdict(set)
    for run in runs:
        for dialogue in files.dialogues(run):
            made[dialogue.scenario.lang].append(own.conversation(dialogue))
            plans[dialogue.scenario.lang].add(dialogue.scenario.blueprint)
    return dict(made), {lang: 1000 * len(plans[lang]) / len(said) for lang, said in made.items()}


def _read(paths: Sequence[Path]) -> Named:
    """By corpus and language: one file may hold both."""
    found: Named = defaultdict(list)
    for path in paths:
        for each in corpora.conversations(path):
            found[f"{each.corpus} {each.lang}"].append(each)
    return dict(found)


def _check(lang: str, real: Named, judges: Named) -> None:
    if not real:
        raise InputError(f"no dialogue in {lang}", "--against", "give a corpus in the language of the run")
    if both := sorted(real.keys() & judges.keys()):
        raise InputError(f"{both[0]} is in --against too", "--fresh", "a judge must not have been learned from")


# --- showing -----------------------------------------------------------------------------------------------


def _earlier(path: Path) -> dict[tuple[str, ...], float]:
    """AUC by comparison, of an earlier --json."""
    rows = [row for each in text.dig(text.load_json(path), "languages") or () for row in text.dig(each, "rows") or ()]
    found = {_key(row): text.dig(row, "auc", 0) for row in rows if isinstance(row, dict)}
    if not found or not all(isinstance(value, float) for value in found.values()):
        raise InputError("not what millstream realism --json wrote", str(path), "leave --first out, or write it again")
    return found


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row.get(name)) for name in ("kind", "lang", "first", "second"))


def _tell(found: list[dict[str, Any]], earlier: dict[tuple[str, ...], float]) -> None:
    show([_row(row, earlier) for each in found for row in each["rows"]], False)
    tell()
    show([_surface(name, row, each) for each in found for name, row in each["surface"].items()], False)
    for each in found:
        tell()
        tell(f"what tells ours from real dialogues ({each['lang']}), the plainest first")
        for n, one in enumerate(each["tells"], 1):
            tell(f"{n:>3}. {one['sentence']}" + (f": {one['example']}" if one["example"] else ""))


def _row(row: dict[str, Any], earlier: dict[tuple[str, ...], float]) -> dict[str, str | int]:
    value, low, high = row["auc"]
    made = {
        "": row["kind"], "which": f"{row['first']} / {row['second']}", "lang": row["lang"], "windows": row["windows"],
        "AUC": f"{value:.3f}", "95%": f"{low:.2f} to {high:.2f}", "length only": f"{row['length']:.2f}",
        "punctuation only": f"{row['punctuation']:.2f}", "shuffled": f"{row['shuffled']:.2f}",
    }  # fmt: skip
    before = earlier.get(_key(row))
    return made | ({"before": f"{before:.3f}" if before is not None else "-"} if earlier else {})


def _surface(name: str, row: dict[str, Any], whole: dict[str, Any]) -> dict[str, str | int]:
    return {
        "dialogues of": name, "lang": whole["lang"], "taken": row["dialogues"],
        "repeated 4-grams": f"{row['repetition']:.3f}",
        "length variation": f"{row['variation']:.2f}", "openers per 100 turns": f"{row['openers']:.0f}",
        "top 5 openers": f"{row['top_openers']:.2f}", "same speaker again": f"{row['runs']:.3f}",
        "two words or fewer": f"{row['short']:.3f}",
        "blueprints per 1,000": f"{whole['blueprints']:.0f}" if name == "ours" else "-",
    }  # fmt: skip
