"""What every answer over HTTP is read by, whosever protocol it is in: bytes, JSON, and what is wrong in one line.

Knows no protocol. A key is cut out of every line that is shown, and so is a name and password in an address.
"""

import json
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from millstream.errors import ChatError, Refused

_LONGEST_PAUSE = 120.0
_MOST_TOKENS = 2**40
_USER = re.compile(r"(?<=://)[^/?#@\s]*@")
"""What may stand before the host of an address, anywhere in a line."""


class Response(Protocol):
    """What is read of an answer's head, whoever's client gave it."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...


def parsed(raw: bytes) -> Any:
    """The JSON; None where it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def said(answer: Any, raw: bytes) -> str:
    """What the endpoint says is wrong, in one line."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        error = f"{error.get('code') or error.get('type') or ''} {error.get('message') or ''}"
    return (
        " ".join((str(error) if error else raw[:2000].decode("utf-8", "replace")).split())[:300] or "nothing"
    )


def count(told: Any) -> int:
    """A number of tokens, 0 where none is told. ValueError for what is none."""
    try:
        number = int(told or 0)
    except (OverflowError, TypeError) as error:
        raise ValueError(f"no number of tokens: {told!r}") from error
    if not 0 <= number <= _MOST_TOKENS:
        raise ValueError(f"no number of tokens: {number}")
    return number


def shown(line: str, key: str) -> str:
    return _USER.sub("", line.replace(key, "***") if key else line)


def unreached(url: str, error: Exception, key: str) -> ChatError:
    """No answer came."""
    return ChatError(shown(f"{url}: {type(error).__name__}: {error}", key))


def failed(url: str, response: Response, what: str) -> ChatError:
    """An answer that is none; `Refused`, with its pause, where it says to come back later."""
    line = f"{url}: {response.status} {what}"
    if 300 <= response.status < 400 and (there := response.headers.get("location")):
        line = f"{url}: {response.status}: it sends us to {there[:300]}; give that address"
    line = shown(line, "")
    if response.status in (429, 503) and "insufficient_quota" not in what:
        refusal = Refused(line, response.status)
        refusal.pause = _pause(response.headers.get("retry-after", ""))
        return refusal
    return ChatError(line, response.status)


def _pause(retry_after: str) -> float:
    """Seconds to wait, from a number of seconds or an HTTP date; one second where nothing is said."""
    try:
        pause = float(retry_after)
    except ValueError:
        try:
            pause = parsedate_to_datetime(retry_after).timestamp() - time.time()
        except ValueError:
            pause = 1.0
    return min(max(pause, 0.0), _LONGEST_PAUSE) if pause == pause else 1.0  # "nan" is a float, too
