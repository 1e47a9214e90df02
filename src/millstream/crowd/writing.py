"""A cell is written line by line: one small goal a call, several wordings, the sound ones compared in both orders.

Whoever speaks is shown its goal, the common ground and what was said; the other's persona and goals are not in the
prompt.
There is no sentence to fall back to: a goal without a sound wording ends the talk with the reason. Knows no files.
"""

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from millstream.chat import Message, fenced
from millstream.crowd.asking import Asker, Wording
from millstream.crowd.checks import Against, Fault
from millstream.crowd.data import Demonstrations, rules
from millstream.crowd.talk import Cell, Goal, Line, Talk
from millstream.records import Reject

Copies = Callable[[Sequence[str]], Awaitable[list[bool]]]
"""Of each text, whether it says what an example says, in whatever language."""
HEARD = 6
"""Lines of the talk so far that are shown when wordings are compared."""
CLOSE = 0.2
"""Mean log-probabilities within which two wordings are compared; farther apart the likelier one is taken."""


@dataclass(frozen=True)
class Writer:
    """Writes the cells of one language. `tries`: calls that a line may take."""

    asker: Asker
    demos: Demonstrations
    copies: Copies | None
    tries: int
    seed: int

    async def talk(self, against: Against) -> Talk | Reject:
        """The whole talk, or at which line no wording was sound and what was wrong with them."""
        cell, lines = against.cell, list[Line]()
        for goal in cell.premise.goals:
            line, wrong = await self.line(against, lines, goal)
            if line is None:
                (kind, _), *_ = wrong.most_common(1) or [("nothing", 0)]
                return Reject(step=f"line {kind}", item=cell.id, reason=f"line {len(lines)}: no sound wording, {kind}")
            lines.append(line)
        return Talk(cell=cell, lines=tuple(lines))

    async def line(self, against: Against, said: Sequence[Line], goal: Goal) -> tuple[Line | None, Counter[str]]:
        """The line for a goal, and how often which fault stood against a wording."""
        drawn, wrong, hint = 0, Counter[str](), ""
        for sample in range(self.tries):
            asked = messages(against, self.demos, said, goal, hint)
            seed = self.seed + 100 * len(said) + sample
            found = await self.asker.lines(asked, against.locale.longest, against.cell.id, seed, "line")
            name = against.cell.names[goal.side]
            found = [Wording(bare(each.text, name), each.likely) for each in found]
            sound, faults = await self._sound(against, said, goal, found)
            drawn += len(found)
            wrong.update(each.kind for each in faults)
            if sound:
                text, how = await self._best(against, said, goal, sound)
                kinds = tuple(wrong.elements())
                line = Line(side=goal.side, text=text, goal=goal, drawn=drawn, sound=len(sound), faults=kinds)
                return line.model_copy(update={"chosen": how}), wrong
            hint = " ".join(f"Not like this: {each.why}." for each in faults[:2])
        return None, wrong

    async def _sound(
        self, against: Against, said: Sequence[Line], goal: Goal, found: Sequence[Wording]
    ) -> tuple[list[Wording], list[Fault]]:
        """The wordings without a fault, and the first fault of each other one."""
        before = [each.text for each in said]
        first = [next(against.faults(each.text, goal, before), None) for each in found]
        copied = await self.copies([each.text for each in found]) if self.copies and found else [False] * len(found)
        sound, faults = [], []
        for each, fault, copies in zip(found, first, copied, strict=True):
            if fault or copies:
                faults.append(fault or Fault("copy", "says what an example says"))
            else:
                sound.append(each)
        return sound, faults

    async def _best(
        self, against: Against, said: Sequence[Line], goal: Goal, sound: Sequence[Wording]
    ) -> tuple[str, str]:
        """Of the two likeliest the one that the model prefers in both orders, else the likelier."""
        best = sorted(sound, key=lambda each: -each.likely)[:2]
        if len(best) == 1:
            return best[0].text, "alone"
        if best[0].likely - best[1].likely > CLOSE:
            return best[0].text, "likelihood"
        shown = f"{heard(against.cell, said)}\nGoal: {goal.text}.\n<A>$first</A>\n<B>$second</B>\nThe better one:"
        texts = fenced(best[0].text), fenced(best[1].text)
        picked = await self.asker.either(rules("which"), shown, texts, against.cell.id, "rank")
        return best[picked or 0].text, "likelihood" if picked is None else "orders"


def messages(
    against: Against, demos: Demonstrations, said: Sequence[Line], goal: Goal, hint: str = ""
) -> list[Message]:
    """The talk as the speaker has it: rules, examples and its own person first, then what it said and heard, at the end
    its goal. Nothing before the end changes from line to line, so that a server reads it once."""
    made = [Message("system", f"{system(demos)}\n\n{person(against, goal.side)}")]
    waiting = ""
    for each in said:
        if each.side == goal.side:
            made += [
                Message("user", waiting or "..."),
                Message("assistant", json.dumps({"line": each.text}, ensure_ascii=False)),
            ]
            waiting = ""
        else:
            waiting = fenced(each.text)
    locale = against.locale
    values = "; ".join(value for value in goal.must if any(map(str.isdigit, value)) or not value.islower())
    keep = f"Keep exactly: {fenced(values)}." if values else ""
    other = f"{against.cell.names[1 - goal.side]} has just said: {waiting}\n" if waiting else ""
    wish = " ".join(filter(None, [f"In your next line: {fenced(goal.text)}.", keep, hint, locale.write]))
    return [*made, Message("user", f"{other}---\n{wish}")]


def system(demos: Demonstrations) -> str:
    """What stands in every request for a line: the rules and the examples, all in the source language."""
    shown = []
    for each in demos.demonstrations:
        lines = "\n".join(f"{each.names[n % 2]}: {line}" for n, line in enumerate(each.lines))
        one, other = (f"{name}: {' '.join(about)}" for name, about in zip(each.names, (each.a, each.b), strict=True))
        shown.append(f"{each.ground}\n{one}\n{other}\n{lines}")
    return f"{rules('line')}\n\nExamples:\n\n" + "\n\n".join(shown)


def person(against: Against, side: int) -> str:
    """Who speaks, to whom, where, and in which language; nothing of what only the other knows. Of the persona a line is
    shown when a goal needs it: a small model that sees all of it says all of it at once (docs/recipes/crowd.md)."""
    cell, locale = against.cell, against.locale
    parts = [
        f"Now you are {cell.names[side]} and talk to {cell.names[1 - side]}. {cell.ground}".strip(),
        f"What goes on: {cell.premise.means}.",
        f"Language: {locale.name}. There: {locale.customs}; {locale.money.say}. {locale.write}",
    ]
    return "\n".join(part for part in parts if part)


def heard(cell: Cell, said: Sequence[Line]) -> str:
    """The last lines, with who says them."""
    lines = "\n".join(f"{cell.names[each.side]}: {fenced(each.text)}" for each in said[-HEARD:])
    return f"<talk>\n{lines}\n</talk>"


def bare(text: str, name: str) -> str:
    """A line without the speaker's name before it, and without quotation marks around it."""
    said = re.sub(rf"^\W*{re.escape(name)}\s*[:：]\s*", "", text).strip()
    return said[1:-1].strip() if len(said) > 2 and said[0] + said[-1] in ('""', "“”", "«»") else said
