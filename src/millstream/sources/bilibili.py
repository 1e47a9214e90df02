"""Bilibili's danmaku XML: `<d p="...">` of a video; and of a recorded live room also `<sc>` (paid messages), `<gift>`
and `<guard>` (memberships), as BililiveRecorder and blrec write them.

`p` holds, comma by comma: seconds, mode, size, colour, date, pool, sender hash, row [, weight]. A video's danmaku are
stored in no order, a live room's as they came. Document types, entities and what they could reach are refused.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading

POSITIONED, SCRIPTED = "7", ("8", "9")
TAGS = ("d", "sc", "gift", "guard")
LIVE = ("<BililiveRecorder", "<recorder>")
"""What the recorders of live rooms write at the beginning."""
DEEPEST = 10_000
"""Levels of elements: each costs memory until it is closed."""


def recognises(path: Path, head: str) -> bool:
    begins = head.lstrip().startswith("<")
    return begins and (text.name(path).endswith(".danmaku.xml") or '<d p="' in head or "<BililiveRecorder" in head)


def read(path: Path) -> Iterator[Reading]:
    """A live room's lines as they stand; a video's sorted, so that only times that cannot be count as backwards."""
    head = text.head(path)
    yield reading(path, "bilibili", "danmaku", _lines, shuffled=not any(mark in head for mark in LIVE))


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    return (line for each in _elements(path) if (line := _line(each, notes)))


def _elements(path: Path) -> Iterator[Element]:
    """The elements that say something, each forgotten once the next is asked for."""
    root, depth = None, 0
    with text.opened(path) as file:
        try:
            for event, each in iterparse(file, events=("start", "end"), forbid_dtd=True):
                depth += 1 if event == "start" else -1
                root = each if root is None else root
                if depth > DEEPEST:
                    raise InputError(f"XML nested more than {DEEPEST} deep", str(path), "leave it out")
                if event == "end" and each.tag in TAGS:
                    yield each
                    each.clear()
                if event == "end" and depth == 1:
                    root.clear()
        except DefusedXmlException as error:
            raise InputError("holds a document type or entities", str(path), "leave it out") from error
        except ParseError as error:
            place = f"{path} line {error.position[0]} column {error.position[1]}"
            said = str(error).partition(":")[0]
            raise InputError(f"not XML, or torn: {said}", place, "download it again") from error
        except (ValueError, LookupError) as error:
            raise InputError(f"not XML: {error}", str(path), "save it as UTF-8") from error


def _line(each: Element, notes: Counter[str]) -> Line | None:
    """The line of one element; None for what nobody said."""
    if each.tag != "d":
        return _event(each)
    said, place = each.text or "", each.attrib.get("p", "").split(",")
    if len(place) < 8 or place[1] in SCRIPTED:
        notes["danmaku that are no text"] += 1
        return None
    if place[1] == POSITIONED:
        said = positioned(said)
    said, author = text.line(said), text.line(each.attrib.get("user", "")) or place[6]
    return Line(said, text.seconds(place[0]), author=author) if said else None


def _event(each: Element) -> Line:
    """What came with money: a paid message is the viewer's own words, a gift and a membership are the platform's."""
    told = {name: text.line(each.attrib.get(name, "")) for name in ("ts", "user", "giftname", "giftcount", "level")}
    start, author = text.seconds(told["ts"]), told["user"]
    if each.tag == "sc":
        return Line(text.line(each.text or ""), start, author=author, kind="paid")
    if each.tag == "gift":
        return Line(f"{told['giftname']} x{told['giftcount'] or 1}", start, author=author, kind="gift", track="gift")
    said = told["giftname"] or f"level {told['level']}"
    return Line(said, start, author=author, kind="membership", track="gift")


def positioned(said: str) -> str:
    """Mode 7 wraps its text in a JSON list of places and times; the fifth item is the text."""
    try:
        return text.line(text.dig(text.parse_json(said, "danmaku"), 4))
    except InputError:
        return said
