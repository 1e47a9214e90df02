"""Outlines with deliveries: what holds whatever is laid over them, and what each kind does."""

import asyncio
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import grounds
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import heard, plugins
from millstream.deliveries import has_cue
from millstream.errors import InputError
from millstream.frames import Voice
from millstream.plan.delivering import Rates, delivered, presets, rates_of
from millstream.plan.outline import LONGEST, SHORTEST, outline
from millstream.play.perform import Cast, perform
from millstream.records import Act, Dialogue, Outline, Verdict
from millstream.shapes import Known

KINDS = tuple(presets()["light"])
SAMPLES = ("automotive_zh", "restaurant_en")
ADDING = {"two_intents", "veto", "digress", "interruption", "ignored", "nudge", "backchannel"}
IN_PASSING = {"digress", "resume", "hold", "overlook", "nudge", "veto", "amend", "acknowledge", "empathise", "greet"}
"""Acts about the talk itself, which deliveries may add (a nod may go)."""
FEW = 24
every = pytest.mark.parametrize("key", SAMPLES)


@cache
def known(key: str) -> Known:
    base = grounds.ground(key)
    return Known(base.knowledge.domain, base.lang, base.knowledge.facts)


@cache
def plain(key: str) -> tuple[Outline, ...]:
    base = grounds.ground(key)
    people = {each.id: each for each in base.users}
    graphs = {each.id: each for each in base.blueprints}
    return tuple(
        outline(each, graphs[each.blueprint], base.knowledge, Voice(), people[each.user].get("need") or "")
        for each in grounds.scenarios(key, FEW)
    )


def laid(key: str, rates: Rates) -> list[Outline]:
    return [delivered(each, known(key), rates) for each in plain(key)]


def played(key: str, outlines: list[Outline]) -> list[Dialogue]:
    base = grounds.ground(key)
    people = {each.id: each for each in (*base.users, *base.agents)}
    cast = Cast(people, {each.id: each for each in base.blueprints}, base.evidence)

    async def play() -> list[Dialogue]:
        return [await perform(each, None, cast, "template") for each in outlines]

    return asyncio.run(play())


def judged(key: str, dialogues: list[Dialogue]) -> list[Verdict]:
    critics = [make(known(key)) for make in plugins.load("recipes", "stream")().critics]

    async def judge() -> list[Verdict]:
        return [await critic(dialogue) for dialogue in dialogues for critic in critics]

    return asyncio.run(judge())


def meant(outline: Outline) -> list[tuple[str, Act]]:
    """What is done by either side, in order, without what deliveries may add or leave out."""
    said = [(step.role, act) for step in outline.steps for act in step.acts if act.act not in IN_PASSING]
    return list(dict.fromkeys(said))


@every
def test_no_delivery_is_no_change(key: str) -> None:
    assert laid(key, {}) == list(plain(key))
    assert all(not step.delivery for each in plain(key) for step in each.steps)


@every
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_shows_and_every_critic_keeps_it(key: str, kind: str) -> None:
    dialogues = played(key, laid(key, {kind: 1.0}))
    marked = [(each.turns, n) for each in dialogues for n, turn in enumerate(each.turns) if kind in turn.delivery]
    assert marked
    shown = plugins.module("deliveries", kind).shown
    assert all(shown(turns, n) for turns, n in marked)
    assert not [(each.critic, each.reason) for each in judged(key, dialogues) if not each.passed]


@every
@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_dialogue_does_not_show_it(key: str, kind: str) -> None:
    """But for what people do anyhow: two things in a turn, a nod between two tellings, a hesitating wording."""
    shown = plugins.module("deliveries", kind).shown
    turns = [(each.turns, n) for each in played(key, list(plain(key))) for n in range(len(each.turns))]
    users = [(each, n) for each, n in turns if each[n].role == "user"]
    found = sum(shown(each, n) for each, n in users)
    anyhow = {"filler", "interruption", "ellipsis", "two_intents", "backchannel"}
    assert found <= (0.6 if kind in anyhow else 0.1) * len(users)


rates = st.dictionaries(st.sampled_from(KINDS), st.floats(0, 1))


@every
@settings(max_examples=15, deadline=None)
@given(rates=rates, n=st.integers(0, FEW - 1))
def test_whatever_is_laid_over_it_the_meaning_stays(key: str, rates: Rates, n: int) -> None:
    before = plain(key)[n]
    after = delivered(before, known(key), rates)
    gone, added = Counter(meant(before)) - Counter(meant(after)), Counter(meant(after)) - Counter(meant(before))
    unasked = {act.slot for step in after.steps if "two_intents" in step.delivery for act in step.acts}
    assert not added and all((role, act.act) == ("agent", "request") and act.slot in unasked for role, act in gone)
    assert set(after.steps[-1].state) == set(before.steps[-1].state)
    assert (after.steps[0].role, after.steps[-1].role) == ("user", "agent")
    for step in after.steps:
        assert step.acts and step.draft.strip() == step.draft != ""
        assert tuple(act for part in step.parts for act in part.acts) == step.acts
    slots = [{slot.slot for slot in step.state} for step in after.steps]
    assert all(one <= other for one, other in pairwise(slots)), "nothing is forgotten"
    assert after == delivered(before, known(key), rates), "the same again"


