"""What a model finds in the best windows, and of that only what the cues bear out.

A signal is kept where its quote really stands in the cues it names and its value in its quote; the rest is a
Reject that says why. What viewers wrote is data: it is fenced by marks the text cannot hold, and declared so.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import Any, Literal

from pydantic import BaseModel, Field, create_model
from rapidfuzz import fuzz

from millstream.chat import Chat, Message, ask
from millstream.errors import ChatError, Spent
from millstream.mine.cast import Cast
from millstream.mine.facts import denied
from millstream.mine.rules import Rules
from millstream.mine.topics import Topics, sign
from millstream.mine.windows import Window, best
from millstream.mine.words import spoken
from millstream.records import Cue, Lang, Reject, Signal
from millstream.shapes import Embed

OPEN, CLOSE = "⟦", "⟧"
_QUOTED, _LONGEST, _TOKENS = 90.0, 300, 160
_PROMPTS = files("millstream") / "mine" / "prompts"


@dataclass(frozen=True)
class Reader:
    """A model that reads. `budget` is the number of windows of one recording it may be asked about."""

    chat: Chat
    model: str
    budget: int = 8
    embed: Embed | None = None


class Found(BaseModel):
    """One signal as the model tells it; `cues` are the numbers of the window's lines."""

    kind: Literal["fact", "offer", "strategy", "account"]
    cues: list[int] = Field(min_length=1, max_length=2)
    quote: str = Field(min_length=2, max_length=60)
    entity: str = Field(default="", max_length=30)
    slot: str = Field(default="", max_length=20)
    value: str = Field(default="", max_length=30)
    label: Literal[
        "", "needs_mining", "holds_price", "offers_gift", "urgency", "empathy", "invitation", "comparison",
        "reassurance", "correction",
    ] = ""  # fmt: skip


class Signals(BaseModel):
    """A model's whole answer for a window."""

    signals: list[Found] = Field(max_length=2)


async def read(
    reader: Reader,
    rules: Rules,
    people: Cast,
    signals: Sequence[Signal],
    notes: Counter[str],
) -> AsyncIterator[Signal | Reject]:
    """What the model adds to `signals`. `notes` counts windows read, windows that failed, and what it confirmed."""
    known = {(signal.kind, signal.evidence[0].track, n) for signal in signals for n in signal.evidence[0].at}
    for window in best(people, signals, rules.topics, reader.budget):
        item = f"{rules.recording}:{window.cues[0].track}:{window.cues[0].n}"
        try:
            answer = await _ask(reader, rules, window, item)
        except Spent:
            raise  # a recording read in part would stay so: it waits until there is money again
        except ChatError:
            notes["windows the model failed on"] += 1
            continue
        notes["windows read"] += 1
        for found in answer.signals:
            found = trimmed(found)
            cues, why = checked(found, window, rules.topics)
            if why:
                yield Reject(step="mine", item=item, reason=why)
            elif all((found.kind, cue.track, cue.n) in known for cue in cues):
                notes["signals the model confirmed"] += 1
            else:
                notes["signals the model added"] += 1
                yield _signal(found, cues, rules)


async def _ask(reader: Reader, rules: Rules, window: Window, item: str) -> Signals:
    messages = prompt(rules, window)
    return await ask(
        reader.chat, reader.model, messages, _wanted(window, rules.topics),
        tries=1, stage="mine", item=item, max_tokens=_TOKENS, temperature=0.0, seed=1,
    )  # fmt: skip


def _wanted(window: Window, topics: Topics) -> type[Signals]:
    """The answer's shape, in which an entity can only be one that the window names."""
    named = [cue.text[hit.start : hit.end] for cue in window.cues for hit in topics.about(cue.text).entities]
    entity: Any = Literal[tuple(dict.fromkeys(["", *named]))]
    found: Any = create_model("Found", __base__=Found, entity=(entity, ""))
    return create_model("Signals", __base__=Signals, signals=(list[found], Field(max_length=2)))


