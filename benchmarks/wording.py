"""Whose words are they: `python benchmarks/wording.py RUN...`, over runs that a model worded.

Of the turns that the model was asked to word: which it worded in its own way, which are as good as copied from a
worked example, which stayed close to the draft (fewer than OWN_WORDS edits a character: near-copies), and which kept it
because no wording was faithful. Near-copies are counted among the turns whose wording was taken ("reworded"); the bar
is under 25% of them. By language, by role and over all.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from planted import wilson

from millstream.commands import folder, terminal
from millstream.errors import InputError
from millstream.records import Dialogue
from millstream.report.counts import CLOSE, COPIED
from millstream.rows import written
from millstream.summary import whose

BAR = 0.25
Counts = Counter[str]


def counted(dialogues: Iterable[Dialogue]) -> dict[tuple[str, str], Counts]:
    """(language, role) -> how many turns are in whose words; "all" stands for either of both."""
    found: dict[tuple[str, str], Counts] = defaultdict(Counter)
    for dialogue in dialogues:
        lang = dialogue.scenario.lang
        for turn in written(dialogue).own["turns"]:
            words, role = whose(turn, lang), turn["role"]
            for key in {(lang, role), (lang, "all"), ("all", role), ("all", "all")}:
                found[key][words] += 1
    return dict(found)


def row(key: tuple[str, str], counts: Counts) -> dict[str, str | int]:
    """Shares of what the model was asked for; near-copies of what was reworded, with Wilson's 95% interval."""
    reworded = counts["model"] + counts[COPIED] + counts[CLOSE]
    asked = reworded + counts["kept"]
    if not reworded:
        raise InputError("no turn is in a model's words", " ".join(key), "give runs that were made with a model")
    low, high = wilson(counts[CLOSE], reworded)
    return {
        "lang": key[0], "role": key[1], "asked": asked, "own words": f"{counts['model'] / asked:.0%}",
        "as a worked example": f"{counts[COPIED] / asked:.0%}", "draft kept": f"{counts['kept'] / asked:.0%}",
        "reworded": reworded, "near-copies of the draft": f"{counts[CLOSE] / reworded:.0%}",
        "95%": f"{low:.0%} to {high:.0%}", "bar": "met" if counts[CLOSE] < BAR * reworded else "missed",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    try:
        found = counted(each for run in parser.parse_args().runs for each in folder.dialogues(run))
        terminal.show([row(key, counts) for key, counts in sorted(found.items())], False)
    except InputError as error:
        raise SystemExit(f"wording: {error}") from error


if __name__ == "__main__":
    main()
