"""A domain that nobody wrote a file for, drafted from price lists and what is said over them.

Words are counted behind the door, of lines that are worth reading: no advert and nobody's address makes a domain.
Slots come from the headings (know/tables.py); here the words that are said are added, and which way a figure is wanted
where viewers name a bound. Knows no domain by name.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from millstream import numbers, phrases
from millstream.domain import Domain, SlotSpec
from millstream.know import headings
from millstream.know.tables import entity_columns, from_headers, slots_of
from millstream.mine import door, personal
from millstream.mine.clean import clean, sifted
from millstream.mine.words import nameless, stop, terms
from millstream.records import Cue, Lang
from millstream.shapes import Table

WORDS = 24
"""Of the words that most lines say, so many are the domain's."""
SEEN = 2
"""Lines that must say a word."""
_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?:\S+|[\w-]+(?:\.[\w-]+)+)")
_MASK = re.compile(rf"\[(?:{'|'.join(map(re.escape, personal.KINDS))})\]")
_NUMERALS = "零一二三四五六七八九十百千万亿两块"
_RUN = re.compile("[\u3400-\u9fff]+")
_LONGEST = 4
_SAME = 0.8
"""Share of a run's lines from which on the longer run around it is the word."""


def drafted(
    tables: Sequence[Table], lines: Sequence[Cue], lang: Lang, name: str = ""
) -> tuple[Domain, list[tuple[str, int]]]:
    """The domain, and its words that were heard with the lines that say each; `name` "": what the rows are."""
    base = from_headers(tables[0], lang, name)
    for table in tables[1:]:
        base = slots_of(table, base, lang)
    worth = list(_worth(lines))
    viewers = [line.text for line in worth if line.track != "speech"]
    heard = words([line.text for line in worth], lang, _named(tables[0], base))
    own = {lang: tuple(dict.fromkeys([*base.words.get(lang, ()), *(word for word, _ in heard)]))}
    slots = tuple(_wished(slot, viewers, lang) for slot in base.slots)
    return base.model_copy(update={"words": own, "slots": slots}), heard


def _worth(lines: Sequence[Cue]) -> Iterator[Cue]:
    """What is said, behind the door; of viewers no adverts, orders and insults, and nothing of their own addresses."""
    notes = Counter[str]()
    for _, recording in groupby(lines, key=lambda line: line.recording):
        seen = list(door.admit(list(recording), b"counted and forgotten", notes))
        yield from (line for line in seen if line.track == "speech")
        written = (line for line in seen if line.track != "speech")
        yield from (line for line in clean(written, notes) if not _MASK.search(line.text))


def _named(table: Table, base: Domain) -> str:
    return " ".join(row[n] for row in table.rows for n in entity_columns(table, base)).casefold()


def _wished(slot: SlotSpec, viewers: Sequence[str], lang: Lang) -> SlotSpec:
    """A figure of which nobody knows which way it is better is a wish where viewers name a bound."""
    if slot.kind != "number" or slot.better or not (way := headings.bounded(slot, viewers, lang)):
        return slot
    return slot.model_copy(update={"better": way, "use": tuple(dict.fromkeys(("constrain", *slot.use)))})


def words(lines: Iterable[str], lang: Lang, names: str = "") -> list[tuple[str, int]]:
    """(word, lines that say it) of whole words that are nobody's small talk and no part of the things' `names`."""
    plain = [_ADDRESS.sub(" ", _MASK.sub(" ", nameless(line))) for line in lines]
    counts = Counter(_chinese(plain)) if lang == "zh" else Counter[str]()
    counts += _latin(plain, lang)
    often = ((word, n) for word, n in counts.most_common() if n >= SEEN and word not in names)
    return [(word, n) for word, n in often if not sifted(word).reason][:WORDS]


def _latin(lines: Sequence[str], lang: Lang) -> Counter[str]:
    said = Counter(
        word for line in lines for word in terms(line) if word.isascii() and word.isalpha() and len(word) > 2
    )
    small = phrases.common("en") | {word.replace("'", "") for word in stop("en")} if lang == "en" else frozenset()
    return Counter({word: n for word, n in said.items() if word not in small and numbers.first(word) is None})


def _chinese(lines: Sequence[str]) -> dict[str, int]:
    """Runs of characters that are whole words: those that are met with different neighbours on both sides (accessor
    variety; Feng et al. 2004), and are no part of a longer one that nearly as many lines say."""
    seen, left, right = (
        defaultdict[str, set[int]](set),
        defaultdict[str, set[str]](set),
        defaultdict[str, set[str]](set),
    )
    for n, line in enumerate(lines):
        for run, before, after in _runs(line):
            seen[run].add(n)
            left[run].add(before or f"edge {n}")
            right[run].add(after or f"edge {n}")
    free = {run: len(at) for run, at in seen.items() if min(len(at), len(left[run]), len(right[run])) >= SEEN}
    longer = defaultdict[str, int](int)
    for run, n in free.items():
        for part in {run[i:j] for i in range(len(run)) for j in range(i + 2, len(run) + 1)} - {run}:
            longer[part] = max(longer[part], n)
    return {run: n for run, n in free.items() if longer[run] < _SAME * n}


def _runs(line: str) -> Iterator[tuple[str, str, str]]:
    """Every run of two to four characters between stop words and numerals, with its neighbours in the line."""
    for found in _RUN.finditer(line):
        for part in re.finditer(f"[^{re.escape(''.join(stop('zh')))}{_NUMERALS}]+", found[0]):
            start = found.start() + part.start()
            for i in range(len(part[0])):
                for j in range(i + 2, min(i + _LONGEST, len(part[0])) + 1):
                    yield (
                        part[0][i:j],
                        line[start + i - 1 : start + i] if start + i else "",
                        line[start + j : start + j + 1],
                    )
