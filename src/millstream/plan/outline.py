"""From a scenario to the worked-out steps of its dialogue: the stages of its path, made by their moves."""

from random import Random

from millstream.frames import Voice
from millstream.know.base import Knowledge
from millstream.plan.moves import MOVES, closing, opening
from millstream.plan.script import Script
from millstream.records import Blueprint, Move, Outline, Scenario
from millstream.turns import Turns

SHORTEST, LONGEST = 12, 18
"""Turns of a dialogue; StreamDial has 17 on average, 16 to 19 by domain (its README). Shorter ones are read with fewer
faults."""
LEAST = 10
"""The same where the sources are talks of two, which are short and end without ceremony."""
TALKED = Turns()
OPENED = 0.5
"""Share of openings that name the first wish at once; of the others, those that the length needs."""


def outline(
    scenario: Scenario, blueprint: Blueprint, knowledge: Knowledge, voice: Voice, need: str, turns: Turns = TALKED
) -> Outline:
    """The steps of one dialogue. As many questions are asked as bring it nearest to a drawn length; where it is long
    all the same, the opening names more wishes at once, and fewer where it is short."""
    rng = Random(f"{scenario.seed}/{scenario.aim}/{scenario.number}/length")
    aim, opened = rng.randint(SHORTEST, LONGEST - 3), int(rng.random() < OPENED)
    made: list[Script] = []
    if turns:
        aim -= SHORTEST - LEAST
    wishes = len(scenario.constraints)
    for at_once in (wishes,) if turns else dict.fromkeys((opened, 1 - opened, min(2, max(1, wishes)))):
        for questions in range(1, 7):
            script = _script(scenario, blueprint, knowledge, voice, need)
            script.questions, script.at_once, script.turns = questions, at_once, turns
            made.append(_written(script, blueprint))
            if len(script.steps) >= aim or not script.unasked:
                break  # more questions make it longer, if there are more
        best = min(made, key=lambda each: abs(len(each.steps) - aim))
        if SHORTEST <= len(best.steps) <= aim + 1:
            break
    return best.outline()


def moves_of(scenario: Scenario, blueprint: Blueprint) -> list[tuple[str, Move]]:
    """(stage, move) along the scenario's path."""
    path = next(path for path in blueprint.paths if path.name == scenario.path)
    return [(stage, blueprint.move(stage)) for stage in path.stages]


def _script(scenario: Scenario, blueprint: Blueprint, knowledge: Knowledge, voice: Voice, need: str) -> Script:
    return Script(
        scenario=scenario,
        knowledge=knowledge,
        rng=Random(f"{scenario.seed}/{scenario.aim}/{scenario.number}/words"),
        voice=voice,
        need=need,
        doubts={node.stage: node.kind for node in blueprint.nodes if blueprint.move(node.stage) == "objection"},
        requests=list(scenario.requests),
    )


def _written(script: Script, blueprint: Blueprint) -> Script:
    """The dialogue that is made of the stages of its path."""
    scenario = script.scenario
    script.recovery = next(path.recovery for path in blueprint.paths if path.name == scenario.path)
    steps = moves_of(scenario, blueprint)
    if "negotiate" in [move for _, move in steps]:
        script.requests.sort(key=lambda slot: slot != "price")  # who will haggle wants to know the price first
    script.stage = steps[0][0]
    opening(script)
    for n, (stage, move) in enumerate(steps):
        script.stage = stage
        script.ahead = tuple(move for _, move in steps[n + 1 :])
        MOVES[move](script)
    closing(script)
    return script
