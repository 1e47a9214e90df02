"""What support talk is planned of: topics, people and cases with their sentences, from cases.*.yaml. Knows no plan."""

from functools import cache
from importlib.resources import files

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
    """One kind of matter. Its lines hold $item, the customer's values, and the agent's own $ref and $days."""

    code: str
    topic: str
    items: Lines = Field(min_length=1)
    goal: str
    proof: str
    open: Lines = Field(min_length=1)
    restate: Lines = Field(min_length=1)
    details: tuple[Detail, ...] = Field(min_length=1)
    vent: Lines = Field(min_length=1)
    suggest: Lines = Field(min_length=1)
    ask_rule: Lines = Field(min_length=1)
    rule: Lines = Field(min_length=1)
    demand: Lines = Field(min_length=1)
    refuse: Lines = Field(min_length=1)
    act: Lines = Field(min_length=1)
    later: Lines = Field(min_length=1)


class Cases(_Strict):
    """Everything of one language. `say` are the lines that hold of every case, by move."""

    names: Lines
    days: Lines
    places: Lines
    proofs: dict[str, Proof]
    topics: dict[str, Topic]
    people: tuple[Person, ...] = Field(min_length=1)
    say: dict[str, Lines]
    cases: tuple[Case, ...] = Field(min_length=1)


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
        if len(each.act) != len(each.suggest):
            raise InputError(
                f"{each.code}: each act belongs to a suggestion", where, "give as many acts as suggestions"
            )
    return made
