"""A doubt is answered by the fact that answers that very doubt, and nobody doubts or asks what a thing cannot have."""

from collections.abc import Iterator
from random import Random

import grounds
import pytest

from millstream import domain, numbers, phrases
from millstream.errors import InputError
from millstream.plan import booking, doubts
from millstream.plan.script import Script
from millstream.records import Act, Dialogue

DEAR = {lang: {*phrases.forms(phrases.general(lang)["objection"])} for lang in ("zh", "en")}
every = pytest.mark.parametrize("key", grounds.EVERY)


def doubted(dialogue: Dialogue) -> Iterator[tuple[int, Act]]:
    for n, turn in enumerate(dialogue.turns):
        yield from ((n, act) for act in turn.acts if act.act == "object" and act.slot)


@every
def test_a_fear_is_met_by_the_fact_of_its_slot(key: str) -> None:
    known, feared = grounds.ground(key).knowledge, 0
    for dialogue in grounds.played(key):
        for n, doubt in doubted(dialogue):
            if doubt.slot == "price":
                continue
            feared += 1
            told = [act for act in dialogue.turns[n + 1].acts if act.act == "inform" and act.slot == doubt.slot]
            facts = [known.fact(act.entity, act.slot) for act in told]
            assert told and [fact.value for fact in facts if fact] == [act.value for act in told]
    assert feared


@every
def test_who_buys_was_not_left_with_a_fear_that_came_true(key: str) -> None:
    base = grounds.ground(key)
    slots = base.knowledge.domain.by_name
    for dialogue in grounds.played(key):
        for n, doubt in doubted(dialogue):
            settled = slots[doubt.slot].settled_by.get(base.lang) if doubt.slot != "price" else ()
            if dialogue.ended == "success" and settled:
                (told,) = (act for act in dialogue.turns[n + 1].acts if act.slot == doubt.slot)
                assert any(word in told.value.casefold() for word in settled), told


@every
def test_a_dear_price_is_met_by_what_it_holds(key: str) -> None:
    """No mere property of the thing: what the domain lets an agent bring up, or something cheaper."""
    known, met = grounds.ground(key).knowledge, 0
    for dialogue in grounds.played(key):
        for n, doubt in doubted(dialogue):
            answer = dialogue.turns[n + 1]
            told = [act for act in answer.acts if act.act in ("inform", "offer") and act.value]
            if doubt.slot != "price" or any((act.act, act.slot) == ("offer", "price") for act in told):
                continue
            met += bool(told)
            assert all({"offer", "assure"} & {*known.domain.by_name[act.slot].use} for act in told)
    assert met


@every
def test_nobody_asks_or_fears_what_such_a_thing_cannot_have(key: str) -> None:
    base = grounds.ground(key)
    for dialogue in grounds.played(key):
        about = next(act.entity for turn in dialogue.turns for act in turn.acts if act.act == "offer")
        raised = [(act.entity or about, act.slot) for turn in dialogue.turns if turn.role == "user" for act in turn.acts
                  if act.act in ("request", "object") and act.slot in base.knowledge.domain.by_name]
        assert all(base.knowledge.is_asked(entity, slot, base.lang) for entity, slot in raised)


@every
def test_nobody_fears_too_much_of_what_has_none(key: str) -> None:
    base = grounds.ground(key)
    for dialogue in grounds.played(key):
        about = next(act.entity for turn in dialogue.turns for act in turn.acts if act.act == "offer")
        feared = [base.knowledge.fact(doubt.entity or about, doubt.slot) for _, doubt in doubted(dialogue)]
        assert all(fact is None or fact.value.casefold() != domain.NONE[base.lang] for fact in feared)


def test_who_found_it_beyond_the_budget_does_not_find_it_dear_once_more() -> None:
    found = 0
    for key in grounds.EVERY:
        said = {*phrases.forms(phrases.general(grounds.ground(key).lang)["doubt_relax"])}
        for dialogue in grounds.played(key):
            beyond = next((n for n, turn in enumerate(dialogue.turns) if turn.text in said), None)
            if beyond is not None:
                found += 1
                dear = [act for turn in dialogue.turns[beyond + 1 :] for act in turn.acts
                        if (act.act, act.slot) == ("object", "price") and turn.text in DEAR[grounds.ground(key).lang]]
                assert not dear
    assert found


def test_nobody_asks_how_hot_a_dessert_is() -> None:
    known = grounds.ground("restaurant_en").knowledge
    assert not known.is_asked("Burnt Honey Cheesecake", "spice", "en")
    assert known.is_asked("Dragon Wings", "spice", "en")


@pytest.mark.parametrize(
    ("slot", "fault"),
    [
        ("{name: s, names: {en: [s]}, unless: {colour: {en: [red]}}}", "colour"),
        ("{name: s, names: {en: [s]}, fear: {en: [I worry.]}}", "fear and assure"),
    ],
)
def test_a_domain_that_cannot_be_meant_is_one_clear_line(slot: str, fault: str) -> None:
    text = "name: d\nnames: {en: d}\nentity: {en: e}\nrole: {en: r}\nwords: {en: [w]}\nslots: [" + slot + "]\n"
    with pytest.raises(InputError, match=fault):
        domain.parse(text, "d.yaml")


def test_a_fear_of_too_little_is_settled_by_who_comes() -> None:
    """It is feared where somebody said how many come; of who books then, no more come than it does for."""
    seen = 0
    for key in grounds.EVERY:
        base = grounds.ground(key)
        counted, by_name = base.knowledge.domain.counted, base.knowledge.domain.by_name
        for dialogue in grounds.played(key):
            feared = [act.slot for _, act in doubted(dialogue) if act.slot in counted]
            held = {each.slot: each.value for each in dialogue.turns[-1].state}
            for slot in feared if dialogue.ended == "success" else ():
                (serves,) = {fact.number for fact in base.knowledge.of(dialogue.scenario.aim) if fact.attribute == slot}
                come = [numbers.first(held[name]) for name in held if by_name.get(name) and by_name[name].up_to == slot]
                assert all(serves and figure and figure <= serves for figure in come)
                seen += 1
    assert seen, "a test that saw nothing"


def test_nobody_fears_too_little_for_nobody() -> None:
    """What feeds one is no relief to two, and who has not said for how many has nothing to fear."""
    base = grounds.ground("restaurant_en")
    scenario = next(each for each in grounds.scenarios("restaurant_en", 60) if each.outcome == "success")
    toast = next(fact for fact in base.knowledge.having("serves") if fact.number == 1)
    script = Script(scenario, base.knowledge, Random(0), offered=toast.entity)
    assert not booking.comers(script, "serves")
    assert "serves" not in {fact.attribute for fact in doubts._feared(script)}
    script.state["party_size"] = "two people"
    assert booking.comers(script, "serves") == 2
    assert not doubts._settles(script, toast)
