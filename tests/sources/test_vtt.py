"""WebVTT: the rolling shape is undone, each word once; ordinary captions keep their repeats."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.sources import vtt


def texts_of(path: Path, said: str) -> list[str]:
    path.write_text(said, encoding="utf-8")
    return [cue.text for reading in vtt.read(path) for cue in reading.cues]


def stamp(ms: int) -> str:
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def rolled(rows: list[list[str]]) -> str:
    """The rows in the shape of automatic captions, two seconds each."""
    parts, above = ["WEBVTT\nKind: captions\nLanguage: en\n"], " "
    for n, words in enumerate(rows):
        start, end = n * 2000, n * 2000 + 1990
        rest = "".join(f"<{stamp(start + 10 * at)}><c> {word}</c>" for at, word in enumerate(words[1:], 1))
        line = " ".join(words)
        parts.append(f"{stamp(start)} --> {stamp(end)} align:start position:0%\n{above}\n{words[0]}{rest}\n")
        parts.append(f"{stamp(end)} --> {stamp(end + 10)} align:start position:0%\n{line}\n \n")
        above = line
    return "\n".join(parts)


row_of_words = st.lists(st.sampled_from(["so", "no", "the", "price"]), min_size=1, max_size=4)
rows_of_words = st.lists(row_of_words, min_size=2, max_size=8)


@settings(deadline=None)
@given(rows_of_words.filter(lambda rows: any(len(row) > 1 for row in rows)))
def test_rolling_captions_say_each_word_once(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    file = tmp_path_factory.mktemp("vtt") / "a.en.vtt"
    file.write_text(rolled(rows), encoding="utf-8")
    cues = list(next(vtt.read(file)).cues)
    assert [cue.text for cue in cues] == [" ".join(words) for words in rows]
    assert [cue.start for cue in cues] == [2.0 * n for n in range(len(rows))]


def test_ordinary_captions_keep_repeats_voices_and_drop_notes(tmp_path: Path) -> None:
    said = (
        "WEBVTT\n\nNOTE by hand\n\n00:01.000 --> 00:02.000\n<v Anna>Yes &amp; no\n\n"
        "NOTE between\n\nsecond\n00:02.000 --> 00:03.000\nYes &amp; no\n"
    )
    assert texts_of(tmp_path / "a.vtt", said) == ["Yes & no", "Yes & no"]
    assert [cue.speaker for cue in next(vtt.read(tmp_path / "a.vtt")).cues] == ["Anna", ""]


@pytest.mark.parametrize("said", ["WEBVTT\n", "", "WEBVTT\n\n00:01.000 --> 00\nx\n", "WEBVTT\n\n" + "<v " * 5000])
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.vtt"):
        texts_of(tmp_path / "a.vtt", said)
