"""Are rolling captions undone? python benchmarks/rolling.py CAPTIONS... [--gold FOLDER]

CAPTIONS are ten (or more) plain SubRip files. Each is turned into the rolling shapes that automatic captions have and
read back; the word error is the edits between the words read and those of the plain file, by the latter. FOLDER holds
rolling files beside whose names plain ones lie one folder up. The floor takes every caption as it is shown.
"""

import argparse
import random
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from millstream.sources import captions, plain, srt, vtt


class Said(NamedTuple):
    """A line of a plain file, in milliseconds."""

    start: int
    end: int
    text: str


Shape = Callable[[Sequence[Said]], str]


def said(path: Path) -> list[Said]:
    """Lines of a plain file one behind the other, none overlapping the next."""
    events = [(event.start, event.end, plain(event.text)) for event in captions(path, "srt")]
    events = [each for each in events if each[2]]
    ends = [start for start, _, _ in events[1:]] + [events[-1][1]]
    both = zip(events, ends, strict=True)
    return [Said(start, max(start + 100, min(end, after)), text) for (start, end, text), after in both]


def stamp(at: float, mark: str = ".") -> str:
    seconds, thousandths = divmod(int(at), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{thousandths:03}"


def youtube(lines: Sequence[Said]) -> str:
    """Words with their times under the line before, then 10 ms of the new line alone."""
    return _rolling_vtt(lines, words=True)


def stripped(lines: Sequence[Said]) -> str:
    """The same by a program that took the words' times out."""
    return _rolling_vtt(lines, words=False)


def _rolling_vtt(lines: Sequence[Said], words: bool) -> str:
    out, before = ["WEBVTT\nKind: captions\nLanguage: en\n"], " "
    for line in lines:
        shown, end = line.text, line.end - 10
        if words:
            first, *others = line.text.split(" ")
            step = (end - line.start) / (len(others) + 1)
            times = (stamp(line.start + n * step) for n in range(1, len(others) + 1))
            shown = first + "".join(f"<{at}><c> {word}</c>" for at, word in zip(times, others, strict=True))
        place = "align:start position:0%"
        out.append(f"{stamp(line.start)} --> {stamp(end)} {place}\n{before}\n{shown}\n")
        out.append(f"{stamp(end)} --> {stamp(line.end)} {place}\n{line.text}\n \n")
        before = line.text
    return "\n".join(out)


def _srt(shown: Sequence[tuple[Said, str]]) -> str:
    rows = (f"{n}\n{stamp(at.start, ',')} --> {stamp(at.end, ',')}\n{text}\n" for n, (at, text) in enumerate(shown, 1))
    return "\n".join(rows)


def two_rows(lines: Sequence[Said]) -> str:
    """SubRip that a converter made: the line before stays on top."""
    return _srt([(line, "\n".join(each.text for each in lines[max(0, n - 1) : n + 1])) for n, line in enumerate(lines)])


def three_rows(lines: Sequence[Said]) -> str:
    return _srt([(line, "\n".join(each.text for each in lines[max(0, n - 2) : n + 1])) for n, line in enumerate(lines)])


def growing(lines: Sequence[Said]) -> str:
    """Live recognition: each line comes in pieces, and is shown again with every piece that is added."""
    rng, out = random.Random(1), []
    for line in lines:
        words, at, start = line.text.split(" "), 0, line.start
        while at < len(words):
            at = min(len(words), at + rng.randint(1, 4))
            end = line.start + (line.end - line.start) * at // len(words)
            out.append((Said(start, end, ""), " ".join(words[:at])))
            start = end
    return _srt(out)


SHAPES: dict[Shape, str] = {youtube: "vtt", stripped: "vtt", two_rows: "srt", three_rows: "srt", growing: "srt"}


def words(path: Path) -> list[str]:
    (reading,) = (srt if path.suffix == ".srt" else vtt).read(path)
    return [word for cue in reading.cues for word in cue.text.split()]


def as_shown(path: Path) -> list[str]:
    """The floor: every caption, as often as it is shown."""
    return [word for event in captions(path, path.suffix[1:]) for word in plain(event.text).split()]


def error(found: Sequence[str], gold: Sequence[str]) -> float:
    return float(Levenshtein.distance(found, gold)) / len(gold)


def of_shape(shape: Shape, file: Path, folder: Path) -> tuple[float, float]:
    """(ours, the floor's) word error on one plain file in one shape."""
    lines = said(file)
    rolling = folder / f"{file.stem}.{SHAPES[shape]}"
    rolling.write_text(shape(lines), encoding="utf-8")
    gold = [word for line in lines for word in line.text.split()]
    return error(words(rolling), gold), error(as_shown(rolling), gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("captions", type=Path, nargs="+")
    parser.add_argument("--gold", type=Path)
    given = parser.parse_args()
    print("| shape | files | word error, mean | worst file | floor |\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        for shape in SHAPES:
            row(shape.__name__, [of_shape(shape, file, Path(name)) for file in given.captions])
    if given.gold:
        pairs = [(file, given.gold.parent / f"{file.stem}.srt") for file in sorted(given.gold.glob("*.vtt"))]
        golds = [(file, as_shown(gold)) for file, gold in pairs]
        row(given.gold.name, [(error(words(file), gold), error(as_shown(file), gold)) for file, gold in golds])


def row(name: str, errors: Sequence[tuple[float, float]]) -> None:
    ours, floors = zip(*errors, strict=True)
    print(f"| {name} | {len(ours)} | {statistics.mean(ours):.2%} | {max(ours):.2%} | {statistics.mean(floors):.0%} |")


if __name__ == "__main__":
    main()
