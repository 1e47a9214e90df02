"""The framework of customer support: five stages, twelve strategies, and which belongs where, read from one YAML file.

After CSC (Zhu et al. 2026, arXiv 2508.04423). The map of stages and strategies is many-to-many: the packaged one, one
of your own (a file of the same form), or one learnt from annotated turns. Knows no dialogue and no wording of a turn.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Self

import yaml
from pydantic import Field, ValidationError, model_validator

from millstream.errors import InputError
from millstream.records import Lang, Record, Role

LEARNT_SHARE = 0.1
"""A stage is a strategy's where at least this share of its turns stand in it."""
_NUMBERED = re.compile(r"^\s*(?:策略|strategy)\s*(\d+)[\s:：.]*(?P<name>.*?)\s*$", re.IGNORECASE)
OTHERS = "OT"
SPEAKERS: dict[Lang, dict[Role, str]] = {
    "zh": {"user": "客户", "agent": "客服"},
    "en": {"user": "customer", "agent": "agent"},
}
"""Who speaks in support."""


class SupportStage(Record):
    """One stage: its code, its names and what is reached when it is over."""

    code: str
    names: dict[Lang, str]
    goal: dict[Lang, str]


class Strategy(Record):
    """One strategy: what it does (`means`), and what tells it from its neighbours (`unlike`)."""

    code: str
    number: int
    names: dict[Lang, str]
    stages: tuple[str, ...]
    means: dict[Lang, str]
    unlike: dict[Lang, str]


class Framework(Record):
    """Stages in their order, strategies in theirs."""

    stages: tuple[SupportStage, ...] = Field(min_length=1)
    strategies: tuple[Strategy, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        codes = [*(each.code for each in self.stages), *(each.code for each in self.strategies)]
        if twice := [code for code, count in Counter(codes).items() if count > 1]:
            raise ValueError(f"{twice[0]} is there twice")
        known = {stage.code for stage in self.stages}
        for each in self.strategies:
            if strange := sorted(set(each.stages) - known):
                raise ValueError(f"{each.code}: no stage {strange[0]!r}")
        return self

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.strategies)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The codes of the stages, first to last."""
        return tuple(each.code for each in self.stages)

    @cached_property
    def by_code(self) -> dict[str, Strategy]:
        return {each.code: each for each in self.strategies}

    @cached_property
    def _by_word(self) -> dict[str, str]:
        words = {each.code.casefold(): each.code for each in self.strategies}
        words |= {name.casefold(): each.code for each in self.strategies for name in each.names.values()}
        return words | {str(each.number): each.code for each in self.strategies}

    def code(self, word: str, where: str = "") -> str:
        """The code that a word stands for: a code, a name in either language, a number, or "策略3 重述或转述".
        InputError where it is none: a label outside the set is never guessed."""
        numbered = _NUMBERED.match(word)
        bare = ((numbered["name"] or numbered[1]) if numbered else word.strip()).casefold()
        if found := self._by_word.get(bare):
            return found
        raise InputError(f"no strategy {word!r}", where, f"there are: {', '.join(self.codes)}")

    def stages_of(self, strategy: str) -> tuple[str, ...]:
        return self.by_code[strategy].stages

    def of_stage(self, stage: str) -> tuple[str, ...]:
        """The strategies at home in a stage, in their own order."""
        return tuple(each.code for each in self.strategies if stage in each.stages)

    def home(self, strategy: str, after: str = "") -> str:
        """The stage that a turn of this strategy stands in, when the last one stood in `after`: the strategy's own
        nearest at or behind it, else its last; what is at home nowhere stays where the talk is."""
        mine = self.stages_of(strategy)
        if not mine:
            return after or self.order[0]
        at = self.order.index(after) if after else 0
        ahead = [stage for stage in self.order[at:] if stage in mine]
        return ahead[0] if ahead else max(mine, key=self.order.index)

    def learnt(self, turns: Iterable[tuple[str, str]], share: float = LEARNT_SHARE) -> "Framework":
        """The same with the map that (stage, strategy) turns show: every stage with at least `share` of a strategy's
        turns, the most frequent first. A strategy that is not seen keeps its stages. InputError for a strange word."""
        seen: dict[str, Counter[str]] = {code: Counter() for code in self.codes}
        for stage, strategy in turns:
            if stage not in self.order:
                raise InputError(f"no stage {stage!r}", "", f"there are: {', '.join(self.order)}")
            seen[self.code(strategy)][stage] += 1
        made = [
            each.model_copy(update={"stages": _frequent(seen[each.code], share)}) if seen[each.code] else each
            for each in self.strategies
        ]
        return self.model_copy(update={"strategies": tuple(made)})


def _frequent(counts: Counter[str], share: float) -> tuple[str, ...]:
    total = sum(counts.values())
    return tuple(stage for stage, count in counts.most_common() if count >= share * total)


def framework(path: Path | None = None) -> Framework:
    """The packaged framework, or one of your own. InputError says where the file is wrong."""
    where = str(path or "strategies.yaml")
    try:
        text = (path or files("millstream") / "strategies.yaml").read_text(encoding="utf-8")
        return Framework.model_validate(yaml.safe_load(text))
    except OSError as error:
        remedy = "give packaged, learnt, or a YAML file of strategies"
        raise InputError(f"cannot be read: {error.strerror}", where, remedy) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("not YAML", where, "see docs/recipes/csc.md, the framework") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}", where, "see docs/recipes/csc.md, the framework") from error
