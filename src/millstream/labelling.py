"""The recipe `label`, composed: dialogues -> a teacher's soft scores of some -> a student -> labels of all utterances.

Each step is a table of the run. Who labels is one setting: the teacher, a student that learns from it here, or one that
was trained before; the tables are the same. Knows no prompt and no loss.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from millstream.conversations import Conversation
from millstream.csconv import Material, material
from millstream.errors import InputError
from millstream.label import human, teacher
from millstream.label.bank import Prompt, bank
from millstream.label.human import Place
from millstream.label.tasks import LabelTask, task
from millstream.label.teacher import Scored, ScoredTurn
from millstream.models import opened_embedding
from millstream.recipe import Task
from millstream.records import Lang, Record, Reject, Role
from millstream.train.arms import Lesson, learnt
from millstream.train.hashed import hashed
from millstream.train.losses import Matrix
from millstream.train.student import Student, tuned

Encode = Callable[[list[str]], Awaitable[list[list[float]]]]
STUDENT = "student.npz"
FIRM = 1e3
"""The price at which the weights move when there is no human label: the teacher's own set level and scale alone."""


class Votes(Record):
    """One prompt's probabilities for the utterances of one dialogue."""

    dialogue: str
    rows: tuple[tuple[float, ...], ...]


class LabelledTurn(Record):
    """`gold` is the corpus's own label, where it has one; nobody who labels has seen it, but as a human label."""

    n: int
    role: Role
    text: str
    label: str
    gold: str | None = None


class Labelled(Record):
    """The labelled utterances of one dialogue; `by` teacher or student."""

    corpus: str
    key: str
    by: str
    turns: tuple[LabelledTurn, ...]


class Made(NamedTuple):
    """What a run gives: its task, all utterances, those that the teacher scored, the human labels, the labels."""

    task: LabelTask
    every: tuple[Scored, ...]
    scored: tuple[Scored, ...]
    people: dict[Place, str]
    labelled: tuple[Labelled, ...]


@asynccontextmanager
async def encoder(name: str, lang: Lang) -> AsyncIterator[Encode]:
    """What a student sees: the embedded encoder's vectors, or hashed words."""
    if name == "words":
        yield hashed(lang)
        return
    async with opened_embedding() as embedding:
        yield embedding.query


async def labelled(task_: Task) -> Made:
    """The whole run. InputError for what cannot be labelled or learnt."""
    found = material(task_.inputs, task_.settings)
    async with encoder(task_.settings.features, found.lang) as encode:
        return await _labelled_by(task_, found, encode)


async def _labelled_by(task_: Task, found: Material, encode: Encode) -> Made:
    settings = task_.settings
    about = task(settings.task)
    if found.lang not in about.about:
        raise InputError(f"has no words in {found.lang}", settings.task, f"it has: {', '.join(about.about)}")
    every = tuple(await task_.run.each("1_utterances", found.conversations, _utterances(about), Scored))
    if not any(_asked(each, about) for each in every):
        raise InputError(f"no utterance of role {about.role}", str(task_.inputs[0]), "give dialogues of both sides")
    if settings.labeller not in ("teacher", "student"):
        labels = _by_student(await _loaded(Path(settings.labeller), about, encode), about, encode)
        return Made(about, every, (), {}, tuple(await task_.run.each("4_labels", every, labels, Labelled)))
    read = every if settings.labeller == "teacher" else every[: settings.read]
    scored = await _scored(task_, about, read, bank(about, found.lang, settings.wordings))
    teacher.check([_mean(turn).tolist() for each in scored for turn in _asked(each, about)], about.codes)
    people = people_of(settings.human, about, scored, settings.seed)
    if settings.labeller == "teacher":
        made = await task_.run.each("4_labels", scored, _by_teacher(about), Labelled)
        return Made(about, every, scored, people, tuple(made))
    student = await taught(about, scored, people, encode, settings.loss, settings.seed)
    student.save(task_.run.folder / STUDENT)
    made = await task_.run.each("4_labels", every, _by_student(student, about, encode), Labelled)
    return Made(about, every, scored, people, tuple(made))


def _utterances(about: LabelTask) -> Callable[[Conversation], AsyncIterator[Scored | Reject]]:
    async def work(each: Conversation) -> AsyncIterator[Scored | Reject]:
        turns = tuple(
            ScoredTurn(
                n=n, role=turn.role, text=turn.text, gold=about.gold(turn.acts) if about.asks(turn.role) else None
            )
            for n, turn in enumerate(each.turns)
        )
        yield Scored(corpus=each.corpus, key=each.key, lang=each.lang, turns=turns)

    return work


def _asked(dialogue: Scored, about: LabelTask) -> tuple[ScoredTurn, ...]:
    return tuple(turn for turn in dialogue.turns if about.asks(turn.role))


