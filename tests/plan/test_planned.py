"""Whole outlines, as the templates word them: what holds of every dialogue of every sample and packaged domain.

None of this is asked of a model: labels, states and answers are right before anybody words them, or not at all.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import grounds
import pytest

from millstream import numbers, plugins
from millstream.frames import Voice
from millstream.know.base import Knowledge
from millstream.know.tables import facts_of
from millstream.plan.outline import LONGEST, SHORTEST, outline
from millstream.plan.sampling import Sampler
from millstream.prepare import Ground
from millstream.records import Act, Blueprint, Dialogue, Move, Outcome, Path, Stage, Turn, Verdict
from millstream.shapes import Known

every = pytest.mark.parametrize("key", grounds.EVERY)


def said(dialogue: Dialogue, act: str) -> Iterator[tuple[int, Act]]:
    for n, turn in enumerate(dialogue.turns):
        yield from ((n, each) for each in turn.acts if each.act == act)


def acts(turn: Turn) -> set[str]:
    return {act.act for act in turn.acts}



@pytest.mark.parametrize(
    "key",
    grounds.EVERY,
)
def test_every_critic_of_the_recipe_keeps_every_draft(key: str) -> None:
    base = grounds.ground(key)
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    critics = [make(known) for make in plugins.load("recipes", "stream")().critics]
    dialogues = grounds.played(key)

    async def judged() -> list[Verdict]:
        return [await critic(dialogue) for dialogue in dialogues for critic in critics]

    found = asyncio.run(judged())
    assert len(found) == len(dialogues) * len(critics) >= grounds.FEW * 8
    assert not [(each.critic, each.reason) for each in found if not each.passed]


@every
def test_lengths_are_those_of_the_field(key: str) -> None:
    lengths = [len(dialogue.turns) for dialogue in grounds.played(key)]
    fitting = sum(SHORTEST <= length <= LONGEST for length in lengths)
    assert fitting >= 0.95 * len(lengths), Counter(lengths)
    assert len(set(lengths)) >= 3


LEFT_OPEN = re.compile(
    r"\$[a-z_]|[{}]|的是[。，？]|是是|是[：:][。，]|[,:] ?\.|(?<!it )\bis[.,]|  |，，|。。|\bNone\b|（）|\(\)"
)


@every
def test_no_placeholder_and_no_gap_is_left(key: str) -> None:
    texts = [turn.text for dialogue in grounds.played(key) for turn in dialogue.turns]
    assert not [text for text in texts if LEFT_OPEN.search(text) or text != text.strip()]


@every
def test_the_state_only_changes_by_what_the_user_says(key: str) -> None:
    for dialogue in grounds.played(key):
        first = {act.slot: act.value for act in dialogue.turns[0].acts if act.act == "inform"}
        assert {each.slot: each.value for each in dialogue.turns[0].state} == first
        for before, turn in pairwise(dialogue.turns):
            held, now = ({each.slot: each.value for each in each_turn.state} for each_turn in (before, turn))
            assert held.keys() <= now.keys(), "nothing is forgotten"
            for slot, value in now.items():
                if held.get(slot) != value:
                    assert turn.role == "user" and is_told(turn, before, slot, value), (slot, value, turn.text)


def is_told(turn: Turn, before: Turn, slot: str, value: str) -> bool:
    """Stated, put right, chosen, or accepted as just offered."""
    if slot == "entity":
        return any(act.act == "select" and act.entity == value for act in turn.acts)
    stated = any(act.act in ("inform", "correct") and (act.slot, act.value) == (slot, value) for act in turn.acts)
    offered = any(act.act == "offer" and (act.slot, act.value) == (slot, value) for act in before.acts)
    return stated or (offered and "accept" in acts(turn))


@every
def test_every_request_is_answered_truly(key: str) -> None:
    base = grounds.ground(key)
    asked = 0
    for dialogue in grounds.played(key):
        for n, request in said(dialogue, "request"):
            if dialogue.turns[n].role == "agent":
                continue
            asked += 1
            fact = base.knowledge.fact(request.entity, request.slot)
            answer = dialogue.turns[n + 1]
            if n + 2 < len(dialogue.turns) and {"correct", "complain"} & acts(dialogue.turns[n + 2]):
                answer = dialogue.turns[n + 3]
            told = Act(act="inform", slot=request.slot, value=fact.value if fact else "", entity=request.entity)
            owned_up = Act(act="notify_unknown", slot=request.slot, entity=request.entity)
            assert (told if fact else owned_up) in answer.acts, answer.text
            assert fact is None or set(fact.evidence) <= set(answer.grounding)
    assert asked > grounds.FEW // 2


@every
def test_every_wish_is_asked_for_or_named_at_once(key: str) -> None:
    """Requirement mining: at most two are named in the opening, the others are asked for."""
    opened = 0
    for dialogue in grounds.played(key):
        told = reversed(list(said(dialogue, "inform")))
        stated = {act.slot: n for n, act in told if dialogue.turns[n].role == "user"}
        for wish in dialogue.scenario.constraints:
            assert wish.slot in stated
            if stated[wish.slot] == 0:
                opened += 1
                continue
            asked = dialogue.turns[stated[wish.slot] - 1]
            assert ("request", wish.slot) in {(act.act, act.slot) for act in asked.acts}
        assert sum(act.act == "inform" for act in dialogue.turns[0].acts) <= 2
    assert opened


@every
def test_an_empty_result_is_said_and_the_way_out_really_matches(key: str) -> None:
    """Constraint conflict."""
    known = grounds.ground(key).knowledge
    seen = 0
    for dialogue in grounds.played(key):
        wishes = dialogue.scenario.constraints
        failed = [n for n, _ in said(dialogue, "notify_failure")]
        assert bool(failed) == (not known.matching(wishes))
        for n in failed:
            seen += 1
            proposal = next(act for act in dialogue.turns[n].acts if act.act == "offer")
            rest = [wish for wish in wishes if wish.slot != proposal.slot]
            assert proposal.entity in known.matching(rest)
            fact = known.fact(proposal.entity, proposal.slot)
            assert fact is not None and fact.value == proposal.value
            accepted = "accept" in acts(dialogue.turns[n + 1])
            assert accepted == (dialogue.ended != "lost_price")
    assert seen


@every
def test_an_offer_meets_every_wish_where_anything_does(key: str) -> None:
    known = grounds.ground(key).knowledge
    for dialogue in grounds.played(key):
        first = next(act.entity for _, act in said(dialogue, "offer"))
        if fitting := known.matching(dialogue.scenario.constraints):
            assert first in fitting


@every
def test_haggling_is_held_and_only_what_is_known_is_granted(key: str) -> None:
    """Negotiation."""
    known = grounds.ground(key).knowledge
    haggled = 0
    for dialogue in grounds.played(key):
        for n, _ in said(dialogue, "negotiate"):
            haggled += 1
            answer = dialogue.turns[n + 1]
            assert "refuse" in acts(answer)
            for act in answer.acts:
                if act.act == "offer":
                    fact = known.fact(act.entity, act.slot)
                    assert fact and fact.value == act.value
                    other = act.entity != dialogue.turns[n + 2].acts[0].entity and act.slot == "price"
                    assert other or "offer" in known.domain.by_name[act.slot].use
    assert haggled


ENDS: dict[Outcome, tuple[set[str], set[str]]] = {
    # what has to be heard, what may not be
    "success": ({"thank", "confirm_booking"}, {"decline", "delay", "request_handover"}),
    "delayed": ({"delay"}, {"decline", "select", "confirm_booking", "request_handover"}),
    "lost_price": ({"negotiate", "refuse", "decline"}, {"select", "confirm_booking", "delay"}),
    "lost_competitor": ({"decline"}, {"select", "confirm_booking", "delay"}),
    "abandoned": ({"decline"}, {"select", "confirm_booking", "delay", "negotiate"}),
    "handover": ({"request_handover", "handover"}, {"select", "confirm_booking", "decline", "delay"}),
}


@every
def test_the_outcome_is_what_is_heard(key: str) -> None:
    outcomes = Counter[str]()
    for dialogue in grounds.played(key):
        outcomes[dialogue.ended] += 1
        heard = {act.act for turn in dialogue.turns for act in turn.acts}
        needed, banned = ENDS[dialogue.ended]
        banned = banned - ({"select"} if "notify_booking_failed" in heard and dialogue.ended == "handover" else set())
        assert needed <= heard and not banned & heard, (dialogue.ended, heard)
        assert "bye" in acts(dialogue.turns[-1])
        if dialogue.ended == "success":
            assert heard & {"select", "offer_booking"}
    assert set(outcomes) == set(ENDS)


@every
def test_the_stages_follow_the_path(key: str) -> None:
    for dialogue in grounds.played(key):
        path = next(path for path in dialogue.blueprint.paths if path.name == dialogue.scenario.path)
        assert path.outcome == dialogue.ended
        at = [path.stages.index(turn.stage) for turn in dialogue.turns]
        assert at == sorted(at)


@pytest.mark.parametrize("key", grounds.SAMPLES)
def test_a_dialogue_names_what_it_rests_on(key: str) -> None:
    for dialogue in grounds.played(key):
        for turn in dialogue.turns:
            facts = [act for act in turn.acts if act.act in ("inform", "offer") and act.entity and act.value]
            assert not facts or turn.grounding
            assert {each.source for each in turn.grounding} <= set(dialogue.lineage)


# --- by hand -----------------------------------------------------------------------------------------------


def by_hand(outcome: Outcome, *moves: Move) -> tuple[Dialogue, Ground]:
    """The first dialogue over exactly these moves, in the automotive domain, in Chinese."""
    base = grounds.ground("automotive/zh")
    stages = tuple(Stage(name=f"{n} {move}", move=move) for n, move in enumerate(moves))
    path = Path(name="by hand", stages=tuple(stage.name for stage in stages), outcome=outcome)
    plan = Blueprint(domain="automotive", lang="zh", stages=stages, paths=(path,))
    drawn = Sampler(base.knowledge, "zh", base.users, base.agents, (plan,), {}, 3).draw(1)
    ground = Ground("zh", base.knowledge, (), base.users, base.agents, (plan,), base.evidence)
    return grounds.words(ground, tuple(drawn))[0], ground


def test_a_service_dialogue_that_is_resolved_ends_well() -> None:
    dialogue, _ = by_hand("resolved", "greet", "needs", "recommend", "inform", "close")
    heard = [act.act for turn in dialogue.turns for act in turn.acts]
    assert dialogue.ended == "resolved" and heard[-1] == "bye" and "thank" in heard


def test_a_question_nobody_can_answer_is_owned_up_to() -> None:
    every_turn = [turn for key in grounds.SCHEMAS for dialogue in grounds.played(key) for turn in dialogue.turns]
    alone = [turn for turn in every_turn if acts(turn) == {"notify_unknown"}]
    assert alone and not [turn for turn in alone if turn.grounding]


def test_a_table_of_one_thing_still_makes_dialogues() -> None:
    """Nothing to compare with, nothing to mishear, nothing else to offer."""
    base = grounds.ground("restaurant/en")
    table = grounds.table("restaurant", "en")
    domain = base.knowledge.domain
    lone = type(table)(table.key, table.headers, table.rows[:1])
    known = Knowledge(domain, tuple(facts_of(lone, domain, "en")))
    drawn = Sampler(known, "en", base.users, base.agents, base.blueprints, {}, 0).draw(30)
    plans = {plan.id: plan for plan in base.blueprints}
    for scenario in drawn:
        steps = outline(scenario, plans[scenario.blueprint], known, Voice(), "").steps
        assert steps[0].role == "user" and steps[-1].role == "agent"
        assert all(one.role != other.role for one, other in pairwise(steps))
        assert not [step.draft for step in steps if LEFT_OPEN.search(step.draft)]


@every
def test_nothing_is_asked_that_was_told_already(key: str) -> None:
    for dialogue in grounds.played(key):
        told: set[tuple[str, str]] = set()
        for turn in dialogue.turns:
            asked = {(act.entity, act.slot) for act in turn.acts if act.act == "request" and turn.role == "user"}
            assert not asked & told, turn.text
            told |= {(act.entity, act.slot) for act in turn.acts if act.act == "inform" and turn.role == "agent"}


@every
def test_nobody_books_what_feeds_one_for_six(key: str) -> None:
    """What is booked keeps to the figure of the thing that bounds it, or is the least there is."""
    base = grounds.ground(key)
    bounded = [slot for slot in base.knowledge.domain.using("book") if slot.up_to]
    for slot in bounded:
        least = min(numbers.first(value) or 0.0 for value in slot.values[base.lang])
        for dialogue in grounds.played(key):
            fact = base.knowledge.fact(dialogue.scenario.aim, slot.up_to)
            for _, act in said(dialogue, "confirm_booking"):
                if act.slot == slot.name and fact and fact.number is not None and act.entity in ("", fact.entity):
                    assert (numbers.first(act.value) or 0.0) <= max(fact.number, least)


@every
def test_who_asks_to_hear_more_is_told_something(key: str) -> None:
    """"Sure, tell me about it." is not answered by "the rest fits" alone."""
    answers = [
        dialogue.turns[n + 1]
        for dialogue in grounds.played(key)
        for n, turn in enumerate(dialogue.turns[:-1])
        if {"accept"} <= acts(turn) and any(act.slot for act in turn.acts if act.act == "accept")
    ]
    told = [answer for answer in answers if acts(answer) & {"inform", "inform_passage"}]
    assert answers and len(told) >= 0.8 * len(answers)


@every
def test_who_settles_for_something_hears_what_it_costs_first(key: str) -> None:
    base, heard = grounds.ground(key).knowledge, 0
    for dialogue in grounds.played(key):
        for n, act in said(dialogue, "accept"):
            fact = base.fact(act.entity, "price") if act.slot else None
            if fact and n + 1 < len(dialogue.turns):
                until = [each for turn in dialogue.turns[: n + 2] for each in turn.acts if each.slot == "price"]
                heard += 1
                assert fact.value in [each.value for each in until if each.act in ("inform", "offer", "accept")]
    assert heard or "price" not in base.domain.by_name, "a test that saw nothing"


@every
def test_of_a_bare_offer_of_help_nobody_takes_note(key: str) -> None:
    """ "What else can I tell you?" tells nothing that is good to know."""
    for dialogue in grounds.played(key):
        for before, turn in pairwise(dialogue.turns):
            if before.role == "agent" and acts(before) == {"request_more"}:
                assert acts(turn) != {"acknowledge", "request"}, (before.text, turn.text)


@every
def test_no_conflict_is_solved_by_fewer_people(key: str) -> None:
    counted, seen = grounds.ground(key).knowledge.domain.counted, 0
    for dialogue in grounds.played(key):
        for n, act in said(dialogue, "offer"):
            if "notify_failure" in acts(dialogue.turns[n]):
                seen += 1
                assert act.slot not in counted, dialogue.turns[n].text
    assert seen, "a test that saw nothing"
