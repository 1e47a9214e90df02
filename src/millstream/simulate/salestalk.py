"""Small talk that turns into a task (SalesBot, Chiu et al. 2022): chat, a line that shows an intent, a question.

The chat is ours, or a conversation that was found, cut behind the first line of its user that shows an intent. The task
is the schema-guided engine's. Knows no detector's words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from millstream import resources
from millstream.records import Lang
from millstream.services.annotated import Act, Frame, State, TaskDialogue, Turn
from millstream.services.graph import Api
from millstream.services.schema import ServiceSchema
from millstream.services.shown import Detector
from millstream.simulate.goals import World, drawn
from millstream.simulate.phrase import Said
from millstream.simulate.play import Table, played
from millstream.simulate.policy import Policy

LONGEST = 12
"""Lines of small talk that was found, at most; the last of them are kept."""
Lines = tuple[str, ...]
"""Small talk, the user's line first and last, in turn."""


def smalltalk(lang: Lang) -> Mapping[str, Any]:
    loaded: dict[str, dict[str, Any]] = resources.data("simulate/smalltalk.yaml")
    return loaded[lang]


@dataclass(frozen=True)
class Chat:
    """Small talk and the intent that its last line shows."""

    lines: Lines
    api: Api


@dataclass(frozen=True)
class Parlour:
    """What is talked about and on what; without `chats` the small talk is ours."""

    world: World
    detector: Detector
    chats: tuple[Chat, ...] = ()


def cut(lines: Sequence[tuple[str, str]], detector: Detector) -> Chat | None:
    """The talk up to the first line of its user that shows an intent, if something was said before it."""
    turns = list(lines)
    while turns and turns[0][0] != "user":
        turns = turns[1:]
    for n, (role, said) in enumerate(turns):
        if role != ("user", "agent")[n % 2]:
            return None
        api, _ = detector.best(said) if role == "user" else (None, 0.0)
        if api:
            return Chat(tuple(text for _, text in turns[: n + 1][-LONGEST + 1 :]), api) if n >= 2 else None
    return None


def outline(known: Parlour, policy: Policy, seed: int, number: int) -> TaskDialogue:
    """Dialogue `number` of a seed, the same whatever was played before."""
    rng = Random(f"sales {seed} {number}")
    chat = rng.choice(known.chats) if known.chats else _ours(known, rng)
    goals = drawn(known.world, policy, rng, chat.api.service)
    first = goals[0].search or goals[0].booking
    assert first is not None
    table = Table(rng, policy)
    name = chat.api.service.name
    for n, line in enumerate(chat.lines):
        frame = Frame(name, (Act("CHIT_CHAT"),), state=State() if n % 2 == 0 else None)
        table.turns.append(Turn("user" if n % 2 == 0 else "agent", line, (frame,)))
    own = smalltalk(chat.api.service.lang)
    asked = rng.sample(own["transition"], len(own["transition"]))
    does = Said(chat.api.service, first.name, chat.api.service.lang, rng, frozenset()).do(first.name)
    gap = " " if chat.api.service.lang == "en" else ""
    ways = [f"{rng.choice(own['reply'])}{gap}{each.replace('{do}', does)}" for each in asked]
    acts = (Act("CHIT_CHAT"), Act("OFFER_INTENT", "intent", (first.name,)))
    more = {"position": len(table.turns) - 1, "intent": first.name, "service": name, "transition_candidates": ways}
    table.turns.append(Turn("agent", ways[0], (Frame(name, acts),)))
    key = f"{seed}-{number:06d}"
    if rng.random() < policy.decline:
        table.turns.append(Turn("user", "", (Frame(name, (Act("NEGATE_INTENT"),), state=State()),)))
        table.turns.append(Turn("agent", rng.choice(own["leave"]), (Frame(name, (Act("GOODBYE"),)),)))
        return TaskDialogue(key, (name,), tuple(table.turns), chat.api.service.lang, True, {"sales": more})
    table.offered = first.name
    made = played(table, known.world, goals, key)
    return TaskDialogue(key, made.services, made.turns, made.lang, True, {"sales": more})


def _ours(known: Parlour, rng: Random) -> Chat:
    """A few exchanges, and a line with a word that shows the service."""
    every = [(each, noun) for each in known.world.services for noun in nouns(each, known.detector)]
    service, noun = rng.choice(every)
    own = smalltalk(service.lang)
    more = rng.sample(own["on"], rng.choice((0, 1, 2)))
    lines = [*rng.choice(own["open"]), *(line for pair in more for line in pair)]
    lines.append(_article(rng.choice(own["near"]).replace("{noun}", noun)))
    intent = next((each for each in service.intents if not each.transactional), service.intents[0])
    return Chat(tuple(lines), Api(service, intent))


def nouns(service: ServiceSchema, detector: Detector) -> tuple[str, ...]:
    """The words for what a service is about by which the detector knows it."""
    said = Said(service, service.intents[0].name, service.lang, Random(0), frozenset())
    last = service.intents[0].name.rsplit("_", 1)[-1].lower() if service.lang == "zh" else ""
    found = []
    domain = service.domain.lower()
    single = f"{domain[:-3]}y" if domain.endswith("ies") else domain.removesuffix("s")
    for noun in dict.fromkeys((*said.nouns, *([last] if last else []), single)):
        api, _ = detector.best(noun)
        if api and api.service.name == service.name and (service.lang == "zh" or noun.isalpha()):
            found.append(noun)
    return tuple(found)


def _article(line: str) -> str:
    for vowel in "aeio":
        line = line.replace(f" a {vowel}", f" an {vowel}")
    return line
