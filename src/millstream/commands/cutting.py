"""A run of a recipe that takes dialogues out of recordings as they are: `run --recipe threads` and `conversation`.

No domain, no plan and no model: what is read is cut and written down, in a run folder as any other.
"""

import asyncio
import json
import shutil
from collections import Counter
from typing import Any

from millstream import intake
from millstream.commands import folder as files
from millstream.commands.closing import DONE, NOTHING, figures
from millstream.commands.fingerprint import fingerprint
from millstream.commands.order import Order
from millstream.commands.release import version
from millstream.commands.terminal import say
from millstream.conversations import Found
from millstream.errors import InputError
from millstream.exporters import line
from millstream.pipeline import cutter, key_of
from millstream.recipe import Recipe
from millstream.report.counts import Summary
from millstream.run import Run
from millstream.summary import failures, rejects
from millstream.whole import whole

STEP = "1_conversations"
_SHOWN = 6


def cut(order: Order, recipe: Recipe, dry_run: bool = False, as_json: bool = False) -> int:
    """Cut, write and say what came of it; returns the exit code. InputError where nothing of the inputs can be read."""
    asked = order.settings
    taken = intake.take(order.inputs, order.rights, asked.columns, asked.simplify)
    if not taken.readings:
        raise InputError("holds no recording", str(order.inputs[0]), "give comments, transcripts or captions")
    if dry_run:
        say(f"{len(taken.readings)} recordings would be cut by the recipe {recipe.name}")
        return DONE
    fresh = files.free_for_a_run(order.out)
    notes: Counter[str] = Counter()
    with Run(order.out, fingerprint(order.settings, taken.rights)) as run:
        try:
            found = list(asyncio.run(_cut(run, recipe, taken, notes)))
        except InputError:
            if fresh:
                shutil.rmtree(order.out)
            raise
        files.write_settings(order.out, order.settings, "", order.inputs, version())
        files.write_rights(order.out, taken, order.inputs, order.rights)
        with whole(order.out / files.CONVERSATIONS) as out:
            out.writelines(f"{line(row(each))}\n" for each in found)
        summed = _summary(order, recipe, taken, len(found), notes)
        files.write_summary(order.out, summed, figures(summed, order.out, sum(failures(order.out).values())))
    told = counted(found, len(taken.readings))
    _say(order, told, [*taken.left_out], notes)
    if as_json:
        print(json.dumps(told))
    return DONE if found else NOTHING


async def _cut(run: Run, recipe: Recipe, taken: intake.Intake, notes: Counter[str]) -> list[Found]:
    assert recipe.cut is not None
    return list(await run.each(STEP, taken.readings, cutter(recipe.cut, key_of(run), notes), Found))


def _summary(order: Order, recipe: Recipe, taken: intake.Intake, found: int, notes: Counter[str]) -> Summary:
    """What other commands read of a run that is whole."""
    return Summary(
        stages=(("recordings", len(taken.readings)), ("dialogues", found)),
        rejects=tuple(rejects(order.out)),
        left_out=tuple(taken.left_out),
        notes=tuple(sorted(notes.items())),
        target=found,
        accepted=found,
        drawn=found,
        settings=(("recipe", recipe.name),),
    )


def row(found: Found) -> dict[str, Any]:
    """One line of conversations.jsonl: references are what others answered at a point."""
    turns = [
        {"role": turn.role, "text": turn.text, "references": list(turn.others), "cues": list(turn.cues)}
        | {"start": turn.start, "end": turn.end}
        for turn in found.turns
    ]
    known = found.model_dump(include={"recording", "track", "lang", "licence", "basis"})
    return {"id": found.id, "turns": turns, **known, "synthetic": False}


def counted(found: list[Found], recordings: int) -> dict[str, int]:
    turns = [turn for each in found for turn in each.turns]
    return {
        "recordings": recordings,
        "dialogues": len(found),
        "turns": len(turns),
        "with_references": sum(bool(turn.others) for turn in turns),
        "references": sum(len(turn.others) for turn in turns),
    }


def _say(order: Order, told: dict[str, int], left_out: list[tuple[str, str]], notes: Counter[str]) -> None:
    say(f"{told['dialogues']} dialogues of {told['recordings']} recordings, {told['turns']} turns")
    say(f"{told['with_references']} turns have {told['references']} further references")
    for step, reason, count in list(rejects(order.out))[:_SHOWN]:
        say(f"not taken: {count} x {step}: {reason}")
    for _, reason in left_out[:_SHOWN]:
        say(f"left out: {reason}")
    if notes:
        say(f"mended or masked: {', '.join(f'{what} {count}' for what, count in sorted(notes.items()))}")
    say(f"written to {order.out / files.CONVERSATIONS}")
