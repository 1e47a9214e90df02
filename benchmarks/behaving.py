"""Do the behaviour examples that a player is shown fit what it has to say?

Takes the steps of planned dialogues, retrieves two mined lines for each (play/examples.py), and holds them to gold that
knows no rule of ours: where the host greets, meets an objection, haggles (`moves` of gold.json), and of which slot the
facts in its cues, or in the answer to a viewer's line, are. A line that gold says nothing of does not count. Beside it:
lines of the same side drawn at random, and the best by BM25 of the draft alone.

    python benchmarks/behaving.py RUN_FOLDER=SAMPLE [RUN_FOLDER=SAMPLE...] [--seed 0]
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from planted import wilson

from millstream import domain as domains
from millstream.behaviours import Behaviour
from millstream.frames import Frame
from millstream.plan.behaving import behaviours
from millstream.play.examples import LONGEST, Examples, examples
from millstream.prepare import Mined
from millstream.records import Dialogue, Evidence, Fact, Move, Passage, Role, Step
from millstream.retrievers import bm25, searching
from millstream.shapes import Query
from millstream.table import Table

SHOWN = 2
Labels = Mapping[tuple[Role, str], tuple[frozenset[str], frozenset[str]]]
"""(side, line) -> the moves and the slots that gold has for it."""
Way = Callable[[Step], Sequence[str]]


class Sample(NamedTuple):
    """The steps of a run, the lines there are, what gold says of them, and how many there are of each side."""

    steps: Sequence[Step]
    index: Examples
    gold: Labels


def read(run: Path, sample: Path) -> Sample:
    mined = list(Table(run / "1_mined.jsonl", Mined))
    signals = [signal for each in mined for signal in each.signals]
    dialogues = list(Table(run / "8_dialogues.jsonl", Dialogue))
    names = {fact.entity for fact in Table(run / "2_facts.jsonl", Fact)}
    moves: dict[str, Move] = {s.name: s.move for each in dialogues for s in each.blueprint.stages}
    found = list(behaviours(Table(run / "3_frames.jsonl", Frame), signals, dialogues[0].scenario.lang))
    steps = [
        Step(role=turn.role, acts=turn.acts, state=(), stage=turn.stage, draft=turn.draft)
        for each in dialogues for turn in each.turns if turn.worded != "kept"
    ]  # fmt: skip
    gold = json.loads((sample / "gold.json").read_text(encoding="utf-8"))
    shown = examples(found, names, moves)
    return Sample(steps, shown, labels(shown.lines, mined, gold, domains.read(str(run / "domain.yaml")).by_name))


def labels(lines: Iterable[Behaviour], mined: Sequence[Mined], gold: dict, slots: Mapping[str, object]) -> Labels:
    """What gold says of the cues that a line was mined from."""
    moves, about = defaultdict(set), defaultdict(set)
    for each in gold.get("moves", ()):
        for n in range(each["first"], each["last"] + 1):
            moves["speech", n].add(each["move"])
    for each in gold["facts"]:
        if each["attribute"] in slots:
            about[each["at"]["track"], each["at"]["n"]].add(each["attribute"])
            moves[each["at"]["track"], each["at"]["n"]].add("inform")
    for each in gold["answered"]:
        told = [("speech", n) for n in each["answer"].get("cues", ())]
        for n in (each["question"]["n"], *each["also"]):
            place = each["question"]["track"], n
            for cue in told:
                about[place] |= about[cue]
                moves[place] |= moves[cue] & {"objection", "negotiate", "compare"}
            moves[place] |= {"inform"} if not moves[place] else set()
    cues = _cues(mined)
    return {
        (each.role, each.text): (
            frozenset(m for place in cues[each.text] for m in moves[place]),
            frozenset(s for place in cues[each.text] for s in about[place]),
        )
        for each in lines
    }


def _cues(mined: Sequence[Mined]) -> Mapping[str, list[tuple[str, int]]]:
    """The cues that a line stands in, by its text."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)

    def noted(text: str, proofs: Iterable[Evidence]) -> None:
        found[" ".join(text.split())] += [(proof.track, n) for proof in proofs for n in proof.at]

    for each in mined:
        for _, frame in each.frames:
            noted(frame.evidence[0].quote, frame.evidence)
        for signal in each.signals:
            noted(signal.text, [p for p in signal.evidence if p.track != "speech" or signal.kind != "exchange"])
            noted(signal.answer, [p for p in signal.evidence if p.track == "speech"])
    return found


