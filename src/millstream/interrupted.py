"""Ctrl-C while modules are imported: one line and the end, at once. Knows no command.

An exception raised in the middle of an import may be swallowed there, or come out as another one; and nothing has been
begun that would have to be ended.
"""

import os
import signal
from types import FrameType

CODE = 130
"""The exit code, as of shells."""
_LINE = b"millstream: interrupted before anything was begun; run it again\n"


def leave_at_once() -> None:
    """Until `be_heard`. A process that is to ignore Ctrl-C still does."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _leave)


def be_heard() -> None:
    """From here on Ctrl-C is a KeyboardInterrupt: there is something to be ended."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, _LINE)
    os._exit(CODE)
