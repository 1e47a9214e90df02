"""Which values of the knowledge does a text say, and which of them does it say of one thing?

Knowledge is looked at as items: one thing with its cells (attribute -> what is known), its name among them. A text is
read token by token against all that any cell may hold, longest first, however it is spelt ("jill's house",
"jills_house"), and numbers by what they count ("6 miles", "six miles"). Cells that are said together of one thing make
a group; a group ends where one of its attributes is said again ("5 miles to A and 3 miles to B"). Knows nothing of
dialogues, and does not judge.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from millstream import numbers, units
from millstream.domain import NO, NONE, YES
from millstream.records import Fact

NAME = ""
"""The attribute that stands for what a thing is called."""
_TOKEN = re.compile(r"[a-z0-9]+(?:\.\d+)?(?:['’][a-z]+)?|[一-鿿]")
_DENIED = re.compile(r"(?:\bnot|n't|\bno longer|不是|不到|不止)\s*[$€£¥]?$", re.I)
_OF = re.compile(r"\s*(?:(?:[a-z]{1,12} )?(?:on|for|with|in|at|of) (?:the |our )?|的)\s*")
"""What stands between a value and the name it is of."""
ALSO = re.compile(r"还有|另外|或者|\b(?:or|also|there['’]s)\b")
"""What brings up another thing besides the one spoken of."""
_END = re.compile(r"[。！？!?；;]|\.(?!\d)")
_BARE = frozenset(word for words in (YES, NO, NONE) for word in words.values())
"""Values that are said with other words than their own."""
_LONGEST = 24
"""Tokens of the longest value that is looked for."""
_MANY = 1 << 12
"""Texts of which the answer is kept: each line of a dialogue is read again for those behind it."""
_SHORT = 3
"""Characters of the shortest part of a name that stands for the whole of it."""


@dataclass(frozen=True)
class Item:
    """One thing of the knowledge: its name and its facts by attribute."""

    name: str
    facts: Mapping[str, Fact]

    @cached_property
    def cells(self) -> dict[str, str]:
        """attribute -> key of what it holds (see `key`)."""
        return {NAME: key(self.name)} | {slot: key(fact.value) for slot, fact in self.facts.items()}


@dataclass(frozen=True)
class Said:
    """A value that a text says: what it is compared by, the attributes that may have it, and where it stands."""

    key: str
    slots: frozenset[str]
    start: int
    end: int


@dataclass
class Group:
    """What is said of one thing."""

    said: list[Said] = field(default_factory=list)

    def holds(self, item: Item, beside: Sequence[Said] = ()) -> bool:
        """Whether the item has every cell of the group, each under an attribute of its own."""
        return all(self._has(item, each) for each in (*self.said, *beside))

    @property
    def named(self) -> Said | None:
        """The name in it."""
        return next((each for each in self.said if NAME in each.slots), None)

    def missing(self, item: Item) -> list[Said]:
        return [each for each in self.said if not self._has(item, each)]

    def _has(self, item: Item, said: Said) -> bool:
        return any(item.cells.get(slot) == said.key for slot in said.slots)


def items(facts: Iterable[Fact]) -> tuple[Item, ...]:
    """Facts as things. Those of one entity belong together; where its rows differ, each row is a thing."""
    rows: dict[tuple[str, str, int], dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        proof = fact.evidence[0]
        row = proof.at[0] if proof.kind == "row" and proof.at else -1
        rows[fact.entity, proof.source if row >= 0 else "", row][fact.attribute] = fact
    return tuple(Item(name, cells) for (name, _, _), cells in rows.items())


@cache
def key(value: str) -> str:
    """What two spellings of a value share: a number with its unit by what it counts, else letters without marks."""
    counted = list(units.counted(value.replace("_", " ")))
    whole = numbers.mentions(value.replace("_", " "))
    if len(counted) == 1 and len(whole) == 1 and _is_bare(value, whole[0]):
        return f"{counted[0][0]:g} {counted[0][1]}"
    return _joined(_tokens(value))


def _joined(tokens: Iterable[re.Match[str]]) -> str:
    return "".join(token.group().replace("'", "").replace("’", "") for token in tokens)


def _is_bare(value: str, number: numbers.Number) -> bool:
    """A number and its unit, nothing else of weight."""
    return len(value) - (number.end - number.start) <= 8


def _tokens(text: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(_folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("_", " ")


def _counted(text: str) -> Iterator[tuple[str, int, int]]:
    """(key, start, end) of every number with a unit."""
    plain = text.replace("_", " ")
    for number in numbers.mentions(plain):
        around = plain[max(number.start - 2, 0) : number.end + 10]
        for value, unit in units.counted(around):
            if value == number.value:
                yield f"{value:g} {unit}", number.start, number.end
                break


def _shortened(known: Sequence[Item], values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """(last part, whole name) of Chinese names in parts ("栖木酒店 庭院双床房") whose last part no other thing has: the
    second of two things is hardly ever named in full. An English last word ("Burnt Honey Cheesecake") is a noun."""
    names = {item.cells[NAME]: key(item.name.split()[-1]) for item in known if " " in item.name}
    seen = Counter(names.values())
    for whole, last in names.items():
        if seen[last] == 1 and len(last) >= _SHORT and "一" <= last[0] <= "鿿" and last not in values:
            yield last, whole


class Reader:
    """Finds cells in texts. `vocabulary`: more values that an attribute might hold, known to nobody here."""

    def __init__(self, known: Sequence[Item], vocabulary: Mapping[str, Iterable[str]] | None = None) -> None:
        self.items = known
        self._slots: dict[str, set[str]] = defaultdict(set)
        for item in known:
            for slot, held in item.cells.items():
                self._slots[held].add(slot)
        for slot, values in (vocabulary or {}).items():
            for value in values:
                self._slots[key(value)].add(slot)
        for bare in ("", *_BARE):
            self._slots.pop(bare, None)
        self._short = dict(_shortened(known, self._slots))
        self._counts: dict[str, set[str]] = defaultdict(set)
        for held, slots in self._slots.items():
            if " " in held:
                self._counts[held.partition(" ")[2]] |= slots - {NAME}
        self._most: dict[str, int] = defaultdict(int)
        for held in (*self._slots, *self._short):
            self._most[held[:1]] = max(self._most[held[:1]], len(held))
        self.said = lru_cache(_MANY)(self._said)
        """Every value of a text, in order, the longest where they overlap."""

    def _said(self, text: str) -> list[Said]:
        tokens, found, at = _tokens(text), list[Said](), 0
        words = [_joined([token]) for token in tokens]
        owners = frozenset(n for n, token in enumerate(tokens) if token.group().endswith(("'s", "’s")))
        counted = {start: (name, end) for name, start, end in _counted(text)}
        while at < len(tokens):
            name, end = self._longest_from(words, at, owners)
            start = tokens[at].start()
            whole = start in counted and end == at + 1 and counted[start][0] in self._slots  # "3 days" is no "3"
            if start in counted and (whole or not name):
                name, stop = counted[start]
                end = next((n for n in range(at + 1, len(tokens)) if tokens[n].start() >= stop), len(tokens))
            if slots := self._slots.get(name) or self._counts.get(name.partition(" ")[2]):
                found.append(Said(name, frozenset(slots), start, tokens[end - 1].end()))
            at = max(end, at + 1)
        return found

    def _longest_from(self, words: Sequence[str], at: int, owners: Collection[int]) -> tuple[str, int]:
        """The longest value that begins with a word, and the word behind it; ("", at) where none does. The last word
        may own what follows ("the Hazel Row's warranty")."""
        most, joined, found = self._most.get(words[at][:1], 0), "", ("", at)
        for end in range(at, min(at + _LONGEST, len(words))):
            joined += words[end]
            if len(joined) - (end in owners) > most:
                break
            for said in (joined, joined[:-1]) if end in owners else (joined,):
                if said in self._slots or said in self._short:
                    found = self._short.get(said, said), end + 1
                    break
        return found

    def groups(self, text: str) -> list[Group]:
        """What a text says, thing by thing; what it says is not so is left out."""
        groups, folded = [Group()], _folded(text)
        said = [each for each in self.said(text) if not _DENIED.search(folded[: each.start])]
        for n, each in enumerate(said):
            if groups[-1].said and (_is_full(groups[-1], each) or _is_of_another(folded, said, n, groups[-1])):
                groups.append(Group())
            groups[-1].said.append(each)
        return [group for group in groups if group.said]


def _is_full(group: Group, each: Said) -> bool:
    """An attribute of the group is said again."""
    taken = set[str]().union(*(said.slots for said in group.said if len(said.slots) == 1))
    return each.slots <= taken and each.key not in {said.key for said in group.said}


def _is_of_another(folded: str, said: Sequence[Said], n: int, group: Group) -> bool:
    """The name behind a value owns it ("155 miles on the Kite"); no name owns the sentence before its own, or what is
    said before "there's also"."""
    each = said[n]
    if not group.named and _END.search(folded[said[n - 1].end : each.start]):
        stop = _END.search(folded, each.end)
        return any(NAME in later.slots for later in said[n:] if stop is None or later.start < stop.start())
    if not group.named and NAME in each.slots and ALSO.search(folded[said[n - 1].end : each.start]):
        return True
    follows = said[n + 1] if n + 1 < len(said) and NAME not in each.slots else None
    return follows is not None and NAME in follows.slots and bool(_OF.fullmatch(folded[each.end : follows.start]))
