"""Batches for a command that reads a file of requests and writes one of results, like `vllm run-batch`.

Knows the command and the two files. What a command that ended badly did write counts; one that was stopped with us is
started again: what runs here costs time and no money.
"""

import asyncio
import shlex
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

from millstream.backends.openai_batch import answers
from millstream.batched import Answers, Queue
from millstream.chat import Reply
from millstream.errors import ChatError, InputError

_PLACES = ("{input}", "{output}")


def connect(command: str) -> Queue:
    """`command` has {input} and {output} where the files belong: "vllm run-batch -i {input} -o {output} --model M"."""
    words = shlex.split(command)
    if not all(any(place in word for word in words) for place in _PLACES):
        raise InputError(f"{command!r} has no {{input}} and {{output}}", "--batch", "or write --batch openai")
    working: dict[str, asyncio.Task[str]] = {}
    turn = asyncio.Lock()  # one command at a time: each loads the whole model

    async def work(file: Path) -> str:
        """What went wrong, in one line."""
        filled = [word.replace("{input}", str(file)).replace("{output}", str(_results(file))) for word in words]
        async with turn:
            try:
                process = await asyncio.create_subprocess_exec(*filled, stdout=DEVNULL, stderr=PIPE)
            except OSError as error:
                return f"{words[0]}: {error.strerror}"
            _, said = await process.communicate()
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no word why"]
        return f"{words[0]} ended with code {process.returncode}: {last[0]}" if process.returncode else ""

    async def send(name: str, file: Path) -> str:
        working[str(file)] = asyncio.ensure_future(work(file))
        return str(file)

    async def find(name: str) -> str | None:
        return None  # what was started ended with us

    async def done(sent: str) -> Answers | None:
        file = Path(sent)
        if sent not in working:  # of an earlier session
            found = _read(file)
            if len(found) == len(_names(file)):
                return found
            await send(file.stem, file)
        if not working[sent].done():
            return None
        found, wrong = _read(file), working[sent].result()
        return {name: ChatError(wrong, 500) for name in _names(file)} | found if wrong else found

    return Queue(send, find, done)


def _results(file: Path) -> Path:
    return file.with_name(f"{file.stem}.results.jsonl.out")


def _read(file: Path) -> dict[str, Reply | ChatError]:
    results = _results(file)
    return dict(answers(results.read_bytes())) if results.is_file() else {}


def _names(file: Path) -> list[str]:
    return [name for name, _ in answers(file.read_bytes())]
