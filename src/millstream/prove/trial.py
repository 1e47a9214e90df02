"""One proof: every arm of a target, trained and measured over the seeds. Says nothing on a screen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from millstream.metrics.dst import Frame
from millstream.prove.arms import Arm
from millstream.prove.figures import Result, Scored, result, scored
from millstream.prove.kept import Kept, Mark
from millstream.prove.targets import Target
from millstream.services.annotated import TaskDialogue
from millstream.services.schema import ServiceSchema
from millstream.train.candidates import Lexicon, Words
from millstream.train.string_match import StringMatch
from millstream.train.tracker import Hashed, Places, Sight, States, Tracker, Tracks, places

Learn = Callable[[Sequence[TaskDialogue], Mapping[str, Lexicon], Mapping[str, Lexicon], int], Tracks]
"""Dialogues, the lexicons to learn with, those to track with, and the seed: a tracker."""

HIDDEN = 0.5
"""Share of the open values that are not listed while a tracker trains."""


class Empty:
    """The state that never holds anything."""

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        return {}


def learner(sight: Callable[[], Sight] | None = None) -> Learn:
    """The way of the tracker that is linear in what it sees; by default words, hashed once for all that it learns."""
    turns: Places = {}

    def learn(
        dialogues: Sequence[TaskDialogue], partly: Mapping[str, Lexicon], lexicons: Mapping[str, Lexicon], seed: int
    ) -> Tracker:
        tracker = Tracker(partly, sight() if sight else Hashed(turns)).fit(dialogues, seed)
        tracker.lexicons = lexicons
        return tracker

    return learn


@dataclass(frozen=True)
class Budget:
    """The same for all arms: dialogues, seeds, and how a tracker learns. `done(arm, seed)` is called behind each
    training, `kept` has those of runs before."""

    size: int
    seeds: Sequence[int]
    done: Callable[[str, int], None]
    learn: Learn = field(default_factory=learner)
    kept: Kept = field(default_factory=Kept)


def trial(target: Target, arms: Mapping[str, Arm], budget: Budget) -> Iterator[Result]:
    """Floors first, then the arms in their order. What was kept of the same dialogues is not trained again."""
    lexicons = {service.name: Lexicon(service, target.knowledge) for service in target.services}
    yield result("empty state", [_measured(Empty(), target)])
    yield result("string match", [_measured(StringMatch(lexicons), target)])
    partly = {service.name: Lexicon(service, target.knowledge, HIDDEN) for service in target.services}
    for name, arm in arms.items():
        found = []
        for seed in budget.seeds:
            dialogues = arm(target, budget.size, seed)
            mark = Mark(target, name, seed, dialogues)
            if (known := budget.kept.found(mark)) is None:
                known = _measured(budget.learn(dialogues, partly, lexicons, seed), target)
                budget.kept.add(mark, known)
            found.append(known)
            budget.done(name, seed)
        yield result(name, found)


def _measured(tracker: Tracks, target: Target) -> Scored:
    services = {service.name: service for service in target.services}
    return scored(frame for each in target.test for frame in tracked(tracker, each, services, target.scored))


def tracked(
    tracker: Tracks, dialogue: TaskDialogue, services: Mapping[str, ServiceSchema], only: Iterable[str]
) -> Iterator[Frame]:
    """The frames of `only` these services, with the states that the tracker works out from the words alone."""
    wanted = set(only)
    states: States = {}
    for place in places(dialogue, services, states):
        service = services[place.service]
        states[place.service] = tracker.step(service, place.said, place.state, place.others)
        if place.service in wanted:
            closed = frozenset(slot.name for slot in service.slots if slot.categorical)
            now = dict(states[place.service])
            yield Frame(dialogue.key, place.turn, place.service, dict(place.gold.values), now, closed)
