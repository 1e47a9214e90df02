"""What each arm trains on: the same number of dialogues, the same number of updates. Knows no figures.

`ours` is played by schema and worded by templates; `shuffled` has the same words with the states of other turns;
`other domains` is real; `other domains, twice` is half as many of them, each repeated. Of the arms that have real
dialogues of the left-out domain, the last two are STREAM's: as many dialogues, all of them real, or half of them ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, islice
from random import Random

from millstream.prove.targets import Target
from millstream.services.annotated import Frame, State, TaskDialogue
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.words import Unsaid, Wording

LONGEST = 8
"""Words a turn must have to be looked for in the test."""


def ours(target: Target, size: int, seed: int) -> list[TaskDialogue]:
    """`size` dialogues with a left-out service in each; none with a long turn of the test in it."""
    services = tuple(service for service in target.services if service.name in target.played)
    world, wording = World(services, target.knowledge, target.asides), Wording(services, target.lent)
    known = long_turns(target.test)
    return list(islice(_sound(world, wording, seed, target, known), size))


def _sound(world: World, wording: Wording, seed: int, target: Target, known: frozenset[str]) -> Iterator[TaskDialogue]:
    for number in count():
        plan = outline(world, target.policy, seed, number)
        if not target.scored & set(plan.services):
            continue
        try:
            made = wording.worded(plan, seed)
        except Unsaid:
            continue
        if not known & long_turns([made]):
            yield kept(made) if target.kept else made


def kept(dialogue: TaskDialogue) -> TaskDialogue:
    """Every service that was spoken of has a frame in each later user turn, with its state as it stood."""
    states: dict[str, State] = {}
    turns = []
    for turn in dialogue.turns:
        states |= {
            frame.service: State(frame.state.intent, (), frame.state.values) for frame in turn.frames if frame.state
        }
        named = {frame.service for frame in turn.frames}
        more = tuple(Frame(name, state=state) for name, state in states.items() if name not in named)
        turns.append(replace(turn, frames=(*turn.frames, *more)) if turn.role == "user" else turn)
    return replace(dialogue, turns=tuple(turns))


def long_turns(dialogues: Sequence[TaskDialogue]) -> frozenset[str]:
    """The user turns of at least LONGEST words (or twice as many characters without blanks), folded."""
    said = (turn.text.casefold() for each in dialogues for turn in each.turns if turn.role == "user")
    return frozenset(
        each for each in said if len(each.split()) >= LONGEST or (len(each) >= 2 * LONGEST and " " not in each)
    )


def shuffled(dialogues: Sequence[TaskDialogue], seed: int) -> list[TaskDialogue]:
    """The same words; each service's states are dealt out anew among all its user frames."""
    rng = Random(f"shuffled {seed}")
    states: dict[str, list[State]] = {}
    for each in dialogues:
        for turn in each.turns:
            for frame in turn.frames:
                if frame.state:
                    states.setdefault(frame.service, []).append(frame.state)
    for dealt in states.values():
        rng.shuffle(dealt)
    return [_relabelled(each, states) for each in dialogues]


def _relabelled(dialogue: TaskDialogue, states: Mapping[str, list[State]]) -> TaskDialogue:
    turns = []
    for turn in dialogue.turns:
        frames = tuple(replace(f, state=states[f.service].pop()) if f.state else f for f in turn.frames)
        turns.append(replace(turn, frames=frames))
    return replace(dialogue, turns=tuple(turns))


def drawn(dialogues: Sequence[TaskDialogue], size: int, seed: int) -> list[TaskDialogue]:
    """`size` of them, each as often as the others."""
    rng = Random(f"drawn {seed}")
    order = list(dialogues)
    rng.shuffle(order)
    return [order[n % len(order)] for n in range(size)] if order else []


def none(target: Target, size: int, seed: int) -> list[TaskDialogue]:
    """No dialogue: what a pretrained model can do by itself."""
    return []


Arm = Callable[[Target, int, int], list[TaskDialogue]]
FEW = 50
"""Real dialogues of the left-out domain in the few-shot arms."""

ZERO_SHOT: Mapping[str, Arm] = {
    "ours": ours,
    "shuffled labels": lambda t, size, seed: shuffled(ours(t, size, seed), seed),
    "other domains, real": lambda t, size, seed: drawn(t.others, size, seed),
    "other domains, real, twice": lambda t, size, seed: drawn(drawn(t.others, size // 2, seed), size, seed),
}
FEW_SHOT: Mapping[str, Arm] = {
    "50 real, repeated": lambda t, size, seed: drawn(drawn(t.pool, FEW, seed), size, seed),
    "50 real and ours": lambda t, size, seed: [
        *drawn(t.pool, FEW, seed),
        *ours(t, size - FEW, seed),
    ],
    "real of the domain": lambda t, size, seed: drawn(t.pool, size, seed),
    "half real, half ours": lambda t, size, seed: [
        *drawn(t.pool, size // 2, seed),
        *ours(t, size - size // 2, seed),
    ],
}
UNTUNED = "untuned"
STREAMS, REAL = "ours with streams", "real of the domain"
"""The arm with what streams give (prove/mined.py), and the one whose gain it is to recover."""
PAIRED: Mapping[str, str] = {"50 real and ours": "50 real, repeated", "half real, half ours": "real of the domain"}
"""The arms with ours among real ones, and what each is held against."""
