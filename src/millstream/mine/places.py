"""Where a person lives: addresses behind their lead, or down to the flat.

The address of a business is part of its service and stays: what is masked stands behind "I live at", "ship it to" or
收货地址, or names a unit of a house. Knows nothing
of telephones and names.
"""

import re
from collections.abc import Iterator

from millstream import resources
from millstream.mine.find import Hit

_DATA = resources.data("mine/personal.yaml")
_WORDS = _DATA["address"]
_HAN = "\u4e00-\u9fff"
_D = "\\d零〇一二三四五六七八九十百幺两"
_N = rf"(?:[{_D}]+(?:-\d+|之[{_D}]+)?)"
_AREAS = (
    "省|市|自治州|州|盟|旗|区|县|镇|乡|街道|社区|村|屯|寨|庄|路|街|巷|弄|胡同|大道|大街|小区|花园|家园|公寓|新城|苑|院|(?<!公)里|邨|坊|湾|城|府|庭|阁|轩|居|"
    "墅|公馆|名邸|华庭|山庄|大厦|广场|中心|国际|宿舍|大学|学院|园"
)
_AREA = rf"(?:[{_HAN}]{{1,8}}?(?:{_AREAS})(?!{_AREAS}))"
_UNIT = "号楼|号院|号附|号|栋|幢|楼|座|单元|组|队|室|门|区|期|层|弄|巷|街|户|房"
_SHELF = rf"[{_D}]+\s?[-–—杠]\s?[{_D}]+(?:\s?[-–—杠]\s?[{_D}]+)*"
_PART = (
    rf"(?:[甲乙丙丁附]?{_N}\s?#?(?:{_UNIT})|{_SHELF}|[a-z]室|[a-z]\d{{0,2}}(?:-[a-z])?(?:座|栋|幢|区|楼|-\d{{2,4}})"
    rf"|[甲乙东西南北]单元|{_N}[a-z](?=室|户|$|\W))"
)
_PIECE = rf"(?:{_PART}|{_AREA})"
_ZH_BODY = rf"{_PIECE}(?:的?[\s，,]?{_PIECE}){{0,9}}(?:[{_HAN}]{{1,4}}{_PART}+)*(?:\s?[a-z]?{_N}\s?[a-z]?室?)?"
_ZH = re.compile(rf"{_WORDS['zh_lead']}({_ZH_BODY})")
_FLAT_OF = rf"(?:[{_D}]+\s?[-–—杠]\s?)*[{_D}]+\s?#?(?:栋|幢|号楼|单元|座)"
_ZH_FLAT = re.compile(rf"((?:(?>{_PIECE})[\s，,]?)*?{_FLAT_OF}\s?(?:[{_D}甲乙]+\s?(?:单元|门|楼)\s?)?[{_D}]{{2,}}室?)")
STREETS = (
    "street|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|tce|way|place|pl|close|crescent|cres|square|sq|"
    "circle|cir|trail|trl|parkway|pkwy|highway|hwy|row|mews|gardens|gdns|grove|rise|parade|pde|walk|path|pike|plaza|loop|"
    "quay|wharf|esplanade|green|heights|alley|view|park|hill|bend|run|crossing|ridge"
)
_FEW = (
    "one|two|three|four|five|six|seven|eight|nine|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|hundred and"
)
_COUNT = rf"(?:\d{{1,5}}[a-z]?(?:[/-]\d{{1,4}})?|(?:{_FEW})(?:[\s-](?:{_FEW}))*)"
_KIND = r"(?:apt|apartment|unit|flat|suite|ste|room|rm|level|floor|house|block|blk|lot)\.?"
_FLAT = rf"(?:,?\s*(?:{_KIND}|#|number)\s*#?(?:{_COUNT}\s?[a-z]?\b|[a-z]\d{{0,3}}\b))"
_CODE = r"(?:\d{5}(?:-\d{4})?|[a-z]{1,2}\d{1,2}[a-z]?\s?\d[a-z]{2}|(?:[a-z]{2,3}\s)?\d{4,5}|[a-z]\d[a-z]\s?\d[a-z]\d)\b"
_TOWN = (
    rf"(?:,?\s*[a-z]+(?: [a-z]+)?,?\s+{_CODE}|\s{_CODE}"
    r"|(?:,\s*[a-z]+(?: [a-z]+)?\b(?!\s(?!is\b|and\b|please|pls|th(?:an)?x)[a-z]))(?:,\s*[a-z]{2}\b)?)"
)
_UNIT_OF = rf"\s?(?:{_COUNT}\s?[a-z]?|[a-z])"
_BEFORE = rf"(?:(?:{_KIND})?{_UNIT_OF}(?: at|,|/| of) |(?:{_KIND}){_UNIT_OF} )?(?:(?:number|no\.?) )?"
_NAMED_ROAD = (
    rf"(?:(?:n|s|e|w|north|south|east|west)\.? )?(?:[a-z0-9'’.]+\s+){{1,3}}?(?:{STREETS})\b(?!\s+(?:{STREETS})\b)\.?"
)
_OTHER_ROAD = r"(?:county|state|rural) (?:road|route) \d+|the (?!shop|store)[a-z]+|[a-z]+ ave(?:nue)? \d+"
_EN_BODY = rf"{_BEFORE}{_COUNT}\s+(?:{_OTHER_ROAD}|{_NAMED_ROAD})"
_BLOCK = (
    r"(?:(?:house|road|block|blk|street|lane|sector)\s?(?:\d+|[a-z]\b)(?:,\s*|$|\b)){3,}"
    r"|(?:blk|block) \d+ [a-z ]+?\d+ #\d+-\d+"
)
_TURNED = rf"(?:[a-z]+ ){{1,3}}(?:{STREETS}),? (?:number|no\.?|house) {_COUNT}"
_BOX = r"p\.?\s?o\.? box [\w ]+?(?=,|$|\s(?:and|please|thanks)\b)"
_EN = re.compile(rf"{_WORDS['en_lead']}((?:{_EN_BODY}{_FLAT}?|{_BOX}|{_BLOCK}|{_TURNED}){_TOWN}?)")
_EN_FLAT = re.compile(
    rf"(?<![\w$£€])((?:{_BEFORE}{_COUNT}\s+(?:{_NAMED_ROAD}){_FLAT}"
    rf"|{_KIND}{_UNIT_OF}(?: at|,|/)? ?{_COUNT}\s+(?:{_NAMED_ROAD})"
    rf"|{_COUNT}\s+{_NAMED_ROAD}(?=,?\s*[a-z]+(?: [a-z]+)?,?\s+(?:[a-z]{{2}} \d{{5}}"
    rf"|[a-z]{{1,2}}\d{{1,2}}[a-z]? ?\d[a-z]{{2}}))){_TOWN}?)"
)
_BUSINESS = re.compile(_WORDS["business"])
_NUMBERED = re.compile(rf"[\d一二三四五六七八九]|\bbox\b|\b(?:{_FEW})\b")
_ALONE = re.compile(rf"{_PART}{_N}?室?")
_AROUND = 16
"""Characters before a lead in which a business may be named."""


