"""Accounts and addresses made up for the tagger to learn from: what is open-ended, so that cases alone show too little
of it. Knows forms; every name in them is drawn from a list of common words.
"""

import random

from millstream.mine.places import STREETS

_WORDS = (
    "amber anchor aspen badger beacon birch bramble cedar clover cobalt comet copper coral crane dapple dune ember "
    "fable falcon fern finch fjord flint glade harbor hazel heron indigo ivory jasper juniper kestrel lantern lark "
    "linden lotus maple marble meadow mesa mint moss nutmeg oak onyx opal orchid otter pebble pepper pine plum quartz "
    "quill raven robin rowan saffron sage sparrow sumac teal thistle timber topaz tulip velvet walnut willow wren "
    "yarrow "
)
NAMES = _WORDS.split()
HAN = "青松明湖长宁锦绣云山临江白鹭石桥海川梧桐丹枫金桂银杏翠竹安和新荷东篱西溪南苑北辰春晓秋月晨光望江听雨兰亭福幸永泰"
_SYLLABLES = "an bai bo chen cha dan deng feng gan guo han hu jia jiang lan li lin lu mei ming nan ning ping qing shan"
PINYIN = _SYLLABLES.split()
_NUMBERS = "one two three four five six seven eight nine zero twenty forty"
SAID = _NUMBERS.split()
HANDLES = {
    "en": "{w}{n} | {w}_{w} | {w}.{w}{n} | {W}{W} | {W}And{W} | {w}-{w} | {w}{w} | the{w}{w}{n} | "
    "{w} {w} all one word | {w} underscore {w} | {w} dot {w} | {w} {w} {s} | {W}{W}{n} | {w}#{n} | x{W}x{n} | "
    "{w}_{n} | {w} dash {w} {s} {s}",
    "zh": "{p}{p}{n} | {p}{p}_{n} | {w}_{p} | {p}{p}的{h}{h} | {p}-{p} | {p}.{p} | {p}{p}下划线{d}{d} | "
    "{p}{p}{d}{d}{d} | {W}{p} | {p}{p}爱{h}{h} | {h}{h}{n} | {n}{n}{n}{n}",
}
ADDRESSES = {
    "en": "{n} {W} {S} | {n} {W} {W} {S} | {n} {W} {S}, {W} | flat {n}, {n} {W} {S} | {n}b {W} {S} | {n} The {W}s | "
    "{s} {w} {r} | {s} {s} {w} {w} {r} | {n} {w} {r} apt {n} | {W} Hall Room {n}, {W} College | "
    "{n} {W} Cottages, {W} | {n} {W}'s {S} | {s} {w} {r} {w} | unit {n}/{n} {W} {S} {W} | P.O. Box {n}, {W} | "
    "number {s} {w} {r}",
    "zh": "{h}{h}市{h}{h}区{h}{h}路{n}号{h}{h}苑{n}栋{n} | {h}{h}{h}小区{n}号楼{n} | {h}{h}路{n}弄{n}号{n}室 | "
    "{h}{h}{h}里{n}栋{n}层{n} | {h}{h}县{h}{h}镇{h}{h}村{d}组{n}号 | {h}{h}大学{h}{h}园{n}舍{n} | "
    "{h}{h}花园{d}十{d}栋{d}零{d} | {h}{h}街道{h}{h}胡同{n}号 | {h}{h}{h}社区C栋{n} | {h}{h}苑{n}期{n}幢地下B{n}-{n} | "
    "{h}{h}路{d}{d}弄{d}号{d}零{d} | {h}{h}东方{n}期{n}号楼{n} | {h}{h}巷甲{n}号",
}
FORMS = {"handle": HANDLES, "address": ADDRESSES}


def value(kind: str, lang: str, rng: random.Random) -> str:
    said = rng.choice(FORMS[kind][lang].split(" | "))
    while "{" in said:
        before, _, behind = said.partition("{")
        said = before + _piece(behind[0], rng) + behind[2:]
    return said.lower() if lang == "en" and rng.random() < 0.3 else said


def _piece(sort: str, rng: random.Random) -> str:
    if sort == "n":
        return str(rng.randrange(10 ** rng.randint(1, 4)))
    if sort in "sd":
        return rng.choice(SAID if sort == "s" else "一二三四五六七八九")
    if sort in "hp":
        return rng.choice(HAN if sort == "h" else PINYIN)
    word = rng.choice(STREETS.split("|") if sort in "Sr" else NAMES)
    return word.capitalize() if sort.isupper() else word
