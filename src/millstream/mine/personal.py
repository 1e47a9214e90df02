"""What of a text belongs to one person, by kind: phone, mail, wechat, qq, handle, id, card, plate, address.

The parts of the door that look at one text alone, put together: the first look is cheap, for nearly every line of a
chat holds nothing of the kind; then rules, and a tagger (tagging/) for what they do not know. Knows nothing of the
names of a recording (aloud.py) and changes no text.
"""

import functools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from millstream.mine import codes, identity, places, reach
from millstream.mine.find import Hit, fold
from millstream.mine.spelling import narrow, runs, tokens
from millstream.mine.tagging import gate
from millstream.mine.tagging.cues import sane
from millstream.mine.tagging.tagger import Tagger, packaged

KINDS = ("mail", "wechat", "qq", "handle", "id", "card", "phone", "plate", "address")
"""In this order the one that counts is chosen where two stand at the same place."""
NAME = "name"
"""What the tagger calls a person's name: no mask but a pseudonym takes its place."""
NUMBERS = ("phone", "id", "card")
_OF_DIGITS = ("id", "card", "mail", "plate")
ACCOUNTS = frozenset(("wechat", "qq", "handle"))
_HAN = "零〇一二三四五六七八九幺两洞拐勾壹贰叁肆伍陆柒捌玖"
_SIGNS = re.compile("[@＠#$栋幢]")
_HOMES = re.compile(rf"(?:[住寄送邮搬家址]|收货|上门|安装|快递|门牌).*?[\d{_HAN}十]")
_DIGITS = re.compile(rf"[\d{_HAN}](?:[^\d{_HAN}]{{0,3}}[\d{_HAN}]){{4}}")
_PLATES = re.compile(rf"[{codes.PROVINCES}]\s?[a-z][\s·.]?\s?[\da-z{_HAN}]")
_SAID = re.compile(
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|forty|eleven|twelve)"
    r"(?![a-z]).{1,12}?(?<![a-z])(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|eleven|hundred|ones)"
)
_WORDS = re.compile(
    "艾特|小老鼠|圈a|圈 a|地址|单元|号楼|微信|私人号|微.信|微..信|薇|威信|v信|vx|v:|v：|v |v我|wei xin|徽信|wx|wechat"
    "|weixin|qq|扣扣|企鹅|抖音|快手|小红书|微博|b站|知乎|推特|电报|闲鱼|咸鱼"
    "|yy(?<![a-z]yy)(?![a-z])|tg|tele|insta|ig |ig:|ins|snap"
    "|discord|twit|tiktok|skype|line|kik|steam|psn|xbox|venmo|cash|weibo|handle|follow|加v|passport|护照"
    "|小红薯|xhs|dy号|dy:|绿泡泡|球球|q:|q群|q号|我扣|鹅号|扣号|脸书|油管|钉钉|飞书|旺旺|支付宝|淘宝|陌陌|飞机|v❤|v♥|威❤|威♥|加个微|v号|v是|➕v|\\+v|爱特|花a|证件"
    "|gamer|battle|roblox|fortnite|friend code|viber|zelle|twitch|threads|bsky|bluesky|mastodon|reddit"
    "|github|gitlab|linked|linktr|soundcloud|fb|facebook|messenger|signal|user|my @|sc:|x\\.com|u/|车牌|牌照|车号|rego"
    "|通行证|居住证|回乡证|台胞证|军官证|licen|\\.(?:com|tv|ee|me|app)/|dl |id is|驾|t\\.me|address"
    "|p\\.o|po box|deliver|ship|send|mail|plate|reg|tag|登记|点com|点cn"
    "|kakao|zalo|绿色软件|王者|战网|卫星|recipient|宿舍|舍|弄|strava|riot|epic|胡同|号院|\\(a"
    "| at |at\\]|at\\)|at}|at）|national ins|ni number|nino|加微|q我|加q"
)
"""Searched in small letters. Each begins with plain characters, so that a search runs from one to the next."""
_PLACES = (
    _HOMES,
    places.ROADS,
    re.compile(r"[栋幢]|单元|号楼|\bbox\b|\bbl(?:oc)?k\b|(?:number|no\.?|house) (?:\d|[a-z]{3})"),
)
_CODES = re.compile(r"\d[a-z]{2,3}[ -]?\d{2}|[a-z]{3}[ -]?\d{4}|[a-z]\d[a-z]\d|\d{2,3} ?[a-z]{3}\b")
_LOOKS = (_SIGNS, _HOMES, places.ROADS, _DIGITS, _WORDS, _SAID, _PLATES, _CODES)
_BRITISH = re.compile(r"[A-Z]{2}\d{2} ?[A-Z]{3}\b")


