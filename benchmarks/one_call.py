"""The plainest way to make a dialogue: one call, one prompt. `python benchmarks/one_call.py JOBS --out FILE`.

JOBS is what `benchmarks/peers.py RUN --jobs FILE` wrote. With --budget, a job is tried again until that many tokens,
read and written, are spent on it: what the other way costs. Every try is kept, the best is chosen by peers.py.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from millstream import ledger
from millstream.chat import Limits, Message, request
from millstream.errors import ChatError
from millstream.models import Model, opened_model

SCHEMA = {
    "type": "object", "required": ["turns"], "properties": {"turns": {"type": "array", "minItems": 6, "items": {
        "type": "object", "required": ["role", "text"],
        "properties": {"role": {"enum": ["user", "agent"]}, "text": {"type": "string"}},
    }}},
}  # fmt: skip
FORM = {"type": "json_schema", "json_schema": {"name": "dialogue", "schema": SCHEMA}}
PATIENT = Limits(timeout=1800)
"""A whole dialogue is a long answer, and the machine may be busy."""
ROLES = {"user": "user", "agent": "assistant"}


def parsed(text: str) -> list[dict[str, str]]:
    """The answer as chat messages; none where it is no conversation of two."""
    try:
        rows = [(each["role"], str(each["text"]).strip()) for each in json.loads(text)["turns"]]
    except (ValueError, KeyError, TypeError):
        return []
    if {role for role, said in rows if said} != {"user", "agent"}:
        return []
    return [{"role": ROLES[role], "content": said} for role, said in rows if said]


async def tries(model: Model, job: dict[str, Any], budget: int) -> AsyncIterator[dict[str, Any]]:
    """One, and more as long as another of the same cost fits into the budget."""
    spent, last, n = 0, 0, 0
    while n == 0 or (last and spent + last <= budget):
        begun = time.perf_counter()
        asked = request(
            model.name, [Message("user", job["whole"])], stage="one call", item=f"{job['id']} {n}", temperature=0.8,
            top_p=0.95, max_tokens=1000, seed=(job["seed"] + n) % 2**31, response_format=FORM,
        )  # fmt: skip
        row = {"id": job["id"], "messages": [], "tokens": 0}
        try:
            reply = await model.chat(asked)
            row |= {"messages": parsed(reply.texts[0]), "tokens": reply.tokens_in + reply.tokens_out}
        except ChatError as error:
            row |= {"error": str(error)}
        last = int(str(row["tokens"]))
        spent, n = spent + last, n + 1
        yield row | {"seconds": round(time.perf_counter() - begun, 1)}


async def played(jobs: Path, out: Path, asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, out.open("w", encoding="utf-8") as file:
        cache = Path(folder) / "cache.sqlite"
        async with ledger.opened(cache) as store, opened_model(asked.model, asked.url, store, PATIENT) as model:
            for line in jobs.read_text(encoding="utf-8").splitlines():
                async for row in tries(model, json.loads(line), asked.budget):
                    file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
                    file.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default="local")
    parser.add_argument("--url", default="", help="of a server, as benchmarks/serving.py prints it")
    parser.add_argument("--budget", type=int, default=0, help="tokens to be spent on a job")
    asked = parser.parse_args()
    asyncio.run(played(asked.jobs, asked.out, asked))


if __name__ == "__main__":
    main()
