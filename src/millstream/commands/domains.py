"""`millstream domains`. Knows no domain by name."""

from dataclasses import dataclass

from millstream import domain
from millstream.commands.terminal import Json, show


@dataclass(frozen=True)
class Options:
    as_json: Json = False


def command(options: Options) -> int:
    """List the packaged domains.

    A run finds its domain by the words of its sources; --domain NAME or --domain FILE.yaml says it.
    """
    found = [domain.read(name) for name in domain.names()]
    rows = [{"name": each.name, **each.names, "slots": [slot.name for slot in each.slots]} for each in found]
    show(rows, options.as_json)
    return 0
