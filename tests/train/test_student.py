"""The student learns from noisy scores, is brought to human labels, and survives being saved; every way has a name."""

from pathlib import Path

import numpy as np
import pytest

from millstream.errors import InputError
from millstream.train.arms import WAYS, Lesson, learnt
from millstream.train.hashed import WIDTH, hashed
from millstream.train.losses import softmax
from millstream.train.student import Student, tuned

CHANCE = np.random.default_rng(1)
TRUE = CHANCE.integers(0, 3, 240)
VECTORS = np.eye(3)[TRUE] + CHANCE.normal(scale=0.4, size=(240, 3))
DIALOGUES = np.repeat(np.arange(24), 10)
BIAS = CHANCE.normal(scale=1.5, size=(24, 3))[DIALOGUES]
SCORES = softmax(2 * np.eye(3)[TRUE] + CHANCE.normal(scale=0.5, size=(240, 3)) + BIAS)
LESSON = Lesson(VECTORS, SCORES, DIALOGUES.tolist(), ("a", "b", "c"))
HELD = np.eye(3)[TRUE] + CHANCE.normal(scale=0.4, size=(240, 3))


def right(student: Student) -> float:
    return float((student.logits(HELD).argmax(axis=1) == TRUE).mean())


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_above_its_teacher_with_few_human_labels(way: str) -> None:
    few = np.arange(0, 240, 8)
    made = tuned(learnt(way, LESSON), VECTORS[few], TRUE[few])
    assert right(made) > (SCORES.argmax(axis=1) == TRUE).mean() + 0.05


def test_a_student_comes_back_from_its_file(tmp_path: Path) -> None:
    made = learnt("pairs", LESSON)
    made.save(tmp_path / "student.npz")
    again = Student.load(tmp_path / "student.npz")
    assert again.labels == made.labels and np.allclose(again.logits(HELD), made.logits(HELD))
    for torn in (b"", b"not a student", (tmp_path / "student.npz").read_bytes()[:400]):
        (tmp_path / "torn.npz").write_bytes(torn)
        with pytest.raises(InputError, match="no trained student"):
            Student.load(tmp_path / "torn.npz")


def test_a_teacher_that_says_the_same_of_all_gives_no_pairs() -> None:
    with pytest.raises(InputError, match="says the same of all"):
        learnt("pairs", LESSON._replace(scores=np.full((240, 3), 1 / 3)))
    with pytest.raises(InputError, match="no loss 'best'"):
        learnt("best", LESSON)


async def test_hashed_words_are_unit_vectors_alike_for_like_texts() -> None:
    one, two, other, nothing = np.array(await hashed("en")(["book a table", "book a tent", "thanks, bye", ""]))
    assert len(one) == WIDTH and np.linalg.norm(one) == pytest.approx(1) and not nothing.any()
    assert one @ two > one @ other
    zh = np.array(await hashed("zh")(["订一张桌子", "订一间房"]))
    assert zh[0] @ zh[1] > 0
