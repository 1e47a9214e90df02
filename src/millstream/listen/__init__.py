"""What it is to listen: sound in, lines with their times out. Only the shapes; no heavy library is loaded here.

decode.py makes sound of a media file, voiced.py finds the speech in it, whisper.py the words, voices.py and ge2e.py
who speaks, kept.py keeps what was heard, transcript.py is all of it together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Samples a second."""

Sound = NDArray[np.float32]
"""One channel at `RATE`, between -1 and 1."""

Detect = Callable[[Sound], NDArray[np.float32]]
"""Whole windows of 512 samples, the next ones of a stream -> how likely each holds speech."""

Voice = Callable[[Sound], NDArray[np.float32]]
"""Some seconds of one person's speech -> a unit vector of the voice. Never written down anywhere."""


@dataclass(frozen=True)
class Phrase:
    """Words heard together: seconds from the beginning of the sound, and the mean probability of the words."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True)
class Heard:
    """What was heard in a stretch of speech; `sure` is the probability of the language, 1 where it was given."""

    lang: str
    sure: float
    phrases: tuple[Phrase, ...]
    repeats: int = 0
    """Segments left out because the recogniser fell into saying the same again and again."""


Recognise = Callable[[Sound, str], Heard]
"""(at most half a minute of speech, its language or "") -> what is said."""


@dataclass(frozen=True)
class Ears:
    """What listening is done with. `name` is that of the recogniser: what another heard is heard anew."""

    name: str
    detector: Callable[[], Detect]
    recognise: Recognise
    voice: Voice
