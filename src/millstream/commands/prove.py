"""`millstream prove`: is training on ours worth it? Shows what trial and figures say; measures nothing itself."""

import importlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream.commands.backbones import LORA, Backbone, check_backbone, data_sets, learners, modules
from millstream.commands.progress import shown
from millstream.commands.terminal import Json, say, show, tell
from millstream.commands.train import read
from millstream.errors import InputError

OURS = "ours"
FLOORS = ("empty state", "string match")


@dataclass(frozen=True)
class Options:
    targets: Annotated[list[str], Argument(metavar="TARGET...", help="sgd, multiwoz-hotel ...; all: every one.")]
    data: Annotated[Path | None, Option(help="Folder of the data sets; else MILLSTREAM_DATA.")] = None
    size: Annotated[int, Option(min=60, help="Dialogues of each arm.")] = 400
    seeds: Annotated[int, Option(min=1, help="How often each arm is trained.")] = 3
    few: Annotated[bool, Option("--few", help="The few-shot arms too, with 50 real dialogues.")] = False
    streams: Annotated[
        Path | None, Option(help="Folder of NAME.chat.jsonl beside NAME.speech.jsonl: an arm with what they give.")
    ] = None
    one_call: Annotated[
        Path | None, Option(help="SGD rows that were written in one call each: three arms (benchmarks).")
    ] = None
    most: Annotated[int, Option(min=0, help="Test on at most so many dialogues, drawn by hash; 0: all.")] = 0
    arm: Annotated[list[str] | None, Option(help="Only this arm beside ours and the floors; may be repeated.")] = None
    backbone: Annotated[str, Option(help="Trackers see words, encoder (vectors too), vectors; or lora.")] = "words"
    vectors: Annotated[Path | None, Option(help="File that keeps vectors, for the next run of this.")] = None
    base: Annotated[str, Option(help="lora: the embedded model that is tuned.")] = "smollm2-135m"
    turns: Annotated[int, Option(min=1, help="lora: user turns it is tuned on, once each.")] = 300
    to: Annotated[Path | None, Option(help="File that keeps each training; the same command goes on from it.")] = None
    plots: Annotated[Path | None, Option(help="Folder for a drawing of the arms, SVG and PNG.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Train a tracker on each arm and test it on real dialogues of a left-out domain.

    millstream prove sgd multiwoz-hotel --data corpora
    """
    modules()
    check_backbone(options.backbone)
    targets = importlib.import_module("millstream.prove.targets")
    folder = data_sets(options.data)
    names = list(targets.TARGETS) if options.targets == ["all"] else options.targets
    every = []
    for name in names:
        proof = _proof(targets.smaller(targets.target(name, folder), options.most), options)
        every.append(proof)
        if options.plots:
            _drawn(proof, options.plots)
        if not options.as_json:
            _tell(proof)
    if options.as_json:
        print(json.dumps(every, ensure_ascii=False, indent=1))
    return 0


def _proof(target: Any, options: Options) -> dict[str, Any]:
    """The rows of all arms of a target, with their gaps."""
    arms, trial, figures, kept = modules(*(f"prove.{name}" for name in ("arms", "trial", "figures", "kept")))
    chosen = _wanted({**arms.ZERO_SHOT, **(arms.FEW_SHOT if options.few else {})}, options, arms)
    if options.streams:
        chosen |= _streamed(target, options, arms)
    against = {other: mixed for mixed, other in arms.PAIRED.items()}
    if options.one_call:
        (one_call,) = modules("prove.one_call")
        chosen |= one_call.arms(list(read(options.one_call)), target)
        against |= one_call.AGAINST
    begun = options.to.with_name(f"{options.to.name}.checkpoint") if options.to else None
    asked = Backbone(options.backbone, options.vectors, options.base, options.turns, begun)
    before = kept.Kept(options.to, _learning(options))
    with shown(options.as_json) as progress, learners(asked, progress) as learn:
        total = len(chosen) * options.seeds
        count = iter(range(1, total + 1))

        def done(arm: str, seed: int) -> None:
            progress.step(target.name, next(count), total)

        budget = trial.Budget(options.size, range(options.seeds), done, learn, before)
        found = {each.name: each for each in trial.trial(target, chosen, budget)}
    floor = max(FLOORS, key=lambda name: found[name].joint)
    zero = {name: each for name, each in found.items() if name not in (*arms.FEW_SHOT, arms.STREAMS)}
    gaps = {each.than: each for each in figures.gaps(zero, OURS)}
    paired = {other: mixed for other, mixed in against.items() if {mixed, other} <= found.keys()}
    gaps |= {other: figures.gap(found[mixed], found[other]) for other, mixed in paired.items()}
    streams = None
    if options.streams:
        real = (found[floor], found[arms.REAL])
        streams = asdict(figures.gap(found[arms.STREAMS], found[OURS])) | {
            "recovered": {name: figures.recovered(found[name], *real) for name in (arms.STREAMS, OURS)},
            "more": figures.recovered_more(found[arms.STREAMS], found[OURS], *real),
        }
    return {
        "target": target.name,
        "test": len(target.test),
        "frames": int(found[OURS].frames.sum()),
        "size": options.size,
        "seeds": options.seeds,
        "backbone": options.backbone,
        "no_data": floor,
        "streams": streams,
        "arms": [_row(each, gaps.get(name), figures) for name, each in found.items()],
    }


def _learning(options: Options) -> str:
    """What learns, in words: what was kept of another tracker is not taken."""
    return f"lora {options.base} {options.turns}" if options.backbone == LORA else options.backbone


def _wanted(every: Mapping[str, Any], options: Options, arms: Any) -> dict[str, Any]:
    """Ours, and the arms that were asked for; with a model that was trained before also what it can do untuned."""
    if strange := sorted(set(options.arm or ()) - every.keys()):
        raise InputError(f"no arm {strange[0]!r}", "--arm", f"there are: {', '.join(every)}")
    chosen = {name: arm for name, arm in every.items() if not options.arm or name in (OURS, *options.arm)}
    return {**({arms.UNTUNED: arms.none} if options.backbone == LORA else {}), **chosen}


def _streamed(target: Any, options: Options, arms: Any) -> dict[str, Any]:
    """The arm with streams, and the real one that it is held against."""
    mined = importlib.import_module("millstream.prove.mined")
    found = mined.mined(target, mined.read(options.streams), options.size)
    say(f"{target.name}: {found.understood} of {found.answered} answered lines of the streams are understood")
    rich = found.target
    return {
        arms.STREAMS: lambda _, size, seed: arms.ours(rich, size, seed),
        arms.REAL: arms.FEW_SHOT[arms.REAL],
    }


def _row(result: Any, gap: Any, figures: Any) -> dict[str, Any]:
    return {
        "arm": result.name,
        "joint": 100 * result.joint,
        "interval": figures.interval(result),
        "seeds": [100 * each for each in result.by_seed],
        "official": 100 * result.official,
        "slot_f1": 100 * result.slot_f1,
        "gap": asdict(gap) | {"significant": gap.significant} if gap else None,
    }


def _drawn(proof: Mapping[str, Any], folder: Path) -> None:
    """The arms with their intervals, best first, as NAME-of-the-target.svg and .png."""
    drawing, plots = (importlib.import_module(f"millstream.report.{name}") for name in ("drawing", "plots"))
    arms = sorted(proof["arms"], key=lambda arm: -arm["joint"])
    says = "; ".join(f"{arm['arm']} {arm['joint']:.1f}" for arm in arms)
    rows = [(arm["arm"], arm["joint"], *arm["interval"]) for arm in arms]
    drawing.save([plots.intervals(proof["target"], says, rows)], folder)


def _tell(proof: Mapping[str, Any]) -> None:
    tell(f"{proof['target']}: {proof['test']} real dialogues, {proof['frames']} frames of what was left out")
    show([dict(_shown(arm)) for arm in proof["arms"]], False)
    for sentence in _said(proof):
        say(sentence)
    tell()


def _shown(arm: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    low, high = arm["interval"]
    yield from (("arm", arm["arm"]), ("exact", f"{arm['joint']:.1f}"), ("95%", f"{low:.1f} to {high:.1f}"))
    yield from (("official", f"{arm['official']:.1f}"), ("slot F1", f"{arm['slot_f1']:.1f}"))
    gap = arm["gap"]
    yield "ours better by", f"{gap['points']:+.1f} ({gap['low']:+.1f} to {gap['high']:+.1f})" if gap else "-"
    yield "significant", "-" if not gap else "yes" if gap["significant"] else "no"


def _said(proof: Mapping[str, Any]) -> Iterator[str]:
    """Whether streams add anything, first; then where ours does not win."""
    if streams := proof["streams"]:
        sure = "" if streams["low"] > 0 or streams["high"] < 0 else ", which is not significant"
        low, high, more = (f"{streams[name]:+.1f}" for name in ("low", "high", "points"))
        yield f"{proof['target']}: streams add {more} points ({low} to {high}){sure}"
        for name, (value, least, most) in streams["recovered"].items():
            yield f"{proof['target']}: {name}: {value:.0f}% ({least:.0f} to {most:.0f}) of what real dialogues gain"
        less, least, most = streams["more"]
        yield f"{proof['target']}: without streams {less:.1f} points less of it ({least:+.1f} to {most:+.1f})"
    for arm in proof["arms"]:
        if arm["gap"] and not (arm["gap"]["significant"] and arm["gap"]["points"] > 0):
            yield f"{proof['target']}: what has ours in it is not significantly better than {arm['arm']}"
    gap = next(arm["gap"] for arm in proof["arms"] if arm["arm"] == proof["no_data"])
    yield f"{proof['target']}: {gap['points']:+.1f} points over no data ({proof['no_data']})"
