"""A refused wording goes back to its draft; what no model worded is left as it is."""

import builders
from millstream.play.repair import redrafted


def test_only_the_refused_words_of_a_model_go_back() -> None:
    dialogue = builders.dialogue()
    worded = [n for n, turn in enumerate(dialogue.turns) if turn.worded == "model"]
    repaired = redrafted(dialogue, {worded[1], 1})
    assert repaired is not None
    changed = [n for n, turn in enumerate(repaired.turns) if turn != dialogue.turns[n]]
    assert changed == [worded[1]]
    assert repaired.turns[worded[1]].text == dialogue.turns[worded[1]].draft
    assert repaired.turns[worded[1]].worded == "kept"


def test_a_dialogue_whose_refused_turns_are_drafts_cannot_be_repaired() -> None:
    dialogue = builders.dialogue()
    assert dialogue.turns[1].worded != "model" and redrafted(dialogue, {1}) is None
    assert redrafted(dialogue, ()) is None
