"""The share of yes among a dimension's questions, each asked alone (CheckEval, Lee et al. 2024: judges agree more on
yes and no than on marks). A no has to cite the turn it rests on."""

import json
from collections.abc import Sequence
from typing import Any

from millstream.judges import NOTED, Asker, Dimension, asked, numbered
from millstream.odds import likely
from millstream.records import Lang

ANSWERS: dict[Lang, tuple[str, str]] = {"en": ("yes", "no"), "zh": ("是", "否")}


async def score(asker: Asker, about: Dimension, lang: Lang, talk: str, item: str = "") -> tuple[float, tuple[int, ...]]:
    """(the mean probability of yes, the turns that the noes cite)."""
    chances = [await _yes(asker, lang, talk, each, item) for each in about.questions[lang]]
    doubted = [each for each, chance in zip(about.questions[lang], chances, strict=True) if chance < 0.5]
    cited = [await _cited(asker, lang, talk, each, item) for each in doubted]
    return sum(chances) / len(chances), tuple(sorted({n for n in cited if n}))


async def _yes(asker: Asker, lang: Lang, talk: str, question: str, item: str) -> float:
    values = {"talk": numbered(talk), "question": question}
    return likely(await asker.chat(asked(asker, "checklist", lang, item, values)), ANSWERS[lang])[0]


async def _cited(asker: Asker, lang: Lang, talk: str, question: str, item: str) -> int:
    """The number of a turn; 0 where the answer names none that is there."""
    count = sum(not line.startswith(NOTED) for line in talk.splitlines())
    values = {"talk": numbered(talk), "question": question}
    more: dict[str, Any] = {"max_tokens": 16, "logprobs": False, "response_format": _form(range(1, count + 1))}
    reply = await asker.chat(asked(asker, "cite", lang, item, values, **more))
    try:
        found = int(json.loads(reply.texts[0])["turn"])
    except (ValueError, KeyError, TypeError):
        return 0
    return found if 1 <= found <= count else 0


def _form(turns: Sequence[int]) -> dict[str, Any]:
    shape = {"type": "object", "required": ["turn"], "properties": {"turn": {"enum": list(turns)}}}
    return {"type": "json_schema", "json_schema": {"name": "cited", "schema": shape}}
