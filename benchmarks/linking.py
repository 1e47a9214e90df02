"""Which line of a chat answers which: `python benchmarks/linking.py DATA [--every 2] [--mode visible ...]`

DATA is irc_disentanglement (Kummerfeld et al. 2019): trained on its train files, measured on dev. All tuning (features,
trees, rounds, the share an answer needs, calibration) was done by folds over train files. Names are visible, replaced
by a mark, or deleted; who wrote a line is always known. Floors: the line before, the mention rule, and LiveChat's
window and retelling. Knows no product code but the linker.
"""

import argparse
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import lightgbm
import numpy as np
from rapidfuzz import fuzz
from scoring import Count, calibration_error, interval

from millstream.mine.linking.bag import Bag
from millstream.mine.linking.chat import Table, chosen, first_reading, in_question, logs, second_reading, worded
from millstream.mine.linking.fit import (
    Choices,
    Tell,
    Tuning,
    calibrate,
    fit_bag,
    fit_each,
    predict,
    predict_each,
    unseen,
)
from millstream.mine.linking.lines import Line, Lines
from millstream.mine.linking.overlap import content, pieces, rarity
from millstream.mine.linking.pairs import Weights
from millstream.mine.words import normal

MODES = ("visible", "replaced", "deleted")
_STAMPED = re.compile(r"^\[(\d\d):(\d\d)\]\s+(?:<([^>]*)>|\*\s*(\S+))\s?(.*)$")
_SYSTEM = re.compile(r"^===\s+(\S+)")
_TRIM = "@:,;.!?()\"'<>[]"
_ANNOTATED, _KEPT, _WARM = 1_000, 300, 60
"""Links are annotated from this line on; so many lines before are kept, and so many of them are linked too."""
_FOLDS, _VERDICT_FOLDS, _BAG_FOLDS = 2, 3, 6
CANDIDATES = {"visible": 16, "replaced": 22, "deleted": 22}
"""Where names are hidden the right one is further down the list: of 22 on train 98% are among them, of 15 96%."""
FIRST = Tuning(rounds=220, leaves=31, rate=0.07)
SECOND = Tuning(rounds=60, leaves=8, rate=0.05, rows_a_leaf=200, ridge=20.0, features=0.5)
VERDICT = Tuning(rounds=90, leaves=20, rate=0.12, rows_a_leaf=300, ridge=20.0, features=0.3)
Gold = dict[int, set[int]]
Links = list[tuple[int, int, float]]


@dataclass(frozen=True)
class Chat:
    """One file: its lines, and for each annotated line what it answers (itself: it begins a talk)."""

    name: str
    lines: tuple[Line, ...]
    gold: Gold


# --- files ---------------------------------------------------------------------------------------------------


def chats(folder: Path, every: int = 1) -> list[Chat]:
    return [_chat(path) for path in sorted(folder.glob("*.annotation.txt"))[::every]]


def _chat(path: Path) -> Chat:
    name = path.name.removesuffix(".annotation.txt")
    lines = list(_lines((path.parent / f"{name}.raw.txt").read_text(encoding="utf-8", errors="replace")))
    cut = _ANNOTATED - _KEPT
    gold: Gold = {}
    for row in path.read_text(encoding="utf-8").splitlines():
        one, other = sorted(int(n) - cut for n in row.split()[:2])
        gold.setdefault(other, set()).add(one)
    return Chat(name, tuple(lines[cut:]), gold)


def _lines(text: str) -> Iterator[Line]:
    """Lines with a clock that never runs back: a new day begins where it would."""
    now = 0.0
    for row in text.split("\n"):
        if found := _STAMPED.match(row):
            at = int(found[1]) * 3600.0 + int(found[2]) * 60.0
            at += 86_400.0 * max(0, round((now - at) / 86_400))
            now = max(now, at)
            yield Line(found[3] or found[4], now, found[5])
        elif row:
            who = _SYSTEM.match(row)
            yield Line(who[1] if who else "=", now, row, system=True)


