"""`millstream domain new`: a draft of a domain file from price lists and captions, with the evidence as comments.

A person edits it: what a table shows is filled in, what nothing shows is left to the general wordings, and each slot
says which column it is from and which line speaks of it. Knows no domain by name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from typer import Argument, Option

from millstream import intake, language
from millstream.commands.terminal import say
from millstream.domain import SlotSpec, parse
from millstream.errors import InputError
from millstream.mine.drafting import drafted
from millstream.records import Cue, Lang
from millstream.shapes import Table


@dataclass(frozen=True)
class Options:
    what: Annotated[str, Argument(metavar="new", help="`new`: draft a domain file.")]
    files: Annotated[list[Path], Argument(metavar="FILES", help="Tables of what is on offer, captions, chats.")]
    name: Annotated[str, Option(help="What the domain is called; else what its rows are.")] = ""


def command(options: Options) -> int:
    """Draft a domain file from tables and captions: slots, units and vocabulary, with where each was seen.

    The draft is written to stdout: `millstream domain new prices.csv stream.srt --name gym > gym.yaml`.
    """
    if options.what != "new":
        raise InputError(f"no {options.what!r} here", remedy="say: millstream domain new FILES")
    left_out: list[tuple[str, str]] = []
    taken = intake.take(options.files)
    if not taken.tables:
        raise InputError("no table among the files", remedy="add a price list: CSV with one line of column names")
    lines = [cue for gathered in taken.readings for cue in intake.cues(gathered, left_out)]
    text = draft(taken.tables, lines, options.name)
    parse("\n".join(text), "the draft")
    print(*text, sep="\n")
    say(f"{len(taken.tables)} tables and {len(lines)} lines read; edit names, units, words and what is a wish")
    for _, why in [*taken.left_out, *left_out]:
        say(f"left out: {why}")
    return 0


def draft(tables: Sequence[Table], lines: Sequence[Cue], name: str) -> list[str]:
    """The lines of a domain file."""
    told = " ".join([*tables[0].headers, *(cell for row in tables[0].rows for cell in row)])
    lang: Lang = "zh" if language.detect(told).lang == "zh" else "en"
    base, heard = drafted(tables, lines, lang, name)
    rows = list(_said(base.model_dump(mode="json", exclude_defaults=True, exclude={"slots", "words"})))
    rows += ["# words: the names of the slots, then what most lines say"]
    rows += [f"#   {word}: {n} lines" for word, n in heard]
    rows += [*_said({"words": {lang: list(base.words[lang])}}), "slots:"]
    for slot in base.slots:
        rows += [*_evidence(slot, lang, tables, lines), *_slot(slot)]
    return rows


def _evidence(slot: SlotSpec, lang: Lang, tables: Sequence[Table], lines: Sequence[Cue]) -> Iterator[str]:
    """Comments: the column with some of its cells, and the first line that speaks of it."""
    for table in tables:
        for at, header in enumerate(table.headers):
            if any(name.casefold() in header.casefold() for name in slot.names.get(lang, ())):
                cells = dict.fromkeys(row[at] for row in table.rows if row[at])
                yield f"  # {table.key}, column {header!r}: {', '.join(list(cells)[:4])}"
    for line in lines:
        if any(name.casefold() in line.text.casefold() for name in slot.names.get(lang, ())):
            said = " ".join("".join(char if char.isprintable() else " " for char in line.text).split())
            yield f"  # {line.track} {line.n}: {said[:100]}"
            return
    if lines:
        yield "  # nobody speaks of it by this name: add the words they use"


def _slot(slot: SlotSpec) -> Iterator[str]:
    said = list(_said(slot.model_dump(mode="json", exclude_defaults=True)))
    yield from (("  - " if n == 0 else "    ") + row for n, row in enumerate(said))


def _said(given: dict[str, Any]) -> Iterator[str]:
    yield from yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=1000).splitlines()
