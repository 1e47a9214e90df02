"""The realiser of support talk: one turn reworded by a model so that it follows its strategy and keeps every fact.

CSConv rewrites real dialogues with the definition of a strategy in sight; RoleCS has its supporter speak by one. Both
are this: a right sentence in, and words that pass the same kind of checks as a reworded draft (faithful.py), or the
sentence itself. `sounds` says whether a text shows a strategy. Knows no stages and no dialogue as a whole.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from millstream import heard
from millstream.chat import Chat, Message, Request, fenced
from millstream.play import sense
from millstream.play.faithful import clean, content, distance
from millstream.play.prompting import Draw, asked, strategic
from millstream.records import Lang, Step, View
from millstream.shapes import Worded
from millstream.strategies import SPEAKERS, Framework

Sounds = Callable[[str, str, bool], bool]
"""(text, strategy, is it the agent's first turn) -> does the text show the strategy?"""
NEAR = 0.08
"""Edits per character under which a wording is the sentence it was made of."""
SHORTEST, LONGEST = 0.4, 2.2
"""Bounds of a wording's length, by that of its sentence; and some characters for a courtesy."""
_ROOM = 24
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_MARK = re.compile(r"[?？]")
_FOREIGN: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[a-zA-Z]{5,}"), "en": re.compile(r"[一-鿿]")}
_NOTED = re.compile(r"[\[【<{][^\]】>}]{2,}[\]】>}]|\b(?:draft|strategy|rewrit\w+)\b\s*:|[:：]\s*$", re.IGNORECASE)
_ASKING = ("PR", "IV", "FR", "RP")
_ASKED_WITH = {*"什么多少请问吗几"} | {
    *("what", "what's", "which", "how", "when", "who", "where", "can", "could", "may", "did", "would", "please")
}
"""What any question has."""


@dataclass(frozen=True)
class Strategic:
    """Rewords the turns of one language. `candidates` are asked for at once, `tries` times."""

    chat: Chat
    model: str
    framework: Framework
    lang: Lang
    sounds: Sounds
    candidates: int = 2
    temperature: float = 0.7
    tries: int = 2

    async def say(self, view: View) -> Worded:
        for sample in range(self.tries):
            reply = await self.chat(self._request(view, sample))
            sound = [text for text in map(clean, reply.texts) if not any(self.faults(text, view))]
            if sound:
                best = max(sound, key=lambda text: distance(text, view.step.draft))
                return Worded(text=best, worded="model", step=view.step)
        return Worded(text=view.step.draft, worded="kept", step=view.step)

    def faults(self, text: str, view: View) -> Iterator[str]:
        """What is wrong with a wording of this step, in words."""
        step, said = view.step, [turn.text for turn in view.turns]
        yield from changed(text, step, said[-1:], self.lang)
        yield from sense.changed(text, step, self.lang, said[-1:])
        first = not any(turn.role == "agent" for turn in view.turns)
        showed, shows = (self.sounds(each, step.strategy, first) for each in (step.draft, text))
        if step.strategy and showed and not shows:
            yield f"no longer {step.strategy}"

    def _request(self, view: View, sample: int) -> Request:
        step, lang = view.step, self.lang
        strategy = self.framework.by_code.get(step.strategy)
        told = f"{strategy.names[lang]}: {strategy.means[lang]}; {strategy.unlike[lang]}" if strategy else "-"
        said = "\n".join(f"{SPEAKERS[lang][turn.role]}: {fenced(turn.text)}" for turn in view.turns[-2:])
        kept = ", ".join(map(fenced, step.must))
        task = _TASK[lang].format(said=said or "-", told=told, kept=kept or "-", draft=fenced(step.draft))
        messages = [Message("system", strategic(lang, view.role)), Message("user", task)]
        return asked(self.model, messages, view, "rewrite", sample, Draw(self.candidates, self.temperature))


_TASK: dict[Lang, str] = {
    "zh": "前文：\n{said}\n策略：{told}\n必须保留：{kept}\n<draft>{draft}</draft>",
    "en": "Before:\n{said}\nStrategy: {told}\nKeep: {kept}\n<draft>{draft}</draft>",
}


def changed(text: str, step: Step, before: Sequence[str], lang: Lang) -> Iterator[str]:
    """Facts lost or brought in, form broken: what would make a wording another turn."""
    draft = step.draft
    if not text or distance(text, draft) < NEAR:
        yield "hardly other words"
        return
    if lost := heard.missing(text, step.must):
        yield f"{lost[0]!r} is not said"
    if strange := heard.strange_numbers(text, [draft]):
        yield f"new numbers: {sorted(strange)}"
    if gone := heard.strange_numbers(draft, [text]):
        yield f"numbers are gone: {sorted(gone)}"
    known = " ".join([draft, *before]).casefold()
    if lang == "en" and (named := [name for name in _NAME.findall(text) if name.casefold() not in known]):
        yield f"names {named[0]!r}"
    if (foreign := _FOREIGN[lang].search(text)) and foreign.group().casefold() not in known:
        yield f"another language: {foreign.group()!r}"
    if not SHORTEST * len(draft) <= len(text) <= LONGEST * len(draft) + _ROOM:
        yield "too long or too short"
    if bool(_MARK.search(draft)) != bool(_MARK.search(text)) and (step.strategy not in _ASKING or _MARK.search(draft)):
        yield "no longer a question" if _MARK.search(draft) else "became a question"
    about = content(draft, lang) - _ASKED_WITH if _MARK.search(draft) else frozenset()
    if about and not about & content(text, lang):
        yield "asks for something else"
    if _NOTED.search(text) and not _NOTED.search(draft):
        yield "speaks of the task"
    if text in before:
        yield "said before"
