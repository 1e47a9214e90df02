"""Who is a child, and which recording is made for children: neither goes further than the door.

A message says so ("im 13", 我上初二) or shows it ("my mom won't let me", 偷偷用我爸的手机). Words and patterns are in
minors.yaml; what they miss is said in the documents. Knows nothing of names and numbers.
"""

import re
from collections.abc import Iterable

from millstream import resources
from millstream.records import Cue

_DATA = resources.data("mine/minors.yaml")
_FORMS = [*_DATA["said"], *_DATA["shown"]]
_YOUNG, _YOUNG_EN = re.compile("|".join(_FORMS)), re.compile("|".join(filter(str.isascii, _FORMS)))
_GROWN = re.compile(_DATA["grown"])
_LOOK = re.compile(
    "我|成年|今年|年级|本人|楼主|小[弟妹]|妈|爸|班主任|小升初|中考|作业|学生|[初高][一二三]|压岁|家长|岁的?生日"
    "|school|elementary|grade|teacher|homework|minor|underage|kid|child|teen|mom|mum|dad|parents|mother|father|folks|birthday|bday|born"
    "|too young|allowance|pocket|grounded|in class|in hs|in year|pupil|old enough|legal|adult|freshman|under ?(?:1|age)"
    r"|(?:i'?m|i am|i'?ll be|turn(?:ed|ing)?|still|only) (?:\w+ ){0,3}?"
    r"(?:\d|six|seven|eight|nine|ten|eleven|twelve|thir|fif)"
    r"|\d ?y\b|\d ?y[or/ e]|not (?:even )?[1tef]|^\W*m1\d|^\W*\d+ ?[mf]\b|f \d|f\d+ here"
)
"""What each of the forms below holds, cheap to look for."""
_TITLE, _TOLD = (re.compile(_DATA["for_children"][each]) for each in ("title", "told"))
_SHARE, _FEW = 0.02, 3
"""Share of the lines of a host, and the number, that speak to children from which on a recording is made for them."""
_CHILDREN = 0.2
"""Share of the viewers who are minors from which on it is."""


def is_young(text: str) -> bool:
    """Does who writes this say or show that it is a minor?"""
    low = text.lower().replace("’", "'")
    return (
        _LOOK.search(low) is not None
        and (_YOUNG_EN if low.isascii() else _YOUNG).search(low) is not None
        and not _GROWN.search(low)
    )


def made_for(title: str, cues: Iterable[Cue], young: int, viewers: int) -> str:
    """Why a recording is taken to be made for children; "" where it is not. `young` of its `viewers` are minors."""
    if found := _TITLE.search(title.lower()):
        return f"made for children: its title says {found[0]!r}"
    speech = [cue for cue in cues if cue.track == "speech"]
    told = sum(_TOLD.search(cue.text.lower()) is not None for cue in speech)
    if told >= max(_FEW, _SHARE * len(speech)):
        return f"made for children: {told} lines of the host speak to them"
    if young >= _FEW and young >= _CHILDREN * viewers:
        return f"made for children: {young} of {viewers} viewers say that they are minors"
    return ""
