"""Is every turn in the language of the dialogue? Names of things do not count against it."""

import re

from millstream.records import Dialogue, Lang, Verdict
from millstream.shapes import Critic, Known

_OTHER: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[a-zA-Z]{4,}"), "en": re.compile(r"[一-鿿぀-ヿ가-힯]")}
_MOST: dict[Lang, float] = {"zh": 0.5, "en": 0.0}
"""Share of a turn's characters that may be of the other script, names left out."""


def critic(known: Known) -> Critic:
    names = sorted({fact.entity for fact in known.facts} | {fact.value for fact in known.facts}, key=len, reverse=True)

    def strange(text: str) -> bool:
        for name in names:
            text = text.replace(name, "")
        found = sum(len(run) for run in _OTHER[known.lang].findall(text))
        return found > _MOST[known.lang] * max(len(text.strip()), 1)

    async def judge(dialogue: Dialogue) -> Verdict:
        found = tuple(n for n, turn in enumerate(dialogue.turns) if strange(turn.text))
        reason = f"turn {found[0]} is not {known.lang}" if found else ""
        return Verdict(critic="language", passed=not found, reason=reason, turns=found)

    return judge
