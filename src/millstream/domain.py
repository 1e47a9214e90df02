"""What a domain is: its slots, its words and its ways of speaking, read from one YAML file.

A domain file is data (domains/*.yaml). A run over an unseen domain writes its own, from table headers
(`Domain` is the schema of both). This file knows nothing of streams or dialogues.
"""

import re
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from millstream import resources
from millstream.errors import InputError
from millstream.records import Lang, Move, Record

Words = dict[Lang, tuple[str, ...]]
Kind = Literal["money", "number", "category", "text", "flag", "list"]


class SlotSpec(Record):
    """One slot: what it is called, what kind of value it has, and how people speak of it.

    `use`: the user may want a value of it (constrain), ask for it (request), or give it to book (book); the agent
    may grant it when asked for a better price (offer) or bring it up against a doubt (assure). `better` is the
    direction a user wants: "low" makes a wish a ceiling, "high" a floor, "" an equality. `names` are all the words
    it goes by, table headers among them; the first is shown. `values` are what may be drawn where nothing was
    mined. A `list` names several things ("noodles, dumplings"), one of which may be wished for. Wordings have $entity,
    $value and $slot ($a_value with its English article): `ask` the agent asks for a wish ($options: some of what there
    is, as a choice), `want` the user states one, `query` the user asks about an
    entity, `tell` the agent answers; a flag is told by `tell_yes` and `tell_no`;
    `grant` the agent puts an offer on the table; `fear` the user is afraid of the contrary ("I'm worried it's too
    hot"), `assure` the agent takes that fear away. `settled_by` are the values, or parts of values, that do; without
    them a figure that is not among the worst, a text that may be brought up (`assure` in `use`) and what denies
    nothing. `within`: the slot two things have to share for
    their values here to be comparable (the range of an electric car says nothing beside that of a hybrid). `unless` are
    the kinds of things of which nobody asks this, by slot: {category: {en: [dessert]}}; `unless_named` are words of
    such things' names. `up_to`: the slot of a thing whose figure a booking keeps to (six do not book what feeds one).
    `fixed`: a booking that fails is never tried again with another value of it (another day, but not another name).
    `graded`: the values go from little to much, and who wants one settles for its neighbours alone.
    """

    name: str
    names: Words
    kind: Kind = "text"
    use: tuple[Literal["constrain", "request", "book", "offer", "assure"], ...] = ("request",)
    better: Literal["low", "high", ""] = ""
    unit: dict[Lang, str] = {}
    values: Words = {}
    ask: Words = {}
    want: Words = {}
    query: Words = {}
    tell: Words = {}
    tell_yes: Words = {}
    tell_no: Words = {}
    grant: Words = {}
    fear: Words = {}
    assure: Words = {}
    settled_by: Words = {}
    within: str = ""
    unless: dict[str, Words] = {}
    unless_named: Words = {}
    up_to: str = ""
    fixed: bool = False
    graded: bool = False

    @model_validator(mode="after")
    def _assured(self) -> Self:
        if set(self.fear) != set(self.assure):
            raise ValueError(f"{self.name}: fear and assure are given in the same languages")
        return self


    @property
    def is_had(self) -> bool:
        """Whether it is something that a thing has or has not, and that can be wished for ("a pool")."""
        return self.kind == "flag" and "constrain" in self.use

    @property
    def is_kind(self) -> bool:
        """Whether its values are what a thing is one of, so that they have an article in English ("a sedan")."""
        return any("$a_value" in wording for wording in self.want.get("en", ()))


class Need(Record):
    """What brings a user, as it is said ("an anniversary dinner"), and what a thing must be to serve it: slot ->
    values, any of which will do; for a number, the least or (where low is better) the most. `most`: slot -> the
    greatest figure ("2" for a couple); `unless_named`: words of what is for others ("kids"); `booked`: slot of a
    booking -> words, one of which its value has ("Saturday" for a weekend away). A need written as plain text fits
    everything."""

    words: str
    fits: dict[str, tuple[str, ...]] = {}
    most: dict[str, str] = {}
    unless_named: tuple[str, ...] = ()
    booked: dict[str, tuple[str, ...]] = {}

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: object) -> object:
        return {"words": given} if isinstance(given, str) else given

    def is_for_others(self, said: str) -> bool:
        """Whether a name or a question speaks of what is for others; no word of Latin script begins inside another."""
        return any(re.search(rf"(?<![a-z]){re.escape(word)}", said, re.IGNORECASE) for word in self.unless_named)


