"""Where a person lives: addresses behind their lead, or down to the flat.

The address of a business is part of its service and stays: what is masked stands behind "I live at", "ship it to" or
收货地址, or names a unit of a house. Knows nothing
of telephones and names.
"""

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

from millstream.mine.find import Hit

_DATA = yaml.safe_load((files("millstream") / "mine" / "personal.yaml").read_text(encoding="utf-8"))
_WORDS = _DATA["address"]
_HAN = "\u4e00-\u9fff"
_N = r"(?:[\d零〇一二三四五六七八九十百幺两]+(?:[-之][\d一二三四五六七八九]+)?)"
_AREAS = "省|市|区|县|镇|乡|街道|村|路|街|巷|弄|大道|小区|花园|苑|院|里|公寓|新城|家园|名邸|华庭|大厦|府"
_AREA = rf"(?:[{_HAN}]{{1,8}}?(?:{_AREAS}))"
_PART = rf"(?:{_N}\s?(?:号楼|号院|号|栋|幢|楼|单元|组|室|门|区|期|层|座|弄)|[a-z]座{_N})"
_ZH_BODY = rf"(?:{_AREA}|{_PART}){{1,8}}(?:[{_HAN}]{{1,4}}(?=\d))?(?:(?:[{_HAN}]{{1,4}})?{_PART}|{_AREA})*(?:{_N}室?)?"
_ZH = re.compile(rf"{_WORDS['zh_lead']}({_ZH_BODY})")
_ZH_FLAT = re.compile(rf"((?:{_AREA}|{_PART})*{_N}(?:栋|幢|号楼|单元)(?:{_N}(?:单元|门))?{_N}室?)")
_STREETS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|terrace|way|place|pl|close|crescent|square"
)
_FEW = (
    "one|two|three|four|five|six|seven|eight|nine|oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred"
)
_COUNT = rf"(?:\d{{1,5}}[a-z]?|(?:{_FEW})(?:[\s-](?:{_FEW}))*)"
_FLAT = rf"(?:,?\s*(?:apt|apartment|unit|flat|suite|#|number)\.?\s*(?:{_COUNT}\s?[a-z]?\b|[a-z]\b))"
_CODE = r"(?:\d{5}|[a-z]{1,2}\d{1,2}[a-z]?\s?\d[a-z]{2})\b"
_TOWN = rf"(?:,\s*[a-z]+(?: [a-z]+)?,?\s+{_CODE}|\s{_CODE}|,\s*[a-z]+(?: [a-z]+)?)"
_BEFORE = rf"(?:(?:flat|apt|apartment|unit) {_COUNT},? )?(?:(?:number|no\.?) )?"
_EN_BODY = rf"{_BEFORE}{_COUNT}\s+(?:[a-z0-9']+\s+){{1,3}}?(?:{_STREETS})\b\.?"
_BOX = r"p\.?\s?o\.? box [\w ]+?(?=,|$|\s(?:and|please|thanks)\b)"
_EN = re.compile(rf"{_WORDS['en_lead']}((?:{_EN_BODY}{_FLAT}?|{_BOX}){_TOWN}?)")
_EN_FLAT = re.compile(rf"\b({_EN_BODY}{_FLAT}{_TOWN}?)")
_BUSINESS = re.compile(_WORDS["business"])
_NUMBERED = re.compile(rf"[\d一二三四五六七八九]|\bbox\b|\b(?:{_FEW})\b")


def addresses(low: str) -> Iterator[Hit[str]]:
    """Behind a lead, or with the number of a flat; not where the text speaks of a business."""
    led = [Hit(*each.span(1), "address") for form in (_ZH, _EN) for each in form.finditer(low)]
    led = [hit for hit in led if _NUMBERED.search(low, hit.start, hit.end)]
    yield from led
    flats = (each for form in (_ZH_FLAT, _EN_FLAT) for each in form.finditer(low) if not _BUSINESS.search(low))
    for each in flats:
        if all(each.end() <= hit.start or each.start() >= hit.end for hit in led):
            yield Hit(*each.span(1), "address")
