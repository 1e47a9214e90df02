"""The embedded model: a llama.cpp server inside this process, spoken to like any other over HTTP.

Knows the engine's settings; the protocol is openai.py's. Importing it needs the extra `local`.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from millstream.backends import openai
from millstream.chat import Chat
from millstream.errors import InputError

# Threads wait for one another at every layer, and by default they spin while they wait. With anything else on
# the same cores, that turns 29 tokens a second into 2 to 10 (measured, 2 cores); so short a spin costs nothing.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
import xllamacpp

Settings: TypeAlias = xllamacpp.CommonParams
Server: TypeAlias = xllamacpp.Server


@asynccontextmanager
async def connect(path: Path, slots: int = 4, context: int = 4096, threads: int = 0) -> AsyncIterator[Chat]:
    """A Chat over the GGUF file `path`: `slots` calls (or choices of one call) side by side, `context` tokens
    each, on `threads` threads (0: all cores this process may use). The server ends with the context."""
    settings = Settings()
    settings.n_parallel, settings.n_ctx = slots, slots * context
    settings.use_jinja, settings.cache_prompt, settings.cache_ram_mib = True, True, 1024
    settings.ui = settings.endpoint_slots = False  # the port answers what is asked here, and shows nothing
    server = await served(settings, path, threads)
    try:
        # Its own session, without proxies: they know no way to this process.
        async with openai.connect(f"{server.listening_address}/v1", proxies=False) as chat:
            yield chat
    finally:
        del server  # its destructor stops it


async def served(settings: Settings, path: Path, threads: int) -> Server:
    """Load the file and listen on a free port of this machine alone; silent but for InputError."""
    settings.model.path, settings.port, settings.verbosity = str(path), 0, -1
    cores = threads or len(os.sched_getaffinity(0))
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = cores
    try:
        return await asyncio.to_thread(Server, settings)
    except RuntimeError as error:
        raise InputError(f"cannot be loaded: {error}", str(path), "is it a whole GGUF file?") from error
