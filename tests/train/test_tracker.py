"""Trackers: the floor, one that learns, and what each can see."""

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.errors import InputError
from millstream.metrics import dst
from millstream.prove.trial import tracked
from millstream.services.annotated import TaskDialogue, Turn
from millstream.train import candidates
from millstream.train.candidates import Lexicon, Words
from millstream.train.features import Seen
from millstream.train.string_match import StringMatch
from millstream.train.tracker import Hashed, Places, Tracker, Tracks, options, places

NAMES = [service.name for service in worlds.SERVICES]
BY_NAME = dict(zip(NAMES, worlds.SERVICES, strict=True))
LEXICONS = {service.name: Lexicon(service, worlds.WORLD.knowledge) for service in worlds.SERVICES}


def joint(tracker: Tracks, dialogues: list[TaskDialogue]) -> float:
    return dst.measure(f for each in dialogues for f in tracked(tracker, each, BY_NAME, NAMES)).joint


@pytest.fixture(scope="module")
def learnt() -> Tracker:
    return Tracker(LEXICONS).fit(worlds.talks(80), 0, 60_000)


def test_it_learns_more_than_string_match_has(learnt: Tracker) -> None:
    test = worlds.talks(25, seed=9)
    floor = joint(StringMatch(LEXICONS), test)
    assert joint(learnt, test) > floor + 0.15


def test_a_saved_one_says_the_same(learnt: Tracker, tmp_path: Path) -> None:
    learnt.save(tmp_path / "tracker.npz")
    again = Tracker(LEXICONS).load(tmp_path / "tracker.npz")
    test = worlds.talks(8, seed=9)
    assert joint(again, test) == joint(learnt, test)
    (tmp_path / "torn.npz").write_bytes((tmp_path / "tracker.npz").read_bytes()[:200])
    (tmp_path / "empty.npz").write_bytes(b"")
    for name in ("torn.npz", "empty.npz", "none.npz"):
        with pytest.raises(InputError, match="not a tracker, or torn"):
            Tracker(LEXICONS).load(tmp_path / name)


def test_what_is_remembered_of_a_turn_is_what_it_hashes_to(learnt: Tracker) -> None:
    """Trackers that share their turns say what they say alone, and hash what both meet once."""
    turns: Places = {}
    test = worlds.talks(12, seed=9)
    other = Tracker(LEXICONS).fit(worlds.talks(40, seed=3), 1, 30_000)
    sizes = []
    for tracker in (learnt, other, learnt):
        alone = [f.predicted for each in test for f in tracked(tracker, each, BY_NAME, NAMES)]
        tracker.sight, before = Hashed(turns), tracker.sight
        assert [f.predicted for each in test for f in tracked(tracker, each, BY_NAME, NAMES)] == alone
        sizes.append(len(turns))
        tracker.sight = before
    assert 0 < sizes[0] < sizes[1] < 1.5 * sizes[0] and sizes[2] == sizes[1]
    for place in (each for talk in test for each in places(talk, BY_NAME, {})):
        seen = Seen(BY_NAME[place.service], place.said, place.state)
        every = [(seen, each) for each in options(LEXICONS[place.service], place.said, place.state, place.others)]
        assert (Hashed(turns).rows(every) != Hashed().rows(every)).nnz == 0


def test_it_sees_words_and_no_labels(learnt: Tracker) -> None:
    """Without acts, spans and calls it says the same."""
    whole = worlds.talks(3, seed=9)
    for dialogue in whole:
        bare = tuple(
            Turn(t.role, t.text, tuple(type(f)(f.service, state=f.state) for f in t.frames)) for t in dialogue.turns
        )
        stripped = TaskDialogue(dialogue.key, dialogue.services, bare)
        both = [[f.predicted for f in tracked(learnt, each, BY_NAME, NAMES)] for each in (dialogue, stripped)]
        assert both[0] == both[1]


def test_nothing_to_learn_from_is_an_error() -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        Tracker(LEXICONS).fit([], 0)


def shapes(text: str) -> list[tuple[str, str]]:
    found = candidates.candidates(LEXICONS["Boats_1"], Words(text), {})
    return [(each.text, each.kind) for each in found]


def test_what_a_turn_may_speak_of() -> None:
    assert shapes("I leave at half past 11 in the morning.") == [("half past 11 in the morning", "time")]
    assert ("6:45 in the evening", "time") in shapes("Make it 6:45 in the evening.")
    assert ("6th of March", "date") in shapes("It is on the 6th of March.")
    assert ("$1,200", "money") in shapes("It costs $1,200.")
    assert ("Silver Heron", "name") in shapes("I'd like the Silver Heron.")
    assert ("Petaluma", "listed") in shapes("in petaluma? No, Petaluma.")
    assert shapes("") == [] and shapes("yes please") == []


@pytest.mark.parametrize(
    ("said", "time"),
    [("5 pm", "17:00"), ("5:15 pm", "17:15"), ("12 am", "12:00"), ("9:30", "09:30"), ("noon", "12:00"), ("soon", None)],
)
def test_a_time_of_day(said: str, time: str | None) -> None:
    assert candidates.clock(said) == time


def test_the_agents_earlier_offer_is_remembered() -> None:
    turns = tuple(
        Turn(role, text)  # type: ignore[arg-type]
        for role, text in (("user", "a boat"), ("agent", "How about the Silver Heron?"), ("user", "How much?"),
                           ("agent", "It is $45."), ("user", "Book it."))
    )  # fmt: skip
    said = candidates.heard(turns, 4)
    assert said == Words("Book it.", "It is $45.", "How about the Silver Heron?")
    found = candidates.candidates(LEXICONS["Boats_1"], said, {})
    assert ("Silver Heron", "earlier") in [(each.text, each.side) for each in found]
