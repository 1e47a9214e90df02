"""What an utterance is labelled with: a task is a set of labels with definitions and example lines, in zh and en.

The packaged ones are files beside this one; `strategy` has the labels of strategies.yaml, `slots:DOMAIN` those of a
domain, and a path names a file of your own. Knows no model and no corpus but the names of its acts.
"""

from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from millstream import domain
from millstream.errors import InputError
from millstream.records import Lang, Record, Role
from millstream.strategies import framework


class Label(Record):
    """One label: the word a model answers with (`names`), what it means, lines that show it, and the acts of corpora
    that stand for it (`gold`, corpora/)."""

    name: str
    names: dict[Lang, str]
    means: dict[Lang, str]
    shows: dict[Lang, tuple[str, ...]] = {}
    gold: tuple[str, ...] = ()


class LabelTask(Record):
    """`about` finishes "decide ..."; `role` is whose lines are labelled."""

    name: str
    about: dict[Lang, str]
    role: Literal["user", "agent", "any"] = "any"
    labels: tuple[Label, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        words = [each.name for each in self.labels]
        for lang in self.about:
            named = [each.names.get(lang, "").casefold() for each in self.labels]
            if "" in named or len(set(named)) < len(named):
                raise ValueError(f"labels without a name of their own in {lang}")
        if twice := [word for word, count in Counter(words).items() if count > 1]:
            raise ValueError(f"{twice[0]} is there twice")
        return self

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.labels)

    def asks(self, role: Role) -> bool:
        """Whether lines of this role are labelled."""
        return self.role in ("any", role)

    def gold(self, acts: Iterable[str]) -> str | None:
        """The label that an utterance's acts stand for; None where they stand for several or for none."""
        found = {each.name for each in self.labels if set(each.gold) & set(acts)}
        known = {act for each in self.labels for act in each.gold}
        return found.pop() if len(found) == 1 and set(acts) <= known else None

    def code(self, word: str, where: str = "") -> str:
        """The label of that name, in any language. InputError for a word outside the set."""
        folded = word.strip().casefold()
        for each in self.labels:
            if folded in (each.name.casefold(), *(name.casefold() for name in each.names.values())):
                return each.name
        raise InputError(f"no label {word!r} in {self.name}", where, f"there are: {', '.join(self.codes)}")


def packaged() -> tuple[str, ...]:
    folder = files("millstream") / "label" / "tasks"
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml")))


def task(name: str) -> LabelTask:
    """A packaged task, `slots:DOMAIN`, or the file at a path. InputError says what is wrong with it."""
    kind, _, of = name.partition(":")
    if kind == "strategy":
        return _checked(_loaded(kind) | {"labels": _strategies()}, name)
    if kind == "slots":
        return _checked(_slots(_loaded(kind), of), name)
    if kind in packaged():
        return _checked(_loaded(kind), name)
    path = Path(name)
    if not path.is_file():
        remedy = f"there are: {', '.join(packaged())} (slots:DOMAIN); or give a YAML file"
        raise InputError(f"no task {name!r}", "task", remedy)
    return _checked(_parsed(path.read_bytes(), name), path.stem, name)


def _loaded(name: str) -> dict[str, Any]:
    return _parsed((files("millstream") / "label" / "tasks" / f"{name}.yaml").read_bytes(), name)


def _parsed(raw: bytes, where: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise InputError("not YAML", where, "see docs/recipes/label.md, tasks") from error
    if not isinstance(found, dict):
        raise InputError("no task in it", where, "see docs/recipes/label.md, tasks")
    return found


def _checked(loaded: dict[str, Any], name: str, where: str = "") -> LabelTask:
    try:
        return LabelTask.model_validate(loaded | {"name": name})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "labels"
        raise InputError(f"{place}: {first['msg']}", where or name, "see docs/recipes/label.md, tasks") from error


def _strategies() -> list[dict[str, Any]]:
    return [{"name": s.code, "names": s.names, "means": s.means} for s in framework().strategies]


def _slots(loaded: dict[str, Any], of: str) -> dict[str, Any]:
    """`loaded` has what is said of every slot, and the label for none."""
    none, slot, known = loaded.pop("none"), loaded.pop("slot"), domain.read(of)
    labels = []
    for each in known.slots:
        names: dict[Lang, str] = {lang: words[0] for lang, words in each.names.items()}
        means = {lang: Template(slot["means"][lang]).substitute(name=name) for lang, name in names.items()}
        labels.append({"name": each.name, "names": names, "means": means})
    about = {lang: text for lang, text in loaded["about"].items() if all(lang in each["names"] for each in labels)}
    return loaded | {"about": about, "labels": [*labels, none]}
