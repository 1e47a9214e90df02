"""What is seen of each piece of a text: itself and its neighbours, the run of digits and letters it stands in, and the
words around. Knows nothing of what the pieces are called.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from millstream.mine.find import fold
from millstream.mine.places import STREETS
from millstream.mine.spelling import Token, narrow, tokens

EVERY = "*"
"""What is seen of every piece."""
_SPELLED = ("digit", "letter")
_FAR, _NEAR = 9, 5
"""Pieces before and behind of which it is seen that they stand there, not where."""
_MOST = 16
_AREA, _UNIT = (
    frozenset("省市州区县镇乡村屯庄路街巷弄道园苑邨坊城府庭阁里院"),
    frozenset("号栋幢楼座元室门层户组舍房单"),
)
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙朱胡高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧齐施陶翟葛柯凌柴甘祝管关古辛骆莫符解连裴盛"
)
_SELDOM = frozenset(
    "褚卫尤严戚喻柏窦章奚郎鲁韦苗俞柳鲍费廉岑倪滕殷毕邬卞伍卜穆湛祁禹狄贝臧伏谈茅庞纪舒屈项阮蓝闵席季娄童颜梅刁樊霍虞房裘缪宗宣郁杭洪诸吉钮嵇邢"
    "荣翁荀甄芮羿储靳汲糜巫焦牧宓仲伊宫仇栾厉戎祖景詹韶郜蓟蒲邰鄂蔺屠蒙池胥莘贡姬申冉郦雍桑桂濮扈燕冀浦尚晏瞿慕茹艾容戈庾衡耿匡寇阙蔚巩聂晁"
    "敖冷阚简饶鞠蒯查荆竺桓佟覃肖闫付岳涂卓左温庄游"
)
_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞刚梅玉萍建国志斌宇浩轩梓涵欣怡雨晨思佳一诺子墨俊豪嘉琪天佑晓彤雅婷海燕春生永福长贵德胜素云淑珍凤"
    "仪秋月冬青若溪清扬知星河书意念安予初蕙薇琳璐瑾珊珠莹莉蓉蓓茜蕾晶昊昕旭凯博厚友启哲喜均坚城培奇妮姗婉媛守宏定宪宽家富岚峰峻崇帆平庆弘彦彬心忠恒恩"
    "悦慧懿捷政敬新旺昌昭晖智朝木本松柔树根桐楠森榕欢正毅池沛波泽洁津浪淼渊湘源滨灵炎烨焕然煜照熙玥珂理瑞璇甜睿石祥禹秉科立竹纯绍经维翔翠耀聪育胡良"
    "艺芝芬芸茂荷莎菊菲萌萱虎虹裕诗诚谦贤越跃辉达远迪逸道邦里野鑫钧铭锋锐镇闻阳雄雯露音韵顺颖飞馨骁骏鸣鸿鹏鹤黛弥丘夏禾舒望大满希生连小"
)
_ROADS = frozenset(STREETS.split("|"))


class Run(NamedTuple):
    """Digits and letters in a row, with the signs between them: their shape ("a3-94": three letters, a sign, four
    digits), the first and last piece, how it begins, and whether it is said in words."""

    shape: str
    digits: int
    first: int
    last: int
    begins: str
    said: bool


def pieces(text: str) -> list[Token]:
    """The tokens of a text (spelling.py) but for what only keeps them apart."""
    return [each for each in tokens(fold(narrow(text))) if each.sort != "gap"]


def seen(text: str, told: Sequence[Token]) -> Iterator[list[str]]:
    """What is seen of each of its pieces, by name."""
    words = ["^2", "^1", *(_word(each) for each in told), "$1", "$2", "$3"]
    sorts = ["^", "^", *(_sort(each, text) for each in told), "$", "$", "$"]
    runs = _runs(told)
    for n, token in enumerate(told):
        at, run = n + 2, runs.get(n)
        yield [
            *_here(words, sorts, at),
            *_itself(token, text),
            *_around(words, at),
            *(_in_run(run, n, words) if run else ()),
        ]


def _here(words: Sequence[str], sorts: Sequence[str], at: int) -> Iterator[str]:
    yield EVERY
    for away in (-2, -1, 0, 1, 2):
        yield f"w{away}{words[at + away]}"
        yield f"s{away}{sorts[at + away]}"
    for first, last in ((-2, -1), (-1, 0), (0, 1), (1, 2)):
        yield f"p{first}{words[at + first]} {words[at + last]}"
    yield f"n{''.join(map(_in_names, words[at - 2 : at + 3]))}"
    yield f"t{''.join(sorts[at - 1 : at + 2])}"
    yield f"f{''.join(sorts[at - 2 : at + 4])}"


def _in_names(word: str) -> str:
    """Whether a character is a family name, seldom one, or usual in given names."""
    if word < "\u3000":
        return "."
    return "N" if word in _SURNAMES else "R" if word in _SELDOM else "g" if word in _GIVEN else "h"


def _itself(token: Token, text: str) -> Iterator[str]:
    said = text[token.start : token.end]
    yield f"l{min(len(said), 12)}{said[0].isupper()}{said[-1].isupper()}{said.isascii()}"
    if token.sort == "word":
        yield f"e{said[-2:].lower()}"
    yield f"g{text[token.start - 1 : token.start] in ('', ' ')}{text[token.end : token.end + 1] in ('', ' ')}"


def _around(words: Sequence[str], at: int) -> Iterator[str]:
    before = words[max(2, at - _FAR) : at]
    behind = words[at + 1 : at + 1 + _NEAR]
    yield from dict.fromkeys(f"b{word}" for word in before)
    yield from dict.fromkeys(f"b{one}{other}" for one, other in pairwise(before))
    yield from dict.fromkeys(f"a{word}" for word in behind)


def _in_run(run: Run, n: int, words: Sequence[str]) -> Iterator[str]:
    place = f"{n == run.first}{n == run.last}"
    before = words[run.first + 1]
    yield from (f"r{run.shape}", f"R{run.shape}{place}", f"d{min(run.digits, _MOST)}{run.said}{place}")
    yield from (
        f"D{min(run.digits, _MOST)}{run.begins}{run.said}",
        f"q{before}{min(run.digits, _MOST)}",
        f"o{before}{run.shape}",
    )
    yield from (
        f"B{words[run.first]}{before}",
        f"A{words[run.last + 3]}{run.said}",
        f"Q{words[run.last + 3]}{run.shape}",
    )


def _runs(told: Sequence[Token]) -> dict[int, Run]:
    """For each spelled piece the run it stands in."""
    found: dict[int, Run] = {}
    at = 0
    while at < len(told):
        end = at
        while end < len(told) and (told[end].sort in (*_SPELLED, "filler") or (told[end].sort == "link" and end > at)):
            end += 1
        while end > at and told[end - 1].sort not in _SPELLED:
            end -= 1
        if end > at and told[at].sort in _SPELLED:
            run = _run(told, at, end)
            found |= dict.fromkeys(range(at, end), run)
        at = max(end, at + 1)
    return found


def _run(told: Sequence[Token], first: int, end: int) -> Run:
    inside = told[first:end]
    chars = "".join(
        "9" * len(each.value)
        if each.sort == "digit"
        else "a"
        if each.sort == "letter"
        else "-"
        if each.sort == "link"
        else ""
        for each in inside
    )
    shape = "".join(f"{char}{min(len(list(same)), _MOST)}" for char, same in groupby(chars))
    digits = "".join(each.value for each in inside if each.sort == "digit")
    return Run(shape[:24], len(digits), first, end - 1, digits[:2], any(each.said for each in inside))


def _word(token: Token) -> str:
    """How it is called: words as they are, numbers by their length."""
    if token.sort == "digit":
        return f"#{'said' if token.said else min(len(token.value), 12)}"
    return "?" if token.sort == "letter" else token.value


def _sort(token: Token, text: str) -> str:
    """One character for what it is made of."""
    value = token.value
    if token.sort == "other":
        return "U" if value in _UNIT else "A" if value in _AREA else "h" if value > "\u3000" else "."
    if token.sort == "word":
        return "S" if value in _ROADS else "C" if text[token.start].isupper() else "w"
    return {"digit": "9", "letter": "a", "link": "-", "filler": "f"}[token.sort]
