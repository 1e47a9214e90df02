"""The recordings themselves, where the reviewer has them at hand and asks for them: from the second a turn rests on.

What is heard passed no door: names and numbers that the texts mask are spoken. So nothing is played unless the files
are named, and they are read by this machine's own browser alone (guard.py). Knows files and names.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from aiohttp import web

from millstream.errors import InputError

Sounds = Mapping[str, Path]
"""The file of each recording's id."""


def matched(files: Sequence[Path], named: Mapping[str, str]) -> Sounds:
    """Each file for the recording of its name; one file is that of the only recording. `named`: the ids of recordings
    that have a clock, by their names."""
    for file in files:
        if not file.is_file():
            raise InputError("no such file", str(file), "give --media the audio or video of a recording")
    if len(files) == len(named) == 1:
        return dict(zip(named.values(), files, strict=True))
    for file in files:
        if file.stem not in named:
            there = ", ".join(sorted(named)) or "none with a clock"
            raise InputError("no recording of this name in the run", str(file), f"name the file like one of: {there}")
    return {named[file.stem]: file for file in files}


def played(sounds: Sounds) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A part of a file, as the browser's player asks for it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        path = sounds.get(request.match_info["recording"])
        if path is None:
            raise web.HTTPNotFound(reason="this recording was not named")
        return web.FileResponse(path)

    return answer
