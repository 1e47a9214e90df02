"""Dialogues by guidelines (ABCD): the agent takes a plan's actions in their order, with values it has to ask for.

A value that does not belong to the customer's record is found when it is checked, and put right. Each dialogue notes
its plans: one subflow, or two of a flow. Knows no words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from millstream.services.annotated import Act, Call, Frame, State, TaskDialogue, Turn
from millstream.services.guidelines import Guidelines
from millstream.services.knowledge import Knowledge, Row
from millstream.simulate.policy import Policy


@dataclass(frozen=True)
class Desk:
    """What agents work with."""

    known: Guidelines
    records: Knowledge


def outline(desk: Desk, policy: Policy, seed: int, number: int) -> TaskDialogue:
    """Dialogue `number` of a seed, the same whatever was played before."""
    rng = Random(f"guided {seed} {number}")
    flow = rng.choice(list(desk.known.flows))
    names = list(desk.known.flows[flow].subflows)
    jobs = rng.sample(names, 2 if rng.random() < policy.more and len(names) > 1 else 1)
    talk = _Talk(desk, policy, rng, flow)
    more = {"plans": [talk.job(name, first=not n) for n, name in enumerate(jobs)]}
    talk.close()
    key = f"{seed}-{number:06d}"
    return TaskDialogue(key, (flow,), tuple(talk.turns), desk.known.lang, synthetic=True, extra=more)


class _Talk:
    """One dialogue while it is played; the customer is a record."""

    def __init__(self, desk: Desk, policy: Policy, rng: Random, flow: str) -> None:
        self.desk, self.policy, self.rng, self.flow = desk, policy, rng, flow
        self.turns: list[Turn] = []
        self.held: dict[str, tuple[str, ...]] = {}
        self.record: Row = rng.choice(desk.records.rows[flow])
        self.subflow = ""
        self.waiting: list[Frame] = []

    # --- turns

    def user(self, acts: list[Act]) -> None:
        self.held.update({act.slot: act.values for act in acts if act.act in ("INFORM", "CORRECT")})
        state = State(self.subflow, (), dict(self.held))
        self.turns.append(Turn("user", "", (Frame(self.flow, tuple(acts), state=state),)))

    def agent(self, acts: list[Act]) -> None:
        """What was done since the user spoke, and these acts."""
        frames = [*self.waiting, *([Frame(self.flow, tuple(acts))] if acts else [])]
        self.waiting = []
        self.turns.append(Turn("agent", "", tuple(frames)))

    # --- a subflow

    def job(self, name: str, first: bool) -> Mapping[str, object]:
        """Plays it; the plan, what stopped it and the actions that went well."""
        self.subflow = name
        plan, done = self.desk.known.plan(self.flow, name), list[str]()
        if not first:
            self.agent([Act("REQ_MORE")])
        free = [slot for slot in self.desk.known.slots_of(self.flow, name) if slot not in self.held]
        said = [slot for slot in free if self.rng.random() < self.policy.volunteer / 2]
        self.user([Act("INFORM_INTENT", "intent", (name,)), *(self.told(slot) for slot in said[:2])])
        stopped = ""
        for action in plan:
            self.collect(action)
            self.act(action)
            done.append(action)
            if stopped := self.stop(action):
                break
        self.agent([Act("RESPONSE_FAIL" if stopped else "NOTIFY_SUCCESS")])
        self.user([Act("THANK_YOU")])
        return {"flow": self.flow, "subflow": name, "plan": list(plan), "stopped": stopped, "done": done}

    def told(self, slot: str, right: bool = False) -> Act:
        """The record's value; now and then, where it will be checked, another record's."""
        checked = any(action.checks and slot in action.slots for action in self.desk.known.actions.values())
        value = self.record.get(slot) or self.rng.choice(self.desk.known.slots[slot].values)
        if checked and not right and self.rng.random() < self.policy.mistake:
            value = self.rng.choice(self.desk.records.rows[self.flow]).get(slot, value)
        return Act("INFORM", slot, (value,))

    def collect(self, action: str) -> None:
        missing = [slot for slot in self.desk.known.actions[action].slots if slot not in self.held]
        while missing:
            asked = missing[: 2 if self.rng.random() < self.policy.pair else 1]
            del missing[: len(asked)]
            self.agent([Act("REQUEST", slot) for slot in asked])
            self.user([self.told(slot) for slot in asked])

    def act(self, action: str) -> None:
        """The call; what a check does not find is asked for again until it is right."""
        about = self.desk.known.actions[action]
        while True:
            given = {slot: self.held[slot][0] for slot in about.slots}
            rows = self.desk.records.query(self.flow, {n: (v,) for n, v in given.items()}) if about.checks else ()
            said = (Act("ACTION", "action", (action,)),)
            self.waiting.append(Frame(self.flow, said, call=Call(action, given), results=rows))
            if rows or not about.checks:
                return
            wrong = [slot for slot in about.slots if self.record.get(slot) != given[slot]]
            self.agent([Act("NOTIFY_FAILURE"), *(Act("REQUEST", slot) for slot in wrong)])
            self.user([Act("CORRECT", slot, self.told(slot, right=True).values) for slot in wrong])

    def stop(self, action: str) -> str:
        """The slot of this action whose value the guidelines refuse."""
        stops = self.desk.known.flows[self.flow].subflows[self.subflow].stops
        slots = self.desk.known.actions[action].slots
        return next((slot for slot in slots if self.held[slot][0] in stops.get(slot, ())), "")

    def close(self) -> None:
        if self.rng.random() < 0.5:
            self.agent([Act("REQ_MORE")])
            self.user([Act("NEGATE"), Act("THANK_YOU")])
        self.agent([Act("GOODBYE")])
