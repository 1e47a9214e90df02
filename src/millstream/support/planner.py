"""RoleCS, planned: settings of topics by people, and for each the outline of a whole talk, worked out by program.

The planner gives goal and scene; coach and director take turns, each seeing its own side and what was heard; then each
move gets a right sentence with its values. What comes out are the core's records, so that the core's realisers, critics
and exporters hold for them. Knows no model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random
from string import Template

from millstream.records import (
    Act,
    Blueprint,
    Evidence,
    Lang,
    Outline,
    Path,
    Persona,
    Role,
    Scenario,
    Slot,
    Stage,
    Step,
    Trait,
)
from millstream.strategies import Framework
from millstream.support.cases import Case, Cases, Person, cases
from millstream.support.coach import MOST, Habits, Heard, coached
from millstream.support.director import directed

DOMAIN = "support"
MOVES = {"connecting": "greet", "identifying": "needs", "exploring": "recommend", "resolving": "inform"}
"""Stages of the framework as moves of the core; any other is the close."""
ACTS = {
    "greet": "greet", "ask": "request", "tell": "inform", "soothe": "empathise", "restate": "confirm",
    "suggest": "offer",
    "rule": "inform", "refuse": "refuse", "act": "confirm_booking", "later": "inform", "check": "request_more",
    "farewell": "bye", "open": "inform_intent", "vent": "complain", "ask_rule": "request", "demand": "negotiate",
    "thanks": "thank", "bye": "bye", "another": "request", "query": "request", "answer": "inform", "correct": "correct",
}  # fmt: skip
"""What a move is among the core's acts; any other accepts."""
OWN = ("ref", "days", "option", "other", "price", "hours", "address", "phone")
"""Values that are the agent's; the others are the customer's."""
PAIRED = {"act": "suggest", "refuse": "demand", "rule": "ask_rule"}
"""What is done is what was suggested, what is refused what was demanded: where there are as many lines of both, they
go in pairs."""


@dataclass(frozen=True)
class Setting:
    """One cell of topics by people: a case of the topic and a kind of person, mined where there are any."""

    number: int
    case: Case
    person: Person
    mined: Persona | None = None


def settings(known: Cases, count: int, seed: int, mined: Sequence[Persona] = ()) -> Iterator[Setting]:
    """The full cross of cases and people, in a drawn order, again and again until there are `count`. Mined personas
    take the place of packaged people in turn."""
    rng = Random(f"settings {seed}")
    number = 0
    while number < count:
        cells = list(product(known.cases, known.people))
        rng.shuffle(cells)
        for case, person in cells[: count - number]:
            own = mined[number % len(mined)] if mined else None
            by_type = {each.type: each for each in known.people}
            yield Setting(number, case, by_type[kind_of(own)] if own else person, own)
            number += 1


def kind_of(persona: Persona) -> str:
    """Which of our kinds a mined persona is nearest to, by what its fields show."""
    if "impatient" in (persona.get("patience") or "") or "急" in (persona.get("patience") or ""):
        return "irritable"
    if persona.get("asks_about"):
        return "curious"
    return "unsure" if persona.get("concern") else "calm"


@dataclass(frozen=True)
class Planned:
    """An outline with its cast, ready to be performed. `evidence` holds the rows of cases that turns rest on."""

    outline: Outline
    user: Persona
    agent: Persona
    blueprint: Blueprint
    evidence: dict[str, tuple[Evidence, ...]]


