"""Bilibili's danmaku XML: `<d p="...">` of a video, and `<sc>` (paid) of a recorded live room.

`p` holds, comma by comma: seconds, mode, size, colour, date, pool, sender hash, row [, weight]. Danmaku are
stored in no order. Document types, entities and everything they could reach are refused.
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


def recognises(path: Path, head: str) -> bool:
    named = path.name.lower().endswith(".danmaku.xml")
    return named or (head.lstrip().startswith("<") and '<d p="' in head)


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "bilibili", "danmaku", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    """All danmaku sorted by time; counted as backwards are only the times that cannot be."""
    with text.opened(path) as file:
        try:
            found = [
                line
                for _, each in iterparse(file, events=("end",), forbid_dtd=True)
                if each.tag in ("d", "sc") and (line := _line(each, notes))
            ]
        except DefusedXmlException as error:
            raise InputError("holds a document type or entities", str(path), "leave it out") from error
        except ParseError as error:
            place = f"{path} line {error.position[0]} column {error.position[1]}"
            said = str(error).partition(":")[0]
            raise InputError(f"not XML, or torn: {said}", place, "download it again") from error
        except (ValueError, LookupError) as error:
            raise InputError(f"not XML: {error}", str(path), "save it as UTF-8") from error
    yield from sorted(found, key=lambda line: (line.start is None, line.start or 0.0))


def _line(each: Element, notes: Counter[str]) -> Line | None:
    """The line of one element, which is emptied. None for what nobody said."""
    said, place = each.text or "", each.attrib.get("p", "").split(",")
    author = text.line(each.attrib.get("user", ""))
    sent = each.attrib.get("ts", "")
    paid = each.tag == "sc"
    each.clear()
    if paid:
        return Line(text.line(said), text.seconds(sent), author=author, kind="paid")
    if len(place) < 8 or place[1] in SCRIPTED:
        notes["danmaku that are no text"] += 1
        return None
    if place[1] == POSITIONED:
        said = _positioned(said)
    said = text.line(said)
    return Line(said, text.seconds(place[0]), author=author or place[6]) if said else None


def _positioned(said: str) -> str:
    """Mode 7 wraps its text in a JSON list of places and times; the fifth item is the text."""
    try:
        return text.line(text.dig(text.parse_json(said, "danmaku"), 4))
    except InputError:
        return said
