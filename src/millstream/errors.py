"""What can go wrong, by whose fault.

* MillError
  x InputError      a file, a flag or a config is wrong: one clear line, exit code 2
  x RightsError     ... because the rights of a source do not allow it (an InputError)
  x StoreError      the cache cannot be written: stop, or answers would be bought twice
  x ItemError       one item could not be processed: recorded as a Failure, tried again next time
    + ChatError     ... because a model endpoint failed after its retries
      + Refused     ... with 429 or 503: the endpoint asks for a pause
      + Spent       ... because the budget is used up: no further call is made
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager


class MillError(Exception):
    """Base of every error this package raises."""


class InputError(MillError):
    """The person can fix it. Says which file, where in it, and what to do; all on one line."""

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        line = ": ".join(part for part in (where, what) if part) + (f"; {remedy}" if remedy else "")
        super().__init__(" ".join(line.split()))


class RightsError(InputError):
    """The rights of a source do not allow what was asked."""


class StoreError(MillError):
    """The cache cannot be written."""


class ItemError(MillError):
    """One item could not be processed."""

    trace = ""


class ChatError(ItemError):
    """A model endpoint failed; `status` is 0 if it did not answer."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Refused(ChatError):
    """Too many requests: wait `pause` seconds."""

    pause = 1.0


class Spent(ChatError):
    """The ceiling on tokens or calls is reached."""


@contextmanager
def boundary(what: str) -> Iterator[None]:
    """Attribute whatever a worker raises to `what`. Errors of ours pass through. The only broad `except`."""
    try:
        yield
    except MillError:
        raise
    except Exception as error:
        wrapped = ItemError(f"{what}: {type(error).__name__}: {error}")
        wrapped.trace = traceback.format_exc()
        raise wrapped from error
