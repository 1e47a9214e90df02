"""Does a wording keep the sense of its draft? What a small model changes while every label and value is still there.

Measured of the embedded model (docs/log.md): "cheaper" becomes "more expensive", "座位的话" becomes "坐吧", "that said"
becomes "that's a good point". Knows no domain; the words are in sense.yaml.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from millstream import heard, resources
from millstream.records import Lang, Step

_SHORT: dict[Lang, int] = {"zh": 3, "en": 9}
"""Characters up to which a clause is too short to be compared by its words."""
_LONG: dict[Lang, int] = {"zh": 2, "en": 4}
"""Characters from which on a word that stands there twice is heard twice."""
_CLAUSE: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"[，。！？；：、…~,!?;:—\s]+|\.(?!\d)"),
    "en": re.compile(r"[,!?;:…—]+|\.(?!\d)"),
}
_ASKING = {"request", "request_compare", "request_more", "negotiate", "request_handover", "confirm"}
_TELLING = {"inform", "greet", "acknowledge", "correct"}
_EVASIVE = {"object", "delay", "decline", "negotiate", "acknowledge", "empathise", "complain"}
"""Acts that are said as well with a denial as without ("I'm not sure", "I'd rather wait")."""
_LEAVING = {"decline", "delay", "bye", "veto", "refuse"}


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("play/sense.yaml")
    return loaded


def begins_alike(text: str, before: str, lang: Lang) -> bool:
    """Two turns of one speaker begin with the same nod ("好的，... 好的，...")."""
    first, other = (heard.plain(_CLAUSE[lang].split(said.strip(), maxsplit=1)[0]) for said in (text, before))
    return first == other and 0 < len(first) <= _SHORT[lang]


def changed(text: str, step: Step, lang: Lang, known: Sequence[str] = ()) -> Iterator[str]:
    """What `text` says otherwise than the step's draft. `known`: lines whose short clauses may be taken over."""
    acts = {act.act for act in step.acts}
    if turned := _turned(text, step.draft, lang):
        yield f"turns it round: {turned!r}"
    if not (step.asks or acts & _EVASIVE) and _denies(text, lang) != _denies(step.draft, lang):
        yield "denies" if _denies(text, lang) else "does not deny"
    if begun := _begun(text, step, lang):
        yield f"begins with {begun!r}"
    if ended := _ended(text, step.draft, lang):
        yield f"ends with {ended!r}"
    if swapped := _swapped(text, step.draft, lang):
        yield f"says of the other person: {swapped!r}"
    if linked := set(_found("links", text, lang)) - set(_found("links", step.draft, lang)):
        yield f"joins by {', '.join(sorted(linked))!r}"
    if not acts & _LEAVING and (left := _found("leaves", text, lang)) and not _found("leaves", step.draft, lang):
        yield f"turns down or leaves: {left[0]!r}"
    if idle := _idle_marks(text, step.draft, lang):
        yield f"marks as a question: {idle!r}"
    if acts & _ASKING and _asks(step.draft, lang) and not _asks(text, lang):
        yield "no longer asks"
    if step.role == "user" and not step.asks and acts <= _TELLING and (asked := _wondered(text, step.draft, lang)):
        yield f"asks {asked!r} where it tells"
    if _prices(text, lang) > max(1, _prices(step.draft, lang)):
        yield "asks for two prices"
    yield from (f"puts in {clause!r}" for clause in _put_in(text, step.draft, known, lang))
    yield from (f"says {clause!r} twice" for clause in _said_twice(text, step.draft, lang))
    yield from (f"says {word!r} twice" for word in _doubled(text, step, lang))
    if " / " in text and " / " not in step.draft:  # as examples are listed in the prompt
        yield "is a list of lines"


@cache
def _opposites(lang: Lang) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    pairs = [[re.compile(side, re.IGNORECASE) for side in pair] for pair in _data()["opposites"][lang]]
    return [(one, other) for one, other in pairs] + [(other, one) for one, other in pairs]


def _turned(text: str, draft: str, lang: Lang) -> str:
    """The word that says the opposite of one in the draft."""
    for one, other in _opposites(lang):
        found = other.search(text)
        if found and one.search(draft) and not other.search(draft) and not one.search(text):
            return found.group()
    return ""


def _denies(text: str, lang: Lang) -> bool:
    rest = re.sub(_data()["idle"][lang], " ", text.casefold())
    return re.search(_data()["denies"][lang], rest) is not None


@cache
def _openings(lang: Lang) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _data()["openings"][lang].items()}


