"""Where a person is reached by letters: mail addresses and handles, written or spelled aloud.

A mail address is found by its sign ("@", "at", 艾特) and the domain behind it; a handle by the platform before it, or
by an "@". Knows nothing of numbers by themselves and nothing of the names of a recording.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from millstream import resources
from millstream.mine.find import Hit
from millstream.mine.spelling import Token, Tokens, first

_DATA = resources.data("mine/personal.yaml")
_HANDLES = {kind: re.compile(form + _DATA["between"], re.ASCII) for kind, form in _DATA["handles"].items()}
_OPEN, _SHUT = r"[(\[{（<【]\s*", r"\s*[)\]}）>】]"
_SIGN = (
    rf"(?:@|{_OPEN}(?:at|@){_SHUT}|#(?=[\w-]+\.(?:com|cn|net|org)\b)|(?:艾特|爱特)(?:符号)?|小老鼠|[圈花]a|[_-]at[_-])"
)
_DOT = rf"(?:[.。点]|,(?=(?:com|cn|net|org)\b)|{_OPEN}(?:dot|[.点]){_SHUT}|[_-]dot[_-])"
_BIG = "gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton|qq|163|126|139|foxmail|sina"
_MAIL = re.compile(
    rf"[\w.+-]*?\w\s?{_SIGN}\s?[a-z0-9-]+?(?:\s?{_DOT}\s?[a-z][a-z0-9-]+)+"
    rf"|[\w.+-]+@(?:{_BIG})\b(?![.\w])|\b[\w.]{{3,}}?at(?:{_BIG}|example)dot[a-z]{{2,4}}\b",
    re.ASCII,
)


_ANY_SIGN = re.compile(r"\bat\b.+(?:\.|dot|period|点)|艾特|爱特|小老鼠|[圈花]\s?a|@|#|[_-]at[_-]|at.+dot|[<【{(\[（]at")
_MENTION = re.compile(r"(?<![a-z0-9_.])@([\w][\w.-]{1,29})")
_ELSEWHERE = re.compile(
    r"(?<![\w.])@([\w.]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)|\b([\w-]+(?:\.[\w-]+)*\.bsky\.social)\b", re.ASCII
)

_ENDS, _SAID_ENDS, _NO_LOCAL, _ARTICLES, _ROLES, _STOP = (
    frozenset(_DATA["words"][each])
    for each in ("endings", "said_endings", "no_account", "articles", "everybody", "stop")
)
_ROLE = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(_ROLES, key=len, reverse=True)))})(?:[a-z]|\d)?(?![a-z0-9_.-])", re.ASCII
)
_NAMED = re.compile(_DATA["named"], re.ASCII)
_CALLED = re.compile(_DATA["handles"]["handle"] + _DATA["called"], re.ASCII)
_PAGE = re.compile(_DATA["page"], re.ASCII)
_ID = re.compile(r"[@$]?([a-z0-9_][\w.:#-]{3,29})", re.ASCII)

_ON = r" on (?:tiktok|insta(?:gram)?|twitter|twitch|telegram|snap(?:chat)?|youtube|discord)\b"
_FOLLOW = re.compile(
    rf"\bfollow ((?!up|me |us |him |her |them |my |our |the |this |along )[a-z]+(?: [a-z]+)?){_ON}"
    rf"|\b(?:at|it's|i'm|as) ([a-z0-9]+(?: (?:underscore|dot|dash) [a-z0-9]+)+){_ON}"
)
_COUNTED = re.compile(_DATA["other"]["after"].removeprefix("^"))
_CASE = re.compile("写|case|capital")
_MOST_WORDS = 3
_SHORTEST = {"wechat": 4, "qq": 5, "handle": 4}
"""Characters of an account."""


def mails(low: str, told: Tokens) -> Iterator[Hit[str]]:
    """Mail addresses as they are written, then those that are spelled."""
    if not _ANY_SIGN.search(low):
        return
    for each in _MAIL.finditer(low):
        called = re.search(r"\s@\S", each[0]) and each[0].rpartition(".")[2] not in _ENDS
        if low[each.start() - 1 : each.start()] != "@" and not called:
            yield Hit(*each.span(), "mail")
    spelled = told()
    for n, token in enumerate(spelled):
        if token.value == "@" and token.sort == "link":
            end = _domain(spelled, n + 1)
            start = _local(low, spelled, n) if end else None
            if start is not None and end is not None:
                yield Hit(start, end, "mail")


def _domain(told: Sequence[Token], at: int) -> int | None:
    """Where a domain that begins at a token ends: words or digits, a dot, an ending that there is, and again."""
    end, label, seen, said, apart = None, "", 0, False, -1
    for token in told[at : at + 16]:
        if token.sort == "link" and token.value == ".":
            label, seen, said = "", seen + 1, token.end - token.start > 1 or token.start == apart
        elif token.sort == "gap":
            apart = token.end
            if seen and not label and not said:
                break
        elif token.sort in ("word", "letter", "digit"):
            label += token.value
            if token.value in _ARTICLES and seen == 0:
                return None
            if seen and (label in _ENDS or (said and label in _SAID_ENDS)):
                end = token.end
        elif token.sort != "filler" or (seen and end):
            break
    return end


def _local(low: str, told: Sequence[Token], at: int) -> int | None:
    """Where the part before the sign begins. Pieces hang together by signs; letters and digits by gaps too, and plain
    words where there is no sign among them."""
    start, linked, words = None, True, 0
    signs = False
    for token in reversed(told[:at]):
        if token.sort in ("gap", "filler"):
            start = token.start if start is not None and _CASE.search(token.value) else start
            continue
        if token.sort == "link" and token.value in "._-+" and start is not None:
            linked, signs = True, True
            continue
        is_end = token.sort == "letter" and low[token.start - 1 : token.start] in ("'", "’")
        if is_end or token.sort not in ("word", "letter", "digit") or (_is_plain(token) and not linked):
            break
        if token.sort == "word" and start is not None and not linked and ((signs and low.isascii()) or words > 1):
            break
        if start is None and _is_plain(token):
            return None
        start, linked, words = token.start, False, words + (token.sort == "word")
    return None if start is None or _is_place(low, start) else start


def _is_plain(token: Token) -> bool:
    return token.sort == "word" and token.value in _NO_LOCAL


def _is_place(low: str, start: int) -> bool:
    """ "the recipe at our site dot com" is where a recipe is."""
    word = re.search(r"([a-z]+)\s+$", low[:start])
    return word is not None and word[1] in _ARTICLES and "mail" not in low[:start]


def handles(low: str, told: Tokens) -> Iterator[Hit[str]]:
    """What follows the name of a platform, and what follows an "@"; their kind is wechat, qq or handle."""
    for kind, form in _HANDLES.items():
        for lead in form.finditer(low):
            if end := _account(low, lead.end(), told(), kind):
                yield Hit(end[0], end[1], "handle" if kind == "written" else kind)
    for each in _MENTION.finditer(low):
        if not _ROLE.match(each[1]):
            yield Hit(*each.span(1), "handle")
    for form in (_CALLED, _PAGE, _FOLLOW, _NAMED, _ELSEWHERE):
        yield from (Hit(*each.span(each.lastindex or 0), "handle") for each in form.finditer(low))


def _account(low: str, at: int, told: Sequence[Token], kind: str) -> tuple[int, int] | None:
    """The account that begins at a character: written in one piece, or spelled."""
    spelled = _spelled(at, told, kind) if kind != "written" else None
    whole = _ID.match(low, at)
    if _COUNTED.match(low, spelled[1] if spelled else at):
        return None
    if whole and _is_account(whole[1], kind) and (spelled is None or whole.end() >= spelled[1]):
        return whole.start(1), whole.end(1)
    return spelled


def _is_account(name: str, kind: str) -> bool:
    if kind == "qq":
        return re.fullmatch(r"\d{5,12}", name) is not None
    if name.isdigit():
        return len(name) >= 6
    return re.search(r"[\d_.#:-]", name.strip(".")) is not None


def _spelled(at: int, told: Sequence[Token], kind: str) -> tuple[int, int] | None:
    """Letters, digits, signs and at most `_MOST_WORDS` words, with at least one that is no word."""
    taken: list[Token] = []
    lead = -1
    told = told[first(told, at) :]
    for token, behind in zip_longest(told, told[2:]):
        if token.sort in ("gap", "filler"):
            lead = token.start if not taken and _CASE.search(token.value) else lead
        elif _goes_on(token, taken, kind) or (not taken and behind is not None and behind.value == "_"):
            taken.append(token)
        else:
            break
    while taken and taken[-1].sort == "link":
        taken.pop()
    value = "".join(token.value for token in taken)
    if len(value) < _SHORTEST[kind] or not _is_coded(taken) or _is_amount(taken):
        return None
    return (taken[0].start if lead < 0 else lead), taken[-1].end


def _is_coded(taken: Sequence[Token]) -> bool:
    """Not words alone: digits, a sign, or letters in a row."""
    letters = [token.value for token in taken if token.sort == "letter"]
    return (
        len(letters) > 1
        or bool(set(letters) - set("aiunry"))
        or any(token.sort in ("digit", "link") for token in taken)
    )


def _is_amount(taken: Sequence[Token]) -> bool:
    """ "steam 20 minutes": a number and a word, apart from each other."""
    return [token.sort for token in taken] == ["digit", "word"] and taken[0].end < taken[1].start


def _goes_on(token: Token, taken: Sequence[Token], kind: str) -> bool:
    """May this be part of an account, after what was taken?"""
    if kind == "qq":
        return token.sort == "digit"
    if token.sort == "word":
        return token.value not in _STOP and sum(each.sort == "word" for each in taken) < _MOST_WORDS
    return token.sort in ("digit", "letter") or (token.sort == "link" and token.value != "@" and bool(taken))
