"""What is seen of a line of chat and the cue that may answer it."""

import numpy as np

from millstream.mine.clean import Said
from millstream.mine.linking.answers import best, sizes
from millstream.mine.linking.spoken import NEAR, Heard, heard
from millstream.records import Cue


def cue(n: int, start: float, text: str, author: str = "") -> Cue:
    track = "chat" if author else "speech"
    return Cue(recording="r", track=track, n=n, start=start, end=start + 2, text=text, author=author)  # type: ignore[arg-type]


CHAT = [
    cue(0, 10, "is the blue bicycle waterproof?", "v000001"),
    cue(1, 12, "lol", "v000002"),
    cue(2, 14, "how much is shipping", "v000003"),
    cue(3, 30, "great thanks", "v000001"),
]
SAID = [Said(each, (each,)) for each in CHAT]
SPEECH = [
    cue(0, 5, "welcome everybody"),
    cue(1, 20, "the blue bicycle is waterproof yes"),
    cue(2, 24, "and shipping is ten dollars v000003"),
    cue(3, 200, "see you next week"),
]
PAIRS = heard(SAID, SPEECH, CHAT)


def column(name: str, at: int) -> dict[int, float]:
    rows = np.flatnonzero(PAIRS.cue == at)
    return dict(zip(PAIRS.line[rows].tolist(), PAIRS.table[rows, PAIRS.names.index(name)].tolist(), strict=True))


def test_a_cue_looks_at_the_lines_of_the_last_minute_and_at_nobody() -> None:
    assert [PAIRS.line[PAIRS.cue == at].tolist() for at in range(4)] == [[-1], [0, 1, 2, -1], [0, 1, 2, -1], [-1]]
    assert PAIRS.table.shape == (len(PAIRS.line), len(PAIRS.names))
    assert sizes(PAIRS).tolist() == [1, 4, 4, 1]


def test_words_names_and_what_comes_later_are_seen() -> None:
    words, named, after = column("words", 1), column("named", 2), column("viewer's next line", 1)
    assert words[0] > 0.9 and words[1] == words[2] == 0
    assert named == {0: 0, 1: 0, 2: 1, -1: named[-1]} and np.isnan(named[-1])
    assert after[0] == 30 - 22 and np.isnan(after[2]), "one goes on eight seconds after, one never"


def test_merged_lines_are_within_reach_as_long_as_the_last_of_them() -> None:
    late = cue(4, 190, CHAT[0].text, "v000004")
    pairs = heard([Said(CHAT[0], (CHAT[0], late))], SPEECH, [*CHAT, late])
    assert 0 in pairs.line[pairs.cue == 3] and 200 - 190 < NEAR[1] < 200 - 10


def test_nothing_is_no_error() -> None:
    assert heard([], SPEECH, []).line.tolist() == [-1] * 4
    assert not len(heard(SAID, [], CHAT).line)


def test_an_answer_is_where_a_line_gets_most_and_what_is_rather_its_own() -> None:
    line, at = np.array([0, -1, 0, 1, -1, 0, -1]), np.array([0, 0, 1, 1, 1, 2, 2])
    pairs = Heard(line, at, np.zeros((7, 0), dtype=np.float32), ())
    found = {each.line: each for each in best(pairs, np.array([0.6, 0.4, 0.8, 0.1, 0.1, 0.2, 0.8]))}
    assert found[0].cues == (0, 1) and found[0].share == 0.8
    assert found[1].cues == (1,)


def test_one_cue_alone_is_enough() -> None:
    assert heard(SAID, SPEECH[1:2], CHAT).line.tolist() == [0, 1, 2, -1]
