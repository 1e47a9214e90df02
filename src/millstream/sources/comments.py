"""Comment threads, which have no clock: yt-dlp's .info.json with its "comments", a plain JSON list, one comment a line,
or the answers of YouTube's Data API (commentThreads.list, comments.list).

A comment is {id, text, author} with `parent` (an id, or "root") or with `replies` inside. Threads are kept:
an answer comes after what it answers and points to it.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from millstream import pieces, text
from millstream.shapes import Reading
from millstream.sources import Line, json_named, reading

TEXT = ("text", "content", "message", "comment", "textOriginal", "textDisplay")
PARENT = ("parent", "parent_id", "parentId", "reply_to", "in_reply_to")
REPLIES = ("replies", "children")
API = '"youtube#comment'
OTHERS = ('"content_offset_seconds"', '"commenter"')
"""What comments of a chat have (see twitch_chat)."""
NAMES = (".info.json", ".comments.json")
INFO, BARE = {"comments", "webpage_url", "formats", "extractor"}, {"id", "text", "content", "comment", "like_count"}
"""By these keys the name is believed: what yt-dlp writes before the comments, or a list of bare ones."""


class Comment(NamedTuple):
    id: str
    parent: str
    text: str
    author: str


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    if opening and "kind" in keys and API in head:
        return True
    if "kind" in keys or any(mark in head for mark in OTHERS):
        return False
    if json_named(path, head, *NAMES) or (text.name(path).endswith(NAMES) and (keys & INFO or (keys and keys <= BARE))):
        return True
    if opening.startswith("{"):
        return ("comments" in keys and '"author"' in head) or {"cid", "text", "author"} <= keys
    beside = {"author", *PARENT, *REPLIES}
    spoken = {"start", "speaker", "role"} & keys  # a transcript
    return opening.startswith("[{") and bool(keys & set(TEXT) - {"message"}) and bool(keys & beside) and not spoken


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "comments", "comment", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    at: dict[str, int] = {}
    for n, comment in enumerate(_threaded(list(_flat(_listed(path), notes)))):
        parent = at.get(comment.parent)
        at.setdefault(comment.id, n)
        kind = "" if parent is None else "reply"
        yield Line(comment.text, author=comment.author, kind=kind, reply_to=parent)


def _listed(path: Path) -> Iterator[Any]:
    """The comments of the file, of which all else is passed over; a thread has to be known whole."""
    head = text.head(path)
    opening, keys = text.shape(head)
    if "cid" in keys and opening == "{":
        return pieces.values(path)
    if API in head and "snippet" not in keys:
        return pieces.items(path, "items")
    if API in head and opening == "{":
        return pieces.values(path)
    return pieces.items(path) if opening.startswith("[") else pieces.items(path, "comments")


def _flat(listed: Iterable[Any], notes: Counter[str]) -> Iterator[Comment]:
    """All comments with nested replies taken out; one that has no id gets one of its own."""
    unnamed = count()
    for top in listed:
        waiting = deque([(top, "")])
        while waiting:
            each, above = waiting.popleft()
            told = _unwrapped(each)
            said = text.line(_first(told, TEXT))
            own = text.line(_first(told, ("id", "cid"))) or f"#{next(unnamed)}"
            parent = text.line(_first(told, PARENT)) or above or _above(own)
            if said:
                yield Comment(own, parent, said, _author(told))
            else:
                notes["comments without text"] += 1
            below = _first(each, REPLIES)
            below = text.dig(below, "comments") if isinstance(below, dict) else below
            waiting.extendleft((reply, own) for reply in reversed(below if isinstance(below, list) else []))


def _unwrapped(each: Any) -> Any:
    """The Data API puts a comment into a snippet, and the first one of a thread into another."""
    top = text.dig(each, "snippet", "topLevelComment") or each
    snippet = text.dig(top, "snippet")
    return {**snippet, "id": top.get("id")} if isinstance(snippet, dict) and isinstance(top, dict) else each


def _above(own: str) -> str:
    """YouTube names an answer by what it answers: `thread.answer`."""
    return own.rpartition(".")[0]


def _author(told: Any) -> str:
    author = _first(told, ("author", "authorDisplayName"))
    return text.line(text.dig(author, "name") if isinstance(author, dict) else author)


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
