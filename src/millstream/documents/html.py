"""HTML: what a reader of the page sees, cut at its headings. Scripts, styles and hidden parts are dropped.

The characters of the evidence are counted in the text of the page, not in its source.
"""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup

from millstream import text
from millstream.documents import sections
from millstream.records import Passage

UNSEEN = ("script", "style", "noscript", "template", "head", "iframe", "svg", "object", "nav")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TEXTS = ("p", "div", "li", "tr", "br", "dt", "dd", "pre", "blockquote", "section", "article", "table")
BLOCKS = (*TEXTS, "ul", "ol", "dl", *HEADINGS)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BREAK, TITLE = "\x02", "\x03"


def recognises(path: Path, head: str) -> bool:
    start = head.lstrip()[:200].lower()
    return path.suffix.lower() in (".html", ".htm", ".xhtml") or start.startswith(("<!doctype html", "<html"))


def read(path: Path) -> Iterator[Passage]:
    yield from sections(path.stem, page(text.read(path)))


def page(source: str) -> str:
    """The page as text: a blank line between blocks, `# ` before a heading."""
    with warnings.catch_warnings():  # a fragment or an XHTML page is read as well
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(text.CONTROL.sub("", source), "html.parser")
    for unseen in (*soup.find_all(UNSEEN), *soup.find_all(hidden=True), *soup.find_all(style=HIDDEN)):
        unseen.decompose()
    for block in soup.find_all((*BLOCKS, "td", "th")):
        edge = BREAK if block.name in BLOCKS else " "
        block.insert(0, edge + (TITLE if block.name in HEADINGS else ""))
        block.append(edge)
    rows = (row.strip().lstrip("# ") for row in re.sub(r"\s+", " ", soup.get_text()).split(BREAK))
    return "\n\n".join(row.replace(TITLE, "# ", 1) for row in rows if row.strip(TITLE))
