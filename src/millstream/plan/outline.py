"""From a scenario to the worked-out steps of its dialogue: the stages of its path, made by their moves."""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import NamedTuple

from millstream.frames import Voice
from millstream.know.base import Knowledge
from millstream.plan import rhythms
from millstream.plan.feasible import Course, left_out
from millstream.plan.moves import MOVES, closing, opening
from millstream.plan.script import Script
from millstream.records import Blueprint, Move, Outline, Path, Scenario
from millstream.turns import Turns

SHORTEST, LONGEST = 12, 18
"""Turns of a dialogue; StreamDial has 17 on average, 16 to 19 by domain (its README). Shorter ones are read with fewer
faults."""
LEAST = 10
"""The same where the sources are talks of two, which are short and end without ceremony."""
TALKED = Turns()
OPENED = 0.5
"""Share of openings that name the first wish at once; of the others, those that the length needs."""
FRAME = 8
"""Turns of the opening, the recommendation and the end."""
EACH = 2
"""Turns that a wish takes which the opening does not name: it is asked for."""
MOST_ASKED = 6
"""Questions a user asks at most in one `inform`."""


def outline(
    scenario: Scenario, blueprint: Blueprint, knowledge: Knowledge, voice: Voice, need: str, turns: Turns = TALKED
) -> Outline:
    """The steps of one dialogue. The opening names as many wishes at once, and as many questions are asked, as bring it
    nearest to a drawn length, of those with which every move of the path is made. How long its path is with so many
    wishes named is reckoned, and, once it was written with some and is too long or too short, known: then it is written
    again with others, if they bring it nearer."""
    rng = Random(f"{scenario.seed}/{scenario.aim}/{scenario.number}/length")
    aim, opened = rng.randint(SHORTEST, LONGEST - 3), int(rng.random() < OPENED)
    if turns:
        aim -= SHORTEST - LEAST
    wishes = len(scenario.constraints)
    left = [wishes] if turns else list(dict.fromkeys((opened, 1 - opened, min(2, max(1, wishes)))))
    writer = Writer(scenario, blueprint, knowledge, voice, need, turns)
    longest, made = writer.reckoned(), list[Written]()
    while left:
        at_once = min(left, key=lambda each: _missed(longest - EACH * each, aim))
        whole = [_missed(each.turns, aim) for each in made if not each.left_out]
        if whole and _missed(longest - EACH * at_once, aim) >= min(whole):
            break
        left.remove(at_once)
        written = writer.written(at_once, aim)
        longest = written[0].turns + EACH * at_once
        made += written
    return min(made, key=lambda each: (len(each.left_out), abs(each.turns - aim))).script.outline()


def _missed(length: int, aim: int) -> float:
    """By how many turns a length is off; 0 for one that will do."""
    return 0 if SHORTEST <= length <= aim + 1 else abs(length - aim)


def moves_of(scenario: Scenario, blueprint: Blueprint) -> list[tuple[str, Move]]:
    """(stage, move) along the scenario's path."""
    return [(stage, blueprint.moves[stage]) for stage in path_of(scenario, blueprint).stages]


def path_of(scenario: Scenario, blueprint: Blueprint) -> Path:
    return next(path for path in blueprint.paths if path.name == scenario.path)


class Written(NamedTuple):
    """A path written out: its turns, and the moves that were not made."""

    script: Script
    turns: int
    left_out: list[str]


@dataclass(frozen=True)
class Writer:
    """Writes the path of one scenario, as often as its length needs."""

    scenario: Scenario
    blueprint: Blueprint
    knowledge: Knowledge
    voice: Voice
    need: str
    turns: Turns

    def reckoned(self) -> int:
        """Turns of the path where the opening names no wish and one question is asked at a time."""
        rhythm = tuple(move for _, move in self.moves if move not in ("greet", "needs", "close"))
        booked = len([slot for slot in self.knowledge.domain.using("book") if slot.values.get(self.scenario.lang)])
        return FRAME + EACH * len(self.scenario.constraints) + rhythms.turns(rhythm, booked)

    def written(self, at_once: int, aim: int) -> list[Written]:
        """With so many wishes named at once, and with one question at a time, with two and so on until it is as long as
        `aim` or there is nothing left to ask."""
        made: list[Written] = []
        course = Course.of(self.blueprint, self._path)
        for questions in range(1, MOST_ASKED + 1):
            script = self._script(at_once, questions)
            made.append(Written(script, len(script.steps), left_out(course, script.steps)))
            if made[-1].turns >= aim or not script.unasked:
                break
        return made

    @cached_property
    def moves(self) -> list[tuple[str, Move]]:
        return moves_of(self.scenario, self.blueprint)

    @cached_property
    def _path(self) -> Path:
        return path_of(self.scenario, self.blueprint)

    def _script(self, at_once: int, questions: int) -> Script:
        scenario, moves = self.scenario, self.moves
        script = Script(
            scenario=scenario,
            knowledge=self.knowledge,
            rng=Random(f"{scenario.seed}/{scenario.aim}/{scenario.number}/words"),
            voice=self.voice,
            questions=questions,
            at_once=at_once,
            need=self.need,
            doubts=self._doubts,
            requests=list(scenario.requests),
            stage=moves[0][0],
            recovery=self._path.recovery,
            turns=self.turns,
        )
        if "negotiate" in [move for _, move in moves]:
            script.requests.sort(key=lambda slot: slot != "price")  # who will haggle wants to know the price first
        opening(script)
        for n, (stage, move) in enumerate(moves):
            script.stage = stage
            script.ahead = tuple(move for _, move in moves[n + 1 :])
            MOVES[move](script)
        closing(script)
        return script

    @cached_property
    def _doubts(self) -> dict[str, str]:
        blueprint = self.blueprint
        return {node.stage: node.kind for node in blueprint.nodes if blueprint.moves[node.stage] == "objection"}
