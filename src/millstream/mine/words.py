"""A text brought to the form in which two texts can be compared, Chinese and English alike.

Chinese has no spaces and no segmenter is needed: pairs of characters carry enough. This file knows nothing of
cues, domains or meaning.
"""

import re
import unicodedata
from importlib.resources import files

import yaml

_DATA = yaml.safe_load((files("millstream") / "mine" / "words.yaml").read_text(encoding="utf-8"))
_STOP_HAN, _STOP = set(_DATA["stop"]["zh"]), set(_DATA["stop"]["en"])
_PARTICLES = re.compile("[啊呀呢哈吧嘛哦噢呐哇啦么]+$")
_NOISE = re.compile(r"\[[^\[\]]{1,12}\]|:[\w-]{1,40}:|[^\w\s]|_", re.UNICODE)
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]+")
_DIGITS = {han: str(value) for value, han in enumerate("零一二三四五六七八九")}
_CODE = re.compile(r"(?<=[a-z])[零一二三四五六七八九](?![零一二三四五六七八九十百千万点])")
_SOUND = re.compile(
    rf"(?<![零一二三四五六七八九十百千万第点])({'|'.join(map(re.escape, _DATA['sounds']))})"
    r"([一二三五六七八九1-9])(?![零一二三四五六七八九十百千万点\d]|[年月天周号个点块折成座分米])"
)


def normal(text: str) -> str:
    """One form for what is the same to a reader: no case, width, emotes, punctuation or closing particles."""
    plain = " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", text)).casefold().split())
    plain = re.sub(r"(\w)\1{2,}", r"\1", plain)
    return re.sub(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])", "", _PARTICLES.sub("", plain))


def spoken(text: str) -> str:
    """The text with model codes as they are written: "C三", "c 5" and "一七" as "c3", "c5" and "e7"."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _SOUND.sub(lambda found: _DATA["sounds"][found[1]] + _DIGITS.get(found[2], found[2]), plain)
    return _CODE.sub(lambda found: _DIGITS[found[0]], plain)


def content(text: str) -> set[str]:
    """The content words of a text: pairs of Chinese characters, Latin words without their endings, codes."""
    found: set[str] = set()
    for token in _TOKEN.findall(spoken(text)):
        if token[0] > "\u3000":
            kept = re.split(f"[{''.join(_STOP_HAN)}]+", token)
            found.update(part[i : i + 2] for part in kept for i in range(len(part) - 1))
        elif token not in _STOP:
            found.add(_stem(token))
    return found


def _stem(word: str) -> str:
    word = word.split("'")[0]
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
