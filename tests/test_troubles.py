"""A model that answers nobody is told of, and one that stumbles is not."""

import pytest

from millstream.chat import Message, Reply, Request, request
from millstream.commands.progress import Lines, Troubles
from millstream.errors import ChatError, Refused

ASKED = request("m", [Message("user", "hi")])


class Told(Lines):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def trouble(self, line: str) -> None:
        self.lines.append(line)


async def failing(troubles: Troubles, error: ChatError, times: int) -> None:
    async def chat(asked: Request) -> Reply:
        raise error

    for _ in range(times):
        with pytest.raises(ChatError):
            await troubles.within(chat)(ASKED)


async def answering(asked: Request) -> Reply:
    return Reply(("hello",))


async def test_a_server_that_is_not_there_is_told_of_now_and_then() -> None:
    now = [0.0]
    told = Told()
    troubles = Troubles(told, lambda: now[0])
    await failing(troubles, ChatError("http://127.0.0.1:1: refused"), 3)
    assert not told.lines
    await failing(troubles, ChatError("http://127.0.0.1:1: refused"), 20)
    assert told.lines == [
        "4 calls in a row without an answer, the last: http://127.0.0.1:1: refused"
    ]
    now[0] = 61
    await failing(troubles, ChatError("still"), 1)
    assert len(told.lines) == 2


async def test_an_answer_in_between_and_a_refusal_are_no_trouble() -> None:
    told = Told()
    troubles = Troubles(told)
    for _ in range(5):
        await failing(troubles, ChatError("500"), 3)
        await troubles.within(answering)(ASKED)
    await failing(troubles, Refused("429", 429), 20)
    assert not told.lines
