"""Each wrapper alone, then the stack."""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import BaseModel

from millstream import ledger
from millstream.backends import scripted
from millstream.chat import (
    Chat,
    Limits,
    Message,
    Reply,
    Request,
    ask,
    cached,
    fallback,
    kept,
    limited,
    named,
    paced,
    pooled,
    recorded,
    request,
    retried,
    stacked,
    timed,
)
from millstream.errors import ChatError, Refused, Spent, StoreError
from millstream.rates import Bucket, Rates
from millstream.slots import Slots


class Wish(BaseModel):
    """What the tests ask for."""

    slot: str
    most: int


class Model:
    """Answers "hello", after the troubles it was given; counts what it was asked."""

    def __init__(self, *troubles: ChatError) -> None:
        self.troubles, self.asked, self.live, self.most_live = list(troubles), 0, 0, 0

    async def chat(self, asked: Request) -> Reply:
        self.asked += 1
        self.live += 1
        self.most_live = max(self.live, self.most_live)
        await asyncio.sleep(0.001)
        self.live -= 1
        if self.troubles:
            raise self.troubles.pop(0)
        return Reply(("hello",), 3, 1, 2)


def say(text: str, **more: object) -> Request:
    return request("m", [Message("user", text)], stage="play", item="d1", **more)


def refused(pause: float = 0.0) -> Refused:
    error = Refused("slow down", 429)
    error.pause = pause
    return error


# --- requests ----------------------------------------------------------------------------------------------


def test_the_key_is_all_that_can_change_the_reply() -> None:
    same = [say("a", temperature=0.5, top_p=1), say("a", top_p=1, temperature=0.5)]
    other = [say("b"), say("a"), say("a", temperature=0.4, top_p=1), say("a", temperature=0.5, top_p=1, sample=1)]
    assert len({each.key for each in same}) == 1
    assert len({each.key for each in same + other}) == 5
    assert request("m", [Message("user", "a")]).key == say("a").key, "who asks is no part of the key"


def test_a_sample_is_not_sent() -> None:
    assert say("a", sample=7).body == say("a").body
    assert json.loads(say("a", seed=7).body)["seed"] == 7


def test_the_order_of_a_schema_is_kept() -> None:
    body = json.loads(say("a", response_format={"z": 1, "a": 2}).body)
    assert list(body["response_format"]) == ["z", "a"]


def test_half_a_surrogate_pair_can_be_sent() -> None:
    assert json.loads(say("a\ud800b").body)["messages"][0]["content"] == "a?b"


# --- wrappers ----------------------------------------------------------------------------------------------


async def test_one_flight_per_request(tmp_path: Path) -> None:
    model = Model()
    async with ledger.opened(tmp_path / "cache") as store:
        chat = cached(kept(model.chat, store), store)
        replies = await asyncio.gather(*(chat(say("one")) for _ in range(9)))
        again = await chat(say("one"))
    assert model.asked == 1
    assert {*replies, again} == {Reply(("hello",), 3, 1, 2)}


async def test_a_redirect_is_asked_once() -> None:
    model = Model(ChatError("it sends us elsewhere", 307))
    with pytest.raises(ChatError, match="elsewhere"):
        await retried(model.chat, tries=3, pause=0)(say("a"))
    assert model.asked == 1


async def test_half_a_surrogate_pair_in_an_answer_or_an_error_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    half = "a\ud83d"

    async def chat(asked: Request) -> Reply:
        if asked.stage == "judge":
            raise ChatError(half, 400)
        return Reply((half,), logprobs=([{"token": half}],))

    async with asyncio.timeout(9), ledger.opened(tmp_path / "cache") as store:
        whole = stacked(chat, store, Slots(1))
        first = await whole(say("one"))
        again = await whole(say("one"))
        with pytest.raises(ChatError):
            await whole(request("m", [Message("user", "two")], stage="judge"))
    assert first == again == Reply(("a?",), logprobs=([{"token": "a?"}],))
    with closing(sqlite3.connect(tmp_path / "cache")) as file:
        assert file.execute("select error from attempt order by rowid").fetchall() == [("",), ("a?",)]


async def test_a_failure_is_forgotten(tmp_path: Path) -> None:
    model = Model(ChatError("broken", 500))
    async with ledger.opened(tmp_path / "cache") as store:
        chat = cached(kept(model.chat, store), store)
        with pytest.raises(ChatError, match="broken"):
            await chat(say("one"))
        assert (await chat(say("one"))).text == "hello"


async def test_a_cancelled_caller_leaves_neither_slot_nor_flight_behind(tmp_path: Path) -> None:
    model = Model()
    async with ledger.opened(tmp_path / "cache") as store:
        chat = stacked(model.chat, store, Slots(2))
        waiting = [asyncio.ensure_future(chat(say(f"late {n}"))) for n in range(5)]
        twin = asyncio.ensure_future(chat(say("late 0")))
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[4].cancel()
        done = await asyncio.gather(*waiting, return_exceptions=True)
        assert [isinstance(each, asyncio.CancelledError) for each in done] == [True, False, False, False, True]
        assert (await asyncio.wait_for(twin, 1)).text == "hello", "who waited for the cancelled flight flies"
        assert (await asyncio.wait_for(chat(say("late 4")), 1)).text == "hello"


