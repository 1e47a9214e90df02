"""Does a line of small talk show what somebody might want? Intents by the words that are theirs alone; no training.

SalesBot (Chiu et al. 2022, section 3.1) asks a question answering model; this is the rule that stands in for it. Knows
no dialogue.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from millstream.services.graph import Api, words
from millstream.services.schema import ServiceSchema

SHOWN = 0.5
"""From such a sum of weights on an intent is shown: a word of one domain alone weighs 1, one of two 0.5."""
_DOING = frozenset(
    re.findall(
        r"\w+",
        "find search get book reserve look lookup check buy list show make play add rent schedule request "
        "share set see new certain particular given based name time date number place type user other "
        "people day first good home work way all go also take taking call choice next variety wide term "
        "city country here like favorite know money family house available existing long right ask",
    )
)
"""What is done with a thing, and words of all talk: they say nothing of what is wanted."""


@dataclass(frozen=True)
class Detector:
    """Finds the intent of a service that a text comes near to."""

    services: tuple[ServiceSchema, ...]

    @cached_property
    def _own(self) -> Sequence[tuple[Api, Mapping[str, float]]]:
        of_domain: dict[str, set[str]] = {}
        texts = []
        for service in self.services:
            for intent in service.intents:
                own = set(words(f"{service.domain} {service.description} {intent.name} {intent.description}")) - _DOING
                of_domain.setdefault(service.domain, set()).update(own)
                texts.append((Api(service, intent), own))
        seen = Counter(word for own in of_domain.values() for word in own)
        return [(api, {word: 1 / seen[word] for word in own}) for api, own in texts]

    def best(self, text: str) -> tuple[Api | None, float]:
        """(the intent, how surely); None below SHOWN. Of equals a search, then the first."""
        said = set(words(text))
        scored = [
            (sum(weight for word, weight in own.items() if word in said), not api.intent.transactional, -n)
            for n, (api, own) in enumerate(self._own)
        ]
        score, _, n = max(scored, default=(0.0, False, 0))
        return (self._own[-n][0], score) if score >= SHOWN else (None, score)
