"""Re-stream with real speech: `python benchmarks/restream_spoken.py DATA --talks 6 --kept FOLDER`

The host's lines of a few test streams are spoken by the program espeak-ng (never linked) and heard by the recogniser of
a run; the packaged linker links what was heard, beside the same talks through the noise channel that the large
benchmark uses. Printed are the words wrong per word said, of both, so that the channel can be compared with what it
stands for. espeak-ng's voice is harder to hear than a person's: read its errors as an upper end. What was heard is kept
in FOLDER, so that a second run takes seconds. Nothing is tuned here.
"""

import argparse
import hashlib
import json
import random
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import restream_corpora as corpora
from rapidfuzz.distance import Levenshtein
from restream import Case, Marks, Method, case, count, marked, ours, rule
from restreaming import Maker, Noise, Shape, Talk, tokens
from scoring import Count

from millstream.listen import decode, whisper
from millstream.metrics.intervals import ratio
from millstream.mine.linking.answers import Answer, packaged, sizes
from millstream.records import Lang

VOICES = {"en": ("en-us", "en-gb", "en-us+f3"), "zh": ("cmn", "cmn+f3")}
SPEED = {"en": 155, "zh": 170}


@dataclass
class Spoken(Noise):
    """What the recogniser hears of a text that was spoken, each text once."""

    talks: Sequence[Talk]
    lang: Lang
    folder: Path
    said: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def hear(self, text: str, chance: random.Random) -> list[str]:
        heard = tokens(self._heard(text), self.lang)
        self.said.append((tokens(text, self.lang), heard))
        return heard

    def _heard(self, text: str) -> str:
        voice = VOICES[self.lang][len(text) % len(VOICES[self.lang])]
        file = self.folder / f"{hashlib.sha256(f'{voice} {text}'.encode()).hexdigest()[:20]}.json"
        if not file.exists():
            told = {"said": text, "heard": _transcript(text, voice, self.lang)}
            file.write_text(json.dumps(told, ensure_ascii=False))
        return str(json.loads(file.read_text())["heard"])


def _transcript(text: str, voice: str, lang: Lang) -> str:
    with tempfile.TemporaryDirectory() as name:
        wav = Path(name) / "said.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", str(SPEED[lang]), "-w", wav, "--", text], check=True)
        sound = np.concatenate(list(decode.blocks(wav, Counter())))
        heard = whisper.recognise(sound, lang)
    return " ".join(phrase.text for phrase in heard.phrases)


@dataclass
class Channel(Noise):
    """The channel, with what it was given and gave."""

    talks: Sequence[Talk]
    lang: Lang
    said: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.talks, self.lang, Shape().wrong)

    def hear(self, text: str, chance: random.Random) -> list[str]:
        heard = super().hear(text, chance)
        self.said.append((tokens(text, self.lang), heard))
        return heard


def errors(said: Sequence[tuple[list[str], list[str]]]) -> str:
    """Words wrong per word said, 95% by bootstrap over lines, and of which kind they are."""
    kinds = {"replace": 0, "delete": 0, "insert": 0}
    for told, heard in said:
        for each in Levenshtein.editops(told, heard):
            kinds[each.tag] += 1
    words = sum(len(told) for told, _ in said)
    rate = ratio([(Levenshtein.distance(told, heard), len(told)) for told, heard in said])
    parts = ", ".join(f"{kind} {n / words:.3f}" for kind, n in kinds.items())
    return f"{rate.value:.3f} ({rate.low:.3f} to {rate.high:.3f}) of {words} words: {parts}"


def linked(cases: Sequence[Case], method: Method, floor: float) -> str:
    every: list[Marks] = marked(cases, method(cases))
    told = [count(marks, len(each.stream.gold), floor) for each, marks in zip(cases, every, strict=True)]
    whole = sum(told, Count())
    return f"precision {whole.precision:.3f}, recall {whole.recall:.3f}, F1 {whole.f1:.3f} of {whole.gold} links"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("--talks", type=int, default=6, help="talks a stream; one stream a language")
    words.add_argument("--kept", type=Path, required=True, help="what was heard is kept here")
    told = words.parse_args()
    told.kept.mkdir(parents=True, exist_ok=True)
    model = packaged()

    def by_model(cases: Sequence[Case]) -> list[list[Answer]]:
        share = np.concatenate([model.shares(each.pairs.table, sizes(each.pairs)) for each in cases])
        return [[replace(one, share=float(model.sure(one.share))) for one in each] for each in ours(cases, share)]

    multiwoz = corpora.multiwoz(told.data / "multiwoz21_convlab" / "val.json.zip")
    crosswoz = corpora.crosswoz(told.data / "crosswoz" / "val.json.zip")
    for talks in (multiwoz[: told.talks], crosswoz[-told.talks :]):
        lang = talks[0].lang
        lines = corpora.background(told.data, lang)
        for name, noise in (("spoken", Spoken(talks, lang, told.kept)), ("channel", Channel(talks, lang))):
            shape = replace(Shape(), talks=told.talks)
            made = [case(Maker(f"spoken {lang}", talks, lines[len(lines) // 2 :], noise, shape).make())]
            print(f"{lang} {name}: wrong {errors(noise.said)}")
            print(f"   ours: {linked(made, by_model, model.floor)}\n   rule: {linked(made, rule, 0.75)}", flush=True)


if __name__ == "__main__":
    main()
