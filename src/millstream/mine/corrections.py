"""Where a host takes back what it said before: in so many words, by a contrast, or by saying it right.

A correction needs the value that it puts right: said before of the same slot of the same thing, or denied beside it.
Knows claims and lines, and no chat.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from millstream.mine.claim import Claim
from millstream.mine.measures import DATA, measured
from millstream.mine.topics import sign
from millstream.mine.words import nameless, spoken
from millstream.records import Cue

DENIED, TOLD, _EARLIER = (re.compile(DATA[key], re.I) for key in ("denied", "told", "before"))
_BEFORE, _REACH, _SURE, _SOON = 2, 5, 0.7, 12
"""Lines before and behind a word of correction in which the right value may stand; how sure a slip has to be that
nobody speaks of; lines in which one that nobody believes is taken back."""


def corrections(claims: Sequence[Claim], cues: Sequence[Cue], doubted: Sequence[Claim] = ()) -> list[Claim]:
    """The claims that take an earlier one back, the first of each slot of a thing. A slip that nobody believes
    (`doubted`) counts where words of correction stand beside what a table has, shortly behind it."""
    plain, mild = _signs(cues, "corrects"), _signs(cues, "restates")
    denied = {claim.at: denials(spoken(nameless(cues[claim.at].text))) for claim in claims}
    found: dict[tuple[str, str], Claim] = {}
    for n, claim in enumerate(claims):
        if not claim.entity or claim.key in found or claim.part:
            continue
        before = [each for each in claims[:n] if each.key == claim.key]
        slip = before[-1] if before and not before[-1].agrees(claim) else None
        said = any(-_BEFORE <= claim.at - at <= _REACH for at in plain)
        beside = any(abs(claim.at - at) <= 1 for at in mild)
        contrast = bool(denied[claim.at]) and not any(claim.counts(each) for each in denied[claim.at])
        silent = slip is not None and claim.listed and not slip.listed and slip.sure >= _SURE
        unlikely = claim.listed and any(each.key == claim.key and _is_slip(each, claim) for each in doubted)
        unlikely = unlikely and any(abs(claim.at - at) <= 1 for at in (*plain, *mild))
        marked = said or beside
        if (slip and (marked or silent)) or unlikely or (contrast and (slip or (marked and claim.listed))):
            found[claim.key] = claim
    return list(found.values())


def readdressed(claims: Sequence[Claim], taken_back: Collection[Claim], cues: Sequence[Cue]) -> list[Claim]:
    """The claims, where a number that a correction denies was said of the slot that is put right, whichever slot of
    the thing it was taken for; what a table has so is no slip."""
    slips = [(right, value) for right in taken_back for value in denials(spoken(nameless(cues[right.at].text)))]

    def meant(claim: Claim) -> Claim:
        own = (
            right
            for right, value in slips
            if right.entity == claim.entity and claim.at < right.at and claim.counts(value) and not claim.listed
        )
        return replace(claim, slot=next((right.slot for right in own), claim.slot))

    return list(dict.fromkeys(map(meant, claims)))


def _is_slip(slip: Claim, claim: Claim) -> bool:
    return 0 <= claim.at - slip.at <= _SOON and not slip.agrees(claim)


def _signs(cues: Sequence[Cue], kind: str) -> list[int]:
    return [at for at, cue in enumerate(cues) if sign(kind).search(cue.text.lower())]


def denials(text: str) -> list[float]:
    """The numbers that a line says are not so ("46, not 42"; 说成九十天了)."""
    return list(_denials(text))


def _denials(text: str) -> Iterator[float]:
    taken_back = sign("corrects").search(text)
    for number in measured(text):
        before = text[: number.start]
        if DENIED.search(before) or TOLD.search(before) or (taken_back and _EARLIER.search(before)):
            yield number.value
