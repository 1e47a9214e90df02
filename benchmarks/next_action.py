"""How hard are the actions of a run of abcd to foresee, with the plan and without?

The next action of an agent, from the one before, subflows held out in five parts: what is learnt of other subflows is
all that helps where the plan is not given. Given the plan, the next action stands in it. Floors: the most frequent
action, and what most often follows the one before, in the other subflows; in the same ones, too.

python benchmarks/next_action.py RUN [RUN...]
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from planted import wilson

PARTS = 5
Plan = tuple[str, tuple[str, ...]]


def read(run: Path) -> list[Plan]:
    """(subflow, actions that were taken, with an end)."""
    rows = map(json.loads, (run / "dialogues.jsonl").read_text(encoding="utf-8").splitlines())
    return [(f"{p['flow']}/{p['subflow']}", (*p["done"], "end")) for row in rows for p in row["plans"]]


def score(train: Sequence[Plan], test: Sequence[Plan], bigram: bool) -> list[bool]:
    after: dict[str, Counter[str]] = defaultdict(Counter)
    every = Counter(action for _, actions in train for action in actions)
    for _, actions in train:
        for one, two in pairwise(("", *actions)):
            after[one][two] += 1

    def guess(one: str) -> str:
        known = after[one] if bigram and after[one] else every
        return known.most_common(1)[0][0]

    return [guess(one) == two for _, actions in test for one, two in pairwise(("", *actions))]


def main() -> None:
    for run in map(Path, sys.argv[1:]):
        plans = read(run)
        names = sorted({name for name, _ in plans})
        part = {name: n % PARTS for n, name in enumerate(names)}
        print(f"{run}: {len(plans)} plans of {len(names)} subflows")
        for name, bigram, unseen in (
            ("most frequent, unseen subflows", False, True),
            ("bigram, unseen subflows", True, True),
            ("bigram, the same subflows", True, False),
        ):
            hits = [
                hit
                for k in range(PARTS)
                for hit in score(
                    [each for each in plans if not unseen or part[each[0]] != k],
                    [each for each in plans if part[each[0]] == k],
                    bigram,
                )
            ]
            low, high = wilson(sum(hits), len(hits))
            print(f"  {name}: {sum(hits) / len(hits):.1%} ({low:.1%} to {high:.1%}) of {len(hits)}")


if __name__ == "__main__":
    main()
