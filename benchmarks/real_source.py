"""A real source, and the half of it that nobody mined: are dialogues made of real talk told from it?

    python benchmarks/real_source.py write hotel_zh FOLDER     # transcripts of half of it, and its table
    millstream run FOLDER/source --model none --count 60 --out FOLDER/on        # and --set frames=false, FOLDER/off
    python benchmarks/real_source.py measure hotel_zh FOLDER/on FOLDER/off
    python benchmarks/real_source.py lines hotel_zh FOLDER/on      # what is understood, and said again and again

A corpus of service dialogues (MILLSTREAM_DATA) is cut into stretches about one service and parted in two by a hash of
the dialogue. One half is written as transcripts, with the corpus's database as the table; the other half judges: it
is never mined, and no tell is learned from it. Beside it stand the two real halves against each other (the floor),
and ours against another real corpus.
"""

import argparse
import csv
import json
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from millstream import corpora, text
from millstream.commands import folder, terminal
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.frames import Frame
from millstream.metrics import realism
from millstream.records import Lang
from millstream.table import Table
from millstream.turns import OF

DATA = Path(os.environ.get("MILLSTREAM_DATA", "shared/data"))
COLUMNS = {
    "酒店": {
        "名称": "名称", "酒店类型": "酒店类型", "价格": "价格（元）", "评分": "评分", "地址": "地址", "地铁": "地铁站",
        "电话": "电话",
    },
    "餐馆": {
        "名称": "名称", "人均消费": "人均消费（元）", "评分": "评分", "地址": "地址", "地铁": "地铁站", "电话": "电话",
        "营业时间": "营业时间",
    },
}  # fmt: skip
"""The columns of a table, by service: what the database of the corpus calls them."""
RANGED = {
    "酒店": ("价格", "价位", (*range(0, 1100, 100),)), "餐馆": ("人均消费", "人均价位", (0, 50, 100, 150, 500, 1000))
}  # fmt: skip
"""The figure that users wish for by ranges, the column of those, and where they end."""
WHOLE = {"酒店": ("酒店设施",), "餐馆": ()}
"""Columns that list all of what a thing has."""
LISTED = {
    "酒店": {"周边景点": "周边景点", "周边餐馆": "周边餐馆"},
    "餐馆": {"推荐菜": "推荐菜", "周边景点": "周边景点", "周边酒店": "周边酒店"},
}
"""Columns that list things."""
OFTEN = 3
"""Dialogues that make a line one that is said again and again."""


class Source(NamedTuple):
    """A corpus, the service a stretch is about, its table, and other corpora to judge by."""

    lang: Lang
    corpus: Path
    database: Path
    service: str
    others: tuple[Path, ...]


_CROSSWOZ, _FEWSHOT = DATA / "crosswoz/val.json.zip", DATA / "xrisawoz_fewshot"
_MULTIWOZ = DATA / "multiwoz21_convlab/val.json.zip"
SOURCES = {
    "hotel_zh": Source("zh", _CROSSWOZ, DATA / "crosswoz_db/hotel_db.json", "酒店", (_FEWSHOT / "zh_fewshot.json",)),
    "restaurant_zh": Source(
        "zh", _CROSSWOZ, DATA / "crosswoz_db/restaurant_db.json", "餐馆", (_FEWSHOT / "zh_fewshot.json",)
    ),
    "hotel_en": Source("en", _MULTIWOZ, DATA / "multiwoz_db/hotel_db.json", "Hotel", (_FEWSHOT / "en_fewshot.json",)),
}


# --- stretches ---------------------------------------------------------------------------------------------


def services(source: Source) -> dict[str, list[set[str]]]:
    """The services that the acts of each turn are about, by dialogue."""
    found = {}
    for key, each in corpora.entries(source.corpus):
        if source.lang == "zh":
            turns = [{act[1] for act in turn["dialog_act"] if act[0] != "General"} for turn in each["messages"]]
        else:
            turns = [{name.partition("-")[0] for name in turn["dialog_act"]} - {"general"} for turn in each["log"]]
            turns = [{"Hotel"} & seen or seen if "Booking" in seen else seen for seen in turns]
        found[str(key)] = turns
    return found