def prompt(rules: Rules, window: Window) -> list[Message]:
    """The task with one example, then the window's lines between marks that no line can hold."""
    lang: Lang = "zh" if rules.lang == "zh" else "en"
    domain = rules.topics.domain
    text = (_PROMPTS / f"extract.{lang}.md").read_text(encoding="utf-8")
    task = Template(text).substitute(entity=domain.entity.get(lang, ""), open=OPEN, close=CLOSE)
    lines = (f"{n} {fenced(cue.text)}" for n, cue in enumerate(window.cues, 1))
    return [Message("system", task), Message("user", "\n".join((OPEN, *lines, CLOSE)))]


def fenced(text: str) -> str:
    """Text as it may stand between the marks: one line, without the marks, and not endless."""
    return " ".join(text.replace(OPEN, "(").replace(CLOSE, ")").split())[:_LONGEST]


def trimmed(found: Found) -> Found:
    """A value without what the model put behind it: a unit, a particle. Small models do that."""
    quote, value = _squeezed(found.quote), _squeezed(found.value)
    held = next((value[:end] for end in range(len(value), 0, -1) if value[:end] in quote), "")
    return found.model_copy(update={"value": held}) if len(value) > len(held) >= max(2, 0.6 * len(value)) else found


def checked(found: Found, window: Window, topics: Topics) -> tuple[list[Cue], str]:
    """The cues that bear a signal out, or why none does. A line counted wrongly is forgiven where the quote is
    found whole in another of the window. A fact must name a thing that is known, and say something of it."""
    named = [n - 1 for n in found.cues if 0 < n <= len(window.cues)]
    holding = [n for n in named if _holds(found.quote, window.cues[n].text)]
    holding = holding or [n for n, cue in enumerate(window.cues) if _squeezed(found.quote) in _squeezed(cue.text)]
    if not holding:
        return [], f"its quote stands in no cue it names: {found.quote!r}"
    if found.value and _squeezed(found.value) not in _squeezed(found.quote):
        return [], f"its value {found.value!r} is not in its quote {found.quote!r}"
    if found.kind == "fact" and (not found.value or found.value in found.entity or found.value == found.quote):
        return [], f"a fact without a value: {found.quote!r}"
    if found.kind == "fact" and (topics.about(found.value).entities or denied(found.value, found.quote)):
        return [], f"its value {found.value!r} is denied, or is a name, in {found.quote!r}"
    if found.kind == "fact" and not topics.about(window.cues[holding[0]].text).entities:
        return [], f"a fact of nothing that is known: {found.quote!r}"
    text = window.cues[holding[0]].text.lower()
    if found.kind == "strategy" and not (found.label and sign("strategies", found.label).search(text)):
        return [], f"no word of {found.label or 'a strategy'} in it: {found.quote!r}"
    if found.kind == "offer" and not (sign("offers").search(text) or topics.promises(found.quote)):
        return [], f"an offer that promises nothing: {found.quote!r}"
    return [window.cues[n] for n in holding], ""


def _holds(quote: str, text: str) -> bool:
    short, long = _squeezed(quote), _squeezed(text)
    return short in long or (len(short) <= len(long) and fuzz.partial_ratio(short, long) >= _QUOTED)


def _squeezed(text: str) -> str:
    return "".join(char for char in spoken(text) if char.isalnum())


def _signal(found: Found, cues: list[Cue], rules: Rules) -> Signal:
    """The signal with the entity its cue names, and a slot only where its cue names that too; another attribute
    is a fact's label."""
    about = rules.topics.about(cues[0].text)
    slot = found.slot if found.slot in about.slot_names else ""
    return rules.signal(
        found.kind,
        cues[:1],
        text=cues[0].text,
        entity=about.entities[0].value if about.entities else "",
        slot=slot,
        value=found.value,
        label=found.label if found.kind == "strategy" else found.slot * (found.kind == "fact" and not slot),
        confidence=0.5,
    )
