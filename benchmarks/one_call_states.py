"""Task dialogues written by one call each: `python benchmarks/one_call_states.py DATA TARGET OUT --count 24`, then
`millstream prove TARGET --data DATA --one-call OUT`.

OUT gets an SGD row a dialogue. What was asked is never asked again: the same command goes on where it was stopped. Says
how many answers could be read, what they cost, and how many of the values that they label stand in the words.
"""

import argparse
import asyncio
import json
import time
from pathlib import Path

from millstream import ledger
from millstream.chat import Limits, Message, request
from millstream.errors import ChatError
from millstream.formats import sgd
from millstream.models import Model, opened_model
from millstream.prove import one_call, targets
from millstream.services.annotated import TaskDialogue

PATIENT = Limits(timeout=3600)
"""A whole dialogue is a long answer, and the machine may be busy."""
LONGEST = 900
"""Tokens of an answer."""


async def answered(model: Model, call: one_call.Asked, seed: int) -> tuple[str, int]:
    """The answer, "" where there is none, and the tokens read and written."""
    form = {"type": "json_schema", "json_schema": {"name": "dialogue", "schema": call.form}}
    asked = request(
        model.name, [Message("user", call.prompt)], stage="one call", item=call.key, temperature=0.8, top_p=0.95,
        max_tokens=LONGEST, seed=seed, response_format=form,
    )  # fmt: skip
    try:
        reply = await model.chat(asked)
    except ChatError:
        return "", 0
    return reply.text, reply.tokens_in + reply.tokens_out


async def written(target: targets.Target, asked: argparse.Namespace) -> list[TaskDialogue]:
    services = {each.name: each for each in target.services}
    made, tokens, begun = [], 0, time.process_time()
    async with (
        ledger.opened(asked.out.with_suffix(".sqlite")) as store,
        opened_model(asked.model, asked.url, store, PATIENT, slots=1) as model,
    ):
        for number in range(asked.count):
            call = one_call.asked(target, number, asked.seed)
            answer, cost = await answered(model, call, number)
            tokens += cost
            found = one_call.read(call, answer, services[call.service])
            made += [found] if found else []
            print(
                f"{call.key} ({call.service}): {len(found.turns) if found else 'no'} turns, {cost} tokens", flush=True
            )
    print(f"{len(made)} of {asked.count} answers can be read; {tokens} tokens, {time.process_time() - begun:.0f} s")
    counts = [one_call.unheard(each, services) for each in made]
    print(f"{sum(a for a, _ in counts)} of {sum(b for _, b in counts)} labelled values do not stand in the words")
    return made


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("data", type=Path)
    words.add_argument("target", choices=targets.TARGETS)
    words.add_argument("out", type=Path)
    words.add_argument("--count", type=int, default=24)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--model", default="local")
    words.add_argument("--url", default="", help="of a server, as benchmarks/serving.py prints it")
    asked = words.parse_args()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    made = asyncio.run(written(targets.target(asked.target, asked.data), asked))
    asked.out.write_text("".join(f"{json.dumps(sgd.row(each), ensure_ascii=False)}\n" for each in made), "utf-8")


if __name__ == "__main__":
    main()
