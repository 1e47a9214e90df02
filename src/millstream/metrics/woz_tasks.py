"""MultiWOZ's Inform, Success and BLEU (Budzianowski et al. 2018; standardised by Nekvinda and Dusek 2021, section 3).

Whether the system named something that fits the user's goal is found by asking the database with the state that was
predicted, never by looking at the words. Knows delexicalised responses ("[restaurant_name] is at [restaurant_address]")
and databases as functions; no files.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sacrebleu

Database = Callable[[str, Mapping[str, str]], Sequence[str]]
"""(domain, constraints) -> the ids of the rows that fit."""

PLACEHOLDER = re.compile(r"\[(\w+?)_(\w+)\]")
NAMES = {"name", "id", "trainid"}
"""What offers something: after it, the rows that fit the state are what was offered."""
ANSWERABLE = frozenset({"phone", "address", "postcode", "reference", "id", "trainid"})
"""What a user can ask for so that Success looks for it."""
WITHOUT_ROWS = frozenset({"taxi", "police", "hospital"})
"""Domains whose database decides nothing: they count as informed."""
TOKEN = re.compile(r"\[\w+\]|\w+|[^\w\s]")


@dataclass(frozen=True)
class Goal:
    """What the user of one dialogue wants of one domain."""

    constraints: Mapping[str, str]
    requests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reply:
    """One system turn: the delexicalised words, the state that was predicted (domain -> slots), the reference."""

    text: str
    state: Mapping[str, Mapping[str, str]]
    reference: str = ""


@dataclass(frozen=True)
class TaskFigures:
    """In percent, as they are published. `combined` = (inform + success) / 2 + bleu."""

    dialogues: int
    inform: float
    success: float
    bleu: float

    @property
    def combined(self) -> float:
        return (self.inform + self.success) / 2 + self.bleu


def measure(dialogues: Iterable[tuple[Mapping[str, Goal], Sequence[Reply]]], database: Database) -> TaskFigures:
    every = [(goals, replies) for goals, replies in dialogues]
    if not every:
        raise ValueError("no dialogue to measure")
    informs = [informed(goals, replies, database) for goals, replies in every]
    done = [told and answered(goals, replies) for told, (goals, replies) in zip(informs, every, strict=True)]
    said = [reply for _, replies in every for reply in replies]
    return TaskFigures(len(every), 100 * _mean(informs), 100 * _mean(done), bleu(said))


def informed(goals: Mapping[str, Goal], replies: Sequence[Reply], database: Database) -> bool:
    """In every domain of the goal, all that was offered last fits what the user wants."""
    return all(_fits(domain, goal, replies, database) for domain, goal in goals.items())


def _fits(domain: str, goal: Goal, replies: Sequence[Reply], database: Database) -> bool:
    if domain in WITHOUT_ROWS:
        return True
    offered: set[str] = set()
    for reply in replies:
        named = {(place, slot) for place, slot in PLACEHOLDER.findall(reply.text)}
        if any((domain, slot) in named for slot in NAMES):
            offered = set(database(domain, reply.state.get(domain, {})))
    if "name" in goal.constraints:
        return bool(offered)
    return bool(offered) and offered <= set(database(domain, goal.constraints))


def answered(goals: Mapping[str, Goal], replies: Sequence[Reply]) -> bool:
    """Everything that can be asked for and was asked for stands in some reply."""
    told = {found for reply in replies for found in PLACEHOLDER.findall(reply.text)}
    return all((domain, slot) in told for domain, goal in goals.items() for slot in goal.requests if slot in ANSWERABLE)


def bleu(replies: Sequence[Reply]) -> float:
    """Corpus BLEU-4 over lower-case tokens; a placeholder is one token."""
    pairs = [(_tokens(each.text), _tokens(each.reference)) for each in replies if each.reference]
    if not pairs:
        return 0.0
    said, reference = [each for each, _ in pairs], [each for _, each in pairs]
    return float(sacrebleu.corpus_bleu(said, [reference], tokenize="none", force=True).score)


def _tokens(text: str) -> str:
    return " ".join(TOKEN.findall(text.lower()))


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values)
