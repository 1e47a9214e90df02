"""What no table holds is asked of the documents: in a viewer's words or in general ones, and answered by a quote."""

from collections import Counter

import grounds
import pytest

from millstream import heard
from millstream.know.documents import unquoted
from millstream.plan.consulting import MOST

samples = pytest.mark.parametrize("key", grounds.SAMPLES)


@samples
def test_a_question_is_answered_by_its_passage(key: str) -> None:
    seen: Counter[str] = Counter()
    for each in grounds.played(key):
        asks = [n for n, turn in enumerate(each.turns) if any(act.act == "request_passage" for act in turn.acts)]
        assert len(asks) <= MOST
        for n in asks:
            told = [act.value for act in each.turns[n + 1].acts if act.act == "inform_passage"]
            assert len(told) == 1 and not heard.plain(unquoted(told[0], each.turns[n + 1]))
            kinds = {proof.kind for proof in each.turns[n + 1].grounding}
            assert kinds & {"span", "cues"}
            seen["in general"] += any(act.value for act in each.turns[n].acts)
            seen["by the host"] += "span" not in kinds
    assert seen.total() >= 3, seen


def test_what_only_the_host_said_is_passed_on_in_its_words() -> None:
    passed = [
        turn
        for key in grounds.SAMPLES
        for each in grounds.played(key)
        for turn in each.turns
        if any(act.act == "inform_passage" for act in turn.acts) and all(e.kind == "cues" for e in turn.grounding)
    ]
    assert len(passed) >= 3
    for turn in passed:
        told = next(act.value for act in turn.acts if act.act == "inform_passage")
        assert any(heard.plain(told) in heard.plain(each.quote) for each in turn.grounding)


def test_some_ask_as_a_viewer_did() -> None:
    turns = [turn for key in grounds.SAMPLES for each in grounds.played(key) for turn in each.turns]
    asked = [turn for turn in turns if any(act.act == "request_passage" for act in turn.acts)]
    assert sum(bool(turn.grounding) for turn in asked) >= 3


def test_a_house_answers_for_itself() -> None:
    """Who is offered a room of one hotel hears nothing of another's house rules."""
    of, told = {"wangchao": "望潮度假村", "banshan": "半山民宿"}, Counter[str]()
    for each in grounds.played("hotel_zh_en"):
        offered = ""
        for turn in each.turns:
            offered = next((act.entity for act in turn.acts if act.act == "offer" and act.entity), offered)
            for proof in (proof for proof in turn.grounding if proof.kind == "span"):
                assert offered.startswith(of[proof.source]), (offered, proof.quote)
                told[proof.source] += 1
    assert told.keys() == of.keys(), "both were asked about"


def test_nobody_asks_the_house_for_what_a_slot_of_the_dish_tells() -> None:
    known = grounds.ground("restaurant_en").knowledge
    assert {"Allergies", "Corkage"} <= {topic.title for topic in known.topics}
    told = [entity for entity in known.entities if known.fact(entity, "allergens")]
    assert told and not any(each.title == "Allergies" for entity in told for each in known.documented(entity, "en"))


def test_who_comes_without_children_asks_for_no_high_chair() -> None:
    """Of the kitchen's documents and viewers some ask for children; who has dinner with friends does not."""
    base = grounds.ground("restaurant_en")
    needs = {user.id: base.knowledge.domain.need("en", user.get("need") or "") for user in base.users}
    asked = Counter[bool]()
    for each in grounds.words(base, grounds.scenarios("restaurant_en", 200)):
        need = needs[each.scenario.user]
        for turn in each.turns:
            if any(act.act == "request_passage" for act in turn.acts) and need and need.unless_named:
                assert not need.is_for_others(turn.text), (need.words, turn.text)
            asked["child" in turn.text or "kids" in turn.text or "high chair" in turn.text] += 1
    assert asked[True], "a test that saw nothing"
