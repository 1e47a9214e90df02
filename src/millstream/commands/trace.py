"""`millstream trace`: the dialogues there are, or one with its labels, and for each turn the words and seconds it rests
on."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from millstream.commands import folder as files
from millstream.commands.terminal import say, tell
from millstream.errors import InputError
from millstream.records import Act, Dialogue, Evidence, Persona, Turn
from millstream.report import place
from millstream.report.counts import Heard

MOST = 6
"""Ids that an error names."""
Names = dict[str, str]
"""A source's id -> its title."""


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    dialogue: Annotated[
        str | None, Argument(metavar="DIALOGUE", help="Its id, or the beginning of it; without it all are listed.")
    ] = None
    turn: Annotated[int | None, Option(min=0, metavar="N", help="This turn alone, counted from 0.")] = None


def command(options: Options) -> int:
    """Print a dialogue with its labels and the words and seconds each turn rests on.

    Without DIALOGUE all are listed.

    millstream trace runs/kitchen
    millstream trace runs/kitchen 5f2c --turn 7
    """
    dialogues = files.dialogues(options.run)
    if not dialogues:
        say(f"no dialogues are left in it: millstream resume {shlex.quote(str(options.run))} makes what is missing")
        return 0
    if options.dialogue is None:
        for each in dialogues:
            tell(listed(each))
        return 0
    dialogue = _found(dialogues, options.dialogue, options.run)
    names = titles(files.summary(options.run).heard)
    if options.turn is None:
        for line in head(dialogue, names):
            tell(line)
    elif options.turn >= len(dialogue.turns):
        raise InputError(f"has no turn {options.turn}", dialogue.id, f"its turns are 0 to {len(dialogue.turns) - 1}")
    for n, turn in enumerate(dialogue.turns):
        if options.turn in (None, n):
            for line in (*shortly(n, turn), *_rest(turn, names)):
                tell(line)
    return 0


def titles(heard: tuple[Heard, ...]) -> Names:
    return {each.id: each.title for each in heard}


def listed(dialogue: Dialogue) -> str:
    """A dialogue in one line: its id, how long it is, its path, and what it is about."""
    return f"{dialogue.id}  {len(dialogue.turns)} turns  {dialogue.scenario.path}  {dialogue.scenario.aim}"


def head(dialogue: Dialogue, names: Names) -> Iterator[str]:
    """Who speaks, by which path, to which end; each trait with where it was seen."""
    scenario = dialogue.scenario
    yield f"dialogue {dialogue.id} ({scenario.domain}, {scenario.lang}; synthetic)"
    yield f"path {scenario.path}, ends in {dialogue.ended}; about {scenario.aim}; words: {dialogue.realiser}"
    for persona in dialogue.personas:
        yield from _persona(persona, names)
    yield ""


def shortly(n: int, turn: Turn) -> Iterator[str]:
    """A turn and its labels in two lines."""
    yield f"{n:>3} {turn.role}: {turn.text}"
    acts = ", ".join(map(_act, turn.acts))
    state = ", ".join(f"{slot.slot}={slot.value}" for slot in turn.state) or "empty"
    yield f"      {turn.stage} | {acts} | state: {state}{f' | {turn.strategy}' if turn.strategy else ''}"


def _rest(turn: Turn, names: Names) -> Iterator[str]:
    if turn.worded != "template" and turn.draft != turn.text:
        yield f"      draft ({turn.worded}): {turn.draft}"
    for each in turn.grounding:
        yield f"      <- {_where(each, names)}"


def _persona(persona: Persona, names: Names) -> Iterator[str]:
    yield f"{persona.role}:"
    for trait in persona.fields:
        seen = f" <- {_where(trait.evidence[0], names)}" if trait.evidence else f" ({trait.origin})"
        yield f"  {trait.name}: {trait.value if trait.value is not None else 'not shown'}{seen}"


def _where(evidence: Evidence, names: Names) -> str:
    quote = f": “{evidence.quote}”" if evidence.quote else ""
    return f"{names.get(evidence.source, evidence.source)}, {place(evidence)}{quote}"


def _act(act: Act) -> str:
    inside = "=".join(filter(None, (act.slot, act.value)))
    return f"{act.act}({inside})" if inside else act.act


def _found(dialogues: list[Dialogue], name: str, run: Path) -> Dialogue:
    found = [each for each in dialogues if each.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} dialogues begin with {name!r}" if found else f"no accepted dialogue {name!r}"
    there = ", ".join(each.id for each in (found or dialogues)[:MOST])
    more = ", ..." if len(found or dialogues) > MOST else ""
    raise InputError(what, str(run), f"there are: {there}{more}" if there else "see its report.html")
