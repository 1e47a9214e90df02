"""Speech is found in sound wherever it lies, cut into chunks a recogniser takes, and its times stay true."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listen.toned import A, detector, tones
from millstream.listen import RATE, Sound
from millstream.listen.voiced import LONGEST, WINDOW, chunks, stretches


def cut(sound: Sound, size: int) -> Iterator[Sound]:
    return (sound[at : at + size] for at in range(0, len(sound), size))


@given(
    st.lists(st.tuples(st.floats(0.6, 4), st.floats(0.8, 5)), min_size=1, max_size=6),
    st.sampled_from([160, 1024, 16_000, 10**9]),
)
def test_every_stretch_is_found_at_its_time(parts: list[tuple[float, float]], size: int) -> None:
    sound = tones([each for quiet, loud in parts for each in ((0, quiet), (A, loud))] + [(0, 1.0)])
    found = list(stretches(cut(sound, size), detector()))
    assert len(found) == len(parts)
    at = 0.0
    for (quiet, loud), (first, heard) in zip(parts, found, strict=True):
        at += quiet
        assert first / RATE == pytest.approx(at - 0.2, abs=0.1) or (first == 0 and at < 0.3)
        assert (first + len(heard)) / RATE == pytest.approx(at + loud + 0.2, abs=0.1)
        at += loud


def test_short_noises_are_no_speech() -> None:
    assert not list(stretches([tones([(0, 2), (A, 0.1), (0, 2)])], detector()))
    assert not list(stretches([np.zeros(5 * RATE, np.float32)], detector()))
    assert not list(stretches([], detector()))


def test_a_chunk_is_never_longer_than_a_recogniser_takes_and_nothing_is_lost() -> None:
    sound = tones([(A, 100.0), (0, 3.0), (A, 5.0)])
    made = list(chunks(cut(sound, 8000), detector()))
    assert all(len(each.sound) <= LONGEST * WINDOW for each in made)
    loud = sum(int((np.abs(each.sound) > 0.01).sum()) for each in made)
    assert loud == pytest.approx(int((np.abs(sound) > 0.01).sum()), rel=0.005)


def test_stretches_far_apart_share_a_chunk_and_keep_their_times() -> None:
    (chunk,) = chunks([tones([(0, 1), (A, 2), (0, 12), (A, 3), (0, 1)])], detector())
    assert len(chunk.sound) / RATE < 7
    (first, there), (second, later) = chunk.places
    assert there == pytest.approx(0.8, abs=0.05) and later == pytest.approx(14.8, abs=0.05)
    assert chunk.at(first + 1) == pytest.approx(there + 1) and chunk.at(second + 1) == pytest.approx(later + 1)


def test_memory_does_not_grow_with_the_sound() -> None:
    def endless(seconds: int) -> Iterator[Sound]:
        part = tones([(A, 0.7), (0, 0.3)])
        return (part for _ in range(seconds))

    peaks = []
    for seconds in (200, 1000):
        tracemalloc.start()
        assert sum(len(each.places) for each in chunks(endless(seconds), detector())) > seconds / 60
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
