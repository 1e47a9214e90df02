"""Checks of single wordings that need no step: who is meant by what is said."""

import pytest

from millstream import domain as domains
from millstream.play.faithful import _denied, _is_turned, _needed
from millstream.records import Act, Lang, Step


@pytest.mark.parametrize(
    ("lang", "draft", "turned", "sound"),
    [
        ("en", "I've been waiting a while.", "have you been waiting a while?", "i'm still waiting"),
        ("en", "Can I just talk to a person?", "can you talk to a person?", "could you get me a person?"),
        ("zh", "我再想想。", "你再想想", "我想想再说"),
    ],
)
def test_what_a_user_says_of_itself_is_not_turned_on_the_host(lang: Lang, draft: str, turned: str, sound: str) -> None:
    assert _is_turned(turned, draft, lang)
    assert not _is_turned(sound, draft, lang)


@pytest.mark.parametrize(
    ("lang", "meant", "draft", "turned", "sound"),
    [
        ("zh", "青屿C3", "不是青屿E7，我问青屿C3。", "不是青屿C3啊 我问青屿E7呢", "不是E7 问的是青屿C3啊"),
        ("zh", "MPV", "不是SUV，是MPV。", "并非MPV", "不是，MPV，我说的是这个"),
        ("zh", "MPV", "不是SUV，是MPV。", "不是要MPV啊", "我要的是MPV"),
        ("en", "estate", "Not a saloon, an estate.", "it isn't an estate I want", "an estate, not a saloon"),
        ("en", "Kite", "Not the Heron, I meant the Kite.", "not the Kite, the Heron", "i meant the Kite not the Heron"),
    ],
)
def test_a_correction_does_not_deny_what_it_means(lang: Lang, meant: str, draft: str, turned: str, sound: str) -> None:
    correct = Act(act="correct", entity=meant)
    step = Step(role="user", acts=(correct,), state=(), stage="s", draft=draft)
    assert _denied(turned, step, lang) == meant
    assert not _denied(sound, step, lang)


def test_a_need_that_nobody_stated_is_not_named() -> None:
    cars, said = domains.read("automotive"), ["主播好，想买车，刚拿驾照买来练手"]
    draft = "青屿C5挺合适的。"
    assert _needed("跑长途多的话我给您推荐青屿C5。", draft, cars, said, "zh") == "跑长途"
    assert not _needed("刚拿驾照的话我给您推荐青屿C5。", draft, cars, said, "zh")
    assert not _needed("跑长途多的话我给您推荐青屿C5。", draft, cars, ["跑长途比较多"], "zh")
