"""Plans that hang together: who a thing is for, what is compared, who is told to compare, and what a booking asks."""

from collections import Counter

import grounds
import pytest

from millstream import numbers, phrases, prepare
from millstream.domain import Need
from millstream.know.base import Knowledge
from millstream.plan import personas
from millstream.records import Dialogue, Evidence, Fact, Signal

MENU = grounds.read("restaurant")
ROW = (Evidence(source="menu", kind="row", at=(1,)),)
samples = pytest.mark.parametrize("key", grounds.SAMPLES)


def fact(entity: str, attribute: str, value: str, number: float | None = None) -> Fact:
    return Fact(entity=entity, attribute=attribute, value=value, number=number, evidence=ROW)


def menu(*facts: Fact) -> Knowledge:
    return Knowledge(MENU, facts)


def test_a_thing_serves_a_need_by_something_known_and_against_nothing_known() -> None:
    known = menu(
        fact("Lamb", "category", "main"), fact("Lamb", "serves", "2", 2),
        fact("Board", "category", "set menu"), fact("Board", "serves", "4", 4),
        fact("Kids' Burger", "category", "main"),
        fact("Canchita", "portion", "pretty massive"),
    )  # fmt: skip
    dinner = Need(
        words="an anniversary dinner",
        fits={"category": ("main", "set menu"), "serves": ("2",)},
        most={"serves": "2"},
        unless_named=("kids",),
    )
    assert known.serving(dinner) == ("Lamb",)
    assert known.serving(Need(words="a look around")) == known.entities


def test_where_nothing_serves_a_need_nobody_has_one() -> None:
    """A bar snack of which captions tell the portion alone is no anniversary dinner."""
    known = menu(*(fact("Canchita", slot, "massive") for slot in ("portion", "highlight", "ingredients")))
    assert [each.get("need") for each in personas.users(known, "en", (), {})] == [None]
    proof = Evidence(source="talk", kind="cues", track="chat", at=(3,), quote="how big is the portion")
    asked = Signal(kind="user_question", text=proof.quote, slot="portion", evidence=(proof,))
    (viewer,) = personas.users(known, "en", (asked,), {("talk", "chat", 3): "v012345"})
    assert viewer.get("need") is None


@samples
def test_who_is_told_to_compare_goes_and_compares(key: str) -> None:
    lang = grounds.ground(key).lang
    freely, gone, other = (
        [*phrases.forms(phrases.general(lang)[name])] for name in ("compare_freely", "lose_compared", "lose_competitor")
    )
    left = [each for each in grounds.played(key) if each.ended == "lost_competitor"]
    told = [each for each in left if any(said(turn.text, freely) for turn in each.turns if turn.role == "agent")]
    assert told
    for dialogue in told:
        last = next(turn for turn in dialogue.turns if any(act.act == "decline" for act in turn.acts))
        assert last.frame or (said(last.text, gone) and not said(last.text, other))


def said(text: str, wordings: list[str]) -> bool:
    plain = text.casefold()
    return any(each.casefold().strip(".。") in plain for each in wordings)


@pytest.mark.parametrize("key", ["hotel_zh_en", "restaurant_en"])
def test_who_books_gives_a_name(key: str) -> None:
    booked = [each for each in grounds.played(key) if "visit_time" in given(each) or "check_in" in given(each)]
    assert booked and all("booked_for" in given(each) for each in booked)


def test_as_many_are_booked_for_as_were_said() -> None:
    """In the domains where a thing bounds who comes, of users who all book."""
    mix = {"outcome": {"success": 1.0}, "path": {"invite": 1.0}}
    booking = grounds.SETTINGS.model_copy(update={"mix": mix, "count": 40})
    said: list[tuple[float | None, float | None]] = []
    for key in ("restaurant/zh", "restaurant/en", "hotel/zh", "hotel/en"):
        base = grounds.ground(key)
        bound = {slot.up_to: slot.name for slot in base.knowledge.domain.slots if slot.up_to}
        for each in grounds.words(base, tuple(prepare.sampler(booking, base).draw(40))):
            state = last_state(each)
            both = [(of, to) for of, to in bound.items() if {of, to} <= {*state}]
            said += [(numbers.first(state[of]), numbers.first(state[to])) for of, to in both]
    named = [pair for pair in said if pair[0] in range(2, 7)]  # as many as a booking can name
    assert len(named) > 4 and all(wished == booked for wished, booked in named)


def last_state(dialogue: Dialogue) -> dict[str, str]:
    return {each.slot: each.value for each in dialogue.turns[-1].state}


def given(dialogue: Dialogue) -> set[str]:
    return {act.slot for turn in dialogue.turns for act in turn.acts if act.act == "confirm_booking"}


def test_the_range_of_an_electric_car_is_not_compared_with_a_hybrid_s() -> None:
    known, compared = grounds.ground("automotive_zh").knowledge, 0
    for dialogue in grounds.played("automotive_zh"):
        for asked, answer in zip(dialogue.turns, dialogue.turns[1:], strict=False):
            if any(act.act == "request_compare" for act in asked.acts):
                both = {act.entity for act in answer.acts if act.slot == "range"}
                compared += bool(both)
                sorts = {found.value for each in both if (found := known.fact(each, "energy"))}
                assert len(sorts) <= 1
    assert compared


@samples
def test_no_two_dialogues_of_a_run_share_a_skeleton(key: str) -> None:
    """Who speaks with which acts, turn by turn; and the moves made on the way to one end, hardly ever."""
    acts = Counter(tuple((t.role, *(act.act for act in t.acts)) for t in each.turns) for each in grounds.played(key))
    assert sum(count - 1 for count in acts.values()) <= 2
    moves = Counter(
        (each.ended, *dict.fromkeys(each.blueprint.moves[turn.stage] for turn in each.turns))
        for each in grounds.played(key)
    )
    assert max(moves.values()) <= 4


def test_another_source_draws_other_plans_by_the_same_seed() -> None:
    first = {(each.outcome, each.path) for key in grounds.SCHEMAS for each in grounds.scenarios(key, 1)}
    assert len(first) > len(grounds.SCHEMAS) // 2
