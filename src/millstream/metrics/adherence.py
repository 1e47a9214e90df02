"""Does a dialogue follow its own blueprint, and more than it would follow any other? And does it keep to its own facts?

Adherence is the longest common subsequence of the moves that the path plans and the moves that the turns show, by the
moves planned. A dialogue that follows every path follows none, so a random other's path is asked too. Knows records.
"""

from collections.abc import Sequence
from itertools import groupby
from random import Random
from typing import NamedTuple

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from millstream.metrics.tokens import Talk, grams
from millstream.records import Dialogue

FOLDS = 3
TAUGHT = 6000
"""Turns that a tagger is fitted on at most: more make it slower and hardly better."""
Moves = Sequence[str]
Heard = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Of a turn: whose it is, the tokens of the turn before it, its own."""


def common(first: Moves, second: Moves) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(second) + 1)
    for one in first:
        before = 0
        for n, other in enumerate(second, 1):
            before, row[n] = row[n], before + 1 if one == other else max(row[n], row[n - 1])
    return row[-1]


def adherence(planned: Moves, shown: Moves) -> float:
    """The share of the planned moves that are shown in their order, 0 to 1; repeats in a row are one."""
    plan = [move for move, _ in groupby(planned)]
    return common(plan, [move for move, _ in groupby(shown)]) / len(plan) if plan else 0.0


def planned(dialogue: Dialogue) -> list[str]:
    """The moves of the path that the scenario asked for."""
    path = next(each for each in dialogue.blueprint.paths if each.name == dialogue.scenario.path)
    return [dialogue.blueprint.moves[stage] for stage in path.stages]


def labelled(dialogue: Dialogue) -> list[str]:
    """The moves that the labels of the turns say; a stage that the blueprint does not know is its own move."""
    moves = {stage.name: str(stage.move) for stage in dialogue.blueprint.stages}
    return [moves.get(turn.stage, turn.stage) for turn in dialogue.turns]


class Plan(NamedTuple):
    """What is kept of a dialogue of ours: the moves `planned` and `labelled` (one a turn), what it is `about`, and
    `facts_kept`. The whole of it is some hundred times larger."""

    planned: tuple[str, ...]
    labelled: tuple[str, ...]
    about: str
    facts: tuple[int, int]


def plan(dialogue: Dialogue) -> Plan:
    about = f"{dialogue.scenario.domain} {dialogue.scenario.aim}"
    return Plan(tuple(planned(dialogue)), tuple(labelled(dialogue)), about, facts_kept(dialogue))


def heard(talks: Sequence[Talk], plans: Sequence[Plan]) -> list[list[str]]:
    """The moves that a tagger hears in the words, fitted on dialogues about other things: no label is seen.

    Empty where there are fewer than three things to talk about.
    """
    aims = [each.about for each in plans]
    if len(set(aims)) < FOLDS:
        return []
    found: list[list[str]] = [[] for _ in talks]
    for taught, asked in GroupKFold(FOLDS).split(talks, groups=aims):
        tagger = make_pipeline(TfidfVectorizer(analyzer=_seen), LogisticRegression(C=10.0, max_iter=200))
        rows = [row for n in taught for row in zip(_heard(talks[n]), plans[n].labelled, strict=True)]
        rows = Random("taught").sample(rows, min(TAUGHT, len(rows)))
        tagger.fit([turn for turn, _ in rows], [move for _, move in rows])
        for n in asked:
            found[n] = [str(move) for move in tagger.predict(_heard(talks[n]))]
    return found


def _heard(talk: Talk) -> list[Heard]:
    """Each turn behind the one before it, and who says it."""
    roles = (turn.role for turn in talk.said.turns)
    return list(zip(roles, ((), *talk.turns), talk.turns, strict=False))


def _seen(turn: Heard) -> list[str]:
    role, before, now = turn
    own = [*now, *(" ".join(pair) for pair in grams(now, 2))]
    return [f"{role} {each}" for each in own] + [f"before {each}" for each in before]


def followed(plans: Sequence[Plan], shown: Sequence[Moves], seed: int = 0) -> list[tuple[float, float]]:
    """(adherence to the own path, adherence to the path of a random other dialogue with other moves) of each."""
    chance = Random(f"others {seed}")
    found = []
    for own, moves in zip(plans, shown, strict=False):
        drawn = (each.planned for each in chance.sample(plans, min(50, len(plans))))
        other = next((each for each in drawn if each != own.planned), ())
        found.append((adherence(own.planned, moves), adherence(other, moves)))
    return found


def facts_kept(dialogue: Dialogue) -> tuple[int, int]:
    """(told alike, told) of the user's key facts: the last value that the user tells of each wish is the scenario's.

    Read off the labels; whether the words carry the labels is the labels critic's question."""
    wishes = {each.slot: each.value for each in dialogue.scenario.constraints}
    told: dict[str, str] = {}
    for turn in dialogue.turns:
        told |= {act.slot: act.value for act in turn.acts if turn.role == "user" and act.act == "inform"}
    both = wishes.keys() & told.keys()
    return sum(told[slot] == wishes[slot] for slot in both), len(both)
