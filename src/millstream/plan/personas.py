"""Personas: P_u from what one viewer asked, P_a from what the account shows. Two builders, one rule.

The rule: a field has evidence, or comes from the domain's schema and says so, or is "not shown". Nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import get_args

from millstream.domain import Domain, Kind, Need
from millstream.know.base import Knowledge
from millstream.manner import manner
from millstream.plan import shown
from millstream.records import Evidence, Lang, Move, Persona, Recording, Signal, Trait

Authors = Mapping[tuple[str, str, int], str]
"""(recording, track, cue number) -> the pseudonym of who wrote it."""

TYPES = ("thrifty", "comparing", "hesitant", "curious")
"""What kind of doubt a user shows: about the price, with others in mind, out of fear, or none."""
_OF_DOUBT = {"price": "thrifty", "elsewhere": "comparing", "hesitates": "hesitant"}
FIELDS = ("knowledge", "patience", "family", "budget", "manner")
"""What a viewer's lines may show of a person (plan/shown.py), and how they are written (plan/manner.py)."""
_HIDDEN = "not_shown"
_FIGURES = frozenset({"number", "category"})


def users(
    knowledge: Knowledge, lang: Lang, signals: Sequence[Signal], authors: Authors, most: int = 60
) -> Iterator[Persona]:
    """One persona for each viewer who asked something a slot is recognised in, the keenest first; where nobody
    asked, one for each need the schema names, marked as not mined. Needs that nothing on offer serves are left out."""
    domain = knowledge.domain
    groups: dict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        if signal.kind in ("user_question", "exchange", "objection"):
            groups[_author(signal, authors)].append(signal)
    groups.pop("", None)
    pointed = [[_pointed(domain, signal) for signal in group] for group in groups.values()]
    keen = sorted(pointed, key=lambda group: -len({s.slot for s in group if s.slot}))
    mined = [group for group in keen if any(signal.slot for signal in group)]
    needs = [need for need in domain.needs.get(lang, ()) if any(knowledge.serving(need))]
    if not mined:
        yield from (_from_schema(domain, lang, need.words, n) for n, need in enumerate(needs or [Need(words="")]))
    for n, group in enumerate(mined[:most]):
        turn = needs[n % len(needs)].words if needs else ""
        yield _from_viewer(domain, lang, group, shown.need(lang, needs, group, turn))


def agent(domain: Domain, lang: Lang, recording: Recording, signals: Sequence[Signal]) -> Persona:
    """The role behind a recording. It is never the person: names and faces are not among its fields."""
    account = _evidence(signal for signal in signals if signal.kind == "account")
    style = [signal for signal in signals if signal.kind == "strategy" and signal.label]
    offers = [signal for signal in signals if signal.kind == "offer"]
    answered = [signal for signal in signals if signal.kind in ("exchange", "agent_response") and signal.slot]
    labels = dict.fromkeys(signal.label for signal in style)
    slots = dict.fromkeys(_shown(domain, lang, signal.slot) for signal in answered)
    fields = (
        Trait(name="role", value=domain.role[lang], origin="schema"),
        _trait("account", "; ".join(e.quote for e in account[:3]), account[:3]),
        _trait("qualification", "", ()),
        _trait("style", ", ".join(labels), _evidence(style)[:5]),
        _trait("scope", ", ".join(slots), _evidence(answered)[:5]),
        _trait("promise", "; ".join(s.value or s.text for s in offers[:3]), _evidence(offers)[:3]),
    )
    return Persona(role="agent", domain=domain.name, lang=lang, fields=fields)


def from_seed(domain: Domain, lang: Lang, key: str, fields: Iterable[tuple[str, str | None]]) -> Persona:
    """A released agent profile (StreamDial's); what it marks as not shown stays so."""
    traits = []
    for name, value in fields:
        evidence = (Evidence(source=key, kind="row", at=(1,), quote=f"{name}: {value}"),) if value else ()
        traits.append(_trait(name, value or "", evidence))
    return Persona(role="agent", domain=domain.name, lang=lang, fields=tuple(traits))


def wants(persona: Persona, name: str = "asks_about") -> tuple[str, ...]:
    """The slots a user persona asks about."""
    return tuple(filter(None, (persona.get(name) or "").split(", ")))


@lru_cache(1 << 10)
def type_of(persona: Persona) -> str:
    """One of `TYPES`; who shows no doubt is curious."""
    return persona.get("type") or "curious"


