"""A model server of our own, in its own process: python benchmarks/engine/server.py '{"median": 0.2}'

It speaks chat completions, and is rude on order: latencies, refusals, errors, dropped connections and slow bodies are
drawn from a seed, one draw a request in the order of arrival, so that the same load meets the same troubles. The answer
is worked out of the question alone. Every request stands in its log, which GET gives. Bare asyncio, because the server
shares two cores with what it measures. Of millstream it knows how a question is named.
"""

import asyncio
import hashlib
import json
import random
import sys
import time
from dataclasses import asdict, dataclass


@dataclass
class Order:
    """`median`, `sigma`: log-normal seconds. Shares of requests: `refused` 429, `broken` 500, `dropped` without an
    answer, `slow` with a body in ten pieces over a second. A storm refuses `stormy` of all for `storm` seconds, from
    `calm` seconds after the first request on. `wait`: the Retry-After of a refusal."""

    seed: int = 0
    median: float = 0.0
    sigma: float = 0.0
    refused: float = 0.0
    broken: float = 0.0
    dropped: float = 0.0
    slow: float = 0.0
    storm: float = 0.0
    calm: float = 6.0
    stormy: float = 0.9
    wait: float = 1.0


@dataclass
class Entry:
    """One request as the server saw it: its key, when it came and was answered, and how. `seconds`: its latency."""

    key: str
    came: float
    seconds: float
    status: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    left: float = 0.0


class Server:
    """What is drawn and what is logged; the same for all connections."""

    def __init__(self, order: Order) -> None:
        self.order, self.dice, self.log = order, random.Random(order.seed), list[Entry]()

    def latency(self) -> float:
        order = self.order
        return order.median * self.dice.lognormvariate(0, order.sigma) if order.median else 0.0

    def trouble(self) -> str:
        order, drawn = self.order, self.dice.random()
        since = time.monotonic() - self.log[0].came - order.calm if self.log else -1.0
        if 0 <= since < order.storm and drawn < order.stormy:
            return "refused"
        for name, share in (
            ("refused", order.refused),
            ("broken", order.broken),
            ("dropped", order.dropped),
            ("slow", order.slow),
        ):
            drawn -= share
            if drawn < 0:
                return name
        return ""

    def told(self) -> bytes:
        return json.dumps([asdict(entry) for entry in self.log]).encode()


def key(body: bytes) -> str:
    """A question's name, as the cache has it: the hash of its body and of its sample's number, which is 0 here."""
    return hashlib.sha256(body + b"\0" + b"0").hexdigest()[:32]


def answered(body: bytes) -> tuple[bytes, int, int]:
    """The answer to a question, and its tokens in and out: of the question alone."""
    digest = hashlib.sha256(body).digest()
    text = " ".join(f"{part:x}" for part in digest[: 8 + digest[31] % 16])
    tokens_in, tokens_out = len(body) // 4, len(text) // 3
    counts = f'"prompt_tokens":{tokens_in},"completion_tokens":{tokens_out},"total_tokens":{tokens_in + tokens_out}'
    choice = f'{{"index":0,"message":{{"role":"assistant","content":"{text}"}},"finish_reason":"stop"}}'
    reply = f'{{"object":"chat.completion","choices":[{choice}],"usage":{{{counts}}}}}'
    return reply.encode(), tokens_in, tokens_out


class Connection(asyncio.Protocol):
    """One client's connection: questions one after the other, as clients of HTTP/1.1 ask them."""

    def __init__(self, server: Server) -> None:
        self.server, self.waiting, self.last = server, bytearray(), False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        end = self.waiting.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.waiting[:end])
        self.last = b"connection: close" in head.lower()
        at = head.lower().find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.waiting) < end + 4 + length:
            return
        body = bytes(self.waiting[end + 4 : end + 4 + length])
        del self.waiting[: end + 4 + length]
        if head.startswith(b"GET"):
            self.send(200, b"%d" % len(self.server.log) if b"/count " in head else self.server.told())
        else:
            self.asked(body)

    def asked(self, body: bytes) -> None:
        seconds, trouble = self.server.latency(), self.server.trouble()
        entry = Entry(key(body), time.monotonic(), seconds)
        self.server.log.append(entry)
        if trouble == "refused":
            self.ended(entry, 429)
            self.send(429, b'{"error":{"message":"slow down"}}', f"Retry-After: {self.server.order.wait}\r\n")
        elif seconds:
            asyncio.get_running_loop().call_later(seconds, self.answer, entry, body, trouble)
        else:
            self.answer(entry, body, trouble)

    def answer(self, entry: Entry, body: bytes, trouble: str) -> None:
        if trouble == "broken":
            self.ended(entry, 500)
            self.send(500, b'{"error":{"message":"bad luck"}}')
        elif trouble == "dropped":
            self.ended(entry, 0)
            self.transport.abort()
        elif not self.transport.is_closing():
            reply, entry.tokens_in, entry.tokens_out = answered(body)
            self.ended(entry, 200)
            if trouble == "slow":
                asyncio.get_running_loop().create_task(self.drip(reply))
            else:
                self.send(200, reply)

    def ended(self, entry: Entry, status: int) -> None:
        entry.status, entry.left = status, time.monotonic()

    def send(self, status: int, body: bytes, more: str = "") -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        self.transport.write(head.encode() + body)
        if self.last:
            self.transport.close()

    async def drip(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode())
        for n in range(10):
            await asyncio.sleep(0.1)
            if self.transport.is_closing():
                return
            self.transport.write(body[n * len(body) // 10 : (n + 1) * len(body) // 10])
        if self.last:
            self.transport.close()


async def main() -> None:
    server = Server(Order(**json.loads(sys.argv[1])))
    listening = await asyncio.get_running_loop().create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=512)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
