"""The ears of this machine: silero's detector of speech, whisper-base for words, GE2E for voices.

Needs the extra `media`; the weights are fetched when the first word is to be heard, so that silence costs nothing.
Knows no file of sound.
"""

import os
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray
from opencc import OpenCC

from millstream import weights
from millstream.download_bar import shown
from millstream.listen import Detect, Ears, Heard, Phrase, Sound, Voice, ge2e

_MODEL, _VOICE = "whisper-base", "ge2e"
_STATE, _CONTEXT = (1, 1, 128), 64
"""Shape of silero's memory, and samples of the window before that it looks at."""
_REPEATS = 2.4
"""How well text may be compressed before it is taken for one that goes round in circles (Radford et al., 2023, 4.5)."""
_LANGS_WITHOUT_SPACES = {"zh", "ja", "yue"}
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’)]*$")
_ABBREVIATION = re.compile(r"(?:^|\s)(?:[A-Za-z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|approx)\.$|\d[.,]$")
_NOISE = re.compile(r"[(\[（【*♪][^)\]）】]*[)\]）】*♪]?")
"""What whisper writes of sounds that are no speech: "[Music]", "(applause)", "♪"."""
_LEAST = 1.0
"""Seconds of a sentence that becomes a phrase of its own."""


def ears() -> Ears:
    return Ears(f"{_MODEL} {weights.find(_MODEL).sha256[:12]}", detector, recognise, voice)


def detector() -> Detect:
    """A new detector for a new stream: it remembers what came before."""
    session = get_vad_model().session
    h, c = np.zeros(_STATE, np.float32), np.zeros(_STATE, np.float32)
    before = np.zeros(_CONTEXT, np.float32)

    def detect(sound: Sound) -> NDArray[np.float32]:
        nonlocal h, c, before
        windows = sound.reshape(-1, 512)
        contexts = np.vstack([before, windows[:-1, -_CONTEXT:]])
        before = windows[-1, -_CONTEXT:]
        chances, h, c = session.run(None, {"input": np.hstack([contexts, windows]), "h": h, "c": c})
        found: NDArray[np.float32] = chances.reshape(-1)
        return found

    return detect


def voice(sound: Sound) -> NDArray[np.float32]:
    return _encoder()(sound)


def recognise(sound: Sound, lang: str) -> Heard:
    """Greedy in what it guesses, with a beam of five, and without what was said before: chunks do not depend on each
    other, so that one may be heard alone."""
    segments, about = _whisper().transcribe(
        sound,
        language=lang or None,
        beam_size=5,
        temperature=0.0,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    phrases, repeats = list[Phrase](), 0
    for segment in segments:
        if segment.compression_ratio > _REPEATS:
            repeats += 1
            continue
        phrases += _phrases(segment.words or (), about.language)
    return Heard(about.language, float(about.language_probability), tuple(phrases), repeats)


def _phrases(words: Sequence[Any], lang: str) -> Iterator[Phrase]:
    """A segment's words, cut where a sentence ends: two people seldom share one."""
    own: list[Any] = []
    for word in words:
        own.append(word)
        so_far = "".join(each.word for each in own)
        ends = _SENTENCE_END.search(so_far) and not _ABBREVIATION.search(so_far)
        if ends and word.end - own[0].start >= _LEAST:
            yield from _phrase(own, lang)
            own = []
    yield from _phrase(own, lang)


def _phrase(words: Sequence[Any], lang: str) -> Iterator[Phrase]:
    text = _NOISE.sub("", "".join(word.word for word in words)).strip()
    if not any(char.isalnum() for char in text):
        return
    if lang in _LANGS_WITHOUT_SPACES:
        text = _simplified().convert(text)
    sure = float(np.mean([word.probability for word in words]))
    yield Phrase(text, float(words[0].start), float(words[-1].end), round(sure, 3))


@cache
def _simplified() -> Any:
    """Whisper writes traditional and simplified characters at random: which, says nothing of the speaker."""
    return OpenCC("t2s")


@cache
def _whisper() -> WhisperModel:
    with shown(_MODEL) as on_progress:
        folder = weights.fetch(_MODEL, on_progress).parent
    threads = min(len(os.sched_getaffinity(0)), 4)
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)


@cache
def _encoder() -> Voice:
    with shown(_VOICE) as on_progress:
        return ge2e.encoder(weights.fetch(_VOICE, on_progress))
