"""Who may call next, how wide the way is, and how fast requests may follow each other."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.rates import Bucket, Rates, seconds
from millstream.slots import Slots


async def taken(slots: Slots, stage: str, order: list[str]) -> None:
    await slots.take(stage)
    order.append(stage)
    await asyncio.sleep(0)
    slots.give()


async def test_first_come_is_first_served_and_stages_take_turns() -> None:
    slots, order = Slots(1), list[str]()
    await asyncio.gather(*(taken(slots, stage, order) for stage in ("play",) * 6 + ("judge",) * 2))
    assert order == ["play", "play", "judge", "play", "judge", "play", "play", "play"]


async def test_one_refusal_halves_and_nobody_goes_through_in_the_pause() -> None:
    slots = Slots(8)
    slots.refused(0.03)
    slots.refused(0.03)
    assert (slots.width, slots.free) == (4, 0), "those that come back in the pause count as one"
    await asyncio.sleep(0.05)
    assert slots.free == 4


async def storm(slots: Slots, pauses: int) -> None:
    for _ in range(pauses):
        slots.refused(0)
        await asyncio.sleep(0.001)


async def test_where_all_is_refused_one_call_asks_whether_it_is_over() -> None:
    slots = Slots(64)
    await storm(slots, 2)
    assert slots.width == 1


async def test_after_a_storm_it_is_wide_again_in_a_few_round_trips() -> None:
    slots = Slots(64, calm=0)
    await storm(slots, 60)
    trips = 0
    while slots.width < 64:
        for _ in range(int(slots.width)):
            slots.answered()
        trips += 1
    assert trips <= 5, "1, 4, 16, 32 (what was safe), 64"


async def test_a_narrow_endpoint_is_not_taken_for_a_storm() -> None:
    slots = Slots(64, calm=60)
    slots.refused(0)
    await asyncio.sleep(0.001)
    for _ in range(8):
        slots.answered()
    slots.refused(0)
    assert 16 <= slots.width <= 17


async def test_an_endpoint_that_is_down_is_asked_by_one_call_at_a_time() -> None:
    slots = Slots(8)
    for _ in range(7):
        slots.failed()
    assert slots.free == 8, "a few failures are the items' own"
    slots.failed()
    assert (slots.width, slots.free) == (1, 0)
    slots.answered()
    assert slots.width > 1


# --- rates -------------------------------------------------------------------------------------------------


@given(limit=st.integers(1, 5000), idle=st.lists(st.floats(0, 30), max_size=9))
def test_no_minute_has_more_than_the_limit(limit: int, idle: list[float]) -> None:
    bucket, now, went = Bucket(limit), 0.0, list[float]()
    for n in range(min(3 * limit, 400)):
        now += bucket.wait(now) + (idle.pop() if idle and n % 7 == 0 else 0)
        bucket.add(1, now)
        went.append(now)
    for n, first in enumerate(went):
        assert sum(first <= each < first + 60 for each in went[n:]) <= limit


async def test_tokens_are_booked_and_set_right() -> None:
    rates = Rates(tokens=Bucket(61_100))
    booked = await rates.take(4000)
    assert booked == 1100
    rates.used(booked, 900, 20)
    assert rates.answer == 95
    clock = asyncio.get_running_loop().time
    assert 0.85 < rates.tokens.due - clock() < 0.95, "920 tokens are 0.92 s at 1,000 a second"


async def test_requests_wait_in_line() -> None:
    rates, start = Rates(requests=Bucket(61.1 * 40)), asyncio.get_running_loop().time()
    await asyncio.gather(*(rates.take(10) for _ in range(45)))
    assert 0.05 < asyncio.get_running_loop().time() - start < 2, "a second's worth at once, then 40 a second"


async def test_headers_say_what_was_not_set_by_hand() -> None:
    rates = Rates(requests=Bucket(10))
    limits = {"x-ratelimit-limit-requests": "500", "x-ratelimit-limit-tokens": "3000"}
    rates.heard(limits)
    assert (rates.requests.limit, rates.tokens.limit) == (10, 3000)
    rates.heard({"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0s"})
    assert 59 < rates.tokens.wait(asyncio.get_running_loop().time()) <= 60, "no more than a minute"
    rates.heard({"x-ratelimit-limit-tokens": "many", "x-ratelimit-remaining-tokens": "-1"})
    assert rates.tokens.limit == 3000


@pytest.mark.parametrize(
    ("said", "meant"), [("6m0s", 360), ("20ms", 0.02), ("1.5", 1.5), ("", 0), ("...", 0), ("1h", 3600)]
)
def test_a_reset_is_read(said: str, meant: float) -> None:
    assert seconds(said) == meant
