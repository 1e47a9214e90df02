"""`millstream view`: a run in the browser of this machine; packages for raters and their pages. Judges nothing."""

import asyncio
import importlib
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from aiohttp import web
from typer import Argument, Option

from millstream import corpora, plugins
from millstream.commands import folder as files
from millstream.commands.terminal import say, tell
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.viewer import blind, exchange, rating, server, sound

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder, or a package for raters.")]
    port: Annotated[int, Option(min=0, max=65535, help="Of this machine; 0 takes a free one.")] = 8740
    package: Annotated[Path | None, Option(help="Write a package for raters there instead (of one: a copy).")] = None
    against: Annotated[list[Path] | None, Option(help="Dialogues of others for the package's pairs.")] = None
    items: Annotated[int, Option(min=1, help="Items of the package.")] = 100
    seed: Annotated[int, Option(min=0, help="Which dialogues are in it.")] = 0
    media: Annotated[list[Path] | None, Option(help="Audio or video of a recording, to be heard in the page.")] = None
    agreement: Annotated[bool, Option("--agreement", help="Print how far a package's raters agree.")] = False


def command(options: Options) -> int:
    """Look at a run in the browser: dialogues beside their evidence; review them, or rate blind.

    millstream view runs/kitchen
    """
    if options.package:
        _packed(options)
    elif options.agreement:
        print(json.dumps(_agreement()(blind.Package(options.run).answers()), indent=1))
    else:
        begun = time.perf_counter()
        app = _application(options.run, options.media or [])
        with suppress(KeyboardInterrupt):  # as it says, Ctrl-C ends it
            asyncio.run(_served(app, options.port, time.perf_counter() - begun))
    return 0


def _application(path: Path, media: list[Path]) -> web.Application:
    """Of a package, or of a run, with the recordings that may be heard."""
    if (path / blind.ITEMS).is_file():
        return rating.application(blind.Package(path), _agreement())
    run = files.existing(path)
    named = {each.title: each.id for each in files.summary(run).heard if each.seconds is not None} if media else {}
    return server.opened(run, sound.matched(media, named))


def _agreement() -> Any:
    plugins.needed("agreement", ["sklearn", "krippendorff"], "eval")
    return importlib.import_module("millstream.metrics.agreement").of_answers


async def _served(app: web.Application, port: int, took: float) -> None:
    """Until Ctrl-C."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        name = runner.addresses[0]
        say(f"opened in {took:.1f} s; Ctrl-C ends it")
        tell(f"http://{HOST}:{name[1]}/")
        await asyncio.Event().wait()
    except OSError as error:
        remedy = "give another --port, or 0 for a free one"
        raise InputError(f"cannot be listened on ({error.strerror})", f"{HOST}:{port}", remedy) from error
    finally:
        await runner.cleanup()


# --- packages ----------------------------------------------------------------------------------------------


def _packed(options: Options) -> None:
    folder = options.package or Path()
    made = blind.kept(options.run) if (options.run / blind.ITEMS).is_file() else _drawn(options)
    for path in (*blind.write(made, folder), *exchange.write([item for item, _ in made], folder)):
        tell(path)


def _drawn(options: Options) -> list[tuple[blind.Item, Any]]:
    ours = list(own.read(files.each_dialogue(options.run).path))
    return blind.made(ours, list(_others(options.against or [])), options.items, options.seed)


def _others(paths: list[Path]) -> Iterator[Conversation]:
    """Runs or corpora."""
    for path in paths:
        if (path / "fingerprint").is_file():
            yield from own.read(files.each_dialogue(path).path)
        else:
            yield from corpora.conversations(path)
