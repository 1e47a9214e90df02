"""One turn's acts as a marked sentence: which wording, in which order, joined how. Knows no dialogue around it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import Any

from millstream import resources
from millstream.records import Lang
from millstream.services.annotated import Act
from millstream.services.forms import FALSE, forms, parts
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema

_MARK = "(?:\x01[^\x02]*\x02)?"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|_")


def wordings(lang: Lang) -> Mapping[str, Any]:
    loaded: dict[str, Any] = resources.data(f"simulate/wordings.{lang}.yaml")
    return loaded


def kind(slot: str, service: ServiceSchema) -> Mapping[str, Any]:
    """The wordings of a slot; what its kind does not say, the last and general kind does."""
    told = service.by_name.get(slot)
    return _kind(slot, f"{service.name} {service.description} {told.description if told else ''}", service.lang)


@cache
def _kind(slot: str, about: str, lang: Lang) -> Mapping[str, Any]:
    """By the slot's name and, where a name may mean several things, by what it is about: a category may be eaten."""
    kinds = wordings(lang)["kinds"]
    fits = (each for each in kinds if re.search(each["slot"], slot) and re.search(each.get("about", ""), about, re.I))
    return {**kinds[-1], **next(fits)}


@cache
def _nouns(service: str, lang: Lang) -> tuple[list[str], bool]:
    """What a row of the service may be called, and whether that is what anything is called."""
    kinds = wordings(lang)["nouns"]
    at = next(n for n, each in enumerate(kinds) if re.search(each["service"], service))
    return kinds[at]["noun"], at == len(kinds) - 1


@dataclass(frozen=True)
class Said:
    """What a sentence is made of: the service, the intent that is open, the wordings, what was asked just before."""

    service: ServiceSchema
    intent: str
    lang: Lang
    rng: Random
    asked: frozenset[str]
    offered: str = ""

    @property
    def wordings(self) -> Mapping[str, Any]:
        return wordings(self.lang)

    def pick(self, key: str) -> str:
        return str(self.rng.choice(self.wordings["acts"][key]))

    def kind(self, slot: str) -> Mapping[str, Any]:
        return kind(slot, self.service)

    @property
    def nouns(self) -> list[str]:
        """What a row of the service may be called."""
        intent = self.service.by_intent.get(self.intent)
        if self.is_strange and self.lang == "en" and intent and not intent.transactional:
            return [_CAMEL.split(intent.name)[-1].lower()]  # no kind of service we know: FindSailing gives a sailing
        return _nouns(self.service.name, self.lang)[0]

    @property
    def is_strange(self) -> bool:
        """Is it no kind of service that the wordings know?"""
        return _nouns(self.service.name, self.lang)[1]

    @property
    def noun(self) -> str:
        return self.rng.choice(self.nouns)

    def words(self, slot: str) -> str:
        """A slot in words."""
        things = self.wordings["things"]
        if slot in things:
            return str(self.rng.choice(things[slot]) if isinstance(things[slot], list) else things[slot])
        return re.sub(r"^(has|is|in) ", "", slot.replace("_", " ").removeprefix("book"))

    def do(self, intent: str) -> str:
        """An intent in words: "ReserveCar" is "reserve car"; a description says it better where it is an order."""
        found = self.service.by_intent.get(intent)
        told = found and (self.lang == "zh" or self.is_strange)
        text = found.description if found and told else " ".join(_CAMEL.split(intent))
        return text.lower().rstrip(".。")


# --- values --------------------------------------------------------------------------------------------------


def _value(said: Said, slot: str, value: str, any_will_do: bool = True) -> str:
    """The value in one of its forms, marked; two that will do, or of which one is to be picked, are joined."""
    schema = said.service.by_name.get(slot, SlotSchema(name=slot or "-"))
    joins = said.wordings["joins"]

    def marked(one: str) -> str:
        return f"\x01{slot}\x02{said.rng.choice(forms(said.lang, schema, one))}\x03"

    either = [_all(said, [marked(one) for one in parts(schema, each)]) for each in value.split("|")]
    joined = str(joins["or"]).join(either)
    return str(joins["either"]).replace("{v}", joined) if len(either) > 1 and any_will_do else joined


def _all(said: Said, marked: Sequence[str]) -> str:
    """Values that hold at once."""
    return str(said.rng.choice(said.wordings["joins"]["all"])).join(marked)


def filled(said: Said, line: str, values: Mapping[str, str]) -> str:
    """A line with its open places, {slot}, taken by these values, marked."""
    for slot, each in values.items():
        line = line.replace(f"{{{slot}}}", _value(said, slot, each))
    return line