async def by_words(sample: Sample, folder: Path) -> Way:
    """BM25 of the draft over all lines of the side; ties and misses keep the order of the stream."""
    found: dict[tuple[Role, str], list[str]] = {}
    for role in ("user", "agent"):
        lines = [each.text for each in sample.index.lines if each.role == role]
        proof = Evidence(source="stream", kind="cues", at=(0,))
        passages = [Passage(text=text, evidence=(proof,), title=str(n)) for n, text in enumerate(lines)]
        search = searching(await bm25.index(passages, folder / role))
        drafts = list({step.draft for step in sample.steps if step.role == role})
        for draft, hits in zip(drafts, await search([Query(draft) for draft in drafts], SHOWN), strict=True):
            found[role, draft] = [lines[hit.passage] for hit in hits]
    return lambda step: found[step.role, step.draft]


def at_random(sample: Sample, seed: int) -> Way:
    rng = Random(seed)
    lines = {role: [each.text for each in sample.index.lines if each.role == role] for role in ("user", "agent")}
    return lambda step: rng.sample(lines[step.role], min(SHOWN, len(lines[step.role])))


def judged(sample: Sample, way: Way, steps: Iterable[Step]) -> Iterator[tuple[Role, bool, bool | None]]:
    """(side, of the stage of the step, of its slot) for each line shown of which gold says something; no slot: None."""
    for step in steps:
        move, slots = sample.index.moves.get(step.stage), {act.slot for act in step.acts if act.slot}
        for text in way(step):
            moves, about = sample.gold[step.role, text]
            if moves or about:
                yield step.role, move in moves, bool(slots & about) if slots and about else None


def row(name: str, found: Sequence[tuple[Role, bool, bool | None]]) -> Iterator[str]:
    for role in ("user", "agent"):
        stage = [fits for side, fits, _ in found if side == role]
        slot = [fits for side, _, fits in found if side == role and fits is not None]
        yield f"{name:12}{role:8}" + "".join(_share(each) for each in (stage, slot))


def _share(fits: Sequence[bool]) -> str:
    low, high = wilson(sum(fits), len(fits))
    return f"{sum(fits) / max(len(fits), 1):10.2f} [{low:.2f}, {high:.2f}] of {len(fits):<5}"


async def main(arguments: argparse.Namespace) -> int:
    found: dict[str, list[tuple[Role, bool, bool | None]]] = defaultdict(list)
    shown: Counter[tuple[str, bool]] = Counter()
    for pair in arguments.runs:
        run, _, sample = pair.partition("=")
        read_in = read(Path(run), Path(sample))
        with tempfile.TemporaryDirectory() as folder:
            ways: dict[str, Way] = {
                "random": at_random(read_in, arguments.seed),
                "BM25": await by_words(read_in, Path(folder)),
                "ours": lambda step, index=read_in.index: index.like(step, SHOWN),
            }
        steps = [step for step in read_in.steps if read_in.index.like(step, SHOWN)]
        for step in read_in.steps:
            shown[step.role, bool(read_in.index.like(step, 1))] += 1
        for name, way in ways.items():
            found[name] += judged(read_in, way, steps)
    print(f"{'way':12}{'side':8}{'of the stage':>34}{'of the slot':>34}   (lines of at most {LONGEST} characters)")
    for name, each in found.items():
        print(*row(name, each), sep="\n")
    for role in ("user", "agent"):
        print(f"{role}: {shown[role, True]} of {shown[role, True] + shown[role, False]} steps have an example")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="do behaviour examples fit what is to be said?")
    parser.add_argument("runs", nargs="+", metavar="RUN_FOLDER=SAMPLE")
    parser.add_argument("--seed", type=int, default=0)
    sys.exit(asyncio.run(main(parser.parse_args())))
