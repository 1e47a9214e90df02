"""`millstream diff`: what changed between two runs, and which dialogues a changed fact touches.

Compares what the runs know (by entity and attribute) and what they made (by dialogue). Knows nothing of how a run is
made; a dialogue is named by its scenario, so the same scenario in other words is "reworded".
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument

from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.records import Dialogue, Fact
from millstream.table import Table

FACTS = "2_facts.jsonl"
UNSAID = {"version", "inputs", "base_url"}
"""Settings that are named by other lines, or say nothing of what was made."""
Key = tuple[str, str]


@dataclass(frozen=True)
class Options:
    run_a: Annotated[Path, Argument(metavar="RUN_A", help="The run before.")]
    run_b: Annotated[Path, Argument(metavar="RUN_B", help="The run after.")]
    as_json: Json = False


def command(options: Options) -> int:
    """Say what changed between two runs: settings, facts with their sources, and dialogues with the reason."""
    before, after = options.run_a, options.run_b
    changed = {key: pair for key, pair in _facts(before, after).items() if _differ(*pair)}
    rows = [*_settings(before, after), *(_fact(key, *pair) for key, pair in changed.items())]
    rows += _dialogues(_made(before), _made(after), {key: pair[0] for key, pair in changed.items()})
    show(rows, options.as_json)
    count = Counter(f"{row['what']} {row['change']}" for row in rows)
    say(", ".join(f"{n} x {name}" for name, n in sorted(count.items())) or "nothing changed")
    return 0


def _settings(before: Path, after: Path) -> Iterator[dict[str, Any]]:
    one, two = files.settings(before), files.settings(after)
    for name in sorted((one.keys() | two.keys()) - UNSAID):
        if one.get(name) != two.get(name):
            yield _row("setting", "changed", name, f"{one.get(name)} -> {two.get(name)}")


def _facts(before: Path, after: Path) -> dict[Key, tuple[Fact | None, Fact | None]]:
    one, two = _known(before), _known(after)
    return {key: (one.get(key), two.get(key)) for key in dict.fromkeys([*one, *two])}


def _known(run: Path) -> dict[Key, Fact]:
    return {(fact.entity, fact.attribute): fact for fact in Table(files.existing(run) / FACTS, Fact)}


def _differ(one: Fact | None, two: Fact | None) -> bool:
    if one is None or two is None:
        return True
    return _said(one) != _said(two)


def _said(fact: Fact) -> tuple[object, ...]:
    return fact.value, fact.claimed, fact.valid_from, fact.valid_to


def _fact(key: Key, one: Fact | None, two: Fact | None) -> dict[str, Any]:
    what = f"{key[0]}: {key[1]}"
    if one is None or two is None:
        there = one or two
        assert there is not None
        return _row("fact", "gone" if two is None else "new", what, f"{there.value} ({_source(there)})")
    return _row("fact", "changed", what, f"{one.value} ({_source(one)}) -> {two.value} ({_source(two)})")


def _source(fact: Fact) -> str:
    """Where the fact stands in a table, or was said last."""
    proof = next((each for each in fact.evidence if each.kind == "row"), fact.evidence[-1])
    when = f" at {proof.start:.0f} s" if proof.start is not None else f" {proof.kind} {proof.at[0]}" if proof.at else ""
    return proof.source + when + (", claimed" if fact.claimed else "")


def _made(run: Path) -> dict[str, Dialogue]:
    return {each.id: each for each in files.dialogues(run)}


def _dialogues(
    one: Mapping[str, Dialogue], two: Mapping[str, Dialogue], changed: Mapping[Key, Fact | None]
) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys([*one, *two]):
        before, after = one.get(name), two.get(name)
        if before and after and _text(before) == _text(after):
            continue
        change = "new" if before is None else "gone" if after is None else "reworded"
        there = before or after
        assert there is not None
        told = sorted(_told(there) & changed.keys())
        why = "; ".join(f"tells {slot} of {entity}, which changed" for entity, slot in told)
        yield _row("dialogue", change, name, why or "drawn otherwise")


def _text(dialogue: Dialogue) -> list[str]:
    return [turn.text for turn in dialogue.turns]


def _told(dialogue: Dialogue) -> set[Key]:
    """What an agent tells of."""
    agents = [turn for turn in dialogue.turns if turn.role == "agent"]
    return {(act.entity, act.slot) for turn in agents for act in turn.acts if act.entity}


def _row(what: str, change: str, name: str, how: str) -> dict[str, Any]:
    return {"what": what, "change": change, "name": name, "how": how}
