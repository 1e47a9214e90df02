"""Which measures a corpus is given, in their order, and what each says in a sentence. Knows no corpus by name.

`size` is what a measure is taken at: tokens of a budget, dialogues of a draw, or every dialogue there is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from millstream.metrics import lexical, manners, repeated, vectors
from millstream.metrics.tokens import Talk

BUDGET = 20_000
"""Tokens of a measure of wording."""
COMPARED = 100
"""Dialogues of a measure of repetition."""
SAMPLE = 300
"""Dialogues of a measure among vectors."""

Group = str


class Lexical(NamedTuple):
    name: str
    says: str
    of: Callable[[Sequence[str]], float]


class Repeated(NamedTuple):
    name: str
    says: str
    size: int
    of: Callable[[Sequence[Talk]], float]


def _texts(talks: Sequence[Talk]) -> list[tuple[str, ...]]:
    return [each.flat() for each in talks]


def _vectors(talks: Sequence[Talk]) -> vectors.Vectors:
    return vectors.words([" ".join(turn.text for turn in each.said.turns) for each in talks])


LEXICAL: Sequence[Lexical] = (
    Lexical("distinct-1", "different words by all words", lambda found: lexical.distinct(found, 1)),
    Lexical("distinct-2", "different pairs of words by all pairs", lambda found: lexical.distinct(found, 2)),
    Lexical("MATTR", "different words in a window of 50, by 50", lexical.mattr),
    Lexical("MTLD", "words before a text's type-token ratio falls below 0.72", lexical.mtld),
    Lexical("HD-D", "different words in a random 42, by 42", lexical.hdd),
    Lexical("compression", "bytes by gzipped bytes: higher repeats more", lambda t: lexical.compression(" ".join(t))),
)
REPEATED: Sequence[Repeated] = (
    Repeated("rep4", "a dialogue's 4-grams that another of 100 has", COMPARED, lambda t: repeated.rep4(_texts(t))),
    Repeated("self-repetition", "log of the other dialogues that its 4-grams occur in", COMPARED,
             lambda t: repeated.self_repetition(_texts(t))),
    Repeated("self-BLEU", "BLEU-4 of a dialogue with 99 others as references", COMPARED,
             lambda t: repeated.self_bleu(_texts(t))),
    Repeated("duplicate turns", "turns that an earlier turn of 100 dialogues said word for word", COMPARED,
             repeated.duplicates),
    Repeated("top 5 openers", "dialogues that begin with one of the five commonest first three words (six characters)",
             COMPARED, repeated.openers),
    Repeated("Vendi", "effective number of different dialogues among 300, by weighted words", SAMPLE,
             lambda t: repeated.vendi(_vectors(t))),
    Repeated("likeness", "mean cosine of two dialogues' weighted words", SAMPLE,
             lambda t: repeated.likeness(_vectors(t))),
)  # fmt: skip
COHERENCE = {
    "next turn first": "share of turns that are more like the turn before them than nine strangers' turns are",
    "next turn first, shuffled": "the same with each dialogue's turns shuffled: the control",
}
MEANT = {
    "next turn first, by meaning": "share of turns nearer in meaning to the turn before them than nine strangers' are",
    "next turn first, by meaning, shuffled": "the same with each dialogue's turns shuffled: the control",
}
"""By an encoder, where one is at hand. It gives no Vendi and no likeness: E5 puts all dialogues of a kind within a
cosine of 0.9, so that the effective number of any corpus is near 1."""
OURS = {
    "unsupported claims": "agent turns with a claim that the run's facts do not license",
    "blueprint, by labels": "planned moves that the labels show in their order",
    "blueprint, as heard": "planned moves that a tagger hears in the words, fitted on other dialogues",
    "of another, as heard": "the same for a random other dialogue's path: the counterfactual",
    "key facts kept": "wishes of the scenario that the user told as they are",
}
MANNERS = {
    "user mood": "words of praise less words of complaint, a user's turn",
    "agent mood": "the same, an agent's turn",
    "rise of the user's mood": "mood of the last third of the user's turns less that of the first",
    "stir of the mood": "standard deviation of the mood over a dialogue's turns",
    "tokens a turn": "words (characters in Chinese) a turn",
    "letters a token": "letters a word",
    "sentences a turn": "sentences a turn",
    "variation of turn length": "standard deviation of turn length by its mean, within a dialogue",
    "questions": "turns that end with a question mark",
    "acknowledgements": "turns that open with a word like okay or 好",
    "fillers": "turns with a filler like well or 嗯",
    "thanks": "turns that give thanks",
    "turns a dialogue": "turns a dialogue",
    "user's share of tokens": "tokens that the user says",
    "same speaker again": "turns that follow one of the same speaker",
    "turns of two words or fewer": "turns of at most two words",
    "taken up from the turn before": "a turn's tokens that the turn before it had",
}


def groups(encoder: bool = False) -> dict[Group, dict[str, str]]:
    """The names of the measures and what they say, by group, in the order in which they are shown."""
    by: dict[Group, dict[str, str]] = {
        "wording": {each.name: each.says for each in LEXICAL},
        "repetition": {each.name: each.says for each in REPEATED},
    }
    for each in manners.MANNERS:
        by.setdefault(each.group, {})[each.name] = MANNERS[each.name]
    meant = {"meaning": MEANT} if encoder else {}
    return by | {"coherence": COHERENCE} | meant | {"plan and knowledge": OURS}


