"""Words that were misheard, put right: a known name for what sounds like it, where more than the sound says so.

A noisy channel without figures of its own: the candidates are names of the run that sound like what was recognised; the
evidence is that what stands there is no word, or that what stands beside it goes with the name (chinese.py,
english.py). Speech alone is put right, and every cue keeps what was heard. Needs the extra `sounds`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

from millstream import plugins
from millstream.domain import Domain
from millstream.mine.find import Phrases
from millstream.records import Cue, Fact, Lang, Passage

PUT_RIGHT = "misheard, put right"
_NEEDS: dict[Lang, tuple[str, ...]] = {"zh": ("chinese", "jieba", "pypinyin"), "en": ("english", "jellyfish")}
NEAR = 2
"""Cues on either side in which a word that was put right is put right again, with no evidence of its own."""


class Repair(NamedTuple):
    """At characters `start` to `end` of a text `heard` was written for `meant`; `why` is the evidence in a word."""

    start: int
    end: int
    heard: str
    meant: str
    why: str


Hearing = Callable[[str], list[Repair]]
"""The repairs of one text, in order and apart. What is put right is a name, and stays."""


class Ears(Protocol):
    """The names of a run, with their sounds worked out."""

    def hearing(self, spoken: Sequence[str], written: Sequence[str]) -> Hearing:
        """For one recording: all that is `spoken` in it, as it was heard, and all that viewers have `written`."""
        ...

    def sounding(self, text: str) -> Iterable[Repair]:
        """What sounds like a name, with no other evidence: what benchmarks/mishearing.py measures beside us."""
        ...


def ears(lang: Lang, domain: Domain, facts: Sequence[Fact], passages: Sequence[Passage]) -> Ears | None:
    """Those for the names of a run; None where the extra is not installed."""
    name, *needs = _NEEDS[lang]
    if any(find_spec(each) is None for each in needs):
        return None
    of: Any = plugins.module("mine.sounds", name)
    made: Ears = of.Ears(domain, facts, passages)
    return made


def put_right(ears: Ears | None, cues: list[Cue], notes: Counter[str]) -> list[Cue]:
    """The cues with their repairs made; `notes` counts them. Doing it again changes nothing. A talk of two alone stays
    as it is: it may have been typed, and its turns are lent word for word."""
    speech = [cue for cue in cues if cue.track == "speech"]
    written = [cue.text for cue in cues if cue.track != "speech"]
    if ears is None or (not written and len({cue.speaker for cue in speech} - {""}) == 2):
        return cues
    made = repaired(ears.hearing([cue.heard or cue.text for cue in speech], written), [cue.text for cue in speech])
    notes[PUT_RIGHT] += sum(len(repairs) for _, repairs in made)
    if not notes[PUT_RIGHT]:
        del notes[PUT_RIGHT]
    changed = {id(cue): text for cue, (text, _) in zip(speech, made, strict=True) if text != cue.text}
    return [_changed(cue, changed[id(cue)]) if id(cue) in changed else cue for cue in cues]


def repaired(hearing: Hearing, texts: Sequence[str]) -> list[tuple[str, list[Repair]]]:
    """Each text put right, with the repairs made on the way (places are those of the text they were made in)."""
    made = [_settled(hearing, text) for text in texts]
    for n, (text, repairs) in enumerate(first := list(made)):
        around = first[max(0, n - NEAR) : n + NEAR + 1]
        near = {each.heard: each.meant for _, others in around for each in others}
        hits = Phrases(near).found(text) if near else ()
        again = [Repair(hit.start, hit.end, text[hit.start : hit.end], hit.value, "beside") for hit in hits]
        if again:
            settled, more = _settled(hearing, _applied(text, again))
            made[n] = settled, [*repairs, *again, *more]
    return made


def _settled(hearing: Hearing, text: str) -> tuple[str, list[Repair]]:
    """A repair may bear out another beside it."""
    made: list[Repair] = []
    while found := hearing(text):
        text, made = _applied(text, found), [*made, *found]
    return text, made


def _applied(text: str, repairs: Sequence[Repair]) -> str:
    for each in sorted(repairs, reverse=True):
        text = text[: each.start] + each.meant + text[each.end :]
    return text


def _changed(cue: Cue, text: str) -> Cue:
    return cue.model_copy(update={"text": text, "heard": cue.heard or cue.text})