def hidden(chat: Chat, mode: str) -> Chat:
    """The chat with the names of those who write in it replaced by "@", or deleted, in the text."""
    if mode == "visible":
        return chat
    names = {line.author.casefold() for line in chat.lines if not line.system}
    mark = ["@"] if mode == "replaced" else []

    def without(text: str) -> str:
        parts = []
        for word in text.split():
            bare = word.strip(_TRIM).casefold()
            parts += mark if len(bare) > 2 and bare in names else [word]
        return " ".join(parts)

    lines = (line if line.system else Line(line.author, line.time, without(line.text)) for line in chat.lines)
    return Chat(chat.name, tuple(lines), chat.gold)


# --- floors --------------------------------------------------------------------------------------------------


def line_before(chat: Chat) -> Links:
    """The last line that a person wrote; what the platform wrote answers nobody."""
    people = [row for row, line in enumerate(chat.lines) if not line.system]
    found = []
    for row in chat.gold:
        place = bisect_left(people, row)
        found.append((row, row if chat.lines[row].system or not place else people[place - 1], 1.0))
    return found


def mentions(chat: Chat, back: int = 30) -> Links:
    """The last line of who is called, or named at all, else of who named me lately, else my own, else a new talk."""
    lines = Lines(chat.lines)
    found = []
    for row in chat.gold:
        if lines.system[row]:
            found.append((row, row, 1.0))
            continue
        who, low = int(lines.author[row]), max(0, row - back)
        to = [lines.called[row]] if lines.called[row] >= 0 else np.flatnonzero(lines.named[row])
        named = [int(lines.latest[row, other]) for other in to]
        called = np.flatnonzero(lines.named[low:row, who]) + low
        own = int(lines.own_before[row])
        best = max(named, default=-1)
        if best < 0 and len(called):
            best = int(called[-1])
        if best < 0 and own >= low:
            best = own
        found.append((row, best if best >= 0 else row, 1.0))
    return found


def retelling(chat: Chat, window: float = 60.0, floor: float = 0.75) -> Links:
    """The line of the last minute that this one retells best by its beginning, else a new talk."""
    texts = [normal(line.text) for line in chat.lines]
    found = []
    for row in chat.gold:
        best, to = floor, row
        for other in range(row - 1, max(-1, row - 60), -1):
            line = chat.lines[other]
            far = chat.lines[row].time - line.time > window
            if far or line.system or len(texts[other]) < 4 or line.author == chat.lines[row].author:
                continue
            beginning = texts[row][: len(texts[other]) + 12]
            told = fuzz.partial_ratio(texts[other], beginning) / 100 * min(1.0, len(beginning) / len(texts[other]))
            if told > best:
                best, to = told, other
        found.append((row, to, 1.0))
    return found


# --- ours ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """Chats as choices: their lines, tables, which candidates are right, and what an earlier reading said."""

    chats: tuple[Chat, ...]
    lines: tuple[Lines, ...]
    tables: tuple[Table, ...]
    start: np.ndarray | None = None

    @property
    def choices(self) -> Choices:
        right = [_right(chat, table) for chat, table in zip(self.chats, self.tables, strict=True)]
        many = [len(table.rows) for table in self.tables]
        return Choices(
            np.vstack([table.table for table in self.tables]),
            np.concatenate([table.sizes for table in self.tables]),
            np.concatenate(right),
            np.repeat(np.arange(len(self.chats)), many),
            self.start,
        )

    def again(self, share: np.ndarray) -> "Read":
        """With the features of the second reading."""
        parts = zip(self.lines, self.tables, self.split(share), strict=True)
        return Read(self.chats, self.lines, tuple(second_reading(*part) for part in parts), logs(share))

    def in_question(self, first: np.ndarray, again: "Read", share: np.ndarray, told: Sequence[np.ndarray]) -> "Read":
        """The annotated lines with the candidates that a verdict is wanted on; `told` by the words of each chat."""
        parts = zip(self.chats, self.tables, self.split(first), again.tables, self.split(share), told, strict=True)
        return Read(self.chats, self.lines, tuple(_annotated(chat, in_question(*part)) for chat, *part in parts))

    def split(self, share: np.ndarray) -> list[np.ndarray]:
        return np.split(share, np.cumsum([len(table.cands) for table in self.tables])[:-1])

    def links(self, share: np.ndarray, least: float) -> list[Links]:
        parts = zip(self.chats, self.tables, self.split(share), strict=True)
        return [[link for link in chosen(table, part, least) if link[0] in chat.gold] for chat, table, part in parts]

    def best(self, share: np.ndarray) -> list[Links]:
        """One answer a line, however unsure."""
        sizes = np.concatenate([table.sizes for table in self.tables])
        top = np.maximum.reduceat(share, np.concatenate([[0], np.cumsum(sizes)[:-1]]))
        return self.links(np.where(share == np.repeat(top, sizes), share, 0.0), 1e-9)


