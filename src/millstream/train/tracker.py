"""A small tracker that reads the schema: for each slot, which of a turn's candidate values does it take, if any?

One linear model over what its sight gives scores every (slot, value); what is taken replaces what was there. Sights are
hashed words (here) and vectors of an encoder beside them (encoded.py). It trains in seconds on a processor and knows a
new service by its words. Importing this file needs the extra `eval`.
"""

import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

from millstream.errors import InputError
from millstream.services.annotated import State, TaskDialogue
from millstream.services.forms import FALSE, TRUE, parts
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema
from millstream.train.candidates import Candidate, Lexicon, Words, candidates, heard, held
from millstream.train.features import Seen

WIDTH = 1 << 20
"""Places of the hash. Fewer would let features share a weight."""
TAKEN = 0.5
"""A value is taken when the model thinks it likelier than not."""
_PENALTY = 3e-6
UPDATES = 500_000
"""Steps of the optimiser, where nothing else is asked for."""

States = dict[str, dict[str, str]]


class Tracks(Protocol):
    """What follows states: the state of a service behind a user turn."""

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]: ...


class Place(NamedTuple):
    """A service at a user turn: what is heard, its state before, those of others it may take over, and the gold."""

    turn: int
    service: str
    said: Words
    state: Mapping[str, str]
    others: Mapping[str, Mapping[str, str]]
    gold: State


def places(dialogue: TaskDialogue, services: Collection[str], states: States) -> Iterator[Place]:
    """The places of these services in their order. Whoever walks them keeps `states`."""
    for n, turn in enumerate(dialogue.turns):
        if turn.role != "user":
            continue
        said = heard(dialogue.turns, n)
        for frame in turn.frames:
            if frame.service in services and frame.state is not None:
                state = states.get(frame.service, {})
                others = {name: each for name, each in states.items() if name != frame.service and not state}
                yield Place(n, frame.service, said, state, others, frame.state)


class Option(NamedTuple):
    """One slot and one value that it may take."""

    slot: SlotSchema
    value: str
    candidate: Candidate | None


def options(
    lexicon: Lexicon, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
) -> Iterator[Option]:
    """Every slot with every value that could be new to it."""
    service = lexicon.service
    found = candidates(lexicon, said, others)
    inputs = {name for intent in service.intents for name in intent.inputs} | {service.key}
    for slot in service.slots:
        if slot.name not in inputs:
            continue
        unsaid = [value for value in slot.values if value in (*TRUE, *FALSE)]
        for value in (*unsaid, DONTCARE):
            if state.get(slot.name) != value:
                yield Option(slot, value, None)
        if unsaid:
            continue
        for each in found:
            value_held = held(each, slot.name, lexicon)
            if value_held is not None and state.get(slot.name) != value_held:
                yield Option(slot, value_held, each)


Pairs = Sequence[tuple[Seen, Option]]
Kept = dict[str, Any]
"""Arrays by name."""


class Sight(Protocol):
    """What a tracker sees of each (turn, option), as a row of numbers."""

    def learn(self, pairs: Pairs) -> None:
        """Looks at what will be trained on, once, before the first row."""

    def rows(self, pairs: Pairs) -> csr_matrix: ...

    def kept(self) -> Kept:
        """What `restore` needs to give the same rows again."""

    def restore(self, kept: Mapping[str, np.ndarray]) -> None: ...


Places = dict[tuple[Any, ...], tuple[np.ndarray, np.ndarray]]
"""Of an option of a turn, by all that is seen of it: where its words fall in the hash, and how often."""


class Hashed:
    """Words, hashed. There is nothing to look at before, and nothing to keep. `turns` is shared by trackers that walk
    the same dialogues one after the other: what the options of one turn hash to is worked out once."""

    def __init__(self, turns: Places | None = None) -> None:
        self._hasher = FeatureHasher(WIDTH, input_type="string", alternate_sign=False)
        self._turns = turns

    def learn(self, pairs: Pairs) -> None:
        pass

    def rows(self, pairs: Pairs) -> csr_matrix:
        if self._turns is None or any(seen is not pairs[0][0] for seen, _ in pairs):
            return self._hashed(pairs)  # what is learnt from: seen once, and much of it
        keys = [_seen_of(seen, option) for seen, option in pairs]
        if new := {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in self._turns}:
            made = self._hashed(list(new.values()))
            for n, key in enumerate(new):
                part = slice(made.indptr[n], made.indptr[n + 1])
                self._turns[key] = made.indices[part].astype(np.int32), made.data[part].astype(np.float32)
        parts = [self._turns[key] for key in keys]
        ends = np.cumsum([0, *(len(where) for where, _ in parts)])
        where, counts = (np.concatenate(each) for each in zip(*parts, strict=True))
        return csr_matrix((counts.astype(np.float64), where, ends), shape=(len(pairs), WIDTH))

    def _hashed(self, pairs: Pairs) -> csr_matrix:
        return self._hasher.transform(list(seen.features(*option)) for seen, option in pairs)

    def kept(self) -> Kept:
        return {}

    def restore(self, kept: Mapping[str, np.ndarray]) -> None:
        pass


