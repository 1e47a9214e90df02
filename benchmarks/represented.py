"""How much of real dialogues can the task engine say at all? Two shares, after Campagna et al. 2022 (section 5).

Represented: user turns of SGD whose states stand unchanged after they became programs, were printed and parsed.
Emulated: turns whose acts, after the acts of the turn before, occur in outlines too. The floor plays by chance: each
turn's acts are drawn by how often they occur, whatever came before.

python benchmarks/represented.py data/sgd/dev [--learn data/sgd/train] --count 5000
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

from planted import wilson

from millstream import corpora
from millstream.formats import sgd
from millstream.services import knowledge, program, schema
from millstream.services.annotated import Frame, TaskDialogue, Turn
from millstream.simulate.goals import World
from millstream.simulate.play import outlines
from millstream.simulate.policy import Policy, learnt

Move = tuple[frozenset[str], str, frozenset[str]]
"""(acts of the turn before, who speaks, acts)."""


def read(folder: Path) -> Iterator[TaskDialogue]:
    for file in sorted(folder.glob("dialogues_*.json")):
        yield from (sgd.parse(row, key) for key, row in corpora.entries(file))


def represented(frame: Frame) -> bool:
    """Does its state come back from its program letter by letter?"""
    made = program.meaning(frame)
    assert frame.state is not None
    if made is None:
        return not frame.state.values and not frame.state.requested
    back = program.parse(program.show(made))
    wanted = {slot: tuple(values[0].split("|")) for slot, values in frame.state.values.items()}
    asked = tuple(sorted(frame.state.requested))
    same = (back.service, back.intent, dict(back.constraints), back.requested)
    return same == (frame.service, frame.state.intent, wanted, asked)


def moves(dialogue: TaskDialogue) -> list[Move]:
    acts = [frozenset(), *(said(turn) for turn in dialogue.turns)]
    return [(a, turn.role, b) for (a, b), turn in zip(pairwise(acts), dialogue.turns, strict=True)]


def said(turn: Turn) -> frozenset[str]:
    return frozenset(sgd.OURS.get(act.act, act.act) for frame in turn.frames for act in frame.acts)


def share(known: set[Move], real: Sequence[Sequence[Move]], role: str) -> str:
    every = [move for each in real for move in each if move[1] == role]
    hit = sum(move in known for move in every)
    low, high = wilson(hit, len(every))
    return f"{hit / len(every):.1%} ({low:.1%} to {high:.1%}) of {len(every)} turns"


def by_chance(made: Sequence[Sequence[Move]], seed: int = 0) -> set[Move]:
    """As many moves, their acts drawn without regard for what came before."""
    rng, every = Random(seed), [move for each in made for move in each]
    sides = {role: [m[2] for m in every if m[1] == role] for role in ("user", "agent")}
    other = {"user": sides["agent"], "agent": sides["user"]}
    return {(rng.choice(other[role]), role, rng.choice(sides[role])) for _, role, _ in every}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--learn", type=Path)
    parser.add_argument("--count", type=int, default=5000)
    given = parser.parse_args()
    real = list(read(given.corpus))
    stated = [f for d in real for t in d.turns for f in t.frames if f.state]
    held = sum(map(represented, stated))
    low, high = wilson(held, len(stated))
    print(f"represented: {held / len(stated):.2%} ({low:.2%} to {high:.2%}) of {len(stated)} user frames")
    services = schema.read(given.corpus / "schema.json")
    world = World(services, knowledge.invented(services))
    policy = learnt(read(given.learn)) if given.learn else Policy()
    made = [moves(each) for each in outlines(world, policy, 0, range(given.count))]
    wanted = [moves(each) for each in real]
    seen = {move for each in wanted for move in each}
    for name, known in (("engine", {m for each in made for m in each}), ("by chance", by_chance(made))):
        for role in ("user", "agent"):
            print(f"{name}: {role}: emulated {share(known, wanted, role)}")
        print(f"{name}: {len(known & seen) / len(known):.1%} of its {len(known)} different moves occur in the corpus")
        whole = sum(all(move in known for move in each) for each in wanted)
        print(f"{name}: {whole / len(wanted):.1%} of {len(wanted)} dialogues from start to end")
    print("most frequent moves that the engine never makes:")
    known = {m for each in made for m in each}
    missed: Iterable[Move] = (m for each in wanted for m in each if m not in known)
    for (before, role, now), count in Counter(missed).most_common(12):
        print(f"  {count}: {'+'.join(sorted(before))} -> {role}: {'+'.join(sorted(now))}")


if __name__ == "__main__":
    main()
