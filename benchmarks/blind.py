"""Blind reading: which of these dialogues are real? Draws a sheet by a printed seed, and scores the answers.

    python benchmarks/blind.py draw --runs RUN... --real CORPUS... --sheet sheet.md --key key.json --seed 0
    python benchmarks/blind.py score sheet.md key.json

As many real as ours of each language, made alike in format: eight turns in a row of each, the same two speakers, one
convention of blanks and marks, no name of a corpus, shuffled. The reader writes "real" or "ours" and quotes the tell;
the key lies apart. Topics are left as they are: say to the reader that topic alone is no tell.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from planted import wilson

from millstream import corpora, text
from millstream.commands import folder, terminal
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.metrics import windows
from millstream.records import Lang

TURNS = 8
EACH = 15
SIDES = ("real", "ours")
SPEAKERS = {"user": "A", "agent": "B"}
MARKS: dict[Lang, dict[int, int]] = {
    "zh": str.maketrans(",?!;:()", "，？！；：（）"),
    "en": str.maketrans("，。？！；：（）’‘“”", ",.?!;:()''\"\""),
}
WITHIN = re.compile(r"(?<=\d)[，：](?=\d)")
"""Marks between digits, that belong to a number or a time."""
CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。？！；：、]) +| +(?=[\u4e00-\u9fff，。？！；：、])")
ASKED = "real or ours? the tell, quoted:"
ANSWER = re.compile(rf"^## (\d+)$.*?^{re.escape(ASKED)} *(real|ours)?\b[ ,:;.-]*(.*)$", re.M | re.S | re.I)


class Hidden(NamedTuple):
    """What the key says of a numbered dialogue."""

    side: str
    lang: str
    corpus: str
    key: str


def alike(said: str, lang: Lang) -> str:
    """A turn in the one convention: marks of its language, no blanks between Chinese characters, no blank ends."""
    flat = " ".join(said.translate(MARKS[lang]).split())
    if lang == "zh":
        flat = CHINESE_GAP.sub("", re.sub(r"(?<=[\u4e00-\u9fff])\.(?!\d)", "。", flat))
        flat = WITHIN.sub(lambda found: {"，": ",", "：": ":"}[found[0]], flat)
    return re.sub(r"([.。!！?？])\1+", r"\1", flat)


def drawn(pool: Sequence[Conversation], count: int, seed: int) -> list[windows.Window]:
    """`count` windows, each of another dialogue, spread evenly over the corpora of the pool."""
    found: dict[str, dict[str, windows.Window]] = {}
    for each in windows.drawn(sorted(pool, key=lambda said: (said.corpus, said.key)), TURNS, seed):
        found.setdefault(each.conversation.corpus, {}).setdefault(each.conversation.key, each)
    lists = [list(each.values()) for _, each in sorted(found.items())]
    even = [one[n] for n in range(max(map(len, lists), default=0)) for one in lists if n < len(one)]
    if len(even) < count:
        what = f"{len(even)} dialogues of {TURNS} turns or more, {count} are needed"
        raise InputError(what, pool[0].corpus if pool else "", "give more, or a smaller --each")
    return even[:count]


def pieces(ours: Sequence[Conversation], real: Sequence[Conversation], each: int, seed: int) -> list[windows.Window]:
    """`each` of both sides, the languages of ours in equal parts, shuffled."""
    langs: list[Lang] = sorted({said.lang for said in ours})
    counts = [each // len(langs) + (n < each % len(langs)) for n in range(len(langs))]
    found = []
    for lang, count in zip(langs, counts, strict=True):
        for side in (ours, real):
            found += drawn([said for said in side if said.lang == lang], count, seed)
    Random(f"blind {seed}").shuffle(found)
    return found


def sheet(found: Sequence[windows.Window], seed: int) -> Iterator[str]:
    yield f"# Real or ours? Seed {seed}, {len(found)} dialogues, half of them real\n"
    yield f"Each is {TURNS} turns out of a longer dialogue. Topic alone is no tell. Quote what gave it away.\n"
    for n, window in enumerate(found, 1):
        yield f"## {n}"
        for turn in window.turns:
            yield f"{SPEAKERS[turn.role]}: {alike(turn.text, window.conversation.lang)}  "
        yield f"\n{ASKED} \n"


def hidden(window: windows.Window) -> Hidden:
    said = window.conversation
    return Hidden("ours" if said.corpus == "millstream" else "real", said.lang, said.corpus, said.key)


def answers(said: str) -> dict[int, tuple[str, str]]:
    """number -> (real or ours, the tell), of every block that was answered."""
    blocks = re.split(r"(?=^## \d+$)", said, flags=re.M)
    found = [match for block in blocks if (match := ANSWER.search(block))]
    return {int(each[1]): (each[2].lower(), each[3].strip()) for each in found if each[2]}


def scored(given: dict[int, tuple[str, str]], key: Sequence[Hidden]) -> list[dict[str, str | int]]:
    """Right answers over all, by side, by language and by corpus, with Wilson's 95% interval."""
    right, asked = Counter[str](), Counter[str]()
    for n, truth in enumerate(key, 1):
        for name in ("all", truth.side, truth.lang, f"corpus {truth.corpus}"):
            asked[name] += 1
            right[name] += given[n][0] == truth.side
    return [_share(name, right[name], of) for name, of in asked.items()]


