"""How likely each of a few answers is: from the probabilities of a reply's first token. Knows no prompt."""

import math
from collections.abc import Sequence

from millstream.chat import Reply

TOP = 20
"""Most likely tokens that are asked for; a word whose token is not among them is as likely as the last one."""

_AROUND = " \t\n.,:;!?'\"*。，：；！？“”"


def likely(reply: Reply, words: Sequence[str]) -> tuple[float, ...]:
    """A probability a word, together 1: of the words that the answer's first token begins, shared where it begins
    several. Where an endpoint gives no probabilities the answer itself counts; all alike where it says none of them."""
    first = (reply.logprobs or ((),))[0] or ()
    top = first[0].get("top_logprobs", ()) if first else ()
    found = [0.0] * len(words)
    least = math.exp(min((each["logprob"] for each in top), default=-math.inf))
    for token, chance in [(each["token"], math.exp(each["logprob"])) for each in top] or [(reply.texts[0], 1.0)]:
        heads = _begun(token, words)
        for n in heads:
            found[n] += chance / len(heads)
    found = [max(each, least) for each in found]
    total = sum(found)
    return tuple(round(each / total, 5) for each in found) if total else tuple(1 / len(words) for _ in words)


def _begun(token: str, words: Sequence[str]) -> list[int]:
    said = token.strip(_AROUND).casefold()
    return [n for n, word in enumerate(words) if said and word.casefold().startswith(said)]
