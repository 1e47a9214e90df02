"""Requests and tokens per minute: as they are set by hand, or as the endpoint's headers tell them. Knows no protocol.

A leaky bucket each (GCRA, ITU-T I.371 annex A): at most a second's worth goes at once, and never more than the limit
in any minute. Tokens are estimated when a call starts and set right when it ends.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_BYTES_A_TOKEN = 4
_MINUTE = 61.1
"""Seconds over which a limit is spread: the minute, the second that may go at once, and a hair."""
_TIME = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)?")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "": 1.0}


@dataclass
class Bucket:
    """`limit` per minute; None: no limit. `due`: when the next may go, in seconds of the loop's clock."""

    limit: float | None = None
    due: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may go: a second's worth may go ahead of its time."""
        return 0.0 if self.limit is None else max(0.0, self.due - now - 1.0)

    def add(self, amount: float, now: float) -> None:
        """Book `amount`, also a negative one. The burst of a second comes off the minute."""
        if self.limit is not None:
            self.due = max(self.due, now) + amount * _MINUTE / self.limit


@dataclass
class Rates:
    """Both limits of one endpoint and model. By hand is final: headers change only what was not set."""

    requests: Bucket = field(default_factory=Bucket)
    tokens: Bucket = field(default_factory=Bucket)
    answer: float = 100.0  # tokens of an answer: a running mean

    def __post_init__(self) -> None:
        self._by_hand = {name for name in ("requests", "tokens") if getattr(self, name).limit is not None}
        self._line = asyncio.Lock()

    async def take(self, size: int) -> float:
        """Wait for one's turn, first come first served; `size` is the bytes to be sent. Returns the tokens booked."""
        loop, booked = asyncio.get_running_loop(), size / _BYTES_A_TOKEN + self.answer
        async with self._line:
            while (pause := max(self.requests.wait(loop.time()), self.tokens.wait(loop.time()))) > 0:
                await asyncio.sleep(pause)
            self.requests.add(1, loop.time())
            self.tokens.add(booked, loop.time())
        return booked

    def used(self, booked: float, tokens_in: int, tokens_out: int) -> None:
        """Set right what was booked."""
        self.answer += (tokens_out - self.answer) / 16
        self.tokens.add(tokens_in + tokens_out - booked, asyncio.get_running_loop().time())

    def heard(self, headers: Mapping[str, str]) -> None:
        """x-ratelimit-limit-requests and its like, as OpenAI names them: limits per minute, what remains, and when it
        is whole again. What makes no sense is passed over."""
        now = asyncio.get_running_loop().time()
        for name, bucket in (("requests", self.requests), ("tokens", self.tokens)):
            limit, left = (_number(headers.get(f"x-ratelimit-{part}-{name}")) for part in ("limit", "remaining"))
            if limit and name not in self._by_hand:
                bucket.limit = limit
            if left == 0 and bucket.limit is not None:
                bucket.due = max(bucket.due, now + 1.0 + min(60.0, seconds(headers.get(f"x-ratelimit-reset-{name}"))))


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def seconds(value: str | None) -> float:
    """Of "6m0s", "20ms" or "1.5"; 0 for anything else."""
    return sum(float(number) * _UNITS[unit] for number, unit in _TIME.findall(value or ""))