def _share(name: str, right: int, of: int) -> dict[str, str | int]:
    low, high = wilson(right, of)
    return {"of": name, "dialogues": of, "right": f"{right / of:.0%}", "95%": f"{abs(low):.0%} to {high:.0%}"}


def _draw(asked: argparse.Namespace) -> None:
    ours = [own.conversation(each) for run in asked.runs for each in folder.dialogues(run)]
    real = [each for path in asked.real for each in corpora.conversations(path)]
    found = pieces(ours, real, asked.each, asked.seed)
    asked.sheet.write_text("\n".join(sheet(found, asked.seed)), encoding="utf-8")
    key = {"seed": asked.seed, "key": [hidden(each) for each in found]}
    asked.key.write_text(json.dumps(key, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"seed {asked.seed}: {len(found)} dialogues in {asked.sheet}, the key in {asked.key}")


def _score(asked: argparse.Namespace) -> None:
    given = answers(text.read(asked.sheet))
    key = [Hidden(*each) for each in text.load_json(asked.key)["key"]]
    if missing := [str(n) for n in range(1, len(key) + 1) if n not in given]:
        what = f'no "real" or "ours" for {", ".join(missing)}'
        raise InputError(what, str(asked.sheet), f'write it behind "{ASKED}"')
    terminal.show(scored(given, key), False)
    for n, truth in enumerate(key, 1):
        said, tell = given[n]
        terminal.tell(f"{n:>3} {'right' if said == truth.side else 'wrong'}, was {truth.side} ({truth.corpus}): {tell}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    draw = commands.add_parser("draw", help="write a sheet and its key")
    draw.add_argument("--runs", nargs="+", type=Path, required=True)
    draw.add_argument("--real", nargs="+", type=Path, required=True)
    draw.add_argument("--sheet", type=Path, required=True)
    draw.add_argument("--key", type=Path, required=True)
    draw.add_argument("--each", type=int, default=EACH, help="dialogues a side")
    draw.add_argument("--seed", type=int, default=0)
    draw.set_defaults(work=_draw)
    score = commands.add_parser("score", help="score an answered sheet")
    score.add_argument("sheet", type=Path)
    score.add_argument("key", type=Path)
    score.set_defaults(work=_score)
    asked = parser.parse_args()
    try:
        asked.work(asked)
    except InputError as error:
        raise SystemExit(f"blind: {error}") from error


if __name__ == "__main__":
    main()
