"""Bytes to text and text to JSON, with every way in which that can go wrong said in one line.

Files come from strangers: they may be torn, of another encoding, or made to harm the reader. This file knows
encodings and JSON; it knows no format of any source and nothing of what the text says.
"""

import codecs
import csv
import io
import itertools
import json
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from millstream.errors import InputError
from millstream.packed import GZIP, unpacked

HEAD = 1 << 16
"""Bytes of a file that a format is recognised by."""
LONGEST = 1 << 24
"""Bytes a single line may have."""
WHOLE = 1 << 28
"""Bytes of a file that is read in one piece: captions, transcripts, tables, documents."""
DEEPEST = 100
"""Levels a JSON value may be nested; real files stay below 40."""

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u[dD]([89a-fA-F])|.?)", re.S)
TOKENS = re.compile(r'"((?:[^"\\]|\\.|\\\Z)*)(?:"(\s*:)?|\Z)|([\[{])|([\]}])', re.S)
"""A string (torn at the end, perhaps) and whether it is a key, or a bracket that opens or closes."""
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Characters that nobody sees, but for joiners."""
JOINERS = re.compile("(?<=[0-9A-Za-z\u3400-\u9fff])[\u200c\u200d]+")
"""Joiners stay where scripts and emoji need them."""
CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked where it is a gzip file. Raises InputError where it is missing or may not be read, and
    where it was changed by somebody between its opening and its end."""
    try:
        file = path.open("rb")
        packed = file.read(2) == GZIP
        file.seek(0)
    except OSError as error:
        raise InputError(error.strerror or "cannot be opened", str(path), "check the path") from error
    with file:
        before = _state(os.fstat(file.fileno()))
        yield unpacked(file, str(path)) if packed else file
        used = file.tell() > HEAD or file.tell() >= before[1]
        if used and _state(path.stat()) != before:
            raise InputError("changed while it was read", str(path), "wait until it is written, or see mine --follow")


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns


def name(path: Path) -> str:
    """The name of a file in small letters, without the ending that says it is packed."""
    return path.name.lower().removesuffix(".gz")


def ending(path: Path) -> str:
    """The last ending of its name, as `name` has it."""
    return Path(name(path)).suffix


def head_bytes(path: Path) -> bytes:
    """The first 64 KiB as they are."""
    with opened(path) as file:
        return file.read(HEAD)


def head(path: Path) -> str:
    """The first 64 KiB as text; "" for an empty file."""
    with opened(path) as file:
        raw = file.read(HEAD)
        return decode(raw, str(path), whole=not file.read(1))


def holds(path: Path, *words: bytes) -> bool:
    """Does one of these words stand anywhere in the file?"""
    with opened(path) as file:
        carry, most = b"", max(map(len, words)) - 1
        while chunk := file.read(LONGEST):
            said = carry + chunk
            if any(word in said for word in words):
                return True
            carry = said[-most:]
    return False


def read(path: Path) -> str:
    """The whole file: UTF-8 with or without a mark, UTF-16 with one, or GB18030 that holds Chinese. What is read whole
    is short; a file of more than `WHOLE` bytes is none of those."""
    with opened(path) as file:
        raw = file.read(WHOLE + 1)
        if len(raw) > WHOLE:
            raise InputError(f"longer than {WHOLE} bytes", str(path), "only chats may be: is it one?")
        return decode(raw, str(path)).replace("\r\n", "\n").replace("\r", "\n")


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
            text = _line(raw, f"{path} line {number}", "utf-8-sig" if number == 1 else "utf-8").strip()
            if text:
                yield number, text


# --- JSON --------------------------------------------------------------------------------------------------


def load_json(path: Path) -> Any:
    """The one JSON value of a UTF-8 file."""
    return parse_json(read(path), str(path))