ROADS = re.compile(rf"(?:\d[a-z]?|\b(?:{_FEW}))\s+(?:[a-z0-9'’.]+\s+){{1,3}}?(?:{STREETS})\b")
"""What nearly every address in English holds: a number before a road."""


def addresses(low: str) -> Iterator[Hit[str]]:
    """Behind a lead, or with the number of a flat; not where the text speaks of a business."""
    led = [each for form in (_ZH, _EN) for each in form.finditer(low)]
    led = [
        each
        for each in led
        if _NUMBERED.search(low, *each.span(1)) and not _ALONE.fullmatch(each[1]) and not _is_business(low, each)
    ]
    yield from (Hit(*each.span(1), "address") for each in led)
    flats = (each for form in (_ZH_FLAT, _EN_FLAT) for each in form.finditer(low) if not _BUSINESS.search(low))
    for each in flats:
        if all(each.end() <= other.start(1) or each.start() >= other.end(1) for other in led):
            yield Hit(*each.span(1), "address")


def _is_business(low: str, found: re.Match[str]) -> bool:
    """Is a business named right before the address, or behind it within brackets?"""
    return _BUSINESS.search(low, max(0, found.start() - _AROUND), found.start(1)) is not None or (
        re.match(r"[（(][^）)]*店", low[found.end(1) :]) is not None
    )
