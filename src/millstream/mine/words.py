"""A text brought to the form in which two texts can be compared, Chinese and English alike.

Chinese has no spaces and no segmenter is needed: pairs of characters carry enough. This file knows nothing of
cues, domains or meaning.
"""

import functools
import re
import unicodedata

from rapidfuzz import fuzz

from millstream import resources
from millstream.records import Lang

_DATA = resources.data("mine/words.yaml")
_STOP_HAN, _STOP = set(_DATA["stop"]["zh"]), set(_DATA["stop"]["en"])
_PSEUDONYM = re.compile(r"\bv[0-9a-f]{6}(?![0-9a-z])|(?<=[^\x00-\x7f])v[0-9a-f]{6}")
_NOT_HEARD = set(_DATA["not_heard"])
_CLOSE = 14
_PARTICLES = re.compile("[啊呀呢哈吧嘛哦噢呐哇啦么]+$")
_NOISE = re.compile(r"\[[^\[\]]{1,12}\]|:[\w-]{1,40}:|[^\w\s]|_", re.UNICODE)
_REPEATED = re.compile(r"(\w)\1{2,}")
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]+")
_DIGITS = {han: str(value) for value, han in enumerate("零一二三四五六七八九")}
_CODE = re.compile(r"(?<=[a-z])[零一二三四五六七八九]")
_NUMERAL = re.compile("[零一二三四五六七八九1-9]")
_SOUND = re.compile(
    rf"(?<![零一二三四五六七八九十百千万第点])({'|'.join(map(re.escape, _DATA['sounds']))})"
    r"([一二三五六七八九1-9])(?![零一二三四五六七八九十百千万点\d]|[年月天周号个点块折成座分米])"
)


def stop(lang: Lang) -> set[str]:
    """The words that carry no content of their own; of Chinese, characters."""
    return _STOP_HAN if lang == "zh" else _STOP


def normal(text: str) -> str:
    """One form for what is the same to a reader: no case, width, emotes, punctuation or closing particles."""
    wide = not text.isascii()
    plain = " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", text) if wide else text).casefold().split())
    plain = _REPEATED.sub(r"\1", plain) if _REPEATED.search(plain) else plain
    return _BESIDE_HAN.sub("", _PARTICLES.sub("", plain)) if wide else plain


def spoken(text: str) -> str:
    """The text with model codes as they are written: "C三", "c 5" and "一七" as "c3", "c5" and "e7"."""
    plain = unicodedata.normalize("NFKC", text.replace("，", "、")).casefold()
    if not _NUMERAL.search(plain):
        return plain
    plain = _SOUND.sub(lambda found: _DATA["sounds"][found[1]] + _DIGITS.get(found[2], found[2]), plain)
    return _CODE.sub(lambda found: _DIGITS[found[0]], plain)


def content(text: str) -> set[str]:
    """The content words of a text: pairs of Chinese characters, Latin words without their endings, codes."""
    return {_stem(word) if word.isascii() else word for word in terms(text)}


def terms(text: str) -> set[str]:
    """As `content`, with the endings of Latin words."""
    found: set[str] = set()
    for token in _TOKEN.findall(spoken(text)):
        if token[0] > "\u3000":
            kept = re.split(f"[{''.join(_STOP_HAN)}]+", token)
            found.update(part[i : i + 2] for part in kept for i in range(len(part) - 1))
        elif token not in _STOP:
            found.add(token)
    return found


def nameless(text: str) -> str:
    """The text with blanks for pseudonyms, whose digits are no numbers."""
    return _PSEUDONYM.sub(lambda found: " " * len(found[0]), text)


def pairs(text: str) -> set[str]:
    """All that a text may be found by: as `content`, but every pair of Chinese characters."""
    runs = re.findall("[\u3400-\u9fff]+", spoken(text))
    return content(text) | {run[i : i + 2] for run in runs for i in range(len(run) - 1)}


def alike(word: str, heard: str) -> bool:
    """May a recogniser have written `heard` for `word`? Latin words by their spelling, Chinese by their sound:
    GB 2312 lists its common characters by pronunciation, so what stands close there sounds close."""
    if word == heard:
        return True
    if word[0].isascii() or heard[:1].isascii():
        return min(len(word), len(heard)) > 4 and (word[:5] == heard[:5] or fuzz.ratio(word, heard) >= 80)
    if len(word) != len(heard) or heard in _NOT_HEARD:
        return False
    return all(a == b or _near(a, b) for a, b in zip(word, heard, strict=True))


def _near(one: str, other: str) -> bool:
    first, second = _place(one), _place(other)
    return bool(first and second) and abs(first - second) <= _CLOSE


@functools.cache
def _place(char: str) -> int:
    """The place of a common character in GB 2312, 0 for any other."""
    code = char.encode("gb2312", "ignore")
    return (code[0] - 0xB0) * 94 + code[1] - 0xA0 if len(code) == 2 and 0xB0 <= code[0] <= 0xD7 else 0


def _stem(word: str) -> str:
    word = word.split("'")[0]
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
