"""What a viewer's own lines show of a person: knowledge, patience, budget, family. What they do not show is not said.
And what a question and its answer show of the talk: things compared, wishes that do not go together.

Signs are words and figures in the line itself, each kept as evidence. Ours; a sign is a hint, not a diagnosis.
"""

import re
from collections.abc import Iterator, Sequence

from millstream.domain import Domain, Need
from millstream.records import Evidence, Lang, Move, Signal, Trait

_ASKING = re.compile(
    r"[?？]|吗|呢|多少|什么|啥|几|怎么|咋|有没有|能不|可以|如何|多久|哪|不$|没$"
    r"|\b(?:how|what|whats|any|is|are|do|does|can|could|where|which|when)\b",
    re.I,
)
_MONEY = re.compile(
    r"价|钱|贵|便宜|首付|万|优惠|降|\b(?:price|cost|how much|damage|expensive|pricey|steep|discount)", re.I
)
SIGNS: dict[str, dict[str, re.Pattern[str]]] = {
    "knowledge": {
        "informed": re.compile(r"官网|参数|配置|油耗|亏电|\d\.\d|website says|\bspecs?\b", re.I),
        "novice": re.compile(
            r"怎么选|咋选|哪款|哪个|推荐|区别|差在哪|刚拿|合适不|which|recommend|what can i|options", re.I
        ),
    },
    "patience": {
        "impatient": re.compile(
            r"走了|先撤|算了|没人理|遍|(?<![着不])急|不信|套路|[?？]{2}|hello\?|question please|again", re.I
        ),
        "patient": re.compile(r"不着急|再看看|商量|考虑|想想|think about it|back later|check with|might come", re.I),
    },
    "family": {
        "children": re.compile(r"娃|孩子|宝宝|儿童|婴儿|\b(?:kids?|son|daughter|baby|child(?:ren)?)\b", re.I),
        "parents": re.compile(r"老人|爸|妈|父母|丈母娘|\b(?:parents?|mum|mom|dad)\b", re.I),
        "a couple": re.compile(r"老婆|老公|对象|结婚|\b(?:wife|husband|anniversary)\b", re.I),
        "a group": re.compile(r"公司|客户|同事|朋友|\d+个?人|\b(?:group|friends|clients?|\d+ people)\b", re.I),
    },
}
_BUDGET = re.compile(
    r"预算\s*(\d+(?:\.\d+)?万?\d?)|(\d+(?:\.\d+)?万\d?|\d{3,})\s*(?:以内|以下|左右|行不行|打得住|最后|一口价)"
    r"|\b(?:under|budget|max)(?: of| is)? (\$?\d+)",
    re.I,
)


COMPARES = re.compile(
    r"哪[个款间种台].{0,6}(?:好|合适|划算|安静|值)|区别|差在|怎么选|还是.{1,10}好|比.{1,8}(?:好|贵|便宜|大|安静|划算)"
    r"|\b(?:\w+er|better|worse) than\b|difference between|\bversus\b|\bvs\b"
    r"|which (?:one|of) .{0,20}\b(?:better|best)\b",
    re.I,
)
"""A viewer who sets two things side by side."""
MISSES = re.compile(
    r"(?:满了|没房|订完|卖完|没了|加不了|住不了|放不下).{0,14}(?:还|可以|有|换|改)|只有这一|只有.{1,6}(?:款|间|台)"
    r"|\b(?:is|are|all) (?:gone|taken|full|sold out|booked)\b"
    r"|\b(?:no|not|isn't|aren't) .{1,30}\bbut (?:we|i|the|there)\b|\bif you don't need\b",
    re.I,
)
"""A host whose answer is that not all of what is wanted can be had, but something near it."""


MOVE_OF_LABEL: dict[str, Move] = {
    "needs_mining": "needs",
    "holds_price": "negotiate",
    "offers_gift": "negotiate",
    "comparison": "compare",
    "invitation": "invite",
    "correction": "recover",
    "empathy": "objection",
    "reassurance": "objection",
    "conflict": "conflict",
    "alternative": "conflict",
}
"""The move that a strategy of the host's is part of."""


def moves_of(signal: Signal) -> Iterator[Move]:
    """The moves that an exchange shows by its words, whatever strategy the host's line was taken for."""
    if signal.kind in ("user_question", "exchange") and COMPARES.search(signal.text):
        yield "compare"
    if signal.kind == "exchange" and MISSES.search(signal.answer):
        yield "conflict"


def to_the_point(domain: Domain, signal: Signal) -> bool:
    """Does the line itself ask, or name the slot it is filed under? A line linked to somebody's answer need not."""
    spec = domain.by_name.get(signal.slot)
    words = [word for names in spec.names.values() for word in names] if spec else []
    text = signal.text.casefold()
    named = any(word.casefold() in text for word in words) or (signal.slot == "price" and bool(_MONEY.search(text)))
    return named or bool(_ASKING.search(text))


def sign(name: str, lines: Sequence[Signal]) -> Trait:
    """The value of a trait that the most lines show."""
    found = {value: [s for s in lines if pattern.search(s.text)] for value, pattern in SIGNS[name].items()}
    value, shown = max(found.items(), key=lambda pair: len(pair[1]))
    return _mined(name, value, shown)


def budget(lines: Sequence[Signal]) -> Trait:
    """A figure that a line names as its limit; "tight" for who finds things dear."""
    for line in lines:
        if match := _BUDGET.search(line.text):
            return _mined("budget", next(filter(None, match.groups())), [line])
    return _mined("budget", "tight", [s for s in lines if s.kind == "objection" and s.label == "price"])


def need(lang: Lang, needs: Sequence[Need], lines: Sequence[Signal], otherwise: str) -> Trait:
    """The schema's need that a line speaks of, by a word they share or by whom it is for; else the next in turn, which
    comes from the schema and says so."""
    for line in lines:
        for each in needs:
            if _shared(each.words, line.text, lang):
                return _mined("need", each.words, [line])
    return Trait(name="need", value=otherwise, origin="schema") if otherwise else _mined("need", "", [])


def _shared(words: str, text: str, lang: Lang) -> bool:
    if any(pattern.search(words) and pattern.search(text) for pattern in SIGNS["family"].values()):
        return True
    if lang == "zh":
        pairs = {words[n : n + 2] for n in range(len(words) - 1)}
        return any(pair in text for pair in pairs if pair.isalpha() and pair not in _COMMON)
    return bool(set(re.findall(r"[a-z]{5,}", words)) & set(re.findall(r"[a-z]{5,}", text.casefold())) - _COMMON)


_COMMON = {"周末", "一台", "买来", "什么", "想要", "想换", "出去", "something", "weekend", "after", "first", "dinner"}


def _mined(name: str, value: str, lines: Sequence[Signal]) -> Trait:
    evidence: tuple[Evidence, ...] = tuple(line.evidence[0] for line in lines[:3])
    if value and evidence:
        return Trait(name=name, value=value, origin="mined", evidence=evidence)
    return Trait(name=name, value=None, origin="not_shown")
