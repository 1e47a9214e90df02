"""How fast the engine is, and how well it keeps its slots busy: python benchmarks/engine.py

Three measurements, against a model of our own so that only the engine is measured:
- stack: the wrappers with cache, ledger and disk, and a model that answers at once in this process;
- http: the same over a server on this machine that answers at once;
- tail: dialogues of 10 turns under a heavy-tailed latency, against the same draws scheduled greedily.
"""

import asyncio
import heapq
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

from millstream import ledger
from millstream.backends import openai
from millstream.chat import Chat, Message, Reply, Request, request, stacked
from millstream.records import Reject, Verdict
from millstream.run import Run, Worker
from millstream.slots import Slots

SLOTS, TURNS = 64, 10


def worker(chat: Chat) -> Worker[Verdict, Verdict]:
    """A dialogue of TURNS turns, each asked with all that was said before it."""

    async def play(item: Verdict) -> AsyncIterator[Verdict | Reject]:
        said: list[Message] = [Message("system", "You sell cars in a live stream. " * 10), Message("user", item.id)]
        for _ in range(TURNS):
            reply = await chat(request("mock", said, stage="play", item=item.id, temperature=0.7))
            said.append(Message("assistant", reply.text))
        yield Verdict(critic=item.critic, passed=True, reason=said[-1].content)

    return play


async def played(model: Chat, dialogues: int) -> tuple[float, float]:
    """(seconds, CPU seconds of this process) for a run of so many dialogues."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with ledger.opened(folder / "cache.sqlite") as store:
            run = Run(folder, "benchmark", live=8 * SLOTS)
            items = (Verdict(critic=str(n), passed=True) for n in range(dialogues))
            wall, cpu = time.perf_counter(), time.process_time()
            table = await run.each("dialogues", items, worker(stacked(model, store, Slots(SLOTS))), Verdict)
            took = time.perf_counter() - wall, time.process_time() - cpu
            assert len(table) == dialogues
            run.close()
    return took


async def at_once(asked: Request) -> Reply:
    return Reply(("Come and have a look at this one.",), 100, 9)


async def over_http(dialogues: int) -> tuple[float, float]:
    """The server is a process of its own, so that its CPU is not counted."""
    server = await asyncio.create_subprocess_exec(sys.executable, __file__, "serve", stdout=asyncio.subprocess.PIPE)
    assert server.stdout is not None
    url = (await server.stdout.readline()).decode().strip()
    try:
        async with openai.opened(url, proxies=False) as chat:
            return await played(chat, dialogues)
    finally:
        server.kill()
        await server.wait()


async def serve() -> None:
    body = b'{"choices":[{"message":{"content":"Come and have a look."}}],"usage":{"prompt_tokens":9}}'

    async def answer(asked: web.Request) -> web.Response:
        await asked.read()
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}/v1", flush=True)
    await asyncio.Event().wait()


async def tail(dialogues: int, seed: int) -> float:
    """Makespan over that of the same latencies list-scheduled on as many slots without any dependency."""
    dice = random.Random(seed)
    draws = [dice.lognormvariate(-2.6, 1.0) for _ in range(dialogues * TURNS)]
    left = iter(draws)

    async def slow(asked: Request) -> Reply:
        await asyncio.sleep(next(left))
        return Reply(("ok",))

    took, _ = await played(slow, dialogues)
    free = [0.0] * SLOTS
    for draw in draws:
        heapq.heapreplace(free, free[0] + draw)
    return took / max(free)


def main() -> None:
    if "serve" in sys.argv:
        asyncio.run(serve())
        return
    for name, measured in (("stack", played(at_once, 1000)), ("http", over_http(500))):
        wall, cpu = asyncio.run(measured)
        calls = (1000 if name == "stack" else 500) * TURNS
        print(f"{name:6} {calls / wall:7,.0f} calls/s  {1000 * cpu / calls:.3f} ms of CPU a call")
    ratios = [asyncio.run(tail(200, seed)) for seed in (8, 24, 27)]
    print(f"tail   {statistics.median(ratios):.3f} of the greedy makespan (200 x {TURNS}, {SLOTS} slots)")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB at the peak")


if __name__ == "__main__":
    main()
