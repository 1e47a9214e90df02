"""The sample exchanges of docs/delivery.md: each turn in bold really shows its kind, by the kind's own checker."""

import re
from pathlib import Path

import pytest

from millstream import plugins
from millstream.records import Act, Role, Slot, Turn

PAGE = (Path(__file__).parents[2] / "docs" / "delivery.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)`: [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)
CELLS = [(kind, cell) for kind, *cells in ROWS for cell in cells]
AGENT_FIRST = {"two_intents", "emotion", "ellipsis", "self_repair", "nudge", "backchannel"}
GOES_ON = {"nudge": "agent", "split": "user", "typo": "user"}
ACTS: dict[str, tuple[Act, ...]] = {
    "two_intents": (Act(act="inform", slot="price"), Act(act="inform", slot="class")),
    "ellipsis": (Act(act="request", slot="price", entity="青屿E5"),),
    "emotion": (Act(act="refuse"),),
}
"""What the checkers read beside the words."""


def value(text: str) -> str:
    """The last amount of a text."""
    return re.findall(r"\$?\d+万?", text)[-1]


def turns(kind: str, cell: str) -> list[tuple[Turn, bool]]:
    """The exchange with its speakers, and whether each turn is in bold."""
    made: list[tuple[Turn, bool]] = []
    role: Role = "agent" if kind in AGENT_FIRST else "user"
    for n, line in enumerate(cell.split("<br>")):
        text, bold = line.strip("* ").replace("\\*", "*"), line.startswith("**")
        if n and not (GOES_ON.get(kind) == made[-1][0].role == role and bold):
            role = "user" if role == "agent" else "agent"
        acts, state = ACTS.get(kind, (Act(act="acknowledge"),)), tuple[Slot, ...]()
        if kind == "self_repair" and bold:
            last = value(text)
            acts, state = (Act(act="inform", slot="price", value=last),), (Slot(slot="price", value=last),)
        made.append((Turn(role=role, text=text, acts=acts, state=state, stage=""), bold))
    return made


def test_the_page_has_a_sample_of_every_kind_in_both_languages() -> None:
    assert sorted(kind for kind, *_ in ROWS) == plugins.names("deliveries")
    assert all(re.search("[一-鿿]", zh) and not re.search("[一-鿿]", en) for _, zh, en in ROWS)


@pytest.mark.parametrize(("kind", "cell"), CELLS, ids=[f"{kind}-{n % 2}" for n, (kind, _) in enumerate(CELLS)])
def test_what_is_in_bold_is_shown(kind: str, cell: str) -> None:
    exchange = turns(kind, cell)
    said = [turn for turn, _ in exchange]
    shown = plugins.module("deliveries", kind).shown
    marked = [n for n, (_, bold) in enumerate(exchange) if bold]
    assert marked and all(shown(said, n) for n in marked)
