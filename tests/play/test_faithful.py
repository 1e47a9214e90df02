"""Checks of single wordings that need no step: who is meant by what is said."""

import pytest

from millstream.play.faithful import _is_turned
from millstream.records import Lang


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
