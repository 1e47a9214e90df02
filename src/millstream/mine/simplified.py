"""Traditional Chinese as simplified, by OpenCC's characters and phrases; names of people too, so that one who is called
by name is still found at the door. The files keep what was written. Needs the extra `zh`; knows no meaning.

Text with kana is Japanese and stays; so does every line without a character that GB 2312 lacks, as simplified text is.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from opencc import OpenCC

from millstream.records import Cue, Passage
from millstream.shapes import Line, Reading, Table

_HAN, _KANA = re.compile("[\u3400-\u9fff]"), re.compile("[\u3040-\u30ff]")
_BY_PHRASES = OpenCC("t2s")


@functools.lru_cache(1 << 16)
def simplified(text: str) -> str:
    han = "" if text.isascii() or _KANA.search(text) else "".join(_HAN.findall(text))
    if not han or han.encode("gb2312", "ignore").decode("gb2312") == han:
        return text
    return str(_BY_PHRASES.convert(text))


def reading(told: Reading) -> Reading:
    """The same recording, read so."""
    return replace(told, cues=_Cues(told.cues), lines=partial(_lines, told.lines), told=partial(_lines, told.told))


def table(known: Table) -> Table:
    rows = tuple(tuple(map(simplified, row)) for row in known.rows)
    return replace(known, headers=tuple(map(simplified, known.headers)), rows=rows)


def passage(known: Passage) -> Passage:
    """Its evidence is where it stands in the file."""
    return known.model_copy(update={"text": simplified(known.text), "title": simplified(known.title)})


def _lines(read: Callable[..., Iterator[Line]], *given: Counter[str]) -> Iterator[Line]:
    return map(_line, read(*given))


def _line(line: Line) -> Line:
    return line._replace(
        text=simplified(line.text), author=simplified(line.author), speaker=simplified(line.speaker)
    )


@dataclass(frozen=True)
class _Cues:
    """Read anew each time, as the cues they are made of."""

    cues: Iterable[Cue]

    def __iter__(self) -> Iterator[Cue]:
        for cue in self.cues:
            changed = {name: simplified(getattr(cue, name)) for name in ("text", "author", "speaker")}
            yield cue.model_copy(update=changed)
