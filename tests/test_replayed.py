"""A replay takes the routes that the run took, and sends nothing anywhere."""

from pathlib import Path

import pytest

from millstream import ledger, routes
from millstream.chat import Limits, Message, Reply, Request, fallback, request, stacked
from millstream.errors import ChatError, InputError
from millstream.models import named_in, replayed
from millstream.slots import Slots

SPEC = "big, mine=small, else=spare@http://127.0.0.1:9/v1"


async def model(asked: Request) -> Reply:
    if asked.model == "big" and asked.stage == "judge":
        raise ChatError("big is tired", 500)
    if asked.item == "lost":
        raise ChatError("nobody answers", 500)
    return Reply((f"{asked.model} to {asked.stage}",), 3, 1)


def say(stage: str, item: str = "s1") -> Request:
    return request("big", [Message("user", f"{stage} {item}")], stage=stage, item=item)


async def test_a_replay_gives_what_every_model_gave(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    async with ledger.opened(path) as store:
        own = stacked(model, store, Slots(4), Limits(tries=1))
        run = fallback(routes.routed(own, {"mine": (own, "small")}), own, "spare")
        asked = [say(stage) for stage in ("mine", "play", "judge")]
        said = [(await run(each)).text for each in asked]
        assert said == ["small to mine", "big to play", "spare to judge"]
        with pytest.raises(ChatError, match="nobody answers"):
            await run(say("play", "lost"))
    before = ledger.spent(path)
    async with ledger.opened(path) as store:
        again = replayed(store, path, SPEC)
        assert [(await again(each)).text for each in asked] == said
        with pytest.raises(ChatError, match="it failed in the run, too: nobody answers"):
            await again(say("play", "lost"))
        with pytest.raises(InputError, match="no reply to play s9 is in the cache"):
            await again(request("big", [Message("user", "new")], stage="play", item="s9"))
    assert ledger.spent(path) == before


def test_the_models_of_what_model_says() -> None:
    assert named_in(SPEC) == ("big", "small", "spare")
    assert named_in("anthropic:claude-x") == ("claude-x",) and named_in("local") == ("local",)


async def test_bills_are_by_stage_and_model(tmp_path: Path) -> None:
    path = tmp_path / "cache"

    async def dear(asked: Request) -> Reply:
        return Reply(("x",), 10, 5, cost=0.25 if asked.model == "big" else None)

    async with ledger.opened(path) as store:
        chat = stacked(dear, store, Slots(4))
        for n, name in enumerate(("big", "big", "small")):
            await chat(request(name, [Message("user", str(n))], stage="play"))
    bills = {(each.stage, each.model): (each.tally.tokens_in, each.cost) for each in ledger.billed(path)}
    assert bills == {("play", "big"): (20, 0.5), ("play", "small"): (10, None)}
    assert ledger.billed(tmp_path / "nothing") == []