def found(text: str) -> list[Hit[str]]:
    """Where it stands and of which kind, in order, none inside another; names too, where the tagger sees one."""
    plain = narrow(text)
    low = fold(plain)
    told = _ruled(plain, low)
    return united(told, by_tagger(packaged(), text, low)) if gate.packaged().may_hold(low) else told


def by_tagger(tagger: Tagger, text: str, low: str) -> list[Hit[str]]:
    """What a tagger finds, but for numbers of which rules know better, and for what cannot be what it is called."""
    told = (sane(low, hit) for hit in tagger.found(text))
    return [hit for hit in told if hit and (hit.value not in NUMBERS or not identity.is_nobodys(low, hit))]


def by_rule(text: str) -> list[Hit[str]]:
    """What rules alone find."""
    plain = narrow(text)
    return _ruled(plain, fold(plain))


def _ruled(plain: str, low: str) -> list[Hit[str]]:
    return chosen(_all(plain, low)) if _looks(plain, low) else []


def _looks(plain: str, low: str) -> bool:
    """May a rule find anything in it?"""
    return any(look.search(low) for look in _LOOKS) or _BRITISH.search(plain) is not None


def united(rules: Sequence[Hit[str]], learned: Sequence[Hit[str]]) -> list[Hit[str]]:
    """Both: what the tagger finds makes what a rule finds of its kind longer, and yields to one of another kind; but
    what a rule took for a telephone may be a part of something else."""
    told = list(rules)
    for hit in learned:
        others = [each for each in told if hit.start < each.end and each.start < hit.end]
        kinds = {each.value for each in others}
        if not others:
            told.append(hit)
        elif kinds == {"phone"} and hit.value in _OF_DIGITS and all(_within(each, hit) for each in others):
            told = [each for each in told if each not in others] + [hit]
        elif len(others) == 1 and (hit.value in kinds or (hit.value == "handle" and kinds <= ACCOUNTS)):
            other = others[0]
            told[told.index(other)] = Hit(min(hit.start, other.start), max(hit.end, other.end), other.value)
    return sorted(told)


def _within(one: Hit[str], other: Hit[str]) -> bool:
    """Is it a part of the other?"""
    return other.start <= one.start and one.end <= other.end and one[:2] != other[:2]


def _all(text: str, low: str) -> Iterator[Hit[str]]:
    told = functools.cache(lambda: tokens(low))
    yield from reach.mails(low, told)
    yield from reach.handles(low, told)
    if _DIGITS.search(low) or _SAID.search(low):
        yield from identity.found(low, runs(told()))
    yield from codes.papers(text, low, told)
    yield from codes.plates(text, low, told)
    if any(look.search(low) for look in _PLACES):
        yield from places.addresses(low)


def chosen(hits: Iterator[Hit[str]] | Sequence[Hit[str]]) -> list[Hit[str]]:
    """Of those that overlap the longest, and of equal ones that of the first kind."""
    kept: list[Hit[str]] = []
    for hit in sorted(hits, key=lambda each: (each.start - each.end, _order(each.value), each.start)):
        at = bisect_left(kept, hit.start, key=lambda other: other.start)
        if (at == 0 or kept[at - 1].end <= hit.start) and (at == len(kept) or hit.end <= kept[at].start):
            kept.insert(at, hit)
    return kept


def _order(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else -1
