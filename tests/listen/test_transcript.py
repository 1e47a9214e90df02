"""A recording is heard once, whatever stops it; who speaks is told; nothing of a voice is kept."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from listen.toned import A, B, Recogniser, ears, tones, written
from millstream.errors import InputError
from millstream.shapes import Line

pytest.importorskip("av", reason="the extra media is not installed")

from millstream.listen import kept, transcript

SHOW = [(0, 1.0), (A, 20.0), (0, 2.0), (B, 15.0), (0, 1.0), (A, 3.0), (0, 5.0), (B, 22.0), (0, 1.0), (A, 26.0), (0, 1)]
"""A minute and a half of two who speak in turn: four chunks."""


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "millstream" / "heard"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return written(tmp_path / "clip.wav", tones(SHOW))


def heard(path: Path, recogniser: Recogniser, lang: str = "") -> list[Line]:
    return list(transcript.transcribed(path, ears(recogniser), lang, Counter(), lambda at: None))


def test_times_words_speakers_and_confidence(clip: Path) -> None:
    told, at = heard(clip, Recogniser()), 0.0
    spoken = [(hertz, seconds) for hertz, seconds in SHOW if hertz]
    assert [line.text for line in told] == [f"mm {round(seconds * 10)}" for _, seconds in spoken]
    names = {A: "SPEAKER_00", B: "SPEAKER_01"}
    assert [line.speaker for line in told] == [names[hertz] for hertz, _ in spoken]
    lines = iter(told)
    for hertz, seconds in SHOW:
        if hertz:
            line = next(lines)
            assert (line.start, line.end) == (pytest.approx(at, abs=0.05), pytest.approx(at + seconds, abs=0.05))
        at += seconds
    assert {line.confidence for line in told} == {0.9} and {line.lang for line in told} == {"en"}


def test_one_who_speaks_alone_has_no_number(tmp_path: Path) -> None:
    told = heard(written(tmp_path / "clip.wav", tones([(A, 3), (0, 1), (A, 4)])), Recogniser())
    assert [line.speaker for line in told] == ["", ""]


@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_stopped_anywhere_nothing_is_heard_twice(clip: Path, chunks: int) -> None:
    first, second, third = Recogniser(stop_after=chunks), Recogniser(), Recogniser()
    with pytest.raises(KeyboardInterrupt):
        heard(clip, first)
    told = heard(clip, second)
    assert len(first.asked) == chunks and len(second.asked) == 4 - chunks
    assert heard(clip, third) == told and not third.asked
    clip.rename(clip.with_name("moved.wav"))
    assert heard(clip.with_name("moved.wav"), third) == told and not third.asked, "the content counts, not the name"


def test_a_row_that_was_torn_is_heard_again(clip: Path, alone: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        heard(clip, Recogniser(stop_after=2))
    (part,) = alone.glob("*.part")
    part.write_bytes(part.read_bytes()[:-5])
    again = Recogniser()
    assert len(heard(clip, again)) == 5 and len(again.asked) == 3


def test_killed_in_the_middle_it_goes_on(clip: Path, tmp_path: Path) -> None:
    """A process of its own, killed without warning when it has heard two chunks."""
    program = f"""
        import sys, os
        sys.path[:0] = {[str(Path(__file__).parents[1])]!r}
        from collections import Counter
        from pathlib import Path
        from listen.toned import Recogniser, ears
        from millstream.listen import transcript
        class Telling(Recogniser):
            def __call__(self, sound, lang):
                print("asked", flush=True)
                if len(self.asked) == 2:
                    sys.stdin.read()
                return super().__call__(sound, lang)
        list(transcript.transcribed(Path({str(clip)!r}), ears(Telling()), "", Counter(), lambda at: None))
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ.copy()) as process:
        assert process.stdout
        for _ in range(3):
            assert process.stdout.readline() == b"asked\n"
        process.send_signal(signal.SIGKILL)
    again = Recogniser()
    assert len(heard(clip, again)) == 5 and len(again.asked) == 2


def test_two_at_once_hear_it_once(clip: Path) -> None:
    recognisers = [Recogniser(), Recogniser()]
    threads = [threading.Thread(target=heard, args=(clip, each)) for each in recognisers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(len(each.asked) for each in recognisers) == [0, 4]


def test_what_is_kept_is_for_the_owner_alone_and_holds_no_voice(clip: Path, alone: Path) -> None:
    heard(clip, Recogniser())
    (file,) = alone.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    rows = [json.loads(row) for row in file.read_text().splitlines()]
    assert rows[0]["of"] == "clip.wav"
    assert all(len(row) == 6 and not any(isinstance(each, list) for each in row) for row in rows[1:])


def test_another_recogniser_or_language_hears_anew(clip: Path) -> None:
    first, second = Recogniser(), Recogniser()
    heard(clip, first)
    assert {line.lang for line in heard(clip, second, "zh")} == {"zh"} and len(second.asked) == 4


def test_silence_is_one_line_and_not_listened_to_twice(tmp_path: Path) -> None:
    clip, recogniser = written(tmp_path / "clip.wav", tones([(0, 10.0)])), Recogniser()
    for _ in range(2):
        with pytest.raises(InputError, match=r"clip\.wav: no speech was heard in it"):
            heard(clip, recogniser)
    assert not recogniser.asked


def test_a_file_that_changes_is_one_line(clip: Path, alone: Path) -> None:
    class Changing(Recogniser):
        def __call__(self, sound: np.ndarray, lang: str):  # type: ignore[no-untyped-def]
            clip.touch()
            return super().__call__(sound, lang)

    with pytest.raises(InputError, match="changed while"):
        heard(clip, Changing())
    assert not list(alone.glob("*.jsonl"))


def test_progress_is_told_in_seconds_of_the_media(clip: Path) -> None:
    told: list[float] = []

    def lines() -> Iterator[Line]:
        return transcript.transcribed(clip, ears(Recogniser()), "", Counter(), told.append)

    assert len(list(lines())) == 5 and told == sorted(told)
    assert told[-1] == pytest.approx(sum(seconds for _, seconds in SHOW), abs=0.1)
    assert kept.place(clip, "tones ").is_file()