async def test_an_error_is_tried_again_and_a_wrong_request_is_not() -> None:
    model = Model(ChatError("broken", 500), ChatError("no answer"))
    assert (await retried(model.chat, tries=3, pause=0)(say("a"))).text == "hello"
    model = Model(*(ChatError("broken", 500) for _ in range(3)))
    with pytest.raises(ChatError, match="broken"):
        await retried(model.chat, tries=3, pause=0)(say("a"))
    assert model.asked == 3
    model = Model(ChatError("no such model", 404))
    with pytest.raises(ChatError, match="no such model"):
        await retried(model.chat, tries=3, pause=0)(say("a"))
    assert model.asked == 1


async def test_a_refusal_is_no_error_but_has_an_end() -> None:
    model = Model(*(refused() for _ in range(9)))
    assert (await retried(model.chat, tries=1)(say("a"))).text == "hello"
    model = Model(*(refused() for _ in range(9)))
    with pytest.raises(Refused):
        await retried(model.chat, refusals=4)(say("a"))
    assert model.asked == 4


async def test_no_more_calls_at_a_time_than_slots() -> None:
    model = Model()
    chat = limited(model.chat, Slots(3))
    await asyncio.gather(*(chat(say(str(n))) for n in range(20)))
    assert model.most_live == 3


async def test_a_refusal_halves_the_width_and_holds_the_pause() -> None:
    slots, model = Slots(8), Model(refused(0.05))
    clock = asyncio.get_running_loop().time
    chat, start = retried(limited(model.chat, slots)), clock()
    await chat(say("a"))
    assert clock() - start >= 0.05
    assert slots.width < 8
    for n in range(40):
        await chat(say(str(n)))
    assert slots.width > 4, "it grows again with answers"


async def test_an_attempt_has_an_end() -> None:
    async def silent(asked: Request) -> Reply:
        await asyncio.sleep(60)
        raise AssertionError("unreachable")

    with pytest.raises(ChatError, match=r"no answer in 0.01 s"):
        await timed(silent, 0.01)(say("a"))


async def test_a_reply_that_is_not_on_disk_is_not_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    async with ledger.opened(path) as store:
        store.note(ledger.Attempt("s", "i", "m", b"k", 200, "", 0.0, 0.0, 0, 0, 0, 0, None))
        await store.written()
        store._writer.execute("pragma query_only=1")
        with pytest.raises(StoreError, match="cannot write the cache"):
            await stacked(Model().chat, store, Slots(1))(say("lost"))
        store._writer.execute("pragma query_only=0")


async def test_other_weights_are_another_model(tmp_path: Path) -> None:
    model = Model()
    async with ledger.opened(tmp_path / "cache") as store:
        inner = cached(kept(model.chat, store), store)
        for digest in ("", "a", "b", "a"):
            await named(inner, digest)(say("one"))
    assert model.asked == 3


async def test_calls_are_shared_out_over_keys_and_a_refused_key_holds_up_no_other() -> None:
    keys, models = [Slots(2), Slots(2), Slots(2)], [Model(), Model(), Model()]
    chat = pooled([(limited(model.chat, slots), slots) for model, slots in zip(models, keys, strict=True)])
    await asyncio.gather(*(chat(say(str(n))) for n in range(6)))
    assert [model.asked for model in models] == [2, 2, 2]
    keys[1].refused(60)
    await asyncio.gather(*(chat(say(str(n))) for n in range(4)))
    assert [model.asked for model in models] == [4, 2, 4]


async def test_another_model_answers_where_the_first_fails() -> None:
    bodies: list[Request] = []

    async def other(asked: Request) -> Reply:
        bodies.append(asked)
        return Reply(("from the other",))

    chat = fallback(Model(ChatError("down", 500)).chat, other, "spare")
    assert (await chat(say("a"))).text == "from the other"
    assert (await chat(say("a"))).text == "hello"
    asked = bodies[0]
    assert (json.loads(asked.body)["model"], asked.model, asked.stage, asked.item) == ("spare", "spare", "play", "d1")
    assert asked.key != say("a").key
    with pytest.raises(ChatError, match="bad request"):
        await fallback(Model(ChatError("bad request", 400)).chat, other, "spare")(say("a"))
    with pytest.raises(Spent):
        await fallback(Model(Spent("used up")).chat, other, "spare")(say("a"))
    assert len(bodies) == 1


async def test_a_pace_is_kept() -> None:
    rates, model = Rates(requests=Bucket(61.1 * 20)), Model()
    start = asyncio.get_running_loop().time()
    await asyncio.gather(*(paced(model.chat, rates)(say(str(n))) for n in range(23)))
    assert asyncio.get_running_loop().time() - start > 0.05
    assert rates.answer < 100, "answers are shorter than was thought"


