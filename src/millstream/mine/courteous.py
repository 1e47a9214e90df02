"""The courtesies of a turn, by how it begins and ends (the patterns of mine/turns.yaml)."""

import re
from collections.abc import Sequence
from functools import cache

from millstream.mine.openings import DATA
from millstream.records import Lang, Role

BEFORE, BEHIND = ("greet", "acknowledge"), ("request_more", "thank", "bye")
"""The courtesies with which turns begin and end."""


@cache
def _forms(role: Role, lang: Lang) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(forms[lang]) for name, forms in DATA["courtesies"][role].items()}


def said_of(text: str, role: Role, lang: Lang, names: Sequence[str]) -> list[tuple[str, str]]:
    """Those of `names` that a text says, as acts."""
    forms, low = _forms(role, lang), text.lower()
    return [(name, "") for name in names if name in forms and forms[name].search(low)]


def core(bare: str, role: Role, lang: Lang) -> str:
    """What a text in lower case says besides its closing question, of an agent: whether there is anything else, or
    whether to book; of a user, besides that it wants to book."""
    if role == "user":
        return re.sub(DATA["wants"][lang], "", bare)
    more = rf"[^.,!?。，！？]*(?:{DATA['courtesies'][role]['request_more'][lang]})[^.!?。！？]*[.!?。！？]?"
    return re.sub(DATA["books"][lang], "", re.sub(more, "", bare))
