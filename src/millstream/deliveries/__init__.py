"""How a step is delivered, apart from what it says: one file a kind, and the folder is the registry.

A kind is a function `deliver(outline, how)` that gives the outline back, changed or not, and a checker
`shown(turns, n)` that says whether turn n really shows it, by its text and those around it. No kind touches what is
meant: acts stay with their sentences, and the state after the last turn is what it was. Wordings and cues stand in
wordings.zh.yaml and wordings.en.yaml, the rates of the presets in rates.yaml. Knows nothing of settings or scenarios.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from random import Random
from typing import Any

from millstream import phrases, resources
from millstream.labels import Labels, context
from millstream.records import Act, Lang, Outline, Role, Sentence, Step, Turn
from millstream.shapes import Known

ENDING = {"bye", "thank", "decline", "delay", "select", "request_handover", "handover", "confirm_booking"}
"""Acts after which a dialogue is as good as over: nothing is put in between them."""
REPAIR = "repair:"
"""What the strategy of an agent's turn that mends something begins with (plan/recovery.py)."""
Change = Callable[[Sequence[Step], int], Step | None]
"""(steps, n) -> step n delivered another way, or None where it cannot be."""


@dataclass
class How:
    """What a kind may use: the domain, language and facts, its rate (0 to 1), and what its random is seeded with."""

    known: Known
    rate: float
    seed: str
    used: set[str] = field(default_factory=set)

    @property
    def lang(self) -> Lang:
        return self.known.lang

    @cached_property
    def rng(self) -> Random:
        """Made where it is used: most kinds find no place in most dialogues, and seeding is dear."""
        return Random(self.seed)

    def happens(self) -> bool:
        return self.rng.random() < self.rate

    def wording(self, kind: str, key: str = "user") -> str:
        """One that this dialogue has not had, if there is one left."""
        every = wordings(kind, key, self.lang)
        said = self.rng.choice([each for each in every if each not in self.used] or every)
        self.used.add(said)
        return said

    def lost(self, steps: Sequence[Step], n: int) -> list[str]:
        """The labels of step n that its draft does not carry."""
        before = ((step.draft, step.acts) for step in steps[:n])
        return self._labels.lost(steps[n].draft, steps[n].acts, context(before))

    def unheard(self, text: str, acts: Sequence[Act]) -> list[str]:
        """The labels a text by itself does not carry."""
        return self._labels.lost(text, acts)

    def speaks_of(self, text: str, slot: str) -> bool:
        """Whether a text has a word of the slot."""
        return slot in self.known.domain.by_name and self._labels.speaks_of(text, slot)

    def named(self, slot: str) -> str:
        """What a slot is called; "" for one that is not the domain's."""
        spec = self.known.domain.by_name.get(slot)
        return spec.names[self.lang][0] if spec and spec.names.get(self.lang) else ""

    @cached_property
    def _labels(self) -> Labels:
        return Labels.of(self.known.domain, self.known.lang)


def data(lang: Lang) -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data(f"deliveries/wordings.{lang}.yaml")
    return loaded


def wordings(kind: str, key: str, lang: Lang) -> tuple[str, ...]:
    return tuple(data(lang)[kind][key])


def spoken_of(kinds: Sequence[str], lang: Lang) -> tuple[str, ...]:
    """What an agent may say for these kinds beside its facts."""
    keys = ("agent", "back", "pairs", "delay", "decline")
    return tuple(text for kind in kinds for key in keys for text in data(lang).get(kind, {}).get(key, ()))


@cache
def _cue(kind: str, key: str) -> re.Pattern[str]:
    return re.compile("|".join(data(lang)[kind][key] for lang in ("zh", "en")), re.IGNORECASE)


def has_cue(text: str, kind: str, key: str = "shows") -> bool:
    """Whether a text has what a kind is known by, in either language."""
    return bool(_cue(kind, key).search(text))


def after_cue(text: str, kind: str) -> str:
    """What stands behind the last cue of a kind; "" without one."""
    found = list(_cue(kind, "shows").finditer(text))
    return text[found[-1].end() :] if found else ""


# --- steps -------------------------------------------------------------------------------------------------


