"""Accepted, rejected or edited by a person, with the reason: `review.jsonl` in the run folder, read by later runs.

The last decision on a dialogue holds; all of them stay. An edit names the turn and its new words, and the run's own
tables are never changed. Knows what may be written, and by whom: the name that the reviewer gave, taken on trust.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from millstream.viewer import journal

FILE = "review.jsonl"
LONGEST = 20_000
"""Characters of a reason or an edited turn."""


class Decision(BaseModel):
    """One of a reviewer. `turn` and `text` belong to an edit, which has to have both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dialogue: str = Field(min_length=1, max_length=64)
    decision: Literal["accept", "reject", "edit"]
    rater: str = Field(min_length=1, max_length=80)
    reason: str = Field(default="", max_length=LONGEST)
    turn: int | None = Field(default=None, ge=0)
    text: str | None = Field(default=None, min_length=1, max_length=LONGEST)

    @model_validator(mode="after")
    def _is_whole(self) -> "Decision":
        if (self.decision == "edit") != (self.turn is not None and self.text is not None):
            raise ValueError("an edit has a turn and its words, and nothing else has")
        if self.decision != "accept" and not self.reason.strip():
            raise ValueError("a reason is needed")
        return self


def write(run: Path, decision: Decision) -> dict[str, Any]:
    return journal.append(run / FILE, decision.model_dump(exclude_none=True))


def all_of(run: Path) -> list[dict[str, Any]]:
    return [row for row in journal.rows(run / FILE) if row.get("decision") in ("accept", "reject", "edit")]


def standing(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The last word on each dialogue; an edit alone says nothing of the whole."""
    found: dict[str, str] = {}
    for row in rows:
        if row["decision"] != "edit" or row["dialogue"] not in found:
            found[str(row["dialogue"])] = str(row["decision"])
    return found
