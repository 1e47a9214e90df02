"""`millstream models`: what runs inside this process, and what is on this machine. Runs none of them."""

from dataclasses import dataclass
from typing import Annotated

from typer import Option

from millstream import weights
from millstream.commands.terminal import Json, show
from millstream.download_bar import shown


@dataclass(frozen=True)
class Options:
    fetch: Annotated[str, Option(metavar="NAME", help="Download this one (or find it here) and print its path.")] = ""
    as_json: Json = False


def command(options: Options) -> int:
    """List the models that run inside this process; fetch one.

    The first is the default. `millstream run --model local:NAME` takes one, `--model NAME --base-url URL` any model
    behind an OpenAI-compatible server. Files are kept in ~/.cache/millstream; a folder named in MILLSTREAM_WEIGHTS
    is looked into first.
    """
    if options.fetch:
        with shown(options.fetch) as on_progress:
            print(weights.fetch(options.fetch, on_progress))
        return 0
    rows = [
        {
            "name": each.name, "kind": each.kind, "MiB": each.size >> 20, "licence": each.licence,
            "here": "yes" if weights.have(each.name) else "no", "about": each.about,
        }
        for each in weights.catalogue()
    ]  # fmt: skip
    show(rows, options.as_json)
    return 0
