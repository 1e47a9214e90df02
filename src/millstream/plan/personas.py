"""Personas: P_u from what one viewer asked, P_a from what the account shows. Two builders, one rule.

The rule: a field has evidence, or comes from the domain's schema and says so, or is "not shown". Nothing else.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from millstream.domain import Domain
from millstream.know.base import Knowledge
from millstream.records import Evidence, Lang, Persona, Recording, Signal, Trait

Authors = Mapping[tuple[str, str, int], str]
"""(recording, track, cue number) -> the pseudonym of who wrote it."""

_HIDDEN = "not_shown"


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
    keen = sorted(groups.values(), key=lambda group: -len({s.slot for s in group if s.slot}))
    mined = [group for group in keen if any(signal.slot for signal in group)]
    needs = [need.words for need in domain.needs.get(lang, ()) if any(knowledge.serving(need))] or [""]
    if not mined:
        yield from (_from_schema(domain, lang, need, n) for n, need in enumerate(needs))
    for n, group in enumerate(mined[:most]):
        yield _from_viewer(domain, lang, group, needs[n % len(needs)])


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


def _from_viewer(domain: Domain, lang: Lang, group: Sequence[Signal], need: str) -> Persona:
    slots = dict.fromkeys(signal.slot for signal in group if signal.slot)
    objections = [signal for signal in group if signal.kind == "objection"]
    entities = [signal for signal in group if signal.entity]
    fields = (
        Trait(name="need", value=need, origin="schema") if need else _trait("need", "", ()),
        _trait("asks_about", ", ".join(slots), _evidence(signal for signal in group if signal.slot)),
        _trait("interested_in", ", ".join(dict.fromkeys(s.entity for s in entities)), _evidence(entities)),
        _trait("concern", "; ".join(signal.text for signal in objections[:2]), _evidence(objections)[:2]),
        _trait("expression", " / ".join(signal.text for signal in group[:3]), _evidence(group)[:3]),
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
        *(_trait(name, "", ()) for name in ("asks_about", "interested_in", "expression", "age", "occupation")),
    )
    return Persona(role="user", domain=domain.name, lang=lang, fields=fields)


def _trait(name: str, value: str, evidence: Sequence[Evidence]) -> Trait:
    if value and evidence:
        return Trait(name=name, value=value, origin="mined", evidence=tuple(evidence))
    return Trait(name=name, value=None, origin=_HIDDEN)


def _evidence(signals: Iterable[Signal]) -> tuple[Evidence, ...]:
    return tuple(signal.evidence[0] for signal in signals)


def _author(signal: Signal, authors: Authors) -> str:
    first = signal.evidence[0]
    return authors.get((first.source, first.track, first.at[0]), "") if first.kind == "cues" else ""


def _shown(domain: Domain, lang: Lang, slot: str) -> str:
    spec = domain.by_name.get(slot)
    return (spec.names.get(lang) or (slot,))[0] if spec else slot
