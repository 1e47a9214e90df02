"""Is there any service talk here at all? Most public chats hold none, and what is invented from them is false.

A recording is mined only where viewers' lines and the host's claims about the domain's things pass a floor, both
in number and in share. This file decides; it repairs nothing.
"""

from collections.abc import Sequence

from millstream.domain import Domain
from millstream.records import Signal

LEAST, SHARE, FACTS = 4, 0.03, 3
"""Signals there must be, their share of the lines read, and facts that are enough by themselves."""
LEAST_OF_TWO = 1
"""The same for a talk of two, which is short and holds one matter: a transcript has a recording for each."""

_ASKED = ("user_question", "objection", "exchange")


def reason(signals: Sequence[Signal], lines: int, domain: Domain, least: int = LEAST) -> str:
    """Why nothing is taken from a recording of so many read `lines`; "" where it holds enough."""
    facts = {(each.entity, each.slot) for each in signals if each.kind in ("fact", "correction") and each.entity}
    if len(facts) >= FACTS:
        return ""
    asked = {each.text for each in signals if each.kind in _ASKED and each.slot}
    found = len(asked) + len(facts)
    if found < least:
        return f"too little service talk: questions and facts about {domain.name} found: {found}, needed: {least}"
    if found < SHARE * lines:
        return f"too little service talk: {found} of {lines} lines are about {domain.name}, {SHARE:.0%} are needed"
    return ""
