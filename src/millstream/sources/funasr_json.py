"""What FunASR gives (Paraformer, SenseVoice): a list of results, each with `sentence_info`; or what its server answers,
with `stamp_sents`. Times are milliseconds.

SenseVoice puts marks like `<|zh|><|HAPPY|>` into its text: its language is kept, the others are dropped. A result
without sentences is one line from its first to its last time.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.shapes import Reading
from millstream.sources import Line, reading

MARK = re.compile(r"<\s*\|\s*([^<>|]*?)\s*\|\s*>")
SPACED = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""Without a model for punctuation, Paraformer writes a space behind each character."""
LANGUAGES = {"zh", "en", "yue", "ja", "ko"}
SENTENCES = ("sentence_info", "stamp_sents")


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    sentences = bool(keys & set(SENTENCES))
    return bool(opening) and "text" in keys and (sentences or {"key", "timestamp"} <= keys or _marked(head, keys))


def _marked(head: str, keys: frozenset[str]) -> bool:
    return "key" in keys and "<|" in head


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "funasr_json", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    opening, _ = text.shape(text.head(path))
    for result in pieces.items(path) if opening.startswith("[") else pieces.values(path):
        marks = MARK.findall(text.line(text.dig(result, "text")))
        lang = next((mark for mark in marks if mark in LANGUAGES), "")
        sentences = next((found for key in SENTENCES if (found := text.dig(result, key))), None)
        for each in sentences if isinstance(sentences, list) else [result]:
            found = _line(each)
            if found.text:
                yield found._replace(lang=lang)
            else:
                notes["segments without text"] += 1


def _line(sentence: Any) -> Line:
    said = next(filter(None, (text.line(text.dig(sentence, key)) for key in ("text", "sentence", "text_seg"))), "")
    if text.dig(sentence, "text_seg") is not None:
        said += text.line(text.dig(sentence, "punc"))
    times = _times(text.dig(sentence, "timestamp"))
    start, end = text.dig(sentence, "start"), text.dig(sentence, "end")
    start, end = text.dig(times, 0, 0) if start is None else start, text.dig(times, -1, 1) if end is None else end
    number = text.line(text.dig(sentence, "spk"))
    speaker = f"spk{number}" if number.isdigit() else number
    said = SPACED.sub("", text.line(MARK.sub("", said)))
    return Line(said, _seconds(start), _seconds(end), speaker=speaker)


def _times(stamps: Any) -> Any:
    """The server writes the list of times as text."""
    pairs = re.findall(r"\[\s*(\d+)\s*,\s*(\d+)\s*\]", stamps) if isinstance(stamps, str) else None
    return [list(pair) for pair in pairs] if pairs else stamps


def _seconds(milliseconds: Any) -> float | None:
    found = text.seconds(milliseconds)
    return None if found is None else found / 1000
