"""A cell is written line by line: one small goal a call, several wordings, the sound ones compared in both orders.

Whoever speaks is shown its goal, the common ground and what was said; the other's persona and goals are not in the
prompt.
There is no sentence to fall back to: a goal without a sound wording ends the talk with the reason. Knows no files.
"""

import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from millstream.chat import Message, fenced
from millstream.crowd.asking import Asker, Wording
from millstream.crowd.checks import PART, Against, Fault
from millstream.crowd.data import Demonstration, Demonstrations, rules
from millstream.crowd.holding import pattern
from millstream.crowd.talk import Cell, Goal, Line, Talk
from millstream.records import Reject

Sounds = Callable[[Sequence[str], bool], Awaitable[list[Fault | None]]]
"""What is wrong with each text by its meaning, in whatever language; of private people or not."""
Fits = Callable[[Sequence[str], str], Awaitable[list[float]]]
"""How near each text is to a goal in the source language, in whatever language it is itself."""
HOTTER = 0.2
"""Added to the temperature with each further try: at the same one a small model often writes the same line again."""
HEARD = 6
"""Lines of the talk so far that are shown when wordings are compared."""
SHOWN = 3
"""Lines of each example that are shown as answers to their goals."""
CLOSE = 0.2
"""Mean log-probabilities within which two wordings are compared; farther apart the likelier one is taken."""


@dataclass(frozen=True)
class Writer:
    """Writes the cells of one language. `tries`: calls that a line may take. Of sound wordings the one nearest to its
    goal is taken; without `fits` the likelier one, or of two near ones what the model prefers in both orders."""

    asker: Asker
    demos: Demonstrations
    sounds: Sounds | None
    tries: int
    seed: int
    fits: Fits | None = None

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
            asker = replace(self.asker, temperature=self.asker.temperature + sample * HOTTER)
            found = await asker.lines(asked, pattern(against.locale, goal), against.cell.id, seed, "line")
            name, before = against.cell.names[goal.side], [each.text for each in said]
            found = [Wording(against.mended(bare(each.text, name), before), each.likely) for each in found]
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
        private = against.cell.premise.kind == "open"
        meant = await self.sounds([each.text for each in found], private) if self.sounds and found else first
        sound, faults = [], []
        for each, fault, other in zip(found, first, meant, strict=True):
            if wrong := fault or other:
                faults.append(wrong)
            else:
                sound.append(each)
        return sound, faults

    async def _best(
        self, against: Against, said: Sequence[Line], goal: Goal, sound: Sequence[Wording]
    ) -> tuple[str, str]:
        """The wording that is taken, and how it was found."""
        best = sorted(sound, key=lambda each: -each.likely)[:2]
        if len(best) == 1:
            return best[0].text, "alone"
        if self.fits:
            near = await self.fits([each.text for each in sound], goal.text)
            return sound[near.index(max(near))].text, "goal"
        if best[0].likely - best[1].likely > CLOSE:
            return best[0].text, "likelihood"
        shown = f"{heard(against.cell, said)}\nGoal: {goal.text}.\n<A>$first</A>\n<B>$second</B>\nThe better one:"
        texts = fenced(best[0].text), fenced(best[1].text)
        picked = await self.asker.either(rules("which"), shown, texts, against.cell.id, "rank")
        return best[picked or 0].text, "likelihood" if picked is None else "orders"


def messages(
    against: Against, demos: Demonstrations, said: Sequence[Line], goal: Goal, hint: str = ""
) -> list[Message]:
    """Rules and examples, which are the same for every line of every language, so that a server reads them once; then
    the talk as the speaker has it, and its goal. Of the persona a line is shown when a goal needs it, of the ground the
    matter of the day to whoever speaks first: a small model that sees all of it says all of it at once, and asks the
    other of what both know (docs/recipes/crowd.md)."""
    cell, locale = against.cell, against.locale
    values = "; ".join(value for value in goal.must if any(map(str.isdigit, value)) or not value.islower())
    said_of = (part for value in goal.must for part in PART.split(value))
    words = "; ".join(found[0] for part in said_of if (found := locale.values.get(part.casefold())))
    keep = f"Keep exactly: {fenced(values)}." if values else ""
    use = f"Say it with: {fenced(words)}." if words else ""
    other, you = cell.names[1 - goal.side], locale.address.right(cell.premise.relation)
    address = f"Say {you} to {other}." if you else ""
    parts = [
        f"{cell.scene if said else cell.ground} What goes on: {cell.premise.means}.".strip(),
        f"Language: {locale.name}. There: {locale.customs}; {locale.money.say}.",
        _asked(cell.names, goal.side, heard(cell, said), goal.text),
        " ".join(filter(None, [keep, use, address, hint, locale.write])),
    ]
    return [Message("system", rules("line")), *_examples(demos), Message("user", "\n".join(parts))]


def _examples(demos: Demonstrations) -> Iterator[Message]:
    """The first lines of each example as calls and their answers, all in the source language."""
    for each in demos.demonstrations:
        yield from (message for n in range(min(SHOWN, len(each.lines))) for message in _example(each, n))


def _example(demo: Demonstration, n: int) -> tuple[Message, Message]:
    said = "\n".join(f"{demo.names[k % 2]}: {line}" for k, line in enumerate(demo.lines[:n]))
    asked = _asked(demo.names, n % 2, f"<talk>\n{said}\n</talk>", demo.goals[n])
    answer = json.dumps({"line": demo.lines[n]}, ensure_ascii=False)
    return Message("user", f"{demo.ground}\n{asked}"), Message("assistant", answer)


def _asked(names: Sequence[str], side: int, talk: str, goal: str) -> str:
    return f"{talk}\nYou are {names[side]}. Your next line to {names[1 - side]}: {fenced(goal)}."


def heard(cell: Cell, said: Sequence[Line]) -> str:
    """The last lines, with who says them."""
    lines = "\n".join(f"{cell.names[each.side]}: {fenced(each.text)}" for each in said[-HEARD:])
    return f"<talk>\n{lines}\n</talk>"


def bare(text: str, name: str) -> str:
    """A line without the speaker's name before it, and without quotation marks around it."""
    said = re.sub(rf"^\W*{re.escape(name)}\s*[:：]\s*", "", text).strip()
    return said[1:-1].strip() if len(said) > 2 and said[0] + said[-1] in ('""', "“”", "«»") else said
