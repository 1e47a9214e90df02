"""Dialogues across an API graph, after ToolDial (Shim et al. 2025): sixteen actions, their order by rules.

A user asks for one API, more or less clearly; what it needs is asked for; what the user cannot say is fetched from
another API whose output fits. Each turn notes its actions. Knows no words but those of what is asked vaguely.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from millstream.services.annotated import Act, Call, Frame, State, TaskDialogue, Turn
from millstream.services.graph import Api, Edge, Retriever, apis, asked_for, edges, words
from millstream.services.knowledge import Row
from millstream.simulate.goals import World
from millstream.simulate.policy import Policy

SURE, MAYBE = 0.6, 0.5
"""From such a score on an API is taken, or suggested; below, the agent asks back (ToolDial, section 3)."""
TRIES = 20
"""How often a vague request is drawn until the retriever's score is what is wanted (ToolDial)."""
MANY = 3
"""Rows of a list that the agent reads out."""
VAGUE = (
    "plans", "matters", "things", "stuff", "affairs", "business", "arrangements", "details", "information", "topics",
)  # fmt: skip


@dataclass(frozen=True)
class Tools:
    """What dialogues are played on: the APIs, what fits what, and who finds them."""

    world: World
    edges: tuple[Edge, ...]
    retriever: Retriever
    givers: Retriever


def tools(world: World) -> Tools:
    """An edge whose source is not found by what it gives cannot be played."""
    every = apis(world.services)
    givers = Retriever(every, by_output=True)
    played = []
    for edge in edges(world.services, world.knowledge):
        found, score = givers.best(asked_for(edge.target.slot(edge.input)))
        played += [edge] if found == edge.source and score >= SURE else []
    return Tools(world, tuple(played), Retriever(every), givers)


def outline(known: Tools, policy: Policy, seed: int, number: int) -> TaskDialogue:
    """Dialogue `number` of a seed, the same whatever was played before."""
    rng = Random(f"tools {seed} {number}")
    edge = rng.choice(known.edges) if known.edges and rng.random() < 0.8 else None
    target = edge.target if edge else rng.choice(known.retriever.every)
    talk = _Talk(known, policy, rng, target, edge)
    talk.play()
    names = tuple(dict.fromkeys(frame.service for turn in talk.turns for frame in turn.frames))
    return TaskDialogue(f"{seed}-{number:06d}", names, tuple(talk.turns), target.service.lang, synthetic=True)


