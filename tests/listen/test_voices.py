"""Voices are told apart, the same ones put together, and slight ones do not count."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from millstream.listen.voices import Voices


def voice(number: int, wobble: int = 0, much: float = 0.3) -> np.ndarray:
    """Voices at right angles to each other, each phrase a little off."""
    made = np.eye(64, dtype=np.float32)[number]
    noise = np.random.default_rng(wobble).normal(size=64)
    made = made + much * noise / np.linalg.norm(noise)
    return (made / np.linalg.norm(made)).astype(np.float32)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_each_phrase_is_of_its_own_voice(order: list[int]) -> None:
    voices = Voices()
    given_ = [voices.add(voice(who, wobble), 5.0) for wobble, who in enumerate(order)]
    told = [voices.settled()[number] for number in given_]
    firsts = list(dict.fromkeys(order))
    assert told == [firsts.index(who) for who in order]


def test_what_is_slight_is_taken_to_the_nearest() -> None:
    voices = Voices()
    given_ = [voices.add(voice(who, n), seconds) for n, (who, seconds) in enumerate([(0, 60.0), (1, 60.0), (2, 1.0)])]
    assert len(set(voices.settled())) == 2 and given_ == [0, 1, 2]


def test_nobody_is_nobody() -> None:
    assert Voices().settled() == []
