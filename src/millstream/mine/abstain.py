"""Is there any service talk here at all? Most public chats hold none, and what is invented from them is false.

A recording is mined only where viewers' lines and the host's claims about the domain's things pass a floor, both
in number and in share. This file decides; it repairs nothing.
"""

import re
from collections.abc import Iterable, Sequence

from millstream.domain import Domain
from millstream.mine.find import Phrases
from millstream.mine.words import spoken
from millstream.records import Lang, Signal

LEAST, SHARE, FACTS = 4, 0.03, 3
"""Signals there must be, their share of the lines read, and facts that are enough by themselves."""
LEAST_OF_TWO = 1
"""The same for a talk of two, which is short and holds one matter: a transcript has a recording for each."""
RATE, KINDS = 12.0, 4
"""Domain words there must be among a thousand words, and how many different ones."""

_WORD = re.compile(r"[a-z0-9']+|[\u3400-\u9fff]")
_HAN_PER_WORD = 1.7
_WEAK = 0.5
_ASKED = ("user_question", "objection", "exchange")


def reason(signals: Sequence[Signal], lines: int, domain: Domain, least: int = LEAST) -> str:
    """Why nothing is taken from a recording of so many read `lines`; "" where it holds enough."""
    facts = {(each.entity, each.slot) for each in signals if each.kind in ("fact", "correction") and each.entity}
    if len(facts) >= FACTS:
        return ""
    asked = {each.text for each in signals if each.kind in _ASKED and each.slot}
    found = len(asked) + len(facts)
    if found < least:
        return f"{found} signals of {domain.name} service talk, {least} are needed"
    if found < SHARE * lines:
        return f"{found} signals of {domain.name} service talk in {lines} lines, {SHARE:.0%} are needed"
    return ""


def guess(texts: Iterable[str], domains: Sequence[Domain], lang: Lang | None = None) -> str | None:
    """The domain whose words and slots are by far the most frequent in the texts; None where none is frequent."""
    said = spoken("\n".join(texts))
    size = sum(1 if word[0] < "\u3000" else 1 / _HAN_PER_WORD for word in _WORD.findall(said))
    if not size:
        return None
    rates = {domain.name: _rate(said, domain) * 1000 / size for domain in domains}
    best = max(rates, key=lambda name: rates[name], default=None)
    return best if best and rates[best] >= RATE else None


def _rate(text: str, domain: Domain) -> float:
    """How often a text uses the words of a domain; 0 for one that uses hardly any different ones. Words that
    are also slot names of every domain ("price") count half."""
    strong = {word for words in domain.words.values() for word in words}
    weak = {name for slot in domain.slots for names in slot.names.values() for name in names}
    found = [text[hit.start : hit.end] for hit in Phrases(dict.fromkeys(strong | weak, "")).found(text)]
    if len(set(found)) < KINDS:
        return 0.0
    return sum(1.0 if word in strong else _WEAK for word in found)