def named(line: str, names: Sequence[str]) -> str:
    """A line with its open places {0} and {1} taken by names, which are no values of a slot."""
    for n, name in enumerate(names):
        line = line.replace(f"{{{n}}}", name)
    return line


def _fill(said: Said, template: str, act: Act) -> str:
    value = act.values[0] if act.values else ""
    if "{thing}" in template:
        template = template.replace("{thing}", said.words(act.slot))
    template = template.replace("{slot}", said.words(act.slot)).replace("{noun}", said.noun)
    return template.replace("{v}", _value(said, act.slot, value, act.act != "OFFER"))


def _flag(said: Said, act: Act, key: str) -> str:
    """The key of the wordings that a flag's value takes."""
    if not said.kind(act.slot).get("flag"):
        return key
    no = bool(act.values) and act.values[0] in FALSE
    return {"post": "no" if no else "yes", "pre": ""}.get(key, f"{key}_no" if no and key != "tell" else _told(key, no))


def _told(key: str, no: bool) -> str:
    return f"{key}_{'no' if no else 'yes'}" if key in ("tell", "confirm") else key


def _worded(said: Said, act: Act, key: str) -> str:
    """A wording of a kind's list, or "" where it has none of that sort."""
    if act.values == (DONTCARE,):
        return _fill(said, said.pick("DONTCARE" if key == "answer" else "WISH_DONTCARE"), Act(act.act, act.slot))
    own, key = said.kind(act.slot), _flag(said, act, key)
    if act.values and act.values[0] in said.nouns:  # "I'm looking for a hotel" says nothing of the type
        key = f"{key}_noun" if f"{key}_noun" in own else key
    listed = own.get(key) or []
    return _fill(said, said.rng.choice(listed), act) if listed else ""


# --- the user ------------------------------------------------------------------------------------------------


def user(said: Said, acts: Sequence[Act]) -> str:
    wishes = [act for act in acts if act.act == "INFORM"]
    opens = any(act.act == "INFORM_INTENT" for act in acts)
    parts: list[str] = []
    for act in acts:
        if act.act == "INFORM_INTENT":
            parts.append(_opening(said, act.values[0], wishes))
        elif act.act == "CORRECT":
            parts.append(_correction(said, act))
        elif act.act == "REQUEST":
            parts.append(_of_what(said) + _worded(said, act, "request"))
        elif act.act == "ASIDE":
            parts.append(named(said.pick(act.act), act.values))
        elif act.act == "INFORM_INTENT_VAGUE":
            parts.append(said.pick(act.act).replace("{topic}", act.values[0]))
        elif act.act == "FAIL_INFORM":
            parts.append(_fill(said, said.pick(act.act), act))
        elif act.act == "NEGATE" and any(each.act == "THANK_YOU" for each in acts):
            parts.append(said.pick("NEGATE_MORE"))
        elif act.act == "NEGATE" and len(acts) == 1 and not said.asked:
            parts.append(said.pick("NEGATE_END" if said.rng.random() < 0.5 else "NEGATE"))
        elif act.act != "INFORM":
            parts.append(said.pick(act.act))
    if not opens and wishes:
        parts.append(_answers(said, wishes))
    return _joined(said, parts)


def _of_what(said: Said) -> str:
    """Now and then the user names what it asks about; that is not a wish for it."""
    named = said.wordings["joins"].get("of")
    return named.replace("{v}", said.offered) if named and said.offered and said.rng.random() < 0.6 else ""


def _opening(said: Said, intent: str, wishes: Sequence[Act]) -> str:
    """What is wanted, with up to two wishes before the noun and two behind it; the others in sentences of their own."""
    opens = next(each["open"] for each in said.wordings["intents"] if re.search(each["intent"], intent))
    unknown = said.is_strange and all("{do}" in each for each in opens)
    template = said.pick("OPEN") if unknown else said.rng.choice(opens)
    room = {"pre": 2 if "{pre}" in template else 0, "post": 2 if "{post}" in template else 0}
    slots: dict[str, list[str]] = {"pre": [], "post": []}
    rest: list[str] = []
    noun = said.noun
    for act in wishes:
        named = said.kind(act.slot).get("noun") and "{noun}" in template and act.values != (DONTCARE,)
        if named and noun and act.values[0] not in said.nouns:
            noun, found = "", _value(said, act.slot, act.values[0])
            template = template.replace("{noun}", found)
            continue
        where = ("pre", "post") if said.rng.random() < 0.6 else ("post", "pre")
        place = next((p for p in where if room[p] and act.values != (DONTCARE,) and _has(said, act, p)), "")
        if not place or said.rng.random() < 0.1:
            rest.append(_worded(said, act, "say"))
            continue
        room[place] -= 1
        slots[place].append(_worded(said, act, place))
    sep = " " if said.lang == "en" else ""
    post = (
        " ".join(slots["post"])
        if said.lang == "en"
        else "".join(each[1:] if each[0] == "~" else f"，{each}" for each in sorted(slots["post"], reverse=True))
    )
    text = template.replace("{pre}", sep.join(slots["pre"])).replace("{post}", post)
    text = text.replace("{noun}", noun).replace("{do}", said.do(intent))
    return _joined(said, [_tidy(text), *rest])


