"""POST to one address over connections that are kept open. Knows HTTP/1.1, TLS and proxies, and no protocol of models.

As many connections as there are calls at a time: slots decide, one layer above, and time-outs too. A redirect is an
answer, cookies are dropped, and compression is not asked for. A connection whose call is cancelled is closed, so that
the late answer is nobody else's.
"""

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping

from millstream import addresses
from millstream.addresses import Address
from millstream.errors import InputError
from millstream.http1 import Answer, Disconnected, Malformed, Reader

_CONNECTING = 30.0
"""Seconds after which a server that does not even open its door is not there."""
_IDLE = 15.0
"""Seconds after which an idle connection is not trusted: servers close theirs without a word."""
_ENDING = 1.0
"""Seconds within which sockets that are closed at once are gone; it takes a turn of the loop."""


class Poster:
    """All calls to one address, each with the same headers. To be used as `async with`.

    `proxies`: obey HTTPS_PROXY and its like, as they are now. InputError for an address or a header that is none.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        proxies: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._to = addresses.address(url)
        self._proxy = addresses.proxy(self._to) if proxies else None
        self._tls: ssl.SSLContext | None = None
        self._head = self._headed(headers)
        self._idle: deque[tuple[_Connection, float]] = deque()  # and when it was used last
        self._open: set[_Connection] = set()
        self._clock = clock

    async def __aenter__(self) -> "Poster":
        return self

    async def __aexit__(self, *error: object) -> None:
        """Also what is still asked ends now, and its socket with it: a server in this process waits for them before it
        stops, and holds up the loop meanwhile."""
        ended = [connection.lost for connection in self._open]
        for connection in tuple(self._open):
            connection.close()
        if ended:
            await asyncio.wait(ended, timeout=_ENDING)

    async def post(self, body: bytes) -> Answer:
        """OSError where no answer comes; Malformed and Disconnected are among them."""
        connection = self._last() or await self._opened()
        answer = await connection.ask(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        if answer.keeps:
            self._idle.append((connection, self._clock()))
        else:
            connection.close()
        return answer

    def _last(self) -> "_Connection | None":
        """The idle connection that was used last, if it can be trusted."""
        while self._idle:
            connection, used = self._idle.pop()
            if connection.is_open and self._clock() - used < _IDLE:
                return connection
            connection.close()
        return None

    async def _opened(self) -> "_Connection":
        try:
            async with asyncio.timeout(_CONNECTING):
                if self._proxy is None:
                    return await self._connected(self._to)
                connection = await self._connected(self._proxy)
                if self._to.scheme == "https":
                    await self._tunnelled(connection, self._proxy)
                return connection
        except TimeoutError as error:
            raise TimeoutError(f"no connection in {_CONNECTING:g} s") from error
        except UnicodeError as error:
            raise OSError(f"no host can have the name {self._to.host[:60]}") from error

    async def _connected(self, to: Address) -> "_Connection":
        tls = self._context() if to.scheme == "https" else None
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self._open), to.host, to.port, ssl=tls, happy_eyeballs_delay=0.25
        )
        return connection

    async def _tunnelled(self, connection: "_Connection", proxy: Address) -> None:
        """TLS to the server through a proxy that passes bytes on."""
        where = f"{self._to.netloc.removesuffix(f':{self._to.port}')}:{self._to.port}"
        question = f"CONNECT {where} HTTP/1.1\r\nHost: {where}\r\n{_named(proxy)}\r\n"
        answer = await connection.ask(question.encode(), tunnel=True)
        if not 200 <= answer.status < 300:
            connection.close()
            raise ConnectionError(f"the proxy {proxy.netloc} answers {answer.status}")
        await connection.secure(self._context(), self._to.host)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls

    def _headed(self, headers: Mapping[str, str]) -> bytes:
        """A request up to the number of bytes in its body."""
        target, more = self._to.path, ""
        if self._proxy and self._to.scheme == "http":
            target, more = f"http://{self._to.netloc}{target}", _named(self._proxy)
        own = {"Host": self._to.netloc, "User-Agent": "millstream", "Accept": "*/*", "Accept-Encoding": "identity"}
        own |= {"Authorization": self._to.user} if self._to.user else {}
        for name, value in headers.items():
            if not (value.isascii() and value.isprintable()):
                raise InputError(f"the header {name} has a character that cannot be sent", "", "is the key whole?")
        lines = "".join(f"{name}: {value}\r\n" for name, value in (own | dict(headers)).items())
        return f"POST {target} HTTP/1.1\r\n{lines}{more}Content-Length: ".encode()


def _named(proxy: Address) -> str:
    return f"Proxy-Authorization: {proxy.user}\r\n" if proxy.user else ""


class _Connection(asyncio.Protocol):
    """One question at a time."""

    def __init__(self, among: "set[_Connection]") -> None:
        """`among`: the connections that are open, of which it is one until it is lost."""
        self._among = among
        self._transport: asyncio.Transport | None = None
        self._reader = Reader()
        self._asked: asyncio.Future[Answer] | None = None
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, question: bytes, *, tunnel: bool = False) -> Answer:
        if self._transport is None:
            raise Disconnected("the server closed the connection")
        self._reader = Reader(tunnel)
        asked: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked, answer = asked, None
        try:
            self._transport.write(question)
            answer = await asked
            return answer
        finally:
            self._asked = None
            if answer is None:
                self.close()

    async def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """TLS from here on. asyncio tells nobody of a connection that is lost before its handshake is over; we do."""
        if (plain := self._transport) is None:
            raise Disconnected("the proxy closed the connection")
        loop, secured = asyncio.get_running_loop(), None
        try:
            secured = await loop.start_tls(plain, self, tls, server_hostname=host)
        finally:
            if secured is None:
                plain.abort()
                loop.call_soon(self.connection_lost, None)  # after the socket is closed, which is the loop's next step
        if secured is None or self.lost.done():
            raise Disconnected("the connection ended with its handshake")
        self._transport = secured

    def close(self) -> None:
        """At once: nobody wants what may still come."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._among.add(self)

    def data_received(self, data: bytes) -> None:
        if self._asked is None or self._asked.done():
            self.close()  # nobody asked
            return
        try:
            answer = self._reader.feed(data)
        except Malformed as error:
            self._asked.set_exception(error)
            return
        if answer:
            self._asked.set_result(answer)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._among.discard(self)
        if not self.lost.done():
            self.lost.set_result(None)
        if self._asked is None or self._asked.done():
            return
        answer = self._reader.end() if error is None else None
        if answer:
            self._asked.set_result(answer)
        else:
            self._asked.set_exception(error or Disconnected("the server closed the connection"))
