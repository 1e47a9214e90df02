"""Inform, Success and BLEU, worked by hand on a database of three restaurants."""

from collections.abc import Mapping, Sequence

import pytest

pytest.importorskip("sacrebleu", reason="the extra `eval` is not installed")

from millstream.metrics import woz_tasks
from millstream.metrics.woz_tasks import Goal, Reply

ROWS = {
    "1": {"name": "Ask", "area": "north", "food": "italian"},
    "2": {"name": "Nirala", "area": "north", "food": "indian"},
    "3": {"name": "Zizzi", "area": "south", "food": "italian"},
}


def database(domain: str, wanted: Mapping[str, str]) -> Sequence[str]:
    return [key for key, row in ROWS.items() if all(row.get(slot) == value for slot, value in wanted.items())]


GOALS = {"restaurant": Goal({"area": "north", "food": "italian"}, frozenset({"phone", "stars"}))}
OFFER = "[restaurant_name] is nice"


def said(text: str, **state: str) -> Reply:
    return Reply(text, {"restaurant": state})


def test_what_is_offered_is_asked_of_the_database() -> None:
    assert woz_tasks.informed(GOALS, [said(OFFER, area="north", food="italian")], database)
    assert not woz_tasks.informed(GOALS, [said(OFFER, area="north")], database), "row 2 does not fit"
    assert not woz_tasks.informed(GOALS, [said("how about the north?", area="north", food="italian")], database)


def test_the_last_offer_counts() -> None:
    wrong, right = said(OFFER, area="south"), said(OFFER, area="north", food="italian")
    assert woz_tasks.informed(GOALS, [wrong, right], database)
    assert not woz_tasks.informed(GOALS, [right, wrong], database)


def test_a_goal_that_names_the_place_needs_an_offer_only() -> None:
    goals = {"restaurant": Goal({"name": "Ask"})}
    assert woz_tasks.informed(goals, [said(OFFER, area="south")], database)
    assert not woz_tasks.informed(goals, [said("sure")], database)


def test_success_needs_every_answerable_request() -> None:
    assert not woz_tasks.answered(GOALS, [said(OFFER)])
    assert woz_tasks.answered(GOALS, [said("call [restaurant_phone]")]), "stars cannot be asked for"
    assert not woz_tasks.answered(GOALS, [said("call [hotel_phone]")]), "of another domain"


def test_domains_without_rows_are_informed() -> None:
    assert woz_tasks.informed({"taxi": Goal({})}, [said("ok")], database)


def test_the_three_figures() -> None:
    right = [said(f"{OFFER} , call [restaurant_phone]", area="north", food="italian")]
    right[0] = Reply(right[0].text, right[0].state, right[0].text)
    wrong = [Reply("no", {}, "")]
    figures = woz_tasks.measure([(GOALS, right), (GOALS, wrong)], database)
    assert (figures.dialogues, figures.inform, figures.success) == (2, 50.0, 50.0)
    assert figures.bleu == pytest.approx(100.0) and figures.combined == pytest.approx(150.0)


def test_success_without_inform_is_none() -> None:
    figures = woz_tasks.measure([(GOALS, [said("[restaurant_phone]", area="north")])], database)
    assert (figures.inform, figures.success, figures.bleu) == (0.0, 0.0, 0.0)
