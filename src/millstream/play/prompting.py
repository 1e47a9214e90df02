"""The prompts of play/, read from the Markdown beside this file."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from millstream.chat import Message, Request, fenced, request
from millstream.records import Lang, Role, View
from millstream.strategies import SPEAKERS
from millstream.worked import Worked

SPEAKER: dict[Lang, dict[Role, str]] = {
    "zh": {"user": "观众", "agent": "主播"},
    "en": {"user": "viewer", "agent": "host"},
}


MANNER: dict[Lang, dict[Role, str]] = {
    "zh": {"user": "观众（在弹幕里打字，随手一句）", "agent": "主播（口播，自然随和）"},
    "en": {"user": "viewer (typing in the live chat, quick and casual)", "agent": "host (talking aloud, relaxed)"},
}
"""Who speaks, and how such a person does."""


@cache
def system(lang: Lang, role: Role) -> str:
    """What stands in every request of a role, so that a server that caches prefixes reads it once."""
    rules = (files("millstream") / "play" / "prompts" / f"reword.{lang}.md").read_text(encoding="utf-8").strip()
    return f"{rules}\n{_HEADS[lang].speaker}{MANNER[lang][role]}"


def shots(lang: Lang, examples: Sequence[Worked]) -> list[Message]:
    """Worked examples as a conversation before the task; all are of its speaker."""
    pairs = [(_marked(each.draft), each.line) for each in examples]
    return [message for asked, line in pairs for message in (Message("user", asked), Message("assistant", line))]


def task(lang: Lang, role: Role, draft: str, said: str = "", samples: str = "") -> str:
    """One task: what was said, how such people talk, and the draft between its marks."""
    who, said, samples = SPEAKER[lang][role], fenced(said), fenced(samples)
    heads = _HEADS[lang]
    parts = [
        f"{heads.said}\n{said}" if said else "",
        f"{heads.samples.format(who=who)}{samples}" if samples else "",
        _marked(draft),
    ]
    return "\n".join(part for part in parts if part)


class Draw(NamedTuple):
    """How many wordings are drawn at once, and how."""

    n: int
    temperature: float
    logprobs: bool = False


def asked(model: str, messages: Sequence[Message], view: View, stage: str, sample: int, draw: Draw) -> Request:
    """The request for one line in place of a step's draft: it ends with its line, and is not much longer."""
    more = {"logprobs": True} if draw.logprobs else {}
    return request(
        model,
        messages,
        stage=stage,
        item=view.scenario,
        sample=sample,
        n=draw.n,
        temperature=draw.temperature,
        top_p=0.95,
        stop=["\n"],
        max_tokens=40 + len(view.step.draft),
        seed=view.seed + sample,
        **more,
    )


def _marked(draft: str) -> str:
    return f"<draft>{fenced(draft)}</draft>"


class _Heads(NamedTuple):
    """What stands before each part of a task."""

    said: str
    samples: str
    speaker: str


_HEADS: dict[Lang, _Heads] = {
    "zh": _Heads("对话：", "{who}的语气例句：", "说话人："),
    "en": _Heads("Dialogue:", "How a {who} sounds: ", "Speaker: "),
}


@cache
def strategic(lang: Lang, role: Role) -> str:
    """The rules for a line of support talk, and who says it."""
    rules = (files("millstream") / "play" / "prompts" / f"strategic.{lang}.md").read_text(encoding="utf-8").strip()
    return f"{rules}\n{_HEADS[lang].speaker}{SPEAKERS[lang][role]}"