class Domain(Record):
    """A service domain. `entity` is what one row of its knowledge is ("car", "dish", "room"),
    `pronoun` what it is called once it has been named.

    `words` are what service talk of this domain is made of (they decide whether a source holds any);
    `claims` are words that promise something ("free", "warranty"): said only with evidence. `house` are words of what
    the house alone has or does, whatever is on offer ("test drive", "high chair"), and no thing ("wine").
    `stages` map the stage names of sources to moves; `phrases` replace or add to the general wordings of
    phrases.*.yaml by act.
    """

    name: str
    names: dict[Lang, str]
    entity: dict[Lang, str]
    pronoun: dict[Lang, str] = {"zh": "这个", "en": "it"}
    role: dict[Lang, str]
    slots: tuple[SlotSpec, ...] = Field(min_length=1)
    words: Words
    claims: Words = {}
    house: Words = {}
    stages: dict[Move, Words] = {}
    needs: dict[Lang, tuple[Need, ...]] = {}
    concerns: Words = {}
    phrases: dict[str, Words] = {}

    @model_validator(mode="after")
    def _unless_known(self) -> Self:
        named = {each for slot in self.slots for each in (*slot.unless, slot.within) if each}
        named |= {slot for needs in self.needs.values() for need in needs for slot in need.booked}
        if strange := sorted(named - {slot.name for slot in self.slots}):
            raise ValueError(f"unless, within, booked: no slot is called {strange[0]!r}")
        return self

    def __eq__(self, other: object) -> bool:
        """Of one content: what is kept by domain is asked for at every turn."""
        return self is other or (isinstance(other, Domain) and self.id == other.id)

    __hash__ = Record.__hash__

    @cached_property
    def counted(self) -> frozenset[str]:
        """The slots of how many a thing is for."""
        return frozenset(slot.up_to for slot in self.slots if slot.up_to)

    @cached_property
    def by_name(self) -> dict[str, SlotSpec]:
        return {slot.name: slot for slot in self.slots}

    def slot_named(self, word: str) -> SlotSpec | None:
        """The slot that goes by this word or table header, in any language; the longest name that fits."""
        asked = word.strip().casefold()
        found = [
            (len(name), slot)
            for slot in self.slots
            for names in slot.names.values()
            for name in (*names, slot.name)
            if name.casefold() in asked
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def need(self, lang: Lang, words: str) -> Need | None:
        """The need that is said so, with what a thing must be to serve it."""
        return next((need for need in self.needs.get(lang, ()) if need.words == words), None)

    def using(self, use: str) -> tuple[SlotSpec, ...]:
        return self._using.get(use, ())

    @cached_property
    def _using(self) -> dict[str, tuple[SlotSpec, ...]]:
        uses = {use for slot in self.slots for use in slot.use}
        return {use: tuple(slot for slot in self.slots if use in slot.use) for use in uses}


YES: dict[Lang, str] = {"zh": "是", "en": "yes"}
NO: dict[Lang, str] = {"zh": "否", "en": "no"}
NONE: dict[Lang, str] = {"zh": "无", "en": "none"}
"""The two values of a flag, and what a table says where there is none of something; NO and NONE are told by
`tell_no` where the slot has it."""


def read(name_or_path: str) -> Domain:
    """A domain of the package by name, or any domain file by path."""
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        here = files("millstream") / "domains"
        found = here / f"{name_or_path}.yaml"
        if not found.is_file():
            raise InputError(
                f"no domain {name_or_path!r}", remedy=f"there are: {', '.join(names())}; or give a .yaml file"
            )
        return parse(found.read_text(encoding="utf-8"), str(name_or_path))
    if not path.is_file():
        raise InputError("no such file", str(path), "give the path of a domain file")
    return parse(path.read_text(encoding="utf-8"), str(path))


def parse(text: str, where: str) -> Domain:
    try:
        return Domain.model_validate(yaml.load(text, Loader=resources.LOADER))
    except yaml.YAMLError as error:
        raise InputError(f"not YAML: {error}", where, "see docs/formats.md, domain files") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}", where, "see docs/formats.md, domain files") from error


def names() -> list[str]:
    here = files("millstream") / "domains"
    return sorted(each.name.removesuffix(".yaml") for each in here.iterdir() if each.name.endswith(".yaml"))
