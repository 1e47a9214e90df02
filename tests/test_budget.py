"""A ceiling holds, whatever is in flight; what was bought is counted; prices come from a table with a date."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream import prices
from millstream.budget import Ceiling, Meter
from millstream.chat import Chat, Message, Reply, Request, request, retried
from millstream.errors import ChatError, InputError, Spent
from millstream.ledger import Billed, Tally

DEAR = prices.Price(match="m", tokens_in=1.0, out=2.0, cached=0.5, as_of=date(2026, 1, 1))


def price_of(model: str) -> prices.Price | None:
    return DEAR if model == "m" else None


def say(text: str, most: int = 20) -> Request:
    return request("m", [Message("user", text)], max_tokens=most)


def model(*, tokens_in: int = 3, tokens_out: int = 1, bought: list[Request] | None = None) -> Chat:
    async def chat(asked: Request) -> Reply:
        if bought is not None:
            bought.append(asked)
        await asyncio.sleep(0.001)
        return Reply(("hello",), tokens_in, tokens_out, 2)

    return chat


async def test_a_ceiling_in_calls_ends_them_and_spent_is_not_tried_again() -> None:
    bought: list[Request] = []
    chat = Meter(Ceiling(calls=2)).within(model(bought=bought))
    await asyncio.gather(chat(say("a")), chat(say("b")))
    with pytest.raises(Spent, match="the budget is used up: 2 calls, 8 tokens"):
        await retried(chat)(say("c"))
    assert len(bought) == 2


async def test_a_ceiling_in_tokens_is_never_broken_by_what_is_in_flight() -> None:
    """Each call may cost as much as its request allows; what it did cost makes room for the next."""
    one = len(say("0").body) + 20
    meter = Meter(Ceiling(tokens=2 * one))
    chat = meter.within(model(tokens_in=10, tokens_out=20))
    done = await asyncio.gather(*(chat(say(str(n))) for n in range(10)), return_exceptions=True)
    replies = [each for each in done if isinstance(each, Reply)]
    assert 2 < len(replies) < 10, "room that others left was used, and then there was none"
    assert meter.used.tokens == 30 * len(replies) <= 2 * one
    assert all(isinstance(each, Spent) for each in done if not isinstance(each, Reply))


@given(
    ceiling=st.integers(1, 3000),
    costs=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=1, max_size=30),
)
def test_no_order_of_answers_breaks_a_ceiling(ceiling: int, costs: list[tuple[int, int]]) -> None:
    async def play() -> int:
        left = list(costs)

        async def chat(asked: Request) -> Reply:
            await asyncio.sleep(0)
            tokens_in, tokens_out = left.pop()
            if not tokens_out:
                raise ChatError("no answer")
            return Reply(("x",), min(tokens_in, len(asked.body)), tokens_out)

        meter = Meter(Ceiling(tokens=ceiling))
        within = meter.within(chat)
        await asyncio.gather(*(within(say(str(n))) for n in range(len(costs))), return_exceptions=True)
        return meter.used.tokens

    assert asyncio.run(play()) <= ceiling


async def test_money_is_counted_by_the_table_and_across_sessions() -> None:
    before = [Billed("play", "m", Tally(calls=1, attempts=1, tokens_in=1_000_000), None)]
    meter = Meter(Ceiling(money=1.0), price_of, before)
    assert meter.used.money == 1.0
    with pytest.raises(Spent, match=r"1\.0000 by list price"):
        await meter.within(model())(say("a"))
    fresh = Meter(Ceiling(money=1.0), price_of)
    await fresh.within(model(tokens_in=10, tokens_out=1))(say("a"))
    assert fresh.used.money == pytest.approx((8 * 1.0 + 2 * 0.5 + 1 * 2.0) / 1e6)


async def test_a_failed_call_gives_its_room_back() -> None:
    async def broken(asked: Request) -> Reply:
        raise ChatError("no", 500)

    meter = Meter(Ceiling(tokens=len(say("a").body) + 20))
    for _ in range(3):
        with pytest.raises(ChatError, match="no"):
            await meter.within(broken)(say("a"))
    assert meter.used.tokens == 0 and meter.used.calls == 3


# --- the table ---------------------------------------------------------------------------------------------


def test_the_packaged_table_knows_the_longest_name_that_fits() -> None:
    table = prices.read()
    mini, large = table.of("gpt-4.1-mini-2025-04-14"), table.of("gpt-4.1-2025-04-14")
    assert mini and large and mini.tokens_in < large.tokens_in
    assert table.version and len(table.digest) == 64 and all(each.as_of for each in table.models)


def test_what_is_not_in_the_table_has_no_price_and_what_runs_here_costs_nothing() -> None:
    table = prices.read()
    assert table.of("some-model-nobody-lists") is None
    free = table.within("local")("qwen2.5")
    assert free and free.money(10**9, 10**9) == 0
    whole, half = table.within("gpt-4.1")("gpt-4.1"), table.within("gpt-4.1", batch=True)("gpt-4.1")
    assert whole and half and half.money(1000, 1000) == whole.money(1000, 1000) / 2


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    line = "  - {match: mine, in: 3, out: 9, as_of: 2026-01-31}"
    file.write_text(f"version: contract-7\ncurrency: EUR\nmodels:\n{line}\n")
    table = prices.read(file)
    found = table.of("mine")
    assert table.currency == "EUR" and found and found.money(1_000_000, 1_000_000, 500_000) == 12


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- 1", "file: "),
        ("version: a\ncurrency: EUR\nmodels: [{match: a, in: -1, out: 1, as_of: 2026-01-01}]", "models.0.in: "),
        ("version: a\ncurrency: EUR\nmodels: [{match: a, in: 1, out: 1}]", "models.0.as_of: Field required"),
        ("a: [", "not YAML"),
        ("", "file: "),
    ],
)
def test_a_wrong_table_is_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"wrong\.yaml") as caught:
        prices.read(file)
    assert line in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read"):
        prices.read(tmp_path / "nothing.yaml")
