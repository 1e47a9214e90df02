"""What a tracker sees through an encoder: a small one of the tests' own, whose vectors are drawn by words."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.errors import InputError
from millstream.metrics import dst
from millstream.prove.trial import tracked
from millstream.services.annotated import TaskDialogue
from millstream.tokens import WIDTH, Tokens, Vectors
from millstream.train.candidates import Lexicon
from millstream.train.encoded import Encoded
from millstream.train.string_match import StringMatch
from millstream.train.tracker import Tracker, Tracks

NAMES = [service.name for service in worlds.SERVICES]
BY_NAME = dict(zip(NAMES, worlds.SERVICES, strict=True))
LEXICONS = {service.name: Lexicon(service, worlds.WORLD.knowledge) for service in worlds.SERVICES}


class Drawn:
    """A vector for each word, the same wherever it stands, with a share of its neighbours'; counts its texts."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[Tokens]:
        self.asked += texts
        return [self._tokens(text) for text in texts]

    def _tokens(self, text: str) -> Tokens:
        places = [(m.start(), m.end(), m[0].lower()) for m in re.finditer(r"\w+|[^\w\s]", text)]
        seeds = (int.from_bytes(sha256(word.encode()).digest()[:4]) for *_, word in places)
        vectors = np.array([np.random.default_rng(seed).normal(size=WIDTH) for seed in seeds]).reshape(-1, WIDTH)
        starts, ends = (np.array([place[n] for place in places], np.int32) for n in (0, 1))
        return Tokens(starts, ends, vectors.astype(np.float16))


def joint(tracker: Tracks, dialogues: list[TaskDialogue]) -> float:
    return dst.measure(f for each in dialogues for f in tracked(tracker, each, BY_NAME, NAMES)).joint


@pytest.fixture(scope="module")
def learnt() -> Tracker:
    return Tracker(LEXICONS, Encoded(Vectors(Drawn()), words=False)).fit(worlds.talks(80), 0, 60_000)


def test_vectors_alone_learn_more_than_string_match_has(learnt: Tracker) -> None:
    test = worlds.talks(12, seed=9)
    assert joint(learnt, test) > joint(StringMatch(LEXICONS), test) + 0.05


def test_a_saved_one_says_the_same(learnt: Tracker, tmp_path: Path) -> None:
    learnt.save(tmp_path / "tracker.npz")
    again = Tracker(LEXICONS, Encoded(Vectors(Drawn()), words=False)).load(tmp_path / "tracker.npz")
    test = worlds.talks(6, seed=9)
    assert joint(again, test) == joint(learnt, test)


def test_one_of_words_is_not_read_as_one_of_vectors(tmp_path: Path) -> None:
    Tracker(LEXICONS).fit(worlds.talks(10), 0, 5_000).save(tmp_path / "words.npz")
    with pytest.raises(InputError, match="not a tracker, or torn"):
        Tracker(LEXICONS, Encoded(Vectors(Drawn()))).load(tmp_path / "words.npz")


def test_no_text_is_encoded_twice_nor_after_a_stop(tmp_path: Path) -> None:
    first, second = Drawn(), Drawn()
    said = Vectors(first, tmp_path / "kept.sqlite")
    said.need(["a boat", "a boat", "two boats", ""])
    said.close()
    again = Vectors(second, tmp_path / "kept.sqlite")
    again.need(["a boat", "a tea"])
    assert first.asked == ["a boat", "two boats"] and second.asked == ["a tea"]
    one = Drawn()(["two boats"])[0]
    assert np.array_equal(again["two boats"].vectors, one.vectors) and list(again["two boats"].ends) == [3, 9]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "none.sqlite").write_text("a hostile file " * 200)
    with pytest.raises(InputError, match="not a file of vectors"):
        Vectors(Drawn(), tmp_path / "none.sqlite")


def test_a_mean_is_of_the_tokens_that_touch_a_place() -> None:
    tokens = Tokens(np.array([0, 2]), np.array([1, 6]), np.stack([np.zeros(WIDTH), np.ones(WIDTH)]).astype(np.float16))
    assert tokens.mean(0, 1).sum() == 0 and tokens.mean(3, 4).mean() == 1 and tokens.mean().mean() == 0.5
    assert not tokens.mean(6, 9).any()
