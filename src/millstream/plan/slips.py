"""What a wish can be misheard as, and what nothing has: values, before anybody says them."""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from millstream import heard, numbers
from millstream.domain import NO, NONE
from millstream.know.base import Knowledge
from millstream.plan.wishes import beside, round_step, surface
from millstream.records import Constraint, Fact, Lang

LIKEST = 2
"""Of the values of a category, so many that are spelt most like the wish."""
AKIN = 50
"""Likeness in 100 of spelling from which on one word can be read for another."""
_ALIKE: dict[Lang, dict[int, int]] = {"zh": {1: 7, 7: 1, 6: 9, 9: 6}, "en": {5: 9, 9: 5}}
"""Figures that are taken for one another: yi and qi, liu and jiu; five and nine."""
_SI, _SHI = 4, 10
"""So are these two in Chinese."""
WHOLE = 100
"""Nobody wants more per cent."""
ONE = 80
"""Likeness in 100 of spelling from which on two values are not told apart."""
FAR = 2.0
"""How many times what was wanted one settles for."""
CLOSE = 1.25
"""How many times the nearest there is one settles for."""
_FAR = 2.0
"""How many times below the least and above the most there is a number is still one that somebody could want."""
_MANY = 1 << 12
"""Answers kept: a run has the same wishes again and again."""


@lru_cache(_MANY)
def misheard(knowledge: Knowledge, wish: Constraint, lang: Lang) -> tuple[str, ...]:
    """What this wish could be taken for because it sounds or is spelt like it: for a number, what sounds alike and is
    within reason; for a category, the values that share the most of its spelling. () if there is nothing."""
    number = numbers.first(wish.value)
    if wish.op == "eq" or number is None:
        mine = heard.plain(wish.value)
        alike = {value: fuzz.ratio(heard.plain(value), mine) for value in _values(knowledge, wish.slot)}
        found = [value for value in sorted(alike, key=alike.__getitem__) if alike[value] >= AKIN]
        return tuple([value for value in found if value != wish.value][-LIKEST:])
    return _within_reason(knowledge, wish, number, [*_sounding(number, lang)], lang)


