"""Soft scores of a teacher: how likely each label is its answer, for every prompt of the bank.

From the probabilities of the answer's first token among the labels; where an endpoint gives none, from the answer
itself. Knows no corpus and no student.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from millstream.chat import Chat, Message, request
from millstream.errors import InputError
from millstream.label.bank import Prompt
from millstream.odds import TOP, likely
from millstream.records import Lang, Record, Role

SAME = 20
"""From so many utterances on, a teacher that says the same of all of them is refused."""


LOOKS_BACK = 40
"""Lines before the one asked about that a teacher sees at most: what a small model's context holds."""
View = Literal["line", "dialogue"]


class ScoredTurn(Record):
    """One utterance, by its place in the dialogue; `votes` has a row a prompt, and in it a probability a label. No
    votes: it is not for this task, or nobody asked."""

    n: int
    role: Role
    text: str = Field(min_length=1)
    votes: tuple[tuple[float, ...], ...] = ()
    gold: str | None = None
    """What the corpus's own annotation says, where it does; no teacher and no student sees it."""


class Scored(Record):
    """The utterances of one dialogue."""

    corpus: str
    key: str
    lang: Lang
    turns: tuple[ScoredTurn, ...]


async def votes(
    chat: Chat, model: str, prompt: Prompt, texts: Sequence[str], item: str = "", view: View = "line"
) -> tuple[tuple[float, ...], ...]:
    """For each text a probability a label. Ask one prompt of everything before the next: an endpoint keeps its head.

    In the view of a dialogue `texts` are its lines: each is asked in the talk in which those before it were labelled,
    so that a teacher sees what was said, and goes on as it began."""
    before: list[Message] = []
    rows = []
    for text in texts:
        rows.append(await _vote(chat, model, [*prompt.head, *before, prompt.asked(text)], prompt, item))
        if view == "dialogue":
            likeliest = max(range(len(prompt.words)), key=rows[-1].__getitem__)
            before = [*before, prompt.asked(text), prompt.answered(likeliest)][-2 * LOOKS_BACK :]
    return tuple(rows)


async def _vote(
    chat: Chat, model: str, messages: Sequence[Message], prompt: Prompt, item: str
) -> tuple[float, ...]:
    asked = request(
        model, messages, stage="teach", item=item, temperature=0, max_tokens=1, logprobs=True, top_logprobs=TOP
    )
    return likely(await chat(asked), prompt.words)


def check(means: Sequence[Sequence[float]], labels: Sequence[str]) -> None:
    """InputError for a teacher from whom nothing can be learnt: it says the same of every utterance."""
    said = {max(range(len(labels)), key=lambda n: row[n]) for row in means}
    if len(means) >= SAME and len(said) == 1:
        what = f"the teacher says {labels[said.pop()]!r} of all {len(means)} utterances: nothing to learn"
        raise InputError(what, "task", "ask another model, or word the labels otherwise")
