"""A small run folder as files, for tests of the viewer: accepted dialogues, a rejected one, a ledger with a call."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from builders import dialogue
from millstream import ledger
from millstream.ledger import Attempt
from millstream.records import Dialogue, Reject
from millstream.rows import encoded


def run(folder: Path, dialogues: Sequence[Dialogue], rejected: Sequence[Dialogue] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fingerprint").write_text("x", encoding="utf-8")
    with (folder / "8_dialogues.jsonl").open("wb") as file:
        for each in dialogues:
            file.write(encoded(each.id, [each]))
    if rejected:
        with (folder / "6_dialogues_1.jsonl").open("wb") as file:
            for each in (*dialogues, *rejected):
                file.write(encoded(each.id, [each]))
        why = "turn 3: said 9, the table has 8"
        rows = [Reject(step="critic claims", item=each.id, reason=why) for each in rejected]
        (folder / "rejects.jsonl").write_text("".join(f"{row.model_dump_json()}\n" for row in rows), encoding="utf-8")
    return folder


def called(folder: Path, item: str, reply: str) -> None:
    """One paid call for a dialogue."""

    async def write() -> None:
        async with ledger.opened(folder / "cache.sqlite") as store:
            store.note(Attempt("reword", item, "m", b"k", 200, "", 1.0, 2.5, 300, 40, 0, 0, None))
            await store.put(b"k", json.dumps({"texts": [reply]}))

    with ThreadPoolExecutor(1) as beside:  # a test may have a loop of its own
        beside.submit(asyncio.run, write()).result()


def large(folder: Path, count: int) -> Path:
    """A run of 200 dialogues, and of the first again and again under the names 200 to `count` - 1."""
    run(folder, many(200))
    name = many(1)[0].id.encode()
    with (folder / "8_dialogues.jsonl").open("rb+") as file:
        line = file.readline()
        file.seek(0, 2)
        file.writelines(line.replace(name, b"%016d" % n, 1) for n in range(200, count))
    return folder


def many(count: int) -> list[Dialogue]:
    return [dialogue(number=n) for n in range(count)]
