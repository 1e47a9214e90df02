"""What a critic refuses in a model's words goes back to the sentence they were made of, once; then it is judged again.

Drafts are right by construction, and every later turn was worded after its own draft: one turn goes back alone.
"""

from collections.abc import Collection

from millstream.records import Dialogue, Turn


def redrafted(dialogue: Dialogue, refused: Collection[int]) -> Dialogue | None:
    """The dialogue with the drafts of the `refused` turns; None where a model worded none of them."""
    turns = tuple(_drafted(turn) if n in refused else turn for n, turn in enumerate(dialogue.turns))
    return None if turns == dialogue.turns else dialogue.model_copy(update={"turns": turns})


def _drafted(turn: Turn) -> Turn:
    return turn.model_copy(update={"text": turn.draft, "worded": "kept"}) if turn.worded == "model" else turn
