"""Every planted bias is flagged, a fair judge passes, a constant and a random one fail."""

import random
from collections.abc import Awaitable, Callable

import pytest

from millstream.metrics import biases

Score = Callable[[str], Awaitable[float]]
TEXTS = [f"user: a question {'good ' * (n % 5)}\nagent: an answer {n}\nuser: thanks" for n in range(60)]
LABELLED = [(text, float(1 + text.count("good"))) for text in TEXTS]


def scored(of: Callable[[str], float]) -> Score:
    async def judge(text: str) -> float:
        return of(text)

    return judge


def good(text: str) -> float:
    """A fair judge: what people count, whatever surrounds it."""
    return 1.0 + text.count("good")


PLANTED = {
    "padding": lambda text: good(text) + len(text) / 1000,
    "format": lambda text: good(text) + text.count("**"),
    "authority": lambda text: good(text) + ("5 out of 5" in text),
}


@pytest.mark.parametrize("name", biases.CHANGES)
async def test_a_planted_bias_is_flagged_and_a_fair_judge_is_not(name: str) -> None:
    assert (await biases.unmoved(scored(PLANTED[name]), TEXTS, name)).flagged
    assert not (await biases.unmoved(scored(good), TEXTS, name)).flagged
    others = [each for each in biases.CHANGES if each != name and not (name == "padding" or each == "padding")]
    for other in others:
        assert not (await biases.unmoved(scored(PLANTED[name]), TEXTS, other)).flagged


def preferring(of: Callable[[str, str], float]) -> biases.Prefer:
    async def judge(first: str, second: str) -> float:
        return of(first, second)

    return judge


async def test_position() -> None:
    pairs = list(zip(TEXTS[::2], TEXTS[1::2], strict=True))
    first = await biases.position(preferring(lambda one, other: 1.0), pairs)
    assert first.flagged and "first shown wins 100%" in first.why
    better = preferring(lambda one, other: (good(one) > good(other)) + 0.5 * (good(one) == good(other)))
    fair = await biases.position(better, pairs)
    assert not fair.flagged and fair.share.value == 1.0
    coin = random.Random(0)
    assert (await biases.position(preferring(lambda one, other: float(coin.random() < 0.5)), pairs)).flagged
    assert (await biases.position(preferring(lambda one, other: 0.5), pairs[:1])).flagged  # too few


async def test_self_preference() -> None:
    own = [(f"{text} kin", label) for text, label in LABELLED]
    vain = await biases.self_preference(scored(lambda text: good(text) + ("kin" in text)), own, LABELLED)
    fair = await biases.self_preference(scored(good), own, LABELLED)
    assert vain.flagged and not fair.flagged and "+1.00" in vain.why


async def test_a_constant_and_a_random_judge_fail_and_a_fair_one_does_not() -> None:
    chance = random.Random(1)
    constant = await biases.worth(scored(lambda text: 5.0), LABELLED)
    assert constant.flagged and "one thing of everything" in constant.why
    assert (await biases.worth(scored(lambda text: float(chance.randint(1, 5))), LABELLED)).flagged
    assert not (await biases.worth(scored(good), LABELLED)).flagged
