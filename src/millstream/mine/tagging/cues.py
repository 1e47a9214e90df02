"""Whether a text may hold something personal that no rule knows: cheap, for the tagger is dear and hardly any line of a
chat needs it. Knows forms and words, and decides nothing.
"""

import re

_HAN = "零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖"
_SAID = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|alpha|bravo|"
    "charlie|delta|echo|foxtrot|golf|hotel|juliet|kilo|lima|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|"
    "whiskey|x-?ray|yankee|zulu"
)
_ROADS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|court|ct|terrace|close|crescent|way|hill|cottages?|place|gardens?|"
    "grove|park|paddocks|square|row|mews|ridge|room|box|boulevard|blvd"
)
_FORMS = (
    rf"([\d{_HAN}])(?!\1\1)(?:[ .，/–-]?[\d{_HAN}]){{4}}",
    rf"\b(?:{_SAID})(?:[ ,-]+(?:{_SAID}|[a-z])\b){{2}}|\b[a-z](?: [a-z]){{1,3}} (?:{_SAID})\b",
    r"(?<![\w./])(?:[a-z]{1,3}[ -]?\d{2,}[a-z](?<![km])|[a-z]{2,4}[ -]\d{4}\b|[b-df-hj-np-tv-xz]{3}[ -]\d{3}\b"
    r"|[a-z]-?\d{4,}|\d[a-z]{2,3}[ -]?\d{2,}|[a-z0-9]*\d[a-z]\d[a-z0-9]*\b|[a-z]{2}\d{2} [a-z]{3}\b)",
    rf"[路街巷弄村镇乡区苑园舍府里庄城寓同][^\s，,]{{0,6}}?[\d{_HAN}十甲乙a-z]+\s?(?:[号栋幢楼室弄舍组层期座]|单元|-\d)",
    rf"[\d{_HAN}十]+(?:[栋幢弄舍]|号楼|单元)",
    rf"(?:\d[a-z]?|\b(?:{_SAID}))\s+(?:[a-z'’.]+\s+){{1,3}}?(?:{_ROADS})\b|\b(?:flat|apt|unit|room) \d",
    r"\b(?:psn|gamer ?tag|cash ?app)\b|艾特|爱特|[圈花]a|[(\[]a(?:t)?[)\]]|\bat [a-z]+ dot\b|小老鼠|🐧",
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]\s?[a-z][\s·.-]?[\da-z{_HAN}]{{2}}",
)
_REACHED = re.compile(
    "微信|徽信|威信|薇|卫星|绿色软件|绿泡泡|vx|wx|v信|wechat|qq|q群|q号|球球|➕v|抖音|快手|小红书|微博|闲鱼|支付宝|钉钉|王者id|ins:"
    r"|insta(?:gram)?\b|\big\b|\bsnap|discord|\bdisc:|twitter|tiktok|telegram|kakao|zalo|viber|skype|\bpsn\b|xbox|gamer"
    r"|venmo|cash ?app|\bfb\b|facebook|bsky|signal is|\bsteam(?: id|:)|handle|user ?name|\buser\b|nick:|\bkik\b|twitch"
    "|reddit|linkedin|车牌|牌照|护照|plate|passport|licen[sc]e|medicare|\\btag\\b|\\breg\\b|ontario|parking"
)
_CODED = re.compile(
    rf"\d\d|[{_HAN}]{{2}}|[a-z0-9][_.-][a-z0-9]|\b(?:underscore|dot|dash|all one word)\b|下划线|杠|id [a-z]|叫[a-z]"
)
_NUMBER = re.compile(
    r"(?:(?:a|and|zero|oh|double|triple|hundred|thousand|ten|eleven|twelve|(?:one|two|three|four|five|six|seven|eight|nine)"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:[\s-]+|$))+"
)
_LEADS = tuple(re.compile(form) for form in _FORMS)


def is_price(low: str, said: str) -> bool:
    """Whether what is said is a number in words, where nobody speaks of reaching anybody: "a double ninety eight"."""
    return _NUMBER.fullmatch(said.strip()) is not None and not _REACHED.search(low)


def may_hold(low: str) -> bool:
    """Of a text in small letters, without what rules have found in it."""
    return any(form.search(low) for form in _LEADS) or (
        _REACHED.search(low) is not None and _CODED.search(low) is not None
    )
