"""Who may call next: first come, first served, over all live dialogues. Knows nothing of what is called.

One slot per call, not per dialogue: whoever has waited longest goes next, so dialogues advance together and end
together. Stages take turns, so that a stage with a few calls does not wait behind one with thousands. The width follows
the endpoint: additive increase, multiplicative decrease (Chiu and Jain 1989), with TCP's slow start (RFC 5681, section
3.1) after a pause, and a breaker: where nearly all is refused, one call at a time asks whether it is over.
"""

import asyncio
from collections import deque

_PROBES = 4
"""Answers between two refusals that show an endpoint to be narrow, and not shut."""
_RAMP = 3
"""What an answer adds to the width in a slow start: four times as wide each round trip."""
_LONGEST_PAUSE = 30.0


class Slots:
    """At most `most` calls at a time. `calm`: seconds without a refusal after which the width doubles in each
    round trip instead of growing by one."""

    def __init__(self, most: int, calm: float = 1.0) -> None:
        self.most, self.calm, self.width = most, calm, float(most)
        self._safe = float(most)  # the width up to which a slow start is quick
        self._used, self._shut, self._refused = 0, False, float("-inf")
        self._answered, self._failed, self._outages = most, 0, 0  # in a row
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def free(self) -> int:
        """How many calls could start now; less than 1 where somebody would wait."""
        return 0 if self._shut else int(self.width) - self._used

    async def take(self, stage: str = "") -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(stage, deque()).append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give()
            raise

    def give(self) -> None:
        self._used -= 1
        self._admit()

    def answered(self) -> None:
        """Quick up to the width that was safe, then double in each round trip when all has been calm, else one more."""
        self._answered, self._failed, self._outages = self._answered + 1, 0, 0
        if self.width < self.most:
            if self.width < self._safe:
                self.width = min(self._safe, self.width + _RAMP)
            else:
                calm = asyncio.get_running_loop().time() - self._refused > self.calm
                self.width += 1 if calm else 1 / self.width
            self.width = min(self.width, self.most)

    def refused(self, pause: float) -> None:
        """Narrow, then let nobody through for `pause` seconds. Refusals in the pause count as one."""
        self._refused = asyncio.get_running_loop().time()
        if not self._shut:
            if self._answered >= _PROBES:
                self._safe = self.width = max(1.0, self.width / 2)
            else:
                self.width = 1.0
            self._answered = 0
            self._close(pause)

    def failed(self) -> None:
        """No answer, or a broken one. As many in a row as fit side by side: the endpoint is down, and is asked by one
        call at a time, after pauses that double, instead of using up the tries of every item."""
        self._failed += 1
        if not self._shut and self._failed >= max(_PROBES, int(self.width)):
            self.width, self._answered = 1.0, 0
            self._close(min(_LONGEST_PAUSE, 0.5 * 2**self._outages))
            self._outages += 1

    def _close(self, pause: float) -> None:
        self._shut = True
        asyncio.get_running_loop().call_later(pause, self._reopen)

    def _reopen(self) -> None:
        self._shut = False
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self.free > 0:
            stage = next(iter(self._waiting))
            queue = self._waiting.pop(stage)
            turn = queue.popleft()
            if queue:
                self._waiting[stage] = queue  # last in line now
            if not turn.done():
                self._used += 1
                turn.set_result(None)
