"""Are topic switches found? SGD dialogues joined at known switches, scored on dev and test; tinyrec as a second view.

    python benchmarks/segments.py DATA_FOLDER [--cache FILE] [--part dev test] [--seed 7]

Pk (Beeferman, Berger and Lafferty 1999) and WindowDiff (Pevzner and Hearst 2002), both the lower the better, with 95%
intervals by bootstrap over streams; no method is told the number of segments but `even, told how many`. Floors: no
boundary, random, even, and TextTiling (Hearst 1997), NLTK's and ours by turns. The settings of all, the floors' too,
are those that did best on SGD's train part. With --cache and the extra `local` the embedded encoder's vectors are split
too. `anchors` is given the schema of the services, as GPT-Calls is given its topics; the others are not.
"""

import argparse
import asyncio
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from segmenting import Stream, sentences, sgd, tinyrec
from splitters import by_vectors, nltk_tiling, tiling

from millstream.metrics.intervals import Figure, ratio
from millstream.mine.segments import splitting, timeline
from millstream.mine.segments.anchors import Anchors, anchors

COUNT, BAR = 40, 0.75
Method = Callable[[Stream], Sequence[int]]


def errors(gold: Sequence[int], said: Sequence[int], count: int) -> tuple[float, float]:
    """(Pk, WindowDiff) of `count` turns with half the mean length of a gold segment as the window."""
    window = max(1, round(count / (2 * (len(gold) + 1))))
    held, ours = (np.isin(np.arange(count), starts).cumsum() for starts in (gold, said))
    apart, told = held[window:] - held[:-window], ours[window:] - ours[:-window]
    return float(((apart > 0) != (told > 0)).mean()), float((apart != told).mean())


def floors(length: float, seed: int) -> dict[str, Method]:
    """What needs no words; `length` is the mean of train's segments."""
    chance = random.Random(f"floors {seed}")

    def any_(stream: Stream) -> list[int]:
        turns = range(1, len(stream.texts))
        return sorted(chance.sample(turns, min(len(turns), round(len(stream.texts) / length))))

    def even(stream: Stream) -> list[int]:
        return [round(length * n) for n in range(1, int((len(stream.texts) - 1) / length) + 1)]

    def told(stream: Stream) -> list[int]:
        parts = len(stream.starts) + 1
        return [round(len(stream.texts) * n / parts) for n in range(1, parts)]

    return {"no boundary": lambda _: (), "random": any_, "even": even, "even, told how many": told}


def by_anchors(known: Anchors) -> Method:
    def starts(stream: Stream) -> list[int]:
        topics = timeline.path(known.scores(stream.texts))
        return [n for n in range(1, len(topics)) if topics[n] != topics[n - 1]]

    return starts


def tagged(known: Anchors, streams: Sequence[Stream]) -> Figure:
    """The share of turns whose topic is named right."""
    pairs = []
    for stream in streams:
        topics = timeline.path(known.scores(stream.texts))
        right = sum(at >= 0 and known.topics[at] == topic for at, topic in zip(topics, stream.topics, strict=True))
        pairs.append((float(right), float(len(topics))))
    return ratio(pairs)


def table(streams: Sequence[Stream], methods: dict[str, Method]) -> None:
    """Every method's errors; of each the share of the better TextTiling's Pk that is left, for the bar."""
    found = {name: [errors(s.starts, each(s), len(s.texts)) for s in streams] for name, each in methods.items()}
    tiled = min(("TextTiling, NLTK", "TextTiling, by turns"), key=lambda name: sum(pk for pk, _ in found[name]))
    for name, figures in found.items():
        pk, diff = (ratio([(each[at], 1.0) for each in figures]) for at in (0, 1))
        left = ratio([(own[0], floor[0]) for own, floor in zip(figures, found[tiled], strict=True)])
        density = sum(len(methods[name](s)) + 1 for s in streams) / sum(len(s.starts) + 1 for s in streams)
        share = f"{left.value:.2f} ({left.low:.2f} to {left.high:.2f})" if left.value is not None else ""
        print(f"  {name:22} {_told(pk)}  {_told(diff)}  {share:22} {density:.2f}")


def _told(figure: Figure) -> str:
    return "" if figure.value is None else f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


async def encoded(streams: Sequence[Stream], path: Path) -> Method:
    """The embedding splitter, with the vectors of every turn kept in a file."""
    from_texts = await by_vectors([text for stream in streams for text in stream.texts], path)
    return lambda stream: from_texts(stream.texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="file of vectors; with it the embedded encoder is asked")
    parser.add_argument("--part", nargs="+", default=["dev", "test"], choices=["train", "dev", "test"])
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    if not (asked.data / "sgd" / "dev").is_dir():
        sys.exit(f"{asked.data}: no sgd/dev in it; give the folder of the data sets")
    views = {
        f"SGD {part}, {kind}": (part, sgd(asked.data / "sgd" / part, kind, COUNT, asked.seed))
        for part in asked.part
        for kind in ("joined", "cut", "switching")
    }
    views |= {f"tinyrec, {size}": ("", tinyrec(asked.data / "tinyrec" / "dev", size)) for size in ("coarse", "fine")}
    learnt = [s for kind in ("joined", "switching") for s in sgd(asked.data / "sgd" / "train", kind, COUNT, asked.seed)]
    length = sum(len(s.texts) for s in learnt) / sum(len(s.starts) + 1 for s in learnt)
    methods = floors(length, asked.seed) | {"TextTiling, NLTK": nltk_tiling, "TextTiling, by turns": tiling}
    if asked.cache:
        every = [stream for _, streams in views.values() for stream in streams]
        methods["e5 vectors, split"] = asyncio.run(encoded(every, asked.cache))
    methods["words, split"] = lambda stream: splitting.starts(stream.texts)
    known = {part: anchors(sentences(asked.data / "sgd" / part / "schema.json")) for part in asked.part}
    print(f"seed {asked.seed}, {COUNT} streams a view; tuned on SGD train alone, bar: {BAR} of TextTiling's Pk")
    for view, (part, streams) in views.items():
        print(f"{view}: {len(streams)} streams; Pk, WindowDiff, share of the better TextTiling's, segments per gold")
        table(streams, methods | ({"anchors": by_anchors(known[part])} if part else {}))
        if part:
            print(f"  anchors name the topic of {_told(tagged(known[part], streams))} of the turns")


if __name__ == "__main__":
    main()
