"""Who may call next: first come, first served, over all live dialogues. Knows nothing of what is called.

One slot per call, not per dialogue: whoever has waited longest goes next, so dialogues advance together and
end together. The width halves after a refusal and grows with answers.
"""

import asyncio
import time
from collections import deque


class Slots:
    """At most `most` calls at a time. `calm`: seconds without a refusal after which the width doubles in each
    round trip instead of growing by one."""

    def __init__(self, most: int, calm: float = 1.0) -> None:
        self.most, self.calm, self.width = most, calm, float(most)
        self._used, self._shut, self._refused = 0, False, 0.0
        self._queue: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
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
        """Double in each round trip when all has been calm, else one more."""
        if self.width < self.most:
            calm = time.monotonic() - self._refused > self.calm
            self.width = min(self.most, self.width + (1 if calm else 1 / self.width))

    def refused(self, pause: float) -> None:
        """Halve, then let nobody through for `pause` seconds. Refusals in the pause count as one."""
        self._refused = time.monotonic()
        if not self._shut:
            self._shut, self.width = True, max(1.0, self.width / 2)
            asyncio.get_running_loop().call_later(pause, self._reopen)

    def _reopen(self) -> None:
        self._shut = False
        self._admit()

    def _admit(self) -> None:
        while self._queue and not self._shut and self._used < int(self.width):
            turn = self._queue.popleft()
            if not turn.done():
                self._used += 1
                turn.set_result(None)
