"""Speech found in sound, and put together to chunks that a recogniser takes at once. Holds one chunk at a time.

Knows no file and no words: what says how likely a window is speech is handed in (`Detect`).
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from millstream.listen import RATE, Detect, Sound

WINDOW = 512
"""Samples of a window, as silero's detector has them: 32 ms."""
SPEECH, SILENCE = 0.5, 0.35
"""Speech begins at this probability, and ends where it stays below that (silero's own defaults)."""
_BATCH, _MARGIN, _PAUSE, _LEAST = 32, 6, 16, 8
"""Windows judged at once; kept before and behind speech; of silence that end a stretch; of speech worth hearing."""
LONGEST = 28 * RATE // WINDOW
"""Windows of a chunk: whisper hears 30 s at once."""
_BETWEEN = RATE // 2
"""Samples of silence put between two stretches of a chunk, whatever lay between them."""
_FARTHEST = 60.0
"""Seconds from the beginning of a chunk after which nothing more is added to it."""


@dataclass(frozen=True)
class Chunk:
    """Stretches of speech one behind the other. `places`: (seconds into `sound`, seconds of the media clock)."""

    sound: Sound
    places: tuple[tuple[float, float], ...]

    @property
    def start(self) -> float:
        return self.places[0][1]

    def at(self, seconds: float) -> float:
        """The time of the media clock at so many seconds into the sound."""
        here, there = max((each for each in self.places if each[0] <= seconds), default=self.places[0])
        return there + max(seconds - here, 0.0)


def chunks(blocks: Iterable[Sound], detect: Detect) -> Iterator[Chunk]:
    """All speech, in its order; a chunk is at most 28 s of it."""
    parts: list[Sound] = []
    places: list[tuple[float, float]] = []
    length = 0
    for first, sound in stretches(blocks, detect):
        full = length + _BETWEEN + len(sound) > LONGEST * WINDOW
        if parts and (full or first / RATE - places[0][1] > _FARTHEST):
            yield Chunk(np.concatenate(parts), tuple(places))
            parts, places, length = [], [], 0
        if parts:
            parts.append(np.zeros(_BETWEEN, np.float32))
            length += _BETWEEN
        places.append((length / RATE, first / RATE))
        parts.append(sound)
        length += len(sound)
    if parts:
        yield Chunk(np.concatenate(parts), tuple(places))


def stretches(blocks: Iterable[Sound], detect: Detect) -> Iterator[tuple[int, Sound]]:
    """(number of the first sample, sound) of each stretch of speech with a margin around it."""
    speaking = _Stretch(0)
    before: deque[Sound] = deque(maxlen=_MARGIN)
    for n, (window, chance) in enumerate(_judged(blocks, detect)):
        if not speaking.windows:
            if chance < SPEECH:
                before.append(window)
                continue
            speaking = _Stretch(n - len(before))
            for each in before:
                speaking.add(each, 0.0)
            before.clear()
        speaking.add(window, chance)
        if speaking.quiet >= _PAUSE or len(speaking.windows) >= LONGEST:
            rest = speaking.cut()
            yield from speaking.told()
            before.extend(rest.windows if rest.quiet else ())
            speaking = _Stretch(0) if rest.quiet else rest
    speaking.trim()
    yield from speaking.told()


class _Stretch:
    """Windows of speech with their probabilities, from window `first` of the sound on."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.windows: list[Sound] = []
        self.chances: list[float] = []
        self.quiet = 0

    def add(self, window: Sound, chance: float) -> None:
        self.windows.append(window)
        self.chances.append(chance)
        self.quiet = self.quiet + 1 if chance < SILENCE else 0

    def cut(self) -> "_Stretch":
        """What comes behind this one: the silence at its end, or, where there is none, what follows the quietest
        moment of its second half."""
        if self.quiet >= _PAUSE:
            at = len(self.windows) - self.quiet + _MARGIN
        else:
            half = len(self.chances) // 2
            at = half + 1 + int(np.argmin(self.chances[half:-1]))
        rest = _Stretch(self.first + at)
        quiet = self.quiet >= _PAUSE
        rest.windows, rest.chances = self.windows[at:], self.chances[at:]
        rest.quiet = len(rest.windows) if quiet else 0
        self.windows, self.chances = self.windows[:at], self.chances[:at]
        return rest

    def trim(self) -> None:
        """The silence at the end of the sound is no speech."""
        keep = len(self.windows) - max(self.quiet - _MARGIN, 0)
        self.windows, self.chances = self.windows[:keep], self.chances[:keep]

    def told(self) -> Iterator[tuple[int, Sound]]:
        if sum(chance >= SPEECH for chance in self.chances) >= _LEAST:
            yield self.first * WINDOW, np.concatenate(self.windows)


def _judged(blocks: Iterable[Sound], detect: Detect) -> Iterator[tuple[Sound, float]]:
    """Each window with its probability; the last one is filled up with silence."""
    left = np.zeros(0, np.float32)
    for block in blocks:
        left = np.concatenate([left, block])
        while len(left) >= _BATCH * WINDOW:
            batch, left = left[: _BATCH * WINDOW], left[_BATCH * WINDOW :]
            yield from zip(batch.reshape(-1, WINDOW), map(float, detect(batch)), strict=True)
    if len(left):
        batch = np.pad(left, (0, -len(left) % WINDOW))
        yield from zip(batch.reshape(-1, WINDOW), map(float, detect(batch)), strict=True)
