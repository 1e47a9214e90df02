"""What a model is asked of a service dialogue: is it fit, which strategy has a turn, does it hold the five points.

Answers are JSON under a closed schema: a label outside the set, or "false" as a true string, cannot come in.
Knows no rules and no files but its prompts.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from millstream.chat import Chat, Message, ask, fenced
from millstream.records import Lang
from millstream.strategies import SPEAKERS, Framework
from millstream.support.talk import SupportDialogue, SupportTurn

NEAR = 4
"""Turns before the one in question that the model sees."""


def _one(value: object) -> object:
    """Of "1", 1, true and "true" each is yes; the released filter took "false" for true and 5 for 1."""
    word = str(value).strip().casefold()
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(word, value)


YesNo = Annotated[bool, BeforeValidator(_one)]


class Fit(BaseModel):
    """Whether a dialogue is rude, or its agent cold."""

    model_config = ConfigDict(extra="forbid")
    low_quality: YesNo


class Quality(BaseModel):
    """The three questions of CSConv's judge."""

    model_config = ConfigDict(extra="forbid")
    complete: YesNo
    follows: YesNo
    third_party: YesNo


T = TypeVar("T", bound=BaseModel)
Relabel = Callable[[SupportDialogue, int], Awaitable[str]]


def labeller(chat: Chat, model: str, framework: Framework) -> Relabel:
    """The strategy of a turn by a model that sees it and the few turns before it. An answer is one of the codes."""
    closed = Field(json_schema_extra={"enum": list(framework.codes)}, pattern=f"^({'|'.join(framework.codes)})$")
    shape = create_model("Label", __config__=ConfigDict(extra="forbid"), strategy=(Annotated[str, closed], ...))

    async def label(dialogue: SupportDialogue, n: int) -> str:
        before = shown(dialogue.turns[max(0, n - NEAR) : n], dialogue.lang)
        task = f"{before}\n<turn>{fenced(dialogue.turns[n].text)}</turn>"
        messages = [Message("system", definitions(framework, dialogue.lang, "annotate")), Message("user", task)]
        made = await ask(
            chat, model, messages, shape, stage="annotate", item=dialogue.id, temperature=0, max_tokens=20
        )  # fmt: skip
        return str(made.model_dump()["strategy"])

    return label


async def fit(chat: Chat, model: str, dialogue: SupportDialogue) -> bool:
    return not (await _asked(chat, model, dialogue, "fit", Fit)).low_quality


async def quality(chat: Chat, model: str, dialogue: SupportDialogue) -> bool:
    found = await _asked(chat, model, dialogue, "quality", Quality)
    return found.complete and found.follows and not found.third_party


async def _asked(chat: Chat, model: str, dialogue: SupportDialogue, prompt: str, shape: type[T]) -> T:
    lang = dialogue.lang
    messages = [Message("system", _prompt(prompt, lang)), Message("user", shown(dialogue.turns, lang))]
    return await ask(chat, model, messages, shape, stage=prompt, item=dialogue.id, temperature=0, max_tokens=80)


def shown(turns: Sequence[SupportTurn], lang: Lang) -> str:
    """Turns as lines, the agent's with their strategies; no line can close the marks around it."""
    said = []
    for turn in turns:
        strategy = f"[{turn.strategy}] " if turn.strategy else ""
        said.append(f"{SPEAKERS[lang][turn.role]}: {strategy}{fenced(turn.text)}")
    return "<talk>\n" + "\n".join(said) + "\n</talk>"


@cache
def _prompt(name: str, lang: Lang) -> str:
    return (files("millstream") / "support" / "prompts" / f"{name}.{lang}.md").read_text(encoding="utf-8").strip()


def definitions(framework: Framework, lang: Lang, prompt: str) -> str:
    """A prompt and behind it the twelve strategies, each with what tells it from its neighbours."""
    rows = [f"{s.code} {s.names[lang]}: {s.means[lang]}; {s.unlike[lang]}" for s in framework.strategies]
    return f"{_prompt(prompt, lang)}\n" + "\n".join(rows)
