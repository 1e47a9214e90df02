"""README.md of a dataset, in the form model hubs read: front matter for programs, prose for people.

Says how the data was made, what was rejected, where the split leaks and what the data cannot be used for. Titles
and reasons come from streams: they are escaped, so that no title makes a heading, a link or a tag of its own.
Refuses to know where the figures come from, and to decide whether anything may be published.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from millstream.report import environment
from millstream.report import write as write_text
from millstream.report.counts import Parts, Summary, Tally

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
"""What marks text up, and what makes a link of it."""
_CARD_LICENCES = {
    "apache-2.0", "mit", "cc0-1.0", "cc-by-4.0", "cc-by-3.0", "cc-by-sa-4.0", "cc-by-sa-3.0", "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0", "cc-by-nc-nd-4.0", "cc-by-nd-4.0", "odc-by", "odbl", "unknown",
}  # fmt: skip
"""The names hubs know, of those that sources usually have; any other is "other" with its name beside it."""
_OPEN = re.compile(r"^(cc0|mit|apache|bsd|isc|unlicense|pddl|public domain|cc-by-\d|odc-by)", re.IGNORECASE)
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def write(summary: Summary, tally: Tally, path: Path, split: Parts | None = None) -> Path:
    """Write the card over all that was counted; with a `split` it describes train.jsonl, dev.jsonl and test.jsonl."""
    env = environment(html=False)
    env.filters["md"] = escaped
    text = env.get_template("card.md.j2").render(
        front=yaml.safe_dump(_front(summary, tally, split), allow_unicode=True, sort_keys=False),
        summary=summary,
        tally=tally,
        licence=strictest(tally.licences),
        rights={each.id: each for each in summary.rightful},
        split=split,
        sizes=_sizes(split),
    )
    return write_text(path, text)


def strictest(licences: Iterable[str]) -> str:
    """The licence that allows least; "unknown" as soon as one is not known (nothing may be done with it then).

    Strict to loose: unknown; names this cannot read; NonCommercial; NoDerivatives; ShareAlike; the open ones.
    """
    names = sorted(set(licences))
    return "unknown" if "" in names or not names else max(names, key=_strictness)


def _strictness(licence: str) -> int:
    marks = set(re.split(r"[^a-z0-9]+", licence.lower()))
    if _OPEN.match(licence) and not marks & {"nc", "nd", "sa"}:
        return 0
    creative = 8 * ("nc" in marks) + 4 * ("nd" in marks) + 2 * ("sa" in marks)
    return creative or 16


def escaped(text: object) -> str:
    """Any text as one line of plain words in Markdown."""
    return _MARKDOWN.sub(r"\\\g<0>", " ".join(str(text).split()))


def _front(summary: Summary, tally: Tally, split: Parts | None) -> dict[str, Any]:
    licence = strictest(tally.licences)
    known = licence.lower() in _CARD_LICENCES
    front: dict[str, Any] = {
        "pretty_name": f"Synthetic service dialogues: {', '.join(sorted(tally.domains)) or 'none'}",
        "license": licence.lower() if known else "other",
        **({} if known else {"license_name": licence}),
        "language": sorted(tally.langs),
        "size_categories": [next((name for most, name in _SIZES if tally.dialogues < most), "n>1M")],
        "task_categories": ["text-generation"],
        "tags": ["synthetic", "dialogue", "task-oriented-dialogue", "dialogue-state-tracking", *sorted(tally.domains)],
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "synthetic": True,
        "generator": {"name": "millstream", "model": summary.model or "none"},
    }
    files = [{"split": part, "path": f"{part}.jsonl"} for part, count in _sizes(split) if count]
    return front | ({"configs": [{"config_name": "default", "data_files": files}]} if files else {})


def _sizes(split: Parts | None) -> list[tuple[str, int]]:
    if split is None:
        return []
    parts = list(split.of.values())
    return [(part, parts.count(part)) for part in ("train", "dev", "test")]
