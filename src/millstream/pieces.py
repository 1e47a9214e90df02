"""JSON files that are too long to be held: their items one by one, in constant memory.

A list, or values one after the other, is cut up by the standard decoder, which is the fastest there is here; a list
inside something else is found event by event. Knows no format; what is odd in a value is refused as text.py does it.
"""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import ijson

from millstream.errors import InputError
from millstream.text import DEEPEST, ESCAPE, LONGEST, lone_surrogate, opened, refuse_constant, refuse_odd, too_deep

CHUNK = 1 << 18
"""Bytes read at a time."""
NEAR = 16
"""Characters before the end of what was read in which a fault may be a value that goes on."""
_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(parse_constant=refuse_constant)


def items(path: Path, *keys: str) -> Iterator[Any]:
    """The items of the JSON list that the file is or, with `keys`, of each list that goes by one of them, however deep,
    in any number of values. InputError names the item, counted from 1."""
    yield from _inside(path, keys) if keys else _items(path)


def values(path: Path) -> Iterator[Any]:
    """The JSON values of a file that has any number of them, one after the other, each on one line or on several."""
    with opened(path) as file:
        text = _Text(file, path)
        if not text.peek():
            raise text.torn("nothing in it")
        while text.peek():
            yield text.value()


def _items(path: Path) -> Iterator[Any]:
    with opened(path) as file:
        text = _Text(file, path)
        if not text.peek():
            raise text.torn("nothing in it")
        if text.peek() != "[":
            raise InputError("not a JSON list", str(path), "put the items between [ and ]")
        text.skip()
        more = text.peek() != "]"
        while more:
            yield text.value()
            if more := text.peek() == ",":
                text.skip()
        if text.peek() != "]":
            raise text.torn("a comma or the end of the list is missing")
        text.skip()
        if text.peek():
            raise text.torn("something stands behind the end of the list")


class _Text:
    """The text of a file as far as it was read, and the place in it. `number` counts the values."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self.file, self.path = file, path
        self.text, self.at, self.number = "", 0, 1
        self.decode = codecs.getincrementaldecoder("utf-8-sig")().decode

    @property
    def where(self) -> str:
        return f"{self.path} item {self.number}"

    def torn(self, why: str) -> InputError:
        return InputError(f"not JSON, or torn: {why}", self.where, "check that it is complete")

    def more(self) -> bool:
        """Read on, twice as much while a value does not end; False at the end of the file."""
        left = len(self.text) - self.at
        if left > LONGEST:
            raise InputError(f"longer than {LONGEST} bytes", self.where, "a file of lines has shorter ones")
        chunk = self.file.read(max(CHUNK, left))
        try:
            self.text, self.at = self.text[self.at :] + self.decode(chunk, not chunk), 0
        except UnicodeDecodeError as error:
            raise InputError("not UTF-8 text", self.where, "save it as UTF-8") from error
        return bool(chunk)

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        if self.text[self.at : self.at + 1] > " ":
            return self.text[self.at]
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def skip(self) -> None:
        self.at += 1

    def value(self) -> Any:
        """The value that begins here; the next one is asked for after it."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                cut = error.pos > len(self.text) - NEAR or error.msg.startswith("Unterminated")
                if not (cut and self.more()):
                    raise self.torn(error.msg) from error
            except RecursionError as error:
                raise too_deep(self.where) from error
            except ValueError as error:
                raise InputError(f"not JSON: {error}", self.where, "write it as plain JSON") from error
            else:
                if end < len(self.text):
                    break
                begun = self.at
                if not self.more():
                    end -= begun
                    break
        refuse_odd(self.text[self.at : end], self.where)
        self.at, self.number = end, self.number + 1
        return value


# --- lists inside something else ---------------------------------------------------------------------------


def _inside(path: Path, keys: tuple[str, ...]) -> Iterator[Any]:
    found, count, depth, key, builder = False, 1, 0, "", ijson.ObjectBuilder()
    inside: int | None = None
    with opened(path) as file:
        try:
            for event, value in ijson.basic_parse(_Checked(file, str(path)), use_float=True, multiple_values=True):
                depth -= event.startswith("end_")
                opens = inside is None and event == "start_array" and key in keys
                if inside is not None and depth >= inside:
                    builder.event(event, value)
                elif opens:
                    found, inside = True, depth + 1
                elif inside is not None:
                    inside = None
                elif event == "map_key":
                    key = value
                if event.startswith("start_"):
                    depth += 1
                    if depth > DEEPEST:
                        raise too_deep(f"{path} item {count}")
                elif depth == inside and event != "map_key":
                    yield builder.value
                    count, builder = count + 1, ijson.ObjectBuilder()
        except ijson.JSONError as error:
            raise _torn(error, f"{path} item {count}") from error
        except UnicodeDecodeError as error:
            raise lone_surrogate(f"{path} item {count}") from error
    if not found:
        raise InputError(f"holds no list of {keys[0]}", str(path), "see docs/formats.md for what it should look like")


def _torn(error: ijson.JSONError, where: str) -> InputError:
    raw = error.args[0]
    said = (raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)).partition("\n")[0]
    return InputError(f"not JSON, or torn: {said}", where, "check that it is complete")


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
                raise lone_surrogate(self.where)
        return chunk
