"""tools.jsonl: OpenAI chat messages with tool calls, one dialogue a line.

Ours call no service, so the calls are those of dialogues by schema. Refuses to know states.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import line
from millstream.formats import ours, tools
from millstream.records import Dialogue
from millstream.whole import whole


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    path = folder / "tools.jsonl"
    with whole(path) as out:
        out.writelines(f"{line(tools.row(ours.task(each)))}\n" for each in dialogues)
    return (path,)