def planned(setting: Setting, lang: Lang, framework: Framework, habits: Habits, seed: int) -> Planned:
    """The talk of one setting; the same for the same seed."""
    rng = Random(f"support {seed} {setting.number} {setting.case.code} {setting.person.type}")
    known = cases(lang)
    values = _values(setting.case, known, rng, lang)
    heard = _talk(setting, habits, rng)
    user, agent = _user(setting, lang, values), _agent(setting.case, known, lang)
    blueprint = _blueprint(framework, lang)
    scenario = Scenario(
        domain=DOMAIN,
        lang=lang,
        user=user.id,
        agent=agent.id,
        blueprint=blueprint.id,
        path="service",
        outcome="resolved",
        aim=values["item"],
        constraints=(),
        requests=(),
        seed=seed,
        number=setting.number,
        manner=f"{setting.case.topic}/{setting.case.code}/{setting.person.type}",
    )
    writer = _Writer(setting.case, known, values, framework, rng, setting.person.type == "hurried")
    steps = tuple(writer.step(turn) for turn in heard)
    return Planned(Outline(scenario=scenario, steps=steps), user, agent, blueprint, writer.evidence)


def _talk(setting: Setting, habits: Habits, rng: Random) -> list[Heard]:
    """Coach and director in turn, until the agent has said goodbye."""
    case, order = setting.case, not setting.case.details
    wanted = case.slots if not order else _asked(case, rng)
    coach, director = coached(wanted, habits, rng, case.offers, order), directed(setting.person.type, rng, case)
    heard: list[Heard] = []
    while len(heard) < MOST:
        heard.append(coach.advise(heard, rng))
        if heard[-1].strategy == "AC":
            break
        heard.append(Heard("user", director.direct(heard)))
    return heard


def _asked(case: Case, rng: Random) -> tuple[str, ...]:
    """What this agent asks for an order: what is said again at its end, and some of the rest, in any order."""
    again = {name for line in case.restate for name in Template(line).get_identifiers()}
    needed = [slot for slot in case.slots if slot in again]
    spare = [slot for slot in case.slots if slot not in again]
    found = [*needed, *rng.sample(spare, rng.randint(0, len(spare)))]
    return tuple(rng.sample(found, len(found)))


def _values(case: Case, known: Cases, rng: Random, lang: Lang) -> dict[str, str]:
    proof, money = known.proofs[case.proof], rng.randrange(15, 400, 5)
    topic = known.topics[case.topic]
    options = rng.sample(case.options, 2) if case.options else ["", ""]
    drawn = {name: rng.choice(pool) for name, pool in ({"place": known.places} | known.pools | case.pools).items()}
    day, new_day = rng.sample(known.days if case.coming else known.past, 2)
    return drawn | {
        "option": options[0],
        "other": options[1],
        "new_day": new_day,
        "item": rng.choice(case.items),
        "name": rng.choice(known.names),
        "proof": "".join(str(rng.randrange(10)) if mark == "#" else mark for mark in proof.form),
        "proof_name": proof.name,
        "role": topic.role,
        "day": day,
        "amount": f"{money}元" if lang == "zh" else f"${money}",
        "days": str(rng.choice((2, 3, 5, 7, 14, 30))),
        "ref": f"{rng.choice('ABCDEFGH')}{rng.randrange(10_000, 100_000)}",
    }


