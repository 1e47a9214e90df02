"""SIGKILL at random moments: no finished call is bought twice, no dialogue is lost or doubled."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from millstream import ledger

DIALOGUES, TURNS, SLOTS = 60, 6, 8

PLAY = """
import asyncio, sys
from pathlib import Path
from millstream.chat import Limits, Message, Reply, request, stacked
from millstream.ledger import opened
from millstream.records import Verdict
from millstream.run import Run
from millstream.slots import Slots

folder, dialogues, turns, slots = Path(sys.argv[1]), *map(int, sys.argv[2:])
bought = (folder / "bought").open("ab", buffering=0)

async def model(asked):
    await asyncio.sleep(0.01)
    bought.write(asked.key.hex().encode() + b"\\n")
    return Reply((asked.key.hex(),), 5, 1)

async def main():
    run = Run(folder, "kill", live=24)
    async with opened(folder / "cache.sqlite") as store:
        chat = stacked(model, store, Slots(slots))

        async def play(item):
            said = []
            for n in range(turns):
                asking = request("m", [Message("user", f"{item.id} {n} {said}")], stage="play", item=item.id)
                said.append((await chat(asking)).text)
            yield Verdict(critic=item.critic, passed=True, reason=" ".join(said))

        await run.each("dialogues", (Verdict(critic=str(n), passed=True) for n in range(dialogues)), play, Verdict)

asyncio.run(main())
"""


def play(folder: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", PLAY, str(folder), *map(str, (DIALOGUES, TURNS, SLOTS))])


def bought(folder: Path) -> Counter[str]:
    """What the model was paid for, by its own count; the last line may be torn by the kill."""
    file = folder / "bought"
    return Counter(file.read_text().split("\n")[:-1]) if file.exists() else Counter()


def test_a_killed_run_is_finished_as_if_nothing_had_been(tmp_path: Path) -> None:
    kills, dice = 0, random.Random(7)
    while kills < 5:
        before = bought(tmp_path).total()
        process = play(tmp_path)
        while bought(tmp_path).total() < before + 40 and process.poll() is None:
            time.sleep(0.005)
        time.sleep(dice.random() * 0.03)
        process.kill()
        kills += 1
        assert process.wait() != 0, "it was finished before it could be killed"
    assert play(tmp_path).wait(timeout=60) == 0

    calls = bought(tmp_path)
    assert len(calls) == DIALOGUES * TURNS
    assert calls.total() - len(calls) <= kills * SLOTS, "more was bought again than was in flight"
    rows = [json.loads(line) for line in (tmp_path / "dialogues.jsonl").read_bytes().splitlines()]
    assert len(rows) == len({row["item"] for row in rows}) == DIALOGUES
    assert sorted(int(row["made"][0]["critic"]) for row in rows) == list(range(DIALOGUES))
    assert all(set(row["made"][0]["reason"].split()) <= calls.keys() for row in rows)
    tally = ledger.spent(tmp_path / "cache.sqlite").total
    assert tally.calls == DIALOGUES * TURNS
    assert not (tmp_path / "failures.jsonl").read_bytes()

    assert play(tmp_path).wait(timeout=60) == 0
    assert bought(tmp_path) == calls, "a finished run buys nothing"
