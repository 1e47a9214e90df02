"""What the encoder tells, with vectors of words in its place: copies, events, own personas, twins."""

import zlib
from collections.abc import Sequence

import numpy as np

from millstream.crowd import likeness
from millstream.crowd.data import chosen, demonstrations, locales, register
from millstream.crowd.scenarios import localised, opened
from millstream.crowd.talk import Line, Talk

PAIR = (("bread oven flour",), ("choir opera violin",))


async def embed(texts: Sequence[str]) -> list[list[float]]:
    """Counts of hashed words, of length 1: what shares words is near."""
    made = np.full((len(texts), 1 << 14), 0.0)
    for row, text in zip(made, texts, strict=True):
        for word in text.casefold().split():
            row[zlib.crc32(word.strip(".,?!").encode()) % (1 << 14)] += 1
    found: list[list[float]] = (made / np.linalg.norm(made, axis=1, keepdims=True)).tolist()
    return found


def talks() -> list[Talk]:
    """Each says what its event means, and each side its own persona."""
    made = []
    for premise in opened([PAIR], chosen("gossip,small_talk,making_plans"), {"neighbours"}, 3, 0):
        for locale in locales("en,fr", ()):
            cell = localised(premise, locale, 0)
            said = (f"{premise.means} {PAIR[0][0]}", f"{premise.means} {PAIR[1][0]}")
            lines = [
                Line(side=side, text=text, goal=premise.goals[side], drawn=1, sound=1) for side, text in enumerate(said)
            ]
            made.append(Talk(cell=cell, lines=tuple(lines)))
    return made


async def test_a_copy_is_found_and_another_line_is_not() -> None:
    shown = demonstrations()
    sounds = await likeness.sounding(embed, shown)
    line = shown.demonstrations[0].lines[2]
    found = await sounds([line, "Quiet snow covers mountains"], True)
    assert [each and each.kind for each in found] == ["copy", None]


async def test_who_sounds_like_an_assistant_is_refused_among_private_people_and_not_in_a_task() -> None:
    async def by_list(texts: Sequence[str]) -> list[list[float]]:
        lists = (register().assistant, register().people)
        return [[float(text in found) for found in lists] + [1.0] for text in texts]

    sounds = await likeness.sounding(by_list, demonstrations())
    lines = [register().assistant[2], register().people[0], "Rye on most Sundays."]
    for private, first in ((True, "assistant"), (False, None)):
        assert [each and each.kind for each in await sounds(lines, private)] == [first, None, None]


async def test_events_are_told_from_one_another() -> None:
    made = talks()
    events = chosen("gossip,small_talk,making_plans")
    assert await likeness.told_event(embed, made, events) == [each.cell.premise.event for each in made]


async def test_sides_are_nearer_to_their_own_persona_unless_they_are_swapped() -> None:
    (made, *_) = talks()
    first, second = made.lines
    swapped = made.model_copy(
        update={
            "lines": (first.model_copy(update={"text": second.text}), second.model_copy(update={"text": first.text}))
        }
    )
    assert await likeness.own_persona(embed, [made, swapped]) == [(2, 2), (0, 2)]


async def test_talks_of_one_premise_are_more_alike() -> None:
    found = await likeness.twins(embed, talks())
    assert found and found[0] > found[1]
    assert await likeness.twins(embed, talks()[:1]) is None
