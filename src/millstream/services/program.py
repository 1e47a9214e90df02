"""What a state means: a small executable grammar, after ThingTalk (Campagna et al. 2022, section 3).

    @Restaurants_2.FindRestaurants(category = "Italian" || "French", location = any) => [phone_number];

A program prints, parses and runs: `parse(show(p)) == p`, and `run` gives the rows of the knowledge that it means.
Two states mean the same where their programs are equal. Knows no words of a dialogue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from millstream.errors import InputError
from millstream.services.annotated import Frame
from millstream.services.knowledge import Knowledge, Row
from millstream.services.schema import DONTCARE

_NAME = r"[^\W\d][\w\-/ ]*"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(rf"\s*(?:({_QUOTED})|(\|\||=>|[@.(),;=\[\]])|({_NAME}))")
ANY = "any"


@dataclass(frozen=True)
class Program:
    """A call with its constraints, in the order of their slots, and what is to be told of the rows."""

    service: str
    intent: str
    constraints: tuple[tuple[str, tuple[str, ...]], ...] = ()
    requested: tuple[str, ...] = ()


def meaning(frame: Frame) -> Program | None:
    """The program of a user's frame; None while nothing is wanted. "a|b" means either. What was said of a service stays
    in force when no intent is open any more: @Teas_1.NONE(city = "Linga")."""
    if frame.state is None or not (frame.state.intent not in ("", "NONE") or frame.state.values):
        return None
    wanted = sorted((slot, tuple(values[0].split("|"))) for slot, values in frame.state.values.items() if values)
    return Program(frame.service, frame.state.intent, tuple(wanted), tuple(sorted(frame.state.requested)))


def show(program: Program) -> str:
    wanted = ", ".join(f"{slot} = {_values(values)}" for slot, values in program.constraints)
    told = f" => [{', '.join(program.requested)}]" if program.requested else ""
    return f"@{program.service}.{program.intent}({wanted}){told};"


def _values(values: tuple[str, ...]) -> str:
    if values == (DONTCARE,):
        return ANY
    return " || ".join(f'"{_escaped(value)}"' for value in values)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def run(program: Program, knowledge: Knowledge) -> tuple[Row, ...]:
    """The rows that the program means, in the order of the knowledge."""
    return knowledge.query(program.service, dict(program.constraints))


def told(program: Program, knowledge: Knowledge) -> tuple[Mapping[str, str], ...]:
    """Of these rows only what is requested."""
    rows = run(program, knowledge)
    return tuple({slot: row[slot] for slot in program.requested if slot in row} for row in rows)


# --- parsing -------------------------------------------------------------------------------------------------


def parse(source: str) -> Program:
    """The program of a line; InputError names the character where it stops being one."""
    reader = _Reader(source)
    reader.expect("@")
    service = reader.name()
    reader.expect(".")
    intent = reader.name()
    reader.expect("(")
    constraints = []
    while not reader.take(")"):
        slot = reader.name()
        reader.expect("=")
        constraints.append((slot, reader.values()))
        if not reader.take(","):
            reader.expect(")")
            break
    requested = []
    if reader.take("=>"):
        reader.expect("[")
        requested.append(reader.name())
        while reader.take(","):
            requested.append(reader.name())
        reader.expect("]")
    reader.expect(";")
    return Program(service, intent, tuple(constraints), tuple(requested))


class _Reader:
    """Tokens of a line, one ahead."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def _next(self) -> tuple[str, int] | None:
        found = _TOKEN.match(self.source, self.at)
        return (next(each for each in found.groups() if each is not None).strip(), found.end()) if found else None

    def take(self, wanted: str) -> bool:
        found = self._next()
        if found and found[0] == wanted:
            self.at = found[1]
            return True
        return False

    def expect(self, wanted: str) -> None:
        if not self.take(wanted):
            raise self.wrong(wanted)

    def wrong(self, wanted: str) -> InputError:
        return InputError(f"no program: {wanted!r} is missing", f"character {self.at + 1}", "see docs/labels.md")

    def name(self) -> str:
        found = self._next()
        if not found or not re.fullmatch(_NAME, found[0]):
            raise self.wrong("a name")
        self.at = found[1]
        return found[0]

    def values(self) -> tuple[str, ...]:
        if self.take(ANY):
            return (DONTCARE,)
        found = [self._value()]
        while self.take("||"):
            found.append(self._value())
        return tuple(found)

    def _value(self) -> str:
        found = self._next()
        if not found or not found[0].startswith('"'):
            raise self.wrong("a quoted value")
        self.at = found[1]
        return re.sub(r"\\(.)", r"\1", found[0][1:-1])
