"""What is booked goes with what brings the user."""

import grounds
import pytest


@pytest.mark.parametrize("key", ("restaurant_en", "hotel_zh_en", "restaurant/zh", "hotel/en"))
def test_nobody_books_a_weekend_away_for_tonight(key: str) -> None:
    base = grounds.ground(key)
    needs = {user.id: base.knowledge.domain.need(base.lang, user.get("need") or "") for user in base.users}
    seen = 0
    for each in grounds.words(base, grounds.scenarios(key, 200)):
        need = needs[each.scenario.user]
        for slot, words in need.booked.items() if need else ():
            for act in (act for turn in each.turns for act in turn.acts if act.slot == slot and act.value):
                assert any(word in act.value for word in words), (need and need.words, act)
                seen += 1
    assert seen, "a test that saw nothing"
