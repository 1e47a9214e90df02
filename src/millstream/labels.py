"""Does a text carry the labels it was given? The check behind "labels are verified in the text".

For every act: is its value heard, does the sentence sound like the act, is a requested slot spoken of. The same
check guards the realiser (before a wording is taken) and the critic (before a dialogue is kept).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce

from millstream import heard, phrases, resources
from millstream.domain import NO, NONE, YES, Domain, SlotSpec, Words
from millstream.records import Act, Lang

CONTEXT = 6
"""Turns back in which an entity may have been named for a pronoun, or nothing, to stand for it."""

_MANY = 1 << 14
"""Answers kept."""
_PLACEHOLDER = re.compile(r"\$[a-z_]+")
_DENIAL: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"不|没|否|无"),
    "en": re.compile(r"\b(?:no|not|isn't|aren't|doesn't|don't|can't|without|never)\b|n't\b", re.I),
}
_CLAUSES = re.compile(r"[，。！？；,.!?;]+")
_TAKEN_BACK: dict[Lang, str] = {
    "zh": r"(?:听成|说成|当成|不是|不要)\s*",
    "en": r"\b(?:not|isn't|wasn't|heard)\s+(?:an?\s+)?",
}
"""What turns a value that is stated into one that is denied."""
_BOUNDS: dict[str, dict[Lang, str]] = {
    "least": {
        "zh": r"(?:至少|起码|最少|不低于)要?得?有?\s*{0}|{0}\s*(?:以上|起步|打底|往上)",
        "en": r"\b(?:at least|minimum(?: of)?|no less than)\s+{0}|{0} or more\b",
    },
    "most": {
        "zh": r"(?:最多|顶多|别超过|不要?超过)\s*{0}|{0}\s*(?:以内|以下|封顶)",
        "en": r"\b(?:at most|no more than|under|less than)\s+{0}|{0} (?:or less|at most|max|tops)\b",
    },
}
"""How a figure is said as a floor and as a ceiling."""
_STATING = {"inform", "correct", "apologise"}
_QUESTION: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(
        r"[?？]|多少|什么|怎么|能不能|有没有|是不是|行不行|好不好|(?:[吗么呢]|哪\w{0,2}|[不没])[啊呀呢了呗]?[。！!~ ]*$"
    ),
    "en": re.compile(r"\?"),
}


def _acts() -> dict[str, dict[Lang, str]]:
    loaded: dict[str, dict[Lang, str]] = resources.data("acts.yaml")
    return loaded


@cache
def _act_pattern(act: str, lang: Lang) -> re.Pattern[str] | None:
    pattern = _acts().get(act, {}).get(lang)
    return re.compile(pattern, re.IGNORECASE) if pattern else None


@lru_cache(1 << 12)
def _taken_back(value: str, lang: Lang) -> re.Pattern[str]:
    return re.compile(_TAKEN_BACK[lang] + re.escape(value))


@lru_cache(1 << 12)
def _bound(bound: str, value: str, lang: Lang) -> re.Pattern[str]:
    alone = rf"(?<!\d)(?<!\d[.,]){re.escape(value)}(?![.,]?\d)"  # "under 5" is not in "under 500"
    return re.compile(_BOUNDS[bound][lang].format(alone), re.IGNORECASE)


def context(said: Iterable[tuple[str, Sequence[Act]]]) -> Iterator[str]:
    """Of all that was said (text, acts), where a turn behind it may find what it leaves to a pronoun: the last CONTEXT
    turns, and the last in which a thing was named, however long ago that is. Worked out when it is looked into: most
    turns name what they are about."""
    every = list(said)
    near = [text for text, _ in every[-CONTEXT:]]
    naming = (text for text, acts in reversed(every) if any(act.entity and act.entity in text for act in acts))
    last = next(naming, "")
    yield from near if not last or last in near else [last, *near]


@dataclass(frozen=True, eq=False)
class Labels:
    """The label check of one domain in one language. A turn is checked as it is planned, as it is delivered and as it
    is judged: what was found is kept, and all of a run ask the same one (`of`)."""

    domain: Domain
    lang: Lang

    @staticmethod
    @cache
    def of(domain: Domain, lang: Lang) -> "Labels":
        return Labels(domain, lang)

    @cached_property
    def _kept(self) -> Callable[[str, str, str, str], tuple[str, ...]]:
        return lru_cache(_MANY)(lambda *asked: tuple(self.lost_of(*asked)))

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return _slot_words(self.domain, self.lang)

    def lost(self, text: str, acts: Iterable[Act], context: Iterable[str] = ()) -> list[str]:
        """The labels `text` does not carry, in words. An entity named in `context` (the last turns) may be
        left to a pronoun."""
        found: list[str] = []
        near: Sequence[str] | None = None
        for act in acts:
            found += self._kept(text, act.act, act.slot, act.value)
            if not act.entity or heard.says(text, act.entity):
                continue
            near = tuple(context) if near is None else near
            if not any(heard.says(each, act.entity) for each in near):
                found.append(f"{act.entity!r} is not named")
        return found

    def lost_of(self, text: str, act: str, slot: str, value: str) -> Iterator[str]:
        """The same of one act, whatever it is of and whatever was said before."""
        if value and act != "inform_intent" and not self.says(text, slot, value):
            yield f"{act}: {value!r} is not said"
        if act == "inform" and value and (said := self._misbound(text, slot, value)):
            yield f"{act}: {value!r} is said as a {said}"
        if act in _STATING and value and _taken_back(value, self.lang).search(text):
            yield f"{act}: {value!r} is taken back"
        if act == "inform_intent" and not self._is_service(text, value):
            yield "what is wanted is not said"
        if (pattern := _act_pattern(act, self.lang)) and not pattern.search(text):
            yield f"{act} is not heard"
        if act == "request" and slot in self.domain.by_name and not self.speaks_of(text, slot):
            yield f"{slot} is not asked for"

    def _is_service(self, text: str, need: str) -> bool:
        """An opening says what it is about: a word of the domain, or a good part of the need."""
        words = (*self.domain.words.get(self.lang, ()), self.domain.entity.get(self.lang, ""))
        said = heard.pieces(need)
        shared = len(said & heard.pieces(text)) >= max(1, len(said) / 3) if said else False
        return shared or any(word and word.casefold() in text.casefold() for word in words)

    def says(self, text: str, slot: str, value: str) -> bool:
        """A yes, a no and a none are said by speaking of their slot, denied or not; any other value by itself."""
        spec, folded = self.domain.by_name.get(slot), value.casefold()
        denials = (NO[self.lang], NONE[self.lang])
        if spec is None or folded not in (YES[self.lang], *denials) or not (spec.tell_no or spec.kind == "flag"):
            return heard.says(text, value)
        if not spec.is_had:
            return self.speaks_of(text, slot) and self._is_denied(text, spec) == (folded in denials)
        denied = [self._is_denied(clause, spec) for clause in _CLAUSES.split(text) if self.speaks_of(clause, slot)]
        return bool(denied) and any(denied) == (folded in denials)

    def _is_denied(self, clause: str, spec: SlotSpec) -> bool:
        """Whether a clause denies that something is there; its own name may ("a no-smoking room")."""
        names = spec.names.get(self.lang, ())
        return bool(_DENIAL[self.lang].search(reduce(lambda left, name: left.replace(name, ""), names, clause)))

    def _misbound(self, text: str, slot: str, value: str) -> str:
        """The bound that the text makes of a figure whose slot is compared another way ("at least" of a ceiling)."""
        spec = self.domain.by_name.get(slot)
        if spec is None or spec.kind not in ("money", "number") or "constrain" not in spec.use:
            return ""
        bound = {"low": "most", "high": "least", "": ""}[spec.better]
        return next((b for b in ("most", "least") if b != bound and _bound(b, value, self.lang).search(text)), "")

    def asks(self, text: str) -> bool:
        return bool(_QUESTION[self.lang].search(text))

    def speaks_of(self, text: str, slot: str) -> bool:
        """The text has a word of the slot: one of its names, or one that tells its wordings from other slots'."""
        return bool(self._words[slot] & heard.pieces(text)) or any(
            name.casefold() in text.casefold() for name in self.domain.by_name[slot].names.get(self.lang, ())
        )

    def tells_slot(self, text: str, slot: str) -> frozenset[str]:
        """The words of `text` that are the slot's and nobody's small talk ("spicy" of "and how spicy is it")."""
        names = frozenset(each.casefold() for each in self.domain.by_name[slot].names.get(self.lang, ()))
        telling = self._words[slot] - phrases.small_talk(self.lang)
        return (telling & heard.pieces(text)) | {name for name in names if name in text.casefold()}

    def asks_as_user(self, text: str, slot: str) -> bool:
        """The question is the one a user puts ("how much is it"), not the host's ("how much would you spend")."""
        if self.domain.by_name[slot].kind != "money":  # of other slots, both sides ask in the same words
            return False
        asks, queries = _asked(self.domain, self.lang)[slot]
        said = heard.pieces(text)
        return bool(said & (queries - asks)) and not said & (asks - queries)


def _wordings(*kinds: Words, lang: Lang) -> str:
    """The words of wordings; one that has $slot is anybody's, and tells no slot from another."""
    said = (text for words in kinds for text in words.get(lang, ()) if "$slot" not in text)
    return _PLACEHOLDER.sub(" ", " ".join(phrases.forms(said)))


@cache
def _asked(domain: Domain, lang: Lang) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """The words with which a host asks what is wished for in a slot, and those with which a user asks what it is."""
    return {
        slot.name: (heard.pieces(_wordings(slot.ask, lang=lang)), heard.pieces(_wordings(slot.query, lang=lang)))
        for slot in domain.slots
    }


@cache
def _slot_words(domain: Domain, lang: Lang) -> dict[str, frozenset[str]]:
    """The words of each slot's wordings that at most a sixth of the slots (or two) share."""
    words = {
        slot.name: heard.pieces(
            _wordings(slot.names, slot.values, slot.ask, slot.want, slot.query, slot.tell, lang=lang)
        )
        for slot in domain.slots
    }
    spread = Counter(word for each in words.values() for word in each)
    most = max(2, len(domain.slots) // 6)
    return {name: frozenset(word for word in each if spread[word] <= most) for name, each in words.items()}
