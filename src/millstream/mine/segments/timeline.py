"""Scores of topics over time to the one topic of each line: the time-domain part of GPT-Calls, as a best path.

A line with no clear sign keeps the topic before it, so a switch stands right before the line that shows it. Knows no
words.
"""

import numpy as np

from millstream.mine.arrays import Doubles

CLEAR, SWITCH, NOBODY = 1.25, 3.0, 0.2
"""Tuned on SGD's train part: the score that counts as no sign, what a switch costs, and what a line is worth to no
topic at all, so that a long stretch without any sign is of none."""


def path(scores: Doubles) -> list[int]:
    """The topic of each line, -1 for none: the Viterbi path over scores with a price for each switch."""
    if not len(scores):
        return []
    signs = np.maximum(0.0, scores - CLEAR)
    signs = np.column_stack([signs, np.full(len(signs), NOBODY)])
    none = signs.shape[1] - 1
    total, back = signs[0].copy(), np.zeros(signs.shape, dtype=int)
    stay = np.arange(none + 1)
    for at in range(1, len(signs)):
        best = int(total.argmax())
        keeps = total > total[best] - SWITCH  # among equals the later switch
        back[at] = np.where(keeps, stay, best)
        total = np.maximum(total, total[best] - SWITCH) + signs[at]
    found = [int(total.argmax())]
    for at in range(len(signs) - 1, 0, -1):
        found.append(int(back[at, found[-1]]))
    return [-1 if topic == none else topic for topic in reversed(found)]
