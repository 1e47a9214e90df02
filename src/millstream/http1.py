"""An answer of HTTP/1.1 (RFC 9112), read from bytes as they come. Knows nothing of connections.

Written by ourselves because calls to models are the hot path: aiohttp's client, of which this takes the place there,
costs more than cache, ledger and slots together (docs/engine.md). An answer nearly always comes in one piece with its
length told; that is quick, and the rest is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LARGEST = 32 * 2**20
"""Bytes of an answer; a longer one is no answer to a question of ours."""
_HEAD = 64 * 2**10
"""Bytes of all heads of an answer, of its trailers, and of one line between chunks."""
_BODILESS = {204, 304}


class Disconnected(ConnectionError):
    """The server went away before its answer was whole."""


class Malformed(ConnectionError):
    """What came is no answer, or not one we take."""


@dataclass
class Answer:
    """`headers`: names in lower case, a repeated one joined with commas. `keeps`: the connection can be used again."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    keeps: bool


class Reader:
    """One answer: `feed` it until it gives an Answer, or `end` it where the connection did. Malformed if it is none.
    `tunnel`: the question was CONNECT, whose yes has no body."""

    def __init__(self, tunnel: bool = False) -> None:
        self._tunnel = tunnel
        self._waiting = bytearray()
        self._head: tuple[int, dict[str, str], bool] | None = None
        self._length: int | None = 0  # of the body; None: until the connection ends
        self._pieces: bytearray | None = None  # what is read of a body whose length is told chunk by chunk
        self._left = -1  # bytes of the chunk that is being read, -1 before its size
        self._heads = self._trailers = 0  # bytes read

    def feed(self, data: bytes) -> Answer | None:
        self._waiting += data
        if self._head is None and not self._headed():
            return None
        if self._pieces is not None:
            return self._chunked(self._pieces)
        if len(self._waiting) > LARGEST:
            raise _too_long()
        if self._length is None or len(self._waiting) < self._length:
            return None
        return self._answer(bytes(self._waiting[: self._length]), len(self._waiting) == self._length)

    def end(self) -> Answer | None:
        """The connection ended: the answer, if that is how its end is told; None if it is not whole."""
        whole = self._head is not None and self._length is None and self._pieces is None
        return self._answer(bytes(self._waiting), False) if whole else None

    def _answer(self, body: bytes, keeps: bool) -> Answer:
        assert self._head
        status, headers, lasting = self._head
        return Answer(status, headers, body, keeps and lasting)

    def _headed(self) -> bool:
        """Read the head; False while it is not whole."""
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            self._heads = _counted("heads", self._heads + end + 4)
            status, headers, _ = head = _head(self._waiting[:end])
            del self._waiting[: end + 4]
            if status >= 200:  # before that, "go on" and "wait": the answer is still to come
                self._head = head
                self._measure(status, headers)
                return True
        _counted("heads", self._heads + len(self._waiting))
        if not self._waiting.startswith(b"HTTP/"[: len(self._waiting)]):
            raise _none(self._waiting.decode("latin-1"))
        _check_lines(self._waiting)
        return False

    def _measure(self, status: int, headers: Mapping[str, str]) -> None:
        """How the end of the body is told (RFC 9112, section 6.3)."""
        packed, sent = headers.get("content-encoding", "identity"), headers.get("transfer-encoding")
        if packed.lower() != "identity":
            raise Malformed(f"an answer in {packed[:20]!r}, which nobody asked for")
        if status in _BODILESS or (self._tunnel and status < 300):
            self._length = 0
        elif sent is None:
            self._length = _length(headers.get("content-length"))
        elif sent.lower() == "chunked":
            self._pieces = bytearray()
        else:
            raise Malformed(f"an answer sent as {sent[:20]!r}")

    def _chunked(self, pieces: bytearray) -> Answer | None:
        """A size in hexadecimal, so many bytes, and again; the last one has none, and trailers may follow it."""
        while True:
            if self._left > 0:
                before = len(pieces)
                pieces += self._waiting[: self._left]
                del self._waiting[: self._left]
                self._left -= len(pieces) - before
                if self._left:
                    return None
            if self._left == 0:
                if len(self._waiting) < 2:
                    return None
                if self._waiting[:2] != b"\r\n":
                    raise Malformed("a chunk that does not end where it says")
                del self._waiting[:2]
                self._left = -1
            if (line := self._line()) is None:
                return None
            self._left = _size(line)
            if len(pieces) + self._left > LARGEST:
                raise _too_long()
            if not self._left:
                return self._trailed(pieces)

    def _trailed(self, pieces: bytearray) -> Answer | None:
        """The end of a body in chunks: lines up to an empty one, which nobody reads."""
        while (line := self._line()) is not None:
            if not line:
                return self._answer(bytes(pieces), not self._waiting)
            self._trailers = _counted("trailers", self._trailers + len(line) + 2)
        self._waiting[:0], self._left = b"0\r\n", -1  # read again when there is more
        return None

    def _line(self) -> bytes | None:
        end = self._waiting.find(b"\n")
        if end < 0:
            if len(self._waiting) > _HEAD:
                raise Malformed("a chunk without its size")
            return None
        line = bytes(self._waiting[: end + 1])
        _check_lines(line)
        del self._waiting[: end + 1]
        return line[:-2]


def _too_long() -> Malformed:
    return Malformed(f"an answer of more than {LARGEST >> 20} MiB")


def _none(first: str) -> Malformed:
    return Malformed(f"no answer of HTTP/1.1: {first[:60]!r}")


def _counted(what: str, count: int) -> int:
    """The bytes of what stands beside a body, if they are not too many."""
    if count > _HEAD:
        raise Malformed(f"{what} of more than {_HEAD >> 10} KiB")
    return count


def _check_lines(raw: bytes | bytearray) -> None:
    """Of a part, too, whose last CR still waits for its LF. Who ends lines in another way has heads that never end, or
    headers that nobody sees."""
    if not raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r", 0, -1):
        raise Malformed("a line that does not end in CR LF")


def _head(raw: bytearray) -> tuple[int, dict[str, str], bool]:
    """Status, headers, and whether the connection is to last: not where the length is told in two ways, or in one that
    HTTP/1.0 does not have (RFC 9112, sections 6.1 and 6.3)."""
    _check_lines(raw)
    first, *lines = raw.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    code = rest[:3]
    if version not in ("HTTP/1.1", "HTTP/1.0") or not (code.isascii() and code.isdigit() and len(code) == 3):
        raise _none(first)
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not (name and colon and name.isascii() and name.isprintable()) or " " in name:
            raise Malformed(f"no header: {line[:40]!r}")
        name, value = name.lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    said = headers.get("connection", "").lower()
    old = version == "HTTP/1.0"
    lasting = "keep-alive" in said if old else "close" not in said
    return int(code), headers, lasting and not ("transfer-encoding" in headers and (old or "content-length" in headers))


def _length(told: str | None) -> int | None:
    if told is None:
        return None
    if not (told.isascii() and told.isdigit()):
        raise Malformed(f"a length that is none: {told[:20]!r}")
    if len(told) > 12 or int(told) > LARGEST:
        raise _too_long()
    return int(told)


def _size(line: bytes) -> int:
    """Of a chunk; what stands behind a semicolon is an extension."""
    digits = line.split(b";", 1)[0].strip()
    if not digits or len(digits) > 12 or digits.strip(b"0123456789abcdefABCDEF"):
        raise Malformed(f"a chunk whose size is none: {digits[:20]!r}")
    return int(digits, 16)
