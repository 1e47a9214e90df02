"""Sound of every container comes out as the same sound, on the same clock; what is no sound is one line."""

import tracemalloc
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from listen.toned import A, tones, written
from millstream.errors import InputError
from millstream.listen import RATE, Sound

av = pytest.importorskip("av", reason="the extra media is not installed")

from millstream.listen import decode  # noqa: E402

FORMS = [("wav", "pcm_s16le"), ("flac", "flac"), ("mp4", "aac"), ("mkv", "flac"), ("webm", "libopus"),
         ("ogg", "libopus"), ("mp3", "libmp3lame"), ("ts", "aac"), ("flv", "aac"), ("avi", "pcm_s16le")]  # fmt: skip


def encoded(path: Path, sound: Sound, codec: str, rate: int = 48_000, late: float = 0.0) -> Path:
    """Two channels; `late` seconds are missing in the middle, and the clock says so."""
    resampler = av.AudioResampler(format="s16", layout="stereo", rate=rate)
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate)
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        (whole,) = resampler.resample(frame)
        samples, at = whole.to_ndarray().reshape(-1, 2), 0
        for start in range(0, len(samples), 1000):
            some = samples[start : start + 1000].reshape(1, -1)
            part = av.AudioFrame.from_ndarray(some, format="s16", layout="stereo")
            part.sample_rate, part.time_base = rate, Fraction(1, rate)
            part.pts = at + (round(late * rate) if start >= len(samples) // 2 else 0)
            at += part.samples
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def heard(path: Path, notes: Counter[str] | None = None) -> Sound:
    return np.concatenate(list(decode.blocks(path, Counter() if notes is None else notes)))


@pytest.mark.parametrize(("ending", "codec"), FORMS)
def test_any_container_gives_the_sound_at_its_time(ending: str, codec: str, tmp_path: Path) -> None:
    sound = tones([(0, 2.0), (A, 1.0), (0, 1.0)])
    found = heard(encoded(tmp_path / f"clip.{ending}", sound, codec))
    assert len(found) / RATE == pytest.approx(4.0, abs=0.2)
    loud = np.flatnonzero(np.abs(found) > 0.1) / RATE
    assert loud[0] == pytest.approx(2.0, abs=0.1) and loud[-1] == pytest.approx(3.0, abs=0.1)
    assert np.abs(found).max() < 0.6


def test_what_is_missing_in_between_is_silence(tmp_path: Path) -> None:
    found = heard(encoded(tmp_path / "clip.mkv", tones([(A, 4.0)]), "pcm_s16le", late=3.0))
    assert len(found) / RATE == pytest.approx(7.0, abs=0.2)
    assert np.abs(found[round(2.2 * RATE) : round(4.8 * RATE)]).max() < 0.01


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        heard(path)
    assert path.name in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


def test_a_torn_file_is_one_line(tmp_path: Path) -> None:
    whole = written(tmp_path / "clip.wav", tones([(A, 8.0)])).read_bytes()
    for ending, codec in (("mp4", "aac"), ("flac", "flac"), ("mov", "aac")):
        path = encoded(tmp_path / f"clip.{ending}", tones([(A, 8.0)]), codec)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert "torn" in refused(path) or "cannot be opened" in refused(path)
    (tmp_path / "short.wav").write_bytes(whole[: len(whole) // 2])
    found = (tmp_path / "short.wav")
    try:
        assert len(heard(found)) / RATE == pytest.approx(4.0, abs=0.1)
    except InputError as error:
        assert "torn" in str(error)


@pytest.mark.parametrize("raw", [b"", b"\0" * 5000, b"RIFF\xff\xff\xff\xffWAVE" + b"\xff" * 400, b"#EXTM3U\nhttp://127.0.0.1:9/a\n"])
def test_what_is_no_media_is_one_line(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(raw)
    refused(tmp_path / "clip.mp4")


def test_a_list_of_other_files_opens_none(tmp_path: Path) -> None:
    """A playlist that names a file that is there, and one that names an address."""
    written(tmp_path / "other.wav", tones([(A, 1.0)]))
    for name, text in (("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.wav\n#EXT-X-ENDLIST\n"),
                       ("b.ffconcat", "ffconcat version 1.0\nfile other.wav\n")):  # fmt: skip
        (tmp_path / name).write_text(text)
        refused(tmp_path / name)


def test_a_picture_without_sound_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        out.mux(stream.encode(None))
    assert "has no sound" in refused(path)


def test_damaged_pieces_are_counted_and_left_out(tmp_path: Path) -> None:
    path = encoded(tmp_path / "clip.mp3", tones([(A, 6.0)]), "libmp3lame")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 600] = b"\0" * 600
    path.write_bytes(raw)
    assert len(heard(path)) / RATE == pytest.approx(6.0, abs=0.5)


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    peaks = []
    for seconds in (60, 240):
        path = written(tmp_path / f"{seconds}.wav", tones([(A, seconds)]))
        tracemalloc.start()
        assert sum(map(len, decode.blocks(path, Counter()))) == seconds * RATE
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
