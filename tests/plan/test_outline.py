"""How long an outline is, before it is written: what its path is reckoned to take, and what it takes."""

from collections import Counter

import grounds
import pytest

from millstream.frames import Voice
from millstream.plan.outline import EACH, LONGEST, SHORTEST, TALKED, Writer, outline


@pytest.mark.parametrize("key", grounds.SAMPLES)
def test_a_path_is_reckoned_before_it_is_written(key: str) -> None:
    """Off by an argument or a complaint at most: what was written is written again where that matters."""
    base = grounds.ground(key)
    graphs = {each.id: each for each in base.blueprints}
    off: Counter[int] = Counter()
    for scenario in grounds.scenarios(key, 40):
        writer = Writer(scenario, graphs[scenario.blueprint], base.knowledge, Voice(), "", TALKED)
        for at_once in range(min(2, len(scenario.constraints)) + 1):
            (once,) = writer.written(at_once, aim=0)
            off[abs(once.turns - writer.reckoned() + EACH * at_once)] += 1
            assert writer.written(at_once, aim=LONGEST)[-1].turns >= once.turns
    assert off[0] >= 0.5 * off.total() and max(off) <= 8, off


@pytest.mark.parametrize("key", grounds.SAMPLES)
def test_of_what_is_reckoned_wrong_the_nearest_is_taken(key: str) -> None:
    base = grounds.ground(key)
    graphs = {each.id: each for each in base.blueprints}
    made = [
        len(outline(scenario, graphs[scenario.blueprint], base.knowledge, Voice(), "").steps)
        for scenario in grounds.scenarios(key, 40)
    ]
    assert sum(SHORTEST <= length <= LONGEST for length in made) >= 0.95 * len(made), Counter(made)
