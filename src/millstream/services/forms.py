"""The forms in which a value is said, and back: numbers as words, clock times, listed synonyms. Knows no sentences."""

import re
from collections.abc import Mapping

from millstream import resources
from millstream.records import Lang
from millstream.services.schema import SlotSchema

TRUE, FALSE = ("True", "yes", "是"), ("False", "no", "否")
_CLOCK = re.compile(r"(\d\d?):(\d\d)")
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
NUMBERS = {word: str(n) for n, word in enumerate(_NUMBERS)}


def listed() -> Mapping[str, Mapping[str, list[str]]]:
    """Other forms of a value, by language and value."""
    loaded: dict[str, dict[str, list[str]]] = resources.data("services/forms.yaml")
    return loaded


def forms(lang: Lang, slot: SlotSchema, value: str) -> tuple[str, ...]:
    """How a value may be said. What an open slot without examples holds is said as it is."""
    if others := listed()[lang].get(value):
        return tuple(others)
    if lang == "zh" or not slot.values:
        return (value,)
    if value.isdigit() and int(value) < len(_NUMBERS):
        return (value, value, _NUMBERS[int(value)])
    if clock := _CLOCK.fullmatch(value):
        return (value, value, *_clock(int(clock[1]), clock[2]))
    return (value, value.lower()) if value[:1].isupper() else (value,)


def parts(slot: SlotSchema, value: str) -> list[str]:
    """The values that hold at once in one."""
    return value.split(slot.joined) if slot.joined else [value]


def clocked(slot: SlotSchema) -> bool:
    """Are this slot's values clock times of 24 hours?"""
    return bool(slot.values) and all(_CLOCK.fullmatch(value) for value in slot.values)


def _clock(hour: int, minute: str) -> tuple[str, ...]:
    half, shown = "am" if hour < 12 else "pm", (hour - 1) % 12 + 1
    if minute == "00":
        return (f"{shown} {half}", f"{shown}{half}", f"{shown}:00 {half}")
    return (f"{shown}:{minute} {half}", f"{shown}:{minute}{half}", f"{shown}:{minute}")