@every
def test_all_kinds_at_once_pass_every_critic(key: str) -> None:
    dialogues = played(key, laid(key, dict.fromkeys(KINDS, 0.5)))
    assert len({kind for each in dialogues for turn in each.turns for kind in turn.delivery}) >= 12
    assert not [(each.critic, each.reason) for each in judged(key, dialogues) if not each.passed]


@every
def test_what_changes_words_changes_no_act(key: str) -> None:
    for kind in set(KINDS) - ADDING - {"split", "typo"}:
        for before, after in zip(plain(key), laid(key, {kind: 1.0}), strict=True):
            assert [(step.acts, step.state, step.refs) for step in before.steps] == [
                (step.acts, step.state, step.refs) for step in after.steps
            ]


@every
def test_a_veto_is_the_cause_of_the_end(key: str) -> None:
    """It is said with the leave, and the agent's answer is to both: no other reason is given."""
    vetoed = [each for each in laid(key, {"veto": 1.0}) if any("veto" in step.delivery for step in each.steps)]
    for each in vetoed:
        n = next(n for n, step in enumerate(each.steps) if "veto" in step.delivery)
        leaving, answer = each.steps[n], each.steps[n + 1]
        assert {act.act for act in leaving.acts} >= {"veto"} and {"delay", "decline"} & {a.act for a in leaving.acts}
        assert "veto" in answer.delivery and {act.act for act in answer.acts} == {"empathise", "acknowledge"}
        said = [step for step in each.steps[1:] if step.role == "user" and "veto" not in step.delivery]
        assert not any(has_cue(step.draft, "veto") for step in said)  # nobody else at home is asked as well
    assert vetoed


@every
def test_no_delivery_leads_out_of_the_lengths_of_a_dialogue(key: str) -> None:
    for before, after in zip(plain(key), laid(key, dict.fromkeys(KINDS, 1.0)), strict=True):
        assert min(SHORTEST, len(before.steps)) <= len(after.steps) <= max(LONGEST, len(before.steps))


@every
def test_the_last_value_of_a_repair_is_the_one_held(key: str) -> None:
    for each in laid(key, {"self_repair": 1.0}):
        for step in each.steps:
            if "self_repair" in step.delivery:
                (stated,) = (act for act in step.acts if act.act == "inform")
                assert step.role == "user" and heard.says(step.draft[len(step.draft) // 3 :], stated.value)
                assert {slot.slot: slot.value for slot in step.state}[stated.slot] == stated.value


@every
def test_a_message_holds_only_what_has_been_said(key: str) -> None:
    for each in played(key, laid(key, {"two_intents": 1.0, "split": 1.0})):
        said = ""
        for turn in each.turns:
            said += f" {turn.text}"
            assert not [slot for slot in turn.state if slot.slot != "entity" and not heard.says(said, slot.value)]


@every
def test_nothing_of_an_agent_is_split_repaired_or_mistyped(key: str) -> None:
    typed = {"split", "self_repair", "typo", "ellipsis", "code_mixing", "emotion"}
    steps = [step for each in laid(key, dict.fromkeys(KINDS, 1.0)) for step in each.steps if step.role == "agent"]
    assert steps and not [step.draft for step in steps if typed & set(step.delivery)]


# --- settings ----------------------------------------------------------------------------------------------


def test_a_setting_names_its_rates(tmp_path: Path) -> None:
    assert rates_of("off", {"split": 0.4}) == {}
    assert rates_of("light", {"split": 0.4}) == presets()["light"]
    assert rates_of("fitted", {"split": 0.4}) == presets()["light"] | {"split": 0.4}
    own = tmp_path / "rates.yaml"
    own.write_text("split: 0.5\nnudge: 1\n", encoding="utf-8")
    assert rates_of(str(own), {}) == {"split": 0.5, "nudge": 1}


@pytest.mark.parametrize("text", ["split: 2", "mumble: 0.1", "- split", "split: often", "{", ""])
def test_rates_that_are_none_are_one_clear_line(text: str, tmp_path: Path) -> None:
    own = tmp_path / "rates.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"rates\.yaml"):
        rates_of(str(own), {})


def test_a_setting_that_is_nothing_says_what_there_is() -> None:
    with pytest.raises(InputError, match="off, fitted, light, chat"):
        rates_of("lively", {})
