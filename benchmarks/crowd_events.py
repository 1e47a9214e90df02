"""Does the encoder tell speech events apart, in talks as people have them? The bound of what `crowd` prints.

    python benchmarks/crowd_events.py

Eighteen talks (benchmarks/crowd_events.yaml: six events, three languages, one writer, a program) go through the
classifier that the recipe uses on what models write, among the six frequent events and among all 29; chance is one in
six and one in 29. First lines alone stand beside them. Intervals: bootstrap over talks (where all are right it has no
width: 18 of 18 are above 82% by Wilson's).
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import yaml

from millstream.crowd import likeness
from millstream.crowd.data import chosen, events, locales
from millstream.crowd.scenarios import localised, opened
from millstream.crowd.talk import Line, Talk
from millstream.csc_figures import shown
from millstream.metrics.intervals import ratio
from millstream.models import opened_embedding
from millstream.shapes import Embed

TALKS = Path(__file__).with_name("crowd_events.yaml")


def talks() -> list[Talk]:
    """Each as if the recipe had written it."""
    made = []
    for code, said in yaml.safe_load(TALKS.read_text(encoding="utf-8")).items():
        (premise,) = opened([(("",), ("",))], (events()[code],), set(events()[code].between), 1, 0)
        for locale in locales(",".join(said), ()):
            lines = [
                Line(side=n % 2, text=text, goal=premise.goals[n], drawn=1, sound=1)
                for n, text in enumerate(said[locale.code])
            ]
            made.append(Talk(cell=localised(premise, locale, 0), lines=tuple(lines)))
    return made


async def told(embed: Embed, name: str, made: Sequence[Talk], among: str) -> None:
    found = await likeness.told_event(embed, made, chosen(among))
    right = [code == each.cell.premise.event for code, each in zip(found, made, strict=True)]
    count = len(chosen(among))
    print(f"{name}, among {count}: {shown(ratio([(float(each), 1.0) for each in right]))}, chance {1 / count:.1%}")
    for lang in sorted({each.cell.lang for each in made}):
        own = [ok for ok, each in zip(right, made, strict=True) if each.cell.lang == lang]
        print(f"    {lang}: {sum(own)} of {len(own)}")
    for each, code in zip(made, found, strict=True):
        if code != each.cell.premise.event and among == "frequent":
            print(f"    {each.cell.lang}: {each.cell.premise.event} taken for {code}")


async def measured() -> None:
    made = talks()
    async with opened_embedding() as embedding:
        for among in ("frequent", "all"):
            await told(embedding.query, "whole talks", made, among)
        first = [each.model_copy(update={"lines": each.lines[:1]}) for each in made]
        await told(embedding.query, "first lines", first, "frequent")


if __name__ == "__main__":
    asyncio.run(measured())