def rebuilt(step: Step, parts: Sequence[Sentence], lang: Lang, *kinds: str) -> Step:
    """A step of other sentences, marked with `kinds`: draft, acts and what it rests on follow from them."""
    return step._replace(
        parts=tuple(parts),
        draft=phrases.joined([(part.text, part.must) for part in parts], lang),
        acts=tuple(act for part in parts for act in part.acts),
        must=tuple(dict.fromkeys(word for part in parts for word in part.must)),
        refs=tuple(dict.fromkeys(ref for part in parts for ref in part.refs)),
        asks=any(part.text.endswith(("?", "？")) for part in parts),
        delivery=(*step.delivery, *kinds),
    )


def spoken(like: Step, role: Role, text: str, act: Act, lang: Lang, *kinds: str) -> Step:
    """A new step of one sentence, in the stage and state of `like`."""
    bare = like._replace(role=role, strategy="", frame="", delivery=())
    return rebuilt(bare, [Sentence(text=text, acts=(act,))], lang, *kinds)


def worded(part: Sentence, text: str) -> Sentence:
    return part._replace(text=text)


def led(part: Sentence, head: str, lang: Lang) -> Sentence:
    """A sentence behind some words before it: a clause of their own, or a sentence."""
    clause = head.rstrip().endswith((",", "，", "and", "plus"))
    return worded(part, head + (phrases.inner(part.text, lang, part.must) if clause else part.text))


def with_steps(outline: Outline, steps: Sequence[Step]) -> Outline:
    return outline._replace(steps=tuple(steps))


def does(step: Step, *acts: str) -> bool:
    return any(act.act in acts for act in step.acts)


def asked(step: Step) -> Act | None:
    """The one thing a user's step asks for, if it is one."""
    found = [act for act in step.acts if act.act == "request" and act.slot] if step.role == "user" else []
    return found[0] if len(found) == 1 else None


def answers(step: Step, question: Act) -> bool:
    """Whether an agent's step tells what was asked, or owns up to not knowing it."""
    about = (question.slot, question.entity)
    telling = [act for act in step.acts if act.act in ("inform", "notify_unknown")]
    return step.role == "agent" and any((act.slot, act.entity) == about for act in telling)


def mending(steps: Sequence[Step]) -> frozenset[int]:
    """The steps of a repair: what went wrong, who said so, what mends it, and what comes of it. They follow each other
    at once, so that nothing is put between them."""
    mended = [n for n, step in enumerate(steps) if step.strategy[: len(REPAIR)] == REPAIR]
    return frozenset(n for m in mended for n in range(m - 2, m + 2))


def free(steps: Sequence[Step], places: Sequence[int]) -> list[int]:
    """Those of some places that are in no repair."""
    repair = mending(steps) if places else ()
    return [n for n in places if n not in repair]


# --- how often ---------------------------------------------------------------------------------------------


def once(outline: Outline, how: How, places: Iterable[int], change: Callable[[int], Sequence[Step]]) -> Outline:
    """What adds or takes turns happens at most once a dialogue, at one of its places: `change` gives what stands
    for the step there. Mostly it does not happen, and no place is looked for."""
    if not how.happens() or not (left := free(outline.steps, list(places))):
        return outline
    n = how.rng.choice(left)
    return with_steps(outline, [*outline.steps[:n], *change(n), *outline.steps[n + 1 :]])


def each(outline: Outline, how: How, change: Change) -> Outline:
    """What changes words happens to a share of the steps it fits. One that would lose a label stays as it is, and
    one that is delivered in some way already is left to it."""
    steps, changed = list(outline.steps), False
    for n, step in enumerate(outline.steps):
        if step.delivery or not step.parts:
            continue
        made = change(steps, n) if how.happens() else None
        if made is not None and not how.lost([*steps[:n], made], n):
            steps[n], changed = made, True
    return with_steps(outline, steps) if changed else outline


def in_a_row(turns: Sequence[Turn], n: int) -> Sequence[Turn]:
    """Turn n with those around it by the same speaker."""
    start = next((m + 1 for m in range(n - 1, -1, -1) if turns[m].role != turns[n].role), 0)
    end = next((m for m in range(n + 1, len(turns)) if turns[m].role != turns[n].role), len(turns))
    return turns[start:end]
