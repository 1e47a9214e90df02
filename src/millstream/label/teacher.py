"""Soft scores of a teacher: how likely each label is its answer, for every prompt of the bank.

From the probabilities of the answer's first token among the labels; where an endpoint gives none, from the answer
itself. Knows no corpus and no student.
"""

import math
from collections.abc import Sequence

from pydantic import Field

from millstream.chat import Chat, Reply, request
from millstream.errors import InputError
from millstream.label.bank import Prompt
from millstream.records import Lang, Record, Role

TOP = 20
"""Most likely tokens that are asked for; a label whose token is not among them is as likely as the last one."""
SAME = 20
"""From so many utterances on, a teacher that says the same of all of them is refused."""


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
    chat: Chat, model: str, prompt: Prompt, texts: Sequence[str], item: str = ""
) -> tuple[tuple[float, ...], ...]:
    """For each text a probability a label. Ask one prompt of everything before the next: an endpoint keeps its head."""
    return tuple([await _vote(chat, model, prompt, text, item) for text in texts])


async def _vote(chat: Chat, model: str, prompt: Prompt, text: str, item: str) -> tuple[float, ...]:
    asked = request(
        model, prompt.messages(text), stage="teach", item=item, temperature=0, max_tokens=1, logprobs=True,
        top_logprobs=TOP,
    )  # fmt: skip
    return likely(await chat(asked), prompt.words)


def likely(reply: Reply, words: Sequence[str]) -> tuple[float, ...]:
    """A probability a word, together 1: of the words that the answer's first token begins, shared where it begins
    several; all alike where the answer says nothing of them."""
    first = (reply.logprobs or ((),))[0] or ()
    top = first[0].get("top_logprobs", ()) if first else ()
    found = [0.0] * len(words)
    least = math.exp(min((each["logprob"] for each in top), default=-math.inf))
    for token, chance in [(each["token"], math.exp(each["logprob"])) for each in top] or [(reply.text, 1.0)]:
        heads = _begun(token, words)
        for n in heads:
            found[n] += chance / len(heads)
    found = [max(each, least) for each in found]
    total = sum(found)
    return tuple(round(each / total, 5) for each in found) if total else tuple(1 / len(words) for _ in words)


def _begun(token: str, words: Sequence[str]) -> list[int]:
    said = token.strip().casefold()
    return [n for n, word in enumerate(words) if said and (word.casefold().startswith(said) or said == word.casefold())]


def check(means: Sequence[Sequence[float]], labels: Sequence[str]) -> None:
    """InputError for a teacher from whom nothing can be learnt: it says the same of every utterance."""
    said = {max(range(len(labels)), key=lambda n: row[n]) for row in means}
    if len(means) >= SAME and len(said) == 1:
        what = f"the teacher says {labels[said.pop()]!r} of all {len(means)} utterances: nothing to learn"
        raise InputError(what, "task", "ask another model, or word the labels otherwise")
