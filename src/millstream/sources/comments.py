"""Comment threads, which have no clock: yt-dlp's .info.json with its "comments", or a plain JSON list.

A comment is {id, text, author} with `parent` (an id, or "root") or with `replies` inside. Threads are kept:
an answer comes after what it answers and points to it.
"""

from collections import Counter, deque
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading

TEXT = ("text", "content", "message", "comment")
PARENT = ("parent", "parent_id", "reply_to", "in_reply_to")
REPLIES = ("replies", "children")


class Comment(NamedTuple):
    id: str
    parent: str
    text: str
    author: str


def recognises(path: Path, head: str) -> bool:
    if path.name.endswith((".info.json", ".comments.json")):
        return True
    opening, keys = text.shape(head)
    if opening.startswith("{"):
        return "comments" in keys and "author" in head
    beside = {"author", *PARENT, *REPLIES}
    return opening.startswith("[{") and bool(keys & {"text", "content", "comment"}) and bool(keys & beside)


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "comments", "comment", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    whole = text.load_json(path)
    listed = whole if isinstance(whole, list) else text.dig(whole, "comments")
    if not isinstance(listed, list):
        raise InputError("holds no list of comments", str(path), "yt-dlp writes one with --write-comments")
    at: dict[str, int] = {}
    for n, comment in enumerate(_threaded(list(_flat(listed, notes)))):
        parent = at.get(comment.parent)
        at.setdefault(comment.id, n)
        kind = "" if parent is None else "reply"
        yield Line(comment.text, author=comment.author, kind=kind, reply_to=parent)


def _flat(listed: list[Any], notes: Counter[str]) -> Iterator[Comment]:
    """All comments with nested replies taken out; one that has no id gets one of its own."""
    waiting, unnamed = deque((each, "") for each in listed), count()
    while waiting:
        each, above = waiting.popleft()
        said = text.line(_first(each, TEXT))
        own = text.line(text.dig(each, "id")) or f"#{next(unnamed)}"
        author = text.dig(each, "author")
        name = text.line(text.dig(author, "name") if isinstance(author, dict) else author)
        if said:
            yield Comment(own, text.line(_first(each, PARENT)) or above, said, name)
        else:
            notes["comments without text"] += 1
        below = _first(each, REPLIES)
        waiting.extendleft((reply, own) for reply in reversed(below if isinstance(below, list) else []))


def _first(each: Any, keys: tuple[str, ...]) -> Any:
    return next((found for key in keys if (found := text.dig(each, key)) is not None), None)


def _threaded(comments: list[Comment]) -> Iterator[Comment]:
    """Each thread in one piece, what is answered first. One that goes in a circle starts where it is met."""
    known = {comment.id for comment in comments}
    below: dict[str, list[int]] = {}
    for n, comment in enumerate(comments):
        below.setdefault(comment.parent, []).append(n)
    roots = [n for n, comment in enumerate(comments) if comment.parent not in known]
    done: set[int] = set()
    for root in (*roots, *range(len(comments))):
        waiting = [root]
        while waiting:
            n = waiting.pop()
            if n not in done:
                done.add(n)
                yield comments[n]
                waiting.extend(reversed(below.get(comments[n].id, [])))
