"""What whisper, faster-whisper and whisperx write: segments of speech with times and, at times, speakers. Also
whisper.cpp (`transcription`, milliseconds) and the pipelines of transformers (`chunks`).

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
    marks = {"segments": '"start"', "transcription": '"offsets"', "chunks": '"timestamp"'}
    return opening.startswith("{") and any(key in keys and mark in head for key, mark in marks.items())


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "whisper_json", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    whole = text.load_json(path)
    listed = (whole, *(text.dig(whole, key) for key in ("segments", "transcription", "chunks")))
    segments = next((each for each in listed if isinstance(each, list)), None)
    if segments is None:
        raise InputError("holds no list of segments", str(path), "is it a Whisper JSON file?")
    lang = text.line(text.dig(whole, "language") or text.dig(whole, "result", "language"))
    for each in segments:
        said = text.line(text.dig(each, "text"))
        if not said:
            notes["segments without text"] += 1
            continue
        start, end = _times(each)
        speaker = text.line(text.dig(each, "speaker"))
        yield Line(said, start, end, speaker=speaker, confidence=_confidence(each), lang=lang)


def _times(segment: Any) -> tuple[float | None, float | None]:
    if (offsets := text.dig(segment, "offsets")) is not None:
        start, end = (text.seconds(text.dig(offsets, key)) for key in ("from", "to"))
        return None if start is None else start / 1000, None if end is None else end / 1000
    pair = text.dig(segment, "timestamp")
    start, end = (text.dig(segment, key) for key in ("start", "end"))
    return text.seconds(text.dig(pair, 0) if start is None else start), text.seconds(
        text.dig(pair, 1) if end is None else end
    )


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
