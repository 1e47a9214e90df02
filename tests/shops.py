"""Shops whose list is a few lines of text, and what is mined of what their hosts say: for the tests of facts."""

from millstream import domain as domains
from millstream.know.tables import facts_of, from_headers, slots_of
from millstream.mine.rules import Rules
from millstream.mine.sheet import Sheet
from millstream.mine.topics import Topics
from millstream.records import Cue, Lang
from millstream.shapes import Table


def rules(listed: str, lang: Lang, domain: str = "") -> Rules:
    """The rules of a shop with this list (cells apart by "|"); of a packaged domain, or of one made of its headers."""
    rows = [tuple(line.split("|")) for line in listed.splitlines()]
    table = Table("list", rows[0], tuple(rows[1:]))
    of = slots_of(table, domains.read(domain), lang) if domain else from_headers(table, lang, "shop")
    sheet = Sheet(facts_of(table, of, lang))
    return Rules("r", Topics(of, sheet.names), lang, sheet)


def cue(n: int, text: str, track: str = "speech") -> Cue:
    return Cue.model_validate({"recording": "r", "track": track, "n": n, "start": n, "end": n + 1, "text": text})


def mined(by: Rules, *said: str) -> set[tuple[str, str, str]]:
    """(thing, slot, value) of what is told in these lines."""
    return {(each.entity, each.slot, each.value) for each in by.facts([cue(n, text) for n, text in enumerate(said)])}
