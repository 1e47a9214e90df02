"""Near-duplicates: the first drawn stays, another car is no other conversation, another conversation is."""

from itertools import pairwise
from random import Random
from tempfile import TemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
from millstream import dedup, rows
from millstream.errors import InputError
from millstream.records import Dialogue, Reject


def numbered(dialogue: Dialogue, number: int) -> Dialogue:
    return builders.altered(dialogue, scenario=builders.altered(dialogue.scenario, number=number))


def long(*texts: str) -> Dialogue:
    return builders.saying([text * 2 for text in texts])


ABOUT_RANGE = ("这款续航怎么样，冬天会不会掉得厉害？", "标的是五百多公里，冬天会少一些。", "那充电桩包安装吗？")
ABOUT_SEATS = ("家里老人小孩一起，坐得下吗？", "第三排也能坐成年人，后备箱还放得下推车。", "好，周末带他们来看。")


def fresh() -> dedup.Compared:
    return dedup.Compared(TemporaryFile())


def printed(dialogue: Dialogue) -> dedup.Print:
    return dedup.printed(dedup.said(dialogue))


def rejects(*dialogues: Dialogue) -> dict[str, str]:
    compared = fresh()
    found = compared.take(map(printed, dialogues))
    assert compared.kept == len(dialogues) - len(found)
    return {item: reject.reason for item, reject in found.items()}


def test_the_same_conversation_about_another_car_at_another_price_is_dropped() -> None:
    one = builders.dialogue(number=0, entity="云帆E5")
    other = builders.dialogue(number=1, entity="云帆E9")
    turns = tuple(builders.altered(each, text=each.text.replace("14.98", "17.58")) for each in other.turns)
    again = builders.altered(other, turns=turns)
    reject = Reject(step="dedup", item=other.id, reason=f"nearly the same as {one.id}")
    assert fresh().take(map(printed, [one, again])) == {other.id: reject}


def test_two_conversations_about_one_car_are_both_kept() -> None:
    assert not rejects(numbered(long(*ABOUT_RANGE), 0), numbered(long(*ABOUT_SEATS), 1))


def test_the_first_stays_also_when_the_other_comes_later() -> None:
    one, other, third = (builders.dialogue(number=number) for number in (2, 5, 7))
    compared = fresh()
    assert not compared.take([printed(one)])
    assert compared.take(map(printed, [other, third])).keys() == {other.id, third.id}
    assert not compared.take([]) and compared.kept == 1


def test_a_rejected_one_drops_no_other() -> None:
    """B is like A and like C, C is not like A: B goes, C stays."""
    words = [chr(97 + n // 10) + chr(97 + n % 10) + "abcdef" for n in range(100)]
    a, b, c = (numbered(builders.saying(["".join(words[at : at + 60])]), n) for n, at in enumerate((0, 8, 16)))
    assert rejects(a, b, c).keys() == {b.id}, "each shares 52 of 68 words with the next"
    assert rejects(b, c).keys() == {c.id}


def test_nothing_and_next_to_nothing() -> None:
    assert not rejects() and not rejects(builders.saying(["好"])) and not rejects(builders.saying([""]))


@given(st.data())
def test_who_is_found_is_who_shares_most(data: st.DataObject) -> None:
    """Against comparing every pair, on sets of every overlap, in blocks of any size."""
    rng = Random(data.draw(st.integers(0, 1 << 30)))
    texts = ["".join(rng.choice("abcdefghij") for _ in range(400))]
    for _ in range(30):
        base = list(rng.choice(texts))
        for _ in range(rng.choice((0, 1, 2, 4, 8, 30))):
            base[rng.randrange(len(base))] = rng.choice("klmnopqrst")
        texts.append("".join(base))
    made = [numbered(builders.saying([text]), n) for n, text in enumerate(texts)]
    sets, kept = [{text[i : i + 8] for i in range(len(text) - 7)} for text in texts], list[int]()
    for n, mine in enumerate(sets):
        if not any(len(mine & sets[k]) >= dedup.ALIKE * len(mine | sets[k]) for k in kept):
            kept.append(n)
    compared = fresh()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(made)), max_size=3)))
    parts = [made[a:b] for a, b in pairwise([0, *cuts, len(made)])]
    found = {item for part in parts for item in compared.take(map(printed, part))}
    assert [n for n, each in enumerate(made) if each.id not in found] == kept


def test_a_row_is_compared_as_its_dialogue_is() -> None:
    made = [builders.dialogue(number=number) for number in (0, 1)]
    lines = [(each.id, rows.encoded(each.id, [each])) for each in made]
    assert list(dedup.said_in(lines)) == list(map(dedup.said, made))
    with pytest.raises(InputError, match="not a row"):
        list(dedup.said_in([("x", b'{"item": "x", "made": [{"id": 1}]}\n')]))


def test_a_row_holds_the_dialogue_as_it_writes_itself() -> None:
    dialogue = builders.saying(['he said ,"turns":[ and ,"personas":['])
    assert dialogue.model_dump_json().encode() in rows.encoded(dialogue.id, [dialogue])
