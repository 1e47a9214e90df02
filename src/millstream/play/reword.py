"""The realiser with a model: one call words one turn, and a check decides whether its words are taken.

The model only rewords a right sentence: n candidates in one call, the best faithful one wins, one repair with the
faults named, and where even that fails the turn keeps the template's words and says so (`kept`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from millstream import heard
from millstream.chat import Chat, Message, Request
from millstream.deliveries import has_cue
from millstream.deliveries.filler import FIRST
from millstream.play import prompting
from millstream.play.examples import Examples
from millstream.play.faithful import Against, Checked, check
from millstream.records import Step, View
from millstream.shapes import Worded
from millstream.worked import Worked, shown_by_turns

OWN_WORDS = 0.3
"""From this distance to the draft on (edits per character of it) a wording counts as the model's own."""

UNSURE, UNSURE_SHORT, SHORT = -0.75, -0.95, 5
"""Mean log-probability under which a wording is not taken: what the model sampled against its own odds tends to be
broken, and guided by a near example it is seldom so unsure. A courtesy of up to SHORT words (pairs of characters of
Chinese) has many equal forms, and may be less likely."""

REWORDED = {"split", "two_intents"}
"""Deliveries that survive other words: a message is a turn of its own, two intents are two acts that are checked."""
CUED = {"filler", "emotion", "ellipsis"}
"""Deliveries that other words may show as well; that they do is checked. A turn that is delivered in another way keeps
its draft."""

COPYING = 0.3
"""What it counts against a wording that it copies a worked example, in log-probability."""


@dataclass(frozen=True)
class Reworder:
    """Rewords the steps of one domain and language. `candidates` are asked for at once, and
    `worked` examples shown; `novel` is the share of
    new words a wording may bring in."""

    chat: Chat
    model: str
    against: Against
    examples: Examples
    candidates: int = 3
    worked: int = 2
    temperature: float = 0.8
    tries: int = 2
    novel: float = 0.3

    async def say(self, view: View) -> Worded:
        if not set(view.step.delivery) <= REWORDED | CUED or _is_quoted(view.step):
            return Worded(text=view.step.draft, worded="template", step=view.step)
        tried: list[Checked] = []
        best: Checked | None = None
        labels = self.against.labels
        shown = shown_by_turns(labels.domain, labels.lang, view.role, view.step.draft, self.worked, view.seed)
        for sample in range(self.tries):
            tried += await self._try(view, shown[min(sample, len(shown) - 1)], sample, _hint(tried, labels.lang))
            if best := self._best([each for each in tried if _is_delivered(each.text, view.step)]):
                break
        if best is None:
            return Worded(text=view.step.draft, worded="kept", step=view.step)
        return Worded(text=best.text, worded="model", step=view.step)

    async def _try(self, view: View, examples: Sequence[Worked], sample: int, hint: str) -> list[Checked]:
        reply = await self.chat(self._request(view, examples, sample, hint))
        said = [turn.text for turn in view.turns]
        likely = [_likelihood(each) for each in reply.logprobs or ()] or [0.0] * len(reply.texts)
        pairs = dict(zip(reply.texts, likely, strict=True))
        return [check(text, view.step, self.against, said, sure) for text, sure in pairs.items()]

    def _best(self, candidates: Sequence[Checked]) -> Checked | None:
        """Of the faithful candidates in the model's own words, the one that it is surest of, that brings in least and
        that is no copy of an example. What says nearly the draft may only be worse than it."""
        own = [each for each in candidates if not each.faults and each.distance >= OWN_WORDS]
        sound = [each for each in own if each.novelty <= self.novel and _is_sure(each)]
        return max(sound, key=_worth, default=None)

    def _request(self, view: View, examples: Sequence[Worked], sample: int, hint: str) -> Request:
        lang = self.against.labels.lang
        said = "\n".join(f"{prompting.SPEAKER[lang][turn.role]}: {turn.text}" for turn in view.turns[-1:])
        samples = " / ".join(self.examples.like(view.step))
        task = prompting.task(lang, view.role, view.step.draft, said, samples)
        messages = [
            Message("system", prompting.system(lang, view.role)),
            *prompting.shots(lang, examples),
            Message("user", task + hint),
        ]
        draw = prompting.Draw(self.candidates, self.temperature, logprobs=True)
        return prompting.asked(self.model, messages, view, "play", sample, draw)


def _is_quoted(step: Step) -> bool:
    """What a document says, and a question about it, are said as they stand: a title ("parking") is too little for a
    small model to keep the question ("do you need parking?")."""
    return any(each.act in ("inform_passage", "request_passage") for each in step.acts)


def _is_delivered(text: str, step: Step) -> bool:
    """What the step's deliveries are known by stands in the text; what is left out is not named again."""
    cued = all(has_cue(text[:FIRST] if kind == "filler" else text, kind) for kind in CUED & set(step.delivery))
    named = "ellipsis" in step.delivery and any(heard.says(text, act.entity) for act in step.acts if act.entity)
    return cued and not named


def _worth(wording: Checked) -> float:
    return wording.sure - wording.novelty - COPYING * wording.copied


def _is_sure(wording: Checked) -> bool:
    return wording.sure >= (UNSURE_SHORT if len(heard.pieces(wording.text)) <= SHORT else UNSURE)


def _likelihood(tokens: Any) -> float:
    """Mean log-probability of a choice's tokens, at most 0; 0 where the endpoint gives none."""
    odds = [token["logprob"] for token in tokens or () if isinstance(token, dict) and "logprob" in token]
    return sum(odds) / len(odds) if odds else 0.0


def _hint(tried: Sequence[Checked], lang: str) -> str:
    """What was wrong with the tries so far: their faults, or that they keep the draft's words."""
    faults = list(dict.fromkeys(fault for each in tried for fault in each.faults))[:2]
    if not faults and tried:
        faults = ["换一种说法"] if lang == "zh" else ["say it in other words"]
    if not faults:
        return ""
    return "\n注意：" + "；".join(faults) if lang == "zh" else "\nNote: " + "; ".join(faults)
