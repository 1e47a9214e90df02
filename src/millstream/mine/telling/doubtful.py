"""What the weights are not sure of, read by a model: of which cell are these words said, if of any?

One call a place, of one token; the answer is one of the candidates that program found, so a value always stands in its
line, in a column that holds such values. Places from which something was told are not asked about. Knows no provider:
any Chat answers, and the cache of a run buys no call twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from millstream import prompts
from millstream.chat import Chat, Message, Request, fenced, request
from millstream.mine.claim import Claim
from millstream.mine.telling.told import LEAST, Weighed
from millstream.odds import TOP, likely
from millstream.records import Cue, Lang

MOST, PLACES = 4, 24
"""Cells to choose from, and places of a recording that are asked about."""
_LEAST, _SURE, _BEFORE = 0.1, 0.5, 2
"""How likely a candidate must be to be offered, how sure the model, and the lines before that it sees."""


@dataclass(frozen=True)
class Reader:
    chat: Chat
    model: str


def places(done: Sequence[Weighed], most: int = PLACES) -> list[list[Weighed]]:
    """The candidates of each place that may be told and is not, the likeliest first; the likeliest places."""
    found: dict[tuple[int, int], list[Weighed]] = defaultdict(list)
    for each in done:
        found[each.claim.at, each.candidate.start].append(each)
    open_: list[list[Weighed]] = []
    for own in found.values():
        own.sort(key=lambda each: -each.odds)
        if _LEAST <= own[0].odds <= LEAST:
            open_.append([each for each in own if each.odds >= _LEAST / 2][:MOST])
    return sorted(open_, key=lambda own: -own[0].odds)[:most]


async def read(reader: Reader, offered: Sequence[Weighed], cues: Sequence[Cue], lang: Lang, item: str) -> Claim | None:
    """What the model takes to be told at a place, if anything. Raises ChatError where it cannot answer."""
    reply = await reader.chat(asking(reader.model, offered, cues, lang, item))
    digits = [str(n) for n in range(len(offered) + 1)]
    odds = likely(reply, digits)
    best = max(range(len(odds)), key=lambda n: odds[n])
    if not best or odds[best] < _SURE:
        return None
    return replace(offered[best - 1].claim, sure=round(odds[best] * _SURE, 2))


def asking(model: str, offered: Sequence[Weighed], cues: Sequence[Cue], lang: Lang, item: str) -> Request:
    """The request about one place."""
    system, line = prompts.read("mine", f"cell.{lang}")
    at = offered[0].claim.at
    cells = "\n".join(f"{n}. {_cell(each, lang)}" for n, each in enumerate(offered, 1))
    heard = " / ".join(cue.text for cue in cues[max(0, at - _BEFORE) : at + 1])
    asked = line.substitute(lines=fenced(" ".join(heard.split())), words=fenced(offered[0].claim.value), cells=cells)
    messages = [Message("system", system.substitute()), Message("user", asked)]
    return request(model, messages, stage="mine", item=item, temperature=0, max_tokens=1, logprobs=True,
                   top_logprobs=TOP)  # fmt: skip


def _cell(each: Weighed, lang: Lang) -> str:
    slot, cell = each.candidate.slot, each.candidate.cell
    name = next(iter(slot.names.get(lang) or next(iter(slot.names.values()), ())), slot.name)
    value = cell.value if cell else "?"
    told = f"{each.claim.entity}，{name}：{value}" if lang == "zh" else f"{each.claim.entity}, {name}: {value}"
    return fenced(" ".join(told.split()))
