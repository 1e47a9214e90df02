"""Clocks: milliseconds where seconds were meant, and very many lines at once."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream import intake
from millstream.clock import APART, MILLISECONDS, RUN, Told, by_time, clocked, in_order
from millstream.errors import InputError
from millstream.shapes import Line


def told(*times: float | None) -> Told:
    def lines(notes: Counter[str]) -> Iterator[Line]:
        yield from (Line("hi", at) for at in times)

    return lines


def read(*times: float | None) -> tuple[list[float | None], Counter[str]]:
    notes: Counter[str] = Counter()
    return [line.start for line in clocked(told(*times), notes, "a.json")], notes


def test_milliseconds_are_seen_by_the_length_they_would_make() -> None:
    times, notes = read(*(n * 9000 for n in range(100)))
    assert times[:3] == [0, 9, 18] and notes == {MILLISECONDS: 100}


def test_a_slow_chat_of_a_day_stays_as_it_is_and_is_told_of() -> None:
    times, notes = read(*(n * 300 for n in range(100)))
    assert times[1] == 300 and notes == {APART: 100}


def test_a_lively_chat_of_ten_days_stays_as_it_is() -> None:
    times, notes = read(*(n * 4 for n in range(220_000)))
    assert times[-1] == 4 * 219_999 and not notes


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(InputError, match=r"lasts \d+ days by its clock"):
        read(*(n * 9000.5 for n in range(100)))


@given(st.lists(st.one_of(st.none(), st.integers(0, 4000)), min_size=1, max_size=60))
def test_no_line_is_lost_and_none_is_earlier_than_the_one_before(times: list[int | None]) -> None:
    notes: Counter[str] = Counter()
    lines = list(in_order(clocked(told(*times), notes, "a"), "chat", notes))
    starts = [line.start for line in lines if line.start is not None]
    assert len(lines) == len(times) and starts == sorted(starts)


def test_the_whole_way_in_mends_and_counts(tmp_path: Path) -> None:
    file = tmp_path / "room.chat.json"
    rows = [{"message": f"m{n}", "author": "a", "time_in_seconds": n * 7000} for n in range(120)]
    file.write_text(json.dumps(rows))
    (gathered,) = intake.take([file]).readings
    assert [cue.start for cue in intake.cues(gathered, [])][-1] == 833
    assert gathered.readings[0].notes[MILLISECONDS] == 120


def test_a_hundred_thousand_messages_in_one_second(tmp_path: Path) -> None:
    file = tmp_path / "room.chat.json"
    row = '{{"message": "m{0}", "author": "v{0}", "time_in_seconds": 5}}'
    file.write_text("[" + ",".join(row.format(n) for n in range(100_000)) + "]")
    (gathered,) = intake.take([file]).readings
    began = time.process_time()
    numbers = [n for n, line in intake.lines(gathered.readings) if line.start == 5 and line.text == f"m{n}"]
    assert numbers == [*range(100_000)] and time.process_time() - began < 20


@pytest.mark.parametrize("count", [0, 1, RUN - 1, RUN, 2 * RUN + 7])
def test_shuffled_lines_come_by_time_and_those_without_one_at_the_end(count: int) -> None:
    times = [None if n % 1_000 == 3 else float(n * 7919 % 10_007) for n in range(count)]
    lines = [Line(str(n), at) for n, at in enumerate(times)]
    assert list(by_time(iter(lines))) == sorted(lines, key=lambda line: (line.start is None, line.start or 0.0))
