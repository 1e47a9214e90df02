"""Does a speaker say the same thing twice? Short courtesies may return, sentences may not."""

from rapidfuzz import fuzz

from millstream import heard
from millstream.records import Dialogue, Verdict
from millstream.shapes import Critic, Known

ALIKE = 92
SHORT = 8
"""Characters (of folded text) up to which a turn is a courtesy."""


def critic(known: Known) -> Critic:
    async def judge(dialogue: Dialogue) -> Verdict:
        plain = [(turn.role, heard.plain(turn.text)) for turn in dialogue.turns]
        found = [
            (n, m)
            for n, (role, text) in enumerate(plain)
            for m in range(n)
            if len(text) > SHORT and plain[m][0] == role and fuzz.ratio(text, plain[m][1]) >= ALIKE
        ]
        reason = f"turn {found[0][0]} repeats turn {found[0][1]}" if found else ""
        return Verdict(critic="repetition", passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge
