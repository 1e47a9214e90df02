"""The best passages read by a model: does this one answer the question? What it says moves them, and loses none.

One call a passage, of one token: the probability of "yes" against "no" (pointwise relevance, Liang et al. 2022,
HELM, section on retrieval; Nogueira et al. 2020, section 3, in the same words for a fine-tuned model). It is added to
the score found before, brought to 0..1 over the passages read, so a model that knows nothing changes nothing. Knows
no model: any Chat answers, and the cache of a run buys no passage twice.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from millstream import language
from millstream.chat import Chat, Request, request
from millstream.know.prompting import messages
from millstream.odds import TOP, likely
from millstream.records import Lang, Passage
from millstream.shapes import Hit, Query, Search

READ = 10
"""Passages read a question. A choice: each is a call."""
LINES = 2
"""Lines before the question that the model sees."""
WORDS: dict[Lang, tuple[str, str]] = {"en": ("yes", "no"), "zh": ("是", "否")}


@dataclass(frozen=True)
class Reader:
    """Who reads. `weight` is that of the answer beside the score found before; above 1 the model alone decides
    wherever it is sure."""

    chat: Chat
    model: str
    weight: float = 1.0


def reranking(search: Search, passages: Sequence[Passage], reader: Reader, read: int = READ) -> Search:
    """`search` with its best `read` passages in another order; what comes behind them stays there."""

    async def searched(queries: Sequence[Query], k: int) -> list[list[Hit]]:
        found = await search(queries, max(k, read))
        ways = (_ordered(query, hits, passages, reader, read) for query, hits in zip(queries, found, strict=True))
        return [hits[:k] for hits in await asyncio.gather(*ways)]

    return searched


async def _ordered(
    query: Query, hits: Sequence[Hit], passages: Sequence[Passage], reader: Reader, read: int
) -> list[Hit]:
    first, rest = list(hits[:read]), list(hits[read:])
    if len(first) < 2:
        return [*first, *rest]
    asked = [reader.chat(asking(query, passages[hit.passage], reader.model)) for hit in first]
    words = WORDS[_lang(query)]
    yes = [likely(reply, words)[0] for reply in await asyncio.gather(*asked)]
    most, least = first[0].score, first[-1].score
    level = [(hit.score - least) / (most - least or 1.0) for hit in first]
    moved = [replace(hit, score=old + reader.weight * new) for hit, old, new in zip(first, level, yes, strict=True)]
    moved.sort(key=lambda hit: -hit.score)
    return [*moved, *(replace(hit, score=float(-n)) for n, hit in enumerate(rest, 1))]


def asking(query: Query, passage: Passage, model: str) -> Request:
    """The request about one passage: in Chinese for a Chinese question, else in English."""
    lang = _lang(query)
    values = {"before": " / ".join(query.context[-LINES:]), "title": passage.title, "passage": passage.text}
    said = messages("rerank", lang, question=query.text, **values)
    return request(model, said, stage="rerank", item=passage.id, temperature=0, max_tokens=1, logprobs=True,
                   top_logprobs=TOP)  # fmt: skip


def _lang(query: Query) -> Lang:
    return "zh" if language.written(query.text) == "zh" else "en"

