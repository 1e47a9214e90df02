"""What a user asks that no table holds, and the documents or the host answered: policies, opening hours, a sunroof.

In the words of a viewer of the stream where one asked for it, else in general ones. The agent quotes the passage
(know/documents.py, mine/exchanged.py): a knowledge-seeking turn, as in DSTC9 track 1 (Kim et al. 2020), with the
passage as its evidence.
"""

from millstream.frames import SHARE
from millstream.know.documents import Asked, Topic
from millstream.plan.script import Script
from millstream.records import Act, Sentence

CONSULTED = 0.35
"""Share of questions that are put to the documents, where there are any."""
MOST = 2
"""Topics of one dialogue."""


def topic(script: Script) -> Topic | None:
    """One not asked about yet: what viewers asked about, the likelier the more did; else any. None mostly, and where
    there are none."""
    if script.turns or len(script.consulted) >= MOST or not (left := _open(script)):
        return None
    if script.requests and script.rng.random() >= CONSULTED:
        return None
    return script.rng.choice([each for each in left for _ in _lent(script, each)] or left)


def _open(script: Script) -> list[Topic]:
    """Those not asked about yet, and not told by a slot of the offered thing, that there are words to ask for, and
    that are not of what others come for."""
    left = script.knowledge.documented(script.offered, script.lang)
    fresh = [each for each in left if _key(each) not in script.consulted and not _is_for_others(script, each.title)]
    return [each for each in fresh if each.title or _lent(script, each)]


def ask(script: Script, topic: Topic) -> None:
    """The user asks; what the document says of it comes next."""
    script.consulted.add(_key(topic))
    if lines := _lent(script, topic):
        line = script.rng.choice(lines)
        asked, told = Act(act="request_passage"), topic.answer(line.text)
        part = Sentence(line.text, (asked,), refs=(line.ref,), frame=line.ref)
    else:
        part, told = script.part("query_passage", "request_passage", value=_inner(topic.title)), topic.answer()
    quoted = Sentence(told, (Act(act="inform_passage", value=told),), (told,), (topic.passage.id,))
    script.user(part, leaves=lambda: [quoted])


def _lent(script: Script, topic: Topic) -> list[Asked]:
    """The viewers' lines that this scenario may borrow: each in one of SHARE, like frames, and none that somebody asks
    who comes for something else; none where the bank is off."""
    there = enumerate(topic.asked if script.voice.bank.frames else ())
    mine = [each for n, each in there if (script.voice.number + n) % SHARE == 0]
    return [each for each in mine if not _is_for_others(script, each.text)]


def _is_for_others(script: Script, said: str) -> bool:
    """Whether nobody asks it who has this need: high chairs for a meal with a client."""
    need = script.purpose
    return need is not None and need.is_for_others(said)


def _key(topic: Topic) -> str:
    """What is not asked about twice: two documents may have a section of one title."""
    return topic.title or topic.passage.id


def _inner(title: str) -> str:
    """As it stands inside a sentence."""
    return title if title.isupper() else title[:1].lower() + title[1:]
