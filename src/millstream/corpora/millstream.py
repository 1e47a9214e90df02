"""Our own dialogues: the table of accepted ones that a run writes.

Dialogues about the same entity share sentences, so they are one group. Knows nothing of runs
but the shape of that table.
"""

from collections.abc import Iterator
from pathlib import Path

from millstream import corpora
from millstream.conversations import Conversation
from millstream.errors import InputError
from millstream.records import Dialogue
from millstream.table import Table


def recognises(path: Path, head: str) -> bool:
    return path.name == "8_dialogues.jsonl"


def read(path: Path) -> Iterator[Conversation]:
    try:
        yield from map(conversation, Table(path, Dialogue))
    except ValueError as error:
        raise InputError("dialogues of another version", str(path), "make the run again") from error


def conversation(dialogue: Dialogue) -> Conversation:
    """The words of a dialogue of ours; the values are those of its labels."""
    acts = [(act.entity, act.value) for turn in dialogue.turns for act in turn.acts]
    state = [slot.value for turn in dialogue.turns for slot in turn.state]
    names = corpora.values(acts, state, dialogue.scenario.aim, [turn.must for turn in dialogue.turns])
    return Conversation(
        corpus="millstream",
        key=dialogue.id,
        lang=dialogue.scenario.lang,
        turns=corpora.turns((turn.role, turn.text, [act.act for act in turn.acts]) for turn in dialogue.turns),
        values=names,
        group=f"{dialogue.scenario.domain} {dialogue.scenario.aim}",
    )
