"""Mood, complexity, style and exchange by hand, in both languages."""

import pytest

from millstream.conversations import Conversation, Utterance
from millstream.metrics import manners, tokens
from millstream.records import Lang


def said(lang: Lang, *turns: str) -> tokens.Talk:
    made = tuple(Utterance(role=("user", "agent")[n % 2], text=text) for n, text in enumerate(turns))
    return tokens.talk(Conversation(corpus="x", key="1", lang=lang, turns=made))


def share(name: str, talk: tokens.Talk) -> float:
    above, below = next(each for each in manners.MANNERS if each.name == name).of(talk)
    return above / below


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "That is great, thanks!", 2),
        ("en", "That is not great.", -1),
        ("en", "A terrible problem", -2),
        ("en", "no problem at all", 1),
        ("en", "The bus leaves at five", 0),
        ("zh", "很满意，谢谢", 2),
        ("zh", "不满意", -1),
        ("zh", "太贵了，有点失望", -2),
    ],
)
def test_mood(lang: Lang, text: str, expected: int) -> None:
    assert manners.mood(text, lang) == expected


def test_the_arc_of_a_complaint_that_was_mended_rises() -> None:
    mended = said("en", "This is terrible", "Sorry", "Is there another?", "Yes", "Great, thanks", "Bye")
    assert share("rise of the user's mood", mended) == pytest.approx(2 - -1)
    assert manners.MANNERS[2].of(said("en", "hi", "hello")) == (0.0, 0.0)


def test_the_other_groups_by_hand() -> None:
    talk = said("en", "Hello. Do you have cars?", "Yes", "um, which ones?", "Okay, the red ones. Thanks!")
    assert share("questions", talk) == 0.5
    assert share("turns a dialogue", talk) == 4
    assert share("tokens a turn", talk) == pytest.approx((5 + 1 + 3 + 5) / 4)
    assert share("sentences a turn", talk) == pytest.approx((2 + 1 + 1 + 2) / 4)
    assert share("user's share of tokens", talk) == pytest.approx(8 / 14)
    assert share("acknowledgements", talk) == 0.5
    assert share("thanks", talk) == 0.25
    assert share("taken up from the turn before", talk) == pytest.approx((0 + 0 + 1 / 5) / 3)


def test_the_rest_by_hand() -> None:
    talk = said("en", "great, well", "Sorry to hear it", "no", "Fine! Thanks")
    user, agent = [1, 0], [-1, 2]
    assert share("user mood", talk) == pytest.approx(sum(user) / 2)
    assert share("agent mood", talk) == pytest.approx(sum(agent) / 2)
    assert share("stir of the mood", talk) == pytest.approx((5 / 4) ** 0.5)  # of 1, -1, 0, 2 about 1/2
    assert share("fillers", talk) == 0.25
    assert share("turns of two words or fewer", talk) == 0.75
    assert share("letters a token", talk) == pytest.approx((5 + 4 + 5 + 2 + 4 + 2 + 2 + 4 + 6) / 9)
    assert share("variation of turn length", talk) == pytest.approx((4.75 / 4) ** 0.5 / 2.25)  # of 2, 4, 1, 2
    assert share("same speaker again", talk) == 0.0
    twice = talk.said.model_copy(update={"turns": talk.said.turns[:1] * 2 + talk.said.turns[1:2]})
    assert share("same speaker again", tokens.talk(twice)) == pytest.approx(1 / 3)


def test_every_manner_is_named_once() -> None:
    names = [each.name for each in manners.MANNERS]
    assert len(set(names)) == len(names) and {each.group for each in manners.MANNERS} == {
        "mood", "complexity", "interaction", "exchange",
    }  # fmt: skip
