"""The rule annotator: what a turn shows, in both languages; courtesies do not name a turn that asks."""

import pytest

from millstream.errors import InputError
from millstream.records import Lang
from millstream.strategies import framework
from millstream.support.annotate import annotated, ranked
from millstream.support.talk import SupportDialogue, SupportTurn

SAID: list[tuple[Lang, str, str]] = [
    ("en", "IV", "Thanks! Could I get your full name, please?"),
    ("en", "RP", "So you want a refund for order 55, is that right?"),
    ("en", "PR", "No problem. When did it stop working?"),
    ("en", "EM", "I'm so sorry to hear that, I understand how upset you are."),
    ("en", "PS", "I'd recommend the larger one."),
    ("en", "ID", "Refunds take five working days."),
    ("en", "RI", "I've submitted the refund just now."),
    ("en", "FR", "Is there anything else I can do for you?"),
    ("en", "RC", "We'll keep you posted about new offers."),
    ("en", "AC", "You're welcome, have a nice day!"),
    ("en", "OT", "Okay."),
    ("zh", "IV", "麻烦提供一下您的手机号。"),
    ("zh", "RP", "您是说昨天就坏了，对吗？"),
    ("zh", "PR", "请问是哪天收到的？"),
    ("zh", "EM", "非常抱歉，我理解您的心情。"),
    ("zh", "PS", "建议您换一个大一点的。"),
    ("zh", "ID", "退款一般五个工作日到账。"),
    ("zh", "RI", "已经帮您提交退款了。"),
    ("zh", "FR", "请问还有别的需要帮忙的吗？"),
    ("zh", "AC", "不客气，祝您生活愉快，再见。"),
    ("zh", "OT", "好的。"),
]


@pytest.mark.parametrize(("lang", "code", "text"), SAID)
def test_a_turn_shows_its_strategy(lang: Lang, code: str, text: str) -> None:
    assert ranked(text, lang, opening=False)[0] == code


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_only_the_first_turn_greets(lang: Lang) -> None:
    text = {"en": "Hello, welcome to the shop.", "zh": "您好，欢迎光临。"}[lang]
    assert ranked(text, lang, opening=True)[0] == "GT" != ranked(text, lang, opening=False)[0]


@pytest.mark.parametrize("hostile", ["", "   ", "?" * 500, "a" * 5000, "[[[((("])
def test_any_text_has_a_strategy(hostile: str) -> None:
    assert ranked(hostile, "en", opening=True)[0] in framework().codes


def test_a_label_outside_the_set_names_the_dialogue() -> None:
    talk = SupportDialogue(corpus="c", key="7", lang="en", turns=(SupportTurn(role="agent", text="Hi"),))
    with pytest.raises(InputError, match="c:7: no strategy 'Selling'"):
        annotated(talk, lambda turns, n: "Selling", framework())
