"""Does the grounding checker find what contradicts a knowledge base? On CI-ToD's development part, the KBI label.

Only the adapter is here: a row of a CI-ToD knowledge base is a thing, its key column its name. The checker
(know/check.py) is the product's own and has no trained part. Its rules were shaped on errors of the train part
(calendar and navigation); of the development part the format of the weather tables was looked at, and six dialogues;
the test part is not opened. Floors beside it: everything contradicts; a value that stands in no row (the short rule); a
group of values that no row has, without the context. A claim that is not supported counts as a contradiction, as the
label has it.

    python benchmarks/contradiction.py CI_TOD_FOLDER [--part dev|train] [--show N]
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from millstream.errors import InputError
from millstream.know.cells import NAME, Item, Reader, items
from millstream.know.check import Checker
from millstream.records import Evidence, Fact

NAMES = {"calendar": "event", "navigate": "poi", "weather": "location"}
PARTS = {
    "train": ("calendar_train", "navigate_train"),
    "dev": ("calendar_dev", "navigate_dev", "weather_new_dev"),
}


@dataclass(frozen=True)
class Case:
    """A dialogue whose last line is to be judged against a knowledge base."""

    domain: str
    lines: tuple[str, ...]
    reader: Reader
    contradicts: bool

    @property
    def known(self) -> Sequence[Item]:
        return self.reader.items


def cases(folder: Path, part: str) -> Iterator[Case]:
    entities = _json(folder / "entities.json")
    for name in PARTS[part]:
        domain = name.partition("_")[0]
        vocabulary = {NAME if slot == NAMES[domain] else slot: words for slot, words in entities.items()}
        for row in _json(folder / f"{name}.json"):
            scenario = row["scenario"]
            facts = _facts(scenario["kb"]["items"] or [], NAMES[domain])
            lines = tuple(turn["utterance"] for turn in row["dialogue"])
            yield Case(domain, lines, Reader(items(facts), vocabulary), scenario["kbi"] == "1")


def _json(path: Path) -> dict[str, list[str]]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("cannot be read as JSON", str(path), "give the folder of CI-ToD") from error


def _facts(rows: list[dict[str, str]], name: str) -> Iterator[Fact]:
    for n, row in enumerate(rows, 1):
        proof = Evidence(source="kb", kind="row", at=(n,))
        for slot, value in row.items():
            if slot != name and value != "-":
                yield Fact(entity=row[name], attribute=slot, value=value, evidence=(proof,))


# --- the judges ---------------------------------------------------------------------------------------------


def everything(case: Case) -> bool:
    return True


def absent_value(case: Case) -> bool:
    """The short rule: a value is said that no row has."""
    held = {cell for item in case.known for cell in item.cells.values()}
    return bool(case.known) and any(said.key not in held for said in case.reader.said(case.lines[-1]))


def no_row(case: Case) -> bool:
    """A group of values that no row has, whatever was said before."""
    groups = case.reader.groups(case.lines[-1])
    return bool(case.known) and any(not any(group.holds(item) for item in case.known) for group in groups)


def checker(case: Case) -> bool:
    claims = Checker(case.reader).claims(case.lines[-1], case.lines[:-1])
    return any(claim.verdict != "supported" for claim in claims)


JUDGES: dict[str, Callable[[Case], bool]] = {
    "everything contradicts": everything,
    "a value no row has": absent_value,
    "values no one row has": no_row,
    "the checker": checker,
}


def f1(gold: Sequence[bool], said: Sequence[bool]) -> float:
    both = sum(a and b for a, b in zip(gold, said, strict=True))
    return 2 * both / max(1, sum(gold) + sum(said))


def interval(gold: Sequence[bool], said: Sequence[bool], rng: Random, draws: int = 1000) -> tuple[float, float]:
    """95%, by drawing the dialogues again."""
    n = len(gold)
    picks = [[rng.randrange(n) for _ in range(n)] for _ in range(draws)]
    values = sorted(f1([gold[i] for i in pick], [said[i] for i in pick]) for pick in picks)
    return values[int(0.025 * draws)], values[int(0.975 * draws) - 1]


def report(found: Sequence[Case]) -> Iterator[str]:
    gold = [case.contradicts for case in found]
    yield f"{len(found)} dialogues, {sum(gold)} contradict; F1 with its 95% interval (bootstrap over dialogues)"
    yield f"{'':26}{'F1':>6}   {'interval':14}" + "".join(f"{domain:>10}" for domain in NAMES)
    for name, judge in JUDGES.items():
        said = [judge(case) for case in found]
        low, high = interval(gold, said, Random(0))
        each = [_within(domain, found, said) for domain in NAMES]
        parts = "".join(f"{value:>10.3f}" for value in each)
        yield f"{name:26}{f1(gold, said):>6.3f}   {low:.3f} to {high:.3f}{parts}"
    yield "published, on the test part: a 15-line rule .72, BERT .74, BART .76, human .92"


def _within(domain: str, found: Sequence[Case], said: Sequence[bool]) -> float:
    pairs = [(case.contradicts, one) for case, one in zip(found, said, strict=True) if case.domain == domain]
    return f1([gold for gold, _ in pairs], [one for _, one in pairs]) if pairs else float("nan")


def shown(found: Sequence[Case], n: int) -> Iterator[str]:
    wrong = [case for case in found if checker(case) != case.contradicts]
    for case in Random(0).sample(wrong, min(n, len(wrong))):
        yield f"--- {case.domain}: {'contradicts' if case.contradicts else 'does not contradict'}"
        yield from case.lines
        for claim in Checker(case.reader).claims(case.lines[-1], case.lines[:-1]):
            yield f"    {claim.kind} {claim.text!r}: {claim.verdict} ({claim.name})"


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="does the checker find contradictions with a knowledge base?")
    parser.add_argument("folder", type=Path, metavar="CI_TOD_FOLDER")
    parser.add_argument("--part", choices=tuple(PARTS), default="dev")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong verdicts of the train part")
    arguments = parser.parse_args(words)
    found = list(cases(arguments.folder, arguments.part))
    print(*report(found), *shown(found, arguments.show), sep="\n")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except InputError as error:
        sys.exit(f"error: {error}")
