"""Audio and video as a source: known by their bytes, heard once, refused in one line."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from listen.toned import A, Recogniser, ears, tones, written
from millstream import intake, text, weights
from millstream.errors import InputError
from millstream.shapes import Line
from millstream.sources import media

pytest.importorskip("av", reason="the extra media is not installed")

import speaking

from millstream.listen import transcript, whisper


@pytest.fixture(autouse=True)
def alone(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own, with the weights of this machine."""
    monkeypatch.setenv("MILLSTREAM_WEIGHTS", str(weights.cache_folder()))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))


def hear(path: Path, lang: str, notes: Counter[str]) -> Iterator[Line]:
    return transcript.transcribed(path, ears(Recogniser()), lang, notes, lambda at: None)


def test_what_is_said_becomes_cues(tmp_path: Path) -> None:
    (found,) = media.read_by(written(tmp_path / "show.zh.wav", tones([(0, 2), (A, 3)])), hear)
    (cue,) = found.cues
    assert (cue.track, cue.n, cue.text, cue.lang) == ("speech", 0, "mm 30", "zh")
    assert cue.start == pytest.approx(2, abs=0.05) and cue.confidence == 0.9
    assert found.recording.source == "media" and found.recording.key == "show"


@pytest.mark.parametrize(
    ("name", "raw", "ours"),
    [
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\2\0isom", True),
        ("strange.name", b"\x1aE\xdf\xa3\x01\0\0\0", True),
        ("a.wav", b"RIFF\x24\x08\0\0WAVEfmt ", True),
        ("a.wma", b"anything\0\0\0", True),
        ("code.ts", b"export const a = 1\n", False),
        ("a.mp4", b"<html>not found</html>", False),
        ("list.m3u8", b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", False),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nID3 is a tag\n", False),
    ],
)
def test_media_are_known_by_their_bytes(name: str, raw: bytes, ours: bool) -> None:
    assert media.recognises_bytes(Path(name), raw) == ours


def test_captions_beside_it_are_better(tmp_path: Path) -> None:
    clip = written(tmp_path / "show.wav", tones([(A, 3)]))
    (tmp_path / "show.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nhello\n")
    taken = intake.take([tmp_path])
    assert [each.files for each in taken.readings] == [(str(tmp_path / "show.en.srt"),)]
    assert taken.left_out == [(str(clip), f"{clip}: its captions lie beside it, show.en.srt; give those alone, or move "
                               "them away to have it listened to")]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("empty.mp4", b"", "empty"),
        ("torn.mp4", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + b"\0" * 900, "cannot be opened as audio or video"),
        ("noise.mkv", b"\x1aE\xdf\xa3" + bytes(range(256)) * 9, "cannot be opened as audio or video"),
    ],
)
def test_wrong_media_are_one_line_and_exit_2(name: str, raw: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    command = [sys.executable, "-m", "millstream", "inspect", str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_silence_is_exit_2_without_any_weights(tmp_path: Path) -> None:
    clip = written(tmp_path / "quiet.wav", tones([(0, 8)]))
    command = [sys.executable, "-m", "millstream", "inspect", str(clip)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "no speech was heard in it" in done.stderr


# --- the real models ---------------------------------------------------------------------------------------


@pytest.fixture
def real() -> partial[Iterator[Line]]:
    for name in ("whisper-base", "ge2e"):
        if not weights.have(name):
            pytest.skip(f"the weights of {name} are not here: millstream models --fetch {name}")
    return partial(transcript.transcribed, ears=whisper.ears(), notes=Counter(), on_heard=lambda at: None)


@pytest.mark.media
def test_music_is_not_taken_for_speech(real: partial[Iterator[Line]], tmp_path: Path) -> None:
    chords = [(hertz, 0.4) for _ in range(6) for hertz in (261.6, 329.6, 392.0, 523.3, 440.0, 349.2)]
    with pytest.raises(InputError, match="no speech was heard"):
        list(real(written(tmp_path / "music.wav", tones(chords)), lang=""))


@pytest.mark.media
@pytest.mark.parametrize(
    ("lang", "voices", "said", "words"),
    [
        ("en", ("af_heart", "am_michael"),
         ("Our hotel has a pool and free parking.", "How much is a double room for two nights?"),
         ("pool", "parking", "double room")),
        ("zh", ("zf_xiaoxiao", "zm_yunxi"), ("我们酒店有游泳池，停车也是免费的。", "请问两个晚上的双人房一共多少钱？"),
         ("停车", "免费", "晚上")),
    ],
)  # fmt: skip
def test_speech_is_heard_with_its_speakers(
    real: partial[Iterator[Line]], tmp_path: Path, lang: str, voices: tuple[str, str], said: tuple[str, str],
    words: tuple[str, ...],
) -> None:  # fmt: skip
    if why := speaking.missing():
        pytest.skip(f"nothing can be spoken here: {why}")
    clip = tmp_path / "clip.wav"
    speaking.write(clip, [(text_, voice, lang) for text_, voice in zip(said * 2, voices * 2, strict=True)])
    told = list(real(clip, lang=""))
    whole = " ".join(line.text for line in told).lower()
    assert all(word in whole for word in words) and {line.lang for line in told} == {lang}
    assert {line.speaker for line in told} == {"SPEAKER_00", "SPEAKER_01"}


def test_a_packed_film_is_one_line(tmp_path: Path) -> None:
    clip = written(tmp_path / "show.wav", tones([(A, 3)]))
    shutil.make_archive(str(tmp_path / "show"), "zip", tmp_path, clip.name)
    with pytest.raises(InputError):
        intake.take([tmp_path / "show.zip"])
    assert text.head_bytes(clip)[:4] == b"RIFF"
