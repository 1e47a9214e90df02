"""Premises: the same in every language, each event before any again, own lines for their owner, tasks by their acts."""

from importlib.resources import files

import yaml
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from builders import dialogue
from millstream import domain
from millstream.crowd import scenarios
from millstream.crowd.data import chosen, events, locales
from millstream.crowd.people import Pair
from millstream.crowd.scenarios import localised, opened, tasks
from millstream.records import Act

PAIRS: list[Pair] = [((f"I am A{n}.", "I bake."), (f"I am B{n}.", "I sing.")) for n in range(5)]
EVERY = set(locales("en", ())[0].relations)


@trying(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_events_come_in_turn_and_own_lines_are_the_speakers(seed: int, count: int) -> None:
    made = list(opened(PAIRS, chosen("all"), EVERY, count, seed))
    assert made == list(opened(PAIRS, chosen("all"), EVERY, count, seed))
    assert len({each.event for each in made}) == min(count, 29)
    for each in made:
        assert each.relation in events()[each.event].between
        assert [goal.side for goal in each.goals] == [n % 2 for n in range(len(each.goals))]
        assert all(goal.own in each.people[goal.side] for goal in each.goals if goal.own)
        own = [goal.own for goal in each.goals if goal.own]
        assert len(own) == len(set(own)) and not any("$" in goal.text for goal in each.goals)


def test_a_larger_count_keeps_the_premises_before() -> None:
    assert list(opened(PAIRS, chosen("all"), EVERY, 7, 3)) == list(opened(PAIRS, chosen("all"), EVERY, 9, 3))[:7]


def test_names_and_places_are_the_languages_own() -> None:
    (premise,) = opened(PAIRS, chosen("gossip"), EVERY, 1, 0)
    cells = [localised(premise, each, 0) for each in locales("en,zh,fr,ko", ())]
    assert len({each.id for each in cells}) == 4 and all(each.premise == premise for each in cells)
    for cell, locale in zip(cells, locales("en,zh,fr,ko", ()), strict=True):
        assert set(cell.names) <= set(locale.names) and len(set(cell.names)) == 2
        assert all(name in cell.ground for name in cell.names) and "$" not in cell.ground
        assert any(place in cell.ground and place in cell.scene for place in locale.places)
        assert any(matter in cell.ground for matter in locale.matters)
        assert not any(matter in cell.scene for matter in locale.matters) and cell.scene in cell.ground


def test_who_talks_at_bedtime_is_at_home_in_the_evening() -> None:
    (premise,) = opened(PAIRS, chosen("bedtime_talk"), EVERY, 1, 0)
    for locale in locales("en,zh,fr,ko", ()):
        ground = localised(premise, locale, 0).ground
        assert locale.home in ground and locale.times["evening"] in ground


def test_a_task_has_the_acts_and_values_and_none_of_the_sentences() -> None:
    source = dialogue(lang="en")
    (task,) = tasks([source], domain.read("restaurant"), 1)
    assert task.origin == source.id and len(task.goals) == len(source.turns)
    for goal, turn in zip(task.goals, source.turns, strict=True):
        assert goal.acts == turn.acts and set(turn.must) <= set(goal.must) and goal.side == (turn.role == "agent")
        assert turn.draft not in goal.text and "$slot" not in goal.text and "$value" not in goal.text
    assert any("Harbour platter" in goal.must for goal in task.goals)
    cells = [localised(task, each, 0) for each in locales("zh,fr", ())]
    assert [each.names for each in cells] == [("顾客", "顾问"), ("client", "conseiller")]
    assert cells[0].premise.goals == cells[1].premise.goals


def test_every_act_of_the_engine_is_a_goal_in_words() -> None:
    known = yaml.safe_load((files("millstream") / "acts.yaml").read_text(encoding="utf-8"))
    told = yaml.safe_load((files("millstream") / "crowd" / "task_goals.yaml").read_text(encoding="utf-8"))
    left = {act for act in known if act not in told}
    assert left <= {"overlook", "nudge", "veto", "amend"}  # of a host before many viewers


def test_what_an_act_has_nothing_for_is_left_out_of_its_goal() -> None:
    bare, whole = Act(act="object"), Act(act="object", slot="price", entity="Harbour platter")
    known = domain.read("restaurant")
    assert scenarios._told(bare, "user", known) == "say that you hesitate"
    assert scenarios._told(whole, "user", known) == "say that you hesitate because of the price"
    assert scenarios._told(Act(act="request", slot="price"), "user", known) == "ask about the price"


def test_an_outline_that_is_handed_over_comes_last() -> None:
    plain = dialogue(lang="en")
    (first, *others) = plain.turns
    handed = plain.model_copy(update={"turns": (first, others[0].model_copy(update={"acts": (Act(act="handover"),)}))})
    known = domain.read("restaurant")
    assert [each.origin for each in tasks([handed, plain], known, 2)] == [plain.id, handed.id]


def test_a_shorter_task_is_without_its_asides_and_keeps_what_it_is_about() -> None:
    said = ["greet", "offer", "request", "inform", "object", "refuse", "select", "confirm_booking", "thank", "bye"]
    (one, *_) = dialogue(lang="en").turns
    turns = tuple(
        one.model_copy(update={"role": "agent" if n % 2 else "user", "acts": (Act(act=act),)})
        for n, act in enumerate(said)
    )
    assert scenarios.shorter(turns, 0) == turns == scenarios.shorter(turns, 10)
    assert scenarios.shorter(turns, 8) == (*turns[:4], *turns[6:])
    assert scenarios.shorter(turns, 6) == scenarios.shorter(turns, 1) == (*turns[:2], *turns[6:])
    long = dialogue(lang="en").model_copy(update={"id": "a", "turns": turns})
    (task,) = tasks([long], domain.read("restaurant"), 1, most=8)
    assert len(task.goals) == 8 and [goal.side for goal in task.goals] == [0, 1] * 4


def test_a_question_is_not_dropped_without_its_answer() -> None:
    (one, *_) = dialogue(lang="en").turns
    said = ["greet", "inform", "request", "offer", "confirm", "correct", "thank", "bye"]
    turns = tuple(
        one.model_copy(update={"role": "agent" if n % 2 else "user", "acts": (Act(act=act),)})
        for n, act in enumerate(said)
    )
    assert scenarios.shorter(turns, 2) == turns  # what answers it proposes something; a user confirms nothing here
