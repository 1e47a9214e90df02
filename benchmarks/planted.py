"""How many errors do the critics find that somebody put there on purpose?

Plants errors (planting.py) in accepted dialogues, asks the critics of the stream recipe, and counts what they
find, what they miss, and what they say of the untouched dialogues. Knows nothing of how the critics work.
The sentences are the held-out ones unless told otherwise: a figure on another bank is a development figure.

    python benchmarks/planted.py RUN_FOLDER [RUN_FOLDER...] [--n 60] [--seed 0] [--least 54] [--show-missed]
        [--sentences FILE]
"""

import argparse
import asyncio
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from planting import KINDS, Bank, Host, Planted, plant, sentences

from millstream import domain as domains
from millstream.errors import InputError
from millstream.plugins import load
from millstream.records import Dialogue, Fact, Verdict
from millstream.shapes import Known
from millstream.table import Table

HELD_OUT = Path(__file__).with_name("planted_held_out.yaml")
Verdicts = tuple[Verdict, ...]
Judged = Sequence[tuple[Planted, Verdicts]]


def hosts_of(folder: Path, bank: Bank) -> list[Host]:
    """The accepted dialogues of a run folder with the facts and the domain of that run."""
    for name in ("8_dialogues.jsonl", "2_facts.jsonl", "domain.yaml"):
        if not (folder / name).is_file():
            raise InputError(f"no {name} in it", str(folder), "give the folder of a finished run")
    domain, facts = domains.read(str(folder / "domain.yaml")), tuple(Table(folder / "2_facts.jsonl", Fact))
    dialogues = Table(folder / "8_dialogues.jsonl", Dialogue)
    return [Host(each, Known(domain, each.scenario.lang, facts), bank) for each in dialogues]


async def refusals(host: Host, dialogue: Dialogue) -> Verdicts:
    """What the critics that refuse `dialogue` say, in the recipe's order; in a run, the first one acts."""
    verdicts = [await make(host.known)(dialogue) for make in load("recipes", "stream")().critics]
    return tuple(verdict for verdict in verdicts if not verdict.passed)


def odd_number(host: Host, dialogue: Dialogue) -> bool:
    """The baseline: does the agent say a number that is in no fact? It knows nothing else."""
    facts = " ".join(f"{fact.entity} {fact.value}" for fact in host.known.facts)
    said = " ".join(turn.text for turn in dialogue.turns if turn.role == "agent")
    return not _numbers(said) <= _numbers(facts)


def _numbers(text: str) -> set[float]:
    return {float(each) for each in re.findall(r"\d+(?:\.\d+)?", text)}


def wilson(found: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927)."""
    if not n:
        return 0.0, 1.0
    share, spread = found / n, z * z / n
    middle, half = share + spread / 2, z * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return (middle - half) / (1 + spread), (middle + half) / (1 + spread)


def table(judged: Judged, untouched: Sequence[tuple[Host, Verdicts]]) -> Iterator[str]:
    yield f"{'kind':28}{'planted':>8}{'found':>7}{'baseline':>10}   by"
    for kind in (*KINDS, "all"):
        rows = [(each, said) for each, said in judged if kind in (each.kind, "all")]
        yield _row(kind, rows, [odd_number(each.host, each.dialogue) for each, _ in rows])
    alarms = [odd_number(host, host.dialogue) for host, _ in untouched]
    yield _row("untouched (false alarms)", untouched, alarms)
    found, n = sum(bool(said) for _, said in judged), len(judged)
    low, high = wilson(found, n)
    yield f"found {found} of {n} = {found / max(n, 1):.1%}, 95% interval {low:.1%} to {high:.1%} (Wilson)"


def _row(name: str, refused: Sequence[tuple[object, Verdicts]], baseline: Sequence[bool]) -> str:
    first = Counter(said[0].critic for _, said in refused if said)
    by = ", ".join(f"{critic} {count}" for critic, count in first.most_common())
    return f"{name:28}{len(refused):>8}{first.total():>7}{sum(baseline):>10}   {by}".rstrip()


def missed(judged: Judged, untouched: Sequence[tuple[Host, Verdicts]]) -> Iterator[str]:
    for each, said in judged:
        if not said:
            was = each.host.turns[each.turn]
            yield f"missed, {each.kind}, turn {each.turn} ({was.role})\n  was  {was.text}\n  now  {each.text}"
    for host, said in untouched:
        for verdict in said:
            texts = " / ".join(host.turns[n].text for n in verdict.turns[:3])
            yield f"false alarm, {verdict.critic}: {verdict.reason}\n  {texts}"


async def main(arguments: argparse.Namespace) -> int:
    bank = sentences(arguments.sentences)
    hosts = [host for folder in arguments.folders for host in hosts_of(folder, bank)]
    untouched = [(host, await refusals(host, host.dialogue)) for host in hosts]
    clean = [host for host, said in untouched if not said]  # else every error in it would be "found"
    planted = plant(clean, arguments.n, arguments.seed)
    judged = [(each, await refusals(each.host, each.dialogue)) for each in planted]
    print(*table(judged, untouched), sep="\n")
    if arguments.show_missed:
        print("", *missed(judged, untouched), sep="\n")
    if len(planted) < arguments.n:
        print(f"only {len(planted)} of {arguments.n} errors fit {len(clean)} dialogues", file=sys.stderr)
    return 0 if sum(bool(said) for _, said in judged) >= arguments.least else 1


def parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="how many planted errors do the critics find?")
    parser.add_argument("folders", nargs="+", type=Path, metavar="RUN_FOLDER")
    parser.add_argument("--n", type=int, default=60, help="errors to plant (60)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--least", type=int, default=54, help="exit 1 if fewer are found (54)")
    parser.add_argument("--show-missed", action="store_true", help="print what was missed, and false alarms")
    parser.add_argument("--sentences", type=Path, default=HELD_OUT, help=f"a YAML file ({HELD_OUT.name})")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(main(parsed(sys.argv[1:]))))
    except InputError as error:
        sys.exit(f"error: {error}")
