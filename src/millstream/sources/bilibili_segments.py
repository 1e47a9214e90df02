"""Bilibili's danmaku as its player loads them (seg.so): protobuf messages DmSegMobileReply, six minutes each; several
in one file are read one after the other.

Read are four fields of a danmaku: 2 progress (milliseconds), 3 mode, 6 hash of the sender, 7 text. The rest is skipped.
The wire format is that of the Protocol Buffers documentation, "Encoding"; groups, which it no longer has, are refused.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading
from millstream.sources.bilibili import POSITIONED, SCRIPTED, positioned

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
LONGEST = 1 << 20
"""Bytes one danmaku may have; the longest there are have some thousands."""
ELEMENT = 0x0A
"""Field 1 of the reply, of bytes: one danmaku."""
TYPES = {1: VARINT, 2: VARINT, 3: VARINT, 4: VARINT, 5: VARINT, 6: BYTES, 7: BYTES, 8: VARINT}

Field = tuple[int, int | bytes]


def recognises(path: Path, head: str) -> bool:
    return False  # never text


def recognises_bytes(path: Path, head: bytes) -> bool:
    """Is the first danmaku whole, with its fields of the right types and a text?"""
    if head[:1] != bytes([ELEMENT]):
        return False
    try:
        length, at = _varint(head, 1)
        fields = dict(_fields(head[at : at + length]))
    except (ValueError, LookupError):
        return False
    whole = at + length <= len(head) and 0 < length <= LONGEST
    right = all(isinstance(fields[n], bytes) == (kind == BYTES) for n, kind in TYPES.items() if n in fields)
    return whole and right and 7 in fields and max(fields) < 64


def read(path: Path) -> Iterator[Reading]:
    """Sorted by time, as those of the XML."""
    yield reading(path, "bilibili_segments", "danmaku", _lines, shuffled=True)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    return (line for element in _elements(path) if (line := _line(element, notes)))


def _elements(path: Path) -> Iterator[dict[int, int | bytes]]:
    with text.opened(path) as file:
        at = 0
        while start := file.read(11):
            where = f"{path} byte {at}"
            try:
                (tag, size), (length, used) = _varint(start, 0), _varint(start, 1)
                if size != 1 or tag & 7 != BYTES or length > LONGEST:
                    raise ValueError("no field of bytes")
                file.seek(at + used)
                body = file.read(length)
                if len(body) < length:
                    raise ValueError("it ends too early")
                if tag == ELEMENT:
                    yield dict(_fields(body))
            except (ValueError, LookupError) as error:
                raise InputError("not danmaku in protobuf, or torn", where, "download it again") from error
            at += used + length


def _line(element: dict[int, int | bytes], notes: Counter[str]) -> Line | None:
    mode, said = str(element.get(3, 1)), _text(element.get(7))
    if mode in SCRIPTED or not said:
        notes["danmaku that are no text"] += 1
        return None
    progress = element.get(2, 0)
    start = progress / 1000 if isinstance(progress, int) and progress < 1 << 31 else 0.0
    said = text.line(positioned(said) if mode == POSITIONED else said)
    return Line(said, start, author=_text(element.get(6))) if said else None


def _text(value: int | bytes | None) -> str:
    return text.line(value.decode("utf-8", "replace")) if isinstance(value, bytes) else ""


def _fields(message: bytes) -> Iterator[Field]:
    """(number, value) of each field; of a repeated one the last counts. ValueError or LookupError where it is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        if number == 0:
            raise ValueError("field 0")
        if kind == VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        length, at = _varint(message, at) if kind == BYTES else ({FIXED64: 8, FIXED32: 4}[kind], at)
        if at + length > len(message):
            raise ValueError("a field is longer than its message")
        yield number, message[at : at + length]
        at += length


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """(value, where it ends): seven bits a byte, the lowest first, at most ten bytes."""
    value = 0
    for n in range(10):
        byte = raw[at + n]
        value |= (byte & 0x7F) << 7 * n
        if byte < 0x80:
            return value, at + n + 1
    raise ValueError("a number of more than ten bytes")
