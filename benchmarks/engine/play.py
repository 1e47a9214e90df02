"""The load: one run of dialogues through the engine, in a process of its own: python play.py '{"url": ...}'

A user and an agent talk in turn, each asked with all that was said before it, and critics judge what came of it. The
stack is the one every run has: cache, retries, slots, ledger, fsync at every commit. The last line is a JSON of what it
took, and items.json in its folder the scenarios whose dialogues are whole. `export` writes what was made as a dataset:
by scenario, without times, hosts or costs.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from millstream import ledger
from millstream.backends import openai
from millstream.chat import Chat, Limits, Message, request, stacked
from millstream.records import Reject, Verdict
from millstream.run import Run, Stage, Worker
from millstream.slots import Slots


@dataclass
class Load:
    """What to play, where. `critics`: prompts of judges, one call a dialogue each."""

    url: str
    folder: str
    dialogues: int = 200
    turns: int = 10
    slots: int = 64
    first: int = 0
    user: str = "You watch a live stream and want a car for your family. " * 4
    agent: str = "You sell cars in a live stream and answer from the price list. " * 4
    critics: list[str] = field(default_factory=list)
    cache: str = ""
    timeout: float = 300.0
    tries: int = 3
    pause: float = 1.0


def asked(load: Load, item: str, said: list[str]) -> list[Message]:
    """What the side whose turn it is sees: the prompt of its role, the scenario, and the exchange so far."""
    mine, system = ("user", load.user) if len(said) % 2 == 0 else ("agent", load.agent)
    turns = [
        Message("assistant" if (n % 2 == 0) == (mine == "user") else "user", text) for n, text in enumerate(said)
    ]
    return [Message("system", f"{system} Scenario {item}."), *turns]


def player(chat: Chat, load: Load) -> Worker[Verdict, Verdict]:
    async def play(item: Verdict) -> AsyncIterator[Verdict | Reject]:
        said: list[str] = []
        for _ in range(load.turns):
            asking = request("mock", asked(load, item.critic, said), stage="play", item=item.id, temperature=0.7)
            said.append((await chat(asking)).text)
        yield Verdict(critic=item.critic, passed=True, reason="\n".join(said))

    return play


def judge(chat: Chat, load: Load) -> Worker[Verdict, Verdict]:
    async def look(item: Verdict) -> AsyncIterator[Verdict | Reject]:
        said = [Message("user", item.reason)]
        asking = [[Message("system", each), *said] for each in load.critics]
        verdicts = [(await chat(request("mock", each, stage="judge", item=item.id))).text for each in asking]
        yield Verdict(critic=item.critic, passed=True, reason="\n".join((item.reason, *verdicts)))

    return look


async def played(load: Load) -> Path:
    folder = Path(load.folder)
    cache = Path(load.cache) if load.cache else folder / "cache.sqlite"
    limits = Limits(tries=load.tries, pause=load.pause, timeout=load.timeout)
    with Run(folder, "benchmark", live=16 * load.slots) as run:
        async with ledger.opened(cache) as store, openai.connect(load.url, proxies=False) as model:
            chat = stacked(model, store, Slots(load.slots), limits)
            items = (Verdict(critic=str(n), passed=True) for n in range(load.first, load.first + load.dialogues))
            stages = [Stage("dialogues", player(chat, load), Verdict)]
            if load.critics:
                stages.append(Stage("judged", judge(chat, load), Verdict))
            *_, made = await run.chain(items, *stages)
            assert len(made) == load.dialogues
            return made.path


def export(table: Path) -> bytes:
    """A table as a dataset: one line a scenario, in their order."""
    rows = [made for line in table.read_bytes().splitlines() for made in json.loads(line)["made"]]
    rows.sort(key=lambda row: int(row["critic"]))
    return b"\n".join(json.dumps(row, sort_keys=True).encode() for row in rows)


def main() -> None:
    load = Load(**json.loads(sys.argv[1]))
    wall, cpu = time.monotonic(), time.process_time()
    table = asyncio.run(played(load))
    took = time.monotonic() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    items = [json.loads(line)["critic"] for line in export(table).splitlines()]
    (Path(load.folder) / "items.json").write_text(json.dumps(items), encoding="utf-8")
    print(json.dumps({"seconds": took[0], "cpu": took[1], "cpu_start": cpu, "memory": memory}))


if __name__ == "__main__":
    main()
