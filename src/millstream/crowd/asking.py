"""What a model is asked: lines under a schema, and choices between two by their odds, in both orders.

Small models prefer a place more than a text (Wang et al. 2024, arXiv 2305.17926): a choice counts where both orders
give it. Knows no checks of what a line says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from millstream.chat import Chat, Message, request
from millstream.odds import TOP, likely

TOKENS = 60
"""Of a line."""
PLACES = ("A", "B")


class Wording(NamedTuple):
    """A line as a model gave it, and its mean log-probability (0 where the endpoint tells none)."""

    text: str
    likely: float


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")
    line: str = Field(min_length=1)


@dataclass(frozen=True)
class Asker:
    """A model, and how many lines are drawn at once at which temperature."""

    chat: Chat
    model: str
    draws: int
    temperature: float

    async def lines(self, messages: Sequence[Message], held: str, item: str, seed: int, stage: str) -> list[Wording]:
        """The different lines among the draws, each `held` to a regular expression while it is written, where the
        endpoint can do so; what is no JSON of the schema is left out."""
        shape = _Line.model_json_schema()
        shape["properties"]["line"]["pattern"] = held
        asked = request(
            self.model,
            messages,
            stage=stage,
            item=item,
            sample=seed,
            n=self.draws,
            temperature=self.temperature,
            top_p=0.95,
            max_tokens=TOKENS,
            seed=seed,
            logprobs=True,
            response_format={"type": "json_schema", "json_schema": {"name": "Line", "schema": shape}},
        )
        reply = await self.chat(asked)
        odds = reply.logprobs or (None,) * len(reply.texts)
        found: dict[str, float] = {}
        for text, each in zip(reply.texts, odds, strict=True):
            try:
                line = " ".join(_Line.model_validate_json(text).line.split())
            except ValidationError:
                continue
            found.setdefault(line, _mean(each))
        return [Wording(text, likely) for text, likely in found.items()]

    async def either(self, rules: str, task: str, answers: tuple[str, str], item: str, stage: str) -> int | None:
        """Which of two answers, 0 or 1, is likelier in both orders to a task in which $first and $second stand; None
        where the order decides. One token is read a call."""
        given = []
        for order in ((0, 1), (1, 0)):
            shown = task.replace("$first", answers[order[0]]).replace("$second", answers[order[1]])
            messages = [Message("system", rules), Message("user", shown)]
            how: dict[str, Any] = {"temperature": 0, "max_tokens": 1, "logprobs": True, "top_logprobs": TOP}
            first, second = likely(
                await self.chat(request(self.model, messages, stage=stage, item=item, **how)), PLACES
            )
            given.append(None if first == second else order[first < second])
        return given[0] if given[0] == given[1] else None


def _mean(tokens: object) -> float:
    odds = [each["logprob"] for each in tokens if isinstance(each, dict)] if isinstance(tokens, list | tuple) else []
    return sum(odds) / len(odds) if odds else 0.0
