"""`millstream run --recipe label`, `train utterance`: scored, learnt, labelled by a scripted teacher; and wrong input.

The student sees hashed words, so that no weights are needed.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from millstream import label_figures, labelling
from millstream.backends import scripted
from millstream.chat import Request
from millstream.cli import app
from millstream.errors import InputError
from millstream.labelling import Labelled, Made
from millstream.models import Model
from millstream.recipe import Settings, Task
from millstream.run import Run
from millstream.table import Table

SAMPLES = Path(__file__).parents[2] / "samples" / "support" / "talks_en.jsonl"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def rule(asked: Request) -> str:
    """A teacher of one rule, wrong now and then."""
    line = json.loads(asked.body)["messages"][-1]["content"].casefold()
    signs = {"question": "?", "thanks": "thank", "yes": "yes", "no": "no,"}
    return next((label for label, sign in signs.items() if sign in line), "inform")


async def made(out: Path, inputs: Path = SAMPLES, teacher: Callable[[Request], str] = rule, **changes: object) -> Made:
    settings = Settings.model_validate({"recipe": "label", "features": "words", "lang": "en", "read": 3} | changes)
    model = Model("scripted", scripted.connect(teacher), "", 4)
    with Run(out) as run:
        return await labelling.labelled(Task((inputs,), settings, run, model))


async def test_the_teacher_reads_some_and_the_student_labels_all(tmp_path: Path) -> None:
    found = await made(tmp_path / "run")
    assert len(found.scored) == 3 and len(found.labelled) == 5
    assert all(len(turn.votes) == 4 for each in found.scored for turn in each.turns if turn.role == "user")
    assert all(turn.role == "user" for each in found.labelled for turn in each.turns)
    said = [turn for each in found.labelled for turn in each.turns]
    assert {turn.label for turn in said} > {"question", "inform"}
    figures = label_figures.figures(found)
    assert figures["utterances"] == len(said) == sum(figures["labels"].values()) and figures["by"] == "student"
    assert figures["same"]["value"] == 1.0 and "teacher:" in "\n".join(label_figures.lines(figures))


async def test_a_habit_of_the_teacher_in_a_dialogue_is_told_where_the_corpus_has_labels(tmp_path: Path) -> None:
    found = await made(tmp_path / "run")
    assert label_figures.figures(found)["habit"] is None  # the samples have no labels
    likes = [(0.8, 0.1, 0.05, 0.02, 0.02, 0.01), (0.1, 0.8, 0.05, 0.02, 0.02, 0.01), (0.1, 0.05, 0.8, 0.02, 0.02, 0.01)]
    turns = [
        each.turns[0].model_copy(update={"n": n, "votes": (likes[n % 3 if free else k],), "gold": "inform"})
        for free in (True, False) for k, each in enumerate(found.scored) for n in range(6)
    ]  # fmt: skip
    for start, low, high in ((0, -1, 0.05), (18, 0.95, 1)):
        scored = [
            each.model_copy(update={"turns": tuple(turns[start + 6 * k : start + 6 * k + 6])})
            for k, each in enumerate(found.scored)
        ]
        figures = label_figures.figures(found._replace(scored=tuple(scored)))
        assert low <= figures["habit"]["share"] <= high
    assert "habit in a dialogue: 100% of what is beyond the label" in "\n".join(label_figures.lines(figures))


async def test_the_flag_puts_the_teacher_or_a_trained_student_in_its_place(tmp_path: Path) -> None:
    first = await made(tmp_path / "one")
    again = await made(tmp_path / "two", labeller=str(tmp_path / "one" / labelling.STUDENT))
    assert again.labelled == first.labelled and not again.scored
    assert not list((tmp_path / "two").glob("2_votes*"))
    taught = await made(tmp_path / "three", labeller="teacher")
    assert {each.by for each in taught.labelled} == {"teacher"} and len(taught.scored) == 5


async def test_the_teacher_sees_the_dialogue_where_it_is_wished(tmp_path: Path) -> None:
    seen: list[int] = []

    def counted(asked: Request) -> str:
        seen.append(len(json.loads(asked.body)["messages"]))
        return rule(asked)

    await made(tmp_path / "line", teacher=counted)
    alone = {*seen}
    seen.clear()
    await made(tmp_path / "dialogue", teacher=counted, view="dialogue")
    assert len({*seen}) > len(alone) and max(seen) > max(alone)


async def test_human_labels_move_the_student(tmp_path: Path) -> None:
    first = await made(tmp_path / "one")
    rows = [
        {"dialogue": each.key, "turn": turn.n, "label": "no"}
        for each in first.scored for turn in each.turns if turn.role == "user"
    ]  # fmt: skip
    (tmp_path / "human.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    moved = await made(tmp_path / "two", human=str(tmp_path / "human.jsonl"))
    assert {turn.label for each in moved.labelled for turn in each.turns} == {"no"}


HUMAN = [
    ('{"dialogue": "en-1", "turn": 1, "label": "great"}', "line 1: no label 'great' in service_act"),
    ('{"dialogue": "en-1", "turn": 1}', "line 1: no label of an utterance"),
    ("torn {", "line 1"),
    ('{"dialogue": "nobody", "turn": 1, "label": "yes"}', "no scored utterance 1 of 'nobody'"),
]


@pytest.mark.parametrize(("row", "said"), HUMAN)
async def test_wrong_human_labels_are_said_by_line(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "human.jsonl").write_text(f"{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        await made(tmp_path / "run", human=str(tmp_path / "human.jsonl"))


async def test_a_student_of_another_task_or_encoder_is_refused(tmp_path: Path) -> None:
    await made(tmp_path / "one")
    student = str(tmp_path / "one" / labelling.STUDENT)
    with pytest.raises(InputError, match="those of sentiment are positive"):
        await made(tmp_path / "two", labeller=student, task="sentiment")
    labels = ("inform", "question", "other", "yes", "no", "thanks")
    labelling.Student(labels, np.zeros((384, 6)), np.zeros(6), np.zeros(384), 1.0).save(tmp_path / "e5.npz")
    with pytest.raises(InputError, match="vectors of 384 numbers, the encoder gives 4096"):
        await made(tmp_path / "three", labeller=str(tmp_path / "e5.npz"))


async def test_dialogues_without_such_utterances_are_refused(tmp_path: Path) -> None:
    row = {"messages": [{"role": "assistant", "content": "Hello?"}, {"role": "assistant", "content": "Anyone?"}]}
    (tmp_path / "talk.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="no utterance of role user"):
        await made(tmp_path / "run", inputs=tmp_path / "talk.jsonl")


def test_train_utterance_learns_from_the_scores_of_a_run(tmp_path: Path) -> None:
    first = asyncio.run(made(tmp_path / "run"))
    (tmp_path / "run" / "settings.json").write_text(
        json.dumps({"task": "service_act", "features": "words"}), encoding="utf-8"
    )
    found = call("train", "utterance", tmp_path / "run", "--to", tmp_path / "student.npz")
    assert found.exit_code == 0 and str(tmp_path / "student.npz") in found.stdout, found.output
    again = asyncio.run(made(tmp_path / "two", labeller=str(tmp_path / "student.npz")))
    assert again.labelled == first.labelled
    wrong = call("train", "utterance", tmp_path, "--to", tmp_path / "other.npz")
    assert wrong.exit_code == 2 and "holds no teacher's scores" in wrong.output


WRONG = [
    (("--model", "none"), "a teacher is a model"),
    (("--model", "scripted"), "the teacher says 'inform' of all"),
    (("--model", "none", "--set", "task=moods"), "no task 'moods'"),
    (("--model", "none", "--set", "labeller=nobody.npz"), "nobody.npz: no trained student"),
]


@pytest.mark.parametrize(("more", "said"), WRONG)
def test_wrong_runs_end_with_one_line_and_leave_nothing(tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    out = tmp_path / "run"
    found = call("run", SAMPLES, "--recipe", "label", "--set", "features=words", "--out", out, *more)
    assert found.exit_code == 2 and said in " ".join(found.output.split()), found.output
    assert not out.exists()


def test_a_whole_run_by_the_command_line(tmp_path: Path) -> None:
    asyncio.run(made(tmp_path / "one"))
    student, out = tmp_path / "one" / labelling.STUDENT, tmp_path / "run"
    words = ("--set", "features=words", "--set", f"labeller={student}", "--model", "none", "--lang", "en")
    found = call("run", SAMPLES, "--recipe", "label", "--out", out, *words)
    assert found.exit_code == 0 and "labels by the student" in found.output, found.output
    assert len(list(Table(out / "4_labels.jsonl", Labelled))) == 5
    assert json.loads((out / "label.json").read_text(encoding="utf-8"))["by"] == "student"
