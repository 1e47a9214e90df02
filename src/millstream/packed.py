"""gzip files, unpacked while they are read, and bombs refused. Knows bytes alone, nothing of what is in them."""

import gzip
import io
import zlib
from typing import Any, BinaryIO, cast

from millstream.errors import InputError

GZIP = b"\x1f\x8b"
RATIO, FREE, MOST = 150, 1 << 24, 1 << 36
"""Bytes that one packed byte may become once more than `FREE` are out (chats pack to a tenth or a thirtieth, zeros to
a thousandth), and the bytes that may come out of one file at all: 64 GiB."""


def unpacked(file: BinaryIO, where: str) -> BinaryIO:
    """What is packed in `file`, as a file to read. InputError, while reading, where it is torn or a bomb."""
    return cast(BinaryIO, io.BufferedReader(_Unpacked(file, where), 1 << 18))


class _Unpacked(io.RawIOBase):
    """Counts what comes out against what went in."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self.file, self.where = file, where
        self.inner = gzip.GzipFile(fileobj=file)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        return self.inner.seek(place if whence == io.SEEK_SET else self.inner.tell() + place)

    def tell(self) -> int:
        return self.inner.tell()

    def readinto(self, room: Any) -> int:
        try:
            chunk = self.inner.read(len(room))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError("not gzip, or torn", self.where, "download it again") from error
        out = self.inner.tell()
        if out > FREE and out > min(MOST, RATIO * self.file.tell()):
            what = f"unpacks to more than {RATIO} times its size, or {MOST >> 30} GiB"
            raise InputError(what, self.where, "made to harm: leave it out")
        room[: len(chunk)] = chunk
        return len(chunk)
