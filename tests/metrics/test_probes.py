"""Damage is what it says; a noticer misses what had an echo, and nothing of turns drawn at random."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.metrics import coherence, damage, probes
from millstream.metrics.damage import Staged

THINGS = ("lamp", "boat", "coat", "drum", "kite", "vase", "rug", "flute")


def staged(n: int, lines: list[str], stages: tuple[str, ...] = ()) -> Staged:
    turns = tuple(Utterance(role=("user", "agent")[at % 2], text=text) for at, text in enumerate(lines))
    return Staged(Conversation(corpus="made", key=f"{n}", lang="en", turns=turns, group=f"{n % 10}"), stages)


def bound(n: int, chance: Random) -> Staged:
    """Every turn takes up the one before it."""
    one, two, three = chance.sample(THINGS, 3)
    asked = (f"do you have a {one}", f"the {one} comes with a {two}", f"is the {two} new", f"the {two} is by {three}s")
    more = (f"then what of a {three}", f"no {three} today", f"fine, the {one} then", f"the {one} is yours")
    return staged(n, [*asked, *more], ("ask", "tell", "ask", "tell", "ask", "tell", "end", "end"))


def loose(n: int, chance: Random) -> Staged:
    """No turn has to do with another."""
    return staged(n, [f"{chance.choice(('well', 'so', 'yes'))} {chance.choice(THINGS)}" for _ in range(8)])


def many(make: Callable[[int, Random], Staged], count: int) -> list[Staged]:
    return [make(n, Random(n)) for n in range(count)]


def shares(dialogues: list[Staged]) -> dict[str, probes.Row]:
    rows, _ = probes.measured("made", dialogues, 0, lambda n: None)
    return {row.kind: row for row in rows}


def test_what_is_bound_is_missed() -> None:
    found = shares(many(bound, 30))
    assert set(found) == set(probes.KINDS)
    for row in found.values():
        assert row.noticed.value > 0.75 > 0.65 > row.floor.value
        assert row.noticed.interval[0] < row.noticed.value <= row.noticed.interval[1] + 1e-9
    assert found["swapped, same fifth"].pointed.value > 0.5 > found["swapped, same fifth"].by_chance


def test_what_is_loose_is_not() -> None:
    found = shares(many(loose, 40))
    assert "swapped, same stage" not in found, "it has no stages"
    assert found["swapped, same fifth"].noticed.value < 0.65
    assert found["user turn deleted"].noticed.value < 0.7


def test_the_same_seed_gives_the_same_probes() -> None:
    first, second = (probes.measured("made", many(bound, 20), 3, lambda n: None)[1] for _ in range(2))
    assert first == second


def test_too_little_is_one_line() -> None:
    with pytest.raises(InputError, match="3 dialogues have 6 turns or more, 20 are needed"):
        shares(many(bound, 3))
    alike = [Staged(each.conversation.model_copy(update={"group": "one"})) for each in many(bound, 30)]
    with pytest.raises(InputError, match="fewer than 5 things"):
        shares(alike)


KINDS = (*probes.TAUGHT, *(kind for pair in probes.KINDS.values() for kind in pair))


@given(st.integers(0, 10**6), st.sampled_from(range(len(KINDS))))
def test_damage_changes_one_turn_and_says_which_stay(seed: int, kind: int) -> None:
    dialogues = many(bound, 6)
    one = dialogues[seed % 6]
    pair = KINDS[kind](one, dialogues, Random(seed))
    if pair is None:
        return
    sizes = {len(pair.whole), len(pair.damaged)}
    assert max(sizes) - min(sizes) <= 1 and pair.whole != pair.damaged
    changed = {first for first, second in pair.kept if pair.whole[first] != pair.damaged[second]}
    assert changed <= {pair.at}
    assert pair.whole[: pair.at] == pair.damaged[: pair.at]


def test_a_swap_keeps_the_role_and_the_stage() -> None:
    dialogues = many(bound, 12)
    for seed in range(40):
        one = dialogues[seed % 12]
        pair = damage.swap(damage.same_stage)(one, dialogues, Random(seed))
        assert pair and pair.damaged[pair.at].role == one.turns[pair.at].role
        theirs = {(each.stages[n], turn.text) for each in dialogues for n, turn in enumerate(each.turns)}
        assert (one.stages[pair.at], pair.damaged[pair.at].text) in theirs


def test_a_single_user_turn_is_not_deleted() -> None:
    assert damage.delete(staged(0, ["hi", "yes", "bye"]), [], Random(0)) is not None
    assert damage.delete(staged(0, ["hi", "yes"]), [], Random(0)) is None


def test_only_what_the_damage_touched_counts() -> None:
    """Turns whose neighbours are the same tell nothing of pairs of words; an unchanged dialogue tells nothing."""
    turns = many(bound, 1)[0].turns
    weighing = coherence.Weighing([[turn.text for turn in turns]])
    assert coherence.contrast(turns, turns, [(n, n) for n in range(8)], weighing) == {}
    assert any(name.startswith("agent other") for name in coherence.features(turns, 1, weighing))
