"""Edits: a run, the same again, ten scenarios more, a critic's prompt changed, the agent's prompt changed.

What should be sent is worked out beside it: the requests of the new run that no run before it had, played through by a
model that answers at once in this process.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from runs import folder, played, served
from server import Entry, Order, answered

from millstream.chat import Reply, Request
from millstream.records import Verdict
from play import Load, judge, player


def needed(load: Load) -> set[str]:
    """The keys of all requests of a run."""
    keys: set[str] = set()

    async def chat(asked: Request) -> Reply:
        keys.add(asked.key.hex())
        text = answered(asked.body)[0].split(b'"content":"')[1].split(b'"')[0]
        return Reply((text.decode(),))

    async def play() -> None:
        for n in range(load.first, load.first + load.dialogues):
            async for made in player(chat, load)(Verdict(critic=str(n), passed=True)):
                assert isinstance(made, Verdict)
                async for _ in judge(chat, load)(made):
                    pass

    asyncio.run(play())
    return keys


def steps(first: Load) -> Iterator[tuple[str, Load]]:
    more = replace(first, dialogues=first.dialogues + 10)
    critic = replace(more, critics=[more.critics[0], f"{more.critics[1]} Be strict."])
    yield "first", first
    yield "again", first
    yield "ten more", more
    yield "a critic's prompt edited", critic
    yield "the agent's prompt edited", replace(critic, agent=f"{critic.agent} Be brief.")


def measured(dialogues: int, turns: int) -> Iterator[str]:
    critics = ["Is the agent polite?", "Are the prices right?"] if turns > 1 else []
    seen: set[str] = set()
    log: list[Entry] = []
    with served(Order()) as server, folder() as place:
        first = Load(server.url, "", dialogues, turns, critics=critics, cache=str(place / "cache.sqlite"))
        for n, (name, load) in enumerate(steps(first) if critics else single(first)):
            played(replace(load, folder=str(made(place / str(n)))))
            fresh = server.log()[len(log) :]
            log += fresh
            wanted = needed(load) - seen
            seen |= wanted
            exact = len(fresh) == len(wanted) and {each.key for each in fresh} == wanted
            told = "exactly the changed ones" if exact else "NOT the changed ones"
            yield f"{dialogues:,} x {turns}, {name}: {len(fresh):,} sent, {told}"


def single(first: Load) -> Iterator[tuple[str, Load]]:
    """Items of one call, as in the table of the peers; one is edited."""
    yield "first", first
    yield "again", first
    yield "ten more", replace(first, dialogues=first.dialogues + 10)
    yield "one edited", replace(first, first=1, dialogues=first.dialogues + 10)


def made(path: Path) -> Path:
    path.mkdir()
    return path