def _begun(text: str, step: Step, lang: Lang) -> str:
    """The way a wording begins though neither its draft nor what it does begins so."""
    free = {name for act in step.acts for name in _data()["opened_by"].get(act.act, ())}
    free |= {"deny"} if _denies(step.draft, lang) else set()
    for name, pattern in _openings(lang).items():
        if name not in free and (found := pattern.search(text)) and not pattern.search(step.draft):
            return found.group()
    return ""


def _found(kind: str, text: str, lang: Lang) -> list[str]:
    return [found.group().casefold() for found in re.finditer(_data()[kind][lang], text, re.IGNORECASE)]


def _swapped(text: str, draft: str, lang: Lang) -> str:
    """What the draft says of one person and the wording of the other ("质保这块您放心" -> "质保这块我放心")."""
    mine, drafted = _of_persons(text, lang), _of_persons(draft, lang)
    words = {word for _, word in mine ^ drafted}
    turned = [word for word in words if len({who for who, said in mine | drafted if said == word}) == 2]
    return next((word for word in sorted(turned) if not {who for who, said in mine & drafted if said == word}), "")


def _of_persons(text: str, lang: Lang) -> frozenset[tuple[str, str]]:
    """Who (1 or 2) with the word behind, where that word means something."""
    person = {"1": re.compile(_data()["first"][lang], re.I), "2": re.compile(_data()["second"][lang], re.I)}
    said = ((who, found) for who, each in person.items() for found in each.finditer(text))
    return frozenset((who, f"{found['to']}{found['word']}".casefold()) for who, found in said)


def _wondered(text: str, draft: str, lang: Lang) -> str:
    """The word that asks in a turn that tells what is wished for."""
    asking = re.compile(_data()["wonders"][lang], re.IGNORECASE)
    found = asking.search(text)
    return found.group() if found and not asking.search(draft) else ""


def _idle_marks(text: str, draft: str, lang: Lang) -> str:
    """The clause that a question mark ends though nothing in it asks; English asks by the tone as well."""
    if lang == "en":
        return ""
    marked = [clause.strip() for clause in re.findall(r"[^，。！？,.!?\s]+(?=[?？])", text)]
    asking = re.compile(f"{_data()['asks'][lang]}|吧$")
    idle = (each for each in marked if len(each) > _SHORT[lang] and not asking.search(each))
    return next((each for each in idle if each not in draft), "")


def _ended(text: str, draft: str, lang: Lang) -> str:
    """The way a wording ends though its draft does not: on a nod, or on what a turn begins with."""
    ending = re.compile(_data()["endings"][lang], re.IGNORECASE)
    found = ending.search(text)
    return found.group().strip() if found and not ending.search(draft) else ""


def _asks(text: str, lang: Lang) -> bool:
    """Asks, with a question mark or, as people type, without one."""
    clauses = [clause.strip() for clause in _CLAUSE[lang].split(text)]
    return bool(re.search("[?？]", text)) or any(re.search(_data()["asks"][lang], each, re.I) for each in clauses)


@cache
def _usual(lang: Lang) -> frozenset[str]:
    return frozenset(heard.plain(each) for each in _data()["interjections"][lang])


def _put_in(text: str, draft: str, known: Sequence[str], lang: Lang) -> Iterator[str]:
    """Short clauses that nobody said: neither usual, nor of the draft (by a word, or a character of Chinese), nor of a
    line shown (by a word, or a pair)."""
    said, shown = _small(draft, lang), frozenset().union(*(heard.pieces(each) for each in known))
    for clause in _CLAUSE[lang].split(text):
        plain = heard.plain(clause)
        if not 0 < len(plain) <= _SHORT[lang] or plain in _usual(lang):
            continue
        if not _small(clause, lang) & said and not heard.pieces(clause) & shown:
            yield clause.strip()


def _small(text: str, lang: Lang) -> frozenset[str]:
    return frozenset(heard.plain(text)) - set(_data()["particles"]) if lang == "zh" else heard.pieces(text)


def _doubled(text: str, step: Step, lang: Lang) -> Iterator[str]:
    """Words (pairs of characters of Chinese) that stand once in the draft and more often in the wording."""
    names = " ".join([*step.must, *(act.entity for act in step.acts)]).casefold()
    for word in heard.pieces(step.draft):
        if len(word) >= _LONG[lang] and word not in names and text.count(word) > step.draft.casefold().count(word) == 1:
            yield word


def _prices(text: str, lang: Lang) -> int:
    """How often a price is spoken of."""
    return len(re.findall(_data()["priced"][lang], text, re.IGNORECASE))


def _said_twice(text: str, draft: str, lang: Lang) -> Iterator[str]:
    clauses, drafted = ([heard.plain(clause) for clause in _CLAUSE[lang].split(said)] for said in (text, draft))
    yield from {each for each in clauses if each and clauses.count(each) > max(1, drafted.count(each))}
