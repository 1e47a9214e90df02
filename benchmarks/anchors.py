"""The corpus metrics on public corpora, beside the figures published for this project's anchors.

    python benchmarks/anchors.py DATA

`DATA` is the folder of real data sets (sgd/test, multiwoz21_convlab/val.json.zip, crosswoz/val.json.zip,
irc_disentanglement/dev, dialogsum/dialogsum.dev.jsonl, synthetic_persona_chat/*.csv). Prints a Markdown table: 300
dialogues, 20,000 tokens, 100 dialogues for rep4 and openers of 300; the anchors (another part of some corpora: `part`
says which) in brackets.
"""

import argparse
import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from statistics import fmean, pstdev

from millstream import corpora
from millstream.conversations import Conversation
from millstream.metrics import lexical, repeated, tokens, vectors
from millstream.metrics.tokens import Talk
from millstream.records import Lang

MESSAGE = re.compile(r"^\[\d\d:\d\d\] <([^>]+)> (.+)$")
SPEAKER = re.compile(r"^(?:#Person(\d)#|User (\d)):\s*(.*)$")
ANCHORS = {
    "SGD": (12.9, 10.0, 0.66, 0.399, 0.770, 64, 3.36, 0.157, 0.357, 0.132, 144),
    "MultiWOZ 2.1": (14.7, 13.6, 0.49, 0.364, 0.774, 65, 3.59, 0.264, 0.450, 0.205, 125),
    "CrossWOZ": (17.0, 21.7, 0.65, 0.300, 0.777, 63, 3.56, 0.502, 0.683, 0.249, 95),
    "Ubuntu IRC": (17.2, 11.3, 0.90, 0.682, 0.803, 83, 2.61, 0.019, 0.092, 0.063, 196),
    "DialogSum": (9.7, 12.8, 0.83, 0.645, 0.804, 86, 2.63, 0.020, 0.057, 0.089, 217),
    "Synthetic-Persona-Chat": (27.6, 9.4, 0.56, 0.362, 0.747, 53, 3.75, 0.340, 0.407, 0.179, 145),
}
THREE: dict[Lang, int] = {"en": 3, "zh": 3}
"""The anchors' openers are of three tokens in both languages."""
NAMES = ("turns", "tokens a turn", "CV", "distinct-2", "MATTR", "MTLD", "compression", "rep4", "top 5 openers",
         "likeness", "Vendi")  # fmt: skip


def spoken(lines: list[str], corpus: str, key: str) -> Iterator[Conversation]:
    """A dialogue of "speaker: words" lines; the first speaker is the user."""
    found = [match for line in lines if (match := SPEAKER.match(line.strip()))]
    said = corpora.turns((("agent", "user")[(each[1] or each[2]) == "1"], each[3]) for each in found)
    yield from corpora.made(corpus, key, said)


def threads(folder: Path) -> Iterator[Conversation]:
    """Threads of an annotated log (Kummerfeld et al. 2019): messages joined by who answers whom. Whoever begins is the
    user, all others are the agent; a message alone is no dialogue."""
    for path in sorted(folder.glob("*.annotation.txt")):
        lines = path.with_name(path.name.replace("annotation", "ascii")).read_text(encoding="utf-8").splitlines()
        links = [tuple(map(int, line.split()[:2])) for line in path.read_text(encoding="utf-8").splitlines()]
        thread: dict[int, int] = {}
        for first, last in sorted((min(link), max(link)) for link in links):
            thread[last] = thread.setdefault(first, first)
        by: dict[int, list[re.Match[str]]] = defaultdict(list)
        for n in sorted(thread):
            if message := MESSAGE.match(lines[n]):
                by[thread[n]].append(message)
        for key, said in by.items():
            if len(said) > 1:
                turns = corpora.turns((("agent", "user")[each[1] == said[0][1]], each[2]) for each in said)
                yield from corpora.made("irc", f"{path.stem} {key}", turns)


def dialogsum(path: Path) -> Iterator[Conversation]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from spoken(row["dialogue"].splitlines(), "dialogsum", row["fname"])


def persona_chat(path: Path) -> Iterator[Conversation]:
    with path.open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.reader(file)):
            yield from spoken(row[-1].splitlines(), "persona_chat", str(n))


def figures(talks: list[Talk]) -> tuple[float, ...]:
    """In the order of `NAMES`, of 300 dialogues drawn at random."""
    drawn = Random("anchors").sample(talks, min(300, len(talks)))
    lengths = [len(turn) for each in drawn for turn in each.turns]
    found = tokens.budgeted(drawn, 20_000)
    whole = "\n".join(turn.text for each in drawn for turn in each.said.turns)
    text = whole.encode()[:100_000].decode("utf-8", "ignore")
    made = vectors.words([" ".join(turn.text for turn in each.said.turns) for each in drawn])
    return (
        fmean(len(each.turns) for each in drawn), fmean(lengths), pstdev(lengths) / fmean(lengths),
        lexical.distinct(found, 2), lexical.mattr(found), lexical.mtld(found), lexical.compression(text),
        repeated.rep4([each.flat() for each in drawn[:100]]), repeated.openers(drawn, THREE), repeated.likeness(made),
        repeated.vendi(made),
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    data: Path = parser.parse_args().data
    sources = {
        "SGD": ("6 of 34 test files", corpora.conversations(data / "sgd" / "test")),
        "MultiWOZ 2.1": ("val", corpora.conversations(data / "multiwoz21_convlab" / "val.json.zip")),
        "CrossWOZ": ("val", corpora.conversations(data / "crosswoz" / "val.json.zip")),
        "Ubuntu IRC": ("dev, threads of two messages or more", threads(data / "irc_disentanglement" / "dev")),
        "DialogSum": ("dev", dialogsum(data / "dialogsum" / "dialogsum.dev.jsonl")),
        "Synthetic-Persona-Chat": (
            "valid", persona_chat(data / "synthetic_persona_chat" / "Synthetic-Persona-Chat_valid.csv")
        ),
    }  # fmt: skip
    print(f"| corpus | part | {' | '.join(NAMES)} |\n|---|---|{'---:|' * len(NAMES)}")
    for name, (part, said) in sources.items():
        found = figures([tokens.talk(each) for each in said])
        cells = [f"{value:.3g} ({anchor:g})" for value, anchor in zip(found, ANCHORS[name], strict=True)]
        print(f"| {name} | {part} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
