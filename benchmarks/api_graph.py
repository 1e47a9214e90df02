"""Is the graph of APIs what people's dialogues show? SGD's dialogues carry values from one call to another.

Carried: a parameter of a call that the user never said in that slot, and that an earlier search gave beyond what it was
asked with. Of our edges between APIs that are called: how many are carried (precision); of what is carried: how much is
an edge (recall). Beside it two trivial graphs: equal names, and every output to every open required input.

python benchmarks/api_graph.py data/sgd/train [--least 3]
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from represented import read

from millstream.services import graph, knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.graph import Api

Link = tuple[str, str, str, str]
"""(source, output, target, input)."""


def carried(dialogue: TaskDialogue) -> Iterator[Link]:
    said: set[tuple[str, str, str]] = set()
    given: dict[str, set[tuple[str, str]]] = {}
    for turn in dialogue.turns:
        for frame in turn.frames:
            if turn.role == "user":
                told = [(act.slot, (*act.values, *act.canonical)) for act in frame.acts if act.act == "INFORM"]
                said |= {(frame.service, slot, value) for slot, values in told for value in values}
            if frame.call is None:
                continue
            target = f"{frame.service}.{frame.call.method}"
            for slot, value in frame.call.parameters.items():
                if (frame.service, slot, value) not in said:
                    sources = [(name, out) for name, pairs in given.items() for out, v in pairs if v == value]
                    yield from ((name, out, target, slot) for name, out in sources if name != target)
            rows = [(out, value) for row in frame.results or () for out, value in row.items()]
            given.setdefault(target, set()).update(rows)


def plain(apis: Iterable[Api], equal: bool) -> set[Link]:
    every = list(apis)
    return {
        (source.name, out, target.name, name)
        for source in every
        for out in source.gives
        for target in every
        for name in target.intent.required
        if source is not target and not target.slot(name).values and (not equal or out == name)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--least", type=int, default=3, help="dialogues that must carry a link")
    given = parser.parse_args()
    services = schema.read(given.corpus / "schema.json")
    apis = graph.apis(services)
    new = {(api.name, name) for api in apis for name in api.gives if not api.intent.transactional}
    required = {(api.name, name) for api in apis for name in api.intent.required if not api.slot(name).values}
    counts = Counter(link for dialogue in read(given.corpus) for link in set(carried(dialogue)))
    seen = {link for link, count in counts.items() if count >= given.least and link[2:] in required and link[:2] in new}
    called = {f"{f.service}.{f.call.method}" for d in read(given.corpus) for t in d.turns for f in t.frames if f.call}
    ours = {
        (e.source.name, e.output, e.target.name, e.input)
        for e in graph.edges(services, knowledge.invented(services))
    }
    for name, made in (("ours", ours), ("equal names", plain(apis, True)), ("everything", plain(apis, False))):
        both, tried = len(made & seen), [link for link in made if link[0] in called and link[2] in called]
        print(f"{name}: {len(made)} edges, {len(tried)} of APIs that are called, {both} of these carried", end="; ")
        print(f"precision {both / len(tried):.2f}, recall {both / len(seen):.2f} of {len(seen)}")
    print("carried and no edge:", *sorted(seen - ours), sep="\n  ")
    print("an edge and not carried, though both are called:")
    print(*sorted(link for link in ours - seen if link[0] in called and link[2] in called), sep="\n  ")


if __name__ == "__main__":
    main()
