"""Every wording of a packaged domain that an agent can use passes the critics of what an agent says."""

from collections.abc import Iterator

import pytest

import builders
from millstream import domain as domains
from millstream import phrases, plugins
from millstream.domain import YES, Domain, SlotSpec
from millstream.records import Act, Dialogue, Fact, Lang, Turn
from millstream.shapes import Known

NAME: dict[Lang, str] = {"zh": "云岭青", "en": "Cedar"}
SAID: dict[Lang, str] = {"zh": "松涛样", "en": "amber set"}
CASES: list[tuple[str, Lang]] = [(name, lang) for name in domains.names() for lang in domains.read(name).names]


def spoken(domain: Domain, lang: Lang) -> Iterator[tuple[SlotSpec, Act, str]]:
    for slot in domain.slots:
        value = YES[lang] if slot.kind == "flag" else slot.values.get(lang, (SAID[lang],))[0]
        told = "tell_yes" if slot.kind == "flag" and slot.tell_yes.get(lang) else "tell"
        if "book" not in slot.use:
            act = Act(act="inform", slot=slot.name, value=value, entity=NAME[lang])
            yield from ((slot, act, wording) for wording in phrases.forms(phrases.wordings(domain, lang, told, slot)))
        if "offer" in slot.use:
            act = Act(act="offer", slot=slot.name, value=value, entity=NAME[lang])
            granted = phrases.forms(phrases.wordings(domain, lang, "grant", slot))
            yield from ((slot, act, wording) for wording in granted)
        if {"constrain", "book"} & set(slot.use):
            act = Act(act="request", slot=slot.name)
            yield from ((slot, act, wording) for wording in phrases.forms(phrases.wordings(domain, lang, "ask", slot)))


def dialogue(text: str, act: Act, lang: Lang) -> Dialogue:
    turn = Turn(role="agent", text=text, acts=(act,), state=(), stage="x", draft=text)
    return builders.altered(builders.dialogue(lang=lang), turns=(turn,))


@pytest.mark.parametrize(
    ("name", "lang"), CASES
)
async def test_what_an_agent_can_say_passes(name: str, lang: Lang) -> None:
    domain = domains.read(name)
    found = []
    for slot, act, wording in spoken(domain, lang):
        fact = Fact(entity=NAME[lang], attribute=slot.name, value=act.value or "x", evidence=(builders.evidence(),))
        shown = slot.names.get(lang, (slot.name,))[0]
        text = phrases.fill(wording, lang, slot=shown, value=act.value, entity=NAME[lang], options=act.value)
        for critic in ("claims", "invented", "language"):
            judge = plugins.load("critics", critic)(Known(domain, lang, (fact,)))
            verdict = await judge(dialogue(text, act, lang))
            found += [] if verdict.passed else [(text, verdict.reason)]
    assert not found