def mistaken(
    knowledge: Knowledge, wishes: Sequence[Constraint], lang: Lang
) -> dict[Constraint, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The wishes that can be taken for something else: what they can be misheard as, what another line holds."""
    found = {wish: (misheard(knowledge, wish, lang), another_line(knowledge, wish, lang)) for wish in wishes}
    return {wish: others for wish, others in found.items() if any(others)}


def missing(knowledge: Knowledge, wishes: Sequence[Constraint], lang: Lang) -> list[tuple[Constraint, str]]:
    """Wishes, each with a value of its slot that nothing has and that somebody could want who settles for the wish: who
    wants to spend $5, and hears of $6, does not settle for $35, and five people do not become four. A wish for a thing
    itself has others beside it, which the agent names."""
    tastes = [wish for wish in wishes if wish.slot not in knowledge.domain.counted]
    open_ones = [wish for wish in tastes if wish.op != "eq" or beside(wish, knowledge)]
    found = [(wish, value) for wish in open_ones for value in absent(knowledge, wish, lang)]
    return [(wish, value) for wish, value in found if _is_near(knowledge, wish, value, lang)]


def others(knowledge: Knowledge, entity: str, slot: str) -> list[Fact]:
    """What other things have there; [] where this one's own is not known."""
    mine = knowledge.fact(entity, slot)
    return [fact for fact in knowledge.having(slot) if mine and fact.value != mine.value]


@lru_cache(_MANY)
def another_line(knowledge: Knowledge, wish: Constraint, lang: Lang) -> tuple[str, ...]:
    """What another viewer could have written in the line next to this wish: for a number, the round figures around it;
    for a category, any other value there is."""
    number = numbers.first(wish.value)
    if wish.op == "eq" or number is None:
        return tuple(sorted(set(_values(knowledge, wish.slot)) - {wish.value}))
    near = [number - round_step(number), number + round_step(number)]
    return _within_reason(knowledge, wish, number, near, lang)


def _within_reason(
    knowledge: Knowledge, wish: Constraint, number: float, others: Sequence[float], lang: Lang
) -> tuple[str, ...]:
    """Those of some other numbers that somebody could want, written like the values of the wish's slot."""
    facts = _figures(knowledge, wish.slot)
    if not facts:
        return ()
    low, high = facts[0].number or 0, facts[-1].number or 0
    sane = [each for each in others if low / _FAR <= each <= high * _FAR and each > 0]
    said = (surface(each, facts[0], lang) for each in dict.fromkeys(sane) if each != number)
    return tuple(value for value in said if numbers.first(value) != number)


@lru_cache(_MANY)
def absent(knowledge: Knowledge, wish: Constraint, lang: Lang) -> tuple[str, ...]:
    """Values of the wish's slot that somebody could want and nothing has: just past the last figure there is, or what
    only the domain knows."""
    spec = knowledge.domain.by_name[wish.slot]
    if wish.op == "eq":
        there = list(_values(knowledge, wish.slot))
        missing = [each for each in spec.values.get(lang, ()) if not any(_same(each, value) for value in there)]
        return tuple(missing)
    if not _figures(knowledge, wish.slot):
        return ()
    last = extreme(knowledge, wish.slot, wish.op)
    size = round_step(last.number or 0)
    past = (last.number or 0) / size
    bound = (math.ceil(past) - 1 if wish.op == "max" else math.floor(past) + 1) * size
    whole = "%" in last.value and bound > WHOLE
    return (surface(bound, last, lang),) if bound > 0 and not whole else ()


def _is_near(knowledge: Knowledge, wish: Constraint, value: str, lang: Lang) -> bool:
    """Whether who wanted `value` would settle for `wish`, having heard of the nearest there is."""
    spec = knowledge.domain.by_name[wish.slot]
    if spec.graded:
        grades = [*spec.values.get(lang, ())]
        return {wish.value, value} <= {*grades} and abs(grades.index(wish.value) - grades.index(value)) == 1
    wanted, settled = numbers.first(value), numbers.first(wish.value)
    if wish.op == "eq" or not wanted or not settled:
        return True
    there = extreme(knowledge, wish.slot, wish.op).number
    return _within(FAR, wanted, settled) and (not there or _within(CLOSE, there, settled))


def _within(times: float, one: float, other: float) -> bool:
    return max(one, other) <= times * min(one, other)


def _same(one: str, other: str) -> bool:
    """One holds the other, or nearly: "starters" and "starter", "SUV" and "coupe SUV"."""
    return fuzz.partial_ratio(one.casefold(), other.casefold()) >= ONE


def extreme(knowledge: Knowledge, slot: str, op: str) -> Fact:
    """What has the least figure where a ceiling is wanted, the greatest where a floor is."""
    return _figures(knowledge, slot)[0 if op == "max" else -1]


def _values(knowledge: Knowledge, slot: str) -> Iterator[str]:
    never = {*NONE.values(), *NO.values()}
    return (value for value in dict.fromkeys(fact.value for fact in knowledge.having(slot)) if value not in never)


@lru_cache(_MANY)
def _figures(knowledge: Knowledge, slot: str) -> tuple[Fact, ...]:
    """The facts of a slot that have a number, the least first."""
    numbered = [fact for fact in knowledge.having(slot) if fact.number is not None]
    return tuple(sorted(numbered, key=lambda fact: (fact.number or 0, fact.entity)))


def _sounding(number: float, lang: Lang) -> Iterator[float]:
    """Numbers that sound like this one: -teen for -ty (14 and 40 in both languages), and the figures that are taken
    for one another, in the last place that is said. Of a scaled number ("150 thousand", 15万) the count alone."""
    scale = next((each for each in ((10_000,) if lang == "zh" else (1000,)) if number >= each), 1)
    count = number / scale
    if count != int(count) or count >= 1000:
        return
    rest = int(count) % 100 if lang == "en" or count < 100 else 0  # 一百五 and 一百一十五 do not sound alike
    head = int(count) - rest
    if 13 <= rest <= 19:
        yield (head + rest % 10 * 10) * scale
    elif rest % 10 == 0 and 30 <= rest <= 90:
        yield (head + rest // 10 + 10) * scale
    if lang == "zh" and count in (_SI, _SHI):
        yield (_SI + _SHI - count) * scale
    place = next((10**n for n in range(3) if int(count) % 10 ** (n + 1)), 1)
    last = int(count) // place % 10
    if last in _ALIKE[lang] and count != _SHI:
        yield (int(count) + (_ALIKE[lang][last] - last) * place) * scale
