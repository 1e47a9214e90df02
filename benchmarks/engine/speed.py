"""Speed: calls a second, CPU a call, memory, and the time to the first request, with cache, ledger and fsync on."""

import time
from collections.abc import Iterator

from runs import folder, played, served
from server import Order

from play import Load

SLOTS = 64


def at(median: float, dialogues: int) -> tuple[float, dict[str, float], float, int]:
    """Calls a second at the server, what the load told, seconds from its start to the first request, calls."""
    with served(Order(median=median)) as server, folder() as place:
        started = time.monotonic()
        told = played(Load(server.url, str(place), dialogues, 10, SLOTS))
        log = server.log()
    span = max(each.left for each in log) - log[0].came
    return len(log) / span, told, log[0].came - started, len(log)


def measured(dialogues: int) -> Iterator[str]:
    rate, told, first, calls = at(0.0, dialogues)
    yield (
        f"zero latency, {calls:,} calls: {rate:,.0f} calls/s, {1000 * told['cpu'] / calls:.3f} ms CPU a call, "
        f"peak {told['memory']:.0f} MiB, first request after {first:.2f} s"
    )
    rate, told, _, calls = at(SLOTS / 150, dialogues // 10)
    yield f"at {rate:,.0f} calls/s, {calls:,} calls: {1000 * told['cpu'] / calls:.3f} ms CPU a call"
