"""Whether what the tagger takes for somebody's can be that at all. Knows forms and words."""

import re

from millstream.mine.codes import PROVINCES
from millstream.mine.find import Hit

_REACHED = re.compile(
    "微信|徽信|威信|薇|卫星|绿色软件|绿泡泡|vx|wx|v信|wechat|qq|q群|q号|球球|➕v|抖音|快手|小红书|微博|闲鱼|支付宝|钉钉|王者id|ins:"
    r"|insta(?:gram)?\b|\big\b|\bsnap|discord|\bdisc:|twitter|tiktok|telegram|kakao|zalo|viber|skype|\bpsn\b|xbox|gamer"
    r"|venmo|cash ?app|\bfb\b|facebook|bsky|signal is|\bsteam(?: id|:)|handle|user ?name|\buser\b|nick:|\bkik\b|twitch"
    "|reddit|linkedin|车牌|牌照|护照|plate|passport|licen[sc]e|medicare|\\btag\\b|\\breg\\b|ontario|parking"
)
_NUMBER = re.compile(
    r"(?:(?:a|and|zero|oh|double|triple|hundred|thousand|ten|eleven|twelve|(?:one|two|three|four|five|six|seven|eight|nine)"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:[\s-]+|$))+"
)
_HAN_DIGITS = "零〇一二三四五六七八九幺两洞拐"
_NO_NAME = re.compile(
    r"[我你他她咱您这那].*|.*[的了吗呢吧啊]|(?:老婆|老公|媳妇|对象|爱人|家人|孩子|主播|老板|客服|替班|自己|本人|大家).*"
    r"|.*\b(?:i|it|the|a|my|you|we|is|but|and|or|to|for|of|like|team|here|this|that|not|so|just|very|all|no|yes|at|in|on)\b.*"
    r"|.{0,1}|.*\d.*|[b-df-hj-np-tv-xz](?: [b-df-hj-np-tv-xz])*"
)
_BREAK = re.compile(r"\s*[，。；：！？、,;:!?（(]")
_WEEK = re.compile("[上下这本每一两三几半整]周")
_TITLE = re.compile(r"(?:mr|mrs|ms|miss|dr|prof|professor)\b\.?(?: |$)")
_AT = re.compile(r"\w.*(?:@|＠|#|艾特|爱特|[圈花]\s?a|小老鼠|\bat\b|[(\[{（]\s?a)")
_SHORT = re.compile(rf"[\d{_HAN_DIGITS}]{{1,4}}")


def is_price(low: str, said: str) -> bool:
    """Whether what is said is a number in words, where nobody speaks of reaching anybody: "a double ninety eight"."""
    return _NUMBER.fullmatch(said.strip()) is not None and not _REACHED.search(low)


def sane(low: str, hit: Hit[str]) -> Hit[str] | None:
    """A hit that can be what it is called, without what stands before the province of a plate; None where it cannot."""
    said = low[hit.start : hit.end]
    if hit.value == "plate" and not said.isascii():
        at = next((n for n, char in enumerate(said) if char in PROVINCES), len(said))
        return hit._replace(start=hit.start + at) if len(said) - at > 5 else None
    if hit.value == "name":
        return _of_somebody(low, hit)
    if hit.value == "mail" and not _AT.search(said):
        return None
    if hit.value == "handle" and (is_price(low, said) or _SHORT.fullmatch(said)):
        return None
    return hit


def _of_somebody(low: str, hit: Hit[str]) -> Hit[str] | None:
    """A name up to the first sign that ends one, without its title. A title alone is none, nor is 周 where a week is
    spoken of."""
    said = _BREAK.split(low[hit.start : hit.end], maxsplit=1)[0]
    titled = _TITLE.match(said)
    start, name = hit.start + (titled.end() if titled else 0), said[titled.end() if titled else 0 :]
    if not name or _NO_NAME.fullmatch(name) or _WEEK.match(low, max(hit.start - 1, 0)):
        return None
    return hit._replace(start=start, end=hit.start + len(said))
