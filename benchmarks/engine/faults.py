"""The ledger against the server's own log, with every kind of trouble: 429, 500, dropped connections, slow bodies that
run into the time limit."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from runs import folder, played, served
from server import Order

from play import Load

TROUBLES = Order(seed=4, median=0.01, sigma=1.0, refused=0.03, broken=0.03, dropped=0.03, slow=0.01, wait=0.05)
Tokens = tuple[int | None, int | None]


def ledger(path: Path) -> list[tuple[str, int, Tokens]]:
    """(key, status, tokens in and out) of every attempt."""
    with closing(sqlite3.connect(path)) as cache:
        rows = cache.execute("select lower(hex(key)), status, tokens_in, tokens_out from attempt").fetchall()
    return [(key, status, (tokens_in, tokens_out)) for key, status, tokens_in, tokens_out in rows]


def measured(dialogues: int) -> Iterator[str]:
    with served(TROUBLES) as server, folder() as place:
        played(Load(server.url, str(place), dialogues, 10, timeout=0.6, tries=9, pause=0.05))
        log, rows = server.log(), ledger(place / "cache.sqlite")
    apart = Counter(entry.key for entry in log) - Counter(key for key, _, _ in rows)
    tokens: dict[str, Tokens] = {entry.key: (entry.tokens_in, entry.tokens_out) for entry in log if entry.status == 200}
    arrived = [(key, used) for key, status, used in rows if status == 200]
    unlike = sum(used != tokens[key] for key, used in arrived)
    lost = [used for _, status, used in rows if status != 200]
    told = ", ".join(f"{count} x {status or 'no answer'}" for status, count in Counter(row[1] for row in rows).items())
    yield (
        f"faults, {dialogues * 10:,} calls: {len(log):,} attempts at the server, {len(rows):,} in the ledger, "
        f"{apart.total()} missing; {told}; {unlike} of {len(arrived):,} replies with other tokens; "
        f"{sum(used != (None, None) for used in lost)} of {len(lost)} lost ones not marked unknown"
    )
