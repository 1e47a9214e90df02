"""`--ray` and `--workers`: whether a run is spread over a cluster, or over processes of this machine. Ray is imported
when it is asked for: it is an extra, and slow to load."""

import importlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from millstream import plugins, pool, prices
from millstream.budget import Cost
from millstream.commands.order import Order
from millstream.hands import Kit
from millstream.records import Rights


@asynccontextmanager
async def spreading(
    order: Order, rights: Mapping[str, Rights], folder: Path, on_done: Callable[[Cost], None]
) -> AsyncIterator[Any]:
    """The cluster (cluster.Cluster) or the pool (pool.Pool), or None where one process makes the run."""
    asking = order.asking
    priced, place = prices.read(asking.prices), str(folder.absolute())
    kit = Kit(
        order.settings,
        order.settings.recipe,
        dict(rights),
        asking.base_url,
        asking.slots,
        asking.ceiling,
        priced,
        place,
    )
    if asking.ray:
        plugins.needed("--ray", ["ray"], "ray")
        cluster = importlib.import_module("millstream.cluster")
        async with cluster.opened(asking.ray, kit, asking.workers, on_done) as found:
            yield found
    elif (count := _processes(order)) > 1:
        with pool.opened(kit, count) as found:
            yield found
    else:
        yield None


def _processes(order: Order) -> int:
    """One where a model words the turns: such a run waits for its server. Else as many as are asked for, or one for
    each CPU where the run is long enough."""
    settings = order.settings
    if settings.realiser == "llm" and settings.model != "none":
        return 1
    return order.asking.workers or (len(os.sched_getaffinity(0)) if settings.count >= pool.WORTH else 1)
