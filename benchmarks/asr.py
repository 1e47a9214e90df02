"""How well and how fast is speech heard? python benchmarks/asr.py --keep clips

Our own texts (asr_texts.yaml) are spoken by two neural voices in turn (speaking.py), alone and with noise or music at
10 dB, both made by code, and go the whole way from a file to cues. Printed by language and condition: the error rate of
words (of characters in Chinese) with its interval, numbers heard, time given to the right speaker beside the share of
the one who speaks more (the trivial answer), and what it took, as CPU seconds of two cores beside the wall. Synthetic
speech is clearer than that of streams: the figures say what the path loses, not what a real stream will lose.
"""

import argparse
import random
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import speaking
import yaml
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from millstream import numbers
from millstream.listen import kept as kept_words
from millstream.listen import whisper
from millstream.listen.transcript import transcribed
from millstream.shapes import Line

BAR, CORES, DECIBELS, DRAWS = 0.25, 2, 10.0, 1000
CONDITIONS = ("clean", "noise", "music")
VOICES = {"en": speaking.EN, "zh": speaking.ZH}
TOKENS = {"en": re.compile(r"[a-z0-9]+(?:'[a-z]+)?"), "zh": re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")}
Sound = NDArray[np.float32]


@dataclass(frozen=True)
class Said:
    """One sentence: who says it, when, and the numbers in it; only those without numbers count for the error rate."""

    text: str
    voice: str
    start: float
    end: float
    values: tuple[float, ...]


def spoken(lang: str, repeats: int) -> tuple[Sound, list[Said]]:
    """All sentences of a language, two voices in turn, another pair each time."""
    texts = yaml.safe_load(Path(__file__).with_name("asr_texts.yaml").read_text(encoding="utf-8"))[lang]
    each = [(text, ()) for text in texts["plain"]] + [(row["text"], tuple(row["values"])) for row in texts["numbers"]]
    chance, parts, told, at = random.Random(0), list[Sound](), list[Said](), 0
    for n in range(repeats):
        pair = VOICES[lang][2 * n % len(VOICES[lang]) :][:2]
        for m, (text, values) in enumerate(chance.sample(each, len(each))):
            voice = pair[m // 2 % 2]
            sound = speaking.say(text, voice, lang)
            gap = np.zeros(int(speaking.RATE * chance.uniform(0.2, 1.2)), np.float32)
            told.append(Said(text, voice, at / speaking.RATE, (at + len(sound)) / speaking.RATE, values))
            parts += [sound, gap]
            at += len(sound) + len(gap)
    return np.concatenate(parts), told


def mixed(sound: Sound, condition: str) -> Sound:
    """With what disturbs it, `DECIBELS` below the speech (its loud moments, not the pauses)."""
    if condition == "clean":
        return sound
    other = noise(len(sound)) if condition == "noise" else music(len(sound))
    loud = np.sqrt(np.mean(sound[np.abs(sound) > 0.01] ** 2))
    made: Sound = sound + other * np.float32(loud / np.sqrt(np.mean(other**2)) / 10 ** (DECIBELS / 20))
    return (made / max(1.0, float(np.abs(made).max()))).astype(np.float32)


def noise(length: int) -> Sound:
    """Pink: as much power in each octave."""
    spectrum = np.fft.rfft(np.random.default_rng(1).normal(size=length))
    return np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 1), length).astype(np.float32)


def music(length: int) -> Sound:
    """Four chords over and over, with overtones, a bass and a drum on every beat."""
    beat = int(0.5 * speaking.RATE)
    t = np.arange(4 * beat) / speaking.RATE
    bars = []
    for root, third in ((220.0, 1.2), (174.6, 1.26), (261.6, 1.26), (196.0, 1.26)):
        notes = (root / 2, root, root * third, root * 1.5)
        bar = np.sum([np.sin(2 * np.pi * hertz * k * t) / k**1.5 for hertz in notes for k in (1, 2, 3, 4)], axis=0)
        drum = np.random.default_rng(2).normal(size=len(t)) * np.exp(-((t % 0.5) / 0.03)) * 2
        bars.append(bar * (0.6 + 0.4 * np.exp(-(t % 0.5) * 4)) + drum)
    whole = np.concatenate(bars)
    return np.resize(whole, length).astype(np.float32)


def errors(told: Sequence[Said], heard: Sequence[Line], lang: str) -> list[tuple[int, int]]:
    """(errors, words) of each sentence: one alignment over the whole clip, each error at the sentence it falls on."""
    words = [tokens(each.text, lang) for each in told]
    owner = [n for n, own in enumerate(words) for _ in own]
    found = tokens(" ".join(line.text for line in heard), lang)
    wrong: Counter[int] = Counter()
    for step in Levenshtein.editops([word for own in words for word in own], found):
        wrong[owner[min(step.src_pos, len(owner) - 1)]] += 1
    return [(wrong[n], len(own)) for n, own in enumerate(words) if not told[n].values]


def tokens(text: str, lang: str) -> list[str]:
    return TOKENS[lang].findall(text.casefold().replace("’", "'"))


