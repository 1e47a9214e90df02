"""`millstream`, and `python -m millstream`: the command line, imported when Ctrl-C can be told of. Knows no command."""

import importlib

from millstream import interrupted


def main() -> None:
    interrupted.leave_at_once()
    importlib.import_module("millstream.cli").main()


if __name__ == "__main__":
    main()
