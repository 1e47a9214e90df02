"""The packaged linker fits the features of today, abstains where it is not sure, and leaves a crowd to the rules."""

from dataclasses import replace

from millstream.mine.clean import Said
from millstream.mine.linking.answers import MOST, answers, packaged
from millstream.mine.linking.spoken import heard
from millstream.records import Cue


def cue(n: int, start: float, text: str, author: str = "") -> Cue:
    track = "chat" if author else "speech"
    return Cue(recording="r", track=track, n=n, start=start, end=start + 2, text=text, author=author)  # type: ignore[arg-type]


CHAT = [
    cue(0, 10, "i need a train from norwich to london on monday morning", "v000001"),
    cue(1, 12, "lol", "v000002"),
    cue(2, 33, "thanks, that is all i need", "v000001"),
]
SAID = [Said(each, (each,)) for each in CHAT]
SPEECH = [
    cue(0, 18, "a train from norwich to london on monday leaves"),
    cue(1, 21, "at nine fifteen in the morning do you want it"),
    cue(2, 60, "share the stream with your friends"),
]


def test_the_packaged_model_knows_the_features_of_today() -> None:
    assert packaged().names == heard([], [], []).names, "train it again: docs/linking.md"


def test_a_question_read_back_is_answered_and_idle_chat_is_not() -> None:
    found = {each.line: each for each in answers(SAID, SPEECH, CHAT, replace(packaged(), floor=0.5))}
    assert found[0].cues[0] in (0, 1) and 0.5 <= found[0].share <= 1
    assert 1 not in found


def test_it_abstains_below_its_floor() -> None:
    assert not answers(SAID, SPEECH, CHAT, replace(packaged(), floor=1.1))


def test_a_crowd_is_passed_over() -> None:
    crowd = [cue(n, 10, f"{n} hello there", f"v{n:06x}") for n in range(3, MOST + 4)]
    said = [*SAID, *(Said(each, (each,)) for each in crowd)]
    assert not answers(said, SPEECH, [*CHAT, *crowd], replace(packaged(), floor=0.0))