def numbers_heard(told: Sequence[Said], heard: Sequence[Line]) -> tuple[int, int]:
    """How many of the numbers said are heard about when they are said."""
    right = whole = 0
    for each in told:
        near = " ".join(line.text for line in heard if overlap(line, each) > 0)
        found = numbers.values(near)
        right += sum(value in found for value in each.values)
        whole += len(each.values)
    return right, whole


def speakers(told: Sequence[Said], heard: Sequence[Line]) -> tuple[float, float]:
    """Share of heard time that is of the right speaker when numbers are matched to voices at their best, and the share
    of the voice that speaks most. Voices may have more numbers than one: only one of them counts."""
    together: Counter[tuple[str, str]] = Counter()
    for line in heard:
        for each in told:
            together[line.speaker, each.voice] += max(overlap(line, each), 0.0)
    whole = sum(together.values())
    by_voice: Counter[str] = Counter()
    for (_, voice), seconds in together.items():
        by_voice[voice] += seconds
    right, used = 0.0, set[str]()
    for (speaker, voice), seconds in together.most_common():
        if speaker not in used and voice not in used:
            used |= {speaker, voice}
            right += seconds
    return right / whole, by_voice.most_common(1)[0][1] / whole


def overlap(line: Line, said: Said) -> float:
    return min(line.end or 0.0, said.end) - max(line.start or 0.0, said.start)


def interval(counts: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """(rate, low, high): 95% by bootstrap over sentences."""
    pairs, draw = np.array(counts), np.random.default_rng(0)
    drawn = pairs[draw.integers(len(pairs), size=(DRAWS, len(pairs)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return float(pairs[:, 0].sum() / pairs[:, 1].sum()), float(low), float(high)


def cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def heard_in(clip: Path) -> tuple[list[Line], float, float]:
    """Its lines, and the wall and CPU seconds it took; nothing that was heard before is used."""
    with tempfile.TemporaryDirectory() as name:
        again = Path(name) / f"{random.random()}.wav"
        again.write_bytes(clip.read_bytes() + random.randbytes(16))  # behind the sound: another file to the cache
        wall, used = time.perf_counter(), cpu()
        lines = list(transcribed(again, whisper.ears(), "", Counter(), lambda at: None))
        wall, used = time.perf_counter() - wall, cpu() - used
        kept_words.place(again, f"{whisper.ears().name} ").unlink()
        return lines, wall, used


def measured(clip: Path, told: Sequence[Said], lang: str, show: bool) -> dict[str, Any]:
    lines, wall, used = heard_in(clip)
    for line in lines if show else ():
        print("   ", line.start, line.speaker, line.text)
    rate, low, high = interval(errors(told, lines, lang))
    right, whole = numbers_heard(told, lines)
    own, most = speakers(told, lines)
    seconds = told[-1].end
    return {
        "clip": clip.stem, "seconds": round(seconds), "cues": len(lines),
        "error": f"{rate:.1%} [{low:.1%}, {high:.1%}]", "numbers": f"{right}/{whole}",
        "speaker": f"{own:.0%} (alone {most:.0%})", "voices": len({line.speaker for line in lines}),
        "CPU/2": f"{used / CORES / seconds:.3f}", "wall": f"{wall / seconds:.3f}",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Speak, disturb, hear, and count the errors.")
    parser.add_argument("--keep", type=Path, help="a folder for the clips; what is there is used again")
    parser.add_argument("--repeats", type=int, default=1, help="how often all sentences are spoken, by other voices")
    parser.add_argument("--lines", action="store_true", help="print what was heard")
    asked = parser.parse_args()
    if why := speaking.missing():
        raise SystemExit(f"nothing can be spoken: {why}")
    warm = np.random.default_rng(0).normal(0, 0.1, 16_000).astype(np.float32)
    whisper.recognise(warm, "en")  # models are loaded, and their time is no part of it
    whisper.voice(warm)
    with tempfile.TemporaryDirectory() as name:
        folder = asked.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        for lang in ("en", "zh"):
            sound, told = kept(folder / f"{lang}{asked.repeats}.npz", lang, asked.repeats)
            for condition in CONDITIONS:
                clip = folder / f"{lang}-{condition}.wav"
                speaking.save(clip, mixed(sound, condition))
                row = measured(clip, told, lang, asked.lines)
                print(*(f"{key} {value}" for key, value in row.items()), sep="  ", flush=True)
    print(f"bar: {BAR} of real time on {CORES} cores; CPU/2: what two idle cores would need; wall: what it took")


def kept(path: Path, lang: str, repeats: int) -> tuple[Sound, list[Said]]:
    if not path.is_file():
        sound, told = spoken(lang, repeats)
        rows = [(each.text, each.voice, each.start, each.end, each.values) for each in told]
        np.savez_compressed(path, sound=sound.astype(np.float16), told=np.array(rows, dtype=object))
    with np.load(path, allow_pickle=True) as found:
        return found["sound"].astype(np.float32), [Said(*row) for row in found["told"]]


if __name__ == "__main__":
    main()
