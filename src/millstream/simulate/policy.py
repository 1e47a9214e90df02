"""How often what happens in a dialogue: every probability of the engine, from a file, or counted in a corpus.

Knows acts and frames; nothing of words.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from millstream.errors import InputError
from millstream.services.annotated import Frame, State, TaskDialogue, Turn


class Policy(BaseModel):
    """Probabilities, each between 0 and 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    volunteer: float = Field(0.45, ge=0, le=1, description="a wish is said before it is asked for")
    optional: float = Field(0.35, ge=0, le=1, description="the user cares for an optional slot")
    dontcare: float = Field(0.08, ge=0, le=1, description="an optional wish is left open in words")
    several: float = Field(0.02, ge=0, le=1, description="either of two values will do")
    pair: float = Field(0.3, ge=0, le=1, description="the agent asks for two slots at once")
    correction: float = Field(0.05, ge=0, le=1, description="the user takes back what was just said")
    change: float = Field(0.12, ge=0, le=1, description="after an offer the user wants something else")
    alternatives: float = Field(0.25, ge=0, le=1, description="after an offer the user asks for another")
    request: float = Field(0.4, ge=0, le=1, description="the user asks about what is offered or booked")
    refer: float = Field(0, ge=0, le=1, description="asking about an offer takes it, as MultiWOZ labels it")
    select: float = Field(0.5, ge=0, le=1, description="an offer is taken in so many words")
    book: float = Field(0.6, ge=0, le=1, description="a search is followed by a transaction")
    offer_intent: float = Field(0.4, ge=0, le=1, description="the agent proposes the transaction")
    decline: float = Field(0.2, ge=0, le=1, description="a transaction that the agent proposes is turned down")
    negate: float = Field(0.12, ge=0, le=1, description="what the agent wants confirmed is mended")
    failure: float = Field(0.1, ge=0, le=1, description="a call fails")
    propose: float = Field(0.4, ge=0, le=1, description="after a failure the agent proposes another value")
    retry: float = Field(0.6, ge=0, le=1, description="after a failure the user tries something else")
    default: float = Field(0.7, ge=0, le=1, description="a slot the user leaves out is confirmed with its default")
    count: float = Field(0.7, ge=0, le=1, description="the agent says how many were found")
    narrow: float = Field(0.2, ge=0, le=1, description="who asks for another offer says a new wish with it")
    ask_booked: float = Field(0.2, ge=0, le=1, description="the user asks something with its yes to a transaction")
    anything: float = Field(0.4, ge=0, le=1, description="after thanks the agent asks whether there is more")
    vague: float = Field(0.4, ge=0, le=1, description="a request to an API says less than is needed to find it")
    unknown: float = Field(0.7, ge=0, le=1, description="the user cannot say what another API can give")
    mistake: float = Field(0.15, ge=0, le=1, description="a customer tells a value that is not the record's")
    more: float = Field(0.4, ge=0, le=1, description="another service follows, up to three")
    carry: float = Field(0.7, ge=0, le=1, description="it takes over a value that it shares with the ones before")
    chat: float = Field(0.05, ge=0, le=1, description="small talk comes before the task")


def read(path: Path) -> Policy:
    """Probabilities of a YAML file; what it leaves out keeps its default. InputError names the key."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Policy.model_validate(loaded or {})
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("no probabilities: not YAML", str(path), "write `key: 0.5` lines") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        known = ", ".join(Policy.model_fields)
        raise InputError(f"no probability: {key}: {first['msg']}", str(path), f"the keys are {known}") from error


def learnt(dialogues: Iterable[TaskDialogue]) -> Policy:
    """The probabilities that a corpus shows. What its labels cannot show keeps its default: optional, correction,
    default, chat. Shares are smoothed by one of either outcome."""
    seen = Counter[tuple[str, bool]]()
    for dialogue in dialogues:
        seen["more", len(set(dialogue.services)) > 1] += 1
        started: set[str] = set()
        for before, turn in pairwise((Turn("agent", ""), *dialogue.turns)):
            for frame in turn.frames:
                (_user if turn.role == "user" else _agent)(frame, _acts(before, frame.service), seen, started)
    names = {name for name, _ in seen} & Policy.model_fields.keys()
    return Policy(**{name: (seen[name, True] + 1) / (seen[name, True] + seen[name, False] + 2) for name in names})


def _acts(turn: Turn, service: str) -> set[str]:
    return {act.act for frame in turn.frames if frame.service == service for act in frame.acts}


def _user(frame: Frame, before: set[str], seen: Counter[tuple[str, bool]], started: set[str]) -> None:
    said = {act.act for act in frame.acts}
    state = frame.state or State()
    if frame.service not in started:
        started.add(frame.service)
        known = sum(act.act == "INFORM" for act in frame.acts)
        seen["volunteer", True] += known
        seen["volunteer", False] += max(0, 3 - known)
    for act in frame.acts:
        if act.act == "INFORM":
            seen["dontcare", act.values == ("dontcare",)] += 1
            seen["several", "|" in "".join(act.values)] += 1
    if "OFFER" in before:
        seen["alternatives", "REQUEST_ALTS" in said] += 1
        seen["request", bool(state.requested)] += 1
        if "REQUEST_ALTS" in said:
            seen["narrow", "INFORM" in said] += 1
        seen["select", "SELECT" in said] += 1
        seen["change", "INFORM" in said and not said & {"SELECT", "INFORM_INTENT"}] += 1
        seen["book", bool(said & {"SELECT", "AFFIRM_INTENT", "INFORM_INTENT"})] += 1
    if "OFFER_INTENT" in before:
        seen["decline", "NEGATE_INTENT" in said] += 1
    if "CONFIRM" in before:
        seen["negate", "NEGATE" in said] += 1
        if "AFFIRM" in said:
            seen["ask_booked", bool(state.requested)] += 1
    if "NOTIFY_FAILURE" in before:
        seen["retry", "INFORM" in said or "AFFIRM" in said] += 1


def _agent(frame: Frame, before: set[str], seen: Counter[tuple[str, bool]], started: set[str]) -> None:
    said = {act.act for act in frame.acts}
    if asked := sum(act.act == "REQUEST" for act in frame.acts):
        seen["pair", asked > 1] += 1
    if "SELECT" in before:
        seen["offer_intent", "OFFER_INTENT" in said] += 1
    if "OFFER" in said and "REQUEST_ALTS" not in before:
        seen["count", "INFORM_COUNT" in said] += 1
    if "THANK_YOU" in before:
        seen["anything", "REQ_MORE" in said] += 1
    if said & {"NOTIFY_SUCCESS", "NOTIFY_FAILURE"}:
        seen["failure", "NOTIFY_FAILURE" in said] += 1
