"""Likeness of a said turn to the real one: BLEU by sacrebleu, ROUGE-L by rouge-score, vectors by an encoder.

Chinese counts by characters. What is said otherwise is not worse: these figures are for comparing systems on one set
and never across sets. Importing this file needs the extra `eval`.
"""

from collections.abc import Sequence

import numpy as np
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics.bleu import BLEU

from millstream.metrics.tokens import tokens
from millstream.records import Lang
from millstream.shapes import Embed


class _Tokens:
    """rouge-score drops what is not ASCII; these tokens are those of every other measure here."""

    def tokenize(self, text: str) -> list[str]:
        return list(tokens(text))


def bleu(said: Sequence[str], real: Sequence[str], lang: Lang, order: int) -> float:
    """Corpus BLEU of up to `order`-grams, 0 to 100, one reference a turn."""
    scorer = BLEU(max_ngram_order=order, tokenize="zh" if lang == "zh" else "13a", effective_order=order < 4)
    return float(scorer.corpus_score(list(said), [list(real)]).score)


def rouge_l(said: Sequence[str], real: Sequence[str]) -> float:
    """Mean F of the longest common subsequence, 0 to 100 (Lin 2004)."""
    scorer = RougeScorer(["rougeL"], tokenizer=_Tokens())
    found = [scorer.score(gold, text)["rougeL"].fmeasure for text, gold in zip(said, real, strict=True)]
    return 100 * float(np.mean(found)) if found else 0.0


async def similarity(said: Sequence[str], real: Sequence[str], embed: Embed) -> float:
    """Mean cosine of sentence vectors, 0 to 100. E5's vectors all lie within a narrow cone: two strange turns have
    about 75 to 80."""
    first, second = np.array(await embed(list(said))), np.array(await embed(list(real)))
    return 100 * float((first * second).sum(axis=1).mean()) if len(said) else 0.0
