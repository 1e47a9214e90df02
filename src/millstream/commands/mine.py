"""`millstream mine`: the signals of recordings, by rules alone; of a chat that is being written, while it is. Plays
nothing."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from millstream import intake
from millstream.arriving import Segments
from millstream.commands.terminal import say
from millstream.errors import InputError
from millstream.follow import Follower, begun
from millstream.mine import door, offset
from millstream.mine.recording import mine
from millstream.mine.sounds.sounds import put_right
from millstream.prepare import Start, prepared
from millstream.recipe import Settings, settings
from millstream.records import Reject, Signal
from millstream.shapes import Line
from millstream.sources import media
from millstream.whole import whole

PAUSE = 0.5
"""Seconds between two looks at a file that is followed."""


@dataclass(frozen=True)
class Options:
    inputs: Annotated[list[Path], Argument(metavar="INPUT...", help="Files and folders.", show_default=False)]
    out: Annotated[Path, Option(metavar="FILE", help="The signals, one JSON line each.")]
    domain: Annotated[str, Option(help="Its name, a domain file, or auto.")] = "auto"
    lang: Annotated[str, Option(help="zh, en, or auto: that of the inputs.")] = "auto"
    follow: Annotated[
        bool, Option("--follow", help="Stay with a chat file that grows, or a folder of media segments.")
    ] = False
    idle: Annotated[float, Option(help="With --follow: end after so many seconds without anything new.")] = 0.0


def command(options: Options) -> int:
    """Write the signals of recordings, by rules alone; with --follow of a chat that is still being written.

    The same command again goes on where it was stopped:

        millstream mine room.live_chat.json prices.csv --domain automotive --follow --out room.signals.jsonl
    """
    chosen = settings(None, {"domain": options.domain, "lang": options.lang})
    if options.follow:
        return _follow(options, chosen)
    taken = intake.take(options.inputs)
    start = prepared(chosen, taken)
    if not taken.readings:
        raise InputError("holds no recording", str(options.inputs[0]), "give captions or a chat")
    told = asyncio.run(_mined(taken, start))
    with whole(options.out) as out:
        out.writelines(f"{signal.model_dump_json()}\n" for signal in told)
    say(f"{len(told)} signals in {options.out}")
    return 0


async def _mined(taken: intake.Intake, start: Start) -> list[Signal]:
    return [signal for each in taken.readings async for signal in _of(each, start, taken.left_out)]


async def _of(gathered: intake.Gathered, start: Start, left_out: intake.LeftOut) -> AsyncIterator[Signal]:
    notes: Counter[str] = Counter()
    raw = list(intake.cues(gathered, left_out))
    raw = offset.moved(raw, offset.needed(raw), notes)
    cues = list(door.admit(raw, secrets.token_bytes(16), notes, start.names, gathered.recording.title))
    cues = put_right(start.ears, cues, notes)
    async for found in mine(gathered.recording, cues, start.domain, start.sheet, None, notes):
        if isinstance(found, Reject):
            say(f"{gathered.recording.key}: nothing taken: {found.reason}")
        else:
            yield found


def _follow(options: Options, chosen: Settings) -> int:
    """The first input is the chat; what else is given (tables) says what things are called."""
    chat, *others = options.inputs
    if chat.is_dir():
        return _follow_segments(options, chosen)
    with begun(chat, others) as taken:
        if not taken.readings:
            raise InputError("holds no chat", str(chat), "give the chat first, then tables")
        follower = Follower(chat, taken.readings[0], prepared(chosen, taken), options.out)
    say(f"following {chat}; signals go to {options.out}")
    total, last = 0, time.monotonic()
    while not options.idle or time.monotonic() - last < options.idle:
        before = follower.place.chat
        total += follower.step()
        if follower.place.chat > before:
            last = time.monotonic()
        else:
            time.sleep(PAUSE)
    say(f"{total} signals; nothing new for {options.idle:g} seconds")
    return 0


def _follow_segments(options: Options, chosen: Settings) -> int:
    """The first input is the folder that segments appear in; tables, or --domain, say what they are about."""
    folder, *others = options.inputs
    if not others and "auto" in (options.domain, options.lang):
        remedy = "give a table, or --domain and --lang: nobody waits for what will be said"
        raise InputError("what its segments are about is not known", str(folder), remedy)
    taken = intake.take(others) if others else intake.Intake()
    start = prepared(chosen, taken)
    lang = "" if options.lang == "auto" else start.lang

    def hear(path: Path, notes: Counter[str], on_heard: Callable[[float], None]) -> Iterator[Line]:
        return media.heard(path, lang, notes, on_heard)

    following = Segments(folder, start, options.out, hear)
    say(f"following the segments in {folder}; signals go to {options.out}")
    last = time.monotonic()
    while not options.idle or time.monotonic() - last < options.idle:
        if following.step():
            last = time.monotonic()
            say(f"{following.place.done[-1]}: {following.place.seconds:.0f} seconds so far")
        else:
            time.sleep(PAUSE)
    for reason in following.left_out:
        say(f"left out: {reason}")
    say(f"{len(following.place.done)} segments; nothing new for {options.idle:g} seconds")
    return 0