def _annotated(chat: Chat, table: Table) -> Table:
    kept = np.isin(table.rows, list(chat.gold))
    rows = np.repeat(kept, table.sizes)
    return Table(table.rows[kept], table.cands[rows], table.sizes[kept], table.table[rows])


def _right(chat: Chat, table: Table) -> np.ndarray:
    rows = np.repeat(table.rows, table.sizes).tolist()
    return np.array([cand in chat.gold.get(row, ()) for row, cand in zip(rows, table.cands.tolist(), strict=True)])


def read(part: Sequence[Chat], weights: Weights, kept: int) -> Read:
    lines = tuple(Lines(chat.lines) for chat in part)
    return Read(tuple(part), lines, tuple(first_reading(each, weights, _KEPT - _WARM, kept) for each in lines))


def weights_of(part: Sequence[Chat]) -> Weights:
    texts = [line.text for chat in part for line in chat.lines if not line.system]
    return Weights(rarity(map(content, texts)), rarity(map(pieces, texts)))


def kinds_of(chat: Chat) -> tuple[list[str], np.ndarray]:
    """The annotated lines that a person wrote, and which of bag.KINDS each is."""
    people = [row for row in chat.gold if not chat.lines[row].system]
    links = [(row, to) for row in people for to in chat.gold[row] if 0 <= to != row]
    own = [chat.lines[row].author == chat.lines[to].author for row, to in links]
    goes_on = {row for (row, _), same in zip(links, own, strict=True) if same}
    answered = {to for (_, to), same in zip(links, own, strict=True) if not same}
    gone_on = {to for (_, to), same in zip(links, own, strict=True) if same}
    kinds = [[row in chat.gold[row], row in goes_on, row in answered, row in gone_on] for row in people]
    return [chat.lines[row].text for row in people], np.array(kinds, dtype=np.int8).reshape(-1, 4)


def bag_of(part: Sequence[Chat]) -> Bag:
    texts, kinds = zip(*map(kinds_of, part), strict=True)
    return fit_bag([text for each in texts for text in each], np.vstack(kinds))


def words(train: Read, dev: Read) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """What words tell of the lines of train, by bags that have not seen the file, and of dev, the mean of these."""
    own: list[np.ndarray] = [np.empty(0)] * len(train.chats)
    other = [np.zeros(1, dtype=np.float32)] * len(dev.chats)
    for fold in range(_BAG_FOLDS):
        bag = bag_of([chat for at, chat in enumerate(train.chats) if at % _BAG_FOLDS != fold])
        for at in range(fold, len(train.chats), _BAG_FOLDS):
            own[at] = worded(train.lines[at], bag)
        other = [sum_ + worded(lines, bag) / _BAG_FOLDS for sum_, lines in zip(other, dev.lines, strict=True)]
    return own, other


def together(learned: Sequence[lightgbm.Booster], choices: Choices, tell: Tell = predict) -> np.ndarray:
    """The mean share by the trees of all folds."""
    return np.mean([tell(each, choices) for each in learned], axis=0)


