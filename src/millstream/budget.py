"""How much a run may buy, in calls, tokens or money, and how much it has. Knows prices, and no protocol.

The ceiling is hard: before an attempt its largest possible cost is set aside (a token is at least a byte of the
request; an answer is at most what the request allows), and an attempt that could break the ceiling is not made. It
waits while the return of others can still make room, and is refused with Spent when nothing can.
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from millstream.chat import Chat, Reply, Request
from millstream.errors import Spent
from millstream.ledger import Billed
from millstream.prices import Price

_ANSWER = 4096
"""Tokens reckoned for an answer where the request sets no limit."""


@dataclass(frozen=True)
class Ceiling:
    """What the whole run may use, all its sessions together; None: as much as it takes. Money in the currency of
    the price table."""

    calls: int | None = None
    tokens: int | None = None
    money: float | None = None


    def share(self, count: int, used: "Cost") -> "Ceiling":
        """What each of `count` may use of what is left when `used` is gone."""
        calls = None if self.calls is None else max(0, self.calls - used.calls) // count
        tokens = None if self.tokens is None else max(0, self.tokens - used.tokens) // count
        money = None if self.money is None else max(0.0, self.money - used.money) / count
        return Ceiling(calls, tokens, money)


class Cost(NamedTuple):
    calls: int = 0
    tokens: int = 0
    money: float = 0.0

    def plus(self, other: "Cost", times: int = 1) -> "Cost":
        a, b = self, other
        return Cost(a.calls + times * b.calls, a.tokens + times * b.tokens, a.money + times * b.money)


PriceOf = Callable[[str], Price | None]
"""By the name of a model; None where its price is not known."""


class Meter:
    """Counts what is bought. `before` is what earlier sessions used, by model."""

    def __init__(
        self, ceiling: Ceiling | None = None, price_of: PriceOf = lambda model: None, before: Iterable[Billed] = ()
    ) -> None:
        self._ceiling, self._price_of = ceiling or Ceiling(), price_of
        self.used, self._aside = Cost(), Cost()
        for _, model, tally, _ in before:
            money = self._money(model, tally.tokens_in, tally.tokens_out, tally.tokens_cached)
            self.used = self.used.plus(Cost(tally.attempts, tally.tokens_in + tally.tokens_out, money))
        self._waiting: list[asyncio.Event] = []

    def within(self, chat: Chat) -> Chat:
        """The wrapper: no attempt that could break the ceiling, and every answer counted."""

        async def ask_within(asked: Request) -> Reply:
            most = await self._room_for(asked)
            self.used = self.used.plus(Cost(1))
            self._aside = self._aside.plus(most)
            try:
                reply = await chat(asked)
                money = self._money(asked.model, reply.tokens_in, reply.tokens_out, reply.tokens_cached)
                self.used = self.used.plus(Cost(0, reply.tokens_in + reply.tokens_out, money))
                return reply
            finally:
                self._aside = self._aside.plus(most, -1)
                self._wake()

        return ask_within

    async def _room_for(self, asked: Request) -> Cost:
        most = self._most(asked)
        while not self._fits(self.used.plus(self._aside).plus(Cost(1)).plus(most)):
            if not self._fits(self.used.plus(Cost(1)).plus(most)):
                what = f"the budget is used up: {self.told()}, and the next call could break its ceiling"
                raise Spent(f"{what}; a larger one lets the run go on")
            returned = asyncio.Event()
            self._waiting.append(returned)
            await returned.wait()
        return most

    def _fits(self, cost: Cost) -> bool:
        limits = (self._ceiling.calls, self._ceiling.tokens, self._ceiling.money)
        return all(most is None or value <= most + 1e-9 for most, value in zip(limits, cost, strict=True))

    def _most(self, asked: Request) -> Cost:
        """The largest cost in tokens and money an attempt can have; not worked out where nothing is limited by it."""
        if self._ceiling.tokens is None and self._ceiling.money is None:
            return Cost()
        body = json.loads(asked.body)
        most_in = len(asked.body)
        most_out = int(body.get("n") or 1) * int(body.get("max_tokens") or _ANSWER)
        return Cost(0, most_in + most_out, self._money(asked.model, most_in, most_out, 0))

    def _money(self, model: str, tokens_in: int, tokens_out: int, tokens_cached: int) -> float:
        price = self._price_of(model)
        return price.money(tokens_in, tokens_out, tokens_cached) if price else 0.0

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.set()

    def told(self, more: Cost | None = None) -> str:
        """For people, with what others have bought: "1,200 calls, 340,000 tokens, 0.1234 by list price"."""
        cost = self.used.plus(more or Cost())
        money = f", {cost.money:,.4f} by list price" if cost.money else ""
        return f"{cost.calls:,} calls, {cost.tokens:,} tokens{money}"
