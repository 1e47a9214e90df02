"""What talk is made of, from the YAML files beside this one: speech events, languages, demonstrations.

A language may be a file of one's own. Knows no dialogue.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import Field, ValidationError, field_validator

from millstream.errors import InputError
from millstream.records import Record, Role

R = TypeVar("R", bound=Record)
Lines = tuple[str, ...]
_HERE = files("millstream") / "crowd"
_SEE = "see docs/recipes/crowd.md"


class Event(Record):
    """One speech event: what tells it from its neighbours, which relations and times of day it fits (none said: any),
    whether it happens at `home`, and small goals: A's first, then in turn. $own in a goal is a line of the speaker's
    persona."""

    code: str
    means: str
    between: Lines = Field(min_length=1)
    beats: Lines = Field(min_length=4)
    frequent: bool = False
    home: bool = False
    when: Lines = ()


class Money(Record):
    """The signs and words of a country's money, and how a model is told of it."""

    marks: Lines = ()
    say: str = ""


class Address(Record):
    """Words for "you" among people who are close, and among those `between` whom there is distance."""

    close: Lines = ()
    distant: Lines = ()
    between: Lines = ("strangers", "teacher")

    def wrong(self, relation: str) -> Lines:
        """Words that nobody says in this relation; a task has none, and nothing is wrong in it."""
        if not relation:
            return ()
        return self.close if relation in self.between else self.distant

    def right(self, relation: str) -> str:
        """The word that is said in it; "" where the language has but one."""
        said = self.distant if relation in self.between else self.close
        return said[0] if relation and said else ""


class Locale(Record):
    """A language as it is spoken somewhere. `write`: the wish for it, in itself; `script` as Unicode names its letters;
    `letters`: those that its words have, as ranges; where they are given, a model can write no others; `longest`:
    characters of a line; `question`: the mark behind a question, "" where there is none; `asking`: words that ask
    without it, a regular expression; `home`: the place of those who live together; `times` by part of the day;
    `matters`: what two people there may both know just now, the n-th of the same kind in every language; `ground` has
    $a, $b, $relation, $place, $time and $matter; `values`: words for canonical values, by value."""

    code: str = Field(min_length=2)
    name: str
    script: str
    letters: str = ""
    question: str = "?"
    asking: str = ""
    write: str
    longest: int = Field(ge=20)
    names: Lines = Field(min_length=2)
    places: Lines = Field(min_length=1)
    home: str
    times: dict[str, str] = Field(min_length=1)
    matters: Lines = Field(min_length=1)
    money: Money = Money()
    customs: str = ""
    address: Address = Address()
    relations: dict[str, str] = Field(min_length=1)
    ground: str
    roles: dict[Role, str]
    values: dict[str, Lines] = {}

    @field_validator("asking")
    @classmethod
    def _expression(cls, asking: str) -> str:
        try:
            re.compile(asking)
        except re.error as error:
            raise ValueError(f"no regular expression: {error}") from error
        return asking


class Demonstration(Record):
    """One dialogue as an example: its event, the names in it, what both know, who they are, the lines, A first, and the
    goal of each line."""

    event: str
    names: Lines
    ground: str
    a: Lines
    b: Lines
    lines: Lines = Field(min_length=2)
    goals: Lines = Field(min_length=2)


class Demonstrations(Record):
    """All of one source language."""

    lang: str
    demonstrations: tuple[Demonstration, ...] = Field(min_length=1)


@cache
def events() -> dict[str, Event]:
    """The 29 by code."""
    text = (_HERE / "events.yaml").read_text(encoding="utf-8")
    return {each.code: each for each in (Event.model_validate(row) for row in yaml.safe_load(text))}


def chosen(wanted: str) -> tuple[Event, ...]:
    """`frequent` (six), `all`, or codes with commas between. InputError for one that is none of the 29."""
    known = events()
    if wanted in ("frequent", "all"):
        return tuple(each for each in known.values() if each.frequent or wanted == "all")
    codes = [code.strip() for code in wanted.split(",")]
    if strange := [code for code in codes if code not in known]:
        raise InputError(f"no speech event {strange[0]!r}", "events", f"there are: {', '.join(known)}")
    return tuple(known[code] for code in dict.fromkeys(codes))


def locales(wanted: str, used: Sequence[Event]) -> tuple[Locale, ...]:
    """Codes of packaged languages and YAML files of other ones, with commas between. InputError for one without data,
    and where a language has no word for any relation of an event."""
    found = tuple(_locale(each.strip()) for each in wanted.split(","))
    codes = [each.code for each in found]
    if twice := [code for code in codes if codes.count(code) > 1]:
        raise InputError(f"{twice[0]!r} is there twice", "languages", "name each language once")
    shared = set.intersection(*(set(each.relations) for each in found))
    if mute := [event.code for event in used if not shared & set(event.between)]:
        raise InputError(f"{mute[0]}: these languages share no relation that it fits", "languages", _SEE)
    return found


def _locale(wanted: str) -> Locale:
    packaged = sorted(each.name[:-5] for each in (_HERE / "languages").iterdir() if each.name.endswith(".yaml"))
    if wanted in packaged:
        return _read(_HERE / "languages" / f"{wanted}.yaml", wanted, Locale)
    if wanted.endswith((".yaml", ".yml")):
        return _read(Path(wanted), wanted, Locale)
    remedy = f"there are: {', '.join(packaged)}; or give a YAML file of yours ({_SEE})"
    raise InputError(f"no data for the language {wanted!r}", "languages", remedy)


def demonstrations(path: Path | None = None) -> Demonstrations:
    return _read(path or _HERE / "demonstrations.yaml", str(path or "demonstrations.yaml"), Demonstrations)


class Register(Record):
    """How an assistant sounds, and what people say to each other that sounds a little like it."""

    assistant: Lines = Field(min_length=1)
    people: Lines = Field(min_length=1)


@cache
def register() -> Register:
    return _read(_HERE / "assistant.yaml", "assistant.yaml", Register)


@cache
def rules(name: str) -> str:
    """A prompt: in English, whatever the language that is asked for."""
    return (_HERE / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()


def _read(path: Traversable | Path, where: str, kind: type[R]) -> R:
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where, "check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("not YAML", where, _SEE) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", where, _SEE) from error
