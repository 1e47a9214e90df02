"""What was heard is kept by recording, and goes with it."""

from pathlib import Path

import pytest

from millstream.listen import kept
from millstream.shapes import Line


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return kept.folder()


def heard(cache: Path, name: str) -> Path:
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / f"{name}.jsonl"
    kept.finish(file, kept.About(f"{name}.mp4", 2.0, {}), [Line("hello there", 0.0, 1.0)])
    return file


def test_lines_come_back_as_they_were_heard(cache: Path) -> None:
    assert [line.text for line in kept.lines(heard(cache, "clip"))] == ["hello there"]


def test_what_was_heard_of_one_recording_goes_and_of_others_stays(cache: Path) -> None:
    gone, stays = heard(cache, "clip"), heard(cache, "clip two")
    assert kept.removed("clip") == [f"heard/{gone.name}"]
    assert stays.exists() and not gone.exists()
    assert kept.removed("clip") == []
