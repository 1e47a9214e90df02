"""Bytes to text and text to JSON, with every way in which that can go wrong said in one line.

Files come from strangers: they may be torn, of another encoding, or made to harm the reader. This file knows
encodings and JSON; it knows no format of any source and nothing of what the text says.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from millstream.errors import InputError

HEAD = 1 << 16
"""Bytes of a file that a format is recognised by."""
LONGEST = 1 << 24
"""Bytes a single line may have."""
DEEPEST = 100
"""Levels a JSON value may be nested; real files stay below 40."""

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD]([89a-fA-F])|.?)", re.S)
BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.S)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes. Raises InputError where it is missing or may not be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(error.strerror or "cannot be opened", str(path), "check the path") from error
    with file:
        yield file


def head(path: Path) -> str:
    """The first 64 KiB as text; "" for an empty file."""
    with opened(path) as file:
        raw = file.read(HEAD)
        return decode(raw, str(path), whole=not file.read(1))


def read(path: Path) -> str:
    """The whole file: UTF-8 with or without a mark, UTF-16 with one, or GB18030 that holds Chinese."""
    with opened(path) as file:
        return decode(file.read(), str(path)).replace("\r\n", "\n").replace("\r", "\n")


def decode(raw: bytes, where: str, whole: bool = True) -> str:
    """`raw` as text; a character cut off at the end is forgiven unless it is the `whole` file."""
    mark, codec = next(((mark, codec) for mark, codec in MARKS if raw.startswith(mark)), (b"", "utf-8"))
    body = raw[len(mark) :]
    try:
        text = codecs.getincrementaldecoder(codec)().decode(body, whole)
    except UnicodeDecodeError as error:
        text = "" if mark else _gb18030(body, whole)
        if not text:
            line = body.count(b"\n", 0, error.start) + 1
            what = f"not {codec.upper()} text"
            raise InputError(what, f"{where} line {line}", "save it as UTF-8") from error
    if "\0" in text:
        raise InputError("not text, or UTF-16 without a byte order mark", where, "save it as UTF-8")
    return text


def _gb18030(raw: bytes, whole: bool) -> str:
    """Latin-1 often decodes as GB18030 too, but then its Chinese characters stand alone among letters."""
    if b"\0" in raw:
        return ""
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(raw, whole)
    except UnicodeDecodeError:
        return ""
    return text if re.search("[\u4e00-\u9fff]{2}", text) and not CONTROL.search(text) else ""


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a UTF-8 file that are not blank, in constant memory."""
    with opened(path) as file:
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
            where = f"{path} line {number}"
            if len(raw) > LONGEST:
                raise InputError(f"longer than {LONGEST} bytes", where, "is it one JSON object a line?")
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise InputError("not UTF-8 text", where, "save it as UTF-8") from error
            if text:
                yield number, text


# --- JSON --------------------------------------------------------------------------------------------------


def load_json(path: Path) -> Any:
    """The one JSON value of a UTF-8 file."""
    return parse_json(read(path), str(path))


def parse_json(text: str, where: str) -> Any:
    """Strict JSON: no NaN, no lone surrogates, nothing nested deeper than `DEEPEST`."""
    if text.count("[") + text.count("{") > DEEPEST:
        _refuse_depth(text, where)
    if "\\u" in text and any(found[1] for found in ESCAPE.finditer(text.encode())):
        raise _lone_surrogate(where)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"{where} line {error.lineno}" if error.lineno > 1 else where
        raise InputError(f"not JSON, or torn: {error.msg}", place, "check that it is complete") from error
    except ValueError as error:
        raise InputError(f"not JSON: {error}", where, "write it as plain JSON") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _refuse_depth(text: str, where: str) -> None:
    depth = 0
    for found in BRACKETS.finditer(text):
        depth += bool(found[1]) - bool(found[2])
        if depth > DEEPEST:
            raise _too_deep(where)


def _too_deep(where: str) -> InputError:
    return InputError(f"JSON nested more than {DEEPEST} deep", where, "no known format is; leave it out")


def _lone_surrogate(where: str) -> InputError:
    return InputError("half a character (a lone surrogate escape)", where, "write it as UTF-8 again")


def items(path: Path) -> Iterator[Any]:
    """The items of a JSON list one by one, in constant memory. Errors name the item, counted from 1."""
    count, depth, builder = 1, 0, ijson.ObjectBuilder()
    with opened(path) as file:
        try:
            for event, value in ijson.basic_parse(_Checked(file, str(path)), use_float=True):
                depth -= event.startswith("end_")
                if depth > 0:
                    builder.event(event, value)
                elif event not in ("start_array", "end_array"):
                    raise InputError("not a JSON list", str(path), "put the items between [ and ]")
                if event.startswith("start_"):
                    depth += 1
                    if depth > DEEPEST:
                        raise _too_deep(f"{path} item {count}")
                elif depth == 1:
                    yield builder.value
                    count, builder = count + 1, ijson.ObjectBuilder()
        except ijson.JSONError as error:
            raw = error.args[0]
            said = (raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)).partition("\n")[0]
            what, where = f"not JSON, or torn: {said}", f"{path} item {count}"
            raise InputError(what, where, "check that it is complete") from error


class _Checked:
    """A file as the JSON parser reads it. The parser would turn half a character into "?" and say nothing."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self.file, self.where, self.carry = file, where, b""
        if (start := file.read(3)) != codecs.BOM_UTF8:
            file.seek(-len(start), 1)

    def read(self, size: int) -> bytes:
        chunk = self.file.read(size)
        text, self.carry = self.carry + chunk, b""
        for found in ESCAPE.finditer(text):
            if chunk and found.start() > len(text) - 12:  # it may go on in the next chunk
                self.carry = text[found.start() :]
                break
            if found[1]:
                raise _lone_surrogate(self.where)
        return chunk


def shape(head: str) -> tuple[str, frozenset[str]]:
    """How a JSON file begins: its opening brackets ("[{", "[[{", "{") and the keys of its first object."""
    opening = re.match(r"[\s\[{]*", head.lstrip("\ufeff"))
    brackets = "".join(opening[0].split()) if opening else ""
    start = head.find("{")
    if not brackets or start < 0:
        return brackets[:3], frozenset()
    try:
        first, _ = json.JSONDecoder().raw_decode(head[start:])
    except (ValueError, RecursionError):  # the head ends inside it
        return brackets[:3], frozenset(re.findall(r'"([^"\\]{1,60})"\s*:', head))
    return brackets[:3], frozenset(first)


# --- values ------------------------------------------------------------------------------------------------


def dig(value: Any, *keys: str | int) -> Any:
    """`value[a][b]...`, or None where a stranger's file has something else there."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def line(value: object) -> str:
    """A string on one line, without control characters; "" for anything that is no string or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(CONTROL.sub("", str(value)).split())


def seconds(value: object) -> float | None:
    """Seconds from a number, its text, or "[h:]mm:ss[.fff]"; None for anything else, infinity included."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if found := CLOCK.fullmatch(text.lstrip("-")):
        total = int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3].replace(",", "."))
        return -total if text.startswith("-") else total
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
