"""Does the knowledge support what the agent says, read from the words alone?

Finds the claims of each agent turn (know/check.py) and rejects what is contradicted or has expired; then lets the
clauses that tell of nothing known be made of what everybody says (vouched.py). Needs no labels, so it judges dialogues
that were played freely, or come from elsewhere. What a user has said an agent may repeat, and what the document says
that a turn rests on it may quote.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from millstream import deliveries
from millstream.domain import Domain
from millstream.know.cells import Reader, items, key
from millstream.know.check import Checker, without_questions
from millstream.know.documents import unquoted
from millstream.know.worked_out import Claim, Comparison, Terms, without_totals
from millstream.records import Act, Dialogue, Lang, Turn, Verdict
from millstream.shapes import Critic, Known
from millstream.vouched import Vouched

COMPARED: dict[Lang, dict[str, bool]] = {
    "zh": {"便宜": True, "贵": False},
    "en": {"cheaper": True, "less expensive": True, "more expensive": False, "dearer": False},
}
"""Words that compare prices, and whether less is meant."""


def critic(known: Known) -> Critic:
    """Facts without an end do not expire; see `dated` for a day."""
    return dated(known, "")


def dated(known: Known, day: str) -> Critic:
    """The same for dialogues of one day (an ISO date)."""
    faults = turn_faults(known, day)

    async def judged(dialogue: Dialogue) -> Verdict:
        agents = [n for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
        found = [(n, what) for n in agents for what in faults(dialogue, n)]
        reason = "; ".join(f"turn {n}: {what}" for n, what in found[:3])
        turns = tuple(dict.fromkeys(n for n, _ in found))
        return Verdict(critic="grounding", passed=not found, reason=reason, turns=turns)

    return judged


def turn_faults(known: Known, day: str) -> Callable[[Dialogue, int], list[str]]:
    """What is wrong with one turn of an agent."""
    judge = _Judge(known, Checker(Reader(items(known.facts)), terms(known.domain, known.lang), day), Vouched(known))

    def faults(dialogue: Dialogue, n: int) -> list[str]:
        before, turn = dialogue.turns[:n], dialogue.turns[n]
        claims = judge.claims(turn, before)
        return [*judge.unsupported(claims, before), *judge.strange(turn, claims, before)]

    return faults


def counter(known: Known) -> Callable[[Iterable[Dialogue]], tuple[int, int]]:
    """Counts how many turns the agents of some dialogues have, and how many of these claim something that the knowledge
    does not support. A dialogue that was counted before is looked at no more."""
    faults = turn_faults(known, "")

    @cache
    def of(dialogue: Dialogue) -> tuple[int, int]:
        found = [bool(faults(dialogue, n)) for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
        return len(found), sum(found)

    def counted(dialogues: Iterable[Dialogue]) -> tuple[int, int]:
        each = [(0, 0), *map(of, dialogues)]
        return sum(turns for turns, _ in each), sum(found for _, found in each)

    return counted


def terms(domain: Domain, lang: Lang) -> Terms:
    """What the words of comparison are about: the first slot of money."""
    money = next((slot.name for slot in domain.slots if slot.kind == "money"), "")
    return Terms({word: Comparison(money, less) for word, less in COMPARED[lang].items()} if money else {})


@dataclass(frozen=True)
class _Judge:
    known: Known
    checker: Checker
    vouched: Vouched

    def unsupported(self, claims: Sequence[Claim], before: Sequence[Turn]) -> Iterator[str]:
        users = [each.text for each in before if each.role == "user"]
        for claim in claims:
            if claim.verdict in ("contradicted", "expired") and not self._is_repeated(claim, users):
                yield f"{claim.verdict}: {claim.text} ({claim.name})"

    def strange(self, turn: Turn, claims: Sequence[Claim], before: Sequence[Turn]) -> Iterator[str]:
        """Clauses that neither tell of what is known nor are what everybody says. What the supported claims rest on
        stands in for the acts of the turn, and every slot may be spoken of."""
        told = [fact for claim in claims if claim.verdict == "supported" for fact in claim.facts]
        acts = [Act(act="inform", slot=fact.attribute, value=fact.value, entity=fact.entity) for fact in told]
        acts += [Act(act="inform", slot=slot.name) for slot in self.known.domain.slots]
        last = [*(each.text for each in before[-2:]), *deliveries.spoken_of(turn.delivery, self.known.lang)]
        claimed = self.checker.without_asked(unquoted(turn.text, turn))
        said = without_totals(without_questions(claimed))
        yield from self.vouched.strange(said, acts, " ".join(last))

    def claims(self, turn: Turn, before: Sequence[Turn]) -> list[Claim]:
        return self.checker.claims(unquoted(turn.text, turn), [each.text for each in before])

    def _is_repeated(self, claim: Claim, users: Sequence[str]) -> bool:
        """Everything in it was said by the user."""
        said = {each.key for line in users for each in self.checker.reader.said(line)}
        names = {key(item.name) for item in self.checker.reader.items}
        return claim.kind == "told" and set(claim.text.split("; ")) - names <= said
