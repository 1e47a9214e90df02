"""Answers of HTTP/1.1 in every shape, cut anywhere, and what is none."""

import tracemalloc

import pytest

from millstream.http1 import LARGEST, Answer, Malformed, Reader

OK = b"HTTP/1.1 200 OK\r\n"
TOLD = OK + b"Content-Length: 5\r\nX-Kind: a\r\nx-kind:  b\r\n\r\nhello"
CHUNKED = OK + b"Transfer-Encoding: Chunked\r\n\r\n3;why=not\r\nhel\r\n02\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"
SHAPES = {
    "length": (TOLD, b"hello", True),
    "chunks": (CHUNKED, b"hello", True),
    "chunks without trailers": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello", True),
    "nothing": (OK + b"Content-Length: 0\r\n\r\n", b"", True),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", b"", True),
    "go on first": (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nA: b\r\n\r\n" + TOLD, b"hello", True),
    "closing": (OK + b"Connection: Close\r\nContent-Length: 5\r\n\r\nhello", b"hello", False),
    "old": (b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", False),
    "old and lasting": (b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", b"hello", True),
    "plain": (OK + b"Content-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello", b"hello", True),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_an_answer_is_the_same_wherever_it_is_cut(shape: str) -> None:
    raw, body, keeps = SHAPES[shape]
    for cut in range(len(raw)):
        reader = Reader()
        early = reader.feed(raw[:cut]) if cut else None
        answer = reader.feed(raw[cut:])
        assert early is None and answer and (answer.body, answer.keeps) == (body, keeps), cut
    reader = Reader()
    assert [reader.feed(raw[n : n + 1]) for n in range(len(raw))][:-1] == [None] * (len(raw) - 1)


def test_names_are_in_lower_case_and_repeated_ones_joined() -> None:
    answer = Reader().feed(TOLD)
    assert answer == Answer(200, {"content-length": "5", "x-kind": "a, b"}, b"hello", True)


def test_what_follows_an_answer_is_nobodys() -> None:
    answer = Reader().feed(TOLD + b"HTTP/1.1 200 OK\r\n")
    assert answer and answer.body == b"hello" and not answer.keeps


def test_without_a_length_the_end_of_the_connection_is_the_end() -> None:
    reader = Reader()
    assert reader.feed(OK + b"\r\nhel") is None and reader.feed(b"lo") is None
    answer = reader.end()
    assert answer and answer.body == b"hello" and not answer.keeps


@pytest.mark.parametrize(
    "head", [OK + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n",
             b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"],
)  # fmt: skip
def test_an_answer_whose_length_is_told_in_two_ways_is_the_last_of_its_connection(head: bytes) -> None:
    answer = Reader().feed(head + b"5\r\nhello\r\n0\r\n\r\n")
    assert answer and answer.body == b"hello" and not answer.keeps  # RFC 9112, 6.1 and 6.3


@pytest.mark.parametrize(
    ("raw", "more", "why"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n", "heads of more"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Sum: 1\r\n", "trailers of more"),
    ],
)
def test_what_comes_beside_a_body_has_an_end(raw: bytes, more: bytes, why: str) -> None:
    reader = Reader()
    reader.feed(raw)
    with pytest.raises(Malformed, match=why):
        for _ in range(10_000):
            assert reader.feed(more) is None


def test_small_chunks_take_no_more_memory_than_the_body() -> None:
    reader = Reader()
    reader.feed(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    tracemalloc.start()
    for _ in range(100):
        reader.feed(b"2\r\nhi\r\n" * 1000)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 3 * 200_000


@pytest.mark.parametrize("raw", [b"", OK, TOLD[:-1], CHUNKED[:-1], CHUNKED[: -len("0\r\nX-Sum: 1\r\n\r\n")]])
def test_a_torn_answer_is_none(raw: bytes) -> None:
    reader = Reader()
    assert reader.feed(raw) is None and reader.end() is None


def test_a_tunnel_has_no_body() -> None:
    answer = Reader(tunnel=True).feed(b"HTTP/1.1 200 Connection established\r\n\r\n")
    assert answer and answer.status == 200 and answer.keeps


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no answer of HTTP/1.1"),
        (b"HTTP/2 200\r\n\r\n", "no answer of HTTP/1.1"),
        (b"HTTP/1.1 2x0 OK\r\n\r\n", "no answer of HTTP/1.1"),
        ("HTTP/1.1 ٢٠٠ OK\r\n\r\n".encode(), "no answer of HTTP/1.1"),
        (OK + b"\0" * 70_000, "heads of more than 64 KiB"),
        (OK + b"Content-Length : 2\r\n\r\nhi", "no header: 'Content-Length : 2'"),
        (OK + b"Content-Length 2\r\n\r\nhi", "no header"),
        (OK + b": 2\r\n\r\nhi", "no header"),
        (OK + b"X-Kind: a\r\n\tfolded: b\r\n\r\n", "no header"),
        (OK + "Content‑Length: 2\r\n\r\nhi".encode(), "no header"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", "a line that does not end in CR LF"),
        (OK + b"X-Kind: a\nContent-Length: 2\r\n\r\nhi", "a line that does not end in CR LF"),
        (b"HTTP/1.1 200 OK\rContent-Length: 2\r\n\r\nhi", "a line that does not end in CR LF"),
        (b"220 mail ready\r\n", "no answer of HTTP/1.1: '220 mail"),
        (b"\x15\x03\x01\x00\x02\x02F", "no answer of HTTP/1.1"),
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 3000 + TOLD, "heads of more than 64 KiB"),
        (OK + b"X-Kind: %b\r\n\r\n" % (b"a" * 70_000), "heads of more than 64 KiB"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X-Sum: 1\r\n" * 7000, "trailers of more than 64 KiB"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n", "a line that does not end in CR LF"),
        (OK + b"Content-Length: -5\r\n\r\n", "a length that is none"),
        (OK + b"Content-Length: 5, 5\r\n\r\n", "a length that is none"),
        (OK + b"Content-Length: 99999999999999999999\r\n\r\n", "more than 32 MiB"),
        (OK + b"Content-Length: %d\r\n\r\n" % (LARGEST + 1), "more than 32 MiB"),
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "which nobody asked for"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", "an answer sent as"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", "a chunk whose size is none"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\n", "a chunk whose size is none"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n\r\n", "a chunk whose size is none"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\n", "more than 32 MiB"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "does not end where it says"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 70_000, "a chunk without its size"),
        (OK + b"\r\n" + b" " * (LARGEST + 1), "more than 32 MiB"),
    ],
)
def test_what_is_no_answer_is_told_in_a_line(raw: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why) as caught:
        Reader().feed(raw)
    assert len(str(caught.value)) < 120 and "\n" not in str(caught.value)