def stretches(source: Source) -> Iterator[Conversation]:
    """Pairs of turns in a row that are about the service alone; courtesies belong to what they follow."""
    about = services(source)
    for said in corpora.conversations(source.corpus):
        turns = about[said.key]
        kept: list[int] = []
        for n in range(0, len(said.turns) - 1, 2):
            seen = turns[n] | turns[n + 1]
            if seen == {source.service} or (not seen and kept):
                kept += [n, n + 1]
            elif kept:
                yield _cut(said, kept)
                kept = []
        if kept:
            yield _cut(said, kept)


def _cut(said: Conversation, kept: Sequence[int]) -> Conversation:
    return said.model_copy(update={"key": f"{said.key} {kept[0]}", "turns": tuple(said.turns[n] for n in kept)})


def halves(source: Source) -> tuple[list[Conversation], list[Conversation]]:
    """The mined half and the other one; a dialogue's stretches lie in one of them."""
    both: tuple[list[Conversation], list[Conversation]] = ([], [])
    for each in stretches(source):
        both[sha256(each.key.split()[0].encode()).digest()[0] % 2].append(each)
    return both


# --- writing -----------------------------------------------------------------------------------------------


def rows(source: Source) -> Iterator[dict[str, str]]:
    """The database of the corpus, one row a thing."""
    if source.lang == "zh":
        for _name, held in text.load_json(source.database):
            row = {column: str(held.get(key) or "") for key, column in COLUMNS[source.service].items()}
            figure, ranged, bounds = RANGED[source.service]
            row[ranged] = _range(held.get(figure), bounds)
            row |= {column: "、".join(held.get(column) or ()) for column in WHOLE[source.service]}
            listed = LISTED[source.service].items()
            yield row | {column: "、".join(held.get(key) or ()) for key, column in listed}
        return
    for held in text.load_json(source.database):
        price: Mapping[str, str] = held.get("price") or {}
        yield {
            "name": held["name"].title(), "price range": held["pricerange"], "area": held["area"],
            "stars": held["stars"], "type": held["type"], "parking": held["parking"], "internet": held["internet"],
            "address": held["address"].title(), "phone": held["phone"], "postcode": held["postcode"],
            "price": next(iter(price.values()), ""),
        }  # fmt: skip


def _as_they_were(source: Source, kept: Sequence[Conversation]) -> dict[str, Any]:
    """Stretches in the corpus's own format, for who reads them blind."""
    rows = {str(key): each for key, each in corpora.entries(source.corpus)}
    found: dict[str, Any] = {}
    for each in kept:
        key, start = each.key.split()
        turns = "messages" if source.lang == "zh" else "log"
        cut = rows[key][turns][int(start) : int(start) + len(each.turns)]
        found[each.key] = rows[key] | {turns: cut}
    return found


def _range(figure: int | None, bounds: Sequence[int]) -> str:
    """The range that users of the corpus wish a figure in."""
    if figure is None:
        return ""
    n = bisect_right(bounds, figure)
    if n == len(bounds):
        return f"{bounds[-1]}元以上"
    return f"{bounds[n]}元以下" if n == 1 and bounds[1] < 100 else f"{bounds[n - 1]}-{bounds[n]}元"


