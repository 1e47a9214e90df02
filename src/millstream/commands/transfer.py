"""`millstream transfer`: does what is learnt in one language serve in another? Shows it; measures nothing itself."""

import importlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Option

from millstream.commands.backbones import LORA, Backbone, check_backbone, data_sets, learners, modules
from millstream.commands.progress import shown
from millstream.commands.terminal import Json, say, show, tell
from millstream.errors import InputError


@dataclass(frozen=True)
class Options:
    data: Annotated[Path | None, Option(help="Folder of the data sets; else MILLSTREAM_DATA.")] = None
    seeds: Annotated[int, Option(min=1, help="How often each arm is trained.")] = 3
    size: Annotated[int, Option(min=60, help="Dialogues of ours.")] = 120
    backbone: Annotated[str, Option(help="Trackers see vectors, encoder (words too), or words.")] = "vectors"
    vectors: Annotated[Path | None, Option(help="File that keeps vectors, for the next run of this.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Train a tracker on English dialogues and test it on Chinese ones, and the other way round.

    millstream transfer --data corpora
    """
    modules()
    check_backbone(options.backbone)
    if options.backbone == LORA:
        raise InputError("lora tunes a model of English alone", "--backbone", "take vectors, encoder or words")
    folder = data_sets(options.data)
    transfer = importlib.import_module("millstream.prove.transfer")
    en, zh = transfer.sides(folder)
    every = []
    with shown(options.as_json) as progress, learners(Backbone(options.backbone, options.vectors), progress) as learn:
        for here, there in ((zh, en), (en, zh)):
            made = transfer.ours(folder, options.size) if there.lang == "en" else None
            found = {each.name: each for each in transfer.trials(here, there, learn, range(options.seeds), made)}
            every.append(dict(_told(f"{there.lang} to {here.lang}", here, found, transfer)))
    if options.as_json:
        print(json.dumps(every, ensure_ascii=False, indent=1))
        return 0
    for each in every:
        tell(f"{each['from']}: {each['test']} dialogues, {each['frames']} frames of hotels and sights")
        show([dict(_shown(arm)) for arm in each["arms"]], False)
        say(f"{each['from']}: {each['kept']:.0f}% of what its own language gains over no data is carried over")
    return 0


def _told(name: str, here: Any, found: Mapping[str, Any], transfer: Any) -> Iterator[tuple[str, Any]]:
    figures = importlib.import_module("millstream.prove.figures")
    floor = max(transfer.FLOORS, key=lambda each: found[each].joint)
    other, own = found[transfer.OTHER], found[transfer.OWN]
    yield from (("from", name), ("test", len(here.test)), ("frames", int(other.frames.sum())))
    yield from (("no_data", floor), ("kept", figures.recovered(other, found[floor], own)[0]))
    yield (
        "arms",
        [
            {
                "arm": each.name,
                "joint": 100 * each.joint,
                "interval": figures.interval(each),
                "slot_f1": 100 * each.slot_f1,
                "over_no_data": asdict(figures.gap(each, found[floor])) if each.name not in transfer.FLOORS else None,
            }
            for each in found.values()
        ],
    )


def _shown(arm: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    low, high = arm["interval"]
    yield from (("learnt from", arm["arm"]), ("exact", f"{arm['joint']:.1f}"), ("95%", f"{low:.1f} to {high:.1f}"))
    yield "slot F1", f"{arm['slot_f1']:.1f}"
    gap = arm["over_no_data"]
    yield "over no data", f"{gap['points']:+.1f} ({gap['low']:+.1f} to {gap['high']:+.1f})" if gap else "-"
