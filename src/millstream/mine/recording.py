"""The mining of one recording, in one place: cues in, signals out, or the reason why there are none.

The cues have passed the door (door.py): that is the caller's duty, for nothing unmasked may be written down
either. Rules find what they can; a model, where there is one, then reads the best windows.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from itertools import chain

from millstream.domain import Domain
from millstream.language import detect
from millstream.mine import abstain
from millstream.mine.cast import Cast, cast
from millstream.mine.clean import clean
from millstream.mine.describe import describe, enough
from millstream.mine.extract import Reader, read
from millstream.mine.link import Link, link, packaged
from millstream.mine.linking.speech import Speech
from millstream.mine.names import heard
from millstream.mine.replies import in_threads, in_turns
from millstream.mine.rules import Rules
from millstream.mine.sheet import Sheet
from millstream.mine.topics import Topics, topics_of
from millstream.records import Cue, Recording, Reject, Signal

__all__ = ["Reader", "by_rule", "mine"]


async def mine(
    recording: Recording,
    cues: list[Cue],
    domain: Domain,
    known: Sheet,
    reader: Reader | None,
    notes: Counter[str],
) -> AsyncIterator[Signal | Reject]:
    """The signals of a recording, or one Reject of step "abstain". `known` is what tables hold; where
    they name nothing, what the host introduces by name is taken for one.

    `notes` counts what was dropped and why. With a `reader`, what the model says and its evidence does not bear
    out is a Reject of step "mine"; a window it fails on is counted and the others go on.
    """
    rules, people, signals = by_rule(recording, cues, domain, known, notes)
    viewers = people.viewers
    if reader and not (known.names or viewers or people.replies or people.turns):
        async for found in _described(reader, rules, people, signals, notes):
            yield found
        return
    lines = len(viewers) + len(people.host)
    least = abstain.LEAST_OF_TWO if people.turns else abstain.LEAST
    if why := abstain.reason(signals, lines, domain, least):
        yield Reject(step="abstain", item=recording.id, reason=why)
        return
    for signal in signals:
        yield signal
    if reader:
        async for found in read(reader, rules, people, signals, notes):
            yield found


async def _described(
    reader: Reader, rules: Rules, people: Cast, signals: Sequence[Signal], notes: Counter[str]
) -> AsyncIterator[Signal | Reject]:
    """A host alone, and no table: what it says of the things it shows, in place of the facts of guessed names.
    Whether that is enough is seen only when it is read."""
    facts: list[Signal] = []
    async for found in describe(reader, rules, people.speech, notes):
        if isinstance(found, Signal):
            facts.append(found)
        else:
            yield found
    if why := enough(facts):
        yield Reject(step="abstain", item=rules.recording, reason=why)
        return
    for signal in (*(each for each in signals if each.kind not in ("fact", "correction")), *facts):
        yield signal


def by_rule(
    recording: Recording, cues: Sequence[Cue], domain: Domain, known: Sheet, notes: Counter[str]
) -> tuple[Rules, Cast, list[Signal]]:
    """What the rules find in a recording, enough or not: with the rules, and who is who in it."""
    people = cast(cues)
    viewers = people.viewers if people.turns else tuple(clean(people.viewers, notes))
    people = Cast(people.speech, people.replies, viewers, people.turns)
    names = known.names
    topics = topics_of(domain, names) if names else Topics(domain, heard(people.speech), guessed=True)
    rules = Rules(recording.id, topics, recording.lang or _language(cues), known)
    return rules, people, _signals(rules, people)


def _signals(rules: Rules, people: Cast) -> list[Signal]:
    questions = rules.questions(people.viewers)
    links = links_of(rules, people)
    asked, answered = rules.asked(questions), rules.exchanges(links, people.speech)
    signals = chain(asked, answered, rules.responses(people.speech, links), rules.host(people.host, links))
    return list({signal.id: signal for signal in signals}.values())


def links_of(rules: Rules, people: Cast) -> list[Link]:
    """Who answered whom: by the clock where there is one, by the thread or the turn where there is none."""
    if people.turns:
        return in_turns(people.turns, people.viewers)
    live = [cue for cue in people.viewers if cue.track != "comment" and cue.start is not None]
    spoken = [cue for cue in people.speech if cue.start is not None]
    speech = Speech(spoken, rules.topics, live)
    by_clock = link(rules.lines(live), speech, packaged()) if live and spoken else []
    written = (*people.viewers, *people.replies)
    comments = sorted((cue for cue in written if cue.track == "comment"), key=lambda cue: cue.n)
    return by_clock + in_threads(comments, people.replies)


def _language(cues: Sequence[Cue]) -> str:
    return detect(" ".join(cue.text for cue in cues[:200])).lang
