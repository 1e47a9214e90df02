"""What the readers of documents share: text cut into passages that know where they stand.

A file in this folder is a kind of document and defines `read(path) -> Iterator[Passage | Table]` and
`recognises(path, head) -> bool`. This file knows headings written `# like this` and blank lines, nothing else.
"""

import re
from collections.abc import Iterator

from millstream.records import Evidence, Passage

HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*$")
FENCE = re.compile(r"[ \t]*(```|~~~)")
LONG = 1200
"""Characters after which a section is cut at its next blank line."""


def passage(source: str, text: str, start: int, title: str = "") -> Passage:
    """`text` as it stands in the document at character `start`."""
    span = Evidence(source=source, kind="span", at=(start, start + len(text)), quote=text)
    return Passage(text=text, evidence=(span,), title=title)


def paragraphs(source: str, text: str) -> Iterator[Passage]:
    for found in re.finditer(r"\S(?:[^\n]|\n(?![ \t]*(?:\n|$)))*", text):
        if said := found[0].rstrip():
            yield passage(source, said, found.start())


def sections(source: str, text: str) -> Iterator[Passage]:
    """One passage a section, several where it is long; its title is the heading above it."""
    title, start, at, fenced = "", 0, 0, False
    for row in text.splitlines(keepends=True):
        fenced ^= bool(FENCE.match(row))
        heading = None if fenced else HEADING.match(row.rstrip("\n"))
        if heading or (at - start > LONG and not row.strip() and not fenced):
            yield from _piece(source, text, (start, at), title)
            start = at + (len(row) if heading else 0)
        if heading:
            title = heading[2].strip()
        at += len(row)
    yield from _piece(source, text, (start, at), title)


def _piece(source: str, text: str, span: tuple[int, int], title: str) -> Iterator[Passage]:
    said = text[span[0] : span[1]]
    if said.strip():
        yield passage(source, said.strip(), span[0] + len(said) - len(said.lstrip()), title)
