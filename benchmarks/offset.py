"""Is it seen by how much a chat's clock is off? python benchmarks/offset.py FOLDER...

Each folder holds a recording with speech and chat on one clock (a sample, or your own). Its chat is shifted by known
seconds and thinned out; estimates are compared with the shift. A chat laid under the speech of another recording has no
right answer: there an estimate that is sure is a false alarm. The floor takes clocks as they are.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from millstream import intake
from millstream.mine.offset import MOST, SMALL, Offset, offset
from millstream.records import Cue

SHIFTS, SHARES, DRAWS, RIGHT = (-900, -300, -120, -45, 0, 30, 90, 240, 600, 1500), (1.0, 0.5, 0.25), 3, 15
Tracks = tuple[list[Cue], list[Cue]]


def tracks(folder: Path) -> Tracks:
    """(speech, chat) of the first recording that has both."""
    for gathered in intake.take([folder]).readings:
        cues = [cue for cue in intake.cues(gathered, []) if cue.start is not None]
        speech = [cue for cue in cues if cue.track == "speech"]
        chat = [cue for cue in cues if cue.track in ("chat", "danmaku")]
        if speech and chat:
            return speech, chat
    raise SystemExit(f"{folder}: no recording with speech and chat")


def shifted(chat: Sequence[Cue], seconds: float, share: float, rng: random.Random) -> list[Cue]:
    """A part of the chat, its times too small by so many seconds."""
    part = sorted(rng.sample(chat, round(share * len(chat))), key=lambda cue: cue.n)
    return [cue.model_copy(update={"start": (cue.start or 0.0) - seconds}) for cue in part]


def tried(speech: Sequence[Cue], chat: Sequence[Cue], share: float) -> Iterator[tuple[int, Offset]]:
    for draw in range(DRAWS if share < 1 else 1):
        rng = random.Random(draw)
        for seconds in SHIFTS:
            yield seconds, offset(speech, shifted(chat, seconds, share, rng), draw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    found = {folder.name: tracks(folder) for folder in parser.parse_args().folders}
    print(f"shifts of up to {MOST} s; right is within {RIGHT} s; less than {SMALL} s is left alone\n")
    print("| recording | chat lines | estimates | right | sure | sure and wrong | median error, s | floor |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, (speech, chat) in found.items():
        for share in SHARES:
            row(name, round(share * len(chat)), list(tried(speech, chat, share)))
    for one, (speech, _) in found.items():
        for other, (_, chat) in found.items():
            if one != other:
                sure = sum(each.matters for _, each in tried(speech, chat, 1.0))
                print(f"\nchat of {other} under the speech of {one}: sure in {sure} of {len(SHIFTS)}")


def row(name: str, lines: int, tries: list[tuple[int, Offset]]) -> None:
    errors = sorted(abs(each.seconds - gold) for gold, each in tries)
    right = [error for error in errors if error <= RIGHT]
    sure = [(gold, each) for gold, each in tries if each.confidence >= 0.9]
    wrong = sum(abs(each.seconds - gold) > RIGHT for gold, each in sure)
    floor = sum(abs(gold) <= RIGHT for gold, _ in tries)
    middle = right[len(right) // 2] if right else "-"
    print(f"| {name} | {lines} | {len(tries)} | {len(right)} | {len(sure)} | {wrong} | {middle} | {floor} |")


if __name__ == "__main__":
    main()
