"""How well a ranking answers: whether its first passage does, which share of those that do is among the first five,
and one over the place of the first that does. Knows no retriever."""

from collections.abc import Collection, Sequence

NAMES = ("hit@1", "R@5", "MRR")
FIRST = 5


def figures(ranked: Sequence[int], gold: Collection[int]) -> tuple[float, float, float]:
    """(hit@1, R@5, reciprocal rank) of one question; 0 where nothing of the gold is ranked."""
    first = next((n for n, each in enumerate(ranked, 1) if each in gold), 0)
    recall = len(set(gold) & set(ranked[:FIRST])) / len(gold)
    return float(first == 1), recall, 1 / first if first else 0.0