async def test_a_clock_that_jumps_changes_only_the_date(tmp_path: Path) -> None:
    jumps = iter((1e9, -5.0, 4e9))
    async with ledger.opened(tmp_path / "cache") as store:
        for n in range(3):
            await recorded(Model().chat, store, lambda: next(jumps))(say(str(n)))
    with closing(sqlite3.connect(tmp_path / "cache")) as rows:
        assert rows.execute("select started from attempt order by rowid").fetchall() == [(1e9,), (-5.0,), (4e9,)]
        assert all(0 < seconds < 5 for (seconds,) in rows.execute("select seconds from attempt"))


async def test_an_outage_uses_up_the_tries_of_nobody() -> None:
    asked = 0

    async def down_for_a_while(request: Request) -> Reply:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.001)
        if asked <= 12:
            raise ChatError("connection refused")
        return Reply(("hello",))

    slots = Slots(8)
    chat = retried(limited(down_for_a_while, slots), tries=3, pause=0.001)
    replies = await asyncio.gather(*(chat(say(str(n))) for n in range(30)))
    assert {reply.text for reply in replies} == {"hello"}


# --- the stack ---------------------------------------------------------------------------------------------


async def test_every_attempt_is_in_the_ledger(tmp_path: Path) -> None:
    model = Model(ChatError("broken", 500), refused())
    async with ledger.opened(tmp_path / "cache") as store:
        chat = stacked(model.chat, store, Slots(4), Limits(pause=0))
        await asyncio.gather(*(chat(say(str(n))) for n in range(5)))
        with pytest.raises(ChatError):
            await stacked(Model(ChatError("bad", 400)).chat, store, Slots(1))(say("x"))
    with closing(sqlite3.connect(tmp_path / "cache")) as rows:
        wrong = "select model, status, tokens_in, cost from attempt where error <> '' order by status"
        lost = rows.execute(wrong).fetchall()
    assert lost == [("m", 400, None, None), ("m", 429, None, None), ("m", 500, None, None)], "what is unknown says so"
    tally = ledger.spent(tmp_path / "cache").stages["play"]
    assert (tally.calls, tally.attempts, tally.failures) == (6, 8, 3)
    assert (tally.tokens_in, tally.tokens_out, tally.tokens_cached) == (15, 5, 10)


async def test_a_rerun_asks_for_what_is_new_alone(tmp_path: Path) -> None:
    model = Model()
    for texts, asked in ((range(10), 10), (range(10), 10), (range(12), 12)):
        async with ledger.opened(tmp_path / "cache") as store:
            chat = stacked(model.chat, store, Slots(4), Limits(timeout=5))
            await asyncio.gather(*(chat(say(str(n))) for n in texts))
        assert model.asked == asked


async def test_n_choices_and_logprobs_outlive_the_cache(tmp_path: Path) -> None:
    whole = Reply(("a", "b"), 5, 2, 1, ([{"token": "a", "logprob": -0.5}], [{"token": "b", "logprob": -1.0}]))

    async def chat(asked: Request) -> Reply:
        return whole

    async with ledger.opened(tmp_path / "cache") as store:
        stack = stacked(chat, store, Slots(1))
        assert [await stack(say("a")), await stack(say("a"))] == [whole, whole]


# --- ask ---------------------------------------------------------------------------------------------------


def answering(answer: Callable[[int], str]) -> tuple[Chat, list[Request]]:
    seen: list[Request] = []

    async def chat(asked: Request) -> Reply:
        seen.append(asked)
        return Reply((answer(len(seen)),))

    return chat, seen


async def test_ask_sends_the_schema_and_returns_the_model() -> None:
    wish = await ask(scripted.connect(scripted.echo), "m", [Message("user", "a")], Wish, stage="s", item="i")
    assert wish == Wish(slot="", most=0)


@pytest.mark.parametrize("rubbish", ["", "{", "[" * 100_000, '{"slot": 1}', "null", '{"slot":"a","most":"\ud800"}'])
async def test_rubbish_is_asked_again_as_another_sample(rubbish: str) -> None:
    chat, seen = answering(lambda n: rubbish if n < 3 else '{"slot": "price", "most": 9}')
    wish = await ask(chat, "m", [Message("user", "a")], Wish, stage="s", item="i", temperature=0, seed=1)
    assert wish == Wish(slot="price", most=9)
    assert len({each.key for each in seen}) == 3
    assert [json.loads(each.body)["seed"] for each in seen] == [1, 2, 4]
    assert json.loads(seen[1].body)["temperature"] > 0, "the greedy reply would be the same rubbish"
    assert {(each.stage, each.item) for each in seen} == {("s", "i")}


async def test_rubbish_in_the_end_is_an_error_with_its_trace() -> None:
    chat, seen = answering(lambda n: f"rubbish {n}")
    with pytest.raises(ChatError, match="none a Wish") as caught:
        await ask(chat, "m", [Message("user", "a")], Wish, tries=1)
    assert len(seen) == 2
    assert caught.value.trace == "rubbish 1\n---\nrubbish 2"
