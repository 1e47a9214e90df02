"""RoleCS's filter: five points, each held or not, and a dialogue stays that holds all of them.

By program here; a model's answers to the same five (asking.py) may be asked for behind them. In the released code the
point about roles can never be held: it waits for a score of 5 out of 1. Each point is a critic of the core's shape.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from millstream import heard
from millstream.records import Dialogue, Lang, Turn, Verdict
from millstream.shapes import Critic
from millstream.strategies import Framework
from millstream.support.annotate import ranked
from millstream.support.coach import IN_A_ROW, MOST, RUNS
from millstream.support.planner import owner
from millstream.support.postfilter import THIRD, has_note

SHOWN = 0.75
"""Share of the agent's turns that must sound like their strategy."""
ALIKE = 92
"""Likeness in 100 from which on two turns of the agent say the same."""
BEGIN, BEGUN = 12, 2
"""Characters of a beginning (a third of it in Chinese), and how many turns of the agent may share one."""
LONGEST: dict[Lang, int] = {"zh": 140, "en": 420}
"""Characters of a turn that somebody would say."""
_DENIES: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"不(?!客气|好意思)|没办法|没法|无法"),
    "en": re.compile(r"n't\b|\b(?:not|cannot|nobody|no)\b|afraid", re.I),
}
_GRANTS: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"^(?:好的|没问题|可以)[，。]"),
    "en": re.compile(r"^\W*(?:sure|of course|yes|no problem|certainly)\b", re.I),
}
_OTHER: dict[Lang, dict[str, re.Pattern[str]]] = {
    "en": {
        "user": re.compile(r"how (?:can|may) i (?:help|assist)|thanks? (?:you )?for calling", re.I),
        "agent": re.compile(r"\bi(?:'d| would) like to (?:return|complain)\b|\bmy (?:order|parcel) (?:is|was)", re.I),
    },
    "zh": {
        "user": re.compile(r"有什么(?:可以)?帮|感谢您的(?:来电|咨询)|为您服务"),
        "agent": re.compile(r"我(?:买|收到|下单)的|我要(?:退|投诉)"),
    },
}  # fmt: skip


def points(framework: Framework) -> tuple[tuple[str, Critic], ...]:
    """The five by name, in RoleCS's order."""

    def faults(dialogue: Dialogue) -> tuple[tuple[int, str], ...]:
        return tuple(_strategies(dialogue, framework))

    checks = {"adherence": faults, "demands": _demands, "natural": _unnatural, "varied": _same, "role": _roles}
    return tuple((name, _critic(name, check)) for name, check in checks.items())


def _critic(name: str, check: "Check") -> Critic:
    async def judge(dialogue: Dialogue) -> Verdict:
        found = check(dialogue)
        reason = f"turn {found[0][0]}: {found[0][1]}" if found else ""
        return Verdict(critic=name, passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge


Fault = tuple[int, str]
Check = Callable[[Dialogue], Sequence[Fault]]


def _strategies(dialogue: Dialogue, framework: Framework) -> Iterator[Fault]:
    """One known strategy for each turn of the agent, none for the customer; a greeting first, a farewell last, none
    more than twice in a row; and words that show it."""
    turns = [(n, turn) for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
    codes = [turn.strategy for _, turn in turns]
    yield from ((n, f"{t.strategy!r} is no strategy") for n, t in turns if t.strategy not in framework.codes)
    yield from (
        (n, "a customer with a strategy") for n, t in enumerate(dialogue.turns) if t.role == "user" and t.strategy
    )
    if not codes or codes[0] != "GT" or codes[-1] != "AC":
        yield 0, "does not open with a greeting and end with a farewell"
    if len(dialogue.turns) > MOST:
        yield MOST, f"more than {MOST} utterances"
    for at, code in enumerate(codes):
        most = RUNS.get(code, IN_A_ROW)
        if codes[at - most : at + 1].count(code) > most:
            yield turns[at][0], f"{code} more than {most} times in a row"
    lang = dialogue.scenario.lang
    strays = [n for k, (n, t) in enumerate(turns) if t.strategy not in ranked(t.text, lang, k == 0)]
    if len(strays) > (1 - SHOWN) * len(turns):
        yield strays[0], f"{len(strays)} of {len(turns)} turns do not sound like their strategy"


def _demands(dialogue: Dialogue) -> list[Fault]:
    """An unreasonable demand is declined in the next turn, and not granted."""
    lang, found = dialogue.scenario.lang, list[Fault]()
    for n, (asked, answer) in enumerate(pairwise(dialogue.turns)):
        declined = _DENIES[lang].search(answer.text) and not _GRANTS[lang].search(answer.text)
        if asked.role == "user" and _does(asked, "negotiate") and not declined:
            found.append((n + 1, "an unreasonable demand is not declined"))
    return found


def _does(turn: Turn, act: str) -> bool:
    return any(each.act == act for each in turn.acts)


def _unnatural(dialogue: Dialogue) -> list[Fault]:
    """What nobody says: a gap left open, a note, a speech, another script, a speaker twice in a row."""
    lang, found = dialogue.scenario.lang, list[Fault]()
    for n, turn in enumerate(dialogue.turns):
        text = turn.text
        if not text.strip() or re.search(r"\$[a-z_]+|\{\w*\}", text):
            found.append((n, "a gap"))
        elif has_note(text) or THIRD.search(text):
            found.append((n, "a note or a third party"))
        elif len(text) > LONGEST[lang]:
            found.append((n, "a speech"))
        elif bool(re.search("[一-鿿]", text)) != (lang == "zh") and any(map(str.isalpha, text)) and len(text) > 12:
            found.append((n, "another script"))
        elif n and dialogue.turns[n - 1].role == turn.role:
            found.append((n, "a speaker twice in a row"))
    return found


def _same(dialogue: Dialogue) -> list[Fault]:
    """The agent says no sentence twice, and does not begin all alike."""
    agents = [(n, heard.plain(turn.text)) for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
    found = [
        (n, "said before")
        for at, (n, text) in enumerate(agents)
        if any(fuzz.ratio(text, other) >= ALIKE for _, other in agents[:at])
    ]
    wide = BEGIN // 3 if dialogue.scenario.lang == "zh" else BEGIN
    begins = Counter(text[:wide] for _, text in agents)
    (begun, count), *_ = begins.most_common(1)
    if count > BEGUN:
        at = [n for n, text in agents if text.startswith(begun)][BEGUN]
        found.append((at, f"{count} turns begin alike"))
    return found


def _roles(dialogue: Dialogue) -> list[Fault]:
    """Nobody speaks as the other, or says the other's value before the other has."""
    lang, found, said = dialogue.scenario.lang, list[Fault](), ""
    secret = {
        act.value: owner(act.slot) for turn in dialogue.turns for act in turn.acts if act.slot and len(act.value) > 2
    }
    for n, turn in enumerate(dialogue.turns):
        if _OTHER[lang][turn.role].search(turn.text):
            found.append((n, "speaks as the other"))
        for value, whose in secret.items():
            if whose != turn.role and value.casefold() in turn.text.casefold() and value.casefold() not in said:
                found.append((n, f"knows {value!r} before it was said"))
        said += f" {turn.text.casefold()}"
    return found