def _has(said: Said, act: Act, place: str) -> bool:
    key = _flag(said, act, place)
    return bool(key and said.kind(act.slot).get(key))


def _answers(said: Said, wishes: Sequence[Act]) -> str:
    """An answer to what was asked; what was not asked is said in a sentence that names it."""
    first = [
        _worded(said, act, "answer" if act.slot in said.asked and len(said.asked) == 1 else "say") for act in wishes
    ]
    if len(said.asked) > 1 and said.rng.random() < 0.5 and all(_has(said, act, "post") for act in wishes):
        posts = [_worded(said, act, "post") for act in wishes if act.values != (DONTCARE,)]
        if len(posts) == len(wishes):
            text = (" " if said.lang == "en" else "，").join(each.lstrip("~") for each in posts)
            return f"{text[:1].upper()}{text[1:]}." if said.lang == "en" else f"{text}。"
    return _joined(said, first)


def _correction(said: Said, act: Act) -> str:
    if act.values == (DONTCARE,):
        return _worded(said, act, "say")
    flag = said.kind(act.slot).get("flag")
    template = said.pick("CORRECT_FLAG" if flag else "CORRECT_ASKED" if act.slot in said.asked else "CORRECT")
    for key in ("answer", "say"):
        if f"{{{key}}}" in template:
            worded = _worded(said, act, key)
            return template.replace(f"{{{key}}}", worded)
    return _fill(said, template, act)


# --- the agent -----------------------------------------------------------------------------------------------


def agent(said: Said, acts: Sequence[Act]) -> str:
    parts: list[str] = []
    confirmed = [_confirmed(said, act) for act in acts if act.act == "CONFIRM"]
    offered = False
    for act in acts:
        if act.act == "REQUEST":
            parts.append(_worded(said, act, "ask"))
        elif act.act == "OFFER" and "|" in act.values[0]:
            parts.append(_fill(said, said.pick("CHOICE"), act))
        elif act.act == "OFFER":
            parts.append(_worded(said, act, "tell") if offered else _offer(said, act))
            offered = True
        elif act.act == "INFORM":
            parts.append(_worded(said, act, "tell"))
        elif act.act == "INFORM_COUNT":
            parts.append(said.pick("INFORM_COUNT").replace("{v}", act.values[0]))
        elif act.act == "OFFER_INTENT":
            parts.append(said.pick("OFFER_INTENT").replace("{do}", said.do(act.values[0])))
        elif act.act == "ACTION":
            parts.append(said.pick("ACTION").replace("{do}", said.service.by_intent[act.values[0]].description))
        elif act.act in ("CHIT_CHAT", "GOODBYE", "ASIDE"):
            parts.append(said.pick(f"{act.act}_AGENT"))
        elif act.act == "NOTIFY_SUCCESS" and said.is_strange:
            parts.append(said.pick("NOTIFY_SUCCESS_PLAIN"))
        elif act.act != "CONFIRM":
            parts.append(said.pick(act.act))
    if confirmed:
        parts.insert(0, said.pick("CONFIRM").replace("{all}", (", " if said.lang == "en" else "，").join(confirmed)))
    return _joined(said, parts)


def _confirmed(said: Said, act: Act) -> str:
    if said.kind(act.slot).get("flag"):
        return _worded(said, act, "confirm") or _worded(said, act, "post")
    return _worded(said, act, "confirm")


def _offer(said: Said, act: Act) -> str:
    if said.kind(act.slot).get("flag") or act.slot != said.service.key:
        return _worded(said, act, "tell")
    return _fill(said, said.pick("OFFER"), act)


# --- sentences -----------------------------------------------------------------------------------------------


def _joined(said: Said, parts: Sequence[str]) -> str:
    return (" " if said.lang == "en" else "").join(part for part in parts if part)


@lru_cache(maxsize=65536)
def _tidy(text: str) -> str:
    """No two blanks, none before a mark; "an" before a vowel, where a value is marked too."""
    text = re.sub(r"\s+([.?!,])", r"\1", re.sub(r" {2,}", " ", text))
    return re.sub(rf"\b([Aa]) (?={_MARK}[aeioAEIO])(?!{_MARK}(?:one|eu|Eu))", r"\1n ", text)
