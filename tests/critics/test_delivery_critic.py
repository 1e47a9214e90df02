"""A delivery that is marked and not there is dropped, and so is a repair whose state is the slip."""

import pytest

import builders
from millstream import domain
from millstream.critics import answers, delivery, shape
from millstream.records import Act, Dialogue, Slot
from millstream.shapes import Known

KNOWN = Known(domain.read("automotive"), "zh", ())


def marked(text: str, *kinds: str, said: str = "最多15万。", held: str = "15万") -> Dialogue:
    """Two turns, the second of a user who states a budget."""
    made = builders.saying(["预算多少？", text])
    acts, state = (Act(act="inform", slot="price", value="15万"),), (Slot(slot="price", value=held),)
    last = builders.altered(made.turns[1], role="user", acts=acts, state=state, delivery=kinds)
    return builders.altered(made, turns=(builders.altered(made.turns[0], role="agent"), last))


@pytest.mark.parametrize(
    ("text", "kind", "held", "passed"),
    [
        ("最多12万，不对，15万。", "self_repair", "15万", True),
        ("最多12万，不对，15万。", "self_repair", "12万", False),
        ("最多15万，不对，12万。", "self_repair", "15万", False),
        ("最多15万。", "self_repair", "15万", False),
        ("嗯，最多15万。", "filler", "15万", True),
        ("最多15万。", "filler", "15万", False),
        ("预蒜15万。", "typo", "15万", True),
        ("最多15万。", "typo", "15万", False),
        ("budget最多15万。", "code_mixing", "15万", True),
        ("预算最多15万。", "code_mixing", "15万", False),
        ("最多15万。", "split", "15万", False),
        ("最多15万。", "two_intents", "15万", False),
        ("最多15万。", "mumbling", "15万", False),
    ],
)
async def test_what_is_marked_has_to_be_there(text: str, kind: str, held: str, passed: bool) -> None:
    verdict = await delivery.critic(KNOWN)(marked(text, kind, held=held))
    assert verdict.passed == passed and bool(verdict.reason) != passed
    assert (await delivery.critic(KNOWN)(marked(text, held=held))).passed, "unmarked"


async def test_a_speaker_goes_on_only_where_a_delivery_says_so() -> None:
    made = builders.dialogue()
    twice = [*made.turns[:3], made.turns[2], *made.turns[3:]]
    verdict = await shape.critic(KNOWN)(builders.altered(made, turns=tuple(twice)))
    assert not verdict.passed and verdict.turns == (3,)
    twice[2] = builders.altered(twice[2], delivery=("split",))
    assert (await shape.critic(KNOWN)(builders.altered(made, turns=tuple(twice)))).passed


async def test_an_answer_may_wait_for_what_comes_in_between() -> None:
    """The agent's second turn is in time, its third is late, however many messages the user writes."""
    made = builders.dialogue()
    asked, told = made.turns[6], made.turns[7]
    note = builders.altered(made.turns[4], acts=(Act(act="acknowledge"),))
    hold = builders.altered(made.turns[3], acts=(Act(act="hold"),))
    for between, passed in (((note, hold, note, note), True), ((hold, note, hold), False)):
        turns = (asked, *between, told)
        assert (await answers.critic(KNOWN)(builders.altered(made, turns=turns))).passed == passed
