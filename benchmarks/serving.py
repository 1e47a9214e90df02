"""The embedded model behind an address of this machine, for other systems to be measured with it:
`python benchmarks/serving.py [--slots 1]` prints the address and serves until Ctrl-C."""

import argparse
import asyncio

from millstream import weights
from millstream.backends.local import Settings, served


async def serve(slots: int, context: int) -> None:
    settings = Settings()
    settings.n_parallel, settings.n_ctx = slots, slots * context
    settings.use_jinja, settings.cache_prompt = True, True
    server = await served(settings, weights.fetch(weights.catalogue()[0].name), 0)
    print(f"{server.listening_address}/v1", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slots", type=int, default=1)
    parser.add_argument("--context", type=int, default=4096)
    asked = parser.parse_args()
    asyncio.run(serve(asked.slots, asked.context))


if __name__ == "__main__":
    main()
