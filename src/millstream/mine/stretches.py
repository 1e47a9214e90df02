"""A long text as stretches that overlap: what is looked for in it then takes time that grows with its length alone,
for there are patterns whose time grows with the square of it. Knows nothing of what is looked for.
"""

from collections.abc import Callable, Iterator

from millstream.mine.find import Hit

LONGEST, AROUND = 1_000, 150
"""Characters of a stretch, and how many of them on either side are there to be seen beside what stands within."""


def stretches(text: str) -> Iterator[tuple[int, str]]:
    """(where it begins, its characters); a text of usual length is one stretch."""
    last = max(0, len(text) - 2 * AROUND)
    yield from ((at, text[at : at + LONGEST]) for at in range(0, last or 1, LONGEST - 2 * AROUND))


def holds(text: str, test: Callable[[str], bool]) -> bool:
    """Does one of the stretches pass?"""
    return test(text) if len(text) <= LONGEST else any(test(part) for _, part in stretches(text))


def within(text: str, find: Callable[[str], list[Hit[str]]]) -> list[Hit[str]]:
    """What `find` finds in a text: what stands in two stretches counts in the one in which it has more around it."""
    if len(text) <= LONGEST:
        return find(text)
    hits: list[Hit[str]] = []
    for at, part in stretches(text):
        first = at + AROUND if at else 0
        end = at + LONGEST - AROUND if at + LONGEST < len(text) else len(text)
        moved = (hit._replace(start=hit.start + at, end=hit.end + at) for hit in find(part))
        hits += [hit for hit in moved if first <= hit.start < end and (not hits or hits[-1].end <= hit.start)]
    return hits
