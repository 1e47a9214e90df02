"""`millstream simulate`: dialogues with services by schema. Reads, asks the engine, writes; plays nothing itself."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora
from millstream.commands.terminal import say, tell
from millstream.errors import InputError
from millstream.exporters import line
from millstream.formats import sgd
from millstream.services import knowledge, problems, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.simulate import policy as policies
from millstream.simulate.checked import faults
from millstream.simulate.goals import World
from millstream.simulate.play import outline
from millstream.simulate.policy import Policy
from millstream.simulate.words import Unsaid, Wording
from millstream.whole import whole

_BATCH = 500


@dataclass(frozen=True)
class Options:
    schema: Annotated[Path, Argument(help="schema.json, as Schema-Guided Dialogue has it.")]
    to: Annotated[Path | None, Option(help="Folder for dialogues.jsonl, rows.json and policy.json.")] = None
    rows: Annotated[Path | None, Option(help="Rows of each service, JSON; without it they are invented.")] = None
    service: Annotated[list[str] | None, Option(help="Only these services.")] = None
    count: Annotated[int, Option(min=1, help="Dialogues.")] = 100
    seed: Annotated[int, Option(min=0, help="Everything random is drawn from it.")] = 0
    policy: Annotated[Path | None, Option(help="YAML of probabilities.")] = None
    learn: Annotated[Path | None, Option(help="SGD dialogues that the probabilities are counted in.")] = None
    outlines: Annotated[bool, Option("--outlines", help="Acts and states alone, no words.")] = False
    processes: Annotated[int, Option(min=1, help="How many at once.")] = 1
    dry_run: Annotated[bool, Option("--dry-run", help="Say what is wrong with schema, rows and corpus.")] = False


def command(options: Options) -> int:
    """Play dialogues with services from their schema and rows, with states that are right by construction.

    millstream simulate schema.json --to data/made --count 1000
    """
    services = _services(options)
    known = knowledge.read(options.rows) if options.rows else knowledge.invented(services, seed=options.seed)
    found = problems.problems(services, known, str(options.schema), str(options.rows or "invented rows"))
    found += [problems.Problem(str(f), key, what) for f, key, row in _learnt_from(options) for what in sgd.faults(row)]
    if options.dry_run:
        for each in found:
            tell(each)
        say(f"{len(services)} services, {len(found)} problems")
        return 2 if found else 0
    problems.refuse(found)
    if options.to is None:
        raise InputError("no folder to write to", "--to", "give --to FOLDER, or --dry-run")
    made = _written(options, World(services, known), _policy(options))
    say(f"{made['dialogues']} dialogues, {made['turns']} turns, {made['unsaid']} refused: labels and text disagree")
    return 0


def _services(options: Options) -> tuple[schema.ServiceSchema, ...]:
    services = schema.read(options.schema)
    names = {service.name for service in services}
    if strange := sorted(set(options.service or ()) - names):
        raise InputError(f"no service {strange[0]!r}", str(options.schema), f"there are: {', '.join(sorted(names))}")
    return tuple(service for service in services if not options.service or service.name in options.service)


def _policy(options: Options) -> Policy:
    if options.learn is None:
        return policies.read(options.policy) if options.policy else Policy()
    return policies.learnt(sgd.parse(row, key) for _, key, row in _learnt_from(options))


def _learnt_from(options: Options) -> Iterator[tuple[Path, str, Any]]:
    """(file, key, row) of each dialogue that probabilities are learnt from."""
    if options.learn is None:
        return
    files = sorted(options.learn.glob("dialogues_*.json")) if options.learn.is_dir() else [options.learn]
    if not files:
        raise InputError("holds no dialogues_*.json", str(options.learn), "give SGD files or their folder")
    yield from ((file, key, row) for file in files for key, row in corpora.entries(file))


def _written(options: Options, world: World, policy: Policy) -> Counter[str]:
    assert options.to is not None
    counts = Counter[str]()
    with whole(options.to / "dialogues.jsonl") as out:
        for made, unsaid in _made(options, world, policy):
            counts["unsaid"] += unsaid
            for row, turns in made:
                counts["dialogues"] += 1
                counts["turns"] += turns
                out.write(row)
    with whole(options.to / "rows.json") as out:
        out.write(knowledge.write(world.knowledge))
    with whole(options.to / "policy.json") as out:
        json.dump(policy.model_dump() | {"seed": options.seed}, out, indent=1)
    for name in ("dialogues.jsonl", "rows.json", "policy.json"):
        tell(options.to / name)
    return counts


Batch = tuple[list[tuple[str, int]], int]


def _made(options: Options, world: World, policy: Policy) -> Iterator[Batch]:
    """Batches in their order: what is written does not depend on how many processes there are."""
    starts = range(0, options.count, _BATCH)
    parts = [range(start, min(start + _BATCH, options.count)) for start in starts]
    work = partial(batch, world.services, world.knowledge, policy, (options.seed, options.outlines))
    if options.processes == 1:
        yield from map(work, parts)
        return
    with ProcessPoolExecutor(options.processes) as pool:
        yield from chain(pool.map(work, parts))


def batch(
    services: tuple[schema.ServiceSchema, ...],
    known: Knowledge,
    policy: Policy,
    how: tuple[int, bool],
    numbers: range,
) -> Batch:
    """The rows of some dialogues, each with its number of turns, and how many were refused."""
    seed, bare = how
    world, wording = World(services, known), Wording(services)
    rows, unsaid = [], 0
    for number in numbers:
        made: TaskDialogue = outline(world, policy, seed, number)
        try:
            made = made if bare else wording.worded(made, seed)
        except Unsaid:
            unsaid += 1
            continue
        if not bare and faults(made, wording.services):
            unsaid += 1
            continue
        rows.append((f"{line(sgd.row(made))}\n", len(made.turns)))
    return rows, unsaid
