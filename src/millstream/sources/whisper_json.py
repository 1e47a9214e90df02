"""What whisper, faster-whisper and whisperx write: segments of speech with times and, at times, speakers.

The confidence is the mean word probability, else the exponential of the mean token log-probability.
"""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    if opening.startswith("[{"):
        return {"start", "end", "text"} <= keys
    return opening.startswith("{") and "segments" in keys and '"start"' in head


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "whisper_json", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    whole = text.load_json(path)
    segments = whole if isinstance(whole, list) else text.dig(whole, "segments")
    if not isinstance(segments, list):
        raise InputError("holds no list of segments", str(path), "is it a Whisper JSON file?")
    lang = text.line(text.dig(whole, "language"))
    for each in segments:
        said = text.line(text.dig(each, "text"))
        if not said:
            notes["segments without text"] += 1
            continue
        start, end = text.seconds(text.dig(each, "start")), text.seconds(text.dig(each, "end"))
        speaker = text.line(text.dig(each, "speaker"))
        yield Line(said, start, end, speaker=speaker, confidence=_confidence(each), lang=lang)


def _confidence(segment: Any) -> float | None:
    words = text.dig(segment, "words")
    found = [
        value
        for word in (words if isinstance(words, list) else [])
        if (value := text.seconds(text.dig(word, "probability") or text.dig(word, "score"))) is not None
    ]
    if found:
        return sum(found) / len(found)
    mean = text.seconds(text.dig(segment, "avg_logprob"))
    return None if mean is None else math.exp(min(mean, 0.0))
