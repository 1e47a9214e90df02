"""Outlines: a user's goals against an agent's policy, turn by turn, with the state after each. Knows no words.

Acts are those of Schema-Guided Dialogue, and CORRECT (a value taken back) and CHIT_CHAT. Every call asks the rows, so
that what is offered and told is true.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from millstream.services.annotated import Act, Call, Frame, State, TaskDialogue, Turn
from millstream.services.knowledge import Row
from millstream.services.schema import DONTCARE, IntentSchema
from millstream.simulate.goals import Goal, World, drawn
from millstream.simulate.policy import Policy

_TRIES = 3
"""How often a search is changed, or a call tried again."""
_EARLY = 0.3
"""The share of questions about an offer that come before another one is asked for."""


def outline(world: World, policy: Policy, seed: int, number: int) -> TaskDialogue:
    """Outline `number` of a seed; the same for the same world and policy, whatever was played before."""
    rng = Random(f"{seed} {number}")
    goals = drawn(world, policy, rng)
    table = Table(rng, policy, beside=Random(f"beside {seed} {number}"))
    if rng.random() < policy.chat:
        _small_talk(table, goals[0])
    return played(table, world, goals, f"{seed}-{number:06d}")


def played(table: "Table", world: World, goals: Sequence[Goal], key: str) -> TaskDialogue:
    """These goals, one after the other, behind what is on the table."""
    for n, goal in enumerate(goals):
        _Service(table, world, goal, last=n == len(goals) - 1).play()
    names = tuple(dict.fromkeys(goal.service.name for goal in goals))
    return TaskDialogue(key, names, tuple(table.turns), goals[0].service.lang, synthetic=True)


def outlines(world: World, policy: Policy, seed: int, numbers: range) -> Iterator[TaskDialogue]:
    return (outline(world, policy, seed, number) for number in numbers)


@dataclass
class Table:
    """What both sides share while they play."""

    rng: Random
    policy: Policy
    turns: list[Turn] = field(default_factory=list)
    pending: list[Act] = field(default_factory=list)
    offered: str = ""
    """`pending`: acts of the user that wait for the next user turn; `offered`: an intent that was proposed."""
    beside: Random = field(default_factory=lambda: Random(0))
    """Decides on asides, so that an outline with them is else the same as without."""

    def chance(self, of: float) -> bool:
        return self.rng.random() < of


def _small_talk(table: Table, goal: Goal) -> None:
    """Two to four turns without a task, then the agent asks whether it may help with it (SalesBot, section 3)."""
    name, first = goal.service.name, goal.search or goal.booking
    for _ in range(table.rng.choice((1, 1, 2))):
        table.turns.append(Turn("user", "", (Frame(name, (Act("CHIT_CHAT"),), state=State()),)))
        table.turns.append(Turn("agent", "", (Frame(name, (Act("CHIT_CHAT"),)),)))
    if first:
        ask = (Act("OFFER_INTENT", "intent", (first.name,)),)
        table.turns[-1] = Turn("agent", "", (Frame(name, (Act("CHIT_CHAT"), *ask)),))
        table.offered = first.name


class _Service:
    """The part of a dialogue that one goal takes."""

    def __init__(self, table: Table, world: World, goal: Goal, last: bool) -> None:
        self.table, self.world, self.goal, self.last = table, world, goal, last
        self.rng, self.policy, self.name = table.rng, table.policy, goal.service.name
        self.values: dict[str, tuple[str, ...]] = {}
        self.intent = "NONE"
        self.requests = list(goal.requests)
        self.offered: dict[str, str] = {}
        self.inputs = {name for intent in goal.service.intents for name in intent.inputs}

    # --- turns

    def user(self, acts: list[Act]) -> None:
        for act in acts:
            if act.act in ("INFORM", "CORRECT", "SELECT") and act.slot in self.inputs:
                self.values[act.slot] = act.values
        asked = tuple(act.slot for act in acts if act.act == "REQUEST")
        state = State(self.intent, asked, dict(self.values))
        self.table.turns.append(Turn("user", "", (Frame(self.name, tuple(acts), state=state),)))

    def agent(self, acts: list[Act], call: Call | None = None, results: tuple[Row, ...] | None = None) -> None:
        self.table.turns.append(Turn("agent", "", (Frame(self.name, tuple(acts), call=call, results=results),)))

    # --- a whole service

    def play(self) -> None:
        goal, acts = self.goal, list(self.table.pending)
        self.table.pending.clear()
        row: Row | None = None
        done = False
        if goal.search:
            row = self.search(acts)
            if row is None or goal.booking is None:
                if row is not None and self.table.chance(self.policy.select):
                    self.take()
                    self.table.pending.append(Act("SELECT"))
                return self.close()
            turned = self.turn_to_booking(goal.booking, row)
            done = turned is not None and self.book(turned, goal.booking)
        elif goal.booking:
            done = self.book(self.opened(goal.booking, acts), goal.booking)
        self.close(done)

    def opened(self, intent: IntentSchema, before: list[Act]) -> list[Act]:
        """The user says what it wants, and some of its wishes."""
        self.intent = intent.name
        offered = self.table.offered == intent.name
        self.table.offered = ""
        want = Act("AFFIRM_INTENT") if offered else Act("INFORM_INTENT", "intent", (intent.name,))
        said = [
            Act("INFORM", name, (self.goal.wishes[name],))
            for name in intent.inputs
            if name in self.goal.wishes and name not in self.values and self.table.chance(self.volunteer(name))
        ]
        self.rng.shuffle(said)
        return [*before, want, *said[:4]]

    def volunteer(self, name: str) -> float:
        return 0.9 if name in self.goal.carried else self.policy.volunteer

    def collect(self, acts: list[Act], intent: IntentSchema) -> None:
        """Until every wish of the intent is known: the agent asks, the user answers, more or less exactly."""
        self.user(acts)
        while missing := [name for name in intent.required if name not in self.values]:
            asked = missing[: 2 if self.table.chance(self.policy.pair) else 1]
            self.agent([Act("REQUEST", name) for name in asked])
            told = [Act("INFORM", name, (self.goal.wishes.get(name, DONTCARE),)) for name in asked]
            left = [n for n in intent.inputs if n in self.goal.wishes and n not in (*self.values, *asked)]
            if left and self.table.chance(0.3):
                told.append(Act("INFORM", left[0], (self.goal.wishes[left[0]],)))
            self.user([*self.slip(), *told])
        left = [name for name in intent.inputs if name in self.goal.wishes and name not in self.values]
        if left:
            self.agent([Act("REQUEST", name) for name in left[:2]])
            self.user([Act("INFORM", name, (self.goal.wishes[name],)) for name in left])

    def slip(self) -> list[Act]:
        """Now and then the user mends what it said before."""
        if not self.table.chance(self.policy.correction) or not self.values:
            return []
        name = self.rng.choice(list(self.values))
        rows = self.world.knowledge.rows[self.name]
        other = self.rng.choice(rows).get(name)
        if other is None or (other,) == self.values[name] or name in self.goal.carried:
            return []
        self.goal.wishes[name] = other
        return [Act("CORRECT", name, (other,))]

    # --- searching

    def search(self, acts: list[Act]) -> Row | None:
        """The row that the user likes, or None."""
        intent = self.goal.search
        assert intent is not None
        self.collect(self.opened(intent, acts), intent)
        for _ in range(_TRIES):
            found = self.found(intent)
            if not found:
                self.agent([Act("NOTIFY_FAILURE")], self.call(intent), ())
                if not self.give_way(intent):
                    return None
                continue
            row, changed = self.offer(intent, found)
            if not changed:
                return row
        found = self.found(intent)
        if not found:
            self.agent([Act("NOTIFY_FAILURE")], self.call(intent), ())
            self.user([Act("NEGATE")])
            return None
        return self.shown(intent, found[0], len(found), found)

    def found(self, intent: IntentSchema) -> tuple[Row, ...]:
        wanted = {n: tuple(v[0].split("|")) for n, v in self.values.items() if n in intent.inputs}
        return self.world.knowledge.query(self.name, wanted)

    def call(self, intent: IntentSchema) -> Call:
        known = {name: values[0] for name, values in self.values.items() if name in intent.inputs}
        return Call(intent.name, {n: v for n, v in known.items() if v != DONTCARE})

    def give_way(self, intent: IntentSchema) -> bool:
        """Nothing was found: the user wants something else, or leaves it."""
        free = [name for name in intent.inputs if name in self.values and self.values[name] != (DONTCARE,)]
        if not free or not self.table.chance(self.policy.retry):
            self.user([Act("NEGATE")])
            return False
        name = self.rng.choice(free)
        rows = [
            row for row in self.world.knowledge.rows[self.name] if row.get(name) not in (None, self.values[name][0])
        ]
        if not rows:
            self.user([Act("NEGATE")])
            return False
        others = {n: tuple(v[0].split("|")) for n, v in self.values.items() if n in intent.inputs and n != name}
        fitting = self.world.knowledge.query(self.name, others)
        self.user([Act("CORRECT", name, (self.rng.choice(fitting or rows).get(name, DONTCARE),))])
        return True

    def offer(self, intent: IntentSchema, found: tuple[Row, ...]) -> tuple[Row, bool]:
        """(the row, did the user change its mind?). Another one may be asked for first."""
        row = self.shown(intent, found[0], len(found), found)
        self.ask_about(row, self.policy.request * _EARLY)
        if self.goal.changes:
            name, value = self.goal.changes.popitem()
            self.goal.wishes[name] = value
            self.user([Act("CORRECT", name, (value,))])
            return row, True
        at = 0
        while at + 1 < len(found) and at < 2 and self.table.chance(self.policy.alternatives):
            at += 1
            said = self.narrowed(intent, found[at]) if self.table.chance(self.policy.narrow) else []
            self.user([Act("REQUEST_ALTS"), *said])
            if said and (fitting := self.found(intent)):  # none fits where a question has taken the offer before
                found, at = fitting, 0
            row = self.shown(intent, found[at], len(found) if said else 0, found if said else ())
        self.ask_about(row, self.policy.request)
        self.aside(row)
        return row, False

    def aside(self, row: Row) -> None:
        """Now and then the offer is named with another service's thing, and neither is wished for."""
        chance, key = self.world.asides.get(self.name, 0.0), self.goal.service.key
        others = [each for each in self.world.services if each.name != self.name and each.key]
        rng = self.table.beside
        if rng.random() >= chance or not others or key not in row:
            return
        other = rng.choice(others)
        name = rng.choice(self.world.knowledge.rows[other.name]).get(other.key)
        if name:
            self.user([Act("ASIDE", "", tuple(rng.sample((row[key], name), 2)))])
            self.agent([Act("ASIDE")])

    def narrowed(self, intent: IntentSchema, row: Row) -> list[Act]:
        """A wish that was not said yet, and that this row would meet."""
        free = [n for n, _ in intent.optional if n not in self.values and row.get(n)]
        if not free:
            return []
        name = self.rng.choice(free)
        self.goal.wishes[name] = row[name]
        return [Act("INFORM", name, (row[name],))]

    def shown(self, intent: IntentSchema, row: Row, count: int, found: tuple[Row, ...]) -> Row:
        """The agent offers a row: by its name, or by what is not known of it yet."""
        key = self.goal.service.key
        names = [key] if key in row else []
        others = [n for n in intent.results if n in row and n not in self.values and n != key]
        self.rng.shuffle(others)
        names += others[: self.rng.choice((0, 1, 2)) if names else 3]
        names = names or [n for n in intent.results if n in row][:2]
        acts = [Act("OFFER", name, (row[name],)) for name in names]
        self.offered = {name: row[name] for name in names if name in self.inputs and (name == key or not key)}
        if count and self.table.chance(self.policy.count):
            acts.append(Act("INFORM_COUNT", "count", (str(count),)))
        self.agent(acts, self.call(intent) if found else None, found[:5] if found else None)
        return row

    def ask_about(self, row: Row, chance: float) -> None:
        while self.requests and self.table.chance(chance):
            asked = [n for n in self.requests[:2] if n in row]
            del self.requests[:2]
            if asked:
                if self.table.chance(self.policy.refer):
                    self.take()
                self.user([Act("REQUEST", name) for name in asked])
                self.agent([Act("INFORM", name, (row[name],)) for name in asked])

    # --- transactions

    def turn_to_booking(self, booking: IntentSchema, row: Row) -> list[Act] | None:
        """The offer is taken: its name becomes a wish, and the intent changes. None: it is not to be booked."""
        key = self.goal.service.key
        for name in (key, *booking.inputs):
            if name in row and (name in self.values or (name == key and name in self.inputs)):
                self.goal.wishes[name] = row[name]
        self.take()
        if self.table.chance(self.policy.offer_intent):
            if self.table.chance(self.policy.select):
                self.user([Act("SELECT", *((key, (row[key],)) if key in row else ()))])
            else:
                self.user([Act("AFFIRM")])
            self.agent([Act("OFFER_INTENT", "intent", (booking.name,))])
            if self.table.chance(self.policy.decline):
                self.user([Act("NEGATE_INTENT")])
                return None
            self.table.offered = booking.name
            return self.opened(booking, [])
        said = [Act("SELECT")] if self.table.chance(self.policy.select) else []
        return self.opened(booking, said)

    def take(self) -> None:
        """What was offered is what the user wants."""
        self.values |= {name: (value,) for name, value in self.offered.items()}

    def book(self, acts: list[Act], booking: IntentSchema) -> bool:
        """Collected, confirmed, called. True if the call went well."""
        self.collect(acts, booking)
        defaults = {n: _spoken(v) for n, v in booking.optional if v not in (DONTCARE, "", "None")}
        for _ in range(_TRIES):
            known = {n: self.values[n] for n in booking.inputs if n in self.values and self.values[n] != (DONTCARE,)}
            left = {n: (v,) for n, v in defaults.items() if n not in known and self.table.chance(self.policy.default)}
            confirmed = known | left
            self.agent([Act("CONFIRM", name, values) for name, values in confirmed.items()])
            if self.table.chance(self.policy.negate) and (mended := self.mended(list(confirmed))):
                self.user([Act("NEGATE"), mended])
                continue
            self.values |= confirmed
            row = {n: v[0] for n, v in self.values.items()}
            told = self.told_of(row) if self.table.chance(self.policy.ask_booked) else []
            self.user([Act("AFFIRM"), *(Act("REQUEST", act.slot) for act in told)])
            failed = self.table.chance(self.policy.failure)
            notice = [Act("NOTIFY_FAILURE")] if failed else [*told, Act("NOTIFY_SUCCESS")]
            self.agent(notice, self.call(booking), () if failed else (row,))
            if not failed:
                if not told and (told := self.told_of(row)) and self.table.chance(self.policy.request):
                    self.user([Act("REQUEST", act.slot) for act in told])
                    self.agent(told)
                return True
            if self.table.chance(self.policy.propose) and (other := self.mended(list(known))):
                self.table.turns.pop()
                proposed = [*notice, Act("CONFIRM", other.slot, other.values)]
                self.agent(proposed, self.call(booking), ())
                self.values[other.slot] = other.values
                self.user([Act("AFFIRM")])
                self.agent([Act("NOTIFY_SUCCESS")], self.call(booking), ({n: v[0] for n, v in self.values.items()},))
                return True
            if not self.table.chance(self.policy.retry) or not (mended := self.mended(list(known))):
                self.user([Act("NEGATE")])
                return False
            self.user([mended])
        return False

    def told_of(self, booked: Row) -> list[Act]:
        """The answer to the next thing the user wants to know of what it books, if a row of it says."""
        key = self.goal.service.key
        rows = self.world.knowledge.rows[self.name] if key else ()
        row = next((each for each in rows if each.get(key) == booked.get(key)), {})
        asked = [name for name in self.requests if name in row and name not in booked][:1]
        self.requests = [name for name in self.requests if name not in asked]
        return [Act("INFORM", name, (row[name],)) for name in asked]

    def mended(self, names: list[str]) -> Act | None:
        """Another value for one of these slots."""
        rows = self.world.knowledge.rows[self.name]
        for _ in range(_TRIES):
            name, row = self.rng.choice(names), self.rng.choice(rows)
            if name != self.goal.service.key and row.get(name) and (row[name],) != self.values.get(name):
                return Act("CORRECT", name, (row[name],))
        return None

    def close(self, done: bool = False) -> None:
        """Thanks, and goodbye or on to the next service."""
        if self.table.pending and self.table.pending[-1].act == "SELECT":
            ends = self.last and self.table.chance(0.5)
            self.user([self.table.pending.pop(), *([Act(self.rng.choice(("THANK_YOU", "GOODBYE")))] if ends else [])])
            if ends:
                return self.agent([Act("GOODBYE")])
        if self.table.turns[-1].role == "user":
            self.agent([Act("REQ_MORE")])
        self.intent = self.intent if self.last else "NONE"
        if not self.last:
            if self.table.chance(0.4):
                self.table.pending.append(Act("THANK_YOU"))
            return
        asked = [act.act for act in self.table.turns[-1].frames[0].acts] == ["REQ_MORE"]
        if not asked and self.table.chance(self.policy.anything):
            self.user([Act("THANK_YOU")])
            self.agent([Act("REQ_MORE")])
            asked = True
        no = [Act("NEGATE")] if asked and self.table.chance(0.6) else []
        self.user([*no, Act("THANK_YOU"), *([Act("GOODBYE")] if not no and self.table.chance(0.5) else [])])
        self.agent([Act("GOODBYE")])


def _spoken(default: str) -> str:
    """A date of the schema's own day, as Schema-Guided Dialogue has for a default, is today."""
    return "today" if re.fullmatch(r"\d{4}-\d\d-\d\d", default) else default
