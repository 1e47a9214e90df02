"""Does a speaker know what only the other side knows?

A user may not name an entity or a value of its facts before it has been said; an agent may not name a wish before
the user has. What was said by anybody is shared from then on.
"""

from collections.abc import Iterator, Mapping

from millstream import heard
from millstream.records import Dialogue, Verdict
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
        brought = {act.entity for act in turn.acts} | {
            act.value for act in turn.acts if act.act in ("request_compare", "inform")
        }
        if turn.role == "user":
            text = heard.plain(turn.text)
            for name in sorted(name for name, plain in entities.items() if plain in text and name not in brought):
                if entities[name] not in heard.folded(said):
                    yield n, f"the user names {name!r}, which nobody has mentioned"
        else:
            own = " ".join(act.value for act in turn.acts)
            asked = {act.slot for act in turn.acts if act.act == "request"}  # a question may list what there is
            text = heard.plain(turn.text)
            told = [each for each in wishes if each.slot not in asked and heard.plain(each.value) in text]
            for wish in told:
                if not heard.says(said + own, wish.value):
                    yield n, f"the agent knows {wish.value!r} before the user has said it"
            wishes = [each for each in wishes if each not in told]  # what was said once may be said again
        said += " " + turn.text
