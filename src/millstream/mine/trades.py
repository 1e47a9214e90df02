"""Which packaged domain the sources speak of, if any. Another trade has prices, warranties and batteries too.

So only words count that one domain has for itself (trades.yaml holds those of any trade), and a price list that is
headed by another thing ("bike") is believed before a few of them. Decides; reads no file and drafts no domain.
"""

import re
from collections.abc import Iterable, Sequence

from millstream import resources
from millstream.domain import Domain
from millstream.errors import InputError
from millstream.know.tables import entity_columns
from millstream.mine.find import Phrases
from millstream.mine.words import spoken
from millstream.shapes import Table

RATE, KINDS = 6.0, 4
"""Words of its own there must be among a thousand, and how many different ones."""
AGAINST, FOR = 2, 0.5
"""By how much more of both there must be where the price list is headed by something that the domain has no word for,
and by how much less where it is headed by the domain's very word for a thing."""

_DATA = resources.data("mine/trades.yaml")
_ANY = {word.casefold() for words in _DATA["any"].values() for word in words}
_NAMES = {word.casefold() for words in _DATA["names"].values() for word in words}
_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")
_HAN_PER_WORD = 1.7
_NO_DOMAIN = Domain.model_construct(name="", names={}, entity={}, role={}, slots=(), words={}, claims={})


def guess(texts: Iterable[str], domains: Sequence[Domain], tables: Sequence[Table] = ()) -> str | None:
    """The domain whose own words are by far the most frequent in the texts and the headings; None where none is."""
    said = spoken("\n".join([*texts, *(" ".join(table.headers) for table in tables)]))
    size = sum(1 if word[0] < "\u3000" else 1 / _HAN_PER_WORD for word in _WORD.findall(said))
    if not size:
        return None
    rates = dict[str, float]()
    for domain in domains:
        own = own_words(domain, domains)
        found = [said[hit.start : hit.end] for hit in Phrases(dict.fromkeys(own, "")).found(said)]
        times = min((_times(table, domain, own) for table in tables), default=1)
        rate = len(found) * 1000 / size
        if rate >= RATE * times and len(set(found)) >= KINDS * times:
            rates[domain.name] = rate
    return max(rates, key=lambda name: rates[name], default=None)


def own_words(domain: Domain, domains: Sequence[Domain]) -> frozenset[str]:
    """The words of a domain that no other one, and not every trade, has."""
    others = {word for other in domains if other.name != domain.name for word in _vocabulary(other)}
    return frozenset(word for words in domain.words.values() for word in words) - others - _ANY


def _vocabulary(domain: Domain) -> Iterable[str]:
    """Its words, and what its slots go by."""
    yield from (word for words in domain.words.values() for word in words)
    yield from (name for slot in domain.slots for names in slot.names.values() for name in names)


def _times(table: Table, domain: Domain, own: frozenset[str]) -> float:
    """How much of its words a domain needs beside this table: its names are headed by the domain's word for a thing, or
    by a word of it or one that says nothing, or hold words of its own; or they are headed by another thing."""
    try:
        columns = entity_columns(table, _NO_DOMAIN)
    except InputError:
        return 1
    heading = table.headers[columns[0]].strip().casefold()
    if heading in {word.casefold() for word in domain.entity.values()}:
        return FOR
    words = {*domain.names.values(), *domain.entity.values(), *(w for words in domain.words.values() for w in words)}
    if heading in _NAMES or _has(heading, words):
        return 1
    return 1 if _has("\n".join(" ".join(row[n] for n in columns) for row in table.rows), own) else AGAINST


def _has(text: str, words: Iterable[str]) -> bool:
    return next(Phrases(dict.fromkeys(words, "")).found(text), None) is not None