def passes(train: Read, dev: Read) -> Iterator[tuple[str, Read, np.ndarray, Read, np.ndarray]]:
    """(name, train and its shares by trees that have not seen the file, dev and its shares), one reading at a time."""
    share, learned = unseen(train.choices, FIRST, _FOLDS)
    first = together(learned, dev.choices)
    yield "first reading", train, share, dev, first
    train_again, dev_again = train.again(share), dev.again(first)
    again, learned = unseen(train_again.choices, SECOND, _FOLDS)
    second = together(learned, dev_again.choices)
    yield "second reading", train_again, again, dev_again, second
    own, other = words(train, dev)
    train, dev = train.in_question(share, train_again, again, own), dev.in_question(first, dev_again, second, other)
    share, learned = unseen(train.choices, VERDICT, _VERDICT_FOLDS, fit_each, predict_each)
    yield "verdict", train, share, dev, together(learned, dev.choices, predict_each)


# --- figures -------------------------------------------------------------------------------------------------


def counted(chat: Chat, links: Links) -> Count:
    right = len({(row, to) for row, to, _ in links if to in chat.gold.get(row, ())})
    return Count(right, len(links), right, sum(map(len, chat.gold.values())))


def tuned(train: Read, share: np.ndarray) -> float:
    """The share from which an answer pays, on train."""
    tried = (0.22, 0.25, 0.28, 0.31, 0.34, 0.37, 0.4)
    return max(tried, key=lambda low: sum(map(counted, train.chats, train.links(share, low)), Count()).f1)


def show(name: str, part: Sequence[Chat], links: Sequence[Links]) -> None:
    each = [counted(*pair) for pair in zip(part, links, strict=True)]
    whole, (low, high) = sum(each, Count()), interval(each)
    figures = f"{100 * whole.precision:8.1f}{100 * whole.recall:8.1f}{100 * whole.f1:8.1f}"
    print(f"  {name:40}{figures}  [{100 * low:.1f}, {100 * high:.1f}]", flush=True)


def marks(read_: Read, links: Sequence[Links]) -> tuple[np.ndarray, np.ndarray]:
    flat = [
        (share, to in chat.gold[row]) for chat, each in zip(read_.chats, links, strict=True) for row, to, share in each
    ]
    return np.array([share for share, _ in flat]), np.array([held for _, held in flat])


def measure(mode: str, train: Sequence[Chat], dev: Sequence[Chat]) -> None:
    seen, told = [hidden(chat, mode) for chat in train], [hidden(chat, mode) for chat in dev]
    print(f"\nnames {mode}{'':24}{'prec.':>14}{'recall':>8}{'link F':>8}  95% (files)")
    for name, rule in (("line before", line_before), ("mention rule", mentions), ("window and retelling", retelling)):
        show(name, told, [rule(chat) for chat in told])
    weights, kept = weights_of(seen), CANDIDATES[mode]
    for name, one, own, other, share in passes(read(seen, weights, kept), read(told, weights, kept)):
        least = tuned(one, own)
        show(f"ours, {name}, one answer a line", told, other.best(share))
        show(f"ours, {name}, all answers from {least}", told, other.links(share, least))
    show("  the same on train, by files not seen", seen, one.links(own, least))
    said, held = calibrate(*marks(one, one.links(own, least)))
    sure, right = marks(other, other.links(share, least))
    sure = np.interp(sure, said, held)
    print(f"  calibration error (ECE, 10 bins): {calibration_error(sure, right):.3f}; kept when abstaining below")
    for floor in (0.5, 0.7, 0.9):
        kept = sure >= floor
        print(f"    {floor}: {kept.mean():.0%} of the links, {right[kept].mean():.1%} of them right")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("data", type=Path)
    words.add_argument("--every", type=int, default=1, help="train on every n-th file alone")
    words.add_argument("--mode", nargs="+", choices=MODES, default=MODES)
    told = words.parse_args()
    train, dev = chats(told.data / "train", told.every), chats(told.data / "dev")
    print(
        f"trained on {len(train)} files, {sum(len(chat.gold) for chat in train)} lines; folds {_FOLDS}; measured on dev"
    )
    print(f"tuned on train by folds: {FIRST}; {SECOND}; {VERDICT}; the share an answer needs; calibration")
    for mode in told.mode:
        measure(mode, train, dev)


if __name__ == "__main__":
    main()