def _seen_of(seen: Seen, option: Option) -> tuple[Any, ...]:
    """All that features.py looks at."""
    slot, value, candidate = option
    before = seen.state.get(slot.name)
    held = (before == value, before is None, bool(seen.state))
    if candidate is None:
        return seen.service.name, seen.said, slot.name, value, *held
    place = (candidate.side, candidate.kind, candidate.text, candidate.start, candidate.end)
    return seen.service.name, seen.said, slot.name, *held, *place, len(candidate.slots), slot.name in candidate.slots


class Tracker:
    """The trained tracker of some services."""

    def __init__(self, lexicons: Mapping[str, Lexicon], sight: Sight | None = None) -> None:
        self.lexicons, self.sight = lexicons, sight or Hashed()
        self._model: SGDClassifier | None = None

    def fit(self, dialogues: Sequence[TaskDialogue], seed: int, updates: int = UPDATES) -> "Tracker":
        """Learns from the frames of services that have a lexicon, in about so many updates, one example each.
        InputError where there is nothing to learn from."""
        every = [each for dialogue in dialogues for each in examples(dialogue, self.lexicons)]
        right = [is_right for _, _, is_right in every]
        if len(set(right)) < 2:
            raise InputError(
                "nothing to learn from: no turn gives a value that can be found", "", "give more dialogues"
            )
        pairs = [(seen, option) for seen, option, _ in every]
        self.sight.learn(pairs)
        rounds = max(1, round(updates / len(pairs)))
        model = SGDClassifier("log_loss", alpha=_PENALTY, max_iter=rounds, tol=None, average=True, random_state=seed)
        self._model = model.fit(self.sight.rows(pairs), np.array(right))
        return self

    def step(
        self, service: ServiceSchema, said: Words, state: Mapping[str, str], others: Mapping[str, Mapping[str, str]]
    ) -> dict[str, str]:
        seen = Seen(service, said, state)
        every = list(options(self.lexicons[service.name], said, state, others))
        if not every or self._model is None:
            return dict(state)
        likely = self._model.predict_proba(self.sight.rows([(seen, each) for each in every]))[:, 1]
        return dict(state) | _chosen(every, likely)

    def save(self, path: Path) -> None:
        """The weights that are not zero, and the services; read with `load`, which runs no code of the file."""
        assert self._model is not None
        weights = self._model.coef_[0]
        where = np.flatnonzero(weights)
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as out:
            size, bias = np.array(len(weights)), self._model.intercept_
            np.savez_compressed(out, at=where, weights=weights[where], bias=bias, size=size, **self.sight.kept())
        part.replace(path)  # whole or not at all

    def load(self, path: Path) -> "Tracker":
        try:
            with np.load(path, allow_pickle=False) as kept:
                weights = np.zeros(int(kept["size"]))
                weights[kept["at"]] = kept["weights"]
                bias = kept["bias"]
                self.sight.restore(kept)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise InputError("not a tracker, or torn", str(path), "train it again: millstream train dst") from error
        model = SGDClassifier("log_loss")
        model.coef_, model.intercept_ = weights[None, :], bias
        model.classes_ = np.array([False, True])
        self._model = model
        return self


def _chosen(every: Sequence[Option], likely: Sequence[float]) -> dict[str, str]:
    """The likeliest value of each slot; words that one slot has taken are no other slot's."""
    taken: dict[str, str] = {}
    used: set[tuple[str, int]] = set()
    joined: dict[str, list[tuple[int, str]]] = {}
    for n in sorted(range(len(every)), key=lambda n: -likely[n]):
        slot, value, candidate = every[n]
        if likely[n] <= TAKEN:
            break
        place = (candidate.side, candidate.start) if candidate and candidate.start >= 0 else None
        if place in used and place is not None:
            continue
        if slot.name in taken and not (slot.joined and slot.name in joined and candidate):
            continue
        if slot.joined and candidate and value != DONTCARE:
            joined.setdefault(slot.name, []).append((candidate.start, value))
        taken.setdefault(slot.name, value)
        if place:
            used.add(place)
    for slot_name, found in joined.items():
        mark = next(each.slot.joined for each in every if each.slot.name == slot_name)
        taken[slot_name] = mark.join(dict.fromkeys(value for _, value in sorted(found)))
    return taken


def examples(dialogue: TaskDialogue, lexicons: Mapping[str, Lexicon]) -> Iterator[tuple[Seen, Option, bool]]:
    """Every option of every user turn, and whether the turn gives the slot that value. The state before is gold."""
    states: States = {}
    for place in places(dialogue, lexicons, states):
        lexicon = lexicons[place.service]
        seen = Seen(lexicon.service, place.said, place.state)
        for option in options(lexicon, place.said, place.state, place.others):
            yield seen, option, _given(option, place.gold, place.state)
        states[place.service] = {name: values[0] for name, values in place.gold.values.items()}


def _given(option: Option, now: State, earlier: Mapping[str, str]) -> bool:
    gold = now.values.get(option.slot.name)
    if not gold or earlier.get(option.slot.name) in gold:
        return False
    return option.value in gold or option.value in parts(option.slot, gold[0])
