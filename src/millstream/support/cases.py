"""What support talk is planned of: topics, people and cases with their sentences, from cases.*.yaml. Knows no plan."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from string import Template

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from millstream.errors import InputError
from millstream.records import Lang

Lines = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Strict):
    """A business area and the part the agent plays there."""

    name: str
    role: str


class Person(_Strict):
    """A kind of customer: what it does is decided by `type`, how it is described by the others."""

    type: str
    patience: str
    style: str


class Proof(_Strict):
    """What a customer is known by, and its form: # is a digit."""

    name: str
    form: str


class Detail(_Strict):
    """Something the agent has to ask for, with both sides' sentences."""

    slot: str
    ask: Lines = Field(min_length=1)
    tell: Lines = Field(min_length=1)


class Case(_Strict):
    """One kind of matter. Its lines hold $item, the customer's values, and the agent's own $ref, $days and $option.

    A trouble has `details` of its own, and its way out is suggested at the end. An order or a form has `needs`, asked
    with the lines of every case, and `options`, one of which is proposed behind at most `offers` answers; an enquiry
    has `queries` alone, which customers ask. Where a case has no lines of its own for a move, those that hold of every
    case are said (`say` overrides those), and where it has no `pools` of its own those of every case are drawn from.
    `ahead`: its day is to come, as an order's is; a trouble's has been.
    """

    code: str
    topic: str
    items: Lines = Field(min_length=1)
    goal: str
    proof: str
    open: Lines = Field(min_length=1)
    restate: Lines = Field(min_length=1)
    details: tuple[Detail, ...] = ()
    needs: Lines = ()
    offers: int | None = Field(None, ge=0)
    queries: Lines = ()
    options: Lines = ()
    ahead: bool | None = None
    pools: dict[str, Lines] = {}
    say: dict[str, Lines] = {}
    vent: Lines = ()
    suggest: Lines = ()
    suggest_other: Lines = ()
    ask_rule: Lines = ()
    rule: Lines = ()
    demand: Lines = ()
    refuse: Lines = ()
    act: Lines = Field(min_length=1)
    later: Lines = ()

    @property
    def told(self) -> Lines:
        """What a suggestion says: nobody asks for it afterwards."""
        return tuple(name for line in self.suggest for name in Template(line).get_identifiers())

    @property
    def coming(self) -> bool:
        """Whether its day is to come."""
        return not self.details if self.ahead is None else self.ahead

    @property
    def slots(self) -> Lines:
        """What has to be asked for."""
        return (*(each.slot for each in self.details), *self.needs)


class Cases(_Strict):
    """Everything of one language. `say` are the lines that hold of every case, by move; `pools` what customers want of
    an order, by slot; `past` the days on which something happened, `days` those on which something is to happen."""

    names: Lines
    past: Lines = Field(min_length=2)
    days: Lines = Field(min_length=2)
    places: Lines
    pools: dict[str, Lines] = {}
    proofs: dict[str, Proof]
    topics: dict[str, Topic]
    people: tuple[Person, ...] = Field(min_length=1)
    say: dict[str, Lines]
    cases: tuple[Case, ...] = Field(min_length=1)

    def lines(self, case: Case, move: str) -> Lines:
        """What may be said for a move: the case's own lines first, then those of every case."""
        verb, _, slot = move.partition("_")
        detail = next((each for each in case.details if each.slot == slot), None)
        if detail and verb in ("ask", "tell"):
            return detail.ask if verb == "ask" else detail.tell
        own: Lines = getattr(case, move, ()) or case.say.get(move, ())
        return own or self.say.get(move, ())


@cache
def cases(lang: Lang) -> Cases:
    text = (files("millstream") / "support" / f"cases.{lang}.yaml").read_text(encoding="utf-8")
    return parse(text, f"cases.{lang}.yaml")


def parse(text: str, where: str) -> Cases:
    """InputError names the key that is wrong, or a case of a topic or proof that is not there."""
    try:
        made = Cases.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise InputError("not YAML", where, "see docs/recipes/csc.md, cases") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}", where, "see docs/recipes/csc.md, cases") from error
    for each in made.cases:
        if each.topic not in made.topics or each.proof not in made.proofs:
            strange = each.topic if each.topic not in made.topics else each.proof
            raise InputError(f"{each.code}: no {strange!r} is described", where, "see docs/recipes/csc.md, cases")
        if strange_key := next(iter({*each.say} - {*made.say} or {*each.pools} - {*made.pools, "place"}), ""):
            raise InputError(f"{each.code}: no {strange_key!r} to override", where, "name one of every case's")
        if each.details and len(each.act) != len(each.suggest):
            raise InputError(
                f"{each.code}: each act belongs to a suggestion", where, "give as many acts as suggestions"
            )
        if silent := next((move for move in _moves(each) if not made.lines(each, move)), None):
            raise InputError(f"{each.code}: nothing is said for {silent}", where, "see docs/recipes/csc.md, cases")
    return made


def _moves(case: Case) -> Iterator[str]:
    """Every move that may come in its talks."""
    yield from ("greet", "vent", "demand", "refuse", "ask_rule", "rule", "later", "check", "farewell")
    yield from (f"{verb}_{slot}" for slot in case.slots for verb in ("ask", "tell"))
    yield from (f"{verb}_{query}" for query in case.queries for verb in ("query", "answer"))
    if case.details or case.offers is not None:
        yield "suggest"
    if case.offers is not None:
        yield from ("another", "suggest_other")
