"""Judges: a model asked about a whole dialogue or a turn of it. One way of asking a file, each gives a plain number.

A judge's number is worth what people's labels say it is worth (metrics/calibrated.py), and nothing before. What is
judged is material: it stands between marks that it cannot close, and no judge is told where it comes from.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from millstream import prompts
from millstream.chat import Chat, Message, Request, fenced, request
from millstream.conversations import Utterance
from millstream.errors import InputError
from millstream.odds import TOP
from millstream.records import Lang, Record

NOTES, NOTED = 60, "notes: "
"""Facts that a judge is shown at most, and how their line begins, which is the last."""


class Dimension(BaseModel):
    """What is judged: what it is `about`, what the worst and the best look like, and yes/no `questions` whose yes is
    good. Of a dimension of `turns` each turn of the agent is judged, with what was said before it; one of `notes` is
    judged beside what is known of the things that are named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    about: Mapping[Lang, str]
    low: Mapping[Lang, str]
    high: Mapping[Lang, str]
    questions: Mapping[Lang, tuple[str, ...]]
    turns: bool = False
    notes: bool = False


class Score(Record):
    """One judgement; `cited` are the turns, from 1, that it was marked down for."""

    judge: str
    dimension: str
    item: str
    score: float
    cited: tuple[int, ...] = ()


class Choice(Record):
    """Which of two was found better: 1 the first, 0 the second, 0.5 neither; `same` if both orders gave one verdict,
    `first` how often the one shown first won."""

    judge: str
    dimension: str
    item: str
    score: float
    same: bool
    first: float


@dataclass(frozen=True)
class Asker:
    """Who is asked, and under which name a judgement is kept: another model, file or prompt is another judge."""

    chat: Chat
    model: str
    digest: str = ""

    def name(self, way: str) -> str:
        """As calibration files name it."""
        of = hashlib.sha256("".join(map(_text, sorted(_prompts(way)))).encode() + _dimensions_bytes()).hexdigest()
        weights = f"@{self.digest[:8]}" if self.digest else ""
        return f"{self.model}{weights} {way}@{of[:8]}"


@cache
def dimensions() -> Mapping[str, Dimension]:
    rows: dict[str, Any] = yaml.safe_load(_dimensions_bytes())
    return {name: Dimension(name=name, **row) for name, row in rows.items()}


def dimension(name: str) -> Dimension:
    """InputError for one that is not known."""
    if name not in dimensions():
        raise InputError(f"no dimension {name!r}", "--dimension", f"known are {', '.join(dimensions())}")
    return dimensions()[name]


def talk(turns: Sequence[Utterance]) -> str:
    """A dialogue as a judge reads it, a turn a line."""
    return "\n".join(f"{turn.role}: {' '.join(turn.text.split())}" for turn in turns)


def noted(text: str, facts: Mapping[str, Sequence[str]]) -> str:
    """The same with a last line of what is known of the things that it names: `facts` by their names."""
    told = [fact for name, found in facts.items() if name in text for fact in found]
    return f"{text}\n{NOTED}{'; '.join(' '.join(each.split()) for each in told[:NOTES]) or '-'}"


def numbered(text: str) -> str:
    """The same with its turns counted from 1, so that one can be cited."""
    lines = enumerate(text.splitlines(), 1)
    return "\n".join(line if line.startswith(NOTED) else f"{n}. {line}" for n, line in lines)


def asked(asker: Asker, stage: str, lang: Lang, item: str, values: Mapping[str, str], **more: Any) -> Request:
    """The prompt `stage` about `values`, of which `talk` and `other` are fenced: one token and its probabilities,
    unless `more` says otherwise."""
    system, line = prompts.read("judges", f"{stage}.{lang}")
    safe = {name: fenced(value) if name in ("talk", "other") else value for name, value in values.items()}
    messages = [Message("system", system.substitute(safe)), Message("user", line.substitute(safe))]
    how: dict[str, Any] = {"temperature": 0, "max_tokens": 1, "logprobs": True, "top_logprobs": TOP}
    return request(asker.model, messages, stage=f"judge {stage}", item=item, **how | more)


def _prompts(way: str) -> list[str]:
    stages = (way, "cite") if way == "checklist" else (way,)
    return [f"{stage}.{lang}.md" for stage in stages for lang in ("en", "zh")]


def _text(name: str) -> str:
    return (files("millstream") / "judges" / "prompts" / name).read_text(encoding="utf-8")


def _dimensions_bytes() -> bytes:
    return (files("millstream") / "judges" / "dimensions.yaml").read_bytes()
