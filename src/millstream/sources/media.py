"""Audio and video: what is said in them, heard on this machine. Speech; knows nothing of how it is heard.

Any container that PyAV opens; known by its first bytes, else by its name where it is no text. Needs the extra `media`.
"""

import importlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, name_of, reading

Hear = Callable[[Path, str, Counter[str]], Iterator[Line]]
"""(file, its language or "", notes to count in) -> what is said in it."""

_BEGINS = re.compile(
    rb"....ftyp|....(?:moov|mdat|wide|free|skip)|RIFF....(?:WAVE|AVI )|RF64....WAVE|\x1aE\xdf\xa3|OggS|fLaC|ID3"
    rb"|FLV\x01|\x00\x00\x01\xba|FORM....AIF[FC]|caff|#!AMR|\.snd|\x30\x26\xb2\x75\x8e\x66\xcf\x11"
    rb"|\xff[\xf1\xf9][\x40-\xbf]|\xff[\xf2-\xf3\xfa-\xfb][\x10-\xeb]|(?:\x47.{187}){3}\x47|.{4}(?:\x47.{191}){3}\x47",
    re.S,
)
"""MP4 and QuickTime, WAVE and AVI, Matroska and WebM, Ogg, FLAC, MP3, FLV, MPEG program and transport streams, AIFF,
CAF, AMR, AU, ASF, ADTS."""
_ENDINGS = re.compile(
    r"\.(3gp|aac|ac3|aiff?|amr|ape|asf|avi|caf|dts|f4v|flac|flv|m2ts|m4[abv]|mk[av]|mov|mp[234]|mpe?g|mts|mxf|og[agv]"
    r"|opus|rm|rmvb|ts|tta|vob|w64|wav|web[am]|wm[av]|wv)$",
    re.I,
)
_CAPTIONS = (".srt", ".vtt", ".ass", ".ssa")


def recognises(path: Path, head: str) -> bool:
    """It is no text."""
    return False


def recognises_bytes(path: Path, head: bytes) -> bool:
    return _BEGINS.match(head) is not None or (_ENDINGS.match(path.suffix) is not None and b"\0" in head)


def read(path: Path) -> Iterator[Reading]:
    yield from read_by(path, _heard)


def read_by(path: Path, hear: Hear) -> Iterator[Reading]:
    """InputError where captions of the same name lie beside it: they are better, and its speech would stand there
    twice."""
    key, lang = name_of(path)
    beside = [each.name for each in path.parent.glob("*") if each.suffix in _CAPTIONS and name_of(each)[0] == key]
    if beside:
        remedy = "give those alone, or move them away to have it listened to"
        raise InputError(f"its captions lie beside it, {min(beside)}", str(path), remedy)
    yield reading(path, "media", "speech", lambda file, notes: hear(file, lang, notes))


def heard(path: Path, lang: str, notes: Counter[str], on_heard: Callable[[float], None]) -> Iterator[Line]:
    """What the ears of this machine hear; `on_heard` is told the seconds gone through."""
    yield from _loaded("transcript", path).transcribed(path, _loaded("whisper", path).ears(), lang, notes, on_heard)


def _heard(path: Path, lang: str, notes: Counter[str]) -> Iterator[Line]:
    with _loaded("listening_bar", path).shown(path.name, _loaded("decode", path).seconds(path)) as on_heard:
        yield from heard(path, lang, notes, on_heard)


def _loaded(name: str, path: Path) -> ModuleType:
    """A part of listen/, loaded when the first sound is met: its libraries are heavy."""
    try:
        return importlib.import_module(f"millstream.listen.{name}")
    except ModuleNotFoundError as error:
        what = f"audio and video need {error.name!r}"
        raise InputError(what, str(path), "pip install 'millstream[media]'") from error
