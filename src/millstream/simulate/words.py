"""Outlines put into words, by templates: every value is marked where it stands, and read again from the text.

A turn whose text does not carry its values is worded once more and then refused, never kept. Values are put in as
they are or in a form listed in the wordings; a state knows every form in which its value was heard. Knows no goals.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from millstream.records import Lang
from millstream.services.annotated import Act, Frame, Span, State, TaskDialogue, Turn
from millstream.services.forms import forms, parts
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema
from millstream.simulate import phrase
from millstream.simulate.phrase import Said, kind


class Key(NamedTuple):
    """What a user's line does: of a service it informs, and asks for slots. One that does neither is an aside, with two
    things named as {0} and {1}."""

    service: str
    informs: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()


Lent = dict[Key, list[str]]
"""Lines of real users by what they do, each value left open as {slot}."""
LENDING = 0.6
"""How often a turn takes a lent line where there is one that does just this."""
_MARKED = re.compile("\x01([^\x02]*)\x02([^\x03]*)\x03")


class Unsaid(ValueError):
    """A turn that could not be worded so that its values are heard."""


class Wording:
    """Words for the outlines of some services."""

    def __init__(self, services: Iterable[ServiceSchema], lent: Lent | None = None) -> None:
        self.services, self.lent = {service.name: service for service in services}, lent or {}

    def worded(self, outline: TaskDialogue, seed: int = 0) -> TaskDialogue:
        """The dialogue of an outline. Unsaid where a turn cannot carry its labels."""
        rng = Random(f"{seed} {outline.key}")
        heard: dict[tuple[str, str, str], tuple[str, ...]] = {}
        turns = []
        before: Turn | None = None
        for turn in outline.turns:
            made = self._turn(turn, before, outline.lang, rng)
            frames = tuple(self._remembered(frame, made.text, heard) for frame in made.frames)
            before = replace(made, frames=frames)
            turns.append(before)
        return replace(outline, turns=tuple(turns))

    def _turn(self, turn: Turn, before: Turn | None, lang: Lang, rng: Random) -> Turn:
        if turn.text:
            return turn  # said already: small talk that was found
        for _ in range(2):
            texts, frames, at = [], [], 0
            for frame in turn.frames:
                text, spans = self._frame(turn, frame, before, lang, rng)
                frames.append(replace(frame, spans=tuple(Span(s.slot, s.start + at, s.end + at) for s in spans)))
                texts += [text] if text else []
                at += len(text) + 1 if text else 0
            made = replace(turn, text=" ".join(texts), frames=tuple(frames))
            if texts and not any(lost(made, frame, self.services[frame.service]) for frame in made.frames):
                return made
        raise Unsaid(f"{turn.frames[0].acts}: not heard in {made.text!r}")

    def _frame(
        self, turn: Turn, frame: Frame, before: Turn | None, lang: Lang, rng: Random
    ) -> tuple[str, tuple[Span, ...]]:
        service = self.services[frame.service]
        told = [a for f in before.frames for a in f.acts] if before else []
        asked = {a.slot for a in told if a.act == "REQUEST" or (a.act == "OFFER" and "|" in a.values[0])}
        offers = (
            [a for f in before.frames for a in f.acts if a.act == "OFFER" and a.slot == service.key] if before else []
        )
        offered = offers[0].values[0] if offers else ""
        said = Said(service, frame.state.intent if frame.state else "", lang, rng, frozenset(asked), offered)
        if turn.role == "agent":
            return unmarked(phrase.agent(said, frame.acts))
        return unmarked(self._lent(said, frame.acts) or phrase.user(said, frame.acts))

    def _lent(self, said: Said, acts: tuple[Act, ...]) -> str:
        """A real user's line that does just what these acts do, with their values in it; "" where there is none."""
        if not self.lent or {act.act for act in acts} - {"INFORM", "REQUEST", "INFORM_INTENT", "ASIDE"}:
            return ""
        told = {act.slot: act.values[0] for act in acts if act.act == "INFORM"}
        asked = frozenset(act.slot for act in acts if act.act == "REQUEST")
        lines = self.lent.get(Key(said.service.name, frozenset(told), asked), [])
        aside = next((act.values for act in acts if act.act == "ASIDE"), ())
        if not (told or asked or aside):
            return ""  # an aside's line is kept under no slots, as an opening would be
        if not lines or (not aside and said.rng.random() >= LENDING):
            return ""
        if any(v == DONTCARE or "|" in v for v in told.values()):
            return ""
        line = said.rng.choice(lines)
        return phrase.named(line, aside) if aside else phrase.filled(said, line, told)

    def _remembered(self, frame: Frame, text: str, heard: dict[tuple[str, str, str], tuple[str, ...]]) -> Frame:
        """The state with every form in which its values were heard so far."""
        slots = self.services[frame.service].by_name
        for span in frame.spans:
            for act in frame.acts:
                if act.slot == span.slot and act.values and act.values[0] != DONTCARE:
                    key = (frame.service, span.slot, act.values[0])
                    form = text[span.start : span.end]
                    if "|" not in act.values[0] and form not in heard.get(key, (act.values[0],)):
                        heard[key] = (*heard.get(key, (act.values[0],)), form)
        if frame.state is None:
            return frame
        known = {
            slot: heard.get((frame.service, slot, values[0]), values) if _open(slots.get(slot)) else values
            for slot, values in frame.state.values.items()
        }
        return replace(frame, state=State(frame.state.intent, frame.state.requested, known))


def _open(slot: SlotSchema | None) -> bool:
    """Only an open slot takes values as they were said; one with listed values has those."""
    return slot is not None and not slot.values


def unmarked(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text without its marks, and the spans they stood for."""
    text, spans, at = "", [], 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        spans.append(Span(found[1], len(text), len(text) + len(found[2])))
        text += found[2]
        at = found.end()
    return text + marked[at:], tuple(spans)


def lost(turn: Turn, frame: Frame, service: ServiceSchema) -> list[Act]:
    """The acts of the frame whose value is not heard where its span says, in one of its forms."""
    told: dict[str, list[str]] = {}
    for span in frame.spans:
        told.setdefault(span.slot, []).append(turn.text[span.start : span.end])
    return [act for act in frame.acts if not _heard(act, told, service)]


def _heard(act: Act, told: Mapping[str, list[str]], service: ServiceSchema) -> bool:
    slot = service.by_name.get(act.slot)
    if act.act not in ("INFORM", "CORRECT", "OFFER", "CONFIRM") or slot is None or not act.values:
        return True
    lang, wanted = service.lang, act.values[0]
    if wanted == DONTCARE or kind(act.slot, service).get("flag"):
        return True
    said = [set(forms(lang, slot, one)) for each in wanted.split("|") for one in parts(slot, each)]
    return all(each & set(told.get(act.slot, ())) for each in said)
