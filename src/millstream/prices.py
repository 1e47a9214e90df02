"""What tokens cost: a table of prices with a date, packaged or the user's own. Knows no calls and no budget.

Money worked out here is an estimate by list price. What a provider itself reports is another figure, kept apart.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from millstream.errors import InputError

_MILLION = 1_000_000
FREE = ("local", "scripted", "none")
"""Models that nobody sends a bill for."""


class Price(BaseModel):
    """Money for a million tokens, in the currency of its table; `batch` is the share left in a batch queue."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    match: str
    tokens_in: float = Field(alias="in", ge=0)
    out: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    batch: float = Field(1.0, gt=0, le=1)
    as_of: date

    def money(self, tokens_in: int, tokens_out: int, tokens_cached: int = 0) -> float:
        """`tokens_cached` are those of `tokens_in` that the provider had already read."""
        cached = self.tokens_in if self.cached is None else self.cached
        fresh = max(0, tokens_in - tokens_cached)
        return (fresh * self.tokens_in + tokens_cached * cached + tokens_out * self.out) / _MILLION


    def in_batch(self) -> "Price":
        """What the same costs in the provider's batch queue."""
        money = {"tokens_in": self.tokens_in, "out": self.out, "cached": self.cached}
        return self.model_copy(update={name: each and each * self.batch for name, each in money.items()})


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    currency: str
    models: tuple[Price, ...]


@dataclass(frozen=True)
class Prices:
    """A table; `digest` is the sha256 of its file."""

    version: str
    currency: str
    models: tuple[Price, ...]
    digest: str

    def of(self, model: str) -> Price | None:
        """None where the table does not know the model: what it costs is not known, and not nothing."""
        if model.partition(":")[0] in FREE:
            return Price(match=model, tokens_in=0, out=0, as_of=date.min)
        name = model.removeprefix("anthropic:")
        fitting = [each for each in self.models if fnmatchcase(name, each.match)]
        return max(fitting, key=lambda each: len(each.match), default=None)


    def within(self, spec: str, batch: bool = False) -> Callable[[str], Price | None]:
        """The price of each model of a run by its name: all are free where --model `spec` is one that runs here."""
        free = self.of(spec) if spec.partition(":")[0] in FREE else None

        def price_of(model: str) -> Price | None:
            price = free or self.of(model)
            return price.in_batch() if price and batch else price

        return price_of


def read(path: Path | None = None) -> Prices:
    """The packaged table, or a file of the same form. InputError names what is wrong with it."""
    source = path or files("millstream") / "prices.yaml"
    try:
        text = source.read_text(encoding="utf-8")
        table = _File.model_validate(yaml.safe_load(text))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", str(path), "give a YAML file of prices") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError("not YAML", str(path), "see prices.yaml of the package") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "file"
        raise InputError(f"{where}: {first['msg']}", str(path), "see prices.yaml of the package") from error
    return Prices(table.version, table.currency, table.models, hashlib.sha256(text.encode()).hexdigest())
