"""Does each measure move on its own damage and stay still on the others? Prints the sensitivity matrix of a run.

    python benchmarks/sensitivity.py RUN

The patterns below were written down before anything was measured: `falls` and `rises` have to move by at least three
noise floors in that direction, `still` by less than one. A noise floor is the mean difference of two random halves of
the undamaged run; of a divergence, what two halves give. Cells are moves in floors; whoever breaks the pattern is
marked, and the exit code is 1.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import fmean
from typing import NamedTuple

import damages

from millstream import evaluate
from millstream.commands import evaluate as command
from millstream.commands import folder
from millstream.corpora import millstream as own
from millstream.metrics import adherence, lexical, manners, repeated, spread, tokens, vectors
from millstream.metrics.tokens import Talk
from millstream.records import Dialogue
from millstream.shapes import Known

MOVES, STILL, HALVINGS = 3.0, 1.0, 20

Measure = Callable[[Sequence[Dialogue], Sequence[Talk]], float]


class Pattern(NamedTuple):
    """What a damage has to do, by the names of measures; its move is the mean of `draws`, so that its own chance is not
    taken for an effect."""

    damage: damages.Damage
    falls: str = ""
    rises: str = ""
    still: str = ""
    draws: int = 3


LABELS = "acts, act pairs, by labels, facts kept"
PATTERNS: Mapping[str, Pattern] = {
    "turns shuffled": Pattern(damages.shuffled, falls="by labels, next turn", rises="act pairs",
                              still="distinct-1, turns, tokens, questions, mood, acts, duplicates, turn length"),
    "half are copies": Pattern(damages.copied, falls="Vendi", rises="rep4, self-BLEU, duplicates",
                               still="questions, mood, unsupported, facts kept, again",
                               draws=12),  # which half is copied moves every mean by three quarters of a floor
    "one opener": Pattern(damages.one_opener, rises="openers",
                          still=f"turns, questions, mood, again, unsupported, {LABELS}"),
    "cut short": Pattern(damages.cut_short, falls="turns, by labels", rises="dialogue length",
                         still="openers, unsupported, facts kept"),
    "agent padded": Pattern(damages.padded, rises="tokens, rep4, self-BLEU, turn length, compression",
                            still=f"turns, openers, again, {LABELS}"),
    "words impoverished": Pattern(damages.impoverished, falls="distinct-1, distinct-2, MTLD, Vendi",
                                  rises="rep4, self-BLEU, compression", still=f"turns, questions, again, {LABELS}"),
    "gibberish": Pattern(damages.gibberish, falls="next turn, rep4, self-BLEU, compression",
                         rises="distinct-2", still=f"turns, tokens, questions, again, turn length, {LABELS}"),
    "nothing asked": Pattern(damages.unasked, falls="questions",
                             still=f"distinct-1, MTLD, rep4, Vendi, turns, tokens, mood, again, next turn, {LABELS}"),
    "soured": Pattern(damages.soured, falls="mood, arc",
                      still=f"turns, again, Vendi, openers, unsupported, {LABELS}"),
    "user's turns split": Pattern(damages.split, falls="tokens", rises="again, turns, turn length, dialogue length",
                                  still="distinct-1, distinct-2, rep4, Vendi, unsupported, facts kept"),
    "values corrupted": Pattern(damages.corrupted, rises="unsupported",
                                still=f"turns, tokens, questions, mood, again, openers, turn length, {LABELS}"),
    "acts mislabelled": Pattern(damages.mislabelled, rises="acts, act pairs",
                                still="distinct-1, distinct-2, MTLD, rep4, Vendi, turns, tokens, mood, "
                                      "by labels, next turn"),
    "stages mislabelled": Pattern(damages.misplanned, falls="by labels",
                                  still="distinct-2, rep4, Vendi, turns, mood, acts, act pairs, unsupported, "
                                        "facts kept"),
    "facts told otherwise": Pattern(damages.changed_mind, falls="facts kept",
                                    still="distinct-2, rep4, Vendi, turns, mood, acts, act pairs, by labels, "
                                          "unsupported"),
}  # fmt: skip


def manner(name: str) -> Measure:
    of = next(each.of for each in manners.MANNERS if each.name == name)

    def measure(dialogues: Sequence[Dialogue], talks: Sequence[Talk]) -> float:
        pairs = [of(talk) for talk in talks]
        return sum(above for above, _ in pairs) / max(sum(below for _, below in pairs), 1e-9)

    return measure


def ranked(dialogues: Sequence[Dialogue], talks: Sequence[Talk]) -> float:
    won = vectors.ranking(talks, vectors.words)
    return sum(first for first, _ in won) / sum(of for _, of in won)


def followed(dialogues: Sequence[Dialogue], talks: Sequence[Talk]) -> float:
    return fmean(adherence.adherence(adherence.planned(each), adherence.labelled(each)) for each in dialogues)


def kept(dialogues: Sequence[Dialogue], talks: Sequence[Talk]) -> float:
    pairs = [adherence.facts_kept(each) for each in dialogues]
    return sum(first for first, _ in pairs) / max(sum(of for _, of in pairs), 1)


def measures(known: Known, budget: int) -> dict[str, Measure]:
    """Those that are a number of one set of dialogues."""

    def words(of: Callable[[Sequence[str]], float]) -> Measure:
        return lambda dialogues, talks: of(tokens.budgeted(talks, budget))

    def texts(of: Callable[[repeated.Texts], float]) -> Measure:
        return lambda dialogues, talks: of([each.flat() for each in talks])

    checked: dict[Dialogue, tuple[float, float]] = {}

    def wrong(dialogues: Sequence[Dialogue], talks: Sequence[Talk]) -> float:
        """The dear one: each dialogue is checked once, however many halves and damages it stands in."""
        new = list(dict.fromkeys(each for each in dialogues if each not in checked))
        checked.update(zip(new, evaluate.of_run("", new, known).wrong, strict=True))
        pairs = [checked[each] for each in dialogues]
        return sum(first for first, _ in pairs) / sum(of for _, of in pairs)

    return {
        "distinct-1": words(lambda found: lexical.distinct(found, 1)),
        "distinct-2": words(lambda found: lexical.distinct(found, 2)),
        "MTLD": words(lexical.mtld),
        "compression": words(lambda found: lexical.compression(" ".join(found))),
        "rep4": texts(repeated.rep4), "self-BLEU": texts(repeated.self_bleu),
        "duplicates": lambda dialogues, talks: repeated.duplicates(talks),
        "openers": lambda dialogues, talks: repeated.openers(talks),
        "Vendi": lambda dialogues, talks: repeated.vendi(vectors.words([" ".join(each.flat()) for each in talks])),
        "mood": manner("user mood"), "arc": manner("rise of the user's mood"), "questions": manner("questions"),
        "tokens": manner("tokens a turn"), "turns": manner("turns a dialogue"), "again": manner("same speaker again"),
        "next turn": ranked, "by labels": followed, "facts kept": kept, "unsupported": wrong,
    }  # fmt: skip


class Matrix(NamedTuple):
    """`moves[damage][measure]` in floors; `broken` are sentences."""

    floors: dict[str, float]
    moves: dict[str, dict[str, float]]
    broken: list[str]


def talks_of(dialogues: Sequence[Dialogue]) -> list[Talk]:
    return [tokens.talk(own.conversation(each)) for each in dialogues]


def matrix(
    dialogues: Sequence[Dialogue], known: Known, patterns: Mapping[str, Pattern] = PATTERNS, seed: int = 0
) -> Matrix:
    """Every damage of `patterns` against the undamaged dialogues."""
    whole = talks_of(dialogues)
    budget = int(0.4 * sum(len(each.flat()) for each in whole))
    every = measures(known, budget)
    base = {name: measure(dialogues, whole) for name, measure in every.items()}
    floors = {name: _floor(measure, dialogues, whole, seed) for name, measure in every.items()}
    floors |= {name: spread.floor(whole, counting) for name, counting in spread.COUNTINGS.items()}
    moves: dict[str, dict[str, float]] = {}
    for name, pattern in patterns.items():
        sets = [pattern.damage(dialogues, Random(f"{name} {seed} {draw}")) for draw in range(pattern.draws)]
        if all(each == sets[0] for each in sets):
            sets = sets[:1]  # nothing of it is left to chance
        drawn = []
        for damaged in sets:
            talks = talks_of(damaged)
            moved = {each: measure(damaged, talks) - base[each] for each, measure in every.items()}
            moved |= {each: spread.jsd(counting(talks), counting(whole)) for each, counting in spread.COUNTINGS.items()}
            drawn.append(moved)
        moves[name] = {each: _in_floors(fmean(moved[each] for moved in drawn), floors[each]) for each in floors}
    return Matrix(floors, moves, [line for name in moves for line in broken(patterns[name], name, moves[name])])


def _floor(measure: Measure, dialogues: Sequence[Dialogue], talks: Sequence[Talk], seed: int) -> float:
    chance, apart = Random(f"floors {seed}"), []
    for _ in range(HALVINGS):
        order = chance.sample(range(len(talks)), len(talks))
        sides = [order[n::2] for n in (0, 1)]
        first, second = (measure([dialogues[n] for n in side], [talks[n] for n in side]) for side in sides)
        apart.append(abs(first - second))
    return fmean(apart)


def _in_floors(move: float, floor: float) -> float:
    """A measure that never varies (no claim of a checked run is unsupported) has its smallest move as floor."""
    return 0.0 if abs(move) < 1e-12 else move / max(floor, 1e-3)


def broken(pattern: Pattern, name: str, moves: Mapping[str, float]) -> list[str]:
    """What a damage did against its pattern."""
    lines = []
    for sign, said, listed in ((-1, "fall", pattern.falls), (1, "rise", pattern.rises)):
        for each in filter(None, listed.split(", ")):
            if sign * moves[each] < MOVES:
                lines.append(f"{name}: {each} moved {moves[each]:+.1f} floors and had to {said} by {MOVES:.0f}")
    for each in filter(None, pattern.still.split(", ")):
        if abs(moves[each]) >= STILL:
            lines.append(f"{name}: {each} moved {moves[each]:+.1f} floors and had to stay still")
    return lines


def shown(found: Matrix) -> str:
    names = list(found.floors)
    rows = [f"| damage | {' | '.join(names)} |", f"|---|{'---:|' * len(names)}",
            f"| *noise floor* | {' | '.join(f'{found.floors[name]:.3g}' for name in names)} |"]  # fmt: skip
    for damage, moves in found.moves.items():
        own_names = {*PATTERNS[damage].falls.split(", "), *PATTERNS[damage].rises.split(", ")}
        cells = [f"**{moves[name]:+.1f}**" if name in own_names else f"{moves[name]:+.1f}" for name in names]
        rows.append(f"| {damage} | {' | '.join(cells)} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    run: Path = parser.parse_args().run
    dialogues = folder.dialogues(run)
    found = matrix(dialogues, command.known(run, dialogues[0]))
    print(f"{len(dialogues)} dialogues of {run.name}\n\n{shown(found)}\n")
    print("\n".join(found.broken) or "every damage keeps its pattern")
    return bool(found.broken)


if __name__ == "__main__":
    sys.exit(main())