def write(name: str, out: Path) -> None:
    source = SOURCES[name]
    mined, held_out = halves(source)
    (out / "source").mkdir(parents=True, exist_ok=True)
    talks = [[{"speaker": turn.role, "text": turn.text} for turn in each.turns] for each in mined]
    (out / "source" / f"talks.{source.lang}.json").write_text(json.dumps(talks, ensure_ascii=False, indent=0), "utf-8")
    (out / "held_out.json").write_text(json.dumps(_as_they_were(source, held_out), ensure_ascii=False), "utf-8")
    said = "\n".join(turn.text for each in mined for turn in each.turns).casefold()
    table = [row for row in rows(source) if next(iter(row.values())).casefold() in said]
    with (out / "source" / "hotels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    print(f"{len(mined)} stretches mined, {len(held_out)} held out, {len(table)} rows: {out / 'source'}")


# --- measuring ---------------------------------------------------------------------------------------------


def measure(name: str, runs: Sequence[Path], turns: int, tells: int) -> None:
    source = SOURCES[name]
    mined, held_out = halves(source)
    others: dict[str, list[Conversation]] = {}
    for path in source.others:
        others[path.stem] = [each for each in corpora.conversations(path) if each.lang == source.lang]
    for run in runs:
        ours = [own.conversation(each) for each in folder.dialogues(run)]
        plan = realism.Plan(turns=turns, seed=0, tells=tells)
        against = {"mined half": mined}
        fresh = {"held-out half": held_out, **others}
        found = realism.measured(ours, against, fresh, plan, lambda n: None)
        terminal.show([{"run": run.name, **_shown(row)} for row in found.rows], False)
        for n, one in enumerate(found.tells, 1):
            terminal.tell(f"{n:>3}. {one.sentence}" + (f": {one.example}" if one.example else ""))


def _shown(row: realism.Row) -> dict[str, str | int]:
    return {
        "": row.kind, "which": f"{row.first} / {row.second}", "windows": row.windows,
        "AUC": f"{row.auc.value:.3f}", "95%": f"{row.auc.low:.2f} to {row.auc.high:.2f}",
        "length only": f"{row.length:.2f}", "punctuation only": f"{row.punctuation:.2f}",
        "shuffled": f"{row.shuffled:.2f}",
    }  # fmt: skip


# --- lines -------------------------------------------------------------------------------------------------


def lines(name: str, runs: Sequence[Path]) -> None:
    """Of each side's turns of the source how many are understood, and how many of those are lent as they are; of users'
    turns how many are lines that OFTEN dialogues have, ours beside as many real turns."""
    mined, held_out = halves(SOURCES[name])
    for run in runs:
        ours = [own.conversation(each) for each in folder.dialogues(run)]
        turns = list(Table(run / "3_frames.jsonl", Frame))
        row: dict[str, str | int] = {"run": run.name}
        for role, family in OF.items():
            every = sum(turn.role == role for each in mined for turn in each.turns)
            for what, lent in ("understood", False), ("lent whole", True):
                read = [turn for turn in turns if turn.family == family and (turn.text or not lent)]
                found = {(here.source, here.at) for turn in read for here in turn.evidence}
                row[f"{role}s' turns {what}"] = f"{len(found) / every:.0%}"
        row["again and again, ours"] = f"{_again(ours):.0%}"
        row["the held-out half"] = f"{_again(held_out, sum(len(each.turns) for each in ours)):.0%}"
        terminal.show([row], False)


def _again(said: Sequence[Conversation], most: int = 0) -> float:
    """The share of users' turns that OFTEN dialogues have, with their values gone; of `most` turns, if any."""
    found: Counter[str] = Counter()
    left = most or sum(len(each.turns) for each in said)
    for each in Random(0).sample(said, len(said)):
        left -= len(each.turns)
        if left < 0:
            break
        bare = {_bare(turn.text, each.values) for turn in each.turns if turn.role == "user"}
        found.update(bare)
    return sum(count for count in found.values() if count >= OFTEN) / max(found.total(), 1)


def _bare(said: str, values: Sequence[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        said = said.replace(value, "□")
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    writing = commands.add_parser("write", help="the transcripts and the table")
    writing.add_argument("name", choices=SOURCES)
    writing.add_argument("out", type=Path)
    writing.set_defaults(work=lambda asked: write(asked.name, asked.out))
    measuring = commands.add_parser("measure", help="detectors on runs")
    measuring.add_argument("name", choices=SOURCES)
    measuring.add_argument("runs", nargs="+", type=Path)
    measuring.add_argument("--turns", type=int, default=2)
    measuring.add_argument("--tells", type=int, default=20)
    measuring.set_defaults(work=lambda asked: measure(asked.name, asked.runs, asked.turns, asked.tells))
    counting = commands.add_parser("lines", help="what is understood, and what is said again and again")
    counting.add_argument("name", choices=SOURCES)
    counting.add_argument("runs", nargs="+", type=Path)
    counting.set_defaults(work=lambda asked: lines(asked.name, asked.runs))
    asked = parser.parse_args()
    try:
        asked.work(asked)
    except InputError as error:
        raise SystemExit(f"real_source: {error}") from error


if __name__ == "__main__":
    main()
