"""What streams give a proof: how viewers word their wishes and questions, and how many wishes they open with.

A line of chat that the host answers is a turn of a task; a viewer's answered lines, in their order, are a talk. A
tracker that has learnt from templates alone says which slot takes each value of a line; a line of which every value is
taken, and every slot once, is lent with its values left open, unless it is long and one author's own. No label of any
corpus is seen here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from millstream import resources, text
from millstream.errors import InputError
from millstream.frames import CROWD, is_own
from millstream.mine.clean import clean
from millstream.mine.linking.answers import answers, packaged
from millstream.mine.merge import merge
from millstream.prove.arms import ours
from millstream.prove.offers import Offers, named
from millstream.prove.targets import Target
from millstream.prove.trial import HIDDEN
from millstream.records import Cue, Lang
from millstream.services.schema import ServiceSchema
from millstream.simulate.policy import Policy
from millstream.simulate.words import Key, Lent
from millstream.train.candidates import Candidate, Lexicon, Words, candidates, held
from millstream.train.features import meant, stems, topic
from millstream.train.tracker import Tracker, Tracks
from millstream.turns import runs

Talk = tuple[tuple[str, str], ...]
"""(a viewer's line, what was heard in answer), in their order."""
_OPENING = 3
"""Wishes of which a policy counts how many are said at once (simulate/policy.py)."""


class Stream(NamedTuple):
    """One recording's chat and speech."""

    chat: tuple[Cue, ...]
    speech: tuple[Cue, ...]


def read(folder: Path) -> Iterator[Stream]:
    """The streams of a folder: NAME.chat.jsonl beside NAME.speech.jsonl, a cue a line. InputError names the line."""
    found = sorted(folder.glob("*.chat.jsonl"))
    if not found:
        raise InputError("holds no streams", str(folder), "give NAME.chat.jsonl and NAME.speech.jsonl, a cue a line")
    for chat in found:
        yield Stream(_cues(chat), _cues(chat.with_name(chat.name.replace(".chat.", ".speech."))))


def _cues(path: Path) -> tuple[Cue, ...]:
    cues = []
    for n, row in enumerate(text.read(path).split("\n"), 1):  # a cue may hold other ends of lines
        if not row.strip():
            continue
        try:
            cues.append(Cue.model_validate_json(row))
        except ValidationError as error:
            raise InputError("no cue, or torn", f"{path}: line {n}", "write it again") from error
    return tuple(cues)


def talks(stream: Stream) -> Mapping[str, Talk]:
    """The answered lines of each viewer, by the viewer."""
    chat = list(clean(stream.chat, Counter()))
    said = merge(chat)
    by_author: dict[str, list[tuple[float, str, str]]] = defaultdict(list)
    for each in answers(said, stream.speech, chat, packaged()) if said and stream.speech else ():
        cue = said[each.line].cue
        told = " ".join(stream.speech[n].text for n in each.cues)
        by_author[cue.author].append((cue.start or 0.0, cue.text, told))
    return {author: tuple((line, told) for _, line, told in sorted(each)) for author, each in by_author.items()}


class Followed(NamedTuple):
    """A line of a talk and what it was told, the service it is about, and that service's state before and after it."""

    line: str
    told: str
    service: ServiceSchema
    before: Mapping[str, str]
    after: Mapping[str, str]


class Line(NamedTuple):
    """A viewer's line with its values left open: what it informs of, what it asks for, and whether it opens; one that
    does neither is an aside. `quote` is what its author said."""

    service: str
    text: str
    informs: tuple[str, ...]
    requests: tuple[str, ...]
    opens: bool
    quote: str = ""
    author: str = ""

    @property
    def key(self) -> Key:
        return Key(self.service, frozenset(self.informs), frozenset(self.requests))


@dataclass
class Labeller:
    """Reads talks with a tracker that has seen templates alone."""

    services: Sequence[ServiceSchema]
    lexicons: Mapping[str, Lexicon]
    tracker: Tracks
    lines: list[Line] = field(default_factory=list)
    read: int = 0
    """`read` of all lines, `lines` are those that are understood."""
    offered: Counter[str] = field(default_factory=Counter)
    asides: Counter[str] = field(default_factory=Counter)
    """Of each service, answers that offer a row, and lines that name one in an aside."""

    def __post_init__(self) -> None:
        self.offers = Offers(self.lexicons)

    def take(self, talk: Talk, author: str = "") -> None:
        for each in self.followed(talk):
            self.read += 1
            name = each.service.name
            self.offered[name] += self.offers(name, each.told, each.line)
            found = self._aside(each) or self._line(each.service, each.line, each.before, each.after)
            if found:
                self.lines.append(found._replace(quote=each.line, author=author))

    def _aside(self, each: Followed) -> Line | None:
        """A line that names two rows, and is offered none: it is no wish for either."""
        names = named(each.line, self.lexicons)
        wants = re.search(_patterns()["wants"][each.service.lang], each.line.lower())
        if len(names) != 2 or "{" in each.line or wants or self.offers.anything(each.told, each.line):
            return None
        self.asides[each.service.name] += 1
        text = _opened(each.line, [(place, str(n)) for n, place in enumerate(names)])
        return Line(each.service.name, _core(text), (), (), False)

    def followed(self, talk: Talk) -> Iterator[Followed]:
        """The states of a talk, line by line, as the tracker has them."""
        states: dict[str, dict[str, str]] = {}
        now, heard, earlier = "", "", ""
        for line, told in talk:
            said = Words(line, heard, earlier)
            service = self._about(said, now)
            before = states.get(service.name, {})
            others = {name: each for name, each in states.items() if name != service.name and not before}
            states[service.name] = self.tracker.step(service, said, before, others)
            yield Followed(line, told, service, before, states[service.name])
            now, heard, earlier = service.name, told, f"{earlier} {heard}".strip()

    def _about(self, said: Words, now: str) -> ServiceSchema:
        """The service whose words the line has; else that of the line before; else the one that takes most of it."""

        def fits(service: ServiceSchema) -> tuple[int, bool, int]:
            words = topic(f"{service.name} {service.description}".replace("_", " "), service.lang)
            values = [each for each in candidates(self.lexicons[service.name], Words(said.user), {}) if each.slots]
            return len(words & topic(said.user, service.lang)), service.name == now, len(values)

        return max(self.services, key=fits)

    def _line(
        self, service: ServiceSchema, line: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> Line | None:
        lexicon = self.lexicons[service.name]
        new = {slot: value for slot, value in after.items() if before.get(slot) != value}
        places: list[tuple[Candidate, str]] = []
        for each in candidates(lexicon, Words(line), {}):
            taken = [slot for slot, value in new.items() if held(each, slot, lexicon) == value]
            if len(taken) != 1:
                return None
            places.append((each, taken[0]))
        slots = [slot for _, slot in places]
        if set(slots) != set(new) or len(slots) != len(new):
            return None
        requests = tuple(sorted(_asked(service, line) - set(slots)))
        text = _opened(line, places)
        if not (slots or requests) or _doubtful(service, text, slots):
            return None
        return Line(service.name, text, tuple(sorted(slots)), requests, not before)


def _asked(service: ServiceSchema, line: str) -> set[str]:
    """The slots that a line which asks names; the name of a row is hardly asked for, and its words are everywhere."""
    if not re.search(_patterns()["asks"][service.lang], line.lower()):
        return set()
    if service.lang == "zh":
        return {slot.name for slot in service.slots if slot.name in line} - {service.key}
    said = stems(line, "en")
    named = {slot.name: meant(slot.model_copy(update={"description": ""}), "en") for slot in service.slots}
    return {name for name, words in named.items() if words and words <= said} - {service.key}


def _patterns() -> Mapping[str, Any]:
    """Those of turns in talks of two."""
    loaded: dict[str, Any] = resources.data("mine/turns.yaml")
    return loaded


def _doubtful(service: ServiceSchema, text: str, slots: Sequence[str]) -> bool:
    """Does it hold a number that no slot took, or ask whether something has a value instead of wishing for it?"""
    bare = re.sub(r"\{\w+\}", "", text)
    asks, wants = (re.search(_patterns()[name][service.lang], bare.lower()) for name in ("asks", "wants"))
    return bool(re.search(r"\d", bare) or (set(slots) - {service.key} and asks and not wants))


def _opened(line: str, places: Sequence[tuple[Candidate, str]]) -> str:
    for each, slot in sorted(places, key=lambda place: -place[0].start):
        line = f"{line[: each.start]}{{{slot}}}{line[each.end :]}"
    return line


def _core(line: str) -> str:
    """The clauses from the first open value to the last."""
    clauses = re.findall(r"[^，。！？,.!?]*(?:[，。！？,.!?]|$)", line)
    there = [n for n, each in enumerate(clauses) if "{" in each]
    return "".join(clauses[there[0] : there[-1] + 1]).strip() if there else line


def policy(lines: Sequence[Line], known: Policy) -> Policy:
    """The policy with as many wishes at the opening as viewers say."""
    opened = [len(line.informs) for line in lines if line.opens]
    if not opened:
        return known
    told, left = sum(opened), sum(max(0, _OPENING - count) for count in opened)
    return known.model_copy(update={"volunteer": (told + 1) / (told + left + 2)})


class Mined(NamedTuple):
    """A target with what streams gave it; of `answered` lines these were `understood`."""

    target: Target
    answered: int
    understood: int


def labeller(target: Target, size: int) -> Labeller:
    """One that has read nothing yet; its tracker has learnt from `size` dialogues that were made without streams."""
    services = tuple(each for each in target.services if each.name in target.played)
    lexicons = {each.name: Lexicon(each, target.knowledge) for each in services}
    tracker = Tracker({each.name: Lexicon(each, target.knowledge, HIDDEN) for each in services})
    tracker.fit(ours(target, size, 0), 0).lexicons = lexicons
    return Labeller(services, lexicons, tracker)


def mined(target: Target, streams: Iterable[Stream], size: int) -> Mined:
    """The target with the wordings and the policy of streams: its schema, its rows and its templates stay."""
    reader = labeller(target, size)
    for author, talk in (each for stream in streams for each in talks(stream).items()):
        reader.take(talk, author)
    found = lent(reader.lines, reader.services[0].lang)
    asides = {name: min(1.0, reader.asides[name] / count) for name, count in reader.offered.items() if count}
    rich = replace(target, lent=found, policy=policy(reader.lines, target.policy), asides=asides)
    return Mined(rich, reader.read, len(reader.lines))


def lent(lines: Iterable[Line], lang: Lang) -> Lent:
    """The lines by what they do, as often as they were said, without those that are one author's own (frames.py)."""
    same: dict[tuple[Key, str], list[Line]] = defaultdict(list)
    for line in lines:
        same[line.key, line.text].append(line)
    found: Lent = defaultdict(list)
    for (key, said), each in same.items():
        authors = len({line.author for line in each})
        aside = not (key.informs or key.requests)
        if not (_own_run(said, lang, authors) if aside else is_own(each[0].quote, lang, authors)):
            found[key] += [said] * len(each)
    return dict(found)


def _own_run(said: str, lang: Lang, authors: int) -> bool:
    """Has it between its open values a run that is one author's own (turns.py)?"""
    return authors < CROWD and any(runs(re.sub(r"{\w+}", "$v", said), lang))
