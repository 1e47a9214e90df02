"""What a tracker sees through an encoder: how a slot's description stands to the turn, to the value and to the words
around it, as vectors; beside hashed words, or instead of them.

The encoder is not changed and reads each turn once: a value's vector is the mean of its tokens' vectors in their
context. Products of the description's vector with the others carry over to services never trained on; a slot's own
weights over the same vectors do not (as span and slot are compared in Rastogi et al. 2020, section 5, without tuning).
"""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.sparse import csr_matrix, hstack

from millstream.services.forms import TRUE
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema
from millstream.tokens import Vectors
from millstream.train.candidates import Candidate
from millstream.train.features import Seen, question
from millstream.train.tracker import Hashed, Kept, Option, Pairs

NUMBERS = 64
"""Principal directions of the encoder's vectors that are used."""
AROUND = 16
"""Characters around a value that are its context."""
_SAMPLE = 6000
_PRODUCT = 4.0
"""Products of two vectors of about length 1 are small; so they weigh as much as the vectors."""
_SORTS = ("any", "true", "false", "user", "agent", "earlier", "state")
OnMore = Callable[[int, int], None]


class Encoded:
    """Vectors beside hashed words; `words=False`: vectors alone. `on_more(done, total)`: texts that were encoded."""

    def __init__(self, vectors: Vectors, words: bool = True, on_more: OnMore = lambda done, total: None) -> None:
        self.vectors, self.on_more = vectors, on_more
        self.hashed = Hashed() if words else None
        self.slots: dict[str, int] = {}
        self.centre, self.directions = np.zeros(0), np.zeros((0, 0))
        self._known: dict[tuple[str, int, int], np.ndarray] = {}

    def learn(self, pairs: Pairs) -> None:
        """The slots there are, and the principal directions of the tokens of all that is said."""
        texts: dict[str, None] = {}
        for seen, option in pairs:
            self.slots.setdefault(_name(seen.service, option.slot), len(self.slots))
            texts.update(dict.fromkeys((seen.user, seen.said.agent, _described(option.slot))))
        said = [text for text in texts if text]
        self.vectors.need(said, self.on_more)
        rng = np.random.default_rng(0)
        picked = [said[n] for n in rng.permutation(len(said))[: _SAMPLE // 4]]
        tokens = np.concatenate([self.vectors[text].vectors for text in picked]).astype(np.float32)
        tokens = tokens[rng.permutation(len(tokens))[:_SAMPLE]]
        self.centre = tokens.mean(axis=0)
        self.directions = np.linalg.svd(tokens - self.centre, full_matrices=False)[2][:NUMBERS].T
        seen_as = (tokens - self.centre) @ self.directions
        self.directions /= np.sqrt((seen_as**2).sum(axis=1).mean())

    def rows(self, pairs: Pairs) -> csr_matrix:
        sorts = np.array([_sort(option) for _, option in pairs])
        slots = np.array([self.slots.get(_name(seen.service, option.slot), -1) for seen, option in pairs])
        vectors = np.array([self._vectors(seen, option) for seen, option in pairs], np.float32)
        meant, others = vectors[:, :1], vectors[:, 1:]
        lengths = np.linalg.norm(vectors, axis=2) + 1e-6
        cosines = (meant * others).sum(axis=2) / (lengths[:, :1] * lengths[:, 1:])
        said = others.reshape(len(pairs), -1)
        shared = np.hstack([_PRODUCT * (meant * others).reshape(len(pairs), -1), said, cosines])
        own = np.where(slots[:, None] < 0, 0, said)
        parts = [_blocks(shared, sorts, len(_SORTS))]
        parts.append(_blocks(own, np.maximum(slots, 0) * len(_SORTS) + sorts, len(self.slots) * len(_SORTS)))
        if self.hashed:
            parts.append(self.hashed.rows(pairs))
        return hstack(parts, format="csr")

    def kept(self) -> Kept:
        return {"slots": np.array(list(self.slots)), "centre": self.centre, "directions": self.directions}

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        self.slots = {str(name): n for n, name in enumerate(kept["slots"])}
        self.centre, self.directions = kept["centre"], kept["directions"]

    def _vectors(self, seen: Seen, option: Option) -> list[np.ndarray]:
        """Of the slot's description, the user's turn, what the agent asked, the value, and the words around it."""
        agent, asked = seen.said.agent, question(seen.said.agent)
        at = max(0, agent.find(asked))
        value = around = np.zeros(NUMBERS, np.float32)
        candidate = option.candidate
        if candidate is not None and candidate.start >= 0 and candidate.side != "earlier":
            value, around = self._placed(seen.said.of(candidate.side), candidate)
        described = _described(option.slot)
        return [
            self._vector(described, 0, len(described)),
            self._vector(seen.user, 0, len(seen.user)),
            self._vector(agent, at, at + len(asked)),
            value,
            around,
        ]

    def _placed(self, text: str, value: Candidate) -> tuple[np.ndarray, np.ndarray]:
        around = self._vector(text, max(0, value.start - AROUND), value.end + AROUND)
        return self._vector(text, value.start, value.end), around

    def _vector(self, text: str, start: int, end: int) -> np.ndarray:
        place = (text, start, end)
        if place not in self._known:
            mean = self.vectors[text].mean(start, end) if text else np.zeros(0)
            none = np.zeros(NUMBERS, np.float32)
            self._known[place] = (mean - self.centre) @ self.directions if mean.any() else none
        return self._known[place]


def _name(service: ServiceSchema, slot: SlotSchema) -> str:
    return f"{service.name}.{slot.name}"


def _described(slot: SlotSchema) -> str:
    return f"{slot.name.replace('_', ' ')}: {slot.description}"


def _sort(option: Option) -> int:
    if option.candidate is not None:
        return _SORTS.index(option.candidate.side)
    return _SORTS.index("any" if option.value == DONTCARE else "true" if option.value in TRUE else "false")


def _blocks(numbers: np.ndarray, at: np.ndarray, blocks: int) -> csr_matrix:
    """Each row's numbers in the block that is its own."""
    count, width = numbers.shape
    columns = (at[:, None] * width + np.arange(width)).ravel()
    return csr_matrix((numbers.ravel(), columns, np.arange(0, count * width + 1, width)), shape=(count, blocks * width))
