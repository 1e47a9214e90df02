"""Which thing a settling answer is of: the one that it names, the one named before it, the one in mind."""

import pytest

from millstream.mine.clean import Said
from millstream.mine.link import Link
from shops import cue, rules

LIST = "菜名|价格\n番茄锅|68元\n毛肚锅|88元\n菌菇锅|78元"


def thing(before: str, *told: str) -> str:
    """Of which thing the answer to "can I add noodles" is, with what was said before it."""
    speech = [cue(n, text) for n, text in enumerate((before, *told))]
    asked = cue(0, "能加面吗", "chat")
    link = Link(Said(asked, (asked,)), tuple(speech[1:]), 0.9)
    (found,) = rules(LIST, "zh", "restaurant").exchanges([link], speech)
    assert found.value == "加面可以的"
    return found.entity


@pytest.mark.parametrize(
    ("before", "told", "entity"),
    [
        ("番茄锅很受欢迎", ("加面可以的", "毛肚锅八十八"), "番茄锅"),
        ("番茄锅很受欢迎", ("加面可以的 毛肚锅八十八块一份啊",), ""),
        ("番茄锅很受欢迎", ("毛肚锅啊", "加面可以的"), "毛肚锅"),
        ("番茄锅很受欢迎", ("毛肚锅和菌菇锅啊", "加面可以的"), ""),
        ("欢迎大家", ("加面可以的", "毛肚锅八十八"), ""),
    ],
)
def test_what_is_named_after_an_answer_is_of_the_next(before: str, told: tuple[str, ...], entity: str) -> None:
    assert thing(before, *told) == entity
