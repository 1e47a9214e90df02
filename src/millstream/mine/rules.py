"""Signals found without any model: by form, by words, by links and by claims. Each quotes the cues it is in.

Who speaks decides what a line can be: viewers ask, want and object; the host answers, offers, persuades, says
what costs how much and takes it back. This file knows no source and no model; its words are in signs.yaml.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise, repeat

from millstream import numbers
from millstream.mine.answered import answering
from millstream.mine.claim import Claim, joined
from millstream.mine.clean import Said
from millstream.mine.corrections import corrections, readdressed
from millstream.mine.course import Course
from millstream.mine.facts import Claims
from millstream.mine.find import Hit
from millstream.mine.focus import REMEMBERED, Focus
from millstream.mine.link import Link
from millstream.mine.merge import merge
from millstream.mine.sheet import Sheet
from millstream.mine.telling.candidates import Tables
from millstream.mine.telling.told import candidates, doubted, told, weighed
from millstream.mine.telling.weights import Weights, packaged
from millstream.mine.topics import SIGNS, About, Topics, asks, objection, sign
from millstream.mine.words import content, nameless, spoken
from millstream.records import Cue, Evidence, Lang, Signal, SignalKind

_PLAIN, _SURE, _CERTAIN = 24, 0.8, 0.85


@dataclass(frozen=True)
class Rules:
    """What the rules need: who the recording is, what it is about, its language where a cue has none,
    what the tables say, and how what they have is weighed (None: not at all)."""

    recording: str
    topics: Topics
    lang: str
    sheet: Sheet = field(default_factory=Sheet)
    weights: Weights | None = field(default_factory=packaged)

    @cached_property
    def _course(self) -> Course:
        return Course(self.sheet)

    @cached_property
    def _tables(self) -> Tables:
        return Tables(self.sheet, self.topics.domain)

    def questions(self, viewers: Sequence[Cue]) -> list[Said]:
        """What viewers ask or want or object to, relevant or not. Those who say the same are put together, and those
        who plainly ask for the same slot of the same entity."""
        asked: dict[object, Said] = {}
        for said in merge([cue for cue in viewers if self.topics.wants(cue.text)]):
            about = self.topics.about(said.cue.text)
            plain = len(said.cue.text) <= _PLAIN and about.slots and about.names
            same = (about.slots[0].value.name, about.names) if plain else said.cue
            before = asked.get(same)
            asked[same] = Said(before.cue, before.cues + said.cues) if before else said
        return list(asked.values())

    def lines(self, viewers: Sequence[Cue]) -> list[Said]:
        """All that viewers say, put together where they say the same: the questions first, then what asks nothing."""
        asked = self.questions(viewers)
        taken = {cue.n for said in asked for cue in said.cues}
        return [*asked, *merge([cue for cue in viewers if cue.n not in taken])]

    def asked(self, questions: Iterable[Said]) -> Iterator[Signal]:
        """A signal for each question or wish about the domain, and one for each objection."""
        for said in questions:
            text, about = said.cue.text, self.topics.about(said.cue.text)
            against = objection(text)
            if not against and not self.topics.relevant(text):
                continue
            yield self.signal(
                "objection" if against else "user_question",
                said.cues,
                text=text,
                label=against,
                slot=about.slots[0].value.name if about.slots else "price" * (against == "price"),
                entity=about.entities[0].value if about.entities else "",
                demand=said.demand,
                confidence=_SURE,
            )

    def exchanges(self, links: Iterable[Link], speech: Sequence[Cue] = ()) -> Iterator[Signal]:
        """Question and answer; the evidence is the viewers' cues, then the host's. `speech` is all that the host says:
        what is asked of no thing by name is of the one in mind."""
        minds = cache(lambda: dict(zip((cue.n for cue in speech), self._minds(speech), strict=True)))
        next_of = {cue.n: after.text for cue, after in pairwise(speech)}
        for link in links:
            answer = _joined(link.answer)
            asked, told = self.topics.about(link.said.cue.text), self.topics.about(answer)
            sure = link.score >= _CERTAIN and asks(link.said.cue.text)
            if not (sure or self.topics.relevant(link.said.cue.text) or self.topics.relevant(answer)):
                continue
            settled = "" if asked.slots else self._settled(link, asked, next_of.get(link.answer[-1].n, ""))
            entities, slots = asked.entities or told.entities, asked.slots or told.slots
            mind = ""
            if settled and not asked.entities:
                entities, sure = self._told_of(answer, settled)
                named = entities or self.topics.about(link.answer[0].text).entities  # in mind only after it
                unnamed = sure and not named and link.answer[0].track == "speech"
                mind = minds().get(link.answer[0].n, "") if unnamed else ""
            yield self.signal(
                "exchange",
                link.said.cues,
                text=link.said.cue.text,
                answer=answer,
                evidence=(evidence_of(self.recording, link.answer),),
                slot=slots[0].value.name if slots else "",
                entity=entities[0].value if entities else mind,
                value=settled,
                label=next(iter(strategies(answer)), ""),
                demand=link.said.demand,
                confidence=round(link.score, 2),
            )

    def _settled(self, link: Link, asked: About, after: str) -> str:
        """The words that settle what is asked beside the slots; "" where a figure is named, or it is not sure. `after`:
        what the host says next."""
        line = link.said.cue
        bare = spoken(nameless(line.text))
        for hit in asked.entities:
            bare = bare[: hit.start] + " " * (hit.end - hit.start) + bare[hit.end :]
        if numbers.mentions(bare):
            return ""
        told, replied = [cue.text for cue in link.answer], line.track == "comment"
        return answering(line.text, told, self._lang(line), replied, "" if replied else after, bare)

    def _told_of(self, answer: str, settled: str) -> tuple[tuple[Hit[str], ...], bool]:
        """What is named in what settles a question, else before it (what comes after may be of the next question), and
        whether it is sure: not where several are named before it."""
        clause = re.split("，|, ", settled)[0]
        if here := self.topics.about(clause).entities:
            return here, True
        before = self.topics.about(answer[: answer.find(clause)])
        return (before.entities, True) if len(before.names) < 2 else ((), False)

    def _minds(self, speech: Sequence[Cue]) -> Iterator[str]:
        """The thing that each line of speech is about: the last that was named, if a moment ago, and by what the tables
        say the likeliest too, or the only one there is; "" else."""
        lines = [(spoken(nameless(cue.text)), self.topics.about(cue.text).entities) for cue in speech]
        if len(self.sheet.entities) == 1:
            yield from repeat(self.sheet.entities[0], len(lines))
            return
        focus, course = Focus(), self._course.of([(text, [hit.value for hit in hits]) for text, hits in lines])
        for at, (text, hits) in enumerate(lines):
            focus.take(hits, text, at)
            yield focus.entity if focus.age(at) < REMEMBERED and focus.entity == course[at] else ""

    def responses(self, speech: Sequence[Cue], links: Iterable[Link]) -> Iterator[Signal]:
        """Answers of the host to what no line was found for: "somebody asks about parking ..."."""
        linked = {cue.n for link in links for cue in link.answer if cue.track == "speech"}
        for cue, after in pairwise((*speech, None)):
            retold = cue and cue.n not in linked and sign("retells").search(cue.text.lower())
            if cue and retold and self.topics.relevant(cue.text):
                said = (cue,) if after is None or after.n in linked else (cue, after)
                about = self.topics.about(_joined(said))
                yield self.signal(
                    "agent_response",
                    said,
                    text=_joined(said),
                    slot=about.slots[0].value.name if about.slots else "",
                    entity=about.entities[0].value if about.entities else "",
                    confidence=0.6,
                )

    def host(self, cues: Sequence[Cue], links: Iterable[Link] = ()) -> Iterator[Signal]:
        """What the host says by itself: strategies, offers, account facts, facts and corrections."""
        for cue in cues:
            low, about = cue.text.lower(), self.topics.about(cue.text)
            slot = about.slots[0].value.name if about.slots else ""
            entity = about.entities[0].value if about.entities else ""
            for label in strategies(cue.text):
                yield self.signal("strategy", (cue,), label=label, slot=slot, entity=entity, confidence=0.6)
            if (found := sign("offers").search(low)) and not sign("refuses").search(low):
                clause = cue.text[found.start() : found.start() + 40]
                yield self.signal("offer", (cue,), slot=slot, entity=entity, value=clause.strip(), confidence=0.6)
            for label in SIGNS["account"]:
                if sign("account", label).search(low):
                    yield self.signal("account", (cue,), label=label, confidence=0.6)
        yield from self.facts(cues, links)

    def facts(self, cues: Sequence[Cue], links: Iterable[Link] = ()) -> Iterator[Signal]:
        """What the host says of an entity, and what it takes back. `links` tell what it answers."""
        asked = {link.answer[0]: self.topics.about(link.said.cue.text) for link in links if link.answer}
        claims, slips = self.told(cues, asked)
        taken_back = set(corrections(claims, cues, slips))
        for same in joined(readdressed(claims, taken_back, cues), self.sheet):
            right = any(claim in taken_back for claim in same)
            yield self.signal(
                "correction" if right else "fact",
                [cues[at] for at in dict.fromkeys(claim.at for claim in same)],
                text=cues[same[0].at].text,
                entity=same[0].entity,
                slot=same[0].slot,
                value=same[0].value,
                confidence=max(claim.sure for claim in same),
            )

    def told(self, cues: Sequence[Cue], asked: Mapping[Cue, About]) -> tuple[list[Claim], list[Claim]]:
        """What the host claims, by rules and by what the tables have (telling/); and what may have been a slip."""
        host = Claims(self.topics, self.sheet, self._course)
        ruled = list(host.read(cues, asked))
        found = candidates(host, self._tables, cues, asked) if self.weights else []
        if not (self.weights and found):
            return ruled, []
        done = weighed(found, ruled, self.weights)
        return told(done, ruled, [cue.text for cue in cues]), doubted(done)

    def signal(
        self,
        kind: SignalKind,
        cues: Sequence[Cue],
        text: str = "",
        evidence: tuple[Evidence, ...] = (),
        **fields: object,
    ) -> Signal:
        """A signal of this recording; each of the cues is evidence of its own, `evidence` comes after it."""
        own = tuple(evidence_of(self.recording, (cue,)) for cue in cues)
        lang = cues[0].lang or self.lang
        values = {"kind": kind, "text": text or cues[0].text, "evidence": own + evidence, "lang": lang, **fields}
        return Signal.model_validate(values)

    def _lang(self, cue: Cue) -> Lang:
        return "zh" if (cue.lang or self.lang) == "zh" else "en"


def evidence_of(recording: str, cues: Sequence[Cue]) -> Evidence:
    """Cues of one track, next to each other, as evidence."""
    first, last = cues[0], cues[-1]
    at = tuple(cue.n for cue in cues)
    return Evidence(
        source=recording,
        kind="cues",
        at=at,
        track=first.track,
        start=first.start,
        end=last.start if last.end is None else last.end,
        quote=" ".join(cue.heard or cue.text for cue in cues),
    )


def _joined(cues: Sequence[Cue]) -> str:
    return " ".join(cue.text for cue in cues)


def strategies(text: str) -> list[str]:
    """The strategies a piece of speech shows; one that says next to nothing shows none."""
    if len(content(text)) < 2:
        return []
    return [label for label in SIGNS["strategies"] if sign("strategies", label).search(text.lower())]
