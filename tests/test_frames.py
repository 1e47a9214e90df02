"""The bank: what one author said at length is not said again, no frame is worn out, and a viewer keeps its manner."""

from collections import Counter
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
from millstream.frames import SHARE, Bank, Frame, Voice, families, manner_of, pooled, units
from millstream.manner import MANNERS, alike, manner
from millstream.phrases import general, named
from millstream.records import Lang, Outcome, Trait

LONG: dict[Lang, str] = {"zh": "我一年才跑八千公里真的够用", "en": "we only drive to work and back every day"}


def asked(text: str, **fields: object) -> Frame:
    return builders.frame(text, **fields)


def said(text: str, authors: int, lang: Lang = "zh") -> list[tuple[str, Frame]]:
    evidence = [(builders.evidence(text, n=n),) for n in range(authors)]
    return [(f"a{n}", asked(text, lang=lang, evidence=each)) for n, each in enumerate(evidence)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_line_is_its_authors_own_until_three_have_said_it(lang: Lang) -> None:
    assert not list(pooled(said(LONG[lang], 1, lang)))
    assert not list(pooled(said(LONG[lang], 2, lang)))
    (shared,) = pooled(said(LONG[lang], 3, lang))
    assert shared.demand == 3 and len(shared.evidence) == 3


def test_the_same_author_counts_once() -> None:
    again = [("a", asked(LONG["zh"], evidence=(builders.evidence(LONG["zh"], n=n),))) for n in range(5)]
    assert not list(pooled(again))


def test_what_counts_is_the_line_as_it_was_said_and_not_the_frame() -> None:
    """A long name left open makes no short line of it: filled again it is the author's whole run."""
    line = builders.evidence("烟雨江南湖景亲子大床房多少钱")
    assert not list(pooled([("a", asked("$entity多少钱", evidence=(line,)))]))


def test_the_same_words_are_one_frame_of_all_their_manners() -> None:
    both = [("a", asked("多少钱", manners=("warm",))), ("b", asked("多少钱", manners=("brief",)))]
    (one,) = pooled(both)
    assert one.manners == ("brief", "warm") and one.demand == 2


POOL = tuple(asked(f"首付{mark}", manners=(name,)) for name in MANNERS for mark in "甲乙丙丁戊")


@given(st.integers(0, 50), st.integers(0, 6), st.integers(1, 15), st.sampled_from(MANNERS))
def test_no_frame_is_lent_to_more_than_its_share_and_scenarios_do_not_depend_on_each_other(
    seed: int, first: int, size: int, name: str
) -> None:
    bank = Bank(POOL[:size], seed)
    numbers = range(first, first + 12 * SHARE)
    lent = {n: Voice(bank, name, n).lends("query", ("down_payment",)) for n in numbers}
    uses = Counter(frame.id for each in lent.values() for frame in each)
    assert set(uses.values()) == {12}, "each in one of SHARE, none more than another"
    again = Bank(POOL[:size], seed)
    backwards = {n: Voice(again, name, n).lends("query", ("down_payment",)) for n in reversed(numbers)}
    assert lent == backwards


def test_those_of_the_own_manner_come_first_and_others_where_there_are_none() -> None:
    bank = Bank(POOL)
    for n in range(20):
        lent = Voice(bank, MANNERS[5], n).lends("query", ("down_payment",))
        near = [alike(MANNERS[5], frame.manners) for frame in lent]
        assert near[0] == 3 and near == sorted(near, reverse=True)
    assert Voice(Bank(POOL[:5]), MANNERS[5], 0).lends("query", ("down_payment",)) or SHARE > 5


def test_only_what_stands_for_the_wording_is_lent() -> None:
    voice = Voice(Bank(POOL), MANNERS[0], 0)
    assert not voice.lends("query", ("price",)) and not voice.lends("haggle", ("down_payment", ""))
    assert not Voice().lends("query", ("down_payment",)), "an empty bank lends nothing"


def test_what_the_outcome_belies_is_not_said() -> None:
    lines = [builders.evidence("买不起", n=n) for n in range(9)]
    bank = Bank(tuple(asked("买不起", family="beyond", slot="", evidence=(line,)) for line in lines))
    assert Voice(bank, MANNERS[0], 0, "lost_price").lends("objection", ("",))
    assert not Voice(bank, MANNERS[0], 0, "success").lends("objection", ("",))


def test_every_family_stands_for_wordings_there_are() -> None:
    for name, family in families().items():
        assert set(family.get("outcomes", ())) <= set(get_args(Outcome))
        assert set(family["keys"]) <= general("zh").keys() & general("en").keys(), name


def test_manners_are_told_by_plain_features() -> None:
    assert manner(["谢谢主播", "好的呀", "首付多少"], "zh") == "short, polite, without particles"
    assert manner(["首付多少呀", "续航呢"], "zh") == "short, plain, with particles"
    assert manner(["那这个车型的提车周期大概多少"], "zh") == "long, plain, without particles"
    assert manner(["could you tell me what the set menu includes"], "en") == "long, polite, without particles"
    near = ("long, plain, without particles", "short, plain, without particles")
    assert alike("short, plain, with particles", near) == 2
    assert alike("", MANNERS) == alike(MANNERS[0], ()) == 0


def test_a_viewer_speaks_as_it_was_heard_and_others_in_turn() -> None:
    trait = Trait(name="manner", value=MANNERS[3], origin="mined", evidence=(builders.evidence("谢谢主播呀"),))
    mined = builders.altered(builders.persona(), fields=(trait,))
    assert {manner_of(mined, n) for n in range(4)} == {MANNERS[3]}
    assert [manner_of(builders.persona(), n) for n in range(8)] == list(MANNERS)


def test_units_are_characters_and_words() -> None:
    assert units("E7多少钱") == 4 and units("how much is it?") == 4 and units("don't") == 1
    assert named("$entity和$other") == ("entity", "other")
