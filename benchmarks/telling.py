"""Does a trained scorer of candidates reach what another hand writes? python benchmarks/telling.py [--save FILE]

The streams come from three hands that had not seen each other's. Facts of each are told by weights that have seen the
other hands' alone (and their rules, which know the first two): so the row of a hand is what a next one would give.
Precision and recall with 95% intervals, streams drawn again. `--save` writes the weights of all hands. Needs the extra
`link`. Knows the samples' layout as mining.py does.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mining
import numpy as np
from scoring import Count
from sklearn.linear_model import LogisticRegression

from millstream.mine.claim import Claim
from millstream.mine.facts import Claims
from millstream.mine.recording import links_of
from millstream.mine.telling.candidates import Tables
from millstream.mine.telling.told import Weighed, candidates
from millstream.mine.telling.weights import Weights, rows, save
from millstream.records import Cue

ROOT = Path(__file__).resolve().parent.parent
HANDS = {
    "first": [ROOT / "samples" / name for name in ("automotive_zh", "restaurant_en", "hotel_zh_en", "restaurant_zh")]
    + [ROOT / "samples" / "automotive_en"],
    "second": sorted(path for path in (ROOT / "benchmarks" / "streams_fresh").iterdir() if path.is_dir()),
    "third": sorted(path for path in (ROOT / "benchmarks" / "streams_third").iterdir() if path.is_dir()),
}
_NEAR, _LOOSE, _DRAWS = 1, 0.05, 1_000
"""How far from gold's line a candidate may be told; how loosely weights are held (the C of the regression, tuned
between the first two hands; flat from 0.02 to 0.1)."""


@dataclass(frozen=True)
class Stream:
    """A stream with its candidates; `right`: gold has it; `there`: and has it on this line."""

    hand: str
    sample: mining.Sample
    found: tuple[Weighed, ...]
    right: tuple[bool, ...]
    there: tuple[bool, ...]


def streams() -> list[Stream]:
    return [_stream(hand, mining.put_right(mining.load(path))) for hand, paths in HANDS.items() for path in paths]


def _stream(hand: str, sample: mining.Sample) -> Stream:
    found: list[Weighed] = []
    right: list[bool] = []
    there: list[bool] = []
    for part in sample.parts:
        rules, people = mining.mined(part, sample)
        links = links_of(rules, people)
        asked = {link.answer[0]: rules.topics.about(link.said.cue.text) for link in links if link.answer}
        tables = Tables(rules.sheet, rules.topics.domain)
        own = candidates(Claims(rules.topics, rules.sheet), tables, people.host, asked)
        marked = [_marked(each.claim, people.host, part) for each in own]
        found += own
        right += [gold for gold, _ in marked]
        there += [near for _, near in marked]
    return Stream(hand, sample, tuple(found), tuple(right), tuple(there))


def _marked(claim: Claim, cues: Sequence[Cue], part: mining.Part) -> tuple[bool, bool]:
    """Is it in gold, and told on its line? What was said by a slip was said."""
    slips = [row | {"value": row["wrong"], "said": row["wrong_said"], "at": row["wrong_at"]}
             for row in part.gold["corrections"]]  # fmt: skip
    gold = [row for row in (*part.gold["facts"], *slips) if mining.same(claim, row)]
    cue = cues[claim.at]
    near = [
        row for row in gold if row["at"].get("track", "speech") == cue.track and abs(row["at"]["n"] - cue.n) <= _NEAR
    ]
    return bool(gold), bool(near)


def learned(known: Sequence[Stream]) -> Weights:
    """From candidates that gold has on their line, and those that it has nowhere."""
    found = [each for stream in known for each in stream.found]
    right, there = (
        np.array([mark for stream in known for mark in getattr(stream, name)]) for name in ("right", "there")
    )
    names = tuple(sorted({name for each in found for name in each.marks}))
    table, plain = rows([each.marks for each in found], names), there | ~right
    mean, spread = table[plain].mean(axis=0), table[plain].std(axis=0)
    spread[spread == 0] = 1.0
    fit = LogisticRegression(C=_LOOSE, max_iter=2_000).fit((table[plain] - mean) / spread, there[plain])
    mean_of, spread_of, weight = (tuple(np.round(each, 5).tolist()) for each in (mean, spread, fit.coef_[0]))
    return Weights(names, mean_of, spread_of, weight, round(float(fit.intercept_[0]), 5))


def scored(stream: Stream, weights: Weights | None) -> tuple[Count, Count]:
    """Facts and corrections of a stream; with rules alone where there are no weights."""
    facts, taken_back = Count(), Count()
    for part in stream.sample.parts:
        found = mining.claims(part, stream.sample, weights)
        facts += mining.score_facts(found, part, stream.sample)
        taken_back += mining.score_corrections(found, part, stream.sample)
    return facts, taken_back


def interval(counts: Sequence[Count], what: Callable[[Count], float]) -> str:
    chance = random.Random("intervals")
    drawn = [what(sum(chance.choices(counts, k=len(counts)), Count())) for _ in range(_DRAWS)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"{what(sum(counts, Count())):.3f} [{low:.3f}, {high:.3f}]"


def report(name: str, scores: Sequence[tuple[Count, Count]]) -> None:
    facts, taken_back = [each for each, _ in scores], sum((each for _, each in scores), Count())
    precision = interval(facts, lambda count: count.precision)
    recall = interval(facts, lambda count: count.recall)
    print(f"  {name:24}{precision:24}{recall:24}{taken_back.found} of {taken_back.gold} ({taken_back.said} said)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path)
    args = parser.parse_args()
    known = streams()
    print(f"{'':26}{'precision':24}{'recall':24}corrections")
    for hand in HANDS:
        held = [stream for stream in known if stream.hand == hand]
        weights = learned([stream for stream in known if stream.hand != hand])
        print(f"{hand} hand, {len(held)} streams")
        report("rules", [scored(stream, None) for stream in held])
        report("rules, and weighed", [scored(stream, weights) for stream in held])
        if hand == "third":
            continue
        one = learned([stream for stream in known if stream.hand not in (hand, "third")])
        report("the same, of one hand", [scored(stream, one) for stream in held])
    if args.save:
        save(learned(known), args.save)


if __name__ == "__main__":
    main()