class _Talk:
    """One dialogue while it is played."""

    def __init__(self, known: Tools, policy: Policy, rng: Random, target: Api, edge: Edge | None) -> None:
        self.known, self.policy, self.rng, self.target, self.edge = known, policy, rng, target, edge
        self.turns: list[Turn] = []
        self.states: dict[str, dict[str, tuple[str, ...]]] = {}
        rows = known.world.knowledge.rows[target.service.name]
        self.shared = rng.choice(edge.values) if edge else ""
        self.row = rng.choice([row for row in rows if not edge or row.get(edge.input) == self.shared])

    # --- turns

    def user(self, api: Api, acts: list[Act], action: str, **more: Any) -> None:
        values = self.states.setdefault(api.service.name, {})
        values |= {act.slot: act.values for act in acts if act.act == "INFORM"}
        opened = acts[0].act not in ("INFORM_INTENT_VAGUE", "NEGATE_INTENT")
        state = State(api.intent.name if opened else "NONE", (), dict(values))
        frame = Frame(api.service.name, tuple(acts), state=state)
        self.turns.append(Turn("user", "", (frame,), {"actions": [{"action": action, **more}]}))

    def agent(self, frames: list[Frame], actions: list[Mapping[str, Any]]) -> None:
        self.turns.append(Turn("agent", "", tuple(frames), {"actions": actions}))

    def says(self, api: Api, acts: list[Act], action: str) -> None:
        self.agent([Frame(api.service.name, tuple(acts))], [{"action": action}])

    # --- the whole

    def play(self) -> None:
        if not self.start():
            self.says(self.target, [Act("RESPONSE_FAIL")], "response_fail")
        else:
            given = self.needs(self.target, self.row)
            if self.edge and self.edge.input not in self.states[self.target.service.name]:
                given |= self.fetched(self.edge)
            self.answer(given)
        self.user(self.target, [Act("THANK_YOU")], "user_bye")
        self.says(self.target, [Act("GOODBYE")], "system_bye")

    def start(self) -> bool:
        """The API is found, at once or after a look at what is meant. False: the user did not mean what was found."""
        vague = self.vague() if self.rng.random() < self.policy.vague else None
        if vague is None:
            self.clear()
            return True
        phrase, suggests = vague
        self.user(self.target, [Act("INFORM_INTENT_VAGUE", "", (phrase,))], "inform_intent_vague", finds=suggests)
        if not suggests:
            self.says(self.target, [Act("CLARIFY")], "clarify")
            self.clear()
            return True
        self.says(self.target, [Act("OFFER_INTENT", "intent", (self.target.intent.name,))], "suggest")
        if self.rng.random() < self.policy.decline:
            self.user(self.target, [Act("NEGATE_INTENT")], "negate")
            return False
        self.user(self.target, [Act("AFFIRM_INTENT")], "affirm")
        return True

    def clear(self) -> None:
        api = self.target
        kept = self.edge.input if self.edge else ""
        free = [name for name in api.intent.required if name != kept and name in self.row]
        said = [name for name in free if self.rng.random() < self.policy.volunteer]
        acts = [Act("INFORM", name, (self.row[name],)) for name in said]
        action = "inform_intent_clear_add" if said else "inform_intent_clear"
        self.user(api, [Act("INFORM_INTENT", "intent", (api.intent.name,)), *acts], action, finds=True)

    def vague(self) -> tuple[str, bool] | None:
        """Words between which the retriever's score for this API is no longer sure, and whether it suggests it."""
        own = [word for word in dict.fromkeys(words(self.target.intent.description)) if len(word) > 3]
        for _ in range(TRIES if own else 0):
            some = self.rng.sample(own, min(len(own), self.rng.choice((1, 1, 2))))
            phrase = " ".join((*some, *self.rng.sample(VAGUE, self.rng.choice((1, 1, 2)))))
            found, score = self.known.retriever.best(phrase)
            if score < MAYBE or (score < SURE and found == self.target):
                return phrase, score >= MAYBE
        return None

    def needs(self, api: Api, row: Row) -> dict[str, str]:
        """What the API requires and the user can say; asked for where it was not said."""
        held = self.states.setdefault(api.service.name, {})
        skip = self.edge.input if self.edge and api is self.edge.target else ""
        for name in (n for n in api.intent.required if n != skip and n not in held and n in row):
            self.says(api, [Act("REQUEST", name)], "request")
            self.user(api, [Act("INFORM", name, (row[name],))], "inform")
        return {name: held[name][0] for name in api.intent.inputs if name in held}

    def fetched(self, edge: Edge) -> dict[str, str]:
        """The input that the user is asked for: known, or fetched from the API that gives it."""
        self.says(edge.target, [Act("REQUEST", edge.input)], "request")
        if self.rng.random() >= self.policy.unknown:
            self.user(edge.target, [Act("INFORM", edge.input, (self.shared,))], "inform")
            return {edge.input: self.shared}
        self.user(edge.target, [Act("FAIL_INFORM", edge.input)], "fail_inform")
        rows = self.known.world.knowledge.rows[edge.source.service.name]
        row = self.rng.choice([each for each in rows if each.get(edge.output) == self.shared])
        query = asked_for(edge.target.slot(edge.input))
        found, score = self.known.givers.best(query)
        self.found = {"action": "retriever_call", "query": query, "api": found.name, "score": score}
        given = self.needs(edge.source, row)
        results = self.known.world.knowledge.query(edge.source.service.name, {n: (v,) for n, v in given.items()})
        call = Call(edge.source.intent.name, given)
        self.source = Frame(edge.source.service.name, call=call, results=results)
        if len({each.get(edge.output) for each in results}) > 1:
            self.choose(edge, row, results)
        return {edge.input: self.shared}

    found: Mapping[str, Any] | None = None
    source: Frame | None = None

    def choose(self, edge: Edge, row: Row, results: tuple[Row, ...]) -> None:
        """The source gives a list: the user picks a row by what can be said of it."""
        others = [name for name in edge.source.gives if name in row and name != edge.output]
        name = next((n for n in others if sum(each.get(n) == row[n] for each in results) == 1), edge.output)
        rest = [each for each in results if each.get(name) != row[name] and name in each]
        shown = [row, *self.rng.sample(rest, min(len(rest), MANY - 1))]
        self.rng.shuffle(shown)
        assert self.source is not None
        either = "|".join(dict.fromkeys(each[name] for each in shown))
        frame = Frame(self.source.service, (Act("OFFER", name, (either,)),), call=self.source.call, results=results)
        self.agent([frame], [*self.finding(), _called(frame), {"action": "request"}])
        self.user(edge.source, [Act("INFORM", name, (row[name],))], "inform")
        self.found = self.source = None

    def finding(self) -> list[Mapping[str, Any]]:
        return [self.found] if self.found else []

    def answer(self, given: dict[str, str]) -> None:
        """The call, after the one it hangs on, and what came of it."""
        api = self.target
        results = self.known.world.knowledge.query(api.service.name, {n: (v,) for n, v in given.items()})
        row = results[0]
        told = [name for name in api.gives if name in row][:2] or [n for n in api.intent.results if n in row][:1]
        acts = tuple(Act("INFORM", name, (row[name],)) for name in told)
        call = Call(api.intent.name, given)
        frame = Frame(api.service.name, acts or (Act("NOTIFY_SUCCESS"),), call=call, results=results)
        before = [self.source] if self.source else []
        calls = [_called(each) for each in (*before, frame)]
        self.agent([*before, frame], [*self.finding(), *calls, {"action": "response"}])


def _called(frame: Frame) -> Mapping[str, Any]:
    assert frame.call is not None
    name = f"{frame.service}.{frame.call.method}"
    return {"action": "call", "api": name, "parameters": dict(frame.call.parameters)}
