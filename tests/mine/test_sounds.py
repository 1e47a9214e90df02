"""Misheard names: what is put right, what is left alone, and that what was heard is kept."""

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pypinyin", reason="the extra `sounds` is not installed")
pytest.importorskip("jellyfish", reason="the extra `sounds` is not installed")

from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import intake
from millstream.mine.rules import evidence_of
from millstream.mine.sounds.sounds import NEAR, PUT_RIGHT, Ears, put_right
from millstream.prepare import prepared
from millstream.recipe import Settings
from millstream.records import Cue

SAMPLES = Path(__file__).parents[2] / "samples"


def of(sample: str) -> Ears:
    ears = prepared(Settings(), intake.take([SAMPLES / sample])).ears
    assert ears is not None
    return ears


CARS, KITCHEN, HOTELS = of("automotive_zh"), of("restaurant_en"), of("hotel_zh_en")


def cues(*texts: str, track: str = "speech") -> list[Cue]:
    """Ten seconds apart."""
    lines = enumerate(texts)
    timed = ({"n": n, "start": n * 10.0, "end": n * 10.0 + 9, "text": text} for n, text in lines)
    return [Cue.model_validate({"recording": "r", "track": track, **each}) for each in timed]


def said(ears: Ears, *texts: str, chat: tuple[str, ...] = ()) -> list[str]:
    told = put_right(ears, cues(*texts) + cues(*chat, track="chat"), Counter())
    return [cue.text for cue in told if cue.track == "speech"]


@pytest.mark.parametrize(
    ("ears", "heard", "meant"),
    [
        (CARS, "守付一万二 现车", "首付一万二 现车"),  # no word
        (CARS, "油车纸宝四年", "油车质保四年"),
        (CARS, "全国统一的知道价啊", "全国统一的指导价啊"),  # most of a name
        (CARS, "E7守护三万", "E7首付三万"),  # a word, and a figure follows
        (CARS, "E7有线车 白的灰的都有", "E7有现车 白的灰的都有"),  # a table says so
        (CARS, "闪电是终身的", "三电是终身的"),  # the rest of it stands beside
        (CARS, "是假的话 最好提前一天约", "试驾的话 最好提前一天约"),
        (HOTELS, "大家好这里是望朝度假村", "大家好这里是望潮度假村"),
        (HOTELS, "拾光清子酒店 湖滨新区的", "拾光亲子酒店 湖滨新区的"),
        (KITCHEN, "bring your own yes the corkidge is", "bring your own yes the Corkage is"),
        (KITCHEN, "okay the Larissa lamb", "okay the Harissa Lamb"),
        (KITCHEN, "the trot toast or the beetroot", "the Trout Toast or the beetroot"),
        (KITCHEN, "never touch the friar we have one friar", "never touch the fryer we have one fryer"),
    ],
)
def test_a_misheard_name_is_put_right(ears: Ears, heard: str, meant: str) -> None:
    assert said(ears, heard) == [meant]


@pytest.mark.parametrize(
    ("ears", "text"),
    [
        (CARS, "守护家人的安全"),
        (CARS, "闪电发货"),
        (CARS, "这不是假的吧"),
        (CARS, "E7首付三万 月供两千八百二十六"),
        (CARS, "十八万九千八"),
        (CARS, "下午三点开播"),
        (CARS, "有线电视也有"),
        (HOTELS, "美好时光都在这"),
        (HOTELS, "出去玩一玩"),
        (KITCHEN, "the harissa lamb is 46"),
        (KITCHEN, "we were being careful along the coast"),
        (KITCHEN, "never touch the ribs"),
        (KITCHEN, ""),
        (KITCHEN, "[phone] v1a2b3 !!!"),
    ],
)
def test_what_is_no_mishearing_stays(ears: Ears, text: str) -> None:
    assert said(ears, text) == [text]


def test_what_viewers_write_is_no_mishearing_unless_they_write_the_name_more_often() -> None:
    assert said(CARS, "亏电由号五个八", chat=("由号是什么", "油耗多少")) == ["亏电由号五个八"]
    assert said(CARS, "亏电由号五个八", chat=("由号是什么", "油耗多少", "油耗呢")) == ["亏电油耗五个八"]
    assert said(KITCHEN, "the corkidge is", chat=("what is corkidge",)) == ["the corkidge is"]


def test_the_same_word_near_by_is_put_right_again_and_far_away_it_is_not() -> None:
    between = ["好的"] * NEAR
    assert said(CARS, "好多人问守护啊", "E7守护三万", *between, "守护大家") == [
        "好多人问首付啊", "E7首付三万", *between, "守护大家",
    ]


def test_what_was_heard_is_kept_and_quoted_and_counted() -> None:
    notes: Counter[str] = Counter()
    chat = cues("油耗多少", track="chat")
    cue, same, written = put_right(CARS, [*cues("M8由号刚才谁问的", "好的"), *chat], notes)
    assert (cue.text, cue.heard) == ("M8油耗刚才谁问的", "M8由号刚才谁问的")
    assert evidence_of("r", [cue]).quote == "M8由号刚才谁问的"
    assert (same.heard, written, dict(notes)) == ("", chat[0], {PUT_RIGHT: 1})


def test_chat_and_a_talk_of_two_alone_stay() -> None:
    chat = cues("E7守护三万", track="chat")
    assert put_right(CARS, chat, Counter()) == chat
    two = [cue.model_copy(update={"speaker": who}) for cue, who in zip(cues("E7守护三万", "八个"), "AB", strict=True)]
    assert put_right(CARS, two, Counter()) == two


def test_switched_off_or_without_names_nothing_is_touched() -> None:
    taken = intake.take([SAMPLES / "automotive_zh"])
    off = prepared(Settings.model_validate({"sounds": False}), taken).ears
    assert off is None
    assert put_right(off, cues("E7守护三万"), Counter()) == cues("E7守护三万")


WORDS = [
    "E7", "守护", "三万", "由号", "现车", "有线车", "是假", "的话", "最好提前", "好", "家人", "闪电", "终身", "知道价",
]
ENGLISH = [
    "the", "trot", "toast", "never", "touch", "friar", "lamb", "Larissa", "slow", "chilly", "green", "46", "torte",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.lists(st.sampled_from(ENGLISH), max_size=8))
def test_putting_right_twice_changes_nothing_more(zh: list[str], en: list[str]) -> None:
    for ears, text in ((CARS, "".join(zh)), (KITCHEN, " ".join(en))):
        once = put_right(ears, [*cues(text, text[:9]), *cues("x", track="chat")], Counter())
        again: Counter[str] = Counter()
        assert put_right(ears, once, again) == once
        assert not again


NAMES = [
    "首付", "月供", "现车", "油耗", "试驾", "三电终身", "指导价", "E7", "，", "三万", "harissa", "lamb", "trout",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(NAMES), max_size=6), st.text("0123456789.,!? あい£€\u200b", max_size=12))
def test_names_said_right_and_text_without_words_stay(names: list[str], signs: str) -> None:
    for text in (f" {signs} ".join(names), signs):
        assert said(CARS, text) == said(KITCHEN, text) == [text]