def parse_json(text: str, where: str) -> Any:
    """Strict JSON: no NaN, no lone surrogates, nothing nested deeper than `DEEPEST`."""
    refuse_odd(text, where)
    try:
        return json.loads(text, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        place = f"{where} line {error.lineno}" if error.lineno > 1 else where
        raise InputError(f"not JSON, or torn: {error.msg}", place, "check that it is complete") from error
    except ValueError as error:
        raise InputError(f"not JSON: {error}", where, "write it as plain JSON") from error


def refuse_odd(text: str, where: str) -> None:
    """JSON that is right and made to harm: nested too deep, or with half a character in it."""
    if text.count("[") + text.count("{") > DEEPEST:
        _refuse_depth(text, where)
    if "\\u" in text and any(found[1] for found in ESCAPE.finditer(text.encode())):
        raise lone_surrogate(where)


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _refuse_depth(text: str, where: str) -> None:
    depth = 0
    for token in TOKENS.finditer(text):
        depth += bool(token[3]) - bool(token[4])
        if depth > DEEPEST:
            raise too_deep(where)


def too_deep(where: str) -> InputError:
    return InputError(f"JSON nested more than {DEEPEST} deep", where, "no known format is; leave it out")


def check_name(path: Path) -> None:
    """InputError for a file whose name no record could hold."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise InputError("its name is no UTF-8", str(path), "rename it") from error


def lone_surrogate(where: str) -> InputError:
    return InputError("half a character (a lone surrogate escape)", where, "write it as UTF-8 again")


def shape(head: str) -> tuple[str, frozenset[str]]:
    """How a JSON file begins: its opening brackets ("[{", "[[{", "{") and the keys of its first object."""
    opening = re.match(r"[\s\[{]*", head.lstrip("\ufeff"))
    brackets = "".join(opening[0].split()) if opening else ""
    return brackets[:3], frozenset(first(head)) if brackets and "{" in head else frozenset()


def first(head: str) -> dict[str, Any]:
    """The first JSON object of a head; where the head ends inside it, its keys as far as they go, with None."""
    start = head.find("{")
    try:
        found, _ = json.JSONDecoder().raw_decode(head[start:])
    except (ValueError, RecursionError):
        return dict.fromkeys(_keys(head[start:])) if start >= 0 else {}
    return found if isinstance(found, dict) else {}


def _keys(torn: str) -> Iterator[str]:
    """The keys of an object that is not whole, and none of those inside it."""
    depth = 0
    for token in TOKENS.finditer(torn):
        depth += bool(token[3]) - bool(token[4])
        if depth == 1 and token[2]:
            yield token[1]


# --- CSV ---------------------------------------------------------------------------------------------------


def columns(head: str) -> list[str]:
    """The names in the first row of a CSV or TSV."""
    row = re.split(r"[\r\n]", head.lstrip("\ufeff"), maxsplit=1)[0]
    try:
        return [name.strip() for name in next(csv.reader([row], delimiter=delimiter(row)), [])]
    except csv.Error:
        return []


def delimiter(row: str) -> str:
    return max(",;\t|", key=row.count)


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV or TSV by its header, in constant memory. Errors name the line."""
    lines = _text_lines(path)
    header = next(lines, "")
    reader = csv.reader(itertools.chain([header], lines), delimiter=delimiter(header), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        for row in reader:
            if row:
                yield dict(zip(names, row, strict=False))
    except csv.Error as error:
        where = f"{path} line {reader.line_num}"
        raise InputError(f"not CSV, or torn: {error}", where, "check that it is complete") from error


def _text_lines(path: Path) -> Iterator[str]:
    """Lines with their ends. A file that is not UTF-8 from its start on is read whole, as the codecs want it."""
    with opened(path) as file:
        start = file.read(HEAD)
        try:
            codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeDecodeError:
            yield from io.StringIO(read(path))
            return
        file.seek(0)
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
            yield _line(raw, f"{path} line {number}", "utf-8-sig" if number == 1 else "utf-8")


def _line(raw: bytes, where: str, codec: str) -> str:
    if len(raw) > LONGEST:
        raise InputError(f"longer than {LONGEST} bytes", where, "a file of lines has shorter ones")
    try:
        return raw.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError("not UTF-8 text", where, "save it as UTF-8") from error


# --- values ------------------------------------------------------------------------------------------------


def dig(value: Any, *keys: str | int) -> Any:
    """`value[a][b]...`, or None where a stranger's file has something else there."""
    for key in keys:
        if isinstance(value, dict) and isinstance(key, str):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return None
    return value


def line(value: object) -> str:
    """A string on one line, without control characters and those that nobody sees (zero width, turns of direction,
    tags); "" for anything that is no string or number."""
    if type(value) is str and value.isprintable() and "  " not in value and value[:1] != " " != value[-1:]:
        return value  # as nearly all are
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(JOINERS.sub("", HIDDEN.sub("", CONTROL.sub("", str(value)))).split())


def seconds(value: object) -> float | None:
    """Seconds from a number, its text, or "[h:]mm:ss[.fff]"; None for anything else, infinity included."""
    if type(value) is int and abs(value) < 1 << 60:
        return float(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if ":" in text and (found := CLOCK.fullmatch(text.lstrip("-"))):
        total = int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3].replace(",", "."))
        return -total if text.startswith("-") else total
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def moment(value: object) -> float | None:
    """Seconds since 1970 from ISO 8601 text, or from a number of seconds, milli-, micro- or nanoseconds. A time of day
    without a zone is taken for UTC. None for anything else."""
    number = seconds(value) if not (isinstance(value, str) and CLOCK.fullmatch(value.strip())) else None
    if number is not None:
        if abs(number) > 1e20:
            return None
        while abs(number) > 1e11:  # in seconds that is the year 5138
            number /= 1000
        return number
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else None
        return None if found is None else (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