async def _scored(
    task_: Task, about: LabelTask, read: Sequence[Scored], prompts: Sequence[Prompt]
) -> tuple[Scored, ...]:
    """Prompt by prompt, so that an endpoint keeps the head of one for all dialogues."""
    if task_.model is None:
        raise InputError("a teacher is a model", "--model", "name one, or --set labeller=FILE with a trained student")
    chat, name, view = task_.model.chat, task_.model.name, task_.settings.view
    rows: dict[str, list[tuple[tuple[float, ...], ...]]] = {each.id: [] for each in read}
    for n, prompt in enumerate(prompts, 1):

        async def work(each: Scored, prompt: Prompt = prompt) -> AsyncIterator[Votes | Reject]:
            texts = [turn.text for turn in _asked(each, about)]
            yield Votes(dialogue=each.id, rows=await teacher.votes(chat, name, prompt, texts, each.key, view))

        for votes in await task_.run.each(f"2_votes_{n}", read, work, Votes):
            rows[votes.dialogue].append(votes.rows)
    whole = (_voted(each, about, rows[each.id]) for each in read if len(rows[each.id]) == len(prompts))
    return tuple(task_.run.whole("3_scores", lambda: whole, Scored))


def _voted(dialogue: Scored, about: LabelTask, rows: Sequence[tuple[tuple[float, ...], ...]]) -> Scored:
    votes = iter(zip(*rows, strict=True))
    turns = [t.model_copy(update={"votes": tuple(next(votes))}) if about.asks(t.role) else t for t in dialogue.turns]
    return dialogue.model_copy(update={"turns": tuple(turns)})


def _mean(turn: ScoredTurn) -> Matrix:
    """The soft score: the mean of its prompts' probabilities."""
    return np.asarray(np.mean(turn.votes, axis=0))


def people_of(wanted: str, about: LabelTask, scored: Sequence[Scored], seed: int) -> dict[Place, str]:
    """Human labels of scored utterances: of a file, or so many of the corpus's own. InputError where none of a file's
    is of an utterance that the teacher scored."""
    if wanted.isdigit():
        return human.of_corpus(scored, int(wanted), seed)
    found = human.read(Path(wanted), about)
    known = {(each.key, turn.n) for each in scored for turn in _asked(each, about)}
    if strange := sorted(set(found) - known):
        key, n = strange[0]
        raise InputError(f"no scored utterance {n} of {key!r}", wanted, "label those of 3_scores.jsonl; raise --read")
    return found


async def taught(
    about: LabelTask, scored: Sequence[Scored], people: dict[Place, str], encode: Encode, loss: str, seed: int
) -> Student:
    """A student of the teacher's scores, brought to human labels; without any, to the teacher's own."""
    turns = [(n, each.key, turn) for n, each in enumerate(scored) for turn in _asked(each, about)]
    vectors = np.array(await encode([turn.text for _, _, turn in turns]))
    scores = np.array([_mean(turn) for _, _, turn in turns])
    lesson = Lesson(vectors, scores, [n for n, _, _ in turns], about.codes)
    student = learnt(loss, lesson, seed)
    at = {(key, turn.n): row for row, (_, key, turn) in enumerate(turns)}
    if not people:
        return tuned(student, vectors, lesson.said, FIRM)
    rows = [at[place] for place in people]
    return tuned(student, vectors[rows], np.array([about.codes.index(label) for label in people.values()]))


async def _loaded(path: Path, about: LabelTask, encode: Encode) -> Student:
    student, width = Student.load(path), len((await encode(["?"]))[0])
    if student.labels != about.codes:
        what = f"its labels are {', '.join(student.labels)}, those of {about.name} are {', '.join(about.codes)}"
        raise InputError(what, str(path), "train it for this task, or give its --set task")
    if len(student.centre) != width:
        what = f"it sees vectors of {len(student.centre)} numbers, the encoder gives {width}"
        raise InputError(what, str(path), "give the --set features it was trained with")
    return student


def _by_teacher(about: LabelTask) -> Callable[[Scored], AsyncIterator[Labelled | Reject]]:
    async def work(each: Scored) -> AsyncIterator[Labelled | Reject]:
        named = [about.codes[int(_mean(turn).argmax())] for turn in _asked(each, about)]
        yield _labelled(each, about, named, "teacher")

    return work


def _by_student(
    student: Student, about: LabelTask, encode: Encode
) -> Callable[[Scored], AsyncIterator[Labelled | Reject]]:
    async def work(each: Scored) -> AsyncIterator[Labelled | Reject]:
        texts = [turn.text for turn in _asked(each, about)]
        yield _labelled(each, about, student.label(np.array(await encode(texts))) if texts else [], "student")

    return work


def _labelled(each: Scored, about: LabelTask, named: Sequence[str], by: str) -> Labelled:
    turns = tuple(
        LabelledTurn(n=turn.n, role=turn.role, text=turn.text, label=label, gold=turn.gold)
        for turn, label in zip(_asked(each, about), named, strict=True)
    )
    return Labelled(corpus=each.corpus, key=each.key, by=by, turns=turns)