def plays(persona: Persona, made_for: str) -> bool:
    """Is the persona of the type a blueprint is made for, or of none that speaks against it?"""
    return made_for in ("", type_of(persona)) or type_of(persona) == "curious"


def demand_of(signals: Sequence[Signal]) -> Counter[str]:
    """How many viewers asked about each slot."""
    counts: Counter[str] = Counter()
    for signal in signals:
        if signal.slot and signal.kind in ("user_question", "exchange"):
            counts[signal.slot] += signal.demand
    return counts


@lru_cache(1 << 10)
def asked_last(persona: Persona) -> frozenset[str]:
    """The kinds of slots that it asks about last: who is informed asks for figures first, a novice for them last."""
    last = {"informed": frozenset(get_args(Kind)) - _FIGURES, "novice": _FIGURES}
    return last.get(persona.get("knowledge") or "", frozenset())


def most_asked(persona: Persona, route: Sequence[Move], most: int) -> int:
    """How many things it asks: who is impatient no more than the route needs."""
    needed = 1 + route.count("inform") + route.count("recover")
    return needed if persona.get("patience") == "impatient" else most + 1


def _pointed(domain: Domain, signal: Signal) -> Signal:
    """The signal without a slot that its own line does not speak of."""
    return signal if not signal.slot or shown.to_the_point(domain, signal) else signal.model_copy(update={"slot": ""})


def _from_viewer(domain: Domain, lang: Lang, group: Sequence[Signal], need: Trait) -> Persona:
    slots = dict.fromkeys(signal.slot for signal in group if signal.slot)
    objections = [signal for signal in group if signal.kind == "objection"]
    pointed = [s for s in group if s.slot or s.kind == "objection" or shown.to_the_point(domain, s)]
    asked = list({signal.text: signal for signal in pointed}.values())
    entities = [signal for signal in group if signal.entity]
    fields = (
        need,
        _trait("asks_about", ", ".join(slots), _evidence(signal for signal in group if signal.slot)),
        _type(objections),
        _trait("interested_in", ", ".join(dict.fromkeys(s.entity for s in entities)), _evidence(entities)),
        _trait("concern", "; ".join(signal.text for signal in objections[:2]), _evidence(objections)[:2]),
        *(shown.sign(name, group) for name in ("knowledge", "patience", "family")),
        shown.budget(group),
        _trait("manner", manner([signal.text for signal in group], lang), _evidence(group)[:3]),
        _trait("expression", " / ".join(signal.text for signal in asked[:3]), _evidence(asked)[:3]),
        _trait("age", "", ()),
        _trait("occupation", "", ()),
    )
    return Persona(role="user", domain=domain.name, lang=lang, fields=fields)


def _from_schema(domain: Domain, lang: Lang, need: str, n: int) -> Persona:
    concerns = domain.concerns.get(lang, ())
    fields = (
        Trait(name="need", value=need, origin="schema") if need else _trait("need", "", ()),
        Trait(name="concern", value=concerns[n % len(concerns)], origin="schema")
        if concerns
        else _trait("concern", "", ()),
        *(_trait(name, "", ()) for name in ("asks_about", "type", "interested_in", *FIELDS, "expression")),
        *(_trait(name, "", ()) for name in ("age", "occupation")),
    )
    return Persona(role="user", domain=domain.name, lang=lang, fields=fields)


def _type(objections: Sequence[Signal]) -> Trait:
    """By the doubt a viewer shows most; the first of several."""
    kinds = Counter(_OF_DOUBT.get(signal.label, "thrifty") for signal in objections)
    chosen = kinds.most_common(1)[0][0] if kinds else ""
    return _trait("type", chosen, _evidence(s for s in objections if _OF_DOUBT.get(s.label, "thrifty") == chosen)[:3])


def _trait(name: str, value: str, evidence: Sequence[Evidence]) -> Trait:
    if value and evidence:
        return Trait(name=name, value=value, origin="mined", evidence=tuple(evidence))
    return Trait(name=name, value=None, origin=_HIDDEN)


def _evidence(signals: Iterable[Signal]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(signal.evidence[0] for signal in signals))


def _author(signal: Signal, authors: Authors) -> str:
    first = signal.evidence[0]
    return authors.get((first.source, first.track, first.at[0]), "") if first.kind == "cues" else ""


def _shown(domain: Domain, lang: Lang, slot: str) -> str:
    spec = domain.by_name.get(slot)
    return (spec.names.get(lang) or (slot,))[0] if spec else slot
