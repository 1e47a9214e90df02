"""What a run is made of: the settings a person may turn, and the functions a recipe picks. Data, not behaviour."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, field_validator

from millstream.conversations import Found
from millstream.errors import InputError
from millstream.models import Model
from millstream.plan.delivering import rates_of
from millstream.plan.mix import checked
from millstream.records import Cue, Lang, Reject
from millstream.run import Run
from millstream.shapes import Critic, Known
from millstream.strategies import framework

Cut = Callable[[Sequence[Cue]], Iterator[Found | Reject]]
"""(the cues of a recording, behind the door) -> its dialogues, and what was left out with the reason."""
Check = Callable[[Sequence[Path], "Settings"], tuple[str, ...]]
"""(inputs, settings) -> every problem that keeps them from being played, a line each with file and key."""
Column = Literal["text", "author", "speaker", "start", "end", "kind", "lang"]


class Settings(BaseModel):
    """Everything that can change what a run makes. Keys are never among them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: str = Field("stream", description="which recipe (millstream recipes)")
    domain: str = Field("auto", description="a packaged domain, a domain file, or auto: by the words of the sources")
    lang: Literal["auto", "zh", "en"] = Field("auto", description="language of the dialogues; auto: of the sources")
    count: int = Field(8, ge=1, description="dialogues to accept")
    waves: int = Field(3, ge=1, le=20, description="how often rejects are replaced by fresh scenarios")
    seed: int = Field(0, ge=0, description="everything random is drawn from it")
    model: str = Field("local", description="local, local:NAME, scripted, none, or a name at --base-url")
    realiser: Literal["llm", "template"] = Field("llm", description="who words the turns")
    candidates: int = Field(4, ge=1, le=16, description="wordings asked for at once, of which the best is taken")
    read: int = Field(10, ge=0, description="windows of each recording that the model reads; 0: rules alone")
    temperature: float = Field(0.8, ge=0, le=2, description="of the rewording")
    frames: bool = Field(True, description="what viewers said lends its words to users' turns")
    delivery: str = Field("light", description="off, light, chat, fitted (to the chat), or a file of rates")
    mix: dict[str, dict[str, Annotated[int, Strict()] | float]] = Field(
        {}, description="counts or shares asked for: outcome, path, persona, difficulty, entity"
    )
    wording_tries: int = Field(2, ge=1, le=5, description="calls a turn may take before it keeps the draft")
    simplify: bool = Field(False, description="traditional Chinese is read as simplified")
    sounds: bool = Field(True, description="misheard names are put right where there is evidence (extra sounds)")
    after: str = Field("none", description="a run: what of its dialogues still holds is kept")
    service: int = Field(40, ge=1, description="service dialogues that are taken from the inputs (recipe csc)")
    strategies: str = Field("packaged", description="packaged, learnt (their stages), or a file of them (recipe csc)")
    task: str = Field("service_act", description="what utterances are labelled with (recipe label)")
    labeller: str = Field("student", description="teacher, student, or the file of a trained one (recipe label)")
    wordings: int = Field(2, ge=1, le=3, description="wordings of the question, each in both orders (recipe label)")
    view: Literal["line", "dialogue"] = Field("line", description="what the teacher sees of a talk (recipe label)")
    human: str = Field("0", description="a file of human labels, or how many of the corpus's own (recipe label)")
    features: Literal["e5", "words"] = Field("e5", description="what the student sees of an utterance (recipe label)")
    loss: str = Field("pairs", description="what the student learns by (recipe label)")
    languages: str = Field("en,zh,fr", description="codes or files of languages, with commas between (recipe crowd)")
    events: str = Field("frequent", description="speech events: frequent, all, or codes (recipe crowd)")
    lines: int = Field(0, ge=0, description="turns of a task beyond which asides go; 0: none go (recipe crowd)")
    encoder: str = Field("e5-small", pattern="^(e5-small|none)$", description="compares languages (recipe crowd)")
    policy: str = Field("default", description="a file of probabilities of task dialogues (recipe sgd and its kin)")
    columns: dict[Column, str] = Field({}, description="which column of CSV and JSON lines is what (text: msg)")

    @property
    def before(self) -> Path | None:
        """The run that this one goes on from."""
        return None if self.after == "none" else Path(self.after)

    @field_validator("columns")
    @classmethod
    def _has_a_text(cls, columns: dict[Column, str]) -> dict[Column, str]:
        if columns and "text" not in columns:
            raise ValueError("names no text column")
        return columns

    @field_validator("human", mode="before")
    @classmethod
    def _counted(cls, given: object) -> object:
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given

    @field_validator("delivery", mode="before")
    @classmethod
    def _off(cls, given: object) -> object:
        return "off" if given is False else given  # YAML reads a bare `off` as false


@dataclass(frozen=True)
class Task:
    """A run that a recipe makes by itself: of which inputs, how, where, by which model (None: rules and templates)."""

    inputs: tuple[Path, ...]
    settings: Settings
    run: Run
    model: Model | None


@dataclass(frozen=True)
class Recipe:
    """The functions of a run, by name: `critics` in the order they are asked, the cheapest first. A recipe with `cut`
    takes dialogues out of recordings as they are, and plans and plays none. `make` is a whole run of its own in place
    of pipeline.synthesise, for what is not made of streams; it gives the lines to say at the end, the number of
    accepted dialogues first. `check` says all that is wrong with its inputs, before anything is made."""

    name: str
    about: str
    critics: tuple[Callable[[Known], Critic], ...] = ()
    cut: Cut | None = None
    make: Callable[[Task], Awaitable[tuple[int, tuple[str, ...]]]] | None = None
    check: Check | None = None


def settings(config: Path | None, changes: dict[str, Any]) -> Settings:
    """Settings from a YAML file and what the command line changes of it. InputError names the key."""
    base = _read(config) if config else {}
    try:
        made = Settings.model_validate(base | changes)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] != "extra_forbidden":
            raise InputError(f"{key}: {first['msg']}", str(config or "settings"), _about(key)) from error
        near = get_close_matches(key, Settings.model_fields, 1)
        known = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(Settings.model_fields)}"
        raise InputError(f"{key}: there is no such setting", str(config or "settings"), known) from error
    _read_files(made)
    return made


def _about(key: str) -> str:
    name = key.split(".")[0]
    field = Settings.model_fields.get(name)
    return f"{name} is: {field.description}" if field else "see docs/formats.md, settings"


def _read_files(chosen: Settings) -> None:
    """What is asked late by a run, asked now: InputError for what is wrong in it, before anything is written."""
    checked(chosen.mix)
    rates_of(chosen.delivery, {})
    if chosen.strategies not in ("packaged", "learnt"):
        framework(Path(chosen.strategies))


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(path), "give a YAML file of settings") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("not YAML", str(path), "see docs/formats.md, settings") from error
    if not isinstance(loaded, dict):
        raise InputError("no settings in it", str(path), "write `key: value` lines")
    return loaded


def language(wanted: str, shares: dict[str, int]) -> Lang:
    """The language wanted, else the one most of the sources' text is in; English where nothing says."""
    if wanted == "zh":
        return "zh"
    if wanted == "en":
        return "en"
    return "zh" if shares.get("zh", 0) > shares.get("en", 0) else "en"
