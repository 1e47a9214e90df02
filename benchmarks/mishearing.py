"""Misheard names put right, against the gold of samples: found, right and wrong, with 95% Wilson intervals.

`python benchmarks/mishearing.py samples/automotive_zh samples/restaurant_en`. The floor takes everything that has the
very sound of a name (toneless pinyin, metaphone) with no other evidence. A repair is right where gold says of its cue
that this was heard for that. Facts are those of benchmarks/mining.py, without and with the repairs. Which samples were
looked at while this was made stands in docs/intake.md.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from mining import Part, claims, load, score_facts
from planted import wilson
from scoring import Count

from millstream import intake
from millstream.mine.sounds.sounds import Repair, put_right, repaired
from millstream.prepare import prepared
from millstream.recipe import Settings
from millstream.records import Cue

Row = dict[str, Any]


class Judged(NamedTuple):
    """Rows of gold that were found, of all; repairs that are in gold, and the others."""

    found: int
    rows: int
    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    def __str__(self) -> str:
        made = self.right + len(self.wrong)
        return f"found {_share(self.found, self.rows)}   right {_share(self.right, made)}   wrong {len(self.wrong)}"


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part} of {whole} ({low:.2f} to {high:.2f})"


def rows_of(folder: Path) -> list[list[Row]]:
    """The mishearings of each recording."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    keys = [each.get("key") for each in gold.get("recordings") or [{}]]
    return [[row for row in gold["mishearings"] if row.get("recording", key) == key] for key in keys]


def judged(speech: list[Cue], made: list[list[Repair]], rows: list[Row]) -> Judged:
    found, right, wrong = set[int](), 0, list[str]()
    for cue, repairs in zip(speech, made, strict=True):
        here = [(n, row) for n, row in enumerate(rows) if row["n"] == cue.n]
        for each in repairs:
            hits = {n for n, row in here if _is_it(each, row)}
            found |= hits
            right += bool(hits)
            if not hits:
                wrong.append(f"{cue.text!r}: {each.heard} -> {each.meant} ({each.why})")
    missed = tuple(f"{row['n']}: {row['heard']} for {row['meant']}" for n, row in enumerate(rows) if n not in found)
    return Judged(len(found), len(rows), right, tuple(wrong), missed)


def _is_it(repair: Repair, row: Row) -> bool:
    """The same words, or the one within the other: a whole name may be put right for a part of it."""
    heard, meant = row["heard"].casefold(), row["meant"].casefold()
    ours, ours_meant = repair.heard.casefold(), repair.meant.casefold()
    return (heard in ours and ours.replace(heard, meant) == ours_meant) or (
        ours in heard and heard.replace(ours, ours_meant) == meant
    )


def apart(found: Iterator[Repair]) -> list[Repair]:
    """Those that do not overlap, the first and longest."""
    kept: list[Repair] = []
    for each in sorted(found, key=lambda repair: (repair.start, -repair.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def added(parts: list[Judged]) -> Judged:
    return Judged(
        sum(each.found for each in parts),
        sum(each.rows for each in parts),
        sum(each.right for each in parts),
        tuple(line for each in parts for line in each.wrong),
        tuple(line for each in parts for line in each.missed),
    )


def main(folders: list[Path]) -> None:
    totals: dict[str, list[Judged]] = {"sound alone": [], "ours": []}
    for folder in folders:
        sample, taken = load(folder), intake.take([folder])
        begun = time.process_time()
        ears = prepared(Settings(), taken).ears
        assert ears is not None, "the extra `sounds` is not installed"
        ready, spent, cues, before, after = time.process_time() - begun, 0.0, 0, Count(), Count()
        here: dict[str, list[Judged]] = {name: [] for name in totals}
        for part, rows in zip(sample.parts, rows_of(folder), strict=True):
            speech = [cue for cue in part.cues if cue.track == "speech"]
            texts, chat = [cue.text for cue in speech], [cue.text for cue in part.cues if cue.track != "speech"]
            floor = [apart(ears.sounding(text)) for text in texts]
            begun = time.process_time()
            ours = [made for _, made in repaired(ears.hearing(texts, chat), texts)]
            spent, cues = spent + time.process_time() - begun, cues + len(speech)
            here["sound alone"].append(judged(speech, floor, rows))
            here["ours"].append(judged(speech, ours, rows))
            whole: Part = replace(part, cues=tuple(put_right(ears, list(part.cues), Counter())))
            before += score_facts(claims(part, sample), part, sample)
            after += score_facts(claims(whole, sample), whole, sample)
        print(f"{folder.name}: {cues} cues, {1000 * spent / max(cues, 1):.3f} ms of processor time each; "
              f"names ready in {ready:.1f} s")
        for name, scores in here.items():
            totals[name].append(told := added(scores))
            print(f"  {name:12} {told}")
        for line in here["ours"] and added(here["ours"]).wrong:
            print(f"    wrong  {line}")
        for line in added(here["ours"]).missed:
            print(f"    missed {line}")
        print(f"  facts        {before}  ->  {after}")
    for name, scores in totals.items():
        print(f"all: {name:12} {added(scores)}")


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
