"""Names of things where no table gives them: what a host introduces ("we ordered the ...") and speaks of again.

A guess by form, used only where nothing better is known; a name heard once is none. Knows nothing of domains.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from importlib.resources import files

import yaml

from millstream.mine.words import content, nameless
from millstream.records import Cue

_DATA = yaml.safe_load((files("millstream") / "mine" / "names.yaml").read_text(encoding="utf-8"))
_INTRODUCES = [re.compile(form, re.IGNORECASE) for form in _DATA["introduces"]]
_NEVER = set(_DATA["never"])
_SHORTEST, _MOST = 4, 40


def heard(speech: Sequence[Cue]) -> list[str]:
    """At most 40 names of things introduced and said again, the most frequent first, each as it is written first."""
    text = " ".join(nameless(cue.text) for cue in speech)
    low = text.casefold()
    forms: dict[str, str] = {}
    for pattern in _INTRODUCES:
        for match in pattern.finditer(text):
            name = _trimmed(match[1])
            forms.setdefault(name.casefold(), name)
    counts = Counter({form: low.count(form) for form in forms if len(form) >= _SHORTEST and content(form)})
    often = [(form, count) for form, count in counts.items() if count > 1 and _is_name(forms[form], forms)]
    return [forms[form] for form, _ in sorted(often, key=lambda pair: (-pair[1], pair[0]))[:_MOST]]


def _is_name(name: str, others: Collection[str]) -> bool:
    """Chinese, of two words, or written with a capital; and not the beginning of a longer name."""
    proper = name[0] > "\u3000" or " " in name or name[0].isupper()
    return proper and not any(other != name.casefold() and other.startswith(name.casefold() + " ") for other in others)


def _trimmed(words: str) -> str:
    """The words up to the first that is part of no name."""
    kept: list[str] = []
    for word in words.split():
        if word.casefold().strip("'’") in _NEVER or word.isdigit():
            break
        kept.append(word)
    return " ".join(kept)
