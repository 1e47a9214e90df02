"""CSC's two tasks put to a model: which strategy comes next, and the words for it. Two modes of the same.

Reference context: before each turn of the agent stands what was really said. Generated context: the model's own earlier
turns stand there, while the customer says what it said to the real agent. Knows no metrics.
"""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import ConfigDict, Field, create_model

from millstream.chat import Chat, Message, ask
from millstream.strategies import Framework
from millstream.support.asking import definitions, shown
from millstream.support.talk import SupportDialogue, SupportTurn

LONGEST = 120
"""Tokens of an answer."""


class Response(NamedTuple):
    """One turn of the agent: as it was, and as the model would have it."""

    dialogue: str
    real: SupportTurn
    strategy: str
    text: str


async def responses(
    chat: Chat, model: str, known: Framework, dialogue: SupportDialogue, *, own: bool, most: int | None = None
) -> list[Response]:
    """For every turn of the agent, at most `most`. `own`: generated context, else reference context."""
    said: list[SupportTurn] = []
    made: list[Response] = []
    for turn in dialogue.turns:
        if turn.role == "agent" and (most is None or len(made) < most):
            strategy, text = await _response(chat, model, known, dialogue, said)
            made.append(Response(dialogue.id, turn, strategy, text))
            turn = turn.model_copy(update={"strategy": strategy, "text": text}) if own else turn
        said.append(turn)
    return made


async def _response(
    chat: Chat, model: str, known: Framework, dialogue: SupportDialogue, said: Sequence[SupportTurn]
) -> tuple[str, str]:
    closed = Field(json_schema_extra={"enum": list(known.codes)}, pattern=f"^({'|'.join(known.codes)})$")
    shape = create_model(
        "Response",
        __config__=ConfigDict(extra="forbid"),
        strategy=(Annotated[str, closed], ...),
        text=(Annotated[str, Field(min_length=1, max_length=400)], ...),
    )
    messages = [
        Message("system", definitions(known, dialogue.lang, "respond")),
        Message("user", shown(said, dialogue.lang)),
    ]
    made = await ask(chat, model, messages, shape, stage="respond", item=dialogue.id, temperature=0, max_tokens=LONGEST)
    found = made.model_dump()
    return str(found["strategy"]), " ".join(str(found["text"]).split())
