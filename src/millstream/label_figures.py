"""What a run of the recipe `label` says of itself: how much was labelled, how noisy the teacher is, how it agrees.

Accuracy is against the corpus's own labels, where it has them, with bootstrap intervals over dialogues; utterances
whose label was used as a human label are left out of the student's. Knows no model.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from millstream.csc_figures import shown
from millstream.label.teacher import Scored
from millstream.labelling import Made
from millstream.metrics.intervals import Figure, ratio
from millstream.train.habit import Habit, habit


def figures(made: Made) -> dict[str, Any]:
    """JSON: counts, shares of labels, accuracy of the teacher and of the labels, agreement between prompts."""
    named = Counter(turn.label for each in made.labelled for turn in each.turns)
    learnt = {(key, n) for key, n in made.people}
    told = [
        [turn.label == turn.gold for turn in each.turns if turn.gold and (each.key, turn.n) not in learnt]
        for each in made.labelled
    ]
    return {
        "task": made.task.name,
        "labels": {code: named[code] for code in made.task.codes},
        "by": made.labelled[0].by,
        "dialogues": len(made.labelled),
        "utterances": sum(named.values()),
        "scored": sum(bool(turn.votes) for each in made.scored for turn in each.turns),
        "human": len(made.people),
        "teacher": _figure(_right(made.scored, made.task.codes)),
        "same": _figure(_same(made.scored)),
        "habit": found._asdict() if (found := _habit(made.scored, made.task.codes)) else None,
        "accuracy": _figure(told),
    }


def _right(scored: Sequence[Scored], codes: Sequence[str]) -> list[list[bool]]:
    return [
        [codes[int(np.mean(t.votes, axis=0).argmax())] == t.gold for t in each.turns if t.votes and t.gold]
        for each in scored
    ]


def _same(scored: Sequence[Scored]) -> list[list[bool]]:
    """Whether all prompts say the same of an utterance."""
    return [[len({int(np.argmax(row)) for row in t.votes}) == 1 for t in each.turns if t.votes] for each in scored]


def _habit(scored: Sequence[Scored], codes: Sequence[str]) -> Habit | None:
    """What the teacher says all through a dialogue, by the corpus's labels."""
    known = [(n, turn) for n, each in enumerate(scored) for turn in each.turns if turn.votes and turn.gold]
    if not known:
        return None
    means = np.array([np.mean(turn.votes, axis=0) for _, turn in known])
    return habit(means, np.array([codes.index(turn.gold or "") for _, turn in known]), np.array([n for n, _ in known]))


def _figure(right: Sequence[Sequence[bool]]) -> dict[str, Any]:
    return ratio([(float(sum(each)), float(len(each))) for each in right])._asdict()


def lines(found: dict[str, Any]) -> tuple[str, ...]:
    shares = ", ".join(f"{name} {count}" for name, count in found["labels"].items())
    said = [f"{found['task']}: {found['utterances']} utterances of {found['dialogues']} dialogues ({shares})"]
    if found["scored"]:
        right, same = shown(Figure(**found["teacher"])), shown(Figure(**found["same"]))
        said.append(f"teacher: {found['scored']} utterances, right {right} by the corpus's labels, of one mind {same}")
    if told := found["habit"]:
        share, chance = told["share"], told["chance"]
        said.append(
            f"the teacher's habit in a dialogue: {share:.0%} of what is beyond the label ({chance:.0%} by chance)"
        )
    said.append(
        f"labels by the {found['by']}: right {shown(Figure(**found['accuracy']))}, {found['human']} human labels"
    )
    return tuple(said)
