"""Talk of two people cut out of broadcast speech, by who speaks and when.

The rules of NCSSD's pipeline (Liu et al. 2024, Generative Expressive Conversational Speech Synthesis), over transcripts
instead of audio: cues of one speaker are merged up to the end of a sentence; a talk ends where a third one speaks or
where it is silent too long; it is kept if both speak more than twice, for long enough, and most of the time. Needs cues
with speakers (WhisperX, FunASR, transcripts). Knows no domain and no model.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from millstream.conversations import Found, Said
from millstream.language import detect
from millstream.mine.topics import asks
from millstream.recipe import Recipe
from millstream.records import Cue, Reject, Role

SILENCE, LEAST, SECONDS, SHARE = 4.0, 3, 15.0, 0.3
"""Seconds of silence that end a talk; utterances each of the two has at least; seconds of speech, and its share of the
time. Those of the pipeline's code."""
_ENDS = (".", "!", "?", "。", "！", "？", "…", '"', "”")

Utterance = list[Cue]


def recipe() -> Recipe:
    return Recipe(name="conversation", about="two-person talk cut out of broadcast speech by speakers", cut=cut)


def cut(cues: Sequence[Cue]) -> Iterator[Found | Reject]:
    """The talks in order. What is between them is a reject with its reason."""
    spoken = [cue for cue in cues if cue.track == "speech" and cue.text]
    if not any(cue.speaker for cue in spoken):
        if spoken:
            yield Reject(step="speakers", item=spoken[0].recording, reason="its speech has no speakers")
        return
    for talk in _talks(_utterances(spoken)):
        why = _why_not(talk)
        first, last = talk[0][0], talk[-1][-1]
        if why:
            yield Reject(step="talk of two", item=f"{first.recording} speech {first.n} to {last.n}", reason=why)
        else:
            yield _found(talk)


def _utterances(cues: Sequence[Cue]) -> Iterator[Utterance]:
    """Cues of one speaker up to the end of a sentence, or to a silence."""
    part: Utterance = []
    for cue in cues:
        if part and (cue.speaker != part[-1].speaker or part[-1].text.endswith(_ENDS) or _silent(part[-1], cue)):
            yield part
            part = []
        part.append(cue)
    if part:
        yield part


def _talks(utterances: Iterator[Utterance]) -> Iterator[list[Utterance]]:
    """Cut where a third speaker enters, where nobody is known to speak, and where it is silent."""
    talk: list[Utterance] = []
    for each in utterances:
        speakers = {part[0].speaker for part in talk} | {each[0].speaker}
        if talk and (len(speakers) > 2 or "" in speakers or _silent(talk[-1][-1], each[0])):
            yield talk
            talk = []
        talk.append(each)
    if talk:
        yield talk


def _silent(before: Cue, after: Cue) -> bool:
    """A pause longer than `SILENCE`; what has no times has no pauses."""
    if before.end is None or after.start is None:
        return False
    return after.start - before.end > SILENCE


def _why_not(talk: Sequence[Utterance]) -> str:
    counts = Counter(part[0].speaker for part in talk)
    if "" in counts:
        return "nobody is named"
    if len(counts) < 2:
        return "one person alone"
    if min(counts.values()) < LEAST:
        return f"one of the two speaks {min(counts.values())} times, {LEAST} are needed"
    timed = [cue for part in talk for cue in part if cue.start is not None and cue.end is not None]
    if not timed:
        return ""
    said = sum((cue.end or 0.0) - (cue.start or 0.0) for cue in timed)
    whole = (timed[-1].end or 0.0) - (timed[0].start or 0.0)
    if said < SECONDS:
        return f"{said:.0f} seconds of speech, {SECONDS:g} are needed"
    return "" if said >= SHARE * whole else f"speech is {said / whole:.0%} of the time, {SHARE:.0%} are needed"


def _found(talk: Sequence[Utterance]) -> Found:
    """Who asks more is the user; utterances of one speaker that follow each other are one turn."""
    asked = Counter(part[0].speaker for part in talk for cue in part if asks(cue.text))
    user = max((part[0].speaker for part in talk), key=lambda name: asked[name])
    turns: list[Said] = []
    for part in talk:
        role: Role = "user" if part[0].speaker == user else "agent"
        said, numbers = " ".join(cue.text for cue in part), tuple(cue.n for cue in part)
        if turns and turns[-1].role == role:
            before = turns[-1]
            joined = {"text": f"{before.text} {said}", "cues": (*before.cues, *numbers), "end": part[-1].end}
            turns[-1] = before.model_copy(update=joined)
        else:
            turns.append(Said(role=role, text=said, cues=numbers, start=part[0].start, end=part[-1].end))
    lang = detect(" ".join(turn.text for turn in turns)).lang
    return Found(recording=talk[0][0].recording, track="speech", lang=lang, turns=tuple(turns))
