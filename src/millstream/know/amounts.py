"""Amounts with a unit: totals, discounts, instalments. Two units do not mix, and only money is rounded.

Decimal numbers, because 0.1 + 0.2 is what a customer would be told. Knows nothing of facts or entities.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from millstream import numbers, units
from millstream.errors import ItemError

MONEY = frozenset({"dollar", "euro", "pound", "yuan", "yen"})
_CENT, _WHOLE = Decimal("0.01"), Decimal(1)


@dataclass(frozen=True)
class Amount:
    """A number of something; `unit` is a name of units.UNITS, or "" for a bare number."""

    number: Decimal
    unit: str = ""

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.number + other.number, _shared(self, other))

    def __sub__(self, other: "Amount") -> "Amount":
        return Amount(self.number - other.number, _shared(self, other))

    def __lt__(self, other: "Amount") -> bool:
        _shared(self, other)
        return self.number < other.number

    def times(self, count: int | Decimal) -> "Amount":
        return Amount(self.number * count, self.unit).paid

    @property
    def paid(self) -> "Amount":
        """As it is paid: money to the hundredth, yen whole, half up; anything else as it is."""
        if self.unit not in MONEY:
            return self
        smallest = _WHOLE if self.unit == "yen" else _CENT
        return Amount(self.number.quantize(smallest, ROUND_HALF_UP), self.unit)


def read(said: str) -> Amount | None:
    """The one amount of a text; None where there is none, or several."""
    found = numbers.mentions(said)
    if len(found) != 1:
        return None
    unit = next((unit for value, unit in units.counted(said) if value == found[0].value), "")
    return Amount(Decimal(str(found[0].value)), unit)


def total(parts: Sequence[Amount]) -> Amount:
    """Their sum. ItemError where they count different things, or there are none."""
    if not parts:
        raise ItemError("nothing to add up")
    first, *rest = parts
    for each in rest:
        first = first + each
    return first.paid


def reduced(price: Amount, percent: Decimal) -> Amount:
    """`price` with so many percent off; 打八折 is 20 off."""
    if not 0 <= percent <= 100:
        raise ItemError(f"{percent} percent off")
    return price.times((100 - percent) / Decimal(100))


def instalments(price: Amount, months: int, down: Amount | None = None) -> tuple[Amount, ...]:
    """What is paid each month, without interest. The first months take what does not divide: the sum is the price."""
    left = (price - down if down else price).paid
    if months < 1 or left.number < 0:
        raise ItemError(f"{months} instalments of {left.number}")
    smallest = _WHOLE if left.unit == "yen" else _CENT
    pieces = int(left.number / smallest)
    each, over = divmod(pieces, months)
    return tuple(Amount((each + (n < over)) * smallest, left.unit) for n in range(months))


def _shared(one: Amount, other: Amount) -> str:
    if one.unit != other.unit:
        raise ItemError(f"{one.unit or 'a bare number'} and {other.unit or 'a bare number'} do not mix")
    return one.unit
