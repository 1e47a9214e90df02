"""Segments that appear are heard in their order, once, on one clock; whatever stops it, nothing is told twice."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from listen.toned import A, tones, written
from millstream import domain
from millstream.arriving import Segments
from millstream.errors import InputError
from millstream.prepare import Start
from millstream.records import Signal
from millstream.shapes import Line

SAYS = ["the Family Set is 19 dollars tonight", "and welcome to everybody", "I was wrong, the Family Set is 21 dollars"]
SILENT = "no speech"


class Hearing:
    """Hears in a segment what its name says; counts how often it is asked."""

    def __init__(self, says: list[str]) -> None:
        self.says, self.asked = says, list[str]()

    def __call__(self, path: Path, notes: Counter[str], on_heard: Callable[[float], None]) -> Iterator[Line]:
        self.asked.append(path.name)
        on_heard(10.0)
        said = self.says[int(path.stem[-3:])]
        if said == SILENT:
            raise InputError("no speech was heard in it", str(path))
        yield Line(said, 2.0, 5.0, "SPEAKER_00", confidence=0.9, lang="en")


def add(folder: Path, count: int) -> None:
    """Segments that were written to their end long ago."""
    folder.mkdir(exist_ok=True)
    for n in range(count):
        path = written(folder / f"show{n:03}.wav", tones([(A, 0.1)]))
        os.utime(path, (1, 1))


def following(folder: Path, hearing: Hearing) -> Segments:
    start = Start(domain.read("restaurant"), "en", (), ("Family Set",))
    return Segments(folder, start, folder.with_name("signals.jsonl"), hearing)


def told(folder: Path) -> list[Signal]:
    rows = folder.with_name("signals.jsonl").read_text(encoding="utf-8").splitlines()
    return [Signal.model_validate_json(each) for each in rows]


def test_what_is_said_is_told_on_one_clock_and_taken_back(tmp_path: Path) -> None:
    add(tmp_path / "live", 3)
    one = following(tmp_path / "live", Hearing(SAYS))
    assert [one.step() for _ in range(4)] == [1, 1, 1, 0]
    found = [(each.kind, each.value, each.evidence[-1].start) for each in told(tmp_path / "live") if each.value]
    assert [at for kind, _, at in found if kind == "fact"] == [2.0]
    assert [at for kind, _, at in found if kind == "correction"] == [22.0]
    assert one.place.seconds == 30.0


@pytest.mark.parametrize("stops", [(1,), (2,), (1, 2)])
def test_stopped_anywhere_it_tells_the_same(stops: tuple[int, ...], tmp_path: Path) -> None:
    for name in ("whole", "parts"):
        (tmp_path / name).mkdir()
        add(tmp_path / name / "live", 3)
    one = following(tmp_path / "whole" / "live", Hearing(SAYS))
    while one.step():
        pass
    two = following(tmp_path / "parts" / "live", Hearing(SAYS))
    for n in range(3):
        two = following(tmp_path / "parts" / "live", Hearing(SAYS)) if n in stops else two
        two.step()
    assert told(tmp_path / "parts" / "live") == told(tmp_path / "whole" / "live")


def test_rows_that_were_written_and_not_noted_are_taken_back(tmp_path: Path) -> None:
    add(tmp_path / "live", 1)
    following(tmp_path / "live", Hearing(SAYS)).step()
    before = told(tmp_path / "live")
    with (tmp_path / "signals.jsonl").open("ab") as out:
        out.write(b'{"torn')
    assert following(tmp_path / "live", Hearing(SAYS)).step() == 0 and told(tmp_path / "live") == before


def test_the_segment_that_is_being_written_waits_for_the_next(tmp_path: Path) -> None:
    add(tmp_path / "live", 1)
    os.utime(tmp_path / "live" / "show000.wav")
    hearing = Hearing(SAYS)
    one = following(tmp_path / "live", hearing)
    assert one.step() == 0 and not hearing.asked
    written(tmp_path / "live" / "show001.wav", tones([(A, 0.1)]))
    began = time.monotonic()
    assert one.step() == 1 and hearing.asked == ["show000.wav"] and time.monotonic() - began < 5
    assert one.step() == 0


def test_a_silent_segment_moves_the_clock_and_is_named(tmp_path: Path) -> None:
    add(tmp_path / "live", 2)
    one = following(tmp_path / "live", Hearing([SILENT, SAYS[0]]))
    assert one.step() == one.step() == 1
    assert one.place.done == ["show000.wav", "show001.wav"] and "no speech" in one.left_out[0]
    assert {each.evidence[0].start for each in told(tmp_path / "live")} == {12.0}


def test_who_opted_out_is_not_followed(tmp_path: Path) -> None:
    add(tmp_path / "live", 1)
    (tmp_path / "live" / "rights.yaml").write_text("opted_out: true")
    with pytest.raises(InputError, match="opted out"):
        following(tmp_path / "live", Hearing(SAYS))


def test_the_command_wants_to_know_what_it_is_about(tmp_path: Path) -> None:
    add(tmp_path / "live", 1)
    command = [sys.executable, "-m", "millstream", "mine", str(tmp_path / "live"), "--follow", "--idle", "0.1"]
    out = ["--out", str(tmp_path / "out.jsonl")]
    done = subprocess.run([*command, *out], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "what its segments are about" in done.stderr
    about = ["--domain", "hotel", "--lang", "en"]
    done = subprocess.run([*command, *out, *about], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "1 segments" in done.stderr and "no speech was heard" in done.stderr
