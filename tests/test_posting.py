"""Connections that are kept, that go away, and that lead through a proxy; TLS with a certificate made for the test."""

import asyncio
import shutil
import socket
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from millstream import addresses
from millstream.errors import InputError
from millstream.http1 import Disconnected, Malformed
from millstream.posting import Poster

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b"


@asynccontextmanager
async def served(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def question(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    at = head.lower().find("content-length:")
    return head, await reader.readexactly(int(head[at + 15 :].split("\r\n")[0])) if at >= 0 else b""


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        _, body = await question(reader)
        writer.write(OK % (len(body), body))


def open_sockets() -> int:
    files = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return sum(str(each.readlink()).startswith("socket:") for each in files)


def reset(writer: asyncio.StreamWriter) -> None:
    """End it without a goodbye: the other side's next read fails."""
    at = writer.get_extra_info("socket")
    at.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def proxied(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", proxy)


def counted(talk: Talk) -> tuple[list[int], Talk]:
    """The talk, and how often it was begun."""
    begun: list[int] = []

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun.append(1)
        await talk(reader, writer)

    return begun, once


async def test_a_connection_is_used_again_and_as_many_are_open_as_calls() -> None:
    begun, talk = counted(echo)
    async with served(talk) as where, Poster(f"http://{where}/v1", {}, proxies=False) as poster:
        for n in range(3):
            assert (await poster.post(b"%d" % n)).body == b"%d" % n
        assert len(begun) == 1
        answers = await asyncio.gather(*(poster.post(b"%d" % n) for n in range(5)))
        assert [each.body for each in answers] == [b"0", b"1", b"2", b"3", b"4"] and len(begun) == 5


async def test_a_late_answer_is_nobody_elses() -> None:
    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await question(reader)
            await asyncio.sleep(0.2 if body == b"slow" else 0)
            writer.write(OK % (len(body), body))

    begun, talk = counted(late)
    async with served(talk) as where, Poster(f"http://{where}/", {}, proxies=False) as poster:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await poster.post(b"slow")
        assert (await poster.post(b"quick")).body == b"quick" and len(begun) == 2


async def test_what_is_still_asked_ends_with_the_poster() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await question(reader)
        ended.append(await reader.read())

    ended: list[bytes] = []
    async with served(silent) as where:
        async with Poster(f"http://{where}/", {}, proxies=False) as poster:
            asking = asyncio.ensure_future(poster.post(b"x"))
            await asyncio.sleep(0.05)
            sockets = open_sockets()
        assert open_sockets() == sockets - 1  # at once, not a turn of the loop later
        with pytest.raises(Disconnected):
            await asking
        await asyncio.sleep(0.05)
    assert ended == [b""]


async def test_a_connection_the_server_closed_is_not_used_again() -> None:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, body = await question(reader)
        writer.write(OK % (len(body), body))

    begun, talk = counted(once)
    async with served(talk) as where, Poster(f"http://{where}/", {}, proxies=False) as poster:
        for n in range(3):
            assert (await poster.post(b"x")).status == 200
            await asyncio.sleep(0.05)
            assert len(begun) == n + 1


async def test_words_nobody_asked_for_close_the_connection() -> None:
    async def chatty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await question(reader)
            writer.write(OK % (len(body), body))
            await asyncio.sleep(0.02)
            writer.write(b"HTTP/1.1 408 Request Timeout\r\n\r\n")

    begun, talk = counted(chatty)
    async with served(talk) as where, Poster(f"http://{where}/", {}, proxies=False) as poster:
        for _ in range(2):
            assert (await poster.post(b"x")).status == 200
            await asyncio.sleep(0.06)
    assert len(begun) == 2


@pytest.mark.parametrize(
    ("said", "wrong"), [(b"", Disconnected), (b"HTTP/1.1 2", Disconnected), (b"hi\r\n\r\n", Malformed)]
)
async def test_half_an_answer_and_none(said: bytes, wrong: type[Exception]) -> None:
    async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await question(reader)
        writer.write(said)

    async with served(rude) as where, Poster(f"http://{where}/", {}, proxies=False) as poster:
        with pytest.raises(wrong):
            await poster.post(b"x")


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X-Sum: 1\r\n" * 20_000,
        b"HTTP/1.1 102 Processing\r\n\r\n" * 20_000,
        b"220 mail ready\r\n",
    ],
)
async def test_who_cannot_be_understood_is_not_waited_for(said: bytes) -> None:
    """The server keeps its end open: it is ours to see that nothing more can come of it."""

    async def patient(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await question(reader)
        writer.write(said)
        await reader.read()

    async with served(patient) as where, Poster(f"http://{where}/", {}, proxies=False) as poster:
        with pytest.raises(Malformed):
            async with asyncio.timeout(3):
                await poster.post(b"x")


async def test_what_is_sent() -> None:
    heads: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, body = await question(reader)
        heads.append(head)
        writer.write(OK % (len(body), body))

    async with served(note) as where:
        url = f"http://me:p%40ss@{where}/v 1/é?q=a b"
        async with Poster(url, {"X-Key": "secret"}, proxies=False) as poster:
            await poster.post("价格".encode())
    first, *lines = heads[0].strip().split("\r\n")
    assert first == "POST /v%201/%C3%A9?q=a%20b HTTP/1.1"
    assert {f"Host: {where}", "X-Key: secret", "Authorization: Basic bWU6cEBzcw==", "Content-Length: 6"} <= set(lines)
    assert "Accept-Encoding: identity" in lines  # saying nothing would allow any


@pytest.mark.parametrize("value", ["sk\r\nX-Evil: 1", "sk\n", "sk-価"])
def test_a_header_that_cannot_be_sent_is_told(value: str) -> None:
    with pytest.raises(InputError, match="the header X-Key has a character that cannot be sent; is the key whole"):
        Poster("http://127.0.0.1:9/", {"X-Key": value}, proxies=False)


async def test_a_name_no_host_can_have_is_no_answer() -> None:
    async with Poster(f"http://{'a' * 70}.example/", {}, proxies=False) as poster:
        with pytest.raises(OSError, match=r"no host can have|not known|resolution"):
            await poster.post(b"x")


# --- TLS and proxies ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    return tls


async def test_tls_and_who_is_not_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = trusted(certificate, monkeypatch)
    async with served(echo, tls) as where:
        url = f"https://localhost:{where.split(':')[1]}/v1"
        async with Poster(url, {}, proxies=False) as poster:
            assert (await poster.post(b"secret")).body == b"secret"
        monkeypatch.delenv("SSL_CERT_FILE")
        async with Poster(url, {}, proxies=False) as poster:
            with pytest.raises(ssl.SSLCertVerificationError):
                await poster.post(b"secret")


def tunnelling(to: str, heads: list[str], says: bytes = b"200 Connection established") -> Talk:
    """A proxy that passes bytes on to one server, whatever name was asked for."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, _ = await question(reader)
        heads.append(head)
        writer.write(b"HTTP/1.1 " + says + b"\r\n\r\n")
        host, port = to.split(":")
        there, back = await asyncio.open_connection(host, int(port))
        await asyncio.gather(passed(reader, back), passed(there, writer))

    return talk


async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


async def test_tls_goes_through_a_proxy_as_it_is(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[str] = []
    tls = trusted(certificate, monkeypatch)
    async with served(echo, tls) as where, served(tunnelling(where, heads)) as proxy:
        proxied(monkeypatch, f"http://me:pw@{proxy}")
        async with Poster("https://localhost/v1", {}) as poster:
            for n in range(3):
                assert (await poster.post(b"%d" % n)).body == b"%d" % n
    assert len(heads) == 1 and heads[0].startswith("CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n")
    assert "Proxy-Authorization: Basic bWU6cHc=" in heads[0]


async def test_a_proxy_that_will_not(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = tunnelling("127.0.0.1:9", [], b"407 Proxy Authentication Required\r\nContent-Length: 0")
    async with served(refusing) as proxy:
        proxied(monkeypatch, proxy)
        async with Poster("https://model.invalid/v1", {}) as poster:
            with pytest.raises(ConnectionError, match=f"the proxy {proxy} answers 407"):
                await poster.post(b"x")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("socks5h://me:s3cret@127.0.0.1:1080", "socks5h://127.0.0.1:1080"),
        ("me:s3cret@127.0.0.1:port", "http://127.0.0.1:port"),
    ],
)
def test_a_proxy_of_another_kind_is_named_without_its_password(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxied(monkeypatch, said)
    with pytest.raises(InputError) as caught:
        Poster("https://model.invalid/v1", {})
    assert str(caught.value).startswith(f"HTTPS_PROXY: HTTP proxies only, and {told} is none; give one like ")


def test_no_proxy_for_a_host_or_for_one_of_its_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    proxied(monkeypatch, "http://127.0.0.1:3128")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:3128")
    monkeypatch.setenv("no_proxy", "localhost:8000, quiet.invalid")
    near, other = addresses.address("http://localhost:8000/v1"), addresses.address("http://localhost:9000/v1")
    assert addresses.proxy(near) is None and addresses.proxy(other)
    assert addresses.proxy(addresses.address("https://quiet.invalid/v1")) is None


async def test_an_idle_connection_grows_old() -> None:
    begun, talk = counted(echo)
    now = [0.0]
    async with served(talk) as where, Poster(f"http://{where}/", {}, proxies=False, clock=lambda: now[0]) as poster:
        for second, connections in ((0, 1), (14, 1), (30, 2)):
            now[0] = float(second)
            await poster.post(b"x")
            assert len(begun) == connections


HANDSHAKES: dict[str, Callable[[asyncio.StreamWriter], object]] = {
    "says nothing": lambda writer: None,
    "ends": lambda writer: writer.close(),
    "resets": reset,
    "speaks no TLS": lambda writer: writer.write(b"220 mail ready\r\n"),
}


def stalling(then: Callable[[asyncio.StreamWriter], object]) -> Talk:
    """A proxy that says yes, and then does that in place of the server's half of the handshake."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await question(reader)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await reader.read(65536)  # what a client says first
        then(writer)
        await reader.read()

    return talk


@pytest.mark.parametrize("then", HANDSHAKES)
async def test_a_handshake_behind_a_proxy_that_comes_to_nothing_leaves_nothing(
    then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sockets = open_sockets()
    async with asyncio.timeout(5), served(stalling(HANDSHAKES[then])) as proxy:
        proxied(monkeypatch, proxy)
        async with Poster("https://localhost/v1", {}) as poster:
            with pytest.raises(OSError):  # TimeoutError is one, too
                async with asyncio.timeout(0.3):
                    await poster.post(b"x")
        assert open_sockets() <= sockets + 2  # the proxy's, and its end of what the client has closed
    await asyncio.sleep(0.05)
    assert open_sockets() == sockets


async def test_a_handshake_ends_with_the_poster(monkeypatch: pytest.MonkeyPatch) -> None:
    sockets = open_sockets()
    async with asyncio.timeout(5), served(stalling(HANDSHAKES["says nothing"])) as proxy:
        proxied(monkeypatch, proxy)
        async with Poster("https://localhost/v1", {}) as poster:
            asking = asyncio.ensure_future(poster.post(b"x"))
            await asyncio.sleep(0.1)
        with pytest.raises(ConnectionError):
            await asking
    await asyncio.sleep(0.05)
    assert open_sockets() == sockets