@dataclass
class _Writer:
    """Puts moves into sentences: a line not yet used, its values filled in, what it rests on written down. `brief`: the
    customer says the shortest."""

    case: Case
    known: Cases
    values: dict[str, str]
    framework: Framework
    rng: Random
    brief: bool = False
    stage: str = ""
    used: set[str] = field(default_factory=set)
    state: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def step(self, turn: Heard) -> Step:
        line = self._line(turn.move, self.brief and turn.role == "user")
        if turn.move == "correct":
            self.values["day"] = self.values["new_day"]
        if turn.move.startswith("query_") and not self.used & {*self.case.open}:
            opened = self._line("open")  # who asks first says of what
            line = f"{opened}{'' if opened.endswith('。') else ' '}{line}"
        text = Template(line).substitute(self.values)
        heard = {
            name: self.values[name] for name in Template(line).get_identifiers() if name not in ("role", "proof_name")
        }
        if turn.role == "agent":
            self.stage = self.framework.home(turn.strategy, self.stage)
        else:
            self.state |= {name.removeprefix("new_"): value for name, value in heard.items() if name not in OWN}
        return Step(
            role=turn.role,
            acts=self._acts(turn, heard),
            state=tuple(Slot(slot=name, value=value) for name, value in self.state.items()),
            stage=self.stage,
            draft=text[0].upper() + text[1:],
            must=tuple(heard.values()),
            refs=self._refs(turn, line),
            strategy=turn.strategy,
            asks="?" in line or "？" in line,
        )

    def _line(self, move: str, brief: bool = False) -> str:
        every = self.known.lines(self.case, move)
        before = self.known.lines(self.case, PAIRED.get(move, ""))
        if len(before) == len(every) and (move != "act" or self.case.details):
            return next((line for one, line in zip(before, every, strict=True) if one in self.used), every[0])
        heard = [line for line in every if move.startswith("tell") or self._heard(line)] or every
        left = [line for line in heard if line not in self.used] or heard
        line = min(left, key=len) if brief else self.rng.choice(left)
        self.used.add(line)
        return line

    def _heard(self, line: str) -> bool:
        """Nothing in it is the customer's that the customer has not said."""
        return {*Template(line).get_identifiers()} <= {*self.state, *OWN, "item", "role", "proof_name"}

    def _acts(self, turn: Heard, heard: dict[str, str]) -> tuple[Act, ...]:
        verb, _, slot = turn.move.partition("_")
        act = ACTS.get(turn.move) or ACTS.get(verb, "accept")
        if act == "request":
            return (Act(act=act, slot=slot),)
        values = {name.removeprefix("new_"): value for name, value in heard.items() if name != "item"}
        told = tuple(
            Act(act=act, slot=name, value=value, entity=heard.get("item", "")) for name, value in values.items()
        )
        return told or (Act(act=act, entity=heard.get("item", "")),)

    def _refs(self, turn: Heard, line: str) -> tuple[str, ...]:
        """What the agent tells of rules rests on its row among the cases."""
        if turn.move not in ("rule", "refuse", "suggest"):
            return ()
        at = self.known.cases.index(self.case) + 1
        ref = f"{self.case.code}.{turn.move}.{self.known.lines(self.case, turn.move).index(line)}"
        self.evidence[ref] = (Evidence(source=f"cases/{self.case.code}", kind="row", at=(at,), quote=line),)
        return (ref,)


def _user(setting: Setting, lang: Lang, values: dict[str, str]) -> Persona:
    goal = Template(setting.case.goal).substitute(values)
    person = setting.person
    said = {
        "type": person.type,
        "patience": person.patience,
        "style": person.style,
        "need": goal,
        "name": values["name"],
    }
    own = {trait.name: trait for trait in setting.mined.fields if trait.origin == "mined"} if setting.mined else {}
    ours = tuple(own.get(name) or Trait(name=name, value=value, origin="schema") for name, value in said.items())
    extra = tuple(trait for name, trait in own.items() if name not in said)
    return Persona(role="user", domain=DOMAIN, lang=lang, fields=(*ours, *extra))


def _agent(case: Case, known: Cases, lang: Lang) -> Persona:
    topic = known.topics[case.topic]
    fields = {"role": topic.role, "scope": topic.name}
    traits = tuple(Trait(name=name, value=value, origin="schema") for name, value in fields.items())
    return Persona(role="agent", domain=DOMAIN, lang=lang, fields=traits)


def _blueprint(framework: Framework, lang: Lang) -> Blueprint:
    names = tuple(stage.names[lang] for stage in framework.stages)
    stages = tuple(
        Stage.model_validate({"name": stage.names[lang], "move": MOVES.get(stage.code, "close")})
        for stage in framework.stages
    )
    route = Path(name="service", stages=names, outcome="resolved")
    return Blueprint(domain=DOMAIN, lang=lang, stages=stages, paths=(route,), origin="schema")


def owner(slot: str) -> Role:
    """Whose a value is: who may say it first."""
    return "agent" if slot in OWN else "user"
