"""Does a speaker know what only the other side knows?

A user may not name an entity or a value of its facts before it has been said; an agent may not name a wish before
the user has. What was said by anybody is shared from then on.
"""

from collections.abc import Iterator, Mapping, Sequence

from millstream import heard
from millstream.records import Act, Dialogue, Verdict
from millstream.shapes import Critic, Known

_LEAST = 3
"""Characters of a value worth noticing: shorter ones ("5") come up by chance."""


def critic(known: Known) -> Critic:
    entities = {name: heard.plain(name) for name in {fact.entity for fact in known.facts}}

    async def judge(dialogue: Dialogue) -> Verdict:
        found = list(_leaks(dialogue, entities))
        reason = "; ".join(f"turn {n}: {what}" for n, what in found[:3])
        return Verdict(critic="leak", passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge


def _leaks(dialogue: Dialogue, entities: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """A comparison is a question about an entity the user has seen elsewhere (it is in its step's acts); a dish that is
    wished for may have a thing's name."""
    wishes = [wish for wish in dialogue.scenario.constraints if len(heard.plain(wish.value)) >= _LEAST]
    said = ""
    for n, turn in enumerate(dialogue.turns):
        text = heard.plain(turn.text)
        if turn.role == "user":
            for name in sorted(name for name, plain in entities.items() if plain in text):
                if name not in _brought(turn.acts) and entities[name] not in heard.folded(said):
                    yield n, f"the user names {name!r}, which nobody has mentioned"
        else:
            asked = {act.slot for act in turn.acts if act.act == "request"}  # a question may list what there is
            told = [each for each in wishes if each.slot not in asked and heard.plain(each.value) in text]
            for wish in told:
                own = " ".join(act.value for act in turn.acts)
                if not heard.says(said + own, wish.value):
                    yield n, f"the agent knows {wish.value!r} before the user has said it"
            wishes = [each for each in wishes if each not in told]  # what was said once may be said again
        said += " " + turn.text


def _brought(acts: Sequence[Act]) -> set[str]:
    """What a turn is about by its acts."""
    return {act.entity for act in acts} | {act.value for act in acts if act.act in ("request_compare", "inform")}
