"""Sound of a media file on the media clock: any container and codec that PyAV opens, in constant memory.

Needs the extra `media`. Files come from strangers: no other file and no address that one names is opened. Knows
nothing of speech.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from millstream.errors import InputError
from millstream.listen import RATE, Sound

DAMAGED = "damaged pieces of sound"
JUMPS = "jumps of the sound's clock"
_LISTS = {"applehttp", "concat", "dash", "hls", "image2", "imf", "lavfi", "rtp", "rtsp", "sdp", "webm_dash_manifest"}
_ALONE = {
    "protocol_whitelist": "file",
    "format_whitelist": ",".join(sorted({name for each in av.formats_available for name in each.split(",")} - _LISTS)),
}
"""Only local files; and none of the forms that are lists of other files and addresses, which may be anybody's."""
_GAP = 0.2
"""Seconds that the sound may lag behind its own clock before silence is put in."""
_LONGEST_GAP = 3600.0
"""A longer one is no pause but a clock that is wrong."""
_SHORT, _SHARE = 1.0, 0.02
"""Seconds, or the share of what a file says of itself, that may be missing at its end."""
_FEW = 10
"""Damaged pieces that say nothing of a file yet."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, AudioStream]]:
    """The container and its first track of sound. InputError where it cannot be opened or has none."""
    try:
        container = av.open(str(path.resolve()), options=dict(_ALONE), metadata_errors="replace")
    except (FFmpegError, ValueError) as error:
        what = f"cannot be opened as audio or video ({_reason(error)})"
        raise InputError(what, str(path), "check that it is complete") from error
    with container:
        if not container.streams.audio:
            raise InputError("has no sound", str(path), "give its captions or its chat")
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise InputError("its sound is of a codec that is not known", str(path), "convert it, to FLAC for instance")
        yield container, stream


def seconds(path: Path) -> float | None:
    """How long the file says that it is; None where it does not say."""
    with opened(path) as (container, stream):
        own = _own_length(stream)
        return container.duration / av.time_base if own is None and container.duration else own


def blocks(path: Path, notes: Counter[str]) -> Iterator[Sound]:
    """The sound from the first moment of the file on, in blocks of at most a second or so. What is missing in between
    is silence, so that times stay those of the picture.

    Raises InputError where the file is torn: it ends before the end that it names, or is damaged all over.
    """
    with opened(path) as (container, stream):
        zero = (container.start_time or 0) / av.time_base
        given, shape, resampler = 0, None, None
        for frame in _frames(container, stream, path, notes):
            if (frame.format.name, frame.layout.name, frame.sample_rate) != shape:
                shape = (frame.format.name, frame.layout.name, frame.sample_rate)
                resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
            if frame.pts is not None and frame.time is not None:
                late = frame.time - zero - given / RATE
                for silence in _silence(late, notes):
                    given += len(silence)
                    yield silence
            frame.pts = None
            for sound in _resampled(resampler, frame):
                given += len(sound)
                yield sound
        for sound in _resampled(resampler, None):
            given += len(sound)
            yield sound
        _refuse_torn(given / RATE, _own_length(stream), path)


def _frames(
    container: InputContainer, stream: AudioStream, path: Path, notes: Counter[str]
) -> Iterator[av.AudioFrame]:
    """A piece that cannot be decoded is counted and left out; where most are so, the file is refused."""
    packets, good, bad = container.demux(stream), 0, 0
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except FFmpegError as error:
            raise InputError(f"torn ({_reason(error)})", str(path), "check that it is complete") from error
        try:
            frames = packet.decode()
        except (FFmpegError, ValueError):
            bad += 1
            notes[DAMAGED] += 1
            if bad > _FEW and bad > good:
                break
            continue
        good += 1
        yield from (frame for frame in frames if isinstance(frame, av.AudioFrame))
    if bad > good:
        raise InputError("its sound cannot be decoded", str(path), "check that it is complete, or convert it")


def _resampled(resampler: AudioResampler | None, frame: av.AudioFrame | None) -> Iterator[Sound]:
    if resampler is None:
        return
    for each in resampler.resample(frame):
        yield np.clip(np.nan_to_num(each.to_ndarray().reshape(-1)), -1.0, 1.0).astype(np.float32)


def _silence(late: float, notes: Counter[str]) -> Iterator[Sound]:
    if late > _LONGEST_GAP:
        notes[JUMPS] += 1
    elif late > _GAP:
        left = round(late * RATE)
        while left > 0:
            yield np.zeros(min(left, RATE), np.float32)
            left -= RATE


def _own_length(stream: AudioStream) -> float | None:
    if stream.duration is None or stream.time_base is None:
        return None
    return float(stream.duration * stream.time_base)


def _refuse_torn(found: float, named: float | None, path: Path) -> None:
    if named is not None and found < named - max(_SHORT, _SHARE * named):
        what = f"torn: its sound ends after {found:.0f} of {named:.0f} seconds"
        raise InputError(what, str(path), "fetch it again")
    if found == 0:
        raise InputError("its sound is empty", str(path), "check that it is complete")


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).split(":")[0]
