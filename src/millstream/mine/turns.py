"""Frames of whole turns out of talks of two whose lines were written, of both sides: every act of a turn is
recognised and every value of it left open, or the turn is passed over.

What a turn says besides its values is held to the words that anybody says of its slots (vouched.py), so that no
matter of its own ("my aunt is coming") is lent along: of others only the acts are kept. The patterns are in
mine/turns.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from millstream import frames
from millstream.domain import Domain
from millstream.frames import Frame
from millstream.manner import manner
from millstream.mine.cast import cast
from millstream.mine.clauses import apart, ended, shared
from millstream.mine.courteous import BEFORE, BEHIND, said_of
from millstream.mine.openings import DATA, Openings, everyday
from millstream.mine.rules import evidence_of
from millstream.mine.topics import topics_of
from millstream.mine.understood import NOTHING, Read, Understanding
from millstream.records import Cue, Fact, Lang, Recording, Role
from millstream.turns import HAS, HAS_NOT, OF, OTHER, PIECES, answered
from millstream.vouched import plain, spoken_of

WRITTEN = ("transcripts", "columns")
"""Sources whose agents' lines are clean text; what a recogniser heard is never lent."""


@dataclass(frozen=True)
class Turner:
    """Reads the turns of one talk."""

    recording: str
    open: Openings

    @property
    def lang(self) -> Lang:
        return self.open.lang

    @cached_property
    def reads(self) -> Understanding:
        return Understanding(self.open)

    def frames(self, turns: Sequence[Cue], users: frozenset[int]) -> Iterator[tuple[str, Frame]]:
        """(author, frame) of every turn that is understood; an author is a speaker of this talk."""
        focus = before = ""
        asked = frozenset[str]()
        lines: dict[str, list[str]] = {}
        for cue in turns:
            lines.setdefault(cue.speaker, []).append(cue.text)
        for cue in turns:
            role: Role = "user" if cue.n in users else "agent"
            named = tuple(dict.fromkeys(hit.value for hit in self.open.topics.about(cue.text).entities))
            about = named[0] if len(named) == 1 else "" if named else focus
            most, new = 2 if role == "agent" else 1, about != focus or len(named) > 1
            read = self.reads.read(cue.text.strip(), role, about, new) if len(named) <= most else None
            if new and read and _answers(read.acts, asked):  # a thing that was asked about by a name nobody knows
                new, read = False, self.reads.read(cue.text.strip(), role, about, False)
            read = None if read and read.acts == (NOTHING,) else read  # an answer: that a thing is not known
            for family, piece in ((OF[role], read), *self._pieces(read, role, about, new)) if read else ():
                frame = self._frame(family, piece, cue, lines[cue.speaker])
                yield f"{self.recording} {cue.speaker}", frame.model_copy(update={"stage": before})
            focus, before = about, answered(read.acts) if read else ""
            asked = frozenset(slot for act, slot in read.acts if act == "request") if read else frozenset()

    def _pieces(self, read: Read, role: Role, about: str, new: bool) -> Iterator[tuple[str, Read]]:
        """(family, piece) of what a turn is made of; those whose words anybody says."""
        found = apart(read.opened, self._does)
        if found is None:
            return
        lead, core, tail = PIECES[role]
        for family, beside, courtesies in (lead, found.lead, BEFORE), (tail, found.tail, BEHIND):
            said = "".join(beside).strip()
            if said:
                acts = said_of(said, role, self.lang, courtesies)
                yield family, Read(said if acts and self._lends(said) else "", said, (), tuple(acts))
        clauses = list(shared(found.core, read.places))
        for several in filter(None, dict.fromkeys([(*clauses,), *((each,) for each in clauses)])):
            joined = "".join(clause for clause, _ in several)
            text = ended(joined, lambda said: role == "user" and self._questions(said))
            places = tuple(place for _, each in several for place in each)
            if text == read.opened or (several != (*clauses,) and not self._is_whole(text)):
                continue
            piece = self.reads.understood(text, places, role, about, new)
            if piece and piece.text and (NOTHING not in piece.acts or NOTHING in read.acts):
                yield core, piece

    def _is_whole(self, clause: str) -> bool:
        """A wish that is said by itself says what is wished for ("a place with $slot", not "with at least $value,")."""
        named = {name for slot in self.open.topics.domain.slots for name in slot.names.get(self.lang, ())}
        wants = re.search(DATA["wants"][self.lang], clause.lower())
        return not wants or bool(self.open.topics.words(clause) - named)

    def _asks(self, said: str) -> bool:
        return bool(re.search(DATA["asks"][self.lang], said.lower()))

    def _questions(self, said: str) -> bool:
        return bool(re.search(DATA["asking"][self.lang] + "|[吗么呢]$", said.lower().rstrip("，；,; ")))

    def _lends(self, said: str) -> bool:
        """Whether a piece that does nothing fits any talk: it takes up nothing of its own."""
        return not self.reads.strange(said) and not re.search(DATA["reacts"][self.lang], said.lower())

    def _does(self, clause: str) -> bool:
        """Whether a clause does something, and is not said beside it."""
        low, tells = clause.lower(), (DATA["asks"], DATA["wants"], DATA["wishes"])
        return "$" in low or bool(self.open.slots(low)) or any(re.search(each[self.lang], low) for each in tells)

    def _frame(self, family: str, read: Read, cue: Cue, lines: Sequence[str]) -> Frame:
        return Frame(
            text=read.text,
            lang=self.lang,
            family=family,
            act=" ".join(act for act, _ in read.acts),
            slot=",".join(slot for _, slot in read.acts),
            stage="",
            delivery=frames.delivery(read.text),
            manners=(manner(lines, self.lang),),
            demand=1,
            own=self._own(frames.PLACE.sub(" ", read.text), _slots(read.acts)),
            evidence=(evidence_of(self.recording, (cue,)),),
        )

    def _own(self, said: str, slots: tuple[str, ...]) -> tuple[str, ...]:
        """What of it neither anybody says nor the words of its slots: words, pairs of characters of Chinese."""
        known = plain(self.lang) | spoken_of(self.open.topics.domain, self.lang, slots) | everyday(self.lang)
        if self.lang == "zh":
            runs = re.findall(r"[\u3400-\u9fff]+", said)
            pairs = [run[n : n + 2] for run in runs for n in range(max(len(run) - 1, 1))]
            return tuple(dict.fromkeys(pair for pair in pairs if not {*pair} <= known))
        words = re.findall(r"[a-z]+(?:'[a-z]+)?", said.lower().replace("’", "'"))
        return tuple(dict.fromkeys(word for word in words if not {word, word.rstrip("s")} & known))


def _answers(acts: Sequence[tuple[str, str]], asked: frozenset[str]) -> bool:
    """Whether what is told with an offer is just what was asked for."""
    return bool(told := {slot for act, slot in acts if act == "inform"}) and told <= asked


def _slots(acts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The slots that acts name."""
    return tuple(slot.lstrip(HAS + HAS_NOT) for _, slot in acts if slot not in ("", OTHER))


def turned(
    recording: Recording, cues: Sequence[Cue], domain: Domain, lang: Lang, tabled: Mapping[str, Sequence[Fact]]
) -> Iterator[tuple[str, Frame]]:
    """(author, frame) of the turns of a talk of two that was written; nothing of any other recording."""
    people = cast(cues)
    if recording.source not in WRITTEN or not people.turns or not tabled:
        return
    users = frozenset(cue.n for cue in people.viewers)
    openings = Openings(topics_of(domain, tuple(tabled)), lang, tabled)
    yield from Turner(recording.id, openings).frames(people.turns, users)
